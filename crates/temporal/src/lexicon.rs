//! The words that time expressions are made of, from `data/*.tsv`, behind one hash look-up.

/// What a word or number may be in a time expression; the name in the data is the lower-case name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Class {
    Month,
    MonthAmb,
    MonthAbb,
    Wday,
    Wdays,
    WdayAbb,
    Unit,
    Units,
    UnitAbb,
    Card,
    Scale,
    VagueN,
    VagueOf,
    Couple,
    HalfWord,
    OrdW,
    Season,
    Fall,
    Part,
    RelD,
    Tonight,
    Overnight,
    Dir,
    Rel,
    Mod,
    ModC,
    Edge,
    SetAdv,
    Every,
    Per,
    Zone,
    Era,
    AmPm,
    Hijri,
    Holiday,
    /// Arabic: a unit, with the article, plural, plural with the article, dual; the rest as above.
    ArUnit,
    ArThe,
    ArUnits,
    ArTheUnits,
    Dual,
    ArDir,
    ArEdge,
    ArPart,
    ArSeason,
    /// Signs of tense.
    Past,
    Future,
    Present,
    /// Digits: any integer without separators.
    Int,
    /// An integer with thousands separators.
    Grouped,
    /// A decimal, in thousandths.
    Float,
    /// 1 to 31 in one or two digits.
    Dd,
    /// Exactly two digits.
    Yy,
    /// Exactly four digits, 1000 to 2199.
    Yyyy,
    /// `1990s`, `80s`.
    DecN,
    /// `3rd`.
    OrdD,
    /// `8:30`, in minutes of the day.
    Hm,
    /// `2024-02-12`, with or without a time.
    Iso,
    /// `12/2/2024`.
    Slash,
    /// A word that begins with a capital letter.
    Cap,
}

const NAMES: &[(&str, Class)] = &[
    ("month", Class::Month),
    ("monthamb", Class::MonthAmb),
    ("monthabb", Class::MonthAbb),
    ("wday", Class::Wday),
    ("wdays", Class::Wdays),
    ("wdayabb", Class::WdayAbb),
    ("unit", Class::Unit),
    ("units", Class::Units),
    ("unitabb", Class::UnitAbb),
    ("card", Class::Card),
    ("scale", Class::Scale),
    ("vaguen", Class::VagueN),
    ("vagueof", Class::VagueOf),
    ("couple", Class::Couple),
    ("halfword", Class::HalfWord),
    ("ordw", Class::OrdW),
    ("season", Class::Season),
    ("fall", Class::Fall),
    ("part", Class::Part),
    ("reld", Class::RelD),
    ("tonight", Class::Tonight),
    ("overnight", Class::Overnight),
    ("dir", Class::Dir),
    ("rel", Class::Rel),
    ("mod", Class::Mod),
    ("modc", Class::ModC),
    ("edge", Class::Edge),
    ("setadv", Class::SetAdv),
    ("every", Class::Every),
    ("per", Class::Per),
    ("zone", Class::Zone),
    ("era", Class::Era),
    ("ampm", Class::AmPm),
    ("hijri", Class::Hijri),
    ("holiday", Class::Holiday),
    ("arunit", Class::ArUnit),
    ("arthe", Class::ArThe),
    ("arunits", Class::ArUnits),
    ("artheunits", Class::ArTheUnits),
    ("dual", Class::Dual),
    ("ardir", Class::ArDir),
    ("aredge", Class::ArEdge),
    ("arpart", Class::ArPart),
    ("arseason", Class::ArSeason),
    ("past", Class::Past),
    ("future", Class::Future),
    ("present", Class::Present),
    ("int", Class::Int),
    ("grouped", Class::Grouped),
    ("float", Class::Float),
    ("dd", Class::Dd),
    ("yy", Class::Yy),
    ("yyyy", Class::Yyyy),
    ("decn", Class::DecN),
    ("ordd", Class::OrdD),
    ("hm", Class::Hm),
    ("iso", Class::Iso),
    ("slash", Class::Slash),
    ("cap", Class::Cap),
];

impl Class {
    /// The class of that name in the data files.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        NAMES.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    /// Its bit in a mask of classes.
    pub(crate) const fn bit(self) -> u64 {
        1 << self as u8
    }
}

/// The mask of several classes.
pub(crate) const fn mask(classes: &[Class]) -> u64 {
    let mut all = 0;
    let mut at = 0;
    while at < classes.len() {
        all |= classes[at].bit();
        at += 1;
    }
    all
}

/// What the case of the first letters must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Any,
    Capitalised,
    Upper,
}

/// One word with its classes and their values.
#[derive(Debug, Default)]
struct Entry {
    word: String,
    any: u64,
    capitalised: u64,
    upper: u64,
    values: Vec<(Class, i32)>,
}

/// All known words. Word 0 stands for every unknown word.
#[derive(Debug)]
pub(crate) struct Lexicon {
    entries: Vec<Entry>,
    /// Open addressing over [`hash`]; 0 is empty, otherwise the word.
    slots: Vec<u16>,
}

const SIZE: usize = 1 << 13;

fn hash(word: &[u8]) -> usize {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for &byte in word {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (state ^ (state >> 29)) as usize & (SIZE - 1)
}

impl Lexicon {
    fn empty() -> Self {
        Self {
            entries: vec![Entry::default()],
            slots: vec![0; SIZE],
        }
    }

    /// Reads the rows of a table: word, class, value, condition, source.
    ///
    /// # Errors
    /// File, line and remedy of the first row that cannot be read.
    pub(crate) fn read(&mut self, file: &str, table: &str) -> Result<(), String> {
        for (number, line) in table.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let at = |what: String| format!("{file}:{}: {what}", number + 1);
            let cells: Vec<&str> = line.split('\t').collect();
            let [word, class, value, case, _source] = cells[..] else {
                return Err(at(format!(
                    "{} cells where five are needed: word, class, value, condition, source",
                    cells.len()
                )));
            };
            let class = Class::parse(class)
                .ok_or_else(|| at(format!("no class is called `{class}`; see lexicon.rs")))?;
            let value = value
                .parse()
                .map_err(|_| at(format!("`{value}` is no whole number")))?;
            let case = match case {
                "" => Case::Any,
                "cap" => Case::Capitalised,
                "upper" => Case::Upper,
                other => return Err(at(format!("`{other}` is neither empty, `cap` nor `upper`"))),
            };
            let id = self.intern(word);
            let entry = &mut self.entries[usize::from(id)];
            entry.values.push((class, value));
            match case {
                Case::Any => entry.any |= class.bit(),
                Case::Capitalised => entry.capitalised |= class.bit(),
                Case::Upper => entry.upper |= class.bit(),
            }
        }
        Ok(())
    }

    /// The id of `word`, which is added when it is new.
    pub(crate) fn intern(&mut self, word: &str) -> u16 {
        let found = self.find(word.as_bytes());
        if found != 0 {
            return found;
        }
        let id = u16::try_from(self.entries.len()).unwrap_or(0);
        let mut at = hash(word.as_bytes());
        while self.slots[at] != 0 {
            at = (at + 1) & (SIZE - 1);
        }
        self.slots[at] = id;
        self.entries.push(Entry {
            word: word.to_owned(),
            ..Entry::default()
        });
        id
    }

    /// The word with these lower-case bytes, or 0.
    pub(crate) fn find(&self, word: &[u8]) -> u16 {
        let mut at = hash(word);
        loop {
            let id = self.slots[at];
            if id == 0 || self.entries[usize::from(id)].word.as_bytes() == word {
                return id;
            }
            at = (at + 1) & (SIZE - 1);
        }
    }

    /// The classes of a word that was found with this case.
    pub(crate) fn classes(&self, word: u16, capitalised: bool, upper: bool) -> u64 {
        let entry = &self.entries[usize::from(word)];
        let mut all = entry.any;
        if capitalised {
            all |= entry.capitalised;
        }
        if upper {
            all |= entry.upper;
        }
        all
    }

    /// The value of a word in a class.
    pub(crate) fn value(&self, word: u16, class: Class) -> Option<i32> {
        let values = &self.entries[usize::from(word)].values;
        values.iter().find(|row| row.0 == class).map(|row| row.1)
    }

    /// How many words there are, word 0 included.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// The tables of the crate, unread.
const TABLES: &[(&str, &str)] = &[
    (
        "data/temporal/lexicon.tsv",
        include_str!("../data/lexicon.tsv"),
    ),
    (
        "data/temporal/arabic.tsv",
        include_str!("../data/arabic.tsv"),
    ),
];

const VERBS: (&str, &str) = ("data/temporal/verbs.tsv", include_str!("../data/verbs.tsv"));

/// A fresh lexicon of the embedded tables, to which rules add their own words.
///
/// # Errors
/// File, line and remedy of the first bad row.
pub(crate) fn embedded() -> Result<Lexicon, String> {
    let mut lexicon = Lexicon::empty();
    for (file, table) in TABLES {
        lexicon.read(file, table)?;
    }
    let rows: String = VERBS
        .1
        .lines()
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [word, sign, source] => format!("{word}\t{sign}\t0\t\t{source}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    lexicon.read(VERBS.0, &rows)?;
    Ok(lexicon)
}

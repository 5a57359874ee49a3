use rapporteur_base::{Date, Span};

/// A place in one of the brief's sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cite {
    /// Number of the source in [`Brief::sources`], from 1.
    pub source: usize,
    /// Bytes of its text.
    pub span: Span,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Words of the brief.
    Text(String),
    /// Words that carry the line.
    Strong(String),
    /// Words of a source, verbatim: shown between quote marks.
    Quote(String),
    /// A remark: kind, status, counts.
    Faint(String),
    /// Where it stands.
    Cite(Cite),
}

/// A line of a brief: text with its citations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Run>);

impl Line {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds words.
    pub fn text(mut self, words: impl Into<String>) -> Self {
        self.0.push(Run::Text(words.into()));
        self
    }

    /// Adds words that carry the line.
    pub fn strong(mut self, words: impl Into<String>) -> Self {
        self.0.push(Run::Strong(words.into()));
        self
    }

    /// Adds a source's own words.
    pub fn quote(mut self, words: impl Into<String>) -> Self {
        self.0.push(Run::Quote(words.into()));
        self
    }

    /// Adds a remark.
    pub fn faint(mut self, words: impl Into<String>) -> Self {
        self.0.push(Run::Faint(words.into()));
        self
    }

    /// Adds citations: one for each source, the first place of each, in order of their numbers.
    pub fn cite(mut self, cites: impl IntoIterator<Item = Cite>) -> Self {
        let mut cites: Vec<Cite> = cites.into_iter().collect();
        cites.sort_unstable();
        cites.dedup_by_key(|cite| cite.source);
        self.0.extend(cites.into_iter().map(Run::Cite));
        self
    }

    /// Its citations.
    pub fn cites(&self) -> impl Iterator<Item = Cite> + '_ {
        self.0.iter().filter_map(|run| match run {
            Run::Cite(cite) => Some(*cite),
            _ => None,
        })
    }
}

/// One entry of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Id in the record (`e-…`), for `show` and as an anchor.
    pub id: Option<String>,
    /// First column: a date, a holder, a rung; may be empty.
    pub key: String,
    /// The statement.
    pub line: Line,
    /// Evidence and remarks under it.
    pub below: Vec<Line>,
}

impl Row {
    /// Every citation of the row.
    pub fn cites(&self) -> impl Iterator<Item = Cite> + '_ {
        self.line
            .cites()
            .chain(self.below.iter().flat_map(Line::cites))
    }
}

/// A part of the brief.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Anchor: `timeline`.
    pub anchor: &'static str,
    /// Head.
    pub title: String,
    /// How to read it, one sentence; may be empty.
    pub note: String,
    /// Head of the first column.
    pub key_title: &'static str,
    /// Its entries; a section without entries is left out by every renderer.
    pub rows: Vec<Row>,
    /// A drawing of the rows (inline SVG made by this crate) and its caption, for the page only.
    pub figure: Option<(String, String)>,
}

impl Section {
    /// Whether its table has a first column: some row has a key or an id to stand in it.
    pub(crate) fn is_keyed(&self) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| row.id.is_some() || !row.key.is_empty())
    }
}

/// A document that the brief rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Id in the record.
    pub id: Option<String>,
    /// Title.
    pub title: String,
    /// Outlet.
    pub site: String,
    /// Authors.
    pub authors: Vec<String>,
    /// Publication date, or why there is none.
    pub published: Option<Date>,
    /// What the date was read from.
    pub date_origin: String,
    /// Address.
    pub url: Option<String>,
    /// Language.
    pub lang: Option<String>,
    /// Number of the source that it is a copy of.
    pub copy_of: Option<usize>,
    /// Its cleaned text: what the citations point into.
    pub text: String,
}

/// Lanes of the drawn timeline, top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Talks, agreements, cooperation, withdrawal.
    Talks,
    /// Attacks, coercion, deployments, protest.
    Violence,
    /// Demands, rejections, criticism, support.
    Statements,
    /// What was promised, at its due date.
    Commitments,
}

impl Lane {
    /// All, top to bottom.
    pub const ALL: [Self; 4] = [
        Self::Talks,
        Self::Violence,
        Self::Statements,
        Self::Commitments,
    ];

    /// For a reader.
    pub fn label(self) -> &'static str {
        match self {
            Self::Talks => "Talks",
            Self::Violence => "Violence",
            Self::Statements => "Statements",
            Self::Commitments => "Commitments",
        }
    }
}

/// One mark of the drawn timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its lane.
    pub lane: Lane,
    /// Earliest day, or open.
    pub from: Option<Date>,
    /// Latest day, or open.
    pub to: Option<Date>,
    /// Whether it is told as a fact; plans, demands and denials are drawn hollow.
    pub actual: bool,
    /// A few words.
    pub label: String,
    /// The whole for a reader: date, parties, kind.
    pub title: String,
    /// Row of the table it belongs to.
    pub row: Option<String>,
}

/// What an analyst reads: every line points at the words it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// Title.
    pub title: String,
    /// What the record rests on: counts and period.
    pub basis: Vec<String>,
    /// Sections, in reading order.
    pub sections: Vec<Section>,
    /// The drawn timeline.
    pub marks: Vec<Mark>,
    /// The documents, in the order of their numbers.
    pub sources: Vec<Source>,
    /// Whether the terminal shows the id of every row, for `show`, `why` and `correct`.
    pub ids: bool,
}

impl Brief {
    /// Rows that cite nothing. A brief that is shown has none: the composer adds no such row, and
    /// `check` asks again.
    pub fn uncited(&self) -> Vec<&Row> {
        self.sections
            .iter()
            .flat_map(|section| &section.rows)
            .filter(|row| row.cites().next().is_none())
            .collect()
    }

    /// The sections that have something to say.
    pub fn filled(&self) -> impl Iterator<Item = &Section> {
        self.sections
            .iter()
            .filter(|section| !section.rows.is_empty())
    }
}

/// A day as a reader writes it: `27 Jan 2024`.
pub fn day(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = usize::try_from(date.month() - 1).map_or("", |m| MONTHS[m.min(11)]);
    format!("{} {month} {}", date.day(), date.year())
}

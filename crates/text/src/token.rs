//! Words of a run of text without white space, the way the English treebanks cut them: clitics
//! and hyphenated parts apart, abbreviations, numbers, addresses whole.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rapporteur_base::Span;

/// What the full stop of an abbreviation means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// More of the name follows: never the end of a sentence.
    Title,
    /// An abbreviation only before a figure.
    Number,
    /// May end a sentence.
    Other,
}

/// Abbreviations in lower case, with their full stop.
static ABBREVIATIONS: LazyLock<BTreeMap<String, Stop>> = LazyLock::new(|| {
    include_str!("../../../data/text/abbreviations.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(word, kind)| {
            let stop = match kind.trim() {
                "title" => Stop::Title,
                "number" => Stop::Number,
                _ => Stop::Other,
            };
            (word.to_lowercase(), stop)
        })
        .collect()
});

static PREFIXES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut all: Vec<&str> = include_str!("../../../data/text/prefixes.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect();
    all.sort_unstable();
    all
});

/// Words of letters without apostrophe that are two words, and where they part.
const FUSED: [(&str, usize); 25] = [
    ("aint", 2),
    ("arent", 3),
    ("cannot", 3),
    ("cant", 2),
    ("couldnt", 5),
    ("didnt", 3),
    ("doesnt", 4),
    ("dont", 2),
    ("gonna", 3),
    ("gotta", 3),
    ("hasnt", 3),
    ("havent", 4),
    ("hes", 2),
    ("isnt", 2),
    ("ive", 1),
    ("shouldnt", 6),
    ("thats", 4),
    ("theyre", 4),
    ("wanna", 3),
    ("wasnt", 3),
    ("werent", 4),
    ("whats", 4),
    ("wont", 2),
    ("wouldnt", 5),
    ("youre", 3),
];

/// Faces made of marks.
const FACES: [&str; 8] = [":-)", ":-(", ";-)", ":)", ":(", ";)", ":D", "=)"];

/// Whether a run or word is a face.
pub(crate) fn is_face(word: &str) -> bool {
    FACES.contains(&word)
}

/// Units that stand glued to their figure: "5pm", "1.2bn", "40km".
const UNITS: [&str; 22] = [
    "a.m", "a.m.", "am", "bn", "cm", "ft", "gb", "k", "kg", "km", "kph", "lb", "lbs", "m", "mb",
    "mm", "mn", "mph", "p.m", "p.m.", "pm", "tn",
];

/// The kind of abbreviation that `word` (with its full stop) is.
pub(crate) fn abbreviation(word: &str) -> Option<Stop> {
    // The longest in the table has few letters: longer words need no look-up.
    if word.len() > 12 {
        return None;
    }
    ABBREVIATIONS.get(&word.to_lowercase()).copied()
}

/// Letters, digits, marks on letters: what words are made of.
#[inline]
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '_' | '\u{0300}'..='\u{036F}' | '\u{0610}'..='\u{061A}' | '\u{0640}'
            | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{200C}' | '\u{200D}' | '\u{00AD}')
        || (c as u32 > 0x900 && !c.is_ascii_punctuation() && unicode_mark(c))
}

/// Vowel signs of the Indic and south-east Asian scripts: not letters for the standard library.
fn unicode_mark(c: char) -> bool {
    matches!(c as u32, 0x0900..=0x0DFF | 0x0E31..=0x0E4E | 0x1000..=0x109F | 0xFE20..=0xFE2F)
}

#[inline]
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '`' | '\u{00B4}')
}

/// One chunk under the scanner.
struct Chunk<'t> {
    text: &'t str,
    /// Byte where the chunk starts in the whole text.
    base: usize,
    /// What follows after white space.
    next: &'t str,
}

/// Cuts `text` (no white space inside), which starts at byte `base`; `next` is the run after it.
pub(crate) fn cut(text: &str, base: usize, next: &str, out: &mut Vec<Span>) {
    let chunk = Chunk { text, base, next };
    if let Some((start, end)) = address(text) {
        if start > 0 {
            Chunk {
                text: &text[..start],
                base,
                next: "",
            }
            .scan(out);
        }
        out.push(Span::new(base + start, base + end));
        if end < text.len() {
            Chunk {
                text: &text[end..],
                base: base + end,
                next,
            }
            .scan(out);
        }
        return;
    }
    chunk.scan(out);
}

/// Where an address of the web or of mail stands in a chunk.
fn address(text: &str) -> Option<(usize, usize)> {
    let handle = text.starts_with('@') && text[1..].starts_with(char::is_alphanumeric)
        || text.starts_with('#') && text[1..].starts_with(char::is_alphabetic);
    let web = text.contains("://") || text.contains("www.");
    let mail = || {
        text.find('@').is_some_and(|at| {
            at > 0 && text[at..].contains('.') && text[..at].ends_with(char::is_alphanumeric)
        })
    };
    if !(handle || web || mail()) {
        return None;
    }
    let start = text.find(|c: char| is_word(c) || matches!(c, '@' | '#'))?;
    let end = text
        .trim_end_matches(|c: char| !is_word(c) && c != '/')
        .len();
    (start < end).then_some((start, end))
}

impl Chunk<'_> {
    fn after(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn scan(&self, out: &mut Vec<Span>) {
        let mut at = 0;
        while let Some(c) = self.after(at) {
            at = if is_word(c) || self.year_or_clitic(at, c) {
                self.word(at, out)
            } else {
                self.mark(at, c, out)
            };
        }
    }

    /// An apostrophe that begins a word: "'s" after a space, "'90s".
    fn year_or_clitic(&self, at: usize, c: char) -> bool {
        if !is_apostrophe(c) {
            return false;
        }
        let rest = &self.text[at + c.len_utf8()..];
        let letters = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let word = &rest[..letters];
        let decade =
            word.len() == 3 && word.ends_with('s') && word[..2].bytes().all(|b| b.is_ascii_digit());
        decade
            || (at == 0
                && CLITICS
                    .iter()
                    .any(|clitic| word.eq_ignore_ascii_case(clitic)))
    }

    /// A run of the same mark ("...", "--", "!!") or one mark.
    fn mark(&self, at: usize, c: char, out: &mut Vec<Span>) -> usize {
        let runs = |set: &[char]| {
            set.contains(&c).then(|| {
                let rest = &self.text[at..];
                rest.find(|x| !set.contains(&x)).unwrap_or(rest.len())
            })
        };
        let face = FACES
            .iter()
            .find(|face| self.text[at..].starts_with(**face))
            .map(|face| face.len());
        let length = face
            .or_else(|| runs(&['!', '?']))
            .or_else(|| runs(&['.']))
            .or_else(|| runs(&['-']))
            .or_else(|| runs(&['=']))
            .or_else(|| runs(&['*']))
            .or_else(|| runs(&['<']))
            .or_else(|| runs(&['>']))
            .or_else(|| self.doubled(at, c))
            .unwrap_or(c.len_utf8());
        self.push(at, at + length, out);
        at + length
    }

    /// Two apostrophes that stand for one double quote.
    fn doubled(&self, at: usize, c: char) -> Option<usize> {
        let quote = matches!(c, '\'' | '`' | '\u{2018}' | '\u{2019}');
        let length = c.len_utf8();
        (quote && self.after(at + length) == Some(c)).then_some(2 * length)
    }

    fn push(&self, start: usize, end: usize, out: &mut Vec<Span>) {
        out.push(Span::new(self.base + start, self.base + end));
    }

    /// Reads the word that starts at `start`; gives where it ends.
    fn word(&self, start: usize, out: &mut Vec<Span>) -> usize {
        let mut end = start + self.after(start).map_or(0, char::len_utf8);
        while let Some(c) = self.after(end) {
            if is_word(c) || self.joins(start, end, c) {
                end += c.len_utf8();
            } else {
                break;
            }
        }
        // "US$" is one word; the full stop of an abbreviation belongs to it.
        let capitals = || {
            self.text[start..end]
                .bytes()
                .all(|b| b.is_ascii_uppercase())
        };
        let owned = match self.after(end) {
            Some('.') => self.owns_stop(start, end),
            Some('$') => capitals(),
            _ => false,
        };
        end += usize::from(owned);
        self.clitics(start, end, out);
        end
    }

    /// Whether the mark `c` at `at` is inside the word that began at `start`.
    fn joins(&self, start: usize, at: usize, c: char) -> bool {
        let Some(next) = self.after(at + c.len_utf8()).filter(|n| is_word(*n)) else {
            return false;
        };
        let word = &self.text[start..at];
        let last = word.chars().next_back().unwrap_or(' ');
        let digits = last.is_ascii_digit() && next.is_ascii_digit();
        match c {
            '.' => digits || self.dotted(word, at, next),
            ',' => digits,
            ':' => digits,
            '/' => digits,
            '-' => self.hyphen_stays(word, at),
            '&' => last.is_uppercase() && next.is_uppercase(),
            '@' => true,
            c if is_apostrophe(c) => last.is_alphanumeric(),
            _ => false,
        }
    }

    /// "U.S", "p.m", "example.org" hold together; "ended.The" does not.
    fn dotted(&self, word: &str, at: usize, next: char) -> bool {
        let last = word.rsplit('.').next().unwrap_or(word);
        let rest = &self.text[at + 1..];
        let part = &rest[..rest.find(|c: char| !is_word(c)).unwrap_or(rest.len())];
        let sentence = last.chars().count() > 1
            && last.ends_with(|c: char| c.is_lowercase())
            && next.is_uppercase()
            && part.chars().skip(1).all(char::is_lowercase);
        !sentence && !last.is_empty()
    }

    /// Prefixes stay with their word, and so do dates in figures and names of craft ("F-16").
    fn hyphen_stays(&self, word: &str, at: usize) -> bool {
        let first = word.rsplit('-').next().unwrap_or(word);
        if first.len() <= 6 && first.is_ascii() {
            let low = first.to_ascii_lowercase();
            if PREFIXES.binary_search(&low.as_str()).is_ok() {
                return true;
            }
        }
        self.figures_stay(word, at)
    }

    /// Dates and telephone numbers in figures: three groups and more ("2024-02-12",
    /// "555-010-0199"), never a range ("1939-1945").
    fn figures_stay(&self, word: &str, at: usize) -> bool {
        let figures = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let rest = &self.text[at + 1..];
        let rest = &rest[..rest
            .find(|c: char| !is_word(c) && c != '-')
            .unwrap_or(rest.len())];
        let groups = word.split('-').count() + rest.split('-').count();
        groups > 2 && word.split('-').chain(rest.split('-')).all(figures)
    }

    /// Whether the full stop after the word belongs to it.
    fn owns_stop(&self, start: usize, end: usize) -> bool {
        let word = &self.text[start..end];
        let rest = &self.text[end + 1..];
        if rest.starts_with('.') {
            return false;
        }
        // Letters parted by full stops: "U.S.", "a.m.", "J.".
        let initials = word.split('.').all(|part| {
            let mut letters = part.chars();
            letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
        });
        if initials && word.contains('.') {
            return true;
        }
        if initials {
            let follows = self.next.chars().next().is_some_and(char::is_uppercase);
            return word.chars().all(char::is_uppercase)
                && word != "I"
                && follows
                && rest.is_empty();
        }
        match abbreviation(&self.text[start..=end]) {
            Some(Stop::Number) => self.next.starts_with(|c: char| c.is_ascii_digit()),
            Some(_) => true,
            None => false,
        }
    }

    /// Emits a word, its clitics and its unit apart.
    fn clitics(&self, start: usize, end: usize, out: &mut Vec<Span>) {
        let word = &self.text[start..end];
        let at = clitic_start(word).or_else(|| unit_start(word)).unwrap_or(0);
        if at > 0 {
            self.push(start, start + at, out);
        }
        self.push(start + at, end, out);
    }
}

const CLITICS: [&str; 6] = ["s", "re", "ve", "ll", "d", "m"];

/// Where the clitic of a word starts: "Iraq's" -> 4, "don't" -> 2.
fn clitic_start(word: &str) -> Option<usize> {
    if let Some((at, mark)) = word.char_indices().rev().find(|(_, c)| is_apostrophe(*c)) {
        let tail = &word[at + mark.len_utf8()..];
        if at > 1 && tail.eq_ignore_ascii_case("t") && word[..at].ends_with(['n', 'N']) {
            return Some(at - 1);
        }
        // "the 1990's" is a decade.
        let decade = word[..at].ends_with('0') && word[..at].bytes().all(|b| b.is_ascii_digit());
        return (at > 0 && !decade && CLITICS.iter().any(|c| tail.eq_ignore_ascii_case(c)))
            .then_some(at);
    }
    if word.len() > 8 || !word.is_ascii() {
        return None;
    }
    let found = FUSED
        .iter()
        .find(|(fused, _)| word.eq_ignore_ascii_case(fused));
    found.map(|(_, at)| *at)
}

/// Where the unit glued to a figure starts.
fn unit_start(word: &str) -> Option<usize> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let at = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | ':'))?;
    let unit = &word[at..];
    UNITS
        .iter()
        .any(|u| unit.eq_ignore_ascii_case(u))
        .then_some(at)
}

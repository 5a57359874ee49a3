//! The phrases of `data/page/phrases.tsv`: what lines say they are.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

const TABLE: &str = include_str!("../../../data/page/phrases.tsv");
/// Longest phrase in words that a line is searched for at its start.
const LONGEST: usize = 6;

/// A set of kinds of phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u16);

impl Kinds {
    pub(crate) const END: Self = Self(1);
    pub(crate) const FURNITURE: Self = Self(1 << 1);
    pub(crate) const SOCIAL: Self = Self(1 << 2);
    pub(crate) const BY: Self = Self(1 << 3);
    pub(crate) const DATED: Self = Self(1 << 4);
    pub(crate) const UPDATED: Self = Self(1 << 5);
    pub(crate) const HOUSE: Self = Self(1 << 6);
    pub(crate) const AGENCY: Self = Self(1 << 7);
    const WALL: Self = Self(1 << 8);
    const ERROR: Self = Self(1 << 9);
    pub(crate) const FINAL: Self = Self(1 << 10);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "end" => Self::END,
            "furniture" => Self::FURNITURE,
            "social" => Self::SOCIAL,
            "by" => Self::BY,
            "dated" => Self::DATED,
            "updated" => Self::UPDATED,
            "house" => Self::HOUSE,
            "agency" => Self::AGENCY,
            "wall" => Self::WALL,
            "error" => Self::ERROR,
            "final" => Self::FINAL,
            _ => return None,
        })
    }
}

type Rows = Vec<(&'static str, Kinds)>;

#[derive(Default)]
struct Tables {
    whole: Rows,
    start: Rows,
    /// Phrases of scripts without spaces: matched by bytes.
    start_unspaced: Rows,
    word: Rows,
    any: Option<(AhoCorasick, Vec<Kinds>)>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(load)
}

fn load() -> Tables {
    let mut tables = Tables::default();
    let mut any: Rows = Vec::new();
    for line in TABLE.lines().filter(|l| !l.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(kind), Some(how), Some(phrase)) = (
            cells.next().and_then(Kinds::named),
            cells.next(),
            cells.next(),
        ) else {
            continue;
        };
        let rows = match how {
            "whole" => &mut tables.whole,
            "word" => &mut tables.word,
            "any" => &mut any,
            _ if phrase.chars().any(is_unspaced) || phrase.starts_with('©') => {
                &mut tables.start_unspaced
            }
            _ => &mut tables.start,
        };
        rows.push((phrase.trim(), kind));
    }
    for rows in [
        &mut tables.whole,
        &mut tables.start,
        &mut tables.start_unspaced,
        &mut tables.word,
    ] {
        rows.sort_by(|a, b| a.0.cmp(b.0));
        rows.dedup_by(|b, a| {
            let same = a.0 == b.0;
            if same {
                a.1 = a.1.or(b.1);
            }
            same
        });
    }
    let kinds = any.iter().map(|r| r.1).collect();
    tables.any = AhoCorasick::new(any.iter().map(|r| r.0))
        .ok()
        .map(|found| (found, kinds));
    tables
}

/// Scripts that put no spaces between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c as u32, 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff | 0xff66..=0xff9f | 0x0e00..=0x0e7f | 0x1000..=0x109f)
        || is_hangul(c)
}

fn is_hangul(c: char) -> bool {
    matches!(c as u32, 0xac00..=0xd7af)
}

fn look(rows: &Rows, key: &str) -> Kinds {
    rows.binary_search_by(|r| r.0.cmp(key))
        .map_or(Kinds::default(), |at| rows[at].1)
}

/// Kinds of a line as a whole, punctuation at its ends aside.
pub(crate) fn whole(lower: &str) -> Kinds {
    let rows = &tables().whole;
    let edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ':' | '•'
                    | '|'
                    | '-'
                    | '–'
                    | '»'
                    | '›'
                    | '«'
                    | '.'
                    | '+'
                    | '→'
                    | '↓'
                    | '*'
                    | '('
                    | ')'
                    | '['
                    | ']'
                    | '>'
                    | '<'
            )
    };
    look(rows, lower.trim()).or(look(rows, lower.trim_matches(edge)))
}

/// Kinds of the start of a line.
pub(crate) fn start(lower: &str) -> Kinds {
    let tables = tables();
    let mut found = Kinds::default();
    let lower = lower.trim_start_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '•' | '-' | '–' | '|' | '»' | '>' | '+' | '*' | '(' | '[' | '▶' | '►'
            )
    });
    let mut words = 0;
    for (at, c) in lower.char_indices().take(160) {
        let edge = c.is_whitespace()
            || matches!(
                c,
                ':' | ',' | '|' | '-' | '–' | '?' | '!' | '…' | ')' | ']' | '.' | '،' | '/'
            );
        if edge && at > 0 {
            found = found.or(look(&tables.start, &lower[..at]));
            // "by:" and "photo:" are rows with their colon.
            found = found.or(look(&tables.start, &lower[..at + c.len_utf8()]));
            words += usize::from(c.is_whitespace());
            if words > LONGEST {
                break;
            }
        }
    }
    if lower.len() < 160 {
        found = found.or(look(&tables.start, lower));
    }
    if !lower.is_ascii() {
        for (phrase, kind) in &tables.start_unspaced {
            if lower.starts_with(phrase) {
                found = found.or(*kind);
            }
        }
    }
    found
}

/// Kinds of a phrase that may start a line, taken exactly.
pub(crate) fn exact_start(lower: &str) -> Kinds {
    let tables = tables();
    look(&tables.start, lower).or(look(&tables.start_unspaced, lower))
}

/// Kinds of a single word.
pub(crate) fn word(lower: &str) -> Kinds {
    look(&tables().word, lower)
}

/// Consent and error phrases anywhere in a lower-case text: `(walls, errors)`.
pub(crate) fn walls(lower: &str) -> (usize, usize) {
    let Some((finder, kinds)) = &tables().any else {
        return (0, 0);
    };
    let mut count = (0, 0);
    for found in finder.find_iter(lower) {
        let kind = kinds[found.pattern().as_usize()];
        count.0 += usize::from(kind.has(Kinds::WALL));
        count.1 += usize::from(kind.has(Kinds::ERROR));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        for (at, line) in TABLE
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.starts_with('#'))
        {
            let cells: Vec<_> = line.split('\t').collect();
            let remedy = "five columns: kind, how, phrase, languages, rests on";
            assert_eq!(cells.len(), 5, "data/page/phrases.tsv:{}: {remedy}", at + 1);
            assert!(
                Kinds::named(cells[0]).is_some(),
                "data/page/phrases.tsv:{}: unknown kind",
                at + 1
            );
            assert!(
                ["whole", "start", "word", "any"].contains(&cells[1]),
                "data/page/phrases.tsv:{}: unknown way",
                at + 1
            );
            assert_eq!(
                cells[2],
                cells[2].to_lowercase(),
                "data/page/phrases.tsv:{}: lower case",
                at + 1
            );
        }
    }

    #[test]
    fn lines_are_known_by_their_start_or_as_a_whole() {
        assert!(start("related stories: talks").has(Kinds::END));
        assert!(!start("relatedness matters").has(Kinds::END));
        assert!(whole("• share").has(Kinds::FURNITURE));
        assert!(start("by a. writer").has(Kinds::BY));
        assert!(start("関連記事はこちら").has(Kinds::END));
        assert!(start("بقلم: كاتب").has(Kinds::BY));
        assert_eq!(whole("envoys met"), Kinds::default());
    }
}

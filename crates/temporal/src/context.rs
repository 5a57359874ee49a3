//! The words around a time expression: what governs it, the tense of its clause, and what shows
//! that a number is no time.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::lex::Gap;
use crate::lexicon::{Class, Lexicon, mask};
use crate::pattern::Source;

/// Guards of `context.toml`, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    YearBefore,
    NumberBefore,
    NumberAfter,
    MonthBefore,
    FallBefore,
    ClockBefore,
    NameAfter,
    OverBefore,
    Defer,
    Undertake,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    relations: BTreeMap<String, Vec<String>>,
    guards: BTreeMap<String, Vec<String>>,
    fiscal: BTreeMap<String, Vec<String>>,
}

/// What the words around mean.
#[derive(Debug)]
pub(crate) struct Context {
    /// Governing phrases as words, longest first, with the relation.
    relations: Vec<(Vec<u16>, String)>,
    /// Whether a word ends some phrase, by word.
    ends: Vec<bool>,
    /// Guard bits by word.
    guards: Vec<u16>,
    /// The month in which the budget year of whom a word names begins, by word; 0 for others.
    fiscal: Vec<i8>,
}

const FILE: &str = "data/temporal/context.toml";
const CONTENT: &str = include_str!("../data/context.toml");

/// The line of the table that begins with `name`.
fn line_named(name: &str) -> usize {
    let line = CONTENT.lines().position(|line| line.starts_with(name));
    line.map_or(1, |line| line + 1)
}

/// The words of each guard.
fn guard_words(
    table: BTreeMap<String, Vec<String>>,
    lexicon: &mut Lexicon,
) -> Result<Vec<(u16, Guard)>, String> {
    let mut bits = Vec::new();
    for (name, words) in table {
        let guard = match name.as_str() {
            "year_before" => Guard::YearBefore,
            "number_before" => Guard::NumberBefore,
            "number_after" => Guard::NumberAfter,
            "month_before" => Guard::MonthBefore,
            "fall_before" => Guard::FallBefore,
            "clock_before" => Guard::ClockBefore,
            "name_after" => Guard::NameAfter,
            "over_before" => Guard::OverBefore,
            "defer" => Guard::Defer,
            "undertake" => Guard::Undertake,
            other => {
                let line = line_named(other);
                return Err(format!(
                    "{FILE}:{line}: no guard is called `{other}`; see context.rs"
                ));
            }
        };
        bits.extend(words.iter().map(|word| (lexicon.intern(word), guard)));
    }
    Ok(bits)
}

/// The words that say whose budget year is meant, with the month in which it begins.
fn fiscal_words(
    table: BTreeMap<String, Vec<String>>,
    lexicon: &mut Lexicon,
) -> Result<Vec<(u16, i8)>, String> {
    let mut begins = Vec::new();
    for (name, words) in table {
        let month = match name.as_str() {
            "january" => 1,
            "april" => 4,
            "july" => 7,
            "october" => 10,
            other => {
                let line = line_named(other);
                return Err(format!(
                    "{FILE}:{line}: no budget year begins in `{other}`; write january, april, july or october"
                ));
            }
        };
        begins.extend(words.iter().map(|word| (lexicon.intern(word), month)));
    }
    Ok(begins)
}

impl Context {
    /// Reads the embedded table and adds its words to the lexicon.
    ///
    /// # Errors
    /// File, line and remedy.
    pub(crate) fn embedded(lexicon: &mut Lexicon) -> Result<Self, String> {
        let document: Document = toml::from_str(CONTENT).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| crate::rules::line_of(CONTENT, span.start));
            format!("{FILE}:{line}: {}", error.message())
        })?;
        let mut relations = Vec::new();
        for (name, phrases) in document.relations {
            for phrase in phrases {
                let words = phrase.split(' ').map(|word| lexicon.intern(word)).collect();
                relations.push((words, name.clone()));
            }
        }
        relations.sort_by_key(|row: &(Vec<u16>, String)| std::cmp::Reverse(row.0.len()));
        let bits = guard_words(document.guards, lexicon)?;
        let begins = fiscal_words(document.fiscal, lexicon)?;
        let mut guards = vec![0; lexicon.len()];
        for (word, guard) in bits {
            guards[usize::from(word)] |= 1 << guard as u8;
        }
        let mut fiscal = vec![0; lexicon.len()];
        for (word, month) in begins {
            fiscal[usize::from(word)] = month;
        }
        let mut ends = vec![false; lexicon.len()];
        for (words, _) in &relations {
            if let Some(&last) = words.last() {
                ends[usize::from(last)] = true;
            }
        }
        Ok(Self {
            relations,
            ends,
            guards,
            fiscal,
        })
    }

    /// Whether the token at `at` is listed under a guard.
    pub(crate) fn guards(&self, source: Source<'_>, at: usize, guard: Guard) -> bool {
        source.tokens.get(at).is_some_and(|t| {
            t.word != 0 && self.guards[usize::from(t.word)] & (1 << guard as u8) != 0
        })
    }

    /// The month in which the budget year named at token `at` begins, where a word shortly before
    /// says whose it is.
    pub(crate) fn fiscal_start(&self, source: Source<'_>, at: usize) -> Option<i8> {
        (at.saturating_sub(4)..=at)
            .rev()
            .filter_map(|at| source.tokens.get(at))
            .map(|token| self.fiscal[usize::from(token.word)])
            .find(|month| *month > 0)
    }

    /// Whether a day is the new date of what was put off: "moved to Friday", "extended until May".
    pub(crate) fn deferred(&self, source: Source<'_>, from: usize) -> bool {
        let word = |back: usize| from.checked_sub(back).map_or("", |at| source.word(at));
        if matches!(word(1), "as") && matches!(word(2), "early" | "soon" | "late") {
            return word(3) == "as";
        }
        let at = match word(1) {
            "to" | "until" | "till" | "for" => from.checked_sub(2),
            _ => None,
        };
        at.is_some_and(|at| {
            self.guards(source, at, Guard::Defer)
                || (matches!(source.word(at), "it" | "them" | "him" | "her")
                    && at > 0
                    && self.guards(source, at - 1, Guard::Defer))
        })
    }

    /// Whether the date stands in what somebody undertook, wants or ordered: "vowed to leave in June",
    /// "told the army to be gone by June". A verb in the past nearer to the date has it for itself.
    pub(crate) fn undertaken(&self, source: Source<'_>, from: usize) -> bool {
        let mut to = false;
        for at in (from.saturating_sub(REACH)..from).rev() {
            if source.tokens[at].gap == Gap::Break && at + 1 < from || stops(source, at) {
                return false;
            }
            if to && self.guards(source, at, Guard::Undertake) {
                return true;
            }
            if source.tokens[at].has(Class::Past) {
                return false;
            }
            to |= source.word(at) == "to";
        }
        false
    }

    /// The word that governs an expression that begins at token `at`.
    pub(crate) fn relation(&self, source: Source<'_>, at: usize) -> Option<&str> {
        if source.tokens.get(at)?.gap == Gap::Break {
            return None;
        }
        let mut end = at;
        // "by at least", "since about", "by the": words between the governor and the time.
        while end > 0 && at - end < 3 && is_filler(source, end - 1) {
            end -= 1;
        }
        let last = source.tokens.get(end.checked_sub(1)?)?;
        if last.word == 0 || !self.ends[usize::from(last.word)] {
            return None;
        }
        self.relations
            .iter()
            .find(|(words, _)| {
                end >= words.len()
                    && source.tokens[end - words.len()..end]
                        .iter()
                        .zip(words)
                        .all(|(token, word)| token.word == *word)
            })
            .map(|(_, name)| name.as_str())
    }
}

fn is_filler(source: Source<'_>, at: usize) -> bool {
    matches!(
        source.word(at),
        "the" | "about" | "around" | "at" | "least" | "only" | "just" | "another" | "some" | "yet"
    )
}

/// Whether the clause of an expression tells of what was, or of what will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Future,
    Unknown,
}

/// How far a governing verb is sought, in tokens.
const REACH: usize = 14;

/// The tense of the verb nearest to the tokens `from..to`, in their sentence; before counts
/// nearer than after.
pub(crate) fn tense(source: Source<'_>, from: usize, to: usize) -> Tense {
    let before = seek(source, (from.saturating_sub(REACH)..from).rev(), true);
    let after = seek(source, to..(to + REACH).min(source.tokens.len()), false);
    match (before, after) {
        (Some((_, tense)), None) | (None, Some((_, tense))) => tense,
        (Some((a, left)), Some((b, right))) => {
            if a <= b + 6 {
                left
            } else {
                right
            }
        }
        (None, None) => Tense::Unknown,
    }
}

fn seek(
    source: Source<'_>,
    range: impl Iterator<Item = usize>,
    backward: bool,
) -> Option<(usize, Tense)> {
    const SIGNS: u64 = mask(&[Class::Past, Class::Future, Class::Present]);
    for (distance, at) in range.enumerate() {
        let token = &source.tokens[at];
        if !backward && (token.gap == Gap::Break || stops(source, at)) {
            return None;
        }
        if backward && stops(source, at) {
            return None;
        }
        if set_for(source, at) || was_to(source, at) {
            return Some((distance, Tense::Future));
        }
        if token.mask & SIGNS != 0 {
            let tense = if token.has(Class::Future) {
                if overtaken(source, at) {
                    Tense::Past
                } else {
                    Tense::Future
                }
            } else if token.has(Class::Past) {
                planned(source, at).unwrap_or(Tense::Past)
            } else {
                present(source, at)
            };
            if tense != Tense::Unknown {
                return Some((distance, tense));
            }
        }
        if backward && token.gap == Gap::Break {
            return None;
        }
    }
    None
}

/// "was scheduled", "had planned to", "is expected": a plan within a few words.
fn planned(source: Source<'_>, at: usize) -> Option<Tense> {
    let start = at.saturating_sub(2);
    source.tokens[start..at]
        .iter()
        .any(|t| t.has(Class::Future))
        .then_some(Tense::Future)
}

/// "Set to resume", "set for Monday".
fn set_for(source: Source<'_>, at: usize) -> bool {
    source.word(at) == "set" && matches!(source.word(at + 1), "to" | "for")
}

/// "Had been due to expire": a plan that was given up or is over.
fn overtaken(source: Source<'_>, at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).map_or("", |at| source.word(at));
    word(1) == "been" && matches!(word(2), "had" | "previously" | "originally" | "initially")
}

/// "Was to open", "were to have left": a plan told in the past.
fn was_to(source: Source<'_>, at: usize) -> bool {
    matches!(source.word(at), "was" | "were") && source.word(at + 1) == "to"
}

/// "is to meet", "are due"; a bare present says nothing of the day.
fn present(source: Source<'_>, at: usize) -> Tense {
    if source.word(at + 1).eq_ignore_ascii_case("to") {
        Tense::Future
    } else {
        Tense::Unknown
    }
}

/// Whether a token ends a sentence.
fn stops(source: Source<'_>, at: usize) -> bool {
    matches!(source.word(at), "." | "!" | "?" | ";")
        && source.tokens.get(at + 1).is_none_or(|t| t.gap != Gap::None)
}

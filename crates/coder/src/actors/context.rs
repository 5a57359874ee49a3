//! Whether the name of a state or a capital stands for those who govern it or for the ground.

use super::lists::{
    EXIT, GROUND, LOCATIVE, MESSAGE, MOTION, PASSABLE, PREPOSITIONS, STRIKE, STRUCK, VENUE,
};
use super::words::{Case, Line};
use rapporteur_text::Upos;

/// How a toponym is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Those who govern it.
    Actor,
    /// The ground.
    Place,
    /// Both readings serve ("a visit to Iraq").
    Both,
    /// Part of a longer name ("Oslo Accords").
    Neither,
}

fn has(set: &[&str], word: &str) -> bool {
    set.contains(&word)
}

/// The preposition that governs the words from `first` on: its position.
fn governor(line: &Line<'_>, first: usize, toponym: &dyn Fn(usize) -> bool) -> Option<usize> {
    let words = &line.words;
    let mut at = first;
    let mut steps = 0;
    while at > 0 && steps < 12 {
        at -= 1;
        steps += 1;
        let word = &words[at];
        let norm = word.norm.as_str();
        // "of" governs unless it only ties "city of", "capital of" to the name.
        let tie = norm == "of"
            && at > 0
            && matches!(
                words[at - 1].norm.as_str(),
                "city" | "town" | "capital" | "port" | "province" | "republic" | "state" | "island"
            );
        if !tie && (has(&LOCATIVE, norm) || has(&PREPOSITIONS, norm)) {
            return Some(at);
        }
        let passes = has(&PASSABLE, norm)
            || tie
            || toponym(at)
            || (word.upos == Upos::Adj && word.case == Case::Lower && word.soft)
            || (word.upos == Upos::Det);
        if !passes {
            return None;
        }
    }
    None
}

fn near(line: &Line<'_>, at: usize, reach: usize, set: &[&str]) -> bool {
    let from = at.saturating_sub(reach);
    line.words[from..at].iter().any(|w| has(set, &w.norm))
}

/// How the state (or with `capital`, the capital) at words `first..=last` is used.
/// `toponym` tells which words belong to some state or capital.
pub(crate) fn usage(
    line: &Line<'_>,
    text: &str,
    range: (usize, usize),
    capital: bool,
    toponym: &dyn Fn(usize) -> bool,
) -> Use {
    let (first, last) = range;
    let words = &line.words;
    let next = words.get(last + 1);
    if capital {
        if let Some(fixed) = capital_shape(line, text, range, toponym) {
            return fixed;
        }
    } else if next
        .is_some_and(|w| w.soft && !w.poss && has(&VENUE, &w.norm) && w.case != Case::Lower)
    {
        return Use::Neither;
    }
    let Some(at) = governor(line, first, toponym) else {
        return Use::Actor;
    };
    // Inside "between A and B" both are parties.
    let prep = words[at].norm.as_str();
    if has(&LOCATIVE, prep) {
        return Use::Place;
    }
    match prep {
        "to" if near(line, at, 5, &MOTION) => {
            if capital {
                Use::Place
            } else {
                Use::Both
            }
        }
        "from" if near(line, at, 3, &MESSAGE) => Use::Actor,
        "from" if capital => Use::Place,
        "from" if near(line, at, 4, &EXIT) => Use::Place,
        "from" => Use::Both,
        "on" if capital && near(line, at, 3, &STRIKE) => Use::Place,
        "of" if capital => {
            if near(line, at, 2, &MESSAGE) {
                Use::Actor
            } else {
                Use::Place
            }
        }
        "over" | "under" | "about" if capital && prep == "over" => Use::Place,
        _ => Use::Actor,
    }
}

/// Shapes that settle a capital before its preposition is looked at.
fn capital_shape(
    line: &Line<'_>,
    text: &str,
    range: (usize, usize),
    toponym: &dyn Fn(usize) -> bool,
) -> Option<Use> {
    let (first, last) = range;
    let words = &line.words;
    let next = words.get(last + 1);
    let after = text
        .get(words[last].span.end as usize..)
        .unwrap_or("")
        .trim_start_matches([' ', '\u{a0}']);
    if first == 0
        && (after.starts_with(['(', '—', '–'])
            || after.starts_with("- ")
            || after.starts_with("-- "))
    {
        return Some(Use::Place);
    }
    // "Baghdad, Iraq": a place and its country.
    if after.starts_with(", ")
        && next.is_some_and(|w| toponym(last + 1) && w.case != Case::Lower)
        && words
            .get(last + 2)
            .is_none_or(|w| !w.soft || w.norm != "and")
    {
        return Some(Use::Place);
    }
    let next = next.filter(|w| w.soft)?;
    if next.poss {
        let owned = words.get(last + 2)?;
        return has(&GROUND, &owned.norm).then_some(Use::Place);
    }
    if has(&VENUE, &next.norm) {
        // "the Baghdad-Washington dialogue" is theirs; "the Doha talks" are held there.
        let paired = words[first].hyphen && first > 0 && toponym(first - 1);
        return Some(if paired { Use::Actor } else { Use::Neither });
    }
    if next.case != Case::Lower && !next.hyphen && !toponym(last + 1) && !line.shouting {
        return Some(Use::Neither);
    }
    if (has(&STRUCK, &next.norm))
        || (matches!(next.norm.as_str(), "was" | "is" | "were" | "has" | "came")
            && words
                .get(last + 2)
                .is_some_and(|w| has(&STRUCK, &w.norm) || w.norm == "under"))
    {
        return Some(Use::Place);
    }
    None
}

//! Numbers that count nothing: dates, times, names, ages, list marks, addresses.

use super::lists::{PEOPLE, POINT_AFTER, POINT_BEFORE};
use rapporteur_base::Span;
use rapporteur_temporal::{Timex, TimexType};
use rapporteur_text::Upos;

use super::lexicon::{self, Class};
use super::number::Number;
use crate::actors::words::{Case, Line};

/// Before "one" or "two": known things are pointed to.
const POINTING: [&str; 18] = [
    "the", "these", "those", "both", "its", "their", "between", "other", "our", "his", "her",
    "any", "no", "every", "each", "which", "this", "that",
];
/// After a small number in words: nothing is counted.
const NO_COUNT: [&str; 19] = [
    "another", "thing", "day", "side", "way", "hand", "third", "thirds", "quarter", "quarters",
    "fifths", "half", "fold", "time", "times", "who", "that", "to", "state",
];

/// Why the number is no figure, if it is none.
pub(super) fn reason(
    text: &str,
    line: &Line<'_>,
    n: &Number,
    times: &[Timex],
    range: bool,
) -> Option<&'static str> {
    let words = &line.words;
    let span = Span {
        start: words[n.first].span.start,
        end: n.end,
    };
    let before = n.first.checked_sub(1).map(|i| &words[i]);
    let after = words.get(n.last + 1);
    if let Some(why) = time(line, span, times) {
        return Some(why);
    }
    let around = Around::of(text, span);
    if n.digits
        && let Some(why) = in_digits(line, n, &around)
    {
        return Some(why);
    }
    if after.is_some_and(|w| {
        matches!(
            w.norm.as_str(),
            "am" | "pm" | "gmt" | "utc" | "oclock" | "hrs" | "local"
        ) && w.soft
    }) {
        return Some("a clock time");
    }
    if let Some((first, Class::Label)) = lexicon::before(words, n.first)
        && !(words[first].case == Case::Lower
            && counts(line, n)
            && !matches!(
                words[first].norm.as_str(),
                "resolution" | "article" | "aged" | "age" | "phase" | "no"
            ))
    {
        return Some("a name with a number");
    }
    if before.is_some_and(|w| {
        w.soft && w.case != Case::Lower && n.first > 1 && w.upos == Upos::Propn && !w.poss
    }) && n.digits
        && !counts(line, n)
        && around.right != '%'
        && !matches!(around.left, '$' | '€' | '£' | '¥' | '₪')
    {
        return Some("a name with a number");
    }
    if range { None } else { small(line, n) }
}

/// The characters beside a number.
struct Around {
    left: char,
    right: char,
    /// The one after `right`.
    beyond: char,
    /// A comma stands before it, spaces aside.
    comma: bool,
}

impl Around {
    fn of(text: &str, span: Span) -> Self {
        let before = text.get(..span.start as usize).unwrap_or("");
        let mut after = text.get(span.end as usize..).unwrap_or("").chars();
        Self {
            left: before.chars().next_back().unwrap_or(' '),
            right: after.next().unwrap_or(' '),
            beyond: after.next().unwrap_or(' '),
            comma: before.trim_end().ends_with(','),
        }
    }
}

/// Why a number in digits is none, from the characters beside it.
fn in_digits(line: &Line<'_>, n: &Number, around: &Around) -> Option<&'static str> {
    let words = &line.words;
    let before = n.first.checked_sub(1).map(|i| &words[i]);
    let (left, right) = (around.left, around.right);
    if matches!(right, ':' | '/') && around.beyond.is_ascii_digit()
        || matches!(left, ':' | '/' | '#' | '@' | '_' | '.')
        || (left == '+' && n.value > 99.0)
    {
        return Some("a clock time, a fraction or an address");
    }
    if matches!(left, '-' | '–' | '‑')
        && before.is_some_and(|w| {
            !w.norm.bytes().all(|b| b.is_ascii_digit())
                && lexicon::class(std::slice::from_ref(w)).is_none()
        })
    {
        return Some("part of a name (F-16)");
    }
    if n.first == 0 && matches!(right, '.' | ')') && n.value < 100.0 {
        return Some("the mark of a list");
    }
    let follows = |at: usize, forms: [&str; 2]| {
        words
            .get(n.last + at)
            .is_some_and(|w| forms.contains(&w.norm.as_str()))
    };
    if matches!(right, '-' | '–')
        && around.beyond.is_alphabetic()
        && follows(1, ["year", "years"])
        && follows(2, ["old", "olds"])
    {
        return Some("an age");
    }
    if (1000.0..=2100.0).contains(&n.value)
        && n.value.fract() == 0.0
        && n.end - words[n.first].span.start == 4
        && !counts(line, n)
    {
        return Some("a year");
    }
    let aged = around.comma
        && matches!(right, ',' | '.')
        && n.value < 120.0
        && before.is_some_and(|w| w.case == Case::Title);
    aged.then_some("an age")
}

/// Dates, clock times and stretches that only place something in time.
fn time(line: &Line<'_>, span: Span, times: &[Timex]) -> Option<&'static str> {
    let from = times.partition_point(|t| t.span.end <= span.start);
    let timex = times.get(from).filter(|t| t.span.overlaps(span))?;
    if timex.kind != TimexType::Duration {
        return Some("a date");
    }
    let words = &line.words;
    let first = words.partition_point(|w| w.span.end <= timex.span.start);
    let after = words.partition_point(|w| w.span.start < timex.span.end);
    let next = words.get(after).map_or("", |w| w.norm.as_str());
    let inner = words[first..after.max(first)]
        .iter()
        .any(|w| POINT_BEFORE.contains(&w.norm.as_str()) || POINT_AFTER.contains(&w.norm.as_str()));
    let before = first.checked_sub(1).map_or("", |i| words[i].norm.as_str());
    if inner
        || POINT_AFTER.contains(&next)
        || POINT_BEFORE.contains(&before)
        || (before == "the" || before == "than")
            && first > 1
            && POINT_BEFORE.contains(&words[first - 2].norm.as_str())
    {
        return Some("a stretch of time that dates something");
    }
    None
}

/// A plural noun or unit follows within three words: the number counts.
fn counts(line: &Line<'_>, n: &Number) -> bool {
    line.words[n.last + 1..]
        .iter()
        .take(3)
        .take_while(|w| {
            w.soft
                && matches!(
                    w.upos,
                    Upos::Noun | Upos::Adj | Upos::Propn | Upos::X | Upos::Num
                )
        })
        .any(|w| {
            w.upos == Upos::Noun && w.norm.ends_with('s')
                || matches!(
                    w.norm.as_str(),
                    "people" | "personnel" | "men" | "women" | "children" | "percent" | "police"
                )
        })
}

/// "the two sides", "one of them", "one another": pointers, not counts.
fn small(line: &Line<'_>, n: &Number) -> Option<&'static str> {
    let words = &line.words;
    let before = n
        .first
        .checked_sub(1)
        .map_or("", |i| words[i].norm.as_str());
    let after = words.get(n.last + 1);
    let next = after.map_or("", |w| w.norm.as_str());
    if n.digits {
        return None;
    }
    if n.value <= 2.0 && POINTING.contains(&before) {
        return Some("points to known things");
    }
    if NO_COUNT.contains(&next) && n.value < 10.0 {
        return Some("no count");
    }
    if n.value == 1.0
        && (next == "of"
            || n.first == n.last
                && !after.is_some_and(|w| {
                    w.soft
                        && matches!(w.upos, Upos::Noun | Upos::Adj)
                        && PEOPLE.contains(&w.norm.as_str())
                }))
    {
        return Some("a pronoun");
    }
    let counted = after.is_some_and(|w| w.soft);
    (n.value < 10.0 && !counted && !before.ends_with("ed") && !before.ends_with("ing"))
        .then_some("a bare small number")
}

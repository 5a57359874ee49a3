//! Numbers in digits and words.

use super::lexicon::{Class, class};
use crate::actors::words::{Case, Line};

/// A number: its words and value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) value: f64,
    /// End of the number in bytes.
    pub(super) end: u32,
    pub(super) digits: bool,
}

/// A number that starts at word `at`.
pub(super) fn read(text: &str, line: &Line<'_>, at: usize) -> Option<Number> {
    let word = line.words.get(at)?;
    if word.norm.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return digits(text, line, at);
    }
    spelled(line, at)
}

/// The number in digits that `rest` starts with: its bytes and value.
fn leading(rest: &str) -> Option<(usize, f64)> {
    let bytes = rest.as_bytes();
    let mut end = 0;
    let mut plain = String::new();
    let mut point = false;
    while let Some(byte) = bytes.get(end) {
        let group = |n: usize| {
            bytes
                .get(end + 1..end + 1 + n)
                .is_some_and(|d| d.iter().all(u8::is_ascii_digit))
        };
        match byte {
            b'0'..=b'9' => plain.push(char::from(*byte)),
            b',' if !point && group(3) && !bytes.get(end + 4).is_some_and(u8::is_ascii_digit) => {}
            b'.' if !point && group(1) => {
                point = true;
                plain.push('.');
            }
            _ => break,
        }
        end += 1;
    }
    if plain.len() > 15 {
        return None;
    }
    Some((end, plain.parse().ok()?))
}

/// "2,500", "1.2 million".
fn digits(text: &str, line: &Line<'_>, at: usize) -> Option<Number> {
    let from = line.words[at].span.start as usize;
    let (end, mut value) = leading(text.get(from..)?)?;
    let stop = from + end;
    // Every word inside belongs to the number; letters stuck to it ("16th", "5G") do not fit.
    let mut last = at;
    while line
        .words
        .get(last + 1)
        .is_some_and(|w| (w.span.start as usize) < stop)
    {
        last += 1;
    }
    if line.words[last].span.end as usize != stop {
        let tail = text.get(stop..line.words[last].span.end as usize)?;
        let factor = match tail {
            "m" | "M" | "mn" => 1e6,
            "bn" | "B" => 1e9,
            "k" | "K" => 1e3,
            _ => return None,
        };
        return Some(Number {
            first: at,
            last,
            value: value * factor,
            end: line.words[last].span.end,
            digits: true,
        });
    }
    let mut end = u32::try_from(stop).ok()?;
    if let Some(next) = line.words.get(last + 1).filter(|w| w.soft)
        && let Some(Class::Scale(factor)) = class(std::slice::from_ref(next))
        && !(next.norm == "dozen" && next.hyphen)
    {
        last += 1;
        value *= factor;
        end = next.span.end;
    }
    Some(Number {
        first: at,
        last,
        value,
        end,
        digits: true,
    })
}

/// What a number in words starts with, "twenty", "a dozen", "half a million": its value and last word.
fn opening(line: &Line<'_>, at: usize) -> Option<(f64, usize)> {
    let words = &line.words;
    let one = |i: usize| words.get(i).and_then(|w| class(std::slice::from_ref(w)));
    match (words[at].norm.as_str(), one(at)) {
        (_, Some(Class::Number(n))) => Some((n, at)),
        ("a" | "an", _) => match one(at + 1) {
            Some(Class::Scale(n)) if words[at + 1].soft => Some((n, at + 1)),
            _ => None,
        },
        ("half", _) if words.get(at + 1).is_some_and(|w| w.norm == "a") => match one(at + 2) {
            Some(Class::Scale(n)) => Some((n / 2.0, at + 2)),
            _ => None,
        },
        _ => None,
    }
}

/// "twenty-five", "one hundred and fifty", "a dozen", "half a million".
fn spelled(line: &Line<'_>, at: usize) -> Option<Number> {
    let words = &line.words;
    let one = |i: usize| words.get(i).and_then(|w| class(std::slice::from_ref(w)));
    let mut total = 0.0;
    let (mut part, mut last) = opening(line, at)?;
    let mut next = last + 1;
    // "a few hundred", "several thousand" never get here: no number word starts them.
    while let Some(word) = words.get(next).filter(|w| w.soft) {
        match one(next) {
            Some(Class::Scale(n)) => {
                if n >= 1000.0 {
                    total += part.max(1.0) * n;
                    part = 0.0;
                } else {
                    part = part.max(1.0) * n;
                }
                last = next;
            }
            Some(Class::Number(n))
                if (part >= 20.0 && n < 10.0 && part % 10.0 == 0.0 && word.hyphen)
                    || (part >= 100.0 && n < 100.0)
                    || (part == 0.0 && total > 0.0) =>
            {
                part += n;
                last = next;
            }
            None if word.norm == "and"
                && part >= 100.0
                && matches!(one(next + 1), Some(Class::Number(_)))
                && words[next + 1].soft => {}
            _ => break,
        }
        next += 1;
    }
    // "Three Brotherhood Alliance", "Group of Seven": a name.
    if at > 0 && words[at].case == Case::Title && !line.shouting {
        return None;
    }
    Some(Number {
        first: at,
        last,
        value: total + part,
        end: words[last].span.end,
        digits: false,
    })
}

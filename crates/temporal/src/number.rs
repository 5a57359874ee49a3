//! Numbers in digits and words, read from tokens. Quantities are in thousandths; [`VAGUE`] is an
//! unknown number ("several").

use crate::lex::{Gap, Token};
use crate::lexicon::{Class, mask};
use crate::pattern::Source;

/// "Several", "a few": more than one, nobody says how many.
pub(crate) const VAGUE: i32 = -1;

/// Classes of a number in digits.
pub(crate) const COUNT: u64 = mask(&[Class::Int, Class::Grouped, Class::Float]);

/// What a pattern may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Native {
    /// A quantity, without a bare article.
    Quantity,
    /// A year in four digits or in words.
    Year,
    /// A rank in digits or words.
    Ordinal,
    /// What follows an article: few, couple, hundred.
    Some,
    /// A day of a month, as digits or as a rank.
    Day,
}

/// The number called `name` in patterns, and the slot that it fills.
pub(crate) fn native(name: &str) -> Option<(Native, &'static str)> {
    Some(match name {
        "n" => (Native::Quantity, "n"),
        "some" => (Native::Some, "n"),
        "year" => (Native::Year, "year"),
        "ord" => (Native::Ordinal, "ord"),
        "day" => (Native::Day, "day"),
        _ => return None,
    })
}

/// Classes with which it may begin.
pub(crate) fn first(native: Native) -> (u64, &'static [&'static str]) {
    let classes = match native {
        Native::Quantity => mask(&[
            Class::Int,
            Class::Grouped,
            Class::Float,
            Class::Card,
            Class::VagueN,
            Class::VagueOf,
            Class::Couple,
            Class::HalfWord,
            Class::Scale,
        ]),
        Native::Some => mask(&[Class::VagueN, Class::Couple, Class::Scale, Class::HalfWord]),
        Native::Year => mask(&[Class::Yyyy, Class::Card]),
        Native::Ordinal => mask(&[Class::OrdW, Class::OrdD, Class::Card]),
        Native::Day => mask(&[Class::Dd, Class::OrdW, Class::OrdD, Class::Card]),
    };
    (classes, &[])
}

/// Reads one at token `at`: the token after it and the value.
pub(crate) fn read(
    native: Native,
    source: Source<'_>,
    at: usize,
    start: bool,
) -> Option<(usize, i32)> {
    let token = source.joined(at, start)?;
    if token.mask & first(native).0 == 0 {
        return None;
    }
    match native {
        Native::Quantity | Native::Some => quantity(source, at, token),
        Native::Year => year(source, at, token),
        Native::Ordinal => ordinal(source, at, token),
        Native::Day => {
            if token.has(Class::Dd) {
                return Some((at + 1, token.num));
            }
            ordinal(source, at, token).filter(|(_, day)| (1..=31).contains(day))
        }
    }
}

fn is(source: Source<'_>, at: usize, word: &str) -> bool {
    source
        .joined(at, false)
        .is_some_and(|t| t.of(source.text).eq_ignore_ascii_case(word))
}

fn quantity(source: Source<'_>, at: usize, token: &Token) -> Option<(usize, i32)> {
    if token.has(Class::Float) {
        return Some((at + 1, token.num));
    }
    if token.has(Class::Grouped) {
        return Some((at + 1, token.num.saturating_mul(1000)));
    }
    if token.has(Class::Int) {
        return Some(fraction(source, at + 1, token.num));
    }
    if token.mask & mask(&[Class::VagueN]) != 0 {
        return Some((at + 1, VAGUE));
    }
    if token.has(Class::VagueOf) {
        return is(source, at + 1, "of").then_some((at + 2, VAGUE));
    }
    if token.has(Class::Couple) {
        let end = at + 1 + usize::from(is(source, at + 1, "of"));
        return Some((end, 2000));
    }
    if token.has(Class::HalfWord) {
        if is(source, at + 1, "a") && is(source, at + 2, "dozen") {
            return Some((at + 3, 6000));
        }
        let article = is(source, at + 1, "a") || is(source, at + 1, "an");
        return article.then_some((at + 2, 500));
    }
    let (end, value) = words(source, at)?;
    let value = value.saturating_mul(1000);
    if is(source, end, "and") && is(source, end + 1, "a") && is(source, end + 2, "half") {
        return Some((end + 3, value.saturating_add(500)));
    }
    Some((end, value))
}

/// `9 1/2` after its 9, or a scale word after digits.
fn fraction(source: Source<'_>, at: usize, whole: i32) -> (usize, i32) {
    let value = whole.saturating_mul(1000);
    let int = |at: usize| {
        source
            .joined(at, false)
            .filter(|t| t.has(Class::Int))
            .map(|t| t.num)
    };
    if let (Some(top), true, Some(bottom)) = (int(at), is(source, at + 1, "/"), int(at + 2))
        && (1..10).contains(&top)
        && (2..10).contains(&bottom)
    {
        return (at + 3, value.saturating_add(1000 * top / bottom));
    }
    if let Some(token) = source.joined(at, false).filter(|t| t.has(Class::Scale)) {
        let scale = source.value(token, &[Class::Scale]);
        return (at + 1, value.saturating_mul(scale));
    }
    (at, value)
}

/// A number in words: `twenty-four`, `two thousand and six`, `a hundred`.
fn words(source: Source<'_>, at: usize) -> Option<(usize, i32)> {
    let (mut at, from) = (at, at);
    let (mut total, mut part, mut seen) = (0_i32, 0_i32, false);
    let mut last = 0;
    while at < from + 9 {
        let Some(token) = source.joined(at, at == from) else {
            break;
        };
        if token.has(Class::Card) {
            let value = source.value(token, &[Class::Card]);
            let fits = !seen || last == 100 || last == 1000 || (last < 0 && value < 10);
            if !fits {
                break;
            }
            part += value;
            last = if value >= 20 { -1 } else { 1 };
            seen = true;
        } else if token.has(Class::Scale) {
            let scale = source.value(token, &[Class::Scale]);
            if scale == 100 || scale == 12 {
                part = part.max(1).saturating_mul(scale);
                last = 100;
            } else {
                total = total.saturating_add(part.max(1).saturating_mul(scale));
                part = 0;
                last = 1000;
            }
            seen = true;
        } else {
            let hyphen = token.of(source.text) == "-" && last < 0;
            let and = is(source, at, "and") && (last == 100 || last == 1000);
            let next = source.joined(at + 1, false).filter(|t| t.has(Class::Card));
            match next {
                Some(next) if hyphen && source.value(next, &[Class::Card]) < 10 => {}
                Some(_) if and => {}
                _ => break,
            }
        }
        at += 1;
    }
    seen.then_some((at, total.saturating_add(part)))
}

fn year(source: Source<'_>, at: usize, token: &Token) -> Option<(usize, i32)> {
    if token.has(Class::Yyyy) {
        return Some((at + 1, token.num));
    }
    let head = source.value(token, &[Class::Card]);
    if head == 2 && is(source, at + 1, "thousand") {
        let (end, value) = words(source, at)?;
        return (2000..2100).contains(&value).then_some((end, value));
    }
    if !(11..=20).contains(&head) {
        return None;
    }
    let next = source.joined(at + 1, false)?;
    if next.gap == Gap::None {
        return None;
    }
    if is(source, at + 1, "hundred") {
        return Some((at + 2, head * 100));
    }
    if !next.has(Class::Card) {
        return None;
    }
    let (end, rest) = words(source, at + 1)?;
    (10..100)
        .contains(&rest)
        .then_some((end, head * 100 + rest))
}

fn ordinal(source: Source<'_>, at: usize, token: &Token) -> Option<(usize, i32)> {
    if token.has(Class::OrdD) {
        return Some((at + 1, token.num));
    }
    if token.has(Class::OrdW) {
        return Some((at + 1, source.value(token, &[Class::OrdW])));
    }
    let tens = source.value(token, &[Class::Card]);
    if tens < 20 || tens % 10 != 0 {
        return None;
    }
    let at = at + 1 + usize::from(is(source, at + 1, "-"));
    let unit = source.joined(at, false).filter(|t| t.has(Class::OrdW))?;
    let unit = source.value(unit, &[Class::OrdW]);
    (unit < 10).then_some((at + 1, tens + unit))
}

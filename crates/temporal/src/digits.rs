//! Dates written in digits.

use rapporteur_base::{Date, Interval, Precision};

use crate::cal::{self, Gran, Point};
use crate::ops::{Found, Match};
use crate::timex::{Anchor, TimexType};

/// `2024-02-12`, `2024-02-12T08:30Z`.
pub(crate) fn iso(m: Match<'_>) -> Option<Found> {
    let text = m.source.word(m.from);
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i32>().ok();
    let date = cal::day(part(0, 4)?, part(5, 7)?, part(8, 10)?)?;
    let mut found = Found::at(Point::new(Gran::Day, date), Anchor::None);
    if let Some(time) = text.get(10..).filter(|time| time.len() > 2) {
        found.kind = TimexType::Time;
        found.value = format!("{date}{time}");
    }
    Some(found)
}

/// `12/2/2024`: days before months as the document writes its dates. Where it shows no habit and
/// both readings are dates, the one near the publication date is meant; where that does not part
/// them either, day and month stay unknown.
pub(crate) fn slash(m: Match<'_>) -> Option<Found> {
    let text = m.source.word(m.from);
    let (first, second, year) = split(text)?;
    // Arabic counts days first, and so do dates with dots.
    let eastern = text
        .chars()
        .next()
        .is_some_and(|c| crate::arabic::digit(c).is_some());
    let habit = if eastern || text.contains('.') {
        Some(true)
    } else {
        m.state.day_first
    };
    let by_day = cal::day(year, second, first);
    let by_month = cal::day(year, first, second);
    let day = |date: Date| Some(Found::at(Point::new(Gran::Day, date), Anchor::None));
    let (one, other) = match (by_day, by_month, habit) {
        (Some(date), None, _) | (None, Some(date), _) => return day(date),
        (None, None, _) => return None,
        (Some(date), Some(_), Some(true)) | (Some(_), Some(date), Some(false)) => return day(date),
        (Some(one), Some(other), None) => (one, other),
    };
    if one == other {
        return day(one);
    }
    let near = |date: Date| {
        m.state
            .dct
            .is_some_and(|dct| (dct - date).get_days().abs() <= NEAR)
    };
    match (near(one), near(other)) {
        (true, false) => day(one),
        (false, true) => day(other),
        _ => {
            let mut found = Found::missing(cal::year_value(year) + "-XX-XX");
            found.interval = Some(Interval {
                precision: Precision::Bounded,
                ..Interval::between(one.min(other), one.max(other))
            });
            Some(found)
        }
    }
}

/// Days from the publication within which a date in digits is likely to lie.
const NEAR: i32 = 45;

/// The three numbers of a slashed date, the year in full.
pub(crate) fn split(text: &str) -> Option<(i32, i32, i32)> {
    let number = |digits: &str| {
        let plain: String = digits
            .chars()
            .map(|c| match crate::arabic::digit(c) {
                Some(digit) => char::from(b'0' + digit as u8),
                None => c,
            })
            .collect();
        plain.parse::<i32>().ok()
    };
    let mut numbers = text.split(['/', '.', '-']).map(number);
    let (first, second, third) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let year = match third {
        0..=49 => 2000 + third,
        50..=99 => 1900 + third,
        year => year,
    };
    Some((first, second, year))
}

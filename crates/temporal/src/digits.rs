//! Dates written in digits.

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

/// `12/2/2024`: days before months where the document shows it, or where only that gives a date.
pub(crate) fn slash(m: Match<'_>) -> Option<Found> {
    let text = m.source.word(m.from);
    let numbers = split(text)?;
    let (first, second, year) = numbers;
    // Arabic counts days first.
    let eastern = text
        .chars()
        .next()
        .is_some_and(|c| crate::arabic::digit(c).is_some());
    let day_first = m.state.day_first || eastern || text.contains('.');
    let (day, month) = if second > 12 || (first <= 12 && !day_first) {
        (second, first)
    } else {
        (first, second)
    };
    let date = cal::day(year, month, day)?;
    Some(Found::at(Point::new(Gran::Day, date), Anchor::None))
}

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

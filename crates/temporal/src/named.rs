//! Stretches with names of their own: quarters, seasons, decades, centuries, feasts.

use rapporteur_base::{Date, Interval, Precision};

use crate::cal::{self, Gran, Point, Unit};
use crate::ops::{Found, Match, directed_base, given_year, reference, step, year_of};
use crate::pattern::Slot;
use crate::timex::{Anchor, TimexType};

pub(crate) fn quarter(m: Match<'_>) -> Option<Found> {
    let number = m
        .caps
        .get(Slot::Ord)
        .or_else(|| m.caps.get(Slot::Quarter))?;
    if !(1..=4).contains(&number) {
        return None;
    }
    let point = |year: i32| {
        Some(Point::new(
            Gran::Quarter,
            cal::day(year, 3 * number - 2, 1)?,
        ))
    };
    if let Some(year) = given_year(m) {
        return Some(Found::at(point(year)?, Anchor::None));
    }
    if let Some(dir) = m.caps.get(Slot::Dir) {
        let (base, anchor) = directed_base(m.state, dir)?;
        return Some(Found::at(
            point(i32::from(base.year()) + step(dir))?,
            anchor,
        ));
    }
    let Some((base, anchor)) = reference(m.state) else {
        return Some(Found::missing(format!("XXXX-Q{number}")));
    };
    // Figures are told of a quarter that has begun, or begins within two months.
    let year = i32::from(base.year());
    let ahead = cal::shift(base, Unit::Month, 2)?;
    let near = (0..3)
        .filter_map(|n| point(year + 1 - n))
        .find(|point| point.start <= ahead);
    Some(Found::at(near.or_else(|| point(year))?, anchor))
}

pub(crate) fn half(m: Match<'_>) -> Option<Found> {
    let number = m.caps.get(Slot::Half)?;
    let (year, anchor) = match (given_year(m), m.caps.get(Slot::Dir)) {
        (Some(year), _) => (year, Anchor::None),
        (None, dir) => {
            let Some((base, anchor)) = directed_base(m.state, dir.unwrap_or(0)) else {
                return Some(Found::missing(format!("XXXX-H{number}")));
            };
            (i32::from(base.year()) + step(dir.unwrap_or(0)), anchor)
        }
    };
    let start = cal::day(year, if number == 1 { 1 } else { 7 }, 1)?;
    Some(Found::at(Point::new(Gran::Half, start), anchor))
}

/// The third week of January, the last Friday of March 2023, the first Monday of every month.
pub(crate) fn nth(m: Match<'_>) -> Option<Found> {
    let ord = m.caps.get(Slot::Ord)?;
    let wday = m.caps.get(Slot::Wday);
    let unit = m.caps.get(Slot::Unit).and_then(Unit::from_code);
    if m.caps.has(Slot::Set) {
        let value = match wday {
            Some(wday) => format!("XXXX-XX-WXX-{wday}"),
            None => "P1M".to_owned(),
        };
        return Some(Found::new(TimexType::Set, value));
    }
    let (from, to, anchor) = nth_frame(m)?;
    let missing = || Found::missing(wday.map_or("XXXX-WXX".into(), |w| format!("XXXX-WXX-{w}")));
    let (Some(from), Some(to)) = (from, to) else {
        return Some(missing());
    };
    if let Some(wday) = wday {
        let day = if ord < 0 {
            cal::weekday_back(to, wday, false)?
        } else {
            let first = cal::weekday_forward(from, wday, false)?;
            cal::shift(first, Unit::Week, i64::from(ord - 1))?
        };
        return (from <= day && day <= to).then(|| Found::at(Point::new(Gran::Day, day), anchor));
    }
    let whole_year = (to - from).get_days() > 31;
    if !(whole_year || ord <= 5) || ord > 53 {
        return None;
    }
    // Weeks of a month are counted in sevens from its first day; the value is the ISO week that
    // holds the middle of the seven.
    let start = if ord < 0 {
        cal::shift(to, Unit::Day, -6)?
    } else {
        cal::shift(from, Unit::Week, i64::from(ord - 1))?
    };
    let middle = cal::shift(start, Unit::Day, 3)?.min(to);
    let gran = unit.map_or(Gran::Week, |unit| unit.gran());
    let mut found = Found::at(Point::around(gran, middle)?, anchor);
    if gran == Gran::Week {
        found.interval = Some(Interval {
            from: Some(start),
            to: Some(cal::shift(start, Unit::Day, 6)?.min(to)),
            precision: Precision::Week,
        });
    }
    Some(found)
}

/// First and last day of the month or year in which something is counted.
fn nth_frame(m: Match<'_>) -> Option<(Option<Date>, Option<Date>, Anchor)> {
    let point = |gran: Gran, day: Date, anchor: Anchor| {
        let point = Point::around(gran, day)?;
        Some((Some(point.start), point.end(), anchor))
    };
    if let Some(month) = m.caps.get(Slot::Month) {
        let on = |year: i32| cal::day(year, month, 1);
        let year = match given_year(m) {
            Some(year) => Some((year, Anchor::None)),
            None => year_of(m, month, &on),
        };
        return match year {
            Some((year, anchor)) => point(Gran::Month, on(year)?, anchor),
            None => Some((None, None, Anchor::Missing)),
        };
    }
    if let Some(year) = given_year(m) {
        return point(Gran::Year, cal::day(year, 1, 1)?, Anchor::None);
    }
    let dir = m.caps.get(Slot::Dir)?;
    match directed_base(m.state, dir) {
        Some((base, anchor)) => {
            let moved = cal::shift(base, Unit::Month, i64::from(step(dir)))?;
            point(Gran::Month, moved, anchor)
        }
        None => Some((None, None, Anchor::Missing)),
    }
}

/// The days of a budget year: exact where the text says whose it is, else the widest that any
/// usual count allows (from April of the year before to March of the year after).
pub(crate) fn budget_year(m: Match<'_>, year: Point) -> Option<Interval> {
    let year = i32::from(year.start.year());
    let (from, to) = match m.context.fiscal_start(m.source, m.from) {
        Some(1) => (cal::day(year, 1, 1)?, cal::day(year, 12, 31)?),
        Some(month) => {
            let from = cal::day(year - 1, i32::from(month), 1)?;
            (
                from,
                cal::shift(cal::shift(from, Unit::Year, 1)?, Unit::Day, -1)?,
            )
        }
        None => (cal::day(year - 1, 4, 1)?, cal::day(year + 1, 3, 31)?),
    };
    Some(Interval {
        from: Some(from),
        to: Some(to),
        precision: Precision::Bounded,
    })
}

pub(crate) fn decade(m: Match<'_>) -> Option<Found> {
    let number = m.caps.get(Slot::Decade)?;
    let year = match number {
        10..=99 if number % 10 == 0 => {
            // "The 80s" are the latest that have begun.
            let base = reference(m.state).map_or(2000, |(date, _)| i32::from(date.year()));
            let this = base.div_euclid(100) * 100 + number;
            if this > base { this - 100 } else { this }
        }
        100..=999 if number % 10 == 0 && m.caps.has(Slot::Era) => number,
        1000..2200 if number % 10 == 0 => number,
        _ => return None,
    };
    let gran = if number % 100 == 0 && number > 999 {
        Gran::Century
    } else {
        Gran::Decade
    };
    let bc = m.caps.get(Slot::Era) == Some(-1);
    let start = cal::day(if bc { -year - 8 } else { year }, 1, 1)?;
    Some(Found::at(Point::new(gran, start), Anchor::None))
}

pub(crate) fn century(m: Match<'_>) -> Option<Found> {
    // Arabic counts "the ninth ten" for the nineteenth.
    let teen = 10 * i32::from(m.caps.get(Slot::Flag) == Some(1));
    let number = m.caps.get(Slot::Ord)? + teen;
    if !(1..=30).contains(&number) {
        return None;
    }
    if m.caps.get(Slot::Era) == Some(-1) {
        let mut found = Found::new(TimexType::Date, format!("BC{:02}", number - 1));
        found.interval = Some(Interval {
            from: Some(cal::day(1 - 100 * number, 1, 1)?),
            to: Some(cal::day(-100 * (number - 1), 12, 31)?),
            precision: Precision::Bounded,
        });
        return Some(found);
    }
    let start = cal::day(100 * (number - 1), 1, 1)?;
    Some(Found::at(Point::new(Gran::Century, start), Anchor::None))
}

pub(crate) fn season(m: Match<'_>) -> Option<Found> {
    let season = m.caps.get(Slot::Season)?;
    if let Some(year) = given_year(m) {
        return Some(Found::at(Point::season(year, season)?, Anchor::None));
    }
    let base = match m.caps.get(Slot::Dir) {
        Some(dir) => directed_base(m.state, dir)
            .map(|(base, anchor)| (i32::from(base.year()) + step(dir), anchor)),
        None => reference(m.state).map(|(base, anchor)| (i32::from(base.year()), anchor)),
    };
    let Some((year, anchor)) = base else {
        return Some(Found::missing(format!(
            "XXXX-{}",
            cal::season_code(season as i8)
        )));
    };
    Some(Found::at(Point::season(year, season)?, anchor))
}

pub(crate) fn holiday(m: Match<'_>) -> Option<Found> {
    let code = m.caps.get(Slot::Holiday)?;
    let on = |year: i32| -> Option<Date> {
        match code {
            1 => cal::shift(
                cal::weekday_forward(cal::day(year, 11, 1)?, 4, false)?,
                Unit::Week,
                3,
            ),
            2 => cal::easter(year),
            3 => cal::shift(
                cal::weekday_forward(cal::day(year, 11, 1)?, 1, false)?,
                Unit::Day,
                1,
            ),
            4 => cal::weekday_back(cal::day(year, 5, 31)?, 1, false),
            5 => cal::weekday_forward(cal::day(year, 9, 1)?, 1, false),
            EASTER..ISLAMIC => {
                cal::shift(cal::easter(year)?, Unit::Day, i64::from(code - EASTER - 50))
            }
            ISLAMIC.. => islamic_day(year, code - ISLAMIC),
            _ => cal::day(year, code / 100, code % 100),
        }
    };
    if let Some(year) = given_year(m) {
        return Some(feast(code, on(year)?, Anchor::None));
    }
    let (month, day) = if code < EASTER {
        (code / 100, code % 100)
    } else {
        (0, 0)
    };
    let probe = on(2024)?;
    let month = if month > 0 {
        month
    } else {
        i32::from(probe.month())
    };
    match year_of(m, month, &on) {
        Some((year, anchor)) => Some(feast(code, on(year)?, anchor)),
        None if code < EASTER && code > 99 => {
            Some(Found::missing(format!("XXXX-{month:02}-{day:02}")))
        }
        None => Some(Found::missing("XXXX-XX-XX")),
    }
}

/// Codes of feasts: from here on, days from Easter plus 50.
const EASTER: i32 = 2000;

/// Codes of feasts: from here on, month and day of the Islamic calendar.
const ISLAMIC: i32 = 5000;

/// A feast on its day; an Islamic one may be a day off where it is sighted.
fn feast(code: i32, date: Date, anchor: Anchor) -> Found {
    let mut found = Found::at(Point::new(Gran::Day, date), anchor);
    if code >= ISLAMIC {
        found.modifier = Some("APPROX");
        found.interval = doubt(date, date);
    }
    found
}

/// The day of a year of the Gregorian calendar on which a day of the Islamic one falls first.
fn islamic_day(year: i32, code: i32) -> Option<Date> {
    let near = (year - 622) * 33 / 32;
    (near - 1..=near + 2)
        .filter_map(|islamic| cal::hijri(islamic, code / 100, code % 100))
        .find(|date| i32::from(date.year()) == year)
}

/// Days of the tabular calendar with the day on both sides that the sighted one may be off.
fn doubt(from: Date, to: Date) -> Option<Interval> {
    Some(Interval {
        from: Some(cal::shift(from, Unit::Day, -1)?),
        to: Some(cal::shift(to, Unit::Day, 1)?),
        precision: Precision::Bounded,
    })
}

/// A month of the Islamic calendar. Its days follow the tabular calendar, which may be a day off
/// the sighted one: the interval is a day wider on both sides, and a day is never given alone.
pub(crate) fn hijri(m: Match<'_>) -> Option<Found> {
    let month = m.caps.get(Slot::Month)?;
    let (day, year) = (m.caps.get(Slot::Day), m.caps.get(Slot::Year));
    let ends = |year: i32| Some((cal::hijri(year, month, 1)?, cal::hijri(year, month, 30)?));
    match (year, day) {
        (Some(year), Some(day)) if year < 1600 => {
            let date = cal::hijri(year, month, day)?;
            let mut found = Found::new(TimexType::Date, Point::new(Gran::Day, date).value());
            found.modifier = Some("APPROX");
            found.interval = doubt(date, date);
            Some(found)
        }
        (Some(year), None) => {
            let islamic = if year < 1600 {
                year
            } else {
                let guess = (year - 622) * 33 / 32;
                (guess - 1..=guess + 2).find(|&islamic| {
                    ends(islamic).is_some_and(|(from, _)| i32::from(from.year()) == year)
                })?
            };
            let (from, to) = ends(islamic)?;
            let mut found = Found::new(TimexType::Date, cal::year_value(from.year().into()));
            found.modifier = Some("APPROX");
            found.interval = doubt(from, to);
            Some(found)
        }
        (None, day) => hijri_undated(m, month, day),
        _ => Some(Found::missing("XXXX-XX")),
    }
}

/// A month of the Islamic calendar, or a day of it, without its year: the one that the tense and the
/// publication date point to.
fn hijri_undated(m: Match<'_>, month: i32, day: Option<i32>) -> Option<Found> {
    let islamic = |year: i32| (year - 622) * 33 / 32;
    let on = |year: i32| {
        let near = islamic(year);
        (near - 1..=near + 2)
            .filter_map(|islamic| cal::hijri(islamic, month, day.unwrap_or(1)))
            .find(|date| i32::from(date.year()) == year)
    };
    let Some(probe) = m.state.dct.and_then(|dct| on(i32::from(dct.year()))) else {
        return Some(Found::missing("XXXX-XX"));
    };
    let (year, anchor) = year_of(m, i32::from(probe.month()), &on)?;
    let from = on(year)?;
    let to = match day {
        Some(_) => from,
        None => cal::shift(from, Unit::Day, 29)?,
    };
    let value = match day {
        Some(_) => Point::new(Gran::Day, from).value(),
        None => cal::year_value(from.year().into()),
    };
    let mut found = Found::new(TimexType::Date, value);
    found.modifier = Some("APPROX");
    found.interval = doubt(from, to);
    found.anchor = anchor;
    Some(found)
}

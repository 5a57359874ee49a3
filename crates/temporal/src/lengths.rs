//! Lengths and what is built from them: durations, "two years ago", "every three months".

use rapporteur_base::{Date, Interval, Precision};

use crate::cal::{self, Gran, Point, Unit};
use crate::number::VAGUE;
use crate::ops::{Found, Match, directed_base, reference, step, told};
use crate::pattern::Slot;
use crate::timex::{Anchor, TimexType};

/// The TIMEX3 value of `n` thousandths of a unit; [`VAGUE`] gives `X`.
pub(crate) fn length(n: i32, unit: Unit) -> String {
    let (n, letter) = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => {
            let minutes = i64::from(n) * 60;
            if n > 0 && n % 1000 != 0 && unit == Unit::Hour && minutes % 1000 == 0 {
                return clocked(minutes / 1000);
            }
            if n > 1000 && n % 1000 == 500 && unit == Unit::Minute {
                return format!("PT{}M30S", n / 1000);
            }
            let letter = match unit {
                Unit::Second => "S",
                Unit::Minute => "M",
                _ => "H",
            };
            return format!("PT{}{letter}", amount(n));
        }
        Unit::Year if n > 0 && n % 1000 == 500 => {
            return format!("P{}Y6M", n / 1000).replace("P0Y", "P");
        }
        Unit::Day => (n, "D"),
        Unit::Week => (n, "W"),
        Unit::Fortnight => (times(n, 2), "W"),
        Unit::Month => (n, "M"),
        Unit::Quarter => (n, "Q"),
        Unit::Year => (n, "Y"),
        Unit::Decade if n == VAGUE => (n, "DE"),
        Unit::Decade => (times(n, 10), "Y"),
        Unit::Century if n == VAGUE => (n, "CE"),
        Unit::Century => (times(n, 100), "Y"),
        Unit::Millennium if n == VAGUE => (n, "ML"),
        Unit::Millennium => (times(n, 1000), "Y"),
        Unit::Weekend => (n, "WE"),
    };
    format!("P{}{letter}", amount(n))
}

fn times(n: i32, by: i32) -> i32 {
    if n == VAGUE { n } else { n.saturating_mul(by) }
}

fn clocked(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("PT{minutes}M"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

fn amount(n: i32) -> String {
    if n == VAGUE {
        "X".to_owned()
    } else if n % 1000 == 0 {
        (n / 1000).to_string()
    } else {
        format!(
            "{}.{}",
            n / 1000,
            format!("{:03}", n % 1000).trim_end_matches('0')
        )
    }
}

/// Whole units of a quantity, for calendar arithmetic; `None` for "several".
fn whole(n: i32) -> Option<i64> {
    (n != VAGUE).then(|| i64::from(n / 1000))
}

pub(crate) fn duration(m: Match<'_>) -> Option<Found> {
    let unit = Unit::from_code(m.caps.get(Slot::Unit)?)?;
    let n = m.caps.get(Slot::N).unwrap_or(VAGUE);
    let mut found = Found::new(TimexType::Duration, length(n, unit));
    if rate(m) {
        return Some(Found::new(TimexType::Set, length(1000, unit)));
    }
    if m.caps.get(Slot::Flag) == Some(1) {
        found.value = compound(m, n, unit)?;
    } else if let Some(n2) = m.caps.get(Slot::N2) {
        let unit2 = m
            .caps
            .get(Slot::Unit2)
            .and_then(Unit::from_code)
            .unwrap_or(unit);
        found.value_to = Some(length(n2, unit2));
    }
    if let Some(dir) = m.caps.get(Slot::Dir)
        && let Some((base, anchor)) = directed_base(m.state, dir)
    {
        let longest = m.caps.get(Slot::N2).unwrap_or(n);
        found.interval = stretch(base, unit, longest, step(dir));
        found.anchor = anchor;
    }
    Some(found)
}

/// "Four flights a week", "300,000 a month": how much in each unit.
fn rate(m: Match<'_>) -> bool {
    let article = matches!(m.source.word(m.from), "a" | "an") && m.to == m.from + 2;
    let Some(before) = m.from.checked_sub(1).filter(|_| article) else {
        return false;
    };
    let token = &m.source.tokens[before];
    let word = token.of(m.source.text);
    let number = token.mask & crate::number::COUNT != 0
        || matches!(word, "million" | "billion" | "percent" | "cents" | "%");
    m.source.joined(m.from, false).is_some() && number
}

/// "A year and a half", "two years and three months", "an hour and 20 minutes".
fn compound(m: Match<'_>, n: i32, unit: Unit) -> Option<String> {
    let n2 = m.caps.get(Slot::N2)?;
    let Some(unit2) = m.caps.get(Slot::Unit2).and_then(Unit::from_code) else {
        return (n != VAGUE).then(|| length(n.saturating_add(n2), unit));
    };
    let (first, second) = (length(n, unit), length(n2, unit2));
    // Only a smaller unit goes on with a larger one: "three days and two years" are two lengths.
    if unit2 as u8 >= unit as u8 || n == VAGUE || n2 == VAGUE {
        return None;
    }
    let tail = second.strip_prefix('P')?;
    Some(match (first.contains('T'), tail.strip_prefix('T')) {
        (true, Some(tail)) => first + tail,
        (true, None) => return None,
        (false, _) => first + tail,
    })
}

/// The days of "the last two months", "the next year", counted from `base`.
pub(crate) fn stretch(base: Date, unit: Unit, n: i32, by: i32) -> Option<Interval> {
    if by == 0 {
        return None;
    }
    let far = match whole(n) {
        Some(_) if unit.of_day() => Some(cal::shift(base, Unit::Day, i64::from(by))?),
        Some(n) => Some(cal::shift(base, unit, n * i64::from(by))?),
        None => None,
    };
    Some(Interval {
        from: if by < 0 { far } else { Some(base) },
        to: if by < 0 { Some(base) } else { far },
        precision: Precision::Bounded,
    })
}

/// "Two years ago", "three days later", "a week earlier".
pub(crate) fn ago(m: Match<'_>) -> Option<Found> {
    let unit = Unit::from_code(m.caps.get(Slot::Unit)?)?;
    let rel = m.caps.get(Slot::Rel)?;
    let n = m.caps.get(Slot::N).unwrap_or(1000);
    let sign = if rel < 0 { -1 } else { 1 };
    let base = if rel.abs() == 2 {
        told(m.state).map(|told| match m.state.last_day {
            Some(day) if unit.gran() <= Gran::Week && m.state.last.is_some() => {
                (day, Anchor::LastDate)
            }
            _ => told,
        })
    } else {
        reference(m.state)
    };
    let vague = || {
        let mut found = Found::new(
            TimexType::Date,
            if sign < 0 { "PAST_REF" } else { "FUTURE_REF" },
        );
        found.anchor = base.map_or(Anchor::Missing, |(_, anchor)| anchor);
        found
    };
    let (Some(n), Some((day, anchor))) = (whole(n), base) else {
        return Some(vague());
    };
    if m.state.earnings
        && unit == Unit::Year
        && n == 1
        && sign < 0
        && let Some(quarter) = m.state.quarter
    {
        let start = cal::shift(quarter.start, Unit::Year, -1)?;
        return Some(Found::at(Point::new(quarter.gran, start), Anchor::LastDate));
    }
    if unit.of_day() {
        return Some(within_day(unit, n * sign, day, anchor));
    }
    let (moved, unit) = further(m, sign, cal::shift(day, unit, n * sign)?, unit)?;
    if let (true, Some(last)) = (anchor == Anchor::LastDate, m.state.last)
        && m.state.last_day.is_none()
        && last.gran > unit.gran().max(Gran::Week)
    {
        return coarse(&last, unit, n * sign);
    }
    let gran = match unit {
        Unit::Week | Unit::Fortnight => Gran::Day,
        Unit::Decade | Unit::Century | Unit::Millennium => Gran::Year,
        unit => unit.gran(),
    };
    let mut found = Found::at(Point::around(gran, moved)?, anchor);
    if matches!(unit, Unit::Week | Unit::Fortnight) {
        // "Two weeks ago" is said of the days around it.
        found.interval = Point::around(Gran::Week, moved)?.interval();
    }
    Some(found)
}

/// The second unit of "a year and two months later", counted from where the first led.
fn further(m: Match<'_>, sign: i64, date: Date, unit: Unit) -> Option<(Date, Unit)> {
    let second = m.caps.get(Slot::Unit2).and_then(Unit::from_code);
    match second.zip(m.caps.get(Slot::N2).and_then(whole)) {
        Some((unit2, n2)) => Some((cal::shift(date, unit2, n2 * sign)?, unit2)),
        None => Some((date, unit)),
    }
}

/// "Two days later" after a month was told: some day between the first and the last that it can be.
fn coarse(last: &Point, unit: Unit, by: i64) -> Option<Found> {
    let mut found = Found::new(
        TimexType::Date,
        match unit {
            Unit::Month => "XXXX-XX",
            _ => "XXXX-XX-XX",
        },
    );
    found.anchor = Anchor::LastDate;
    found.interval = Some(Interval::between(
        cal::shift(last.start, unit, by)?,
        cal::shift(last.end()?, unit, by)?,
    ));
    Some(found)
}

/// Hours and minutes move the time, which is not told: the day stays within reach.
fn within_day(unit: Unit, n: i64, day: Date, anchor: Anchor) -> Found {
    let days = match unit {
        Unit::Hour => n / 24,
        _ => 0,
    };
    let moved = cal::shift(day, Unit::Day, days).unwrap_or(day);
    let mut found = Found::at(Point::new(Gran::Day, moved), anchor);
    found.kind = TimexType::Time;
    found
}

/// "Every two weeks", "each Monday", "every October", "a year" as a rate.
pub(crate) fn every(m: Match<'_>) -> Option<Found> {
    let value = if let Some(wday) = m.caps.get(Slot::Wday) {
        let base = format!("XXXX-WXX-{wday}");
        match m.caps.get(Slot::Part) {
            Some(part) => base + "T" + crate::clock::part_code(part),
            None => base,
        }
    } else if let Some(month) = m.caps.get(Slot::Month) {
        match m.caps.get(Slot::Day) {
            Some(day) => format!("XXXX-{month:02}-{day:02}"),
            None => format!("XXXX-{month:02}"),
        }
    } else if let Some(season) = m.caps.get(Slot::Season) {
        format!("XXXX-{}", cal::season_code(season as i8))
    } else if let Some(part) = m.caps.get(Slot::Part) {
        format!("XXXX-XX-XXT{}", crate::clock::part_code(part))
    } else {
        let unit = Unit::from_code(m.caps.get(Slot::Unit)?)?;
        let n = m
            .caps
            .get(Slot::N)
            .or(m.caps.get(Slot::Ord).map(|n| n * 1000));
        length(n.unwrap_or(1000), unit)
    };
    Some(Found::new(TimexType::Set, value))
}

/// "Daily", "annually".
pub(crate) fn often(m: Match<'_>) -> Option<Found> {
    let code = m.caps.get(Slot::Set)?;
    let value = if code == 40 {
        "P2W".to_owned()
    } else {
        length(1000, Unit::from_code(code)?)
    };
    Some(Found::new(TimexType::Set, value))
}

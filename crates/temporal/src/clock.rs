//! Times of day: parts ("morning") and clock times, added to the day that they belong to.

use crate::cal::Gran;
use crate::ops::{Found, Match, reference};
use crate::pattern::Slot;
use crate::timex::{Anchor, TimexType};

/// The TIMEX3 code of a part of the day.
pub(crate) fn part_code(part: i32) -> &'static str {
    match part {
        1 => "MO",
        2 => "AF",
        3 => "EV",
        4 => "NI",
        5 => "12:00",
        6 => "24:00",
        _ => "DT",
    }
}

/// Adds the time of day that a match gives to its date; `None` when the clock has no such time.
pub(crate) fn attach(m: Match<'_>, found: &mut Found) -> Option<()> {
    if found.kind == TimexType::Set || found.kind == TimexType::Duration {
        return Some(());
    }
    let time = if m.caps.has(Slot::Hour) {
        clock(m)?
    } else if let Some(part) = m.caps.get(Slot::Part) {
        part_code(part).to_owned()
    } else {
        return Some(());
    };
    if found.value.is_empty() {
        // A time without a day is of the day that is told of.
        let base = match m.state.last_day {
            Some(day) => Some((day, Anchor::LastDate)),
            None if m.state.narrative => None,
            None => reference(m.state),
        };
        match base {
            Some((day, anchor)) => {
                found.value = crate::cal::Point::new(Gran::Day, day).value();
                // Without a day told, the publication day is a guess that no record may rest on.
                let told = anchor == Anchor::LastDate;
                found.interval = told.then(|| rapporteur_base::Interval::day(day));
                found.anchor = anchor;
            }
            None => {
                found.value = "XXXX-XX-XX".to_owned();
                found.anchor = Anchor::Missing;
            }
        }
    } else if found.point.is_some_and(|point| point.gran != Gran::Day) {
        return Some(());
    }
    found.value = format!("{}T{time}", found.value);
    found.kind = TimexType::Time;
    Some(())
}

/// `08:30`, in 24 hours.
fn clock(m: Match<'_>) -> Option<String> {
    let token = m.source.tokens[m.from..m.to]
        .iter()
        .find(|t| t.has(crate::lexicon::Class::Hm));
    let given = m.caps.get(Slot::Hour)?;
    let (mut hour, minute) = match token {
        Some(_) => (given / 60, given % 60),
        // "7.30 a.m.", read as a decimal in thousandths.
        None if m.caps.get(Slot::Minute) == Some(-1) => (given / 1000, given % 1000 / 10),
        None if given >= 100 => (given / 100, given % 100),
        None if given >= 1000 => (given / 1000, 0),
        None => (given, m.caps.get(Slot::Minute).unwrap_or(0)),
    };
    let half = match (m.caps.get(Slot::AmPm), m.caps.get(Slot::Part)) {
        (Some(half), _) => Some(half),
        (None, Some(1)) => Some(0),
        (None, Some(2..=4)) => Some(12),
        _ => None,
    };
    match half {
        Some(12) if hour < 12 => hour += 12,
        Some(0) if hour == 12 => hour = 0,
        _ => {}
    }
    if hour > 24 || minute > 59 {
        return None;
    }
    let bare = token.is_none() && given < 100 && !m.caps.has(Slot::Minute);
    Some(if bare && !m.caps.has(Slot::Zone) {
        format!("{hour:02}:00")
    } else {
        format!("{hour:02}:{minute:02}")
    })
}

/// A zone without an offset of its own ("local time", "ET" in summer or winter), in the lexicon.
const WORDS: i32 = 9999;

/// The zone of a time of day, as the words give it.
pub(crate) fn zone(m: Match<'_>) -> Option<String> {
    let minutes = m.caps.get(Slot::Zone)?;
    if minutes != WORDS {
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        return Some(format!("{sign}{hours:02}:{minutes:02}"));
    }
    // The words stand at the end of the expression or right behind it.
    let zone = |at: usize| {
        m.source
            .tokens
            .get(at)
            .is_some_and(|t| t.has(crate::lexicon::Class::Zone))
    };
    let at = (m.from..m.to + 2)
        .rev()
        .find(|at| zone(*at) || m.source.word(*at) == "time")?;
    if m.source.word(at) == "time" {
        let before = at.checked_sub(1).map_or("", |at| m.source.word(at));
        return Some([before, " time"].concat());
    }
    Some(m.source.word(at).to_owned())
}

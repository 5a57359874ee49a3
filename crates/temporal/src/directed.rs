//! Last, this, next and that: units, weekdays, months and seasons counted from a day that is known.

use rapporteur_base::Date;

use crate::cal::{self, Gran, Point, Unit};
use crate::context::Tense;
use crate::ops::{Found, Match, clause, directed_base, step, told_day};
use crate::pattern::{Caps, Slot};
use crate::timex::{Anchor, TimexType};

pub(crate) fn directed(m: Match<'_>) -> Option<Found> {
    let dir = m.caps.get(Slot::Dir)?;
    let by = step(dir);
    let unit = m.caps.get(Slot::Unit).and_then(Unit::from_code);
    if let Some(season) = m.caps.get(Slot::Season) {
        return directed_season(m, dir, season);
    }
    if unit == Some(Unit::Day) && dir == -1 {
        // "The last day" is the end of something.
        return None;
    }
    let day_based = unit == Some(Unit::Day) || m.caps.has(Slot::Wday) || m.caps.has(Slot::Part);
    let base = match dir {
        -2 | 2 | 3 if day_based => told_day(m.state),
        1 if m.state.narrative && day_based || unit == Some(Unit::Day) => told_day(m.state),
        _ => directed_base(m.state, dir),
    };
    let coarse = |unit: Unit| m.state.last.is_some_and(|last| last.gran > unit.gran());
    let base = base.filter(|(_, anchor)| {
        day_based || *anchor != Anchor::LastDate || !unit.is_some_and(coarse)
    });
    let Some((base, anchor)) = base else {
        let month = m
            .state
            .last
            .filter(|last| day_based && last.gran == Gran::Month);
        return Some(Found::missing(match month {
            Some(month) => month.value() + "-XX",
            None => undirected(unit, m.caps),
        }));
    };
    if let Some(wday) = m.caps.get(Slot::Wday) {
        let date = directed_weekday(base, wday, dir)?;
        return Some(Found::at(Point::new(Gran::Day, date), anchor));
    }
    if let Some(month) = m.caps.get(Slot::Month) {
        return directed_month(m, (base, anchor), month, by);
    }
    if m.caps.has(Slot::Part) && unit.is_none() {
        let day = cal::shift(base, Unit::Day, i64::from(by))?;
        return Some(Found::at(Point::new(Gran::Day, day), anchor));
    }
    directed_unit(m, unit?, dir, (base, anchor))
}

/// Last, this or next unit of the calendar.
fn directed_unit(
    m: Match<'_>,
    unit: Unit,
    dir: i32,
    (base, anchor): (Date, Anchor),
) -> Option<Found> {
    let by = step(dir);
    if unit == Unit::Quarter && matches!(dir, 0 | 4) && m.state.earnings {
        let point = match m.state.quarter {
            Some(quarter) => quarter,
            // Figures are those of the quarter that is over.
            None => Point::around(Gran::Quarter, cal::shift(base, Unit::Quarter, -1)?)?,
        };
        return Some(Found::at(point, anchor));
    }
    if unit.of_day() {
        return Some(Found::new(
            TimexType::Duration,
            crate::lengths::length(1000, unit),
        ));
    }
    let moved = cal::shift(base, unit, i64::from(by))?;
    let point = Point::around(unit.gran(), moved)?;
    if dir == 4 && unit == Unit::Weekend && point.start > base && clause(m) != Tense::Future {
        // "Over the weekend", said in the week after it.
        let before = cal::shift(point.start, Unit::Week, -1)?;
        return Some(Found::at(Point::new(Gran::Weekend, before), anchor));
    }
    Some(Found::at(point, anchor))
}

fn directed_weekday(base: Date, wday: i32, dir: i32) -> Option<Date> {
    match dir {
        -1 | -2 => cal::weekday_back(base, wday, true),
        1 | 3 => cal::weekday_forward(base, wday, true),
        2 => cal::weekday_back(base, wday, false),
        _ => cal::weekday_forward(cal::monday(base)?, wday, false),
    }
}

/// A value without an anchor.
fn undirected(unit: Option<Unit>, caps: &Caps) -> String {
    if let Some(wday) = caps.get(Slot::Wday) {
        return format!("XXXX-WXX-{wday}");
    }
    if let Some(month) = caps.get(Slot::Month) {
        return format!("XXXX-{month:02}");
    }
    match unit {
        Some(Unit::Week) => "XXXX-WXX",
        Some(Unit::Weekend) => "XXXX-WXX-WE",
        Some(Unit::Month) => "XXXX-XX",
        Some(Unit::Quarter) => "XXXX-QX",
        Some(Unit::Year) => "XXXX",
        Some(Unit::Decade) => "XXX",
        Some(Unit::Century) => "XX",
        _ => "XXXX-XX-XX",
    }
    .to_owned()
}

fn directed_month(
    m: Match<'_>,
    (base, anchor): (Date, Anchor),
    month: i32,
    by: i32,
) -> Option<Found> {
    if let Some(day) = m.caps.get(Slot::Day) {
        let on = |year: i32| cal::day(year, month, day);
        let year = i32::from(base.year());
        let date = match by {
            -1 => [on(year), on(year - 1)]
                .into_iter()
                .flatten()
                .find(|d| *d < base),
            1 => [on(year), on(year + 1)]
                .into_iter()
                .flatten()
                .find(|d| *d > base),
            _ => on(year),
        };
        return Some(Found::at(Point::new(Gran::Day, date?), anchor));
    }
    let own = i32::from(base.month());
    let mut year = i32::from(base.year());
    if by < 0 && month >= own {
        year -= 1;
    }
    if by > 0 && month <= own {
        year += 1;
    }
    Some(Found::at(
        Point::new(Gran::Month, cal::day(year, month, 1)?),
        anchor,
    ))
}

fn directed_season(m: Match<'_>, dir: i32, season: i32) -> Option<Found> {
    let Some((base, anchor)) = directed_base(m.state, dir) else {
        return Some(Found::missing(format!(
            "XXXX-{}",
            cal::season_code(season as i8)
        )));
    };
    let year = i32::from(base.year());
    let by = step(dir);
    let found = (-1..=1)
        .filter_map(|n| Point::season(year + n * if by < 0 { -1 } else { 1 }, season))
        .find(|point| match by {
            -1 => point.start <= base && point.end().is_some_and(|end| end < base),
            1 => point.start > base,
            _ => i32::from(point.start.year()) == year,
        });
    let point = match by {
        -1 => (0..3)
            .filter_map(|n| Point::season(year - n, season))
            .find(|point| point.end().is_some_and(|end| end < base))?,
        _ => found?,
    };
    Some(Found::at(point, anchor))
}

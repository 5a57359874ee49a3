//! From the slots of a match to a value: the operations that rules name.

use rapporteur_base::{Date, Interval};

use crate::cal::{self, Gran, Point, Unit};
use crate::context::{Context, Tense, tense};
use crate::pattern::{Caps, Slot, Source};
use crate::rules::{Op, Rule};
use crate::timex::{Anchor, TimexType};

/// What the document has told so far.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) dct: Option<Date>,
    /// A running narrative: dates without a year belong to the last date told.
    pub(crate) narrative: bool,
    /// A report of business figures: "a year ago" is a quarter.
    pub(crate) earnings: bool,
    pub(crate) last: Option<Point>,
    pub(crate) last_day: Option<Date>,
    pub(crate) quarter: Option<Point>,
    /// Whether the text counts days before months in slashed dates, where it shows either.
    pub(crate) day_first: Option<bool>,
}

/// A value, before the words around it are read.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) kind: TimexType,
    pub(crate) value: String,
    pub(crate) modifier: Option<&'static str>,
    pub(crate) value_to: Option<String>,
    pub(crate) interval: Option<Interval>,
    pub(crate) anchor: Anchor,
    pub(crate) point: Option<Point>,
}

impl Found {
    pub(crate) fn new(kind: TimexType, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: value.into(),
            modifier: None,
            value_to: None,
            interval: None,
            anchor: Anchor::None,
            point: None,
        }
    }

    pub(crate) fn at(point: Point, anchor: Anchor) -> Self {
        Self {
            interval: point.interval(),
            anchor,
            point: Some(point),
            ..Self::new(TimexType::Date, point.value())
        }
    }

    pub(crate) fn missing(value: impl Into<String>) -> Self {
        Self {
            anchor: Anchor::Missing,
            ..Self::new(TimexType::Date, value)
        }
    }
}

/// A match with all that its operation may look at.
#[derive(Clone, Copy)]
pub(crate) struct Match<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) state: &'a State,
    pub(crate) context: &'a Context,
    pub(crate) rule: &'a Rule,
    pub(crate) caps: &'a Caps,
    /// The word that governs it.
    pub(crate) relation: Option<&'a str>,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// Computes the value of a match, or rejects it.
pub(crate) fn resolve(m: Match<'_>) -> Option<Found> {
    let mut found = match m.rule.op {
        Op::Directed if spanned(m) => span_of_unit(m),
        Op::Nth => crate::named::nth(m),
        Op::Calendar => calendar(m),
        Op::RelativeDay => relative_day(m),
        Op::Directed => crate::directed::directed(m),
        Op::Shift => crate::lengths::ago(m),
        Op::Duration => crate::lengths::duration(m),
        Op::Every => crate::lengths::every(m),
        Op::Often => crate::lengths::often(m),
        Op::Quarter => crate::named::quarter(m),
        Op::Half => crate::named::half(m),
        Op::Decade => crate::named::decade(m),
        Op::Century => crate::named::century(m),
        Op::Season => crate::named::season(m),
        Op::Fixed => Some(Found::new(TimexType::Date, m.rule.value.clone()?)),
        Op::Clock => Some(Found::new(TimexType::Time, String::new())),
        Op::Holiday => crate::named::holiday(m),
        Op::Iso => crate::digits::iso(m),
        Op::Slash => crate::digits::slash(m),
        Op::Hijri => crate::named::hijri(m),
    }?;
    crate::clock::attach(m, &mut found)?;
    modify(m, &mut found);
    if let Some(kind) = m.rule.kind {
        found.kind = kind;
    }
    Some(found)
}

/// "Over the next year", "within the next month": a length from now on, not a calendar unit.
fn spanned(m: Match<'_>) -> bool {
    matches!(m.relation, Some("over" | "within"))
        && matches!(m.caps.get(Slot::Dir), Some(-1 | 1))
        && m.caps.has(Slot::Unit)
        && !m.caps.has(Slot::Mod)
        && m.source.word(m.from).eq_ignore_ascii_case("the")
}

fn span_of_unit(m: Match<'_>) -> Option<Found> {
    let mut caps = *m.caps;
    caps.set(Slot::N, 1000);
    crate::lengths::duration(Match { caps: &caps, ..m })
}

/// Beginning, middle, end; about, more than.
fn modify(m: Match<'_>, found: &mut Found) {
    if let Some(which) = m.caps.get(Slot::Mod)
        && found.kind == TimexType::Date
    {
        found.modifier = Some(match which {
            1 => "START",
            2 => "MID",
            _ => "END",
        });
        if let Some(point) = &found.point {
            found.interval = cal::part(point, which).or(found.interval);
        }
    }
    if let Some(which) = m.caps.get(Slot::Cmp) {
        found.modifier = Some(match which {
            1 => "APPROX",
            2 => "MORE_THAN",
            3 => "LESS_THAN",
            4 => "EQUAL_OR_MORE",
            _ => "EQUAL_OR_LESS",
        });
    }
}

/// The day that relative words are counted from, and what it is.
pub(crate) fn reference(state: &State) -> Option<(Date, Anchor)> {
    if state.narrative
        && let Some(last) = state.last
    {
        return Some((last.start, Anchor::LastDate));
    }
    // "Last week" without a publication date stays unknown, whatever dates stand around it.
    state.dct.map(|dct| (dct, Anchor::Publication))
}

/// The last date told, or the publication date.
pub(crate) fn told(state: &State) -> Option<(Date, Anchor)> {
    match state.last {
        Some(last) => Some((last.start, Anchor::LastDate)),
        None => state.dct.map(|dct| (dct, Anchor::Publication)),
    }
}

pub(crate) fn told_day(state: &State) -> Option<(Date, Anchor)> {
    match (state.last_day, state.last) {
        (Some(day), _) => Some((day, Anchor::LastDate)),
        // A month or a year was told last: "the next day" is some day of it, nobody says which.
        (None, Some(_)) => None,
        (None, None) => state.dct.map(|dct| (dct, Anchor::Publication)),
    }
}

/// The year of an expression that gives one, BC counted down from 0.
pub(crate) fn given_year(m: Match<'_>) -> Option<i32> {
    if let (Some(FISCAL), None, Some(short)) = (
        m.caps.get(Slot::Flag),
        m.caps.get(Slot::Year),
        m.caps.get(Slot::Half),
    ) {
        return Some(2000 + short);
    }
    let year = m.caps.get(Slot::Year)?;
    if m.caps.get(Slot::Flag) == Some(SHORT) {
        // The latest such year that is not far ahead of the publication.
        let newest = m.state.dct.map_or(2030, |dct| i32::from(dct.year()) + 5);
        let year = newest.div_euclid(100) * 100 + year;
        return Some(if year > newest { year - 100 } else { year });
    }
    Some(match m.caps.get(Slot::Era) {
        Some(-1) => 1 - year,
        _ => year,
    })
}

fn calendar(m: Match<'_>) -> Option<Found> {
    let mut found = calendar_point(m)?;
    if let (Some(unit), Some(point)) = (m.caps.get(Slot::Unit), found.point)
        && point.gran == Gran::Day
    {
        // "The week of 26 February".
        let around = Point::around(Unit::from_code(unit)?.gran(), point.start)?;
        return Some(Found::at(around, found.anchor));
    }
    if m.caps.get(Slot::Flag) == Some(FISCAL) {
        found.interval = crate::named::budget_year(m, found.point?);
    }
    Some(found)
}

/// The mark of a budget year in rules.
pub(crate) const FISCAL: i32 = 2;

/// The mark of a year told by its last two digits.
pub(crate) const SHORT: i32 = 3;

fn calendar_point(m: Match<'_>) -> Option<Found> {
    let (month, day, wday) = (
        m.caps.get(Slot::Month),
        m.caps.get(Slot::Day),
        m.caps.get(Slot::Wday),
    );
    let mut year = given_year(m);
    if let (Some(1), Some(dct), Some(named)) = (m.caps.get(Slot::Flag), m.state.dct, year) {
        // A text cannot name a day that had not come.
        let date = cal::day(named, month.unwrap_or(1), day.unwrap_or(1));
        year = date.filter(|date| *date <= dct).and(year);
    }
    let mut anchor = Anchor::None;
    if let (None, Some(dir)) = (year, m.caps.get(Slot::Dir)) {
        let (base, from) = directed_base(m.state, dir)?;
        year = Some(i32::from(base.year()) + step(dir));
        anchor = from;
    }
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) => Some(Found::at(
            Point::new(Gran::Day, cal::day(year, month, day)?),
            anchor,
        )),
        (Some(year), Some(month), None) => Some(Found::at(
            Point::new(Gran::Month, cal::day(year, month, 1)?),
            anchor,
        )),
        (Some(year), None, None) => Some(Found::at(Point::year(year)?, anchor)),
        (None, Some(month), day) => month_day(m, month, day),
        (None, None, None) => weekday(m, wday?),
        _ => None,
    }
}

/// A month or a day of it, whose year is to be found.
fn month_day(m: Match<'_>, month: i32, day: Option<i32>) -> Option<Found> {
    // 29 February stands in a leap year only; any other impossible day is no date.
    cal::day(2024, month, day.unwrap_or(1))?;
    let gran = if day.is_some() {
        Gran::Day
    } else {
        Gran::Month
    };
    let on = |year: i32| cal::day(year, month, day.unwrap_or(1));
    let Some((year, anchor)) = year_of(m, month, &on) else {
        return Some(Found::missing(match day {
            Some(day) => format!("XXXX-{month:02}-{day:02}"),
            None => format!("XXXX-{month:02}"),
        }));
    };
    Some(Found::at(Point::new(gran, on(year)?), anchor))
}

pub(crate) fn year_of(
    m: Match<'_>,
    month: i32,
    on: &dyn Fn(i32) -> Option<Date>,
) -> Option<(i32, Anchor)> {
    if let (true, Some(last)) = (m.state.narrative, m.state.last) {
        return Some((narrative_year(last, month), Anchor::LastDate));
    }
    let Some(dct) = m.state.dct else {
        // Only a dated day or month shortly before lends its year.
        let last = m.state.last.filter(|last| last.gran <= Gran::Month)?;
        let ahead = month - i32::from(last.start.month());
        let year = i32::from(last.start.year());
        return (0..=6).contains(&ahead).then_some((year, Anchor::LastDate));
    };
    year_from_dct(m, month, dct, on)
}

/// The year that the tense, the weekday and the dates told put a month or day into.
fn year_from_dct(
    m: Match<'_>,
    month: i32,
    dct: Date,
    on: &dyn Fn(i32) -> Option<Date>,
) -> Option<(i32, Anchor)> {
    let year = i32::from(dct.year());
    let months = 12 * year + i32::from(dct.month());
    // Distance of a candidate in months, or days when both lie in one month.
    let back = (0..3)
        .map(|n| year + 1 - n)
        .find(|&y| on(y).is_some_and(|date| date <= dct));
    let forward = (0..3).map(|n| year - 1 + n).find(|&y| {
        on(y).is_some_and(|date| {
            date >= dct || 12 * y + month == months && m.caps.get(Slot::Day).is_none()
        })
    });
    let away = |y: i32| (12 * y + month - months).abs();
    if let Some(year) = year_by_weekday(m, on, [back, forward]) {
        return Some((year, Anchor::Publication));
    }
    let nearest = [back, forward]
        .into_iter()
        .flatten()
        .min_by_key(|y| away(*y));
    let lopsided = forward.is_some_and(|y| away(y) < 4) && back.is_some_and(|y| away(y) > 8);
    // The text tells of a time long past: the date belongs there.
    let background = m
        .state
        .last
        .zip(back.and_then(on))
        .is_some_and(|(last, date)| {
            (dct - last.start).get_days() > 90 && (date - last.start).get_days().abs() < 200
        });
    // "By the end of September 2025, no later than 30 September": the plan's own year.
    let plan = m
        .state
        .last
        .filter(|last| last.start > dct)
        .and_then(|last| {
            let year = i32::from(last.start.year());
            let near = on(year).is_some_and(|date| (date - last.start).get_days().abs() < 100);
            near.then_some(year)
        });
    let tense = direction(m);
    if tense != Tense::Past && plan.is_some_and(|year| forward.is_some_and(|y| year >= y)) {
        return Some((plan?, Anchor::LastDate));
    }
    let chosen = match tense {
        // Nobody leaves out the year of a month that is nearly a year off while its twin is near.
        Tense::Past if lopsided && !background && m.relation != Some("since") => forward,
        Tense::Past => back,
        Tense::Future => forward,
        Tense::Unknown => nearest,
    };
    Some((chosen?, Anchor::Publication))
}

/// The tense of the clause, but what somebody undertook lies ahead. Not so for days of the week:
/// "pledged aid on Tuesday" tells when it was pledged.
fn direction(m: Match<'_>) -> Tense {
    if m.context.undertaken(m.source, m.from) {
        Tense::Future
    } else {
        clause(m)
    }
}

/// A day of the week that is told with the date decides its year.
fn year_by_weekday(
    m: Match<'_>,
    on: &dyn Fn(i32) -> Option<Date>,
    years: [Option<i32>; 2],
) -> Option<i32> {
    let wday = m.caps.get(Slot::Wday)?;
    m.caps.get(Slot::Day)?;
    let fits =
        |y: &i32| on(*y).is_some_and(|d| i32::from(d.weekday().to_monday_one_offset()) == wday);
    years.into_iter().flatten().find(fits)
}

/// The tense that decides the direction of a date without its year or week.
pub(crate) fn clause(m: Match<'_>) -> Tense {
    if m.relation == Some("since") {
        return Tense::Past;
    }
    if m.context.deferred(m.source, m.from) {
        return Tense::Future;
    }
    match (tense(m.source, m.from, m.to), m.relation) {
        (Tense::Unknown, Some("by" | "until")) => Tense::Future,
        (tense, _) => tense,
    }
}

/// A story runs on: the year that puts a month nearest to the last date, later rather than earlier.
fn narrative_year(last: Point, month: i32) -> i32 {
    let year = i32::from(last.start.year());
    if last.gran >= Gran::Year {
        return year;
    }
    let ahead = month - i32::from(last.start.month());
    match ahead {
        ..=-8 => year + 1,
        10.. => year - 1,
        _ => year,
    }
}

fn weekday(m: Match<'_>, wday: i32) -> Option<Found> {
    let state = m.state;
    if m.from > 0 && matches!(m.source.word(m.from - 1), "a" | "A") {
        // "On a Saturday": some Saturday.
        return Some(Found::missing(format!("XXXX-WXX-{wday}")));
    }
    if state.narrative
        && let Some(day) = state.last_day
    {
        let date = cal::weekday_forward(day, wday, false)?;
        return Some(Found::at(Point::new(Gran::Day, date), Anchor::LastDate));
    }
    let Some(dct) = state.dct else {
        return Some(Found::missing(format!("XXXX-WXX-{wday}")));
    };
    let date = match clause(m) {
        Tense::Future => cal::weekday_forward(dct, wday, false)?,
        _ => cal::weekday_back(dct, wday, false)?,
    };
    Some(Found::at(Point::new(Gran::Day, date), Anchor::Publication))
}

fn relative_day(m: Match<'_>) -> Option<Found> {
    let by = i64::from(m.caps.get(Slot::RelD)?);
    let base = match m.state.dct {
        Some(dct) if !m.state.narrative => Some((dct, Anchor::Publication)),
        _ => m.state.last_day.map(|day| (day, Anchor::LastDate)),
    };
    let Some((base, anchor)) = base else {
        return Some(Found::missing(if by == 0 {
            "PRESENT_REF"
        } else {
            "XXXX-XX-XX"
        }));
    };
    let day = cal::shift(base, Unit::Day, by)?;
    Some(Found::at(Point::new(Gran::Day, day), anchor))
}

/// How far a direction word goes: last -1, this and that 0, next 1.
pub(crate) fn step(dir: i32) -> i32 {
    match dir {
        -1 | -2 => -1,
        1 | 3 => 1,
        _ => 0,
    }
}

/// Where a direction word counts from.
pub(crate) fn directed_base(state: &State, dir: i32) -> Option<(Date, Anchor)> {
    match dir {
        -2 | 2 | 3 => told(state),
        _ => reference(state),
    }
}

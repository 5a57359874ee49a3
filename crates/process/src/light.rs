//! Lights: what the evidence says of each condition, month by month.

use rapporteur_base::Date;
use rapporteur_record::Cite;
use serde::Serialize;

use crate::indicator::{Observed, Tables, observe};
use crate::model::{Agree, Condition, Coverage, Judged, Kind, Measure, Rating, Stat};
use crate::months::{last_complete, last_day, written};
use crate::world::World;

/// State of a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It holds.
    Green,
    /// Nearly, or not long enough, or its judges differ.
    Amber,
    /// It does not hold.
    Red,
    /// The evidence does not say.
    #[default]
    Unknown,
}

impl Status {
    /// For a reader.
    pub fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
            Self::Unknown => "unknown",
        }
    }

    /// One letter: `G`, `A`, `R`, `?`.
    pub fn letter(self) -> char {
        match self {
            Self::Green => 'G',
            Self::Amber => 'A',
            Self::Red => 'R',
            Self::Unknown => '?',
        }
    }
}

/// A condition at one time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Light {
    /// The last month it rests on.
    pub month: i32,
    /// What it says.
    pub status: Status,
    /// Why, in a line.
    pub why: String,
    /// The tested value, where it is known.
    pub value: Option<f64>,
    /// Passages.
    pub cites: Vec<Cite>,
    /// Ratings of the judges, each apart; a judge who has not rated has none.
    pub ratings: Vec<Judge>,
}

/// What one judge says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judge {
    /// Short name.
    pub by: String,
    /// Newest rating that stands; `None`: none, or out of date.
    pub value: Option<u8>,
    /// Since when.
    pub on: Option<Date>,
    /// Passages.
    pub cites: Vec<Cite>,
    /// The judge's remark, or why there is no rating.
    pub note: String,
}

/// A condition with its history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lights {
    /// Short name of the condition.
    pub condition: String,
    /// Month by month, from what is known on the day; the last is the light of the day.
    pub history: Vec<Light>,
    /// Since which month the light is what it is; `None` for unknown.
    pub since: Option<i32>,
    /// What it is measured by; `None` for a judged one.
    pub observed: Option<Observed>,
}

impl Lights {
    /// The light of the day.
    pub fn now(&self) -> &Light {
        static NONE: Light = Light {
            month: 0,
            status: Status::Unknown,
            why: String::new(),
            value: None,
            cites: Vec::new(),
            ratings: Vec::new(),
        };
        self.history.last().unwrap_or(&NONE)
    }
}

/// Judges every condition as of the day of `world`, with months of history.
pub(crate) fn judge(world: &World<'_>, tables: &Tables, months: usize) -> Vec<Lights> {
    let conditions = &world.process.conditions;
    conditions
        .iter()
        .map(|c| one(world, c, tables, months))
        .collect()
}

fn one(world: &World<'_>, condition: &Condition, tables: &Tables, months: usize) -> Lights {
    let last = last_complete(world.day);
    let first = last - i32::try_from(months).unwrap_or(0) + 1;
    let (history, observed): (Vec<Light>, _) = match &condition.kind {
        Kind::Measured(measure) => {
            let least = least(condition.coverage, world.process.coverage);
            let observed = observe(world, &measure.indicator, least, tables);
            let history = (first..=last)
                .map(|m| measured(measure, &observed, m))
                .collect();
            (history, Some(observed))
        }
        Kind::Judged(judged) => {
            // The day itself closes the history, the month ends before it are its past.
            let at = |month: i32| {
                let day = if month == last {
                    world.day
                } else {
                    last_day(month)
                };
                let mut light = rated(world, condition, judged, day);
                light.month = month;
                light
            };
            ((first..=last).map(at).collect(), None)
        }
    };
    Lights {
        condition: condition.id.clone(),
        since: since(&history),
        history,
        observed,
    }
}

/// Since when the last light is what it is.
fn since(history: &[Light]) -> Option<i32> {
    let now = history.last()?;
    if now.status == Status::Unknown {
        return None;
    }
    let same = history.iter().rev().take_while(|l| l.status == now.status);
    same.last().map(|l| l.month)
}

fn least(own: Coverage, process: Coverage) -> Coverage {
    let or = |own: usize, process| if own == 0 { process } else { own };
    Coverage {
        articles: or(own.articles, process.articles),
        sources: or(own.sources, process.sources),
    }
}

/// Best value and bounds of a window.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    best: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

fn window(measure: &Measure, observed: &Observed, month: i32) -> Window {
    let width = i32::try_from(measure.window).unwrap_or(1);
    let cells: Vec<_> = (month - width + 1..=month)
        .map(|m| observed.cell(m))
        .collect();
    let over = |pick: fn(&crate::Cell) -> Option<f64>| -> Vec<Option<f64>> {
        cells.iter().map(|c| c.and_then(pick)).collect()
    };
    let counts = |values: Vec<Option<f64>>| values.into_iter().collect::<Option<Vec<f64>>>();
    let stat = |values: Option<Vec<f64>>| values.map(|v| apply(measure.stat, &v));
    // Before the first month and where nothing is known a count is at least nothing.
    let lows = cells
        .iter()
        .map(|c| c.map_or(Some(0.0), |c| c.low))
        .collect();
    let highs = over(|c| c.high);
    Window {
        best: stat(counts(over(|c| c.value))),
        low: stat(counts(lows)),
        // The least of a window is at most each of its months.
        high: if measure.stat == Stat::Min {
            highs.into_iter().flatten().reduce(f64::min)
        } else if measure.stat == Stat::Last {
            highs.last().copied().flatten()
        } else {
            stat(counts(highs))
        },
    }
}

/// The value of a window.
pub(crate) fn apply(stat: Stat, values: &[f64]) -> f64 {
    let sum: f64 = values.iter().sum();
    match stat {
        Stat::Mean => sum / values.len().max(1) as f64,
        Stat::Sum => sum,
        Stat::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Stat::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
        Stat::Last => values.last().copied().unwrap_or(0.0),
    }
}

/// The light of a measured condition at a month.
pub(crate) fn measured(measure: &Measure, observed: &Observed, month: i32) -> Light {
    let passes = |m: i32| {
        let w = window(measure, observed, m);
        measure.test.holds(w.low, w.high)
    };
    let w = window(measure, observed, month);
    let hold = i32::try_from(measure.hold).unwrap_or(1);
    let run = (0..hold)
        .take_while(|back| passes(month - back) == Some(true))
        .count();
    let value = told(measure, w);
    let (status, why) = match measure.test.holds(w.low, w.high) {
        Some(true) if run == measure.hold => (Status::Green, held(measure, &value)),
        Some(true) => {
            let why = format!(
                "{value} passes {}, for {run} of {hold} windows",
                measure.test.written()
            );
            (Status::Amber, why)
        }
        Some(false) => match measure
            .amber
            .map(|amber| (amber, amber.holds(w.low, w.high)))
        {
            Some((amber, Some(true) | None)) => {
                let why = format!(
                    "{value} fails {}, within {}",
                    measure.test.written(),
                    amber.written()
                );
                (Status::Amber, why)
            }
            _ => (
                Status::Red,
                format!("{value} fails {}", measure.test.written()),
            ),
        },
        None => (Status::Unknown, unknown(measure, observed, month, w)),
    };
    Light {
        month,
        status,
        why,
        value: w.best,
        cites: evidence(measure, observed, month),
        ratings: Vec::new(),
    }
}

fn held(measure: &Measure, value: &str) -> String {
    let windows = match measure.hold {
        1 => String::new(),
        n => format!(", for {n} windows"),
    };
    format!("{value} passes {}{windows}", measure.test.written())
}

/// The value of a window in words, with its bounds where they matter.
fn told(measure: &Measure, w: Window) -> String {
    let name = match (measure.stat, measure.window) {
        (_, 1) | (Stat::Last, _) => "last month".to_owned(),
        (Stat::Mean, n) => format!("mean of {n} months"),
        (Stat::Sum, n) => format!("sum of {n} months"),
        (Stat::Max, n) => format!("most of {n} months"),
        (Stat::Min, n) => format!("least of {n} months"),
    };
    let exact = w.low.is_some() && w.low == w.high;
    match (w.best, w.low, w.high) {
        (Some(best), ..) if exact => format!("{name} {}", number(best)),
        (_, Some(low), None) => format!("{name} at least {}", number(low)),
        (_, None, Some(high)) => format!("{name} at most {}", number(high)),
        (_, Some(low), Some(high)) => format!("{name} {} to {}", number(low), number(high)),
        _ => format!("{name} not known"),
    }
}

/// At most one digit behind the point.
pub fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == rounded.trunc() {
        format!("{rounded:.0}")
    } else {
        format!("{rounded:.1}")
    }
}

fn unknown(measure: &Measure, observed: &Observed, month: i32, w: Window) -> String {
    let width = i32::try_from(measure.window).unwrap_or(1);
    let silent: Vec<String> = (month - width + 1..=month)
        .filter(|m| observed.cell(*m).and_then(|c| c.value).is_none())
        .map(written)
        .collect();
    if silent.is_empty() {
        return format!(
            "{} and the words allow both sides of {}",
            told(measure, w),
            measure.test.written()
        );
    }
    let why = (month - width + 1..=month)
        .rev()
        .find_map(|m| observed.cell(m).filter(|c| c.value.is_none()))
        .map_or("no evidence reaches back so far".to_owned(), |c| {
            c.why.clone()
        });
    format!("not known for {}: {why}", silent.join(", "))
}

fn evidence(measure: &Measure, observed: &Observed, month: i32) -> Vec<Cite> {
    let width = i32::try_from(measure.window).unwrap_or(1);
    let mut out: Vec<Cite> = Vec::new();
    for cell in (month - width + 1..=month).filter_map(|m| observed.cell(m)) {
        for cite in &cell.cites {
            if !out.contains(cite) {
                out.push(cite.clone());
            }
        }
    }
    out
}

/// The newest rating of a judge that counts on the day.
fn newest<'w>(
    world: &'w World<'_>,
    condition: &Condition,
    by: &str,
    day: Date,
) -> Option<(Date, &'w Rating)> {
    world
        .process
        .ratings
        .iter()
        .filter(|r| r.condition == condition.id && r.by == by)
        .filter(|r| world.counts(&r.cite, None))
        .filter_map(|r| Some((world.days(&r.on)?.1, r)))
        .filter(|(on, _)| *on <= day)
        .max_by(|(a, x), (b, y)| a.cmp(b).then(x.value.cmp(&y.value)))
}

/// Every judge's own word.
pub(crate) fn judges(
    world: &World<'_>,
    condition: &Condition,
    judged: &Judged,
    day: Date,
) -> Vec<Judge> {
    let one = |by: &String| {
        let silent = |note: &str| Judge {
            by: by.clone(),
            value: None,
            on: None,
            cites: Vec::new(),
            note: note.to_owned(),
        };
        let Some((on, rating)) = newest(world, condition, by, day) else {
            return silent("has not rated");
        };
        let valid = judged
            .valid
            .map(|v| jiff::Span::new().months(v.months).days(v.days));
        if valid.is_some_and(|v| on.saturating_add(v) < day) {
            return silent(&format!("last rated on {on}, which is too long ago"));
        }
        Judge {
            by: by.clone(),
            value: Some(rating.value.min(judged.top)),
            on: Some(on),
            cites: world.cites(&rating.cite),
            note: rating.note.clone(),
        }
    };
    judged.by.iter().map(one).collect()
}

/// Whether the ratings make it hold; `None`: they do not say.
pub(crate) fn agreed(judged: &Judged, values: &[Option<u8>]) -> Option<bool> {
    let yes = values
        .iter()
        .filter(|v| v.is_some_and(|v| v >= judged.pass))
        .count();
    let no = values
        .iter()
        .filter(|v| v.is_some_and(|v| v < judged.pass))
        .count();
    let all = values.len();
    let needed = match judged.agree {
        Agree::All => all,
        Agree::Majority => all / 2 + 1,
        Agree::Any => 1,
    };
    if all > 0 && yes >= needed {
        Some(true)
    } else if all - no < needed {
        Some(false)
    } else {
        None
    }
}

fn rated(world: &World<'_>, condition: &Condition, judged: &Judged, day: Date) -> Light {
    let ratings = judges(world, condition, judged, day);
    let values: Vec<Option<u8>> = ratings.iter().map(|j| j.value).collect();
    let near = |v: &Option<u8>| v.is_some_and(|v| v + 1 >= judged.pass);
    let status = match agreed(judged, &values) {
        Some(true) => Status::Green,
        // One judge sees it met, or all that speak see it one rung short.
        Some(false) if values.iter().any(|v| v.is_some_and(|v| v >= judged.pass)) => Status::Amber,
        Some(false) if values.iter().all(near) => Status::Amber,
        Some(false) => Status::Red,
        None => Status::Unknown,
    };
    let who = match (judged.agree, judged.by.len()) {
        (_, 1) => "the judge rates",
        (Agree::All, _) => "all judges rate",
        (Agree::Majority, _) => "most judges rate",
        (Agree::Any, _) => "one judge rates",
    };
    let silent = ratings.iter().filter(|j| j.value.is_none()).count();
    let missing = match silent {
        0 => String::new(),
        n => format!("; {n} of {} have no rating that stands", ratings.len()),
    };
    Light {
        month: 0,
        status,
        why: format!(
            "met when {who} {} of {} or more{missing}",
            judged.pass, judged.top
        ),
        value: None,
        cites: ratings.iter().flat_map(|j| j.cites.clone()).collect(),
        ratings,
    }
}

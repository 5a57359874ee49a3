//! Where a process stands on a day: everything that a page shows, as plain data.

use std::collections::BTreeMap;

use rapporteur_base::Date;
use rapporteur_record::{Cite, View};
use serde::Serialize;

use crate::deadline::{Deadline, PhaseDays, Standstill, deadlines, phase_days, standstills};
use crate::indicator::{Tables, observe, rows_of};
use crate::light::{Lights, Status, judge};
use crate::model::{Cited, Coverage, Process};
use crate::months::{first_day, last_complete, last_day, month_of};
use crate::project::{Projection, WhatIf, project};
use crate::query::Bound;
use crate::score::{Calibration, score};
use crate::state::{States, states};
use crate::window::{GapRow, Overlap, gaps, overlaps};
use crate::world::World;

/// Months of a light's history.
pub const HISTORY: usize = 12;

/// A level told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelPoint {
    /// As of when; `None`: not said.
    pub date: Option<Date>,
    /// Number.
    pub value: f64,
    /// Lowest and highest allowed or told.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
    /// `deployed`, `authorised`, `planned`.
    pub kind: String,
    /// Passages; none: entered by hand.
    pub cites: Vec<Cite>,
    /// A remark.
    pub note: String,
}

/// A ceiling of a phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ceiling {
    /// The phase.
    pub phase: String,
    /// The bound.
    pub bound: Bound,
    /// By when.
    pub date: Option<Date>,
    /// Whether the newest deployed level meets it; `None`: the evidence does not say.
    pub met: Option<bool>,
}

/// Levels of one scope against the ceilings of the phases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelRow {
    /// The scope.
    pub scope: String,
    /// Its name.
    pub title: String,
    /// Levels in order of time.
    pub points: Vec<LevelPoint>,
    /// Ceilings in order of the phases.
    pub ceilings: Vec<Ceiling>,
}

/// A rung of the commitment ladder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LadderRow {
    /// Short name.
    pub id: String,
    /// By whom.
    pub by: Vec<String>,
    /// What.
    pub what: String,
    /// Rung.
    pub strength: String,
    /// By when.
    pub due: Option<Date>,
    /// 0 to 3; `None`: not assessed.
    pub score: Option<u8>,
    /// Who assessed it.
    pub scored_by: String,
    /// Passages.
    pub cites: Vec<Cite>,
}

/// A light that later evidence changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Revision {
    /// The condition.
    pub condition: String,
    /// The month.
    pub month: i32,
    /// What it said at the end of that month, from what was published by then.
    pub then: Status,
    /// What it says now of the same month.
    pub now: Status,
}

/// Where a process stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The day.
    pub day: Date,
    /// Articles and outlets of each of the last months.
    pub coverage: Vec<(i32, usize, usize)>,
    /// The state, with the accounts that disagree.
    pub states: States,
    /// A light for each condition, in the order of the file.
    pub lights: Vec<Lights>,
    /// Lights that said something else at the time.
    pub revisions: Vec<Revision>,
    /// Levels against ceilings.
    pub levels: Vec<LevelRow>,
    /// Windows of the parties.
    pub overlaps: Vec<Overlap>,
    /// How the gap moved.
    pub gaps: Vec<GapRow>,
    /// The commitment ladder, strongest rung first.
    pub ladder: Vec<LadderRow>,
    /// Days of the phases.
    pub phases: Vec<PhaseDays>,
    /// Times when the talks stood still.
    pub standstills: Vec<Standstill>,
    /// Dates ahead, in order.
    pub deadlines: Vec<Deadline>,
    /// Passages of the rows of the file, by their kind and name: `party us`, `track threat`.
    pub cites: BTreeMap<String, Vec<Cite>>,
    /// Lines of the file that rest on no row of the record.
    pub by_hand: usize,
}

/// The lights of a past day, from what was published by then.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The day.
    pub day: Date,
    /// A light for each condition, without history.
    pub lights: Vec<Lights>,
}

impl Past {
    /// Judges the conditions on a past day, from a view of what was known by then.
    pub fn of(process: &Process, view: &View, tables: &Tables, day: Date) -> Self {
        Self {
            day,
            lights: judge(&World::of(process, view, day), tables, 1),
        }
    }
}

impl Standing {
    /// Where `process` stands on `day`, from a view of what was known by then.
    pub fn of(process: &Process, view: &View, tables: &Tables, day: Date, past: &[Past]) -> Self {
        let world = World::of(process, view, day);
        let lights = judge(&world, tables, HISTORY);
        let last = month_of(day);
        let coverage = |month| {
            let Coverage { articles, sources } = world.coverage(month);
            (month, articles, sources)
        };
        let cites = cites(&world);
        Self {
            day,
            coverage: (last - i32::try_from(HISTORY).unwrap_or(12)..=last)
                .map(coverage)
                .collect(),
            states: states(&world),
            revisions: revisions(&lights, past),
            lights,
            levels: levels(&world, tables),
            overlaps: overlaps(&world, day),
            gaps: gaps(&world),
            ladder: ladder(&world),
            phases: phase_days(&world),
            standstills: standstills(&world),
            deadlines: deadlines(&world),
            by_hand: cites.values().filter(|c| c.is_empty()).count(),
            cites,
        }
    }
}

/// The projection from a view, with the score card of past ones.
pub fn projected(
    process: &Process,
    view: &View,
    tables: &Tables,
    day: Date,
    what_if: Option<&WhatIf>,
) -> Projection {
    let world = World::of(process, view, day);
    project(&world, &judge(&world, tables, HISTORY), what_if)
}

/// How past projections of the conditions came out.
pub fn calibrated(
    process: &Process,
    view: &View,
    tables: &Tables,
    day: Date,
    past: &[Past],
) -> Calibration {
    let now = judge(&World::of(process, view, day), tables, HISTORY);
    let then: Vec<&Past> = past.iter().filter(|p| p.day < day).collect();
    score(process, &now, &then)
}

/// Rows that the file names and the record does not hold.
pub fn dangling<'p>(process: &'p Process, view: &View) -> Vec<&'p crate::Reference> {
    let day = Date::MAX;
    let world = World::of(process, view, day);
    process
        .references
        .iter()
        .filter(|r| !world.holds(&r.id))
        .collect()
}

/// Faults of the outside tables.
pub fn table_faults(process: &Process, tables: &Tables) -> Vec<String> {
    let read = |t: &crate::Table| rows_of(t, tables.get(&t.id)?).err();
    process.tables.iter().filter_map(read).collect()
}

fn revisions(now: &[Lights], past: &[Past]) -> Vec<Revision> {
    let mut out = Vec::new();
    for past in past {
        let month = last_complete(past.day);
        for (then, now) in past.lights.iter().zip(now) {
            let Some(light) = now.history.iter().find(|l| l.month == month) else {
                continue;
            };
            if then.now().status != light.status {
                out.push(Revision {
                    condition: now.condition.clone(),
                    month,
                    then: then.now().status,
                    now: light.status,
                });
            }
        }
    }
    out.sort_by(|a, b| (&a.condition, a.month).cmp(&(&b.condition, b.month)));
    out
}

fn levels(world: &World<'_>, tables: &Tables) -> Vec<LevelRow> {
    let one = |scope: &crate::Scope| {
        let by_hand = world.process.levels.iter().filter(|l| l.scope == scope.id);
        let mut points: Vec<LevelPoint> = by_hand
            .filter(|l| world.counts(&l.cite, l.asof.as_ref()))
            .map(|l| LevelPoint {
                date: l.asof.as_ref().and_then(|w| world.days(w)).map(|d| d.1),
                value: l.value,
                low: l.low,
                high: l.high,
                kind: l.kind.clone(),
                cites: world.cites(&l.cite),
                note: l.note.clone(),
            })
            .collect();
        if let Some(query) = &scope.indicator {
            let observed = observe(
                world,
                query,
                Coverage {
                    articles: 0,
                    sources: 0,
                },
                tables,
            );
            let cells = observed.cells.iter().chain(&observed.so_far);
            points.extend(cells.filter_map(|cell| {
                Some(LevelPoint {
                    date: Some(last_day(cell.month).min(world.day)),
                    value: cell.value?,
                    low: cell.low,
                    high: cell.high,
                    kind: "deployed".into(),
                    cites: cell.cites.clone(),
                    note: cell.why.clone(),
                })
            }));
        }
        points.sort_by_key(|p| p.date);
        LevelRow {
            scope: scope.id.clone(),
            title: scope.title.clone(),
            ceilings: ceilings(world, &scope.id, &points),
            points,
        }
    };
    world.process.scopes.iter().map(one).collect()
}

fn ceilings(world: &World<'_>, scope: &str, points: &[LevelPoint]) -> Vec<Ceiling> {
    let newest = points
        .iter()
        .rev()
        .find(|p| p.kind == "deployed" && p.date.is_some());
    let mut out = Vec::new();
    for phase in world.process.ordered_phases() {
        for (_, bound) in phase.levels.iter().filter(|(s, _)| s == scope) {
            let date = phase
                .no_later
                .as_ref()
                .and_then(|w| world.days(w))
                .map(|d| d.1);
            let met = newest.and_then(|p| {
                // A number without bounds is taken at its word.
                let bounded = p.low.is_some() || p.high.is_some();
                let exact = (Some(p.value), Some(p.value));
                let (low, high) = if bounded { (p.low, p.high) } else { exact };
                bound.holds(low, high)
            });
            out.push(Ceiling {
                phase: phase.id.clone(),
                bound: *bound,
                date,
                met,
            });
        }
    }
    out
}

const LADDER: [&str; 6] = ["done", "scheduled", "agreed", "mandate", "aim", "declared"];

fn ladder(world: &World<'_>) -> Vec<LadderRow> {
    let known = world
        .process
        .commitments
        .iter()
        .filter(|c| world.counts(&c.cite, None));
    let mut out: Vec<LadderRow> = known
        .map(|c| {
            let scored = c.scored_on.as_ref().and_then(|w| world.days(w));
            let stands = scored.is_none_or(|(on, _)| on <= world.day);
            LadderRow {
                id: c.id.clone(),
                by: c.by.clone(),
                what: c.what.clone(),
                strength: c.strength.clone(),
                due: c.due.as_ref().and_then(|w| world.days(w)).map(|d| d.1),
                score: c.score.filter(|_| stands),
                scored_by: c.scored_by.clone(),
                cites: world.cites(&c.cite),
            }
        })
        .collect();
    let rung = |row: &LadderRow| LADDER.iter().position(|s| *s == row.strength);
    out.sort_by_key(|row| (rung(row), row.id.clone()));
    out
}

fn cites(world: &World<'_>) -> BTreeMap<String, Vec<Cite>> {
    let mut out = BTreeMap::new();
    let mut add = |kind: &str, id: &str, cite: &Cited| {
        out.insert(format!("{kind} {id}"), world.cites(cite));
    };
    let p = world.process;
    p.parties.iter().for_each(|x| add("party", &x.id, &x.cite));
    p.bodies.iter().for_each(|x| add("body", &x.id, &x.cite));
    p.tracks.iter().for_each(|x| add("track", &x.id, &x.cite));
    p.phases.iter().for_each(|x| add("phase", &x.id, &x.cite));
    p.conditions
        .iter()
        .for_each(|x| add("condition", &x.id, &x.cite));
    p.commitments
        .iter()
        .for_each(|x| add("commitment", &x.id, &x.cite));
    for (at, x) in p.positions.iter().enumerate() {
        add("position", &at.to_string(), &x.cite);
    }
    for (at, x) in p.levels.iter().enumerate() {
        add("level", &at.to_string(), &x.cite);
    }
    for (at, x) in p.ratings.iter().enumerate() {
        add("rating", &at.to_string(), &x.cite);
    }
    for (at, x) in p.suspensions.iter().enumerate() {
        add("suspension", &at.to_string(), &x.cause);
    }
    out
}

/// Past month ends, oldest first, at which a replay has something to ask: at most `most`.
pub fn origins(day: Date, most: usize) -> Vec<Date> {
    let last = last_complete(day);
    let first = last - i32::try_from(most).unwrap_or(0) + 1;
    (first..=last)
        .map(|m| last_day(m).max(first_day(m)))
        .filter(|d| *d < day)
        .collect()
}

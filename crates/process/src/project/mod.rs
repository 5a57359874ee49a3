//! From paths of the indicators to dates of the phases: the phase graph walked once a draw.

mod chain;
mod draw;
mod stop;
mod walk;

use rapporteur_base::Date;
use serde::Serialize;

use crate::forecast::Paths;
use crate::indicator::Observed;
use crate::light::{Lights, apply, number};
use crate::model::{Condition, Kind, Measure};
use crate::months::last_complete;
use crate::rng::Rng;
use crate::window::overlaps;
use crate::world::World;
use chain::Chain;
use draw::paths;
use stop::Stop;
use walk::Tally;

/// Known months below which an indicator is not projected.
const LEAST: usize = 3;

/// When something comes: mass a month, and what lies beyond.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DateDist {
    /// Month of the first mass.
    pub start: i32,
    /// Share of the draws a month.
    pub mass: Vec<f64>,
    /// Share in which it does not come within the horizon.
    pub never: f64,
}

impl DateDist {
    /// First month by which a share of the draws has it; `None`: not within the horizon.
    pub fn quantile(&self, share: f64) -> Option<i32> {
        let mut sum = 0.0;
        for (month, mass) in (self.start..).zip(&self.mass) {
            sum += mass;
            if sum >= share - 1e-9 {
                return Some(month);
            }
        }
        None
    }

    /// Share of the draws that have it by the end of a month.
    pub fn by(&self, month: i32) -> f64 {
        let months = (self.start..).zip(&self.mass);
        months
            .take_while(|(m, _)| *m <= month)
            .map(|(_, p)| p)
            .sum()
    }
}

/// Dates of one phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseDates {
    /// The phase.
    pub phase: String,
    /// Its dates; `None`: nothing can be said, and `why` tells the reason.
    pub dates: Option<DateDist>,
    /// Why there are none, or what was taken for granted.
    pub why: String,
    /// The date ceiling.
    pub ceiling: Option<Date>,
    /// Chance to be done by the ceiling.
    pub by_ceiling: Option<f64>,
    /// What was still missing in the month before, by share of the draws, greatest first.
    pub binding: Vec<(String, f64)>,
    /// Chance that the conditions first hold in a month that all parties accept, weighted by
    /// acceptance; `None`: the windows are not known.
    pub joint: Option<Joint>,
}

/// Dates and windows together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Joint {
    /// Sum over months of chance times acceptance.
    pub chance: f64,
    /// Month that gives most, and how much.
    pub peak: Option<(i32, f64)>,
}

/// Middle and edges of an indicator's paths.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fan {
    /// The condition that it is for.
    pub condition: String,
    /// First month ahead.
    pub start: i32,
    /// P10, P50, P90 a month.
    pub quantiles: Vec<[f64; 3]>,
    /// Share of the draws in which the condition holds, a month.
    pub holds: Vec<f64>,
    /// Model that drew them; empty for a judged condition.
    pub model: String,
}

/// What the process comes to, as far as its paths tell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Projection {
    /// The day it was made for.
    pub day: Date,
    /// Last month of evidence.
    pub origin: i32,
    /// Months ahead.
    pub horizon: usize,
    /// Draws.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// Dates of each phase, in an order in which each comes after those it waits for.
    pub phases: Vec<PhaseDates>,
    /// Each condition ahead.
    pub fans: Vec<Fan>,
    /// Share of the draws in which the talks stand still, a month.
    pub stopped: Vec<f64>,
    /// What was taken for granted, in sentences.
    pub assumptions: Vec<String>,
}

/// What if an indicator had some more months like that.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// The condition whose indicator it is.
    pub condition: String,
    /// Value of those months; `None`: the greatest on record.
    pub value: Option<f64>,
    /// How many; with none the same draws are made and nothing is changed, to compare with.
    pub months: usize,
}

/// How a condition is drawn.
enum Source<'l> {
    /// From paths: the number of the paths.
    Paths(&'l Measure, &'l Observed, usize),
    /// From ratings.
    Chain(Chain),
    /// From the analyst's estimate of months until it holds.
    Estimate([f64; 3]),
    /// Not at all.
    Unknown(String),
}

/// Projects the phases from the lights of the day.
pub(crate) fn project(
    world: &World<'_>,
    lights: &[Lights],
    what_if: Option<&WhatIf>,
) -> Projection {
    let settings = &world.process.settings;
    let horizon = settings.horizon;
    let mut told = Vec::new();
    let sources = sources(world, lights, &mut told);
    let paths = paths(world, &sources, what_if, &mut told);
    let stop = Stop::of(world, lights, &mut told);
    let driver = stop.driver.and_then(|at| match sources.get(at) {
        Some(Source::Paths(.., at)) => paths.get(*at),
        _ => None,
    });
    let mut rng = Rng::new(settings.seed, "phases");
    let mut tally = Tally::of(world, &sources, &mut told);
    for draw in 0..settings.draws {
        let holds: Vec<Vec<bool>> = sources
            .iter()
            .map(|source| holds(source, &paths, draw, horizon, &mut rng))
            .collect();
        let driver = driver.map(|paths| paths.draws[draw].as_slice());
        let stopped = stop.draw(driver, horizon, &mut rng);
        tally.add(&holds, &stopped);
    }
    let fans = fans(world, &sources, &paths, &tally);
    let (phases, stopped) = tally.finish(&overlaps(world, world.day));
    Projection {
        day: world.day,
        origin: last_complete(world.day),
        horizon,
        draws: settings.draws,
        seed: settings.seed,
        phases,
        fans,
        stopped,
        assumptions: told,
    }
}

/// How each condition is drawn.
fn sources<'l>(
    world: &'l World<'_>,
    lights: &'l [Lights],
    told: &mut Vec<String>,
) -> Vec<Source<'l>> {
    let mut paths = 0;
    let one = |(condition, lights): (&'l Condition, &'l Lights)| match (
        &condition.kind,
        &lights.observed,
        condition.estimate,
    ) {
        (Kind::Measured(measure), Some(observed), _) if observed.known() >= LEAST => {
            paths += 1;
            let silent = observed.cells.len() - observed.known();
            if silent > 0 {
                told.push(format!(
                        "{}: {silent} months of its history are unknown; each draw fills them from the {} known ones.",
                        condition.id,
                        observed.known()
                    ));
            }
            Source::Paths(measure, observed, paths - 1)
        }
        (_, _, Some(estimate)) => {
            told.push(format!(
                    "{}: drawn from the analyst's estimate ({} to {} months, likeliest {}), not from evidence.",
                    condition.id,
                    number(estimate[0]),
                    number(estimate[2]),
                    number(estimate[1])
                ));
            Source::Estimate(estimate)
        }
        (Kind::Measured(_), observed, None) => {
            let known = observed.as_ref().map_or(0, Observed::known);
            Source::Unknown(format!(
                "{} has {known} known months of at least {LEAST}, and no `estimate`",
                condition.id
            ))
        }
        (Kind::Judged(judged), ..) => match Chain::of(world, condition, judged, told) {
            Some(chain) => Source::Chain(chain),
            None => Source::Unknown(format!(
                "no judge of {} has a rating that stands, and it has no `estimate`",
                condition.id
            )),
        },
    };
    world
        .process
        .conditions
        .iter()
        .zip(lights)
        .map(one)
        .collect()
}

/// In which months of one draw a condition holds.
fn holds(
    source: &Source<'_>,
    paths: &[Paths],
    draw: usize,
    horizon: usize,
    rng: &mut Rng,
) -> Vec<bool> {
    match source {
        Source::Paths(measure, observed, at) => {
            measured(measure, observed, &paths[*at].draws[draw], rng)
        }
        Source::Chain(chain) => chain.draw(horizon, rng),
        Source::Estimate([low, likely, high]) => {
            let at = rng.pert(*low, *likely, *high);
            (1..=horizon).map(|step| step as f64 >= at).collect()
        }
        Source::Unknown(_) => vec![false; horizon],
    }
}

/// Tests a path month by month, with the months of the record before it.
pub(crate) fn measured(
    measure: &Measure,
    observed: &Observed,
    path: &[f64],
    rng: &mut Rng,
) -> Vec<bool> {
    let back = measure.window + measure.hold - 2;
    let known: Vec<f64> = observed.cells.iter().filter_map(|c| c.value).collect();
    let count = observed.cells.len();
    let mut all = Vec::with_capacity(back + path.len());
    for ago in (1..=back).rev() {
        let cell = count.checked_sub(ago).and_then(|at| observed.cells.get(at));
        let value = cell.and_then(|c| c.value);
        // A month that is not known is one of those that are: the draws spread where it matters.
        all.push(
            value.unwrap_or_else(|| known.get(rng.below(known.len())).copied().unwrap_or(0.0)),
        );
    }
    all.extend_from_slice(path);
    let mut run = 0;
    let passed = all.windows(measure.window).map(|values| {
        let passes = measure.test.passes(apply(measure.stat, values));
        run = if passes { run + 1 } else { 0 };
        run >= measure.hold
    });
    passed.skip(measure.hold - 1).collect()
}

fn fans(world: &World<'_>, sources: &[Source<'_>], paths: &[Paths], tally: &Tally<'_>) -> Vec<Fan> {
    let start = last_complete(world.day) + 1;
    let one = |(at, (condition, source)): (usize, (&Condition, &Source<'_>))| {
        let (quantiles, model) = match source {
            Source::Paths(.., at) => (quantiles(&paths[*at]), paths[*at].model.clone()),
            Source::Unknown(_) => return None,
            Source::Chain(_) | Source::Estimate(_) => (Vec::new(), String::new()),
        };
        Some(Fan {
            condition: condition.id.clone(),
            start,
            quantiles,
            holds: tally.holding(at),
            model,
        })
    };
    world
        .process
        .conditions
        .iter()
        .zip(sources)
        .enumerate()
        .filter_map(one)
        .collect()
}

fn quantiles(paths: &Paths) -> Vec<[f64; 3]> {
    let steps = paths.draws.first().map_or(0, Vec::len);
    (0..steps)
        .map(|step| {
            let mut values: Vec<f64> = paths.draws.iter().map(|d| d[step]).collect();
            let n = values.len();
            [0.1, 0.5, 0.9].map(|share| {
                let at = ((n - 1) as f64 * share).round() as usize;
                *values.select_nth_unstable_by(at, f64::total_cmp).1
            })
        })
        .collect()
}

//! Whole sample paths of several series at once: the interface that the projection draws from.

use crate::rng::Rng;

/// Length of a step of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Calendar month.
    Month,
    /// Seven days.
    Week,
    /// One day.
    Day,
}

/// A series over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What is counted.
    pub unit: String,
    /// Length of a step.
    pub step: Step,
    /// First month: `year * 12 + month - 1`.
    pub start: i32,
    /// One a step; `None` is unknown, never zero.
    pub values: Vec<Option<f64>>,
}

/// How to sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Steps ahead.
    pub horizon: usize,
    /// Paths.
    pub draws: usize,
    /// Seed of the generator.
    pub seed: u64,
    /// Name of the model; empty: the default.
    pub model: String,
}

/// Sample paths of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Paths {
    /// Draws, each with one value a step.
    pub draws: Vec<Vec<f64>>,
    /// Seed used.
    pub seed: u64,
    /// Model used.
    pub model: String,
    /// Last month of the series.
    pub trained_to: i32,
}

/// Age in steps at which a past month counts half.
const HALF_LIFE: f64 = 4.0;
/// Past months drawn from.
const MEMORY: usize = 60;
/// Months of history at which the record weighs as much as the walk of [`walk`].
const PRIOR: f64 = 6.0;
/// Monthly spread of that walk, in logarithms.
const SPREAD: f64 = 0.45;

/// Draws paths; in each draw all series use the same past months, so that what came together comes
/// together again. A short history knows little: part of its draws walk away from the last level.
pub fn sample_paths_joint(targets: &[Series], _pool: &[Series], opts: &Options) -> Vec<Paths> {
    let longest = targets.iter().map(|s| s.values.len()).max().unwrap_or(0);
    let memory = longest.min(MEMORY);
    let weights: Vec<f64> = (0..memory)
        .map(|age| 0.5f64.powf(age as f64 / HALF_LIFE))
        .collect();
    let total: f64 = weights.iter().sum();
    let mut rng = Rng::new(opts.seed);
    let mut out: Vec<Paths> = targets
        .iter()
        .map(|s| Paths {
            draws: Vec::with_capacity(opts.draws),
            seed: opts.seed,
            model: "ew-conflictology".into(),
            trained_to: s.start + i32::try_from(s.values.len()).unwrap_or(0) - 1,
        })
        .collect();
    for _ in 0..opts.draws {
        let ages: Vec<usize> = (0..opts.horizon)
            .map(|_| pick(&weights, total, rng.unit()))
            .collect();
        let (which, shocks) = (rng.unit(), shocks(&mut rng, opts.horizon));
        for (series, paths) in targets.iter().zip(&mut out) {
            let known = series.values.iter().flatten().count() as f64;
            paths.draws.push(if which < PRIOR / (PRIOR + known) {
                walk(series, &shocks)
            } else {
                ages.iter().map(|age| recalled(series, *age)).collect()
            });
        }
    }
    out
}

fn shocks(rng: &mut Rng, horizon: usize) -> Vec<f64> {
    (0..horizon).map(|_| rng.normal()).collect()
}

fn pick(weights: &[f64], total: f64, unit: f64) -> usize {
    let mut left = unit * total;
    for (age, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return age;
        }
    }
    weights.len().saturating_sub(1)
}

/// The value `age` steps before the end, or the nearest known one.
fn recalled(series: &Series, age: usize) -> f64 {
    let at = series.values.len().saturating_sub(age + 1);
    let known = |i: usize| series.values.get(i).copied().flatten();
    (0..series.values.len())
        .find_map(|off| known(at + off).or_else(|| at.checked_sub(off).and_then(known)))
        .unwrap_or(0.0)
}

/// A random walk of the logarithm, from the last known level.
fn walk(series: &Series, shocks: &[f64]) -> Vec<f64> {
    let mut level = recalled(series, 0).max(0.0).ln_1p();
    shocks
        .iter()
        .map(|shock| {
            level = (level + SPREAD * shock).max(0.0);
            level.exp_m1()
        })
        .collect()
}

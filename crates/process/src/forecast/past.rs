//! The past of a series, and its situation after each step.

use super::math::{decay, ln1p};
use super::series::Series;

/// Numbers that describe a situation; the first is 1, for the constant of a regression.
pub(crate) const FEATURES: usize = 12;
/// Half-lives, in steps, of the running means among them.
const HALF_LIVES: [f64; 7] = [1.0, 2.0, 4.0, 9.0, 18.0, 36.0, 120.0];
/// Half-life of the level of the level model.
const LEVEL: f64 = 2.5;
/// Half-life of the running mean of surprises and of empty steps.
const SPREAD: f64 = 9.0;
/// A series without a count above zero for so many steps is at rest.
const REST: usize = 120;

/// Places of single features.
pub(crate) const LAST: usize = 1;
/// Running log mean with half-life 9.
pub(crate) const NINE: usize = 5;
/// Running log mean with half-life 36.
pub(crate) const LONG: usize = 7;
/// Running mean of surprises.
pub(crate) const VOLATILE: usize = 9;
/// Running share of empty steps.
pub(crate) const EMPTY: usize = 10;

/// Where a series stands after a step, from that step and those before it only.
#[derive(Clone, Debug)]
pub(crate) struct Situation {
    /// Constant, last log value, running log means, volatility, share of empty steps, largest log
    /// value of twelve steps.
    pub(crate) x: [f64; FEATURES],
    /// Running log mean of the level model.
    pub(crate) level: f64,
    /// Whether anything was counted in the last ten years of months.
    pub(crate) active: bool,
}

/// A series with its logarithms and situations; unknown values are NaN.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) start: i32,
    pub(crate) stride: i32,
    pub(crate) count: Vec<f64>,
    pub(crate) log: Vec<f64>,
    pub(crate) at: Vec<Situation>,
    /// Whether every known value is a whole number: then so are the paths.
    pub(crate) whole: bool,
}

/// A running mean whose weights halve; unknown steps leave it as it is.
#[derive(Clone, Copy, Default)]
struct Running {
    sum: f64,
    weight: f64,
}

impl Running {
    fn add(&mut self, value: f64, keep: f64) -> f64 {
        self.sum *= keep;
        self.weight *= keep;
        if !value.is_nan() {
            self.sum += value;
            self.weight += 1.0;
        }
        self.mean()
    }

    fn mean(self) -> f64 {
        if self.weight > 1e-12 {
            self.sum / self.weight
        } else {
            0.0
        }
    }
}

impl Past {
    pub(crate) fn new(series: &Series) -> Self {
        let count: Vec<f64> = series
            .values
            .iter()
            .map(|v| match v {
                Some(v) if v.is_finite() => v.max(0.0),
                _ => f64::NAN,
            })
            .collect();
        let log: Vec<f64> = count.iter().map(|v| ln1p(*v)).collect();
        let whole = count.iter().all(|v| v.is_nan() || v.fract() == 0.0);
        Self {
            start: series.start,
            stride: series.step.stride(),
            at: situations(&count, &log),
            count,
            log,
            whole,
        }
    }

    /// Number of steps.
    pub(crate) fn len(&self) -> usize {
        self.count.len()
    }

    /// Index of step number `t`.
    pub(crate) fn step(&self, t: usize) -> i32 {
        self.start + self.stride * t as i32
    }

    /// Number of the steps that lie at or before the step `last`.
    pub(crate) fn steps_until(&self, last: i32) -> usize {
        let steps = (last - self.start).div_euclid(self.stride) + 1;
        usize::try_from(steps).unwrap_or(0).min(self.len())
    }

    /// The `horizon` logarithms after step number `t`, where all are known.
    pub(crate) fn future(&self, t: usize, horizon: usize) -> Option<&[f64]> {
        let future = self.log.get(t + 1..=t + horizon)?;
        future.iter().all(|v| !v.is_nan()).then_some(future)
    }

    /// Whether `other` is this very series, maybe with more steps.
    pub(crate) fn is_start_of(&self, other: &Self) -> bool {
        self.start == other.start
            && self.stride == other.stride
            && self.len() <= other.len()
            && self
                .count
                .iter()
                .zip(&other.count)
                .all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
    }

    /// Mean of the known values among the last `steps`; `None` when none is known.
    pub(crate) fn recent_mean(&self, steps: usize) -> Option<f64> {
        let from = self.len().saturating_sub(steps);
        let known: Vec<f64> = self.count[from..]
            .iter()
            .copied()
            .filter(|v| !v.is_nan())
            .collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }
}

fn situations(count: &[f64], log: &[f64]) -> Vec<Situation> {
    let keep = HALF_LIVES.map(|half_life| decay(1.0, half_life));
    let (keep_level, keep_spread) = (decay(1.0, LEVEL), decay(1.0, SPREAD));
    let mut means = [Running::default(); HALF_LIVES.len()];
    let (mut level, mut surprise, mut empty) = Default::default();
    let mut quiet = REST;
    let mut last = 0.0;
    let mut out: Vec<Situation> = Vec::with_capacity(log.len());
    for (t, &value) in log.iter().enumerate() {
        let expected = out.last().map(|s: &Situation| s.x[3]);
        let mut x = [1.0; FEATURES];
        if !value.is_nan() {
            last = value;
        }
        x[LAST] = last;
        for (k, mean) in means.iter_mut().enumerate() {
            x[LAST + 1 + k] = mean.add(value, keep[k]);
        }
        let off = expected.map_or(0.0, |expected| (value - expected).abs());
        x[VOLATILE] = Running::add(&mut surprise, off, keep_spread);
        let is_empty = if value.is_nan() {
            value
        } else {
            f64::from(u8::from(value == 0.0))
        };
        x[EMPTY] = Running::add(&mut empty, is_empty, keep_spread);
        x[FEATURES - 1] = log[t.saturating_sub(11)..=t]
            .iter()
            .copied()
            .fold(0.0, f64::max);
        quiet = if count[t] > 0.0 { 0 } else { quiet + 1 };
        out.push(Situation {
            x,
            level: Running::add(&mut level, value, keep_level),
            active: quiet < REST,
        });
    }
    out
}

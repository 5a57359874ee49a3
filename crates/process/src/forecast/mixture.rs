//! The house mixture for months.
//!
//! Unlike models are calibrated together where each alone is not. Two samples are drawn: one for
//! how much a month may bring (recalled months, analogs, a level), and one for how months hang
//! together (analogs, own past windows, a level). The values of the first are put in the order of
//! the second (the Schaake shuffle, Clark et al. 2004), since months drawn on their own would make
//! means over several months far too sure.

use super::math::{decay, expm1, ln1p, pick, shares};
use super::models::Sampler;
use super::past::Past;
use super::rng::Random;

/// Parts of the marginal sample: conflictology, sticky, analog, level in a busy and a quiet series.
const PARTS: [f64; 4] = [1.0, 1.0, 4.0, 1.5];
/// A series of at least so many a month over a year is busy; a level in logarithms suits only it.
const BUSY: f64 = 5.0;
/// Steps of the level, as shares of a residual: for the values and for the order.
const STEPS: [f64; 2] = [0.08, 0.15];
/// A pool of unlike models is a little too wide: distances from the median in logarithms shrink.
const SHARPER: f64 = 0.95;
/// Recent steps of which one would know the values.
const KNOWN: usize = 24;
/// Share of the wide walk when none of them is known.
const BLIND: f64 = 0.6;

/// Row-major paths.
pub(crate) type Rows = Vec<f64>;

/// `n` paths.
pub(crate) fn mixture(sampler: &mut Sampler<'_>, n: usize) -> Rows {
    let mut values = marginals(sampler, n);
    let order = template(sampler, n);
    reorder(sampler, &mut values, &order, true);
    values
}

/// Parts `n` by shares, leaving none over.
fn parted<const K: usize>(n: usize, weights: [f64; K]) -> [usize; K] {
    let shares = shares(weights);
    let mut before = 0;
    std::array::from_fn(|k| {
        let upto = shares.get(k).map_or(0, |s| (s * n as f64).round() as usize);
        let part = upto - before;
        before = upto;
        part
    })
}

/// Share of the recent steps that nobody knows.
fn unknown(past: &Past) -> f64 {
    let from = past.len().saturating_sub(KNOWN);
    let known = past.count[from..].iter().filter(|v| !v.is_nan()).count();
    1.0 - known as f64 / KNOWN as f64
}

fn marginals(sampler: &mut Sampler<'_>, n: usize) -> Rows {
    let busy = sampler
        .past
        .recent_mean(12)
        .is_some_and(|mean| mean >= BUSY);
    let lends = sampler.trained.lends();
    let analog = if lends { PARTS[2] } else { 0.0 };
    let level = if busy || !lends { PARTS[3] } else { 0.0 };
    let told = PARTS[0] + PARTS[1] + analog + level;
    let blind = BLIND * unknown(sampler.past);
    let wide = told * blind / (1.0 - blind);
    let counts = parted(n, [PARTS[0], PARTS[1], analog, level, wide]);
    let mut out = Vec::with_capacity(n * sampler.horizon);
    sampler.conflictology(counts[0], &mut out);
    sampler.sticky(counts[1], &mut out);
    if counts[2] > 0 {
        sampler.analog(counts[2], &mut out);
    }
    sampler.level(counts[3], STEPS[0], false, &mut out);
    sampler.blind(counts[4], &mut out);
    out
}

fn template(sampler: &mut Sampler<'_>, n: usize) -> Rows {
    let analog = if sampler.trained.lends() { 2.0 } else { 0.0 };
    let counts = parted(n, [analog, 1.0, 1.0]);
    let mut out = Vec::with_capacity(n * sampler.horizon);
    if counts[0] > 0 {
        sampler.analog(counts[0], &mut out);
    }
    if !sampler.own(counts[1], &mut out) {
        sampler.level(counts[1], STEPS[1], false, &mut out);
    }
    sampler.level(counts[2], STEPS[1], false, &mut out);
    out
}

/// Puts the values of each step in the order of the template, ties by the whole path.
fn reorder(sampler: &mut Sampler<'_>, values: &mut [f64], order: &[f64], sharper: bool) {
    let horizon = sampler.horizon;
    if horizon == 0 {
        return;
    }
    let n = values.len() / horizon;
    let whole: Vec<f64> = order
        .chunks_exact(horizon)
        .map(|path| path.iter().map(|v| v / (v + 1.0)).sum())
        .collect();
    let mut column = vec![0.0; n];
    let mut ranks: Vec<(f64, f64, u32)> = Vec::with_capacity(n);
    for h in 0..horizon {
        for (i, value) in column.iter_mut().enumerate() {
            *value = values[i * horizon + h];
        }
        column.sort_unstable_by(f64::total_cmp);
        if sharper {
            sharpen(sampler, &mut column);
        }
        ranks.clear();
        ranks.extend((0..n).map(|i| (order[i * horizon + h], whole[i], i as u32)));
        ranks.sort_unstable_by(|a, b| {
            (a.0.total_cmp(&b.0))
                .then(a.1.total_cmp(&b.1))
                .then(a.2.cmp(&b.2))
        });
        for (rank, value) in ranks.iter().zip(&column) {
            values[rank.2 as usize * horizon + h] = *value;
        }
    }
}

/// Draws sorted values nearer to their median.
fn sharpen(sampler: &mut Sampler<'_>, column: &mut [f64]) {
    let Some(median) = column.get(column.len() / 2).map(|m| ln1p(*m)) else {
        return;
    };
    let (mut last, mut moved) = (f64::NAN, 0.0);
    for value in column.iter_mut().filter(|v| **v > 0.0) {
        if *value != last {
            last = *value;
            moved = expm1(median + SHARPER * (ln1p(*value) - median));
        }
        *value = sampler.round(moved);
    }
    column.sort_unstable_by(f64::total_cmp);
}

/// Half-life of the ages of shared windows, their reach and the chance to go on.
const SHARED: (f64, usize, f64) = (24.0, 120, 0.9);

/// Puts the paths of several series of one process in one order: in each draw all follow the same
/// past months, taken in runs, so that what came together comes together again. `rows` are the
/// paths of each series in `samplers`' order.
pub(crate) fn together(
    samplers: &mut [Sampler<'_>],
    rows: &mut [Rows],
    n: usize,
    random: &mut Random,
) {
    let Some(horizon) = samplers.first().map(|s| s.horizon) else {
        return;
    };
    let ages = shared_ages(samplers, n * horizon, horizon, random);
    if ages.is_empty() {
        return;
    }
    for (sampler, values) in samplers.iter_mut().zip(rows) {
        let len = sampler.past.len();
        let order: Rows = ages
            .iter()
            .map(|age| {
                len.checked_sub(1 + age)
                    .map_or(0.0, |t| sampler.past.count[t])
            })
            .map(|v| if v.is_nan() { 0.0 } else { v })
            .collect();
        reorder(sampler, values, &order, false);
    }
}

/// Ages of the months that the draws recall, path by path; months known in every series only, or
/// in any when there are none.
fn shared_ages(
    samplers: &[Sampler<'_>],
    n: usize,
    horizon: usize,
    random: &mut Random,
) -> Vec<usize> {
    let known = |age: usize, s: &Sampler<'_>| {
        (s.past.len().checked_sub(1 + age)).is_some_and(|t| !s.past.count[t].is_nan())
    };
    let all: Vec<usize> = (0..SHARED.1)
        .filter(|age| samplers.iter().all(|s| known(*age, s)))
        .collect();
    let shares = shares(all.iter().map(|age| decay(*age as f64, SHARED.0)));
    if shares.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<usize> = Vec::with_capacity(n);
    for i in 0..n {
        let next = (out.last())
            .and_then(|age| age.checked_sub(1))
            .filter(|a| all.contains(a));
        let stays = i % horizon > 0 && random.unit() < SHARED.2;
        out.push(match next {
            Some(next) if stays => next,
            _ => all[pick(&shares, random.unit())],
        });
    }
    out
}

//! Weeks and days: walks of the level in logarithms.
//!
//! Two readings of the recent changes are mixed: the level returns to its running mean, or it goes
//! on drifting as it did. Each is wrong in its season; half and half is ahead of the plain walk of
//! a smoothed level in both a quiet and a rising year.

use super::math::{decay, expm1};
use super::models::Sampler;

/// Weight of a new step in the smoothed level.
const SMOOTH: f64 = 0.6;
/// Shares of a change that move the level, and that are noise on top.
const MOVES: (f64, f64) = (0.6, 0.5);
/// Changes that are recalled.
const CHANGES: usize = 40;
/// Share of the way back to the running mean in a step, and the half-life of that mean.
const BACK: (f64, f64) = (0.1, 8.0);
/// Log change used where no two steps in a row are known.
const BLIND: f64 = 0.45;

/// `n` paths, row-major.
pub(crate) fn walks(sampler: &mut Sampler<'_>, n: usize) -> Vec<f64> {
    let changes = changes(&sampler.past.log);
    let drift = changes.iter().sum::<f64>() / changes.len() as f64;
    let centred: Vec<f64> = changes.iter().map(|c| c - drift).collect();
    let mut out = vec![0.0; n * sampler.horizon];
    let half = n / 2 * sampler.horizon;
    let (back, on) = out.split_at_mut(half);
    walk(sampler, &centred, BACK.0, 0.0, back);
    walk(sampler, &centred, 0.0, drift, on);
    out
}

/// Changes between neighbouring known steps, the latest ones.
fn changes(log: &[f64]) -> Vec<f64> {
    let mut found: Vec<f64> = log
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|change| !change.is_nan())
        .collect();
    let from = found.len().saturating_sub(CHANGES);
    found.drain(..from);
    if found.is_empty() {
        vec![-BLIND, BLIND]
    } else {
        found
    }
}

fn walk(sampler: &mut Sampler<'_>, changes: &[f64], back: f64, drift: f64, out: &mut [f64]) {
    let horizon = sampler.horizon;
    if horizon == 0 {
        return;
    }
    let n = out.len() / horizon;
    let (level, mean) = levels(&sampler.past.log);
    let mut at = vec![level; n];
    let (mut u, mut v) = (Vec::new(), Vec::new());
    let change = |u: f64| changes[((u * changes.len() as f64) as usize).min(changes.len() - 1)];
    for h in 0..sampler.behind() + horizon {
        sampler.random.strata(n, &mut u);
        sampler.random.strata(n, &mut v);
        for i in 0..n {
            at[i] += MOVES.0 * change(u[i]) + back * (mean - at[i]) + drift;
            if let Some(h) = h.checked_sub(sampler.behind()) {
                out[i * horizon + h] = sampler.round(expm1(at[i] + MOVES.1 * change(v[i])));
            }
        }
    }
}

/// The smoothed level and the running mean, over the known steps.
fn levels(log: &[f64]) -> (f64, f64) {
    let keep = decay(1.0, BACK.1);
    let (mut level, mut sum, mut weight) = (f64::NAN, 0.0, 0.0);
    for value in log.iter().filter(|v| !v.is_nan()) {
        level = if level.is_nan() {
            *value
        } else {
            SMOOTH * value + (1.0 - SMOOTH) * level
        };
        sum = sum * keep + value;
        weight = weight * keep + 1.0;
    }
    (level, sum / weight)
}

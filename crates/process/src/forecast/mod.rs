//! Forecasts of a dated series as whole sample paths, and their scores.
//!
//! In: a [`Series`] with what is known of it, and a pool of series that may teach it. Out:
//! [`Paths`], each a whole future, so that a condition such as "mean of three months at most 4" can
//! be read off each path ([`condition_dates`]). The same seed gives the same bytes on every machine.
//!
//! Nothing after the last step of the target is ever read, of any series. An unknown step is not a
//! zero: it is left out of every mean, and the paths widen with each.
//!
//! ```
//! use rapporteur_process::forecast::{Options, Series, Step, condition_dates, sample_paths};
//! let attacks = Series {
//!     unit: "attacks".into(),
//!     step: Step::Month,
//!     start: 2023 * 12,
//!     values: (0..30).map(|m| (m != 7).then_some(f64::from(9 - m % 5))).collect(),
//! };
//! let paths = sample_paths(&attacks, &[], &Options::default());
//! assert_eq!((paths.draws.len(), paths.draws[0].len()), (1000, 12));
//! let dates = condition_dates(&paths, 4.0, 3);
//! assert!((dates.iter().sum::<f64>() - 1.0).abs() < 1e-9);
//! ```
//!
//! It does not say why a series moves, and takes no event into account that is not in the series.

mod calibrate;
pub(crate) mod math;
mod mixture;
mod models;
mod past;
mod pool;
pub(crate) mod rng;
pub mod score;
mod series;
#[cfg(test)]
mod tests;
mod walk;

pub use calibrate::{ConditionCard, ScoreCard, Test, calibrate};
pub use pool::{Pool, Trained};
pub use series::{Model, Options, Paths, Series, Step};

use models::Sampler;
use past::Past;
use rng::Random;

/// Paths of `target` after its last step. `pool` are series of the same step that teach it what
/// tends to follow; `target` may be among them. Without a known value there are no draws.
pub fn sample_paths(target: &Series, pool: &[Series], opts: &Options) -> Paths {
    let pool = Pool::new(pool);
    sample_trained(target, &pool.at(target.last(), opts.horizon), opts)
}

/// The same from a pool that was trained before; the step of the training is that of
/// `target.last()`, and its horizon that of `opts`.
pub fn sample_trained(target: &Series, trained: &Trained<'_>, opts: &Options) -> Paths {
    let past = Past::new(target);
    let rows = if unknown(&past) {
        Vec::new()
    } else {
        let mut sampler = Sampler::new(&past, trained, random(target, opts));
        rows(&mut sampler, target.step, opts)
    };
    paths(target, &rows, opts)
}

/// Paths of several series of one process that end at the same step. In each draw all of them
/// follow the same past months: what came together comes together again. Each series alone is
/// forecast as by [`sample_paths`].
pub fn sample_paths_joint(targets: &[Series], pool: &[Series], opts: &Options) -> Vec<Paths> {
    let pool = Pool::new(pool);
    let pasts: Vec<Past> = targets.iter().map(Past::new).collect();
    let trained: Vec<Trained<'_>> = targets
        .iter()
        .map(|target| pool.at(target.last(), opts.horizon))
        .collect();
    let known: Vec<usize> = (0..targets.len())
        .filter(|i| !unknown(&pasts[*i]))
        .collect();
    let mut samplers: Vec<Sampler<'_>> = known
        .iter()
        .map(|&i| Sampler::new(&pasts[i], &trained[i], random(&targets[i], opts)))
        .collect();
    let mut sampled: Vec<Vec<f64>> = samplers
        .iter_mut()
        .zip(&known)
        .map(|(sampler, &i)| rows(sampler, targets[i].step, opts))
        .collect();
    if samplers.len() > 1 {
        let mut shared = Random::new(opts.seed, "together", 0);
        mixture::together(&mut samplers, &mut sampled, opts.draws, &mut shared);
    }
    let mut sampled = known.iter().zip(sampled);
    let mut next = sampled.next();
    targets
        .iter()
        .enumerate()
        .map(|(i, target)| match &next {
            Some((at, rows)) if **at == i => {
                let out = paths(target, rows, opts);
                next = sampled.next();
                out
            }
            _ => paths(target, &[], opts),
        })
        .collect()
}

/// Share of the paths in which the mean of `sustain` steps is first at most `threshold` at step
/// 1, 2, …; the last share is that of the paths in which it never is. Empty without draws.
pub fn condition_dates(paths: &Paths, threshold: f64, sustain: usize) -> Vec<f64> {
    let Some(horizon) = paths.draws.first().map(Vec::len) else {
        return Vec::new();
    };
    let mut mass = vec![0.0; horizon + 1];
    for draw in &paths.draws {
        mass[first_holding(draw, threshold, sustain).unwrap_or(horizon + 1) - 1] += 1.0;
    }
    for share in &mut mass {
        *share /= paths.draws.len() as f64;
    }
    mass
}

/// First step (from 1) of a path at which the mean of the last `sustain` steps is at most
/// `threshold`.
pub fn first_holding(path: &[f64], threshold: f64, sustain: usize) -> Option<usize> {
    let sustain = sustain.max(1);
    path.windows(sustain)
        .position(|window| window.iter().sum::<f64>() / sustain as f64 <= threshold)
        .map(|at| at + sustain)
}

fn unknown(past: &Past) -> bool {
    past.count.iter().all(|v| v.is_nan())
}

fn random(target: &Series, opts: &Options) -> Random {
    Random::new(opts.seed, &target.unit, target.last())
}

fn rows(sampler: &mut Sampler<'_>, step: Step, opts: &Options) -> Vec<f64> {
    let n = opts.draws;
    let mut out = Vec::with_capacity(n * opts.horizon);
    match opts.model {
        Model::Mixture if step == Step::Month => return mixture::mixture(sampler, n),
        Model::Mixture => return walk::walks(sampler, n),
        Model::Conflictology => sampler.conflictology(n, &mut out),
        Model::Sticky => sampler.sticky(n, &mut out),
        Model::Analog if sampler.trained.lends() => sampler.analog(n, &mut out),
        Model::Level | Model::Analog => sampler.level(n, 0.08, false, &mut out),
        Model::Trend => sampler.level(n, 0.12, true, &mut out),
        Model::NegBin => sampler.negbin(n, &mut out),
    }
    out
}

fn paths(target: &Series, rows: &[f64], opts: &Options) -> Paths {
    Paths {
        draws: rows
            .chunks_exact(opts.horizon.max(1))
            .map(<[f64]>::to_vec)
            .collect(),
        seed: opts.seed,
        model: opts.model.name().into(),
        trained_to: target.last(),
    }
}

//! The score card of past projections: what was said, and how often it came true.

use serde::Serialize;

use crate::forecast::{Options, Series, sample_paths};
use crate::indicator::Observed;
use crate::light::{Lights, Status, measured};
use crate::model::{Kind, Process};
use crate::months::last_complete;
use crate::rng::Rng;
use crate::standing::Past;

/// Months ahead that are scored.
const AHEAD: [usize; 3] = [1, 3, 6];
/// Draws of a past projection.
const DRAWS: usize = 1000;
/// Known months at an origin.
const LEAST: usize = 3;

/// One line of the table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Least chance said.
    pub from: f64,
    /// Greatest chance said.
    pub to: f64,
    /// Projections that said so.
    pub n: usize,
    /// Mean of what they said.
    pub said: f64,
    /// Share that came true.
    pub met: f64,
}

/// How past projections came out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Calibration {
    /// Month ends at which a projection could be made.
    pub origins: usize,
    /// Projections with a known outcome.
    pub scored: usize,
    /// Projections whose outcome is not known.
    pub open: usize,
    /// Mean squared error of the chances; `None` when nothing is scored.
    pub brier: Option<f64>,
    /// The same of always saying the share that came true.
    pub base: Option<f64>,
    /// Mean distance between said and met.
    pub gap: Option<f64>,
    /// Five steps of chance; those that were never said are left out.
    pub bins: Vec<Bin>,
}

/// Scores the projections that would have been made at past month ends, from what was known then,
/// against what is known now.
pub(crate) fn score(process: &Process, now: &[Lights], then: &[&Past]) -> Calibration {
    let mut out = Calibration::default();
    let mut pairs: Vec<(f64, bool)> = Vec::new();
    for past in then {
        let (origin, lights) = (last_complete(past.day), &past.lights);
        let observed = lights.iter().filter_map(|l| l.observed.as_ref());
        let pool: Vec<Series> = observed.map(Observed::series).collect();
        let mut could = false;
        for ((condition, then), now) in process.conditions.iter().zip(lights).zip(now) {
            let (Kind::Measured(measure), Some(past), Some(known)) =
                (&condition.kind, &then.observed, &now.observed)
            else {
                continue;
            };
            if past.known() < LEAST {
                continue;
            }
            could = true;
            let opts = Options {
                horizon: AHEAD[AHEAD.len() - 1],
                draws: DRAWS,
                seed: process.settings.seed,
                model: process.settings.model.parse().unwrap_or_default(),
            };
            let paths = sample_paths(&past.series(), &pool, &opts);
            let mut rng = Rng::new(process.settings.seed, "score");
            let mut held = vec![0.0; opts.horizon];
            for path in &paths.draws {
                let holds = crate::project::measured(measure, past, path, &mut rng);
                for (sum, holds) in held.iter_mut().zip(holds) {
                    *sum += f64::from(u8::from(holds)) / DRAWS as f64;
                }
            }
            for ahead in AHEAD {
                let month = origin + i32::try_from(ahead).unwrap_or(0);
                match measured(measure, known, month).status {
                    Status::Unknown => out.open += 1,
                    status => pairs.push((held[ahead - 1], status == Status::Green)),
                }
            }
        }
        out.origins += usize::from(could);
    }
    summed(out, &pairs)
}

fn summed(mut out: Calibration, pairs: &[(f64, bool)]) -> Calibration {
    out.scored = pairs.len();
    if pairs.is_empty() {
        return out;
    }
    let n = pairs.len() as f64;
    let met = |(_, met): &(f64, bool)| f64::from(u8::from(*met));
    let rate = pairs.iter().map(met).sum::<f64>() / n;
    out.brier = Some(
        pairs
            .iter()
            .map(|p| (p.0 - met(p)) * (p.0 - met(p)))
            .sum::<f64>()
            / n,
    );
    out.base = Some(rate * (1.0 - rate));
    for step in 0..5u32 {
        let (from, to) = (f64::from(step) / 5.0, f64::from(step + 1) / 5.0);
        let inside = |p: &&(f64, bool)| p.0 >= from && (p.0 < to || step == 4);
        let all: Vec<&(f64, bool)> = pairs.iter().filter(inside).collect();
        if all.is_empty() {
            continue;
        }
        let size = all.len() as f64;
        out.bins.push(Bin {
            from,
            to,
            n: all.len(),
            said: all.iter().map(|p| p.0).sum::<f64>() / size,
            met: all.iter().map(|p| met(p)).sum::<f64>() / size,
        });
    }
    let weighed = |b: &Bin| (b.said - b.met).abs() * b.n as f64;
    out.gap = Some(out.bins.iter().map(weighed).sum::<f64>() / n);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_counts_what_came_true() {
        let pairs = [(0.1, false), (0.1, true), (1.0, true)];
        let card = summed(Calibration::default(), &pairs);
        assert_eq!(card.scored, 3);
        assert_eq!(card.bins.len(), 2);
        assert_eq!((card.bins[0].n, card.bins[0].met), (2, 0.5));
        assert!((card.brier.unwrap() - (0.01 + 0.81) / 3.0).abs() < 1e-9);
        assert_eq!(summed(Calibration::default(), &[]).brier, None);
    }
}

//! The score card of a series: what would have been said at past origins, beside what came.

use super::pool::Pool;
use super::score::{
    Said, Tenth, VIEWS_BINS, brier, calibration_gap, covers, crps, crps_date, crps_log, ignorance,
    reliability,
};
use super::series::{Model, Options, Series};
use super::{condition_dates, first_holding, sample_trained};

/// A condition on a path: the mean of `sustain` steps is at most `threshold`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// Largest mean at which the condition holds.
    pub threshold: f64,
    /// Steps of the mean.
    pub sustain: usize,
}

/// Scores of the past projections of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreCard {
    /// Name of the model.
    pub model: String,
    /// Last known step of each past projection.
    pub origins: Vec<i32>,
    /// Steps that were scored; unknown steps are not.
    pub steps: usize,
    /// Mean CRPS, in the unit of the series.
    pub crps: f64,
    /// Mean CRPS after `ln(1 + x)`.
    pub crps_log: f64,
    /// Mean ignorance in bits, on [`VIEWS_BINS`].
    pub ignorance: f64,
    /// Share of the truths in the central half.
    pub cov50: f64,
    /// Share of the truths in the central 90 %.
    pub cov90: f64,
    /// The skill line: 1 less `crps_log` over that of plain conflictology at the same origins.
    pub skill: f64,
    /// The condition, when one was asked for and could be scored.
    pub condition: Option<ConditionCard>,
}

/// Scores of the dates of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionCard {
    /// Mean CRPS of the date, in steps.
    pub crps_steps: f64,
    /// Brier score of "holds within the horizon".
    pub brier: f64,
    /// Mean distance between said and met.
    pub gap: f64,
    /// Said beside met, by tenths.
    pub table: [Tenth; 10],
    /// What was said at each origin that could be scored.
    pub said: Vec<Said>,
}

/// Sums of one model over origins.
#[derive(Default)]
struct Sums {
    steps: f64,
    crps: f64,
    crps_log: f64,
    ignorance: f64,
    cov50: f64,
    cov90: f64,
    dates: Vec<(f64, Said)>,
    origins: Vec<i32>,
}

/// Projects `series` again from past origins, `every` steps apart and at most `at_most` of them,
/// reading nothing after each, and scores what would have been said. `None` when no origin has 24
/// steps behind it and a whole horizon after it.
pub fn calibrate(
    series: &Series,
    pool: &[Series],
    opts: &Options,
    (every, at_most): (usize, usize),
    test: Option<Test>,
) -> Option<ScoreCard> {
    let pool = Pool::new(pool);
    let ends = series.values.len().checked_sub(opts.horizon)?;
    let kept: Vec<usize> = (24..=ends)
        .rev()
        .step_by(every.max(1))
        .take(at_most)
        .collect();
    let own = score(series, &pool, opts, &kept, test);
    let plain = Options {
        model: Model::Conflictology,
        ..opts.clone()
    };
    let plain = score(series, &pool, &plain, &kept, None);
    (own.steps > 0.0).then(|| card(own, plain.crps_log, opts.model))
}

fn score(
    series: &Series,
    pool: &Pool,
    opts: &Options,
    lengths: &[usize],
    test: Option<Test>,
) -> Sums {
    let mut sums = Sums::default();
    for &len in lengths.iter().rev() {
        let origin = series.start + series.step.stride() * (len as i32 - 1);
        let paths = sample_trained(&series.until(origin), &pool.at(origin, opts.horizon), opts);
        if paths.draws.is_empty() {
            continue;
        }
        sums.origins.push(origin);
        let truth = &series.values[len..len + opts.horizon];
        for (h, value) in truth.iter().enumerate() {
            if let Some(value) = value {
                let sample: Vec<f64> = paths.draws.iter().map(|d| d[h]).collect();
                sums.add(&sample, *value);
            }
        }
        let whole: Option<Vec<f64>> = truth.iter().copied().collect();
        if let (Some(test), Some(truth)) = (test, whole) {
            let mass = condition_dates(&paths, test.threshold, test.sustain);
            let came = first_holding(&truth, test.threshold, test.sustain);
            let said = Said {
                chance: 1.0 - mass.last().copied().unwrap_or(1.0),
                met: came.is_some(),
            };
            sums.dates.push((crps_date(&mass, came), said));
        }
    }
    sums
}

impl Sums {
    fn add(&mut self, sample: &[f64], truth: f64) {
        self.steps += 1.0;
        self.crps += crps(sample, truth);
        self.crps_log += crps_log(sample, truth);
        self.ignorance += ignorance(sample, truth, &VIEWS_BINS);
        self.cov50 += f64::from(u8::from(covers(sample, truth, 0.5)));
        self.cov90 += f64::from(u8::from(covers(sample, truth, 0.9)));
    }
}

fn card(sums: Sums, plain: f64, model: Model) -> ScoreCard {
    let said: Vec<Said> = sums.dates.iter().map(|(_, said)| *said).collect();
    let condition = (!said.is_empty()).then(|| ConditionCard {
        crps_steps: sums.dates.iter().map(|(c, _)| c).sum::<f64>() / said.len() as f64,
        brier: brier(&said),
        gap: calibration_gap(&said),
        table: reliability(&said),
        said,
    });
    ScoreCard {
        model: model.name().into(),
        origins: sums.origins,
        steps: sums.steps as usize,
        crps: sums.crps / sums.steps,
        crps_log: sums.crps_log / sums.steps,
        ignorance: sums.ignorance / sums.steps,
        cov50: sums.cov50 / sums.steps,
        cov90: sums.cov90 / sums.steps,
        skill: if plain > 0.0 {
            1.0 - sums.crps_log / plain
        } else {
            0.0
        },
        condition,
    }
}

//! Suspensions: when the talks stand still, every phase's clock does.

use crate::forecast::math::exp;
use crate::indicator::Observed;
use crate::light::Lights;
use crate::months::{days, last_complete, month_of};
use crate::query::Bound;
use crate::rng::Rng;
use crate::world::World;

/// Months of quiet that a process without any attack indicator is given beside its record.
const QUIET: f64 = 6.0;

/// How suspensions come and go.
#[derive(Debug, Default)]
pub(super) struct Stop {
    /// Number of the condition whose paths stop the talks.
    pub driver: Option<usize>,
    peak: Option<Bound>,
    /// Suspensions in past peak months, and peak months without.
    peaks: (f64, f64),
    /// The same for other months.
    others: (f64, f64),
    /// Suspensions and months, where nothing drives them.
    plain: Option<(f64, f64)>,
    /// Shortest and longest length of each one seen, in months.
    lengths: Vec<(f64, f64)>,
    suspended: bool,
}

impl Stop {
    pub(super) fn of(world: &World<'_>, lights: &[Lights], told: &mut Vec<String>) -> Self {
        let mut out = Self::default();
        let mut starts = Vec::new();
        for suspension in &world.process.suspensions {
            if !world.counts(&suspension.cause, None) {
                continue;
            }
            let Some((from, late)) = world.days(&suspension.from).filter(|d| d.0 <= world.day)
            else {
                told.push("A suspension has no known first day and is left out.".into());
                continue;
            };
            starts.push(month_of(from));
            let to = suspension.to.as_ref().and_then(|w| world.days(w));
            match to.filter(|to| to.1 <= world.day) {
                Some((first, last)) => out.lengths.push((
                    days(late, first).max(0) as f64 / 30.44,
                    days(from, last) as f64 / 30.44,
                )),
                None => out.suspended = true,
            }
        }
        let settings = &world.process.settings;
        let driver = settings.stops.as_ref();
        let at = driver.and_then(|id| world.process.conditions.iter().position(|c| c.id == *id));
        let observed = at.and_then(|at| lights.get(at)?.observed.as_ref());
        match (settings.peak, observed) {
            (Some(peak), Some(observed)) if observed.known() > 0 => {
                out.driver = at;
                out.peak = Some(peak);
                out.count(peak, observed, &starts);
            }
            _ if !starts.is_empty() => {
                let first = starts
                    .iter()
                    .min()
                    .copied()
                    .into_iter()
                    .chain(world.first_covered());
                let since = first.min().unwrap_or(0);
                let months = f64::from(last_complete(world.day) - since + 1).max(1.0);
                out.plain = Some((starts.len() as f64, months));
            }
            _ => {}
        }
        out.tell(starts.len(), told);
        out
    }

    /// Months with a peak and without, each with and without a suspension. One that began in a quiet
    /// month is put down to a peak in the month before.
    fn count(&mut self, peak: Bound, observed: &Observed, starts: &[i32]) {
        let value = |month| observed.cell(month).and_then(|c| c.value);
        let is_peak = |month| value(month).is_some_and(|v| peak.passes(v));
        let began: Vec<i32> = starts
            .iter()
            .map(|m| {
                if !is_peak(*m) && is_peak(m - 1) {
                    m - 1
                } else {
                    *m
                }
            })
            .collect();
        let known = observed.cells.iter().filter(|c| c.value.is_some());
        for month in known.map(|c| c.month) {
            let side = if is_peak(month) {
                &mut self.peaks
            } else {
                &mut self.others
            };
            if began.contains(&month) {
                side.0 += 1.0;
            } else {
                side.1 += 1.0;
            }
        }
    }

    fn tell(&self, count: usize, told: &mut Vec<String>) {
        let lengths = if self.lengths.is_empty() {
            "no suspension with a known end is on record: 1 to 6 months are taken, likeliest 2"
                .into()
        } else {
            let days = |(low, high): &(f64, f64)| {
                let (low, high) = ((low * 30.44).round(), (high * 30.44).round());
                if low < high {
                    format!("{low} to {high}")
                } else {
                    format!("{high}")
                }
            };
            let all: Vec<String> = self.lengths.iter().map(days).collect();
            format!("their lengths on record: {} days", all.join(", "))
        };
        if let Some(peak) = self.peak {
            let (yes, no) = self.peaks;
            told.push(format!(
                "Suspensions: {yes} of {} months with {} stopped the talks (of other months {} of {}); {lengths}.",
                yes + no,
                peak.written(),
                self.others.0,
                self.others.0 + self.others.1
            ));
        } else if let Some((n, months)) = self.plain {
            told.push(format!(
                "Suspensions: {n} in {months} months, tied to no indicator; {lengths}."
            ));
        } else if count == 0 {
            told.push("Suspensions: none on record, none is projected.".into());
        }
        if self.suspended {
            told.push("The talks are suspended on that day.".into());
        }
    }

    /// In which months of one draw the talks stand still.
    pub(super) fn draw(&self, driver: Option<&[f64]>, horizon: usize, rng: &mut Rng) -> Vec<bool> {
        // A chance that few months speak for is itself uncertain (Jeffreys' prior).
        let at_peak = rng.beta(self.peaks.0 + 0.5, self.peaks.1 + 0.5);
        let at_rest = if self.others.0 > 0.0 {
            rng.beta(self.others.0, self.others.1 + 0.5)
        } else {
            0.0
        };
        let plain = self.plain.map_or(0.0, |(n, months)| {
            1.0 - exp(-rng.gamma(n + 0.5) / (months + QUIET))
        });
        let mut left = if self.suspended {
            self.length(rng)
        } else {
            0.0
        };
        (0..horizon)
            .map(|step| {
                let chance = match (self.peak, driver.and_then(|d| d.get(step))) {
                    (Some(peak), Some(value)) if peak.passes(*value) => at_peak,
                    (Some(_), _) => at_rest,
                    (None, _) => plain,
                };
                if left <= 0.0 && rng.unit() < chance {
                    left = self.length(rng);
                }
                // Part of a month stops its share of the draws.
                let stopped = left > 0.0 && rng.unit() < left;
                left -= 1.0;
                stopped
            })
            .collect()
    }

    fn length(&self, rng: &mut Rng) -> f64 {
        if self.lengths.is_empty() {
            return rng.pert(1.0, 2.0, 6.0);
        }
        // Few lengths do not say how long the next one is: half as long to twice, as a spread.
        let (low, high) = self.lengths[rng.below(self.lengths.len())];
        let seen = low + (high - low) * rng.unit();
        let spread = 0.7 / (self.lengths.len() as f64).sqrt();
        seen * exp(spread * rng.normal())
    }
}

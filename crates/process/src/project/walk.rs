//! One walk of the phase graph a draw, and the count of all of them.

use std::collections::BTreeMap;

use rapporteur_base::Date;

use super::{DateDist, Joint, PhaseDates, Source};
use crate::model::Phase;
use crate::months::{last_complete, month_of};
use crate::window::Overlap;
use crate::world::World;

/// Reasons that are no conditions.
const SUSPENSION: &str = "suspension";
const TIME: &str = "time that it takes";
const BEFORE: &str = "the phase before it";
const NOT_BEFORE: &str = "its earliest date";

/// A phase, ready to be walked.
struct Step<'l> {
    phase: &'l Phase,
    /// Numbers of the phases before it.
    after: Vec<usize>,
    /// Numbers of its conditions.
    needs: Vec<usize>,
    /// Steps before which it cannot be done.
    earliest: usize,
    /// Least months that it takes.
    takes: f64,
    /// Done before the first step.
    done: bool,
    /// Why nothing can be said of it.
    unknown: Option<String>,
    /// What was taken for granted.
    remark: String,
}

/// Counts of all draws.
pub(super) struct Tally<'l> {
    world: &'l World<'l>,
    steps: Vec<Step<'l>>,
    horizon: usize,
    draws: f64,
    /// Of each phase: draws in which it is done at each step.
    done: Vec<Vec<f64>>,
    /// Of each phase: what was missing, in draws.
    missing: Vec<BTreeMap<String, f64>>,
    /// Of each phase: draws in which its conditions first hold at each step, suspensions aside.
    ready: Vec<Vec<f64>>,
    holding: Vec<Vec<f64>>,
    stopped: Vec<f64>,
}

impl<'l> Tally<'l> {
    pub(super) fn of(world: &'l World<'_>, sources: &[Source<'_>], told: &mut Vec<String>) -> Self {
        let horizon = world.process.settings.horizon;
        let phases = world.process.ordered_phases();
        let mut steps: Vec<Step<'l>> = Vec::new();
        for phase in &phases {
            let made = step(world, sources, phase, &phases, &steps);
            if !made.remark.is_empty() {
                told.push(format!("{}: {}.", phase.id, made.remark));
            }
            steps.push(made);
        }
        let zero = vec![0.0; horizon];
        Self {
            world,
            horizon,
            draws: 0.0,
            done: vec![zero.clone(); steps.len()],
            missing: vec![BTreeMap::new(); steps.len()],
            ready: vec![zero.clone(); steps.len()],
            holding: vec![zero.clone(); sources.len()],
            stopped: zero,
            steps,
        }
    }

    /// Share of the draws in which a condition holds, by step.
    pub(super) fn holding(&self, condition: usize) -> Vec<f64> {
        self.holding[condition]
            .iter()
            .map(|n| n / self.draws.max(1.0))
            .collect()
    }

    /// Walks the phases of one draw.
    pub(super) fn add(&mut self, holds: &[Vec<bool>], stopped: &[bool]) {
        self.draws += 1.0;
        for (count, holds) in self.holding.iter_mut().zip(holds) {
            for (count, holds) in count.iter_mut().zip(holds) {
                *count += f64::from(u8::from(*holds));
            }
        }
        for (count, stopped) in self.stopped.iter_mut().zip(stopped) {
            *count += f64::from(u8::from(*stopped));
        }
        // Step at which each phase is done: 0 before the first.
        let mut ends: Vec<Option<usize>> = Vec::with_capacity(self.steps.len());
        for at in 0..self.steps.len() {
            let end = self.walk_one(at, &ends, holds, stopped);
            ends.push(end);
        }
    }

    fn walk_one(
        &mut self,
        at: usize,
        ends: &[Option<usize>],
        holds: &[Vec<bool>],
        stopped: &[bool],
    ) -> Option<usize> {
        let step = &self.steps[at];
        if step.done {
            return Some(0);
        }
        if step.unknown.is_some() {
            return None;
        }
        let mut before = step.after.iter().map(|p| ends[*p]);
        let Some(began) = before.try_fold(0, |a: usize, b| Some(a.max(b?))) else {
            for before in step.after.iter().filter(|p| ends[**p].is_none()) {
                let id = self.steps[*before].phase.id.clone();
                *self.missing[at].entry(id).or_default() += 1.0;
            }
            return None;
        };
        let mut clock = 0.0;
        let mut ready = false;
        let mut before: Option<(usize, f64)> = None;
        let mut end = None;
        for t in began.max(1)..=self.horizon {
            // The month in which the phase before ends is that one's, and a standstill is nobody's.
            clock += f64::from(u8::from(!stopped[t - 1] && t > began));
            let met = step.needs.iter().all(|c| holds[*c][t - 1]);
            if met && !ready {
                ready = true;
                self.ready[at][t - 1] += 1.0;
            }
            if met && t >= step.earliest && clock >= step.takes && !stopped[t - 1] {
                end = Some(t);
                break;
            }
            before = Some((t, clock));
        }
        if let Some(t) = end {
            self.done[at][t - 1] += 1.0;
        }
        let conditions = &self.world.process.conditions;
        let lacking: Vec<&str> = before.map_or(Vec::new(), |(t, clock)| {
            let unmet = step.needs.iter().filter(|c| !holds[**c][t - 1]);
            let others = [
                (t < step.earliest, NOT_BEFORE),
                (clock < step.takes, TIME),
                (stopped[t - 1], SUSPENSION),
            ];
            let others = others.into_iter().filter(|(is, _)| *is);
            let unmet = unmet.map(|c| conditions[*c].id.as_str());
            unmet.chain(others.map(|(_, reason)| reason)).collect()
        });
        count(&mut self.missing[at], &lacking, began);
        end
    }

    /// Shares, dates and what binds.
    pub(super) fn finish(self, overlaps: &[Overlap]) -> (Vec<PhaseDates>, Vec<f64>) {
        let n = self.draws.max(1.0);
        let start = last_complete(self.world.day) + 1;
        let mut out = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            let share = |counts: &[f64]| counts.iter().map(|c| c / n).collect::<Vec<_>>();
            let mass = share(&self.done[at]);
            let never = (1.0 - mass.iter().sum::<f64>()).max(0.0);
            let dates = DateDist { start, mass, never };
            let known = step.unknown.is_none() && !step.done;
            let ceiling = step
                .phase
                .no_later
                .as_ref()
                .and_then(|w| self.world.days(w))
                .map(|d| d.1);
            let last = start + i32::try_from(self.horizon).unwrap_or(0) - 1;
            let reached = ceiling.filter(|day| known && month_of(*day) <= last);
            let mut binding: Vec<(String, f64)> = self.missing[at]
                .iter()
                .map(|(id, c)| (id.clone(), c / n))
                .collect();
            binding.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let overlap = overlaps.iter().find(|o| o.phase == step.phase.id);
            out.push(PhaseDates {
                phase: step.phase.id.clone(),
                why: why(step),
                by_ceiling: reached.map(|day| dates.by(last_complete(day))),
                joint: overlap
                    .filter(|_| known)
                    .and_then(|o| joint(o, start, &share(&self.ready[at]))),
                dates: known.then_some(dates),
                ceiling,
                binding: if known { binding } else { Vec::new() },
            });
        }
        (out, self.stopped.iter().map(|c| c / n).collect())
    }
}

fn why(step: &Step<'_>) -> String {
    if step.done {
        return "done".into();
    }
    step.unknown.clone().unwrap_or_else(|| step.remark.clone())
}

/// Adds one draw to what was missing in the month before, in equal parts.
fn count(missing: &mut BTreeMap<String, f64>, lacking: &[&str], began: usize) {
    let nothing = [if began > 0 { BEFORE } else { "nothing" }];
    let lacking = if lacking.is_empty() {
        &nothing
    } else {
        lacking
    };
    let part = 1.0 / lacking.len() as f64;
    for reason in lacking {
        *missing.entry((*reason).to_owned()).or_default() += part;
    }
}

fn joint(overlap: &Overlap, start: i32, ready: &[f64]) -> Option<Joint> {
    let mut out = Joint {
        chance: 0.0,
        peak: None,
    };
    for (month, share) in (start..).zip(ready) {
        let part = share * overlap.accepts(month)?;
        out.chance += part;
        if part > out.peak.map_or(0.0, |(_, best)| best) {
            out.peak = Some((month, part));
        }
    }
    Some(out)
}

fn step<'l>(
    world: &'l World<'_>,
    sources: &[Source<'_>],
    phase: &'l Phase,
    phases: &[&'l Phase],
    before: &[Step<'_>],
) -> Step<'l> {
    let start = last_complete(world.day) + 1;
    let month = |day: Date| usize::try_from(month_of(day) - start + 1).unwrap_or(0);
    let number = |id: &String| phases.iter().position(|p| p.id == *id);
    let conditions = &world.process.conditions;
    let mut out = Step {
        phase,
        after: phase.after.iter().filter_map(number).collect(),
        needs: phase
            .needs
            .iter()
            .filter_map(|id| conditions.iter().position(|c| c.id == *id))
            .collect(),
        earliest: 0,
        takes: phase.takes.map_or(0.0, crate::model::Length::in_months),
        done: false,
        unknown: None,
        remark: String::new(),
    };
    out.done = phase.done.as_ref().is_some_and(|w| {
        world.counts(&phase.cite, None) && world.days(w).is_some_and(|d| d.1 <= world.day)
    });
    if let Some((day, _)) = phase.no_earlier.as_ref().and_then(|w| world.days(w)) {
        out.earliest = month(day);
    }
    let reason = |c: &usize| match sources.get(*c) {
        Some(Source::Unknown(why)) => Some(why.clone()),
        _ => None,
    };
    out.unknown = out.needs.iter().find_map(reason).or_else(|| {
        let stuck = out.after.iter().filter_map(|p| before.get(*p));
        let stuck = stuck.into_iter().find(|p| p.unknown.is_some())?;
        Some(format!(
            "it comes after {}, of which nothing can be said",
            stuck.phase.id
        ))
    });
    if phase.needs.is_empty() && !out.done {
        unconditional(world, &mut out, month);
    }
    out
}

/// A phase to which no condition is attached: what stands for it.
fn unconditional(world: &World<'_>, step: &mut Step<'_>, month: impl Fn(Date) -> usize) {
    let phase = step.phase;
    let due = phase.no_later.as_ref().and_then(|w| world.days(w));
    let timed = phase.takes.is_some() || phase.no_earlier.is_some();
    step.remark = match due {
        Some((_, due)) => {
            step.earliest = step.earliest.max(month(due));
            "no condition attached; it is taken to be kept on its date".into()
        }
        None if timed => "no condition attached; only time is counted".into(),
        None if step.after.is_empty() => {
            step.unknown = Some("neither a condition nor a date is attached".into());
            return;
        }
        None => "no condition attached; it follows the phase before it".into(),
    };
}

//! Judged conditions ahead: each judge's rating as a chain that moves a rung at a time, as often as
//! ratings moved so far.

use crate::forecast::math::exp;
use crate::light::{agreed, judges};
use crate::model::{Condition, Judged};
use crate::months::days;
use crate::rng::Rng;
use crate::world::World;

/// Moves a month before any is seen: one up in a year, one down in three.
const UP: (f64, f64) = (1.0, 12.0);
const DOWN: (f64, f64) = (1.0, 36.0);

/// The judges' ratings ahead.
pub(super) struct Chain {
    judged: Judged,
    /// Each judge's rating today; `None`: not known.
    now: Vec<Option<u8>>,
    /// Shape and rate of the moves a month.
    up: (f64, f64),
    down: (f64, f64),
}

impl Chain {
    /// `None`: no judge has a rating that stands.
    pub(super) fn of(
        world: &World<'_>,
        condition: &Condition,
        judged: &Judged,
        told: &mut Vec<String>,
    ) -> Option<Self> {
        let (ups, downs, months) = moves(world);
        let now: Vec<Option<u8>> = judges(world, condition, judged, world.day)
            .iter()
            .map(|j| j.value)
            .collect();
        let silent = now.iter().filter(|v| v.is_none()).count();
        // Where nobody has said anything there is nothing to go on from.
        if silent == now.len() {
            return None;
        }
        let mut line = format!(
            "{}: ratings move a rung at a time; {ups} moves up and {downs} down in {} months of ratings, beside a prior of one up a year and one down in three.",
            condition.id,
            months.round()
        );
        if silent > 0 {
            line.push_str(&format!(
                " {silent} of {} judges have no rating that stands: every rung is as likely.",
                now.len()
            ));
        }
        told.push(line);
        Some(Self {
            judged: judged.clone(),
            now,
            up: (UP.0 + f64::from(ups), UP.1 + months),
            down: (DOWN.0 + f64::from(downs), DOWN.1 + months),
        })
    }

    /// In which months the condition holds.
    pub(super) fn draw(&self, horizon: usize, rng: &mut Rng) -> Vec<bool> {
        let top = self.judged.top;
        let chance = |rng: &mut Rng, (shape, rate): (f64, f64)| 1.0 - exp(-rng.gamma(shape) / rate);
        let (up, down) = (chance(rng, self.up), chance(rng, self.down));
        let mut values: Vec<u8> = self
            .now
            .iter()
            .map(|v| {
                v.unwrap_or_else(|| u8::try_from(rng.below(usize::from(top) + 1)).unwrap_or(0))
            })
            .collect();
        (0..horizon)
            .map(|_| {
                for value in &mut values {
                    let u = rng.unit();
                    if u < up {
                        *value = (*value + 1).min(top);
                    } else if u < up + down {
                        *value = value.saturating_sub(1);
                    }
                }
                let known: Vec<Option<u8>> = values.iter().map(|v| Some(*v)).collect();
                agreed(&self.judged, &known) == Some(true)
            })
            .collect()
    }
}

/// Moves up, moves down and months of all ratings of the process.
fn moves(world: &World<'_>) -> (u32, u32, f64) {
    let mut all: Vec<_> = world
        .process
        .ratings
        .iter()
        .filter(|r| world.counts(&r.cite, None))
        .filter_map(|r| Some((&r.condition, &r.by, world.days(&r.on)?.1, r.value)))
        .filter(|(.., on, _)| *on <= world.day)
        .collect();
    all.sort();
    let (mut ups, mut downs, mut months) = (0, 0, 0.0);
    for (at, (condition, by, on, value)) in all.iter().enumerate() {
        let next = all
            .get(at + 1)
            .filter(|(c, b, ..)| c == condition && b == by);
        if let Some((.., after)) = next {
            ups += u32::from(after.saturating_sub(*value));
            downs += u32::from(value.saturating_sub(*after));
        }
        let until = next.map_or(world.day, |(_, _, on, _)| *on);
        months += days(*on, until) as f64 / 30.44;
    }
    (ups, downs, months)
}

//! The gated memories forwards with a trace, and backwards.

use super::params::Matrix;
use super::pass::Batch;
use crate::net::math::{curve, gate, widest};
use crate::net::memory::step;
use crate::net::{HALF, SUMS, WIDTH};

/// The slope of [`curve`].
#[inline(always)]
fn curve_slope(x: f32) -> f32 {
    let root = 1.0 / (1.0 + x * x).sqrt();
    root * root * root
}

/// The slope of [`gate`].
#[inline(always)]
fn gate_slope(x: f32) -> f32 {
    0.25 * curve_slope(0.5 * x)
}

/// The words of a sentence in the order of a direction.
fn order(start: usize, count: usize, side: usize) -> impl DoubleEndedIterator<Item = usize> {
    (0..count).map(move |at| start + if side == 0 { at } else { count - 1 - at })
}

/// What is let out, and the memories after each word.
pub(super) fn forward(sums: &[f32], keep: &[f32], batch: &Batch<'_>) -> (Vec<f32>, Vec<f32>) {
    widest(Forward { sums, keep, batch })
}

struct Forward<'f> {
    sums: &'f [f32],
    keep: &'f [f32],
    batch: &'f Batch<'f>,
}

impl pulp::WithSimd for Forward<'_> {
    type Output = (Vec<f32>, Vec<f32>);

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        let mut out = vec![0f32; self.batch.words * WIDTH];
        let mut trace = vec![0f32; self.batch.words * WIDTH];
        for (start, sentence) in self.batch.iter() {
            for side in 0..2 {
                let mut memory = [0f32; HALF];
                let keep = &self.keep[side * HALF..][..HALF];
                for at in order(start, sentence.heads.len(), side) {
                    let sums = &self.sums[at * SUMS + side * SUMS / 2..][..SUMS / 2];
                    let place = at * WIDTH + side * HALF;
                    step(sums, keep, &mut memory, &mut out[place..place + HALF]);
                    trace[place..place + HALF].copy_from_slice(&memory);
                }
            }
        }
        (out, trace)
    }
}

/// The slopes of the sums.
pub(super) fn back(
    sums: &[f32],
    keep: &mut Matrix,
    trace: &[f32],
    slopes: &[f32],
    batch: &Batch<'_>,
) -> Vec<f32> {
    widest(Back {
        sums,
        keep,
        trace,
        slopes,
        batch,
    })
}

struct Back<'f> {
    sums: &'f [f32],
    keep: &'f mut Matrix,
    trace: &'f [f32],
    slopes: &'f [f32],
    batch: &'f Batch<'f>,
}

impl pulp::WithSimd for Back<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        let mut turned = vec![0f32; self.sums.len()];
        for (start, sentence) in self.batch.iter() {
            for side in 0..2 {
                let mut carried = [0f32; HALF];
                let mut words = order(start, sentence.heads.len(), side).rev().peekable();
                while let Some(at) = words.next() {
                    let place = at * WIDTH + side * HALF;
                    let mut before = [0f32; HALF];
                    if let Some(at) = words.peek() {
                        before.copy_from_slice(&self.trace[at * WIDTH + side * HALF..][..HALF]);
                    }
                    let here = at * SUMS + side * SUMS / 2;
                    let scene = Scene {
                        sums: &self.sums[here..here + SUMS / 2],
                        memory: &self.trace[place..place + HALF],
                        before: &before,
                        slopes: &self.slopes[place..place + HALF],
                        keep: &self.keep.weights[side * HALF..][..HALF],
                    };
                    let by_keep = &mut self.keep.slopes[side * HALF..][..HALF];
                    scene.back(&mut carried, by_keep, &mut turned[here..here + SUMS / 2]);
                }
            }
        }
        turned
    }
}

/// One word of one direction on the way back.
struct Scene<'s> {
    sums: &'s [f32],
    memory: &'s [f32],
    before: &'s [f32; HALF],
    slopes: &'s [f32],
    keep: &'s [f32],
}

impl Scene<'_> {
    #[inline(always)]
    fn back(&self, carried: &mut [f32; HALF], by_keep: &mut [f32], into: &mut [f32]) {
        let (new, gates) = self.sums.split_at(HALF);
        let (keeps, lets) = gates.split_at(HALF);
        let (by_new, by_gates) = into.split_at_mut(HALF);
        let (by_keeps, by_lets) = by_gates.split_at_mut(HALF);
        let (keep, memory, slopes) = (
            &self.keep[..HALF],
            &self.memory[..HALF],
            &self.slopes[..HALF],
        );
        for at in 0..HALF {
            let (memory, before) = (memory[at], self.before[at]);
            let asked = keeps[at] + keep[at] * before;
            let (kept, lets_out) = (gate(asked), gate(lets[at]));
            by_lets[at] = slopes[at] * curve(memory) * gate_slope(lets[at]);
            let slope = carried[at] + slopes[at] * lets_out * curve_slope(memory);
            let by_asked = slope * (before - new[at]) * gate_slope(asked);
            by_new[at] = slope * (1.0 - kept);
            by_keeps[at] = by_asked;
            by_keep[at] += by_asked * before;
            carried[at] = slope * kept + by_asked * keep[at];
        }
    }
}

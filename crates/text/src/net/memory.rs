//! Gated memories that run over a sentence: what each keeps and lets out is decided word by word.

use super::math::{curve, gate};
use super::{HALF, SUMS, WIDTH};

/// One step of one direction: from the sums of a word and the memories before it to the memories
/// after it.
#[inline(always)]
pub(crate) fn step(sums: &[f32], keep: &[f32], memory: &mut [f32; HALF], out: &mut [f32]) {
    let (new, gates) = sums.split_at(HALF);
    let (keeps, lets) = gates.split_at(HALF);
    for at in 0..HALF {
        let kept = gate(keeps[at] + keep[at] * memory[at]);
        memory[at] = kept * memory[at] + (1.0 - kept) * new[at];
        out[at] = gate(lets[at]) * curve(memory[at]);
    }
}

/// Both directions over one sentence: [`SUMS`] numbers a word in, [`WIDTH`] out.
#[inline(always)]
pub(crate) fn run(sums: &[f32], keep: &[f32], out: &mut Vec<f32>) {
    out.clear();
    out.resize(sums.len() / SUMS * WIDTH, 0.0);
    let (keep_on, keep_back) = keep.split_at(HALF);
    let (on, back) = (0..SUMS / 2, SUMS / 2..SUMS);
    let mut memory = [0f32; HALF];
    for (sums, out) in sums.chunks_exact(SUMS).zip(out.chunks_exact_mut(WIDTH)) {
        step(&sums[on.clone()], keep_on, &mut memory, &mut out[..HALF]);
    }
    memory.fill(0.0);
    for (sums, out) in sums
        .chunks_exact(SUMS)
        .zip(out.chunks_exact_mut(WIDTH))
        .rev()
    {
        step(
            &sums[back.clone()],
            keep_back,
            &mut memory,
            &mut out[HALF..],
        );
    }
}

//! Arithmetic of the net. Every sum has a fixed order and nothing is fused, so that a wider
//! register or another machine gives the same bits.

use pulp::{Scalar256b, Simd, WithSimd};

/// Runs work on the widest registers that the machine has. All give the same bits.
#[inline]
pub(crate) fn widest<W: WithSimd>(work: W) -> W::Output {
    match pulp::Arch::new() {
        pulp::Arch::Scalar => work.with_simd(Scalar256b),
        arch => arch.dispatch(work),
    }
}

/// Columns computed together: four rows of them fit the registers of AVX2.
pub(crate) const LANES: usize = 16;

/// A matrix cut into panels of [`LANES`] columns, each panel's rows one after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Packed {
    panels: Vec<[f32; LANES]>,
    bias: Vec<f32>,
    rows: usize,
    cols: usize,
}

impl Packed {
    /// Packs a row-major matrix; columns are filled up with zeros to whole panels.
    pub(crate) fn new(weights: &[f32], rows: usize, cols: usize, bias: &[f32]) -> Self {
        let wide = cols.next_multiple_of(LANES);
        let mut panels = vec![[0f32; LANES]; wide / LANES * rows];
        for (at, weight) in weights.iter().enumerate().take(rows * cols) {
            let (row, col) = (at / cols, at % cols);
            panels[col / LANES * rows + row][col % LANES] = *weight;
        }
        let mut bias = bias.to_vec();
        bias.resize(wide, 0.0);
        Self {
            panels,
            bias,
            rows,
            cols: wide,
        }
    }

    /// `bias + x · matrix` for every row of `x`, into `out`.
    #[inline(always)]
    pub(crate) fn apply<S: Simd>(&self, simd: S, x: &[f32], out: &mut Vec<f32>) {
        let count = x.len() / self.rows.max(1);
        out.clear();
        for _ in 0..count {
            out.extend_from_slice(&self.bias);
        }
        if self.rows == 0 {
            return;
        }
        for (at, panel) in self.panels.chunks_exact(self.rows).enumerate() {
            multiply(simd, x, panel, out, self.cols, at * LANES);
        }
    }
}

/// Adds `x · panel` to the columns of `out` that begin at `col`; rows of `out` are `cols` long.
#[inline(always)]
pub(crate) fn multiply<S: Simd>(
    simd: S,
    x: &[f32],
    panel: &[[f32; LANES]],
    out: &mut [f32],
    cols: usize,
    col: usize,
) {
    let rows = panel.len();
    let fours = x.chunks_exact(rows * 4);
    let rest = fours.remainder();
    let mut at = col;
    for four in fours {
        let (a, b) = four.split_at(rows * 2);
        let ((a, b), (c, d)) = (a.split_at(rows), b.split_at(rows));
        for sum in sums(simd, [a, b, c, d], panel) {
            gather(&mut out[at..], &sum);
            at += cols;
        }
    }
    // Up to three rows are left; together they take the time of one.
    let mut last = rest.chunks_exact(rows);
    let rest = match (last.next(), last.next(), last.next()) {
        (Some(a), None, None) => sums(simd, [a], panel).to_vec(),
        (Some(a), Some(b), None) => sums(simd, [a, b], panel).to_vec(),
        (Some(a), Some(b), Some(c)) => sums(simd, [a, b, c], panel).to_vec(),
        _ => Vec::new(),
    };
    for sum in &rest {
        gather(&mut out[at..], sum);
        at += cols;
    }
}

/// `R` rows times one panel, two registers of each row at a time.
#[inline(always)]
fn sums<S: Simd, const R: usize>(
    simd: S,
    rows: [&[f32]; R],
    panel: &[[f32; LANES]],
) -> [[f32; LANES]; R] {
    let rows = rows.map(|row| &row[..panel.len()]);
    let mut out = [[0f32; LANES]; R];
    let pairs = LANES / S::F32_LANES / 2;
    for pair in 0..pairs {
        let (mut low, mut high) = ([simd.splat_f32s(0.0); R], [simd.splat_f32s(0.0); R]);
        for (at, line) in panel.iter().enumerate() {
            let (line, _) = S::as_simd_f32s(line);
            let (one, two) = (line[pair * 2], line[pair * 2 + 1]);
            for row in 0..R {
                // Not fused: a fused product rounds differently where it is missing.
                let by = simd.splat_f32s(rows[row][at]);
                low[row] = simd.add_f32s(low[row], simd.mul_f32s(by, one));
                high[row] = simd.add_f32s(high[row], simd.mul_f32s(by, two));
            }
        }
        for (out, (low, high)) in out.iter_mut().zip(low.into_iter().zip(high)) {
            let (out, _) = S::as_mut_simd_f32s(out);
            (out[pair * 2], out[pair * 2 + 1]) = (low, high);
        }
    }
    out
}

#[inline(always)]
fn gather(out: &mut [f32], sum: &[f32; LANES]) {
    for (out, sum) in out.iter_mut().zip(sum) {
        *out += sum;
    }
}

/// The sum of products, in sixteen running sums that are added in pairs.
#[inline(always)]
pub(crate) fn dot<S: Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; 16];
    let (running, _) = S::as_mut_simd_f32s(&mut sums);
    for (a, b) in a.chunks_exact(16).zip(b.chunks_exact(16)) {
        let ((a, _), (b, _)) = (S::as_simd_f32s(a), S::as_simd_f32s(b));
        for ((sum, a), b) in running.iter_mut().zip(a).zip(b) {
            *sum = simd.add_f32s(*sum, simd.mul_f32s(*a, *b));
        }
    }
    let mut width = 8;
    while width > 0 {
        for at in 0..width {
            sums[at] += sums[at + width];
        }
        width /= 2;
    }
    sums[0]
}

/// A curve from -1 to 1 made of operations that every machine rounds alike.
#[inline(always)]
pub(crate) fn curve(x: f32) -> f32 {
    x / (1.0 + x * x).sqrt()
}

/// A gate from 0 to 1.
#[inline(always)]
pub(crate) fn gate(x: f32) -> f32 {
    0.5 + 0.5 * curve(0.5 * x)
}

/// What is below zero counts a tenth.
#[inline(always)]
pub(crate) fn bend(x: f32) -> f32 {
    if x < 0.0 { x * 0.1 } else { x }
}

/// The exponential function by its series: the standard library's differs between systems.
pub(crate) fn exp(x: f32) -> f32 {
    let x = x.clamp(-80.0, 80.0) * std::f32::consts::LOG2_E;
    let whole = x.floor();
    let rest = (x - whole) * std::f32::consts::LN_2;
    let mut sum = 1.0;
    for term in (1..=7u8).rev() {
        sum = 1.0 + rest / f32::from(term) * sum;
    }
    f32::from_bits(((whole as i32 + 127) as u32) << 23) * sum
}

/// Turns scores into probabilities.
pub(crate) fn softmax(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = exp(*score - top);
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_is_the_plain_product() {
        let (rows, cols, count) = (5, 40, 7);
        let value = |i: usize| (i * 7 % 11) as f32 - 5.0;
        let weights: Vec<f32> = (0..rows * cols).map(value).collect();
        let x: Vec<f32> = (0..rows * count).map(value).collect();
        let bias: Vec<f32> = (0..cols).map(value).collect();
        let mut out = Vec::new();
        Packed::new(&weights, rows, cols, &bias).apply(Scalar256b, &x, &mut out);
        for n in 0..count {
            for c in 0..cols {
                let sum: f32 = (0..rows)
                    .map(|r| x[n * rows + r] * weights[r * cols + c])
                    .sum();
                assert_eq!(out[n * 48 + c], bias[c] + sum);
            }
        }
    }

    #[test]
    fn exponentials_are_close() {
        for x in [-20.0f32, -1.0, -0.1, 0.0, 0.5, 1.0, 3.0, 20.0] {
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-5, "{x}");
        }
    }
}

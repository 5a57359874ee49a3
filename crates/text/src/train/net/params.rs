//! Weights that learn: matrices and rows of features, each with what Adam remembers of it.

use crate::net::INPUT;
use crate::net::math::{LANES, multiply, widest};
use crate::train::learner::Stream;

/// How long gradients and their squares are remembered.
const MEAN: f32 = 0.9;
const SQUARE: f32 = 0.99;

/// The size of a step at this moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    pub size: f32,
    /// Steps done, from one.
    pub step: u32,
}

/// `c += a · b`, with `a` of `rows` columns and `b` of `rows` rows and `cols` columns.
pub(super) fn product(a: &[f32], b: &[f32], c: &mut [f32], rows: usize, cols: usize) {
    widest(Product {
        a,
        b,
        c,
        rows,
        cols,
    });
}

struct Product<'p> {
    a: &'p [f32],
    b: &'p [f32],
    c: &'p mut [f32],
    rows: usize,
    cols: usize,
}

impl pulp::WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        let Self {
            a,
            b,
            c,
            rows,
            cols,
        } = self;
        let mut panel = vec![[0f32; LANES]; rows];
        for col in (0..cols.next_multiple_of(LANES)).step_by(LANES) {
            let width = LANES.min(cols - col);
            for (line, b) in panel.iter_mut().zip(b.chunks_exact(cols)) {
                line[..width].copy_from_slice(&b[col..col + width]);
                line[width..].fill(0.0);
            }
            if width == LANES {
                multiply(simd, a, &panel, c, cols, col);
            } else {
                narrow(simd, a, &panel, c, cols, col);
            }
        }
    }
}

/// The last columns of a product whose width is not a whole panel.
#[inline(always)]
fn narrow<S: pulp::Simd>(
    simd: S,
    a: &[f32],
    panel: &[[f32; LANES]],
    c: &mut [f32],
    cols: usize,
    col: usize,
) {
    let mut sums = vec![0f32; a.len() / panel.len() * LANES];
    multiply(simd, a, panel, &mut sums, LANES, 0);
    for (c, sums) in c.chunks_exact_mut(cols).zip(sums.chunks_exact(LANES)) {
        c[col..].iter_mut().zip(sums).for_each(|(c, sum)| *c += sum);
    }
}

fn transposed(a: &[f32], cols: usize) -> Vec<f32> {
    let rows = a.len() / cols;
    let mut out = vec![0f32; a.len()];
    for (row, line) in a.chunks_exact(cols).enumerate() {
        for (col, value) in line.iter().enumerate() {
            out[col * rows + row] = *value;
        }
    }
    out
}

/// One step of Adam.
struct Adam<'p> {
    weights: &'p mut [f32],
    slopes: &'p mut [f32],
    means: &'p mut [f32],
    squares: &'p mut [f32],
    rate: Rate,
}

impl pulp::WithSimd for Adam<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self {
            weights,
            slopes,
            means,
            squares,
            rate,
        } = self;
        let faded = |by: f32| 1.0 - (0..rate.step.min(2000)).fold(1.0, |x: f32, _| x * by);
        let (mean, square) = (1.0 / faded(MEAN), 1.0 / faded(SQUARE));
        let all = weights.iter_mut().zip(slopes).zip(means).zip(squares);
        for (((weight, slope), m), v) in all {
            *m = MEAN * *m + (1.0 - MEAN) * *slope;
            *v = SQUARE * *v + (1.0 - SQUARE) * *slope * *slope;
            *weight -= rate.size * (*m * mean) / ((*v * square).sqrt() + 1e-8);
            *slope = 0.0;
        }
    }
}

/// A matrix, or with one row a vector.
#[derive(Debug)]
pub(super) struct Matrix {
    pub weights: Vec<f32>,
    pub slopes: Vec<f32>,
    means: Vec<f32>,
    squares: Vec<f32>,
    pub rows: usize,
    pub cols: usize,
}

impl Matrix {
    /// Even random weights up to `bound`.
    pub(super) fn new(rows: usize, cols: usize, bound: f32, stream: &mut Stream) -> Self {
        let mut made = Self::zero(rows, cols);
        for weight in &mut made.weights {
            *weight = (stream.unit() * 2.0 - 1.0) * bound;
        }
        made
    }

    pub(super) fn zero(rows: usize, cols: usize) -> Self {
        Self {
            weights: vec![0.0; rows * cols],
            slopes: vec![0.0; rows * cols],
            means: vec![0.0; rows * cols],
            squares: vec![0.0; rows * cols],
            rows,
            cols,
        }
    }

    /// `bias + x · self` for every row of `x`.
    pub(super) fn apply(&self, x: &[f32], bias: Option<&Self>) -> Vec<f32> {
        let mut out = vec![0f32; x.len() / self.rows * self.cols];
        if let Some(bias) = bias {
            for row in out.chunks_exact_mut(self.cols) {
                row.copy_from_slice(&bias.weights);
            }
        }
        product(x, &self.weights, &mut out, self.rows, self.cols);
        out
    }

    /// Takes the slopes of an [`Self::apply`] back: into the matrix and, if asked, into `x`.
    pub(super) fn back(&mut self, x: &[f32], out: &[f32], into: Option<&mut [f32]>) {
        let turned = transposed(x, self.rows);
        let count = x.len() / self.rows;
        product(&turned, out, &mut self.slopes, count, self.cols);
        if let Some(into) = into {
            let turned = transposed(&self.weights, self.cols);
            product(out, &turned, into, self.cols, self.rows);
        }
    }

    /// Takes the slopes of a bias back.
    pub(super) fn back_bias(&mut self, out: &[f32]) {
        for row in out.chunks_exact(self.cols) {
            self.slopes.iter_mut().zip(row).for_each(|(s, d)| *s += d);
        }
    }

    pub(super) fn step(&mut self, rate: Rate) {
        let Self {
            weights,
            slopes,
            means,
            squares,
            ..
        } = self;
        widest(Adam {
            weights,
            slopes,
            means,
            squares,
            rate,
        });
    }
}

/// Rows of [`INPUT`] numbers, one a feature; row zero is never used. Only rows that a batch
/// touched move.
#[derive(Debug)]
pub(super) struct Rows {
    weights: Vec<f32>,
    slopes: Vec<f32>,
    means: Vec<f32>,
    squares: Vec<f32>,
    steps: Vec<u32>,
    touched: Vec<u32>,
}

impl Rows {
    pub(super) fn new(count: usize, stream: &mut Stream) -> Self {
        let size = count * INPUT;
        Self {
            weights: (0..size).map(|_| stream.unit() * 0.2 - 0.1).collect(),
            slopes: vec![0.0; size],
            means: vec![0.0; size],
            squares: vec![0.0; size],
            steps: vec![0; count],
            touched: Vec::new(),
        }
    }

    pub(super) fn row(&self, at: u32) -> &[f32] {
        &self.weights[at as usize * INPUT..][..INPUT]
    }

    pub(super) fn back(&mut self, at: u32, slopes: &[f32]) {
        self.touched.push(at);
        let own = &mut self.slopes[at as usize * INPUT..][..INPUT];
        own.iter_mut().zip(slopes).for_each(|(s, d)| *s += d);
    }

    pub(super) fn step(&mut self, size: f32) {
        self.touched.sort_unstable();
        self.touched.dedup();
        for at in std::mem::take(&mut self.touched) {
            let at = at as usize;
            self.steps[at] += 1;
            let range = at * INPUT..(at + 1) * INPUT;
            let rate = Rate {
                size,
                step: self.steps[at],
            };
            widest(Adam {
                weights: &mut self.weights[range.clone()],
                slopes: &mut self.slopes[range.clone()],
                means: &mut self.means[range.clone()],
                squares: &mut self.squares[range],
                rate,
            });
        }
    }
}

/// Leaves numbers out at random, the rest scaled up: what is learnt must not hang on one of them.
#[derive(Debug)]
pub(super) struct Dropper {
    share: f32,
    pub stream: Stream,
}

impl Dropper {
    pub(super) fn new(share: f32) -> Self {
        Self {
            share,
            stream: Stream(9),
        }
    }

    /// Factors for so many numbers.
    pub(super) fn mask(&mut self, count: usize) -> Vec<f32> {
        let kept = 1.0 / (1.0 - self.share);
        let cut = (self.share * 65536.0) as u64;
        let mut bits = 0;
        (0..count)
            .map(|at| {
                bits = if at % 4 == 0 {
                    self.stream.next()
                } else {
                    bits >> 16
                };
                if (bits & 0xFFFF) < cut { 0.0 } else { kept }
            })
            .collect()
    }

    /// Whether something is left out this time.
    pub(super) fn drops(&mut self, share: f32) -> bool {
        self.stream.unit() < share
    }
}

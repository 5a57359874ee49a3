//! One batch forwards and backwards.

use super::params::{Dropper, Matrix, Rate, Rows, product};
use super::vectors::Vectors;
use super::{Prepared, arcs, memory};
use crate::net::inputs::{CLASS, FEATURES, FORM, WORD};
use crate::net::math::{bend, softmax};
use crate::net::{ARC, CLASSES, DISTANCES, HALF, INPUT, LABEL, LAYERS, SUMS, VIEWS, WIDTH};
use crate::train::learner::Stream;

/// The weights of the net while it learns, in the order of the file.
#[derive(Debug)]
pub(super) struct Weights {
    pub layers: Vec<Layer>,
    pub tags: (Matrix, Matrix),
    pub views: (Matrix, Matrix),
    pub asks: (Matrix, Matrix),
    pub root_arc: Matrix,
    pub root_label: Matrix,
    pub distances: Matrix,
    pub labels: (Matrix, Matrix),
    /// From the vectors of words to the input.
    pub vectors: Matrix,
    pub rows: Rows,
}

#[derive(Debug)]
pub(super) struct Layer {
    pub sums: Matrix,
    pub bias: Matrix,
    pub keep: Matrix,
}

/// A matrix with the usual spread for its size, and a bias of zeros.
fn pair(rows: usize, cols: usize, gain: f32, stream: &mut Stream) -> (Matrix, Matrix) {
    let bound = gain * (6.0 / (rows + cols) as f32).sqrt();
    (
        Matrix::new(rows, cols, bound, stream),
        Matrix::zero(1, cols),
    )
}

impl Weights {
    pub(super) fn new(rows: usize) -> Self {
        let stream = &mut Stream(77);
        let layers = (0..LAYERS).map(|depth| Layer::new(depth, stream)).collect();
        Self {
            layers,
            tags: pair(WIDTH, CLASSES, 1.0, stream),
            views: pair(WIDTH, VIEWS, 1.2, stream),
            asks: pair(ARC, ARC + DISTANCES, 0.5, stream),
            root_arc: Matrix::new(1, ARC, 0.15, stream),
            root_label: Matrix::new(1, LABEL, 0.3, stream),
            distances: Matrix::new(DISTANCES, LABEL, 0.03, stream),
            labels: pair(LABEL, CLASSES, 1.0, stream),
            vectors: Matrix::new(Vectors::WIDTH, INPUT, 0.1, stream),
            rows: Rows::new(rows, stream),
        }
    }

    /// The dense weights in the order of the file.
    pub(super) fn dense(&self) -> Vec<f32> {
        let layers = self.layers.iter();
        let mut all: Vec<&Matrix> = layers.flat_map(|l| [&l.sums, &l.bias, &l.keep]).collect();
        for (matrix, bias) in [&self.tags, &self.views, &self.asks] {
            all.extend([matrix, bias]);
        }
        all.extend([&self.root_arc, &self.root_label, &self.distances]);
        all.extend([&self.labels.0, &self.labels.1]);
        all.iter().flat_map(|m| m.weights.iter().copied()).collect()
    }

    pub(super) fn step(&mut self, rate: Rate) {
        for layer in &mut self.layers {
            for matrix in [&mut layer.sums, &mut layer.bias, &mut layer.keep] {
                matrix.step(rate);
            }
        }
        for (matrix, bias) in [
            &mut self.tags,
            &mut self.views,
            &mut self.asks,
            &mut self.labels,
        ] {
            matrix.step(rate);
            bias.step(rate);
        }
        for matrix in [
            &mut self.root_arc,
            &mut self.root_label,
            &mut self.distances,
            &mut self.vectors,
        ] {
            matrix.step(rate);
        }
        self.rows.step(rate.size);
    }
}

impl Layer {
    fn new(depth: usize, stream: &mut Stream) -> Self {
        let rows = if depth == 0 { INPUT } else { WIDTH };
        let sums = Matrix::new(rows, SUMS, (3.0 / rows as f32).sqrt(), stream);
        let mut bias = Matrix::zero(1, SUMS);
        // Some memories start short, some long.
        for side in bias.weights.chunks_exact_mut(SUMS / 2) {
            for (at, keep) in side[HALF..2 * HALF].iter_mut().enumerate() {
                *keep = 2.0 * at as f32 / HALF as f32;
            }
        }
        Self {
            sums,
            bias,
            keep: Matrix::zero(1, WIDTH),
        }
    }
}

/// How much a wrong tag counts beside a wrong head or relation.
const TAG_SHARE: f32 = 1.0;

/// Sums of the loss: heads, relations, tags.
pub(super) type Loss = [f64; 3];

/// Sentences laid end to end.
pub(super) struct Batch<'p> {
    pub sentences: Vec<&'p Prepared>,
    pub words: usize,
}

impl<'p> Batch<'p> {
    /// Each sentence with its first word's place.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &'p Prepared)> + '_ {
        self.sentences.iter().scan(0, |at, sentence| {
            let start = *at;
            *at += sentence.heads.len();
            Some((start, *sentence))
        })
    }
}

/// What a layer did, kept for the way back.
struct Trace {
    input: Vec<f32>,
    sums: Vec<f32>,
    memory: Vec<f32>,
    mask: Vec<f32>,
}

pub(super) fn times(values: &mut [f32], by: &[f32]) {
    values.iter_mut().zip(by).for_each(|(v, m)| *v *= m);
}

/// The slope of [`bend`] where it gave `out`.
pub(super) fn back_bend(out: &[f32], slopes: &mut [f32]) {
    for (out, slope) in out.iter().zip(slopes) {
        if *out < 0.0 {
            *slope *= 0.1;
        }
    }
}

/// Learns from a batch: fills the slopes of all weights.
pub(super) fn learn(
    weights: &mut Weights,
    vectors: &Vectors,
    batch: &Batch<'_>,
    dropper: &mut Dropper,
    loss: &mut Loss,
) {
    let input = Input::new(weights, vectors, batch, dropper);
    let mut x = input.sums.clone();
    let mut traces = Vec::new();
    for layer in &weights.layers {
        let sums = layer.sums.apply(&x, Some(&layer.bias));
        let (mut out, memory) = memory::forward(&sums, &layer.keep.weights, batch);
        if !traces.is_empty() {
            out.iter_mut().zip(&x).for_each(|(o, i)| *o += i);
        }
        let mask = dropper.mask(out.len());
        times(&mut out, &mask);
        let input = std::mem::replace(&mut x, out);
        traces.push(Trace {
            input,
            sums,
            memory,
            mask,
        });
    }
    let mut slopes = vec![0f32; x.len()];
    tags(weights, batch, &x, &mut slopes, loss);
    views(weights, batch, &x, &mut slopes, dropper, loss);
    for (depth, trace) in traces.iter().enumerate().rev() {
        times(&mut slopes, &trace.mask);
        let layer = &mut weights.layers[depth];
        let turned = memory::back(&trace.sums, &mut layer.keep, &trace.memory, &slopes, batch);
        let mut into = if depth > 0 {
            slopes
        } else {
            vec![0f32; trace.input.len()]
        };
        layer.sums.back(&trace.input, &turned, Some(&mut into));
        layer.bias.back_bias(&turned);
        slopes = into;
    }
    input.back(weights, slopes);
}

/// The input of a batch.
struct Input {
    rows: Vec<[u32; FEATURES]>,
    vectors: Vec<f32>,
    sums: Vec<f32>,
    mask: Vec<f32>,
}

/// How often the row of a rare word is left out: a word seen once as good as half the time.
const RARE: f32 = 0.5;
/// How often any feature is left out.
const BLANK: f32 = 0.05;

impl Input {
    fn new(weights: &Weights, vectors: &Vectors, batch: &Batch<'_>, dropper: &mut Dropper) -> Self {
        let mut made = Self {
            rows: Vec::with_capacity(batch.words),
            vectors: vec![0f32; batch.words * Vectors::WIDTH],
            sums: vec![0f32; batch.words * INPUT],
            mask: Vec::new(),
        };
        for word in batch.sentences.iter().flat_map(|s| &s.words) {
            let at = made.rows.len();
            let mut rows = word.rows;
            let rare = RARE / (RARE + word.count as f32);
            if dropper.drops(rare + BLANK) {
                (rows[WORD], rows[FORM]) = (0, 0);
            }
            if dropper.drops(BLANK) {
                rows[CLASS] = 0;
            } else {
                let slot = &mut made.vectors[at * Vectors::WIDTH..][..Vectors::WIDTH];
                vectors.read(word.vector, slot);
            }
            for row in &mut rows[1..] {
                if dropper.drops(BLANK) {
                    *row = 0;
                }
            }
            let slot = &mut made.sums[at * INPUT..][..INPUT];
            for row in rows.into_iter().filter(|row| *row > 0) {
                let row = weights.rows.row(row);
                slot.iter_mut().zip(row).for_each(|(s, w)| *s += w);
            }
            made.rows.push(rows);
        }
        product(
            &made.vectors,
            &weights.vectors.weights,
            &mut made.sums,
            Vectors::WIDTH,
            INPUT,
        );
        made.mask = dropper.mask(made.sums.len());
        times(&mut made.sums, &made.mask);
        made
    }

    fn back(&self, weights: &mut Weights, mut slopes: Vec<f32>) {
        times(&mut slopes, &self.mask);
        weights.vectors.back(&self.vectors, &slopes, None);
        for (rows, slopes) in self.rows.iter().zip(slopes.chunks_exact(INPUT)) {
            for row in rows.iter().filter(|row| **row > 0) {
                weights.rows.back(*row, slopes);
            }
        }
    }
}

/// The loss of the best classes and its slopes, in place of the scores.
pub(super) fn cross(scores: &mut [f32], right: usize, share: f32) -> f64 {
    softmax(scores);
    let loss = -f64::from(scores[right].max(1e-9)).ln();
    scores[right] -= 1.0;
    scores.iter_mut().for_each(|s| *s *= share);
    loss
}

fn tags(weights: &mut Weights, batch: &Batch<'_>, x: &[f32], slopes: &mut [f32], loss: &mut Loss) {
    let mut scores = weights.tags.0.apply(x, Some(&weights.tags.1));
    let share = TAG_SHARE / batch.words as f32;
    let right = batch.sentences.iter().flat_map(|s| &s.tags);
    for (scores, right) in scores.chunks_exact_mut(CLASSES).zip(right) {
        loss[2] += cross(scores, usize::from(*right), share);
    }
    weights.tags.0.back(x, &scores, Some(slopes));
    weights.tags.1.back_bias(&scores);
}

/// Heads and relations.
fn views(
    weights: &mut Weights,
    batch: &Batch<'_>,
    x: &[f32],
    slopes: &mut [f32],
    dropper: &mut Dropper,
    loss: &mut Loss,
) {
    let mut views = weights.views.0.apply(x, Some(&weights.views.1));
    for view in views.chunks_exact_mut(VIEWS) {
        view[..2 * ARC].iter_mut().for_each(|v| *v = bend(*v));
    }
    let mut back = vec![0f32; views.len()];
    arcs::heads(weights, batch, &views, &mut back, dropper, &mut loss[0]);
    arcs::relations(weights, batch, &views, &mut back, dropper, &mut loss[1]);
    for (view, back) in views.chunks_exact(VIEWS).zip(back.chunks_exact_mut(VIEWS)) {
        back_bend(&view[..2 * ARC], &mut back[..2 * ARC]);
    }
    weights.views.0.back(x, &back, Some(slopes));
    weights.views.1.back_bias(&back);
}

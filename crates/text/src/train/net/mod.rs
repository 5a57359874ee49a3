//! Learns the net that tags and parses: gradient descent (Adam), one thread, a fixed order.

mod arcs;
mod memory;
mod params;
mod pass;
mod vectors;

use std::collections::BTreeMap;

use super::learner::Stream;
use super::{Data, Example};
use crate::clusters::lay_out;
use crate::net::INPUT;
use crate::net::inputs::{FEATURES, features, word_key};
use params::{Dropper, Rate, product};
use pass::{Batch, Loss, Weights};
use vectors::Vectors;

/// Rounds over all sentences.
const EPOCHS: u32 = 16;
/// Words of a batch.
const BATCH: usize = 500;
/// The largest step; it grows over the first steps and shrinks to nothing by the last.
const STEP: f32 = 0.003;
const WARM: f32 = 100.0;
/// Share of numbers left out at random.
const DROP: f32 = 0.15;
/// How often a feature must stand in the data to get a row.
const LEAST: u32 = 3;
/// Longer sentences are lists and signatures; the batches do without them.
const LONGEST: usize = 120;

/// A word as the net's training sees it.
#[derive(Debug)]
struct Seen {
    /// Row of each feature; zero: none.
    rows: [u32; FEATURES],
    /// Place of its vector; zero: none.
    vector: u32,
    /// How often its normal form stands in the data.
    count: u32,
}

/// A sentence as numbers.
#[derive(Debug)]
struct Prepared {
    words: Vec<Seen>,
    tags: Vec<u8>,
    heads: Vec<u32>,
    relations: Vec<u8>,
}

/// Rows of the features that are frequent enough, by key.
struct Vocabulary {
    rows: BTreeMap<u32, u32>,
    counts: BTreeMap<u32, u32>,
}

impl Vocabulary {
    fn new(examples: &[Example]) -> Self {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for example in examples {
            for (at, word) in example.words.iter().enumerate() {
                for key in features(word, at, example.cased) {
                    *counts.entry(key).or_default() += 1;
                }
            }
        }
        let frequent = counts.iter().filter(|(_, count)| **count >= LEAST);
        let rows = frequent.map(|(key, _)| *key).zip(1..).collect();
        Self { rows, counts }
    }

    fn prepare(&self, example: &Example, vectors: &Vectors) -> Prepared {
        let words = example.words.iter().enumerate().map(|(at, word)| {
            let keys = features(word, at, example.cased);
            Seen {
                rows: keys.map(|key| self.rows.get(&key).copied().unwrap_or(0)),
                vector: vectors.place(word.norm),
                count: self.counts.get(&keys[0]).copied().unwrap_or(0),
            }
        });
        Prepared {
            words: words.collect(),
            tags: example.tags.clone(),
            heads: example.heads.clone(),
            relations: example.relations.clone(),
        }
    }
}

/// Learns from all examples; gives the blocks of the model file.
pub(super) fn learn(
    examples: &[Example],
    data: &Data,
    log: &mut dyn FnMut(String),
) -> Vec<(String, Vec<u8>)> {
    let words = data.clusters.iter().map(|(word, _)| word.as_str());
    let vectors = Vectors::new(words, &data.vectors);
    let vocabulary = Vocabulary::new(examples);
    let prepared: Vec<Prepared> = examples
        .iter()
        .filter(|example| example.words.len() <= LONGEST)
        .map(|example| vocabulary.prepare(example, &vectors))
        .collect();
    let mut weights = Weights::new(vocabulary.rows.len() + 1);
    let all: usize = prepared.iter().map(|p| p.words.len()).sum();
    let steps = (all * EPOCHS as usize / BATCH) as f32;
    let (mut order, mut stream) = ((0..prepared.len()).collect::<Vec<_>>(), Stream(5));
    let mut dropper = Dropper::new(DROP);
    let mut step = 0;
    for epoch in 1..=EPOCHS {
        stream.shuffle(&mut order);
        let mut loss = Loss::default();
        for batch in batches(&prepared, &order) {
            step += 1;
            pass::learn(&mut weights, &vectors, &batch, &mut dropper, &mut loss);
            let grown = (step as f32 / WARM).min(1.0);
            let left = (1.0 - step as f32 / (steps * 1.02)).max(0.01);
            weights.step(Rate {
                size: STEP * grown * left,
                step,
            });
        }
        let [heads, relations, tags] = loss.map(|l| l / all as f64);
        log(format!(
            "epoch {epoch}: heads {heads:.3} relations {relations:.3} tags {tags:.3}"
        ));
    }
    blocks(&weights, &vocabulary, &vectors)
}

/// Cuts the sentences into batches.
fn batches<'p>(prepared: &'p [Prepared], order: &[usize]) -> Vec<Batch<'p>> {
    let mut all = Vec::new();
    let mut batch = Batch {
        sentences: Vec::new(),
        words: 0,
    };
    for at in order {
        let sentence = &prepared[*at];
        batch.words += sentence.words.len();
        batch.sentences.push(sentence);
        if batch.words >= BATCH {
            let empty = Batch {
                sentences: Vec::new(),
                words: 0,
            };
            all.push(std::mem::replace(&mut batch, empty));
        }
    }
    all
}

/// The blocks of the model file. The vectors become part of the words' rows.
fn blocks(weights: &Weights, vocabulary: &Vocabulary, vectors: &Vectors) -> Vec<(String, Vec<u8>)> {
    let mut rows: BTreeMap<u32, Vec<f32>> = vocabulary
        .rows
        .iter()
        .map(|(key, row)| (*key, weights.rows.row(*row).to_vec()))
        .collect();
    for (norm, place) in vectors.all() {
        let mut vector = vec![0f32; Vectors::WIDTH];
        vectors.read(place, &mut vector);
        let row = rows
            .entry(word_key(norm))
            .or_insert_with(|| vec![0.0; INPUT]);
        product(
            &vector,
            &weights.vectors.weights,
            row,
            Vectors::WIDTH,
            INPUT,
        );
    }
    // A row's number has two bytes.
    rows.retain({
        let mut left = usize::from(u16::MAX);
        move |_, _| {
            let kept = left > 0;
            left = left.saturating_sub(1);
            kept
        }
    });
    let keys: Vec<(u32, u16)> = rows.keys().copied().zip(0..).collect();
    let (mut bytes, mut units) = (Vec::new(), Vec::new());
    for row in rows.values() {
        let largest = row.iter().fold(1e-6f32, |a, b| a.max(b.abs()));
        let unit = largest / 127.0;
        bytes.extend(row.iter().map(|x| (x / unit).round() as i8 as u8));
        units.extend(unit.to_le_bytes());
    }
    let dense = weights
        .dense()
        .iter()
        .flat_map(|w| w.to_le_bytes())
        .collect();
    vec![
        ("net.key".to_owned(), lay_out(&keys)),
        ("net.row".to_owned(), bytes),
        ("net.unit".to_owned(), units),
        ("net.all".to_owned(), dense),
    ]
}

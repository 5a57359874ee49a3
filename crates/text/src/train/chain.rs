//! Training of a chain of labels: a structured perceptron, and what its margins mean.

use std::collections::BTreeMap;

use super::Laid;
use super::learner::{Learner, Stream};
use crate::names::chain::{self as labelling, Follow, follow_feature};
use crate::names::{self, LABELS};
use crate::table::{Row, Score};

const EPOCHS: usize = 5;

/// Runs over the sentences in different order whose mean is taken.
const RUNS: u64 = 4;

/// By how much the right labelling must lead, for every label that differs.
const MARGIN: f32 = 10.0;

/// One sentence in this many is held out to learn what a margin means.
const HELD_OUT: usize = 10;

/// Features that a model keeps: what is lighter is left out.
pub(super) const SLOTS: usize = 1 << 16;

/// A sentence as numbers: the features and the right label of each word.
#[derive(Debug)]
pub(super) struct Prepared {
    pub features: Vec<Vec<u64>>,
    pub labels: Vec<u8>,
}

/// What sets one model's training apart.
#[derive(Clone, Copy)]
pub(super) struct Chain {
    /// Template of the features that hold how labels follow each other.
    pub template: u32,
    /// By how much more "outside" must trail inside a name: a name missed costs more than one too
    /// many where the texts to learn from are few.
    pub missed: f32,
}

/// What is learnt: the weights, and the slope and offset that turn a margin into a probability.
pub(super) struct Learnt {
    pub rows: Vec<Row>,
    pub calibration: (f32, f32),
}

/// Learns names.
pub(super) fn learn(prepared: &[Prepared], chain: Chain, log: &mut Vec<String>) -> Learnt {
    let part = |held: bool| -> Vec<&Prepared> {
        let keep = |(at, _): &(usize, _)| (at % HELD_OUT == 0) == held;
        let numbered = prepared.iter().enumerate();
        numbered.filter(keep).map(|(_, p)| p).collect()
    };
    let tried = learn_once(&part(false), chain, 0);
    let calibration = calibrate(&tried, &part(true), chain, log);
    let every: Vec<&Prepared> = prepared.iter().collect();
    let runs: Vec<Vec<Row>> = (0..RUNS)
        .map(|run| learn_once(&every, chain, run))
        .collect();
    Learnt {
        rows: mean(&runs),
        calibration,
    }
}

/// One run.
pub(super) fn learn_once(sentences: &[&Prepared], chain: Chain, run: u64) -> Vec<Row> {
    let mut learner = Learner::new(LABELS, 2);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut stream = Stream(3 + run);
    let mut scratch = names::Scratch::default();
    for _ in 0..EPOCHS {
        stream.shuffle(&mut order);
        for at in &order {
            step(&mut learner, sentences[*at], chain, &mut scratch);
        }
    }
    learner.averaged()
}

/// The mean of several models: what they agree on outweighs what the order of one run made.
pub(super) fn mean(runs: &[Vec<Row>]) -> Vec<Row> {
    let mut sums: BTreeMap<u64, Vec<f32>> = BTreeMap::new();
    for row in runs.iter().flatten() {
        let sum = sums
            .entry(row.feature)
            .or_insert_with(|| vec![0.0; row.weights.len()]);
        for (sum, weight) in sum.iter_mut().zip(&row.weights) {
            *sum += weight / runs.len() as f32;
        }
    }
    sums.into_iter()
        .map(|(feature, weights)| Row { feature, weights })
        .collect()
}

/// One step of the structured perceptron: the best labelling that is not the right one must trail
/// by a margin for every label that differs.
fn step(learner: &mut Learner, sentence: &Prepared, chain: Chain, scratch: &mut names::Scratch) {
    let follow = Follow::read::<LABELS>(learner, chain.template, 0);
    score(learner, sentence, scratch);
    for (scores, right) in scratch.scores.iter_mut().zip(&sentence.labels) {
        scores[usize::from(*right)] -= MARGIN;
        if *right != 0 {
            scores[0] += chain.missed;
        }
    }
    decode(&follow, scratch);
    let (mut before, mut before_guess) = (LABELS, LABELS);
    for (at, right) in sentence.labels.iter().enumerate() {
        let (right, guess) = (usize::from(*right), usize::from(scratch.labels[at]));
        if right != guess {
            learner.update(&sentence.features[at], right, guess, 1.0);
        }
        if (before, right) != (before_guess, guess) {
            learner.bump(follow_feature(chain.template, before), right, 1.0);
            learner.bump(follow_feature(chain.template, before_guess), guess, -1.0);
        }
        (before, before_guess) = (right, guess);
    }
    learner.tick();
}

fn score(model: &impl Score, sentence: &Prepared, scratch: &mut names::Scratch) {
    scratch.scores.clear();
    for features in &sentence.features {
        let mut scores = [0f32; LABELS];
        model.score(features, &mut scores);
        scratch.scores.push(scores);
    }
}

fn decode(follow: &Follow<LABELS>, scratch: &mut names::Scratch) {
    let names::Scratch {
        scores,
        paths,
        labels,
        ..
    } = scratch;
    labelling::decode(follow, scores, paths, labels);
}

/// Fits "this name is right" to the margin by logistic regression on sentences held out.
fn calibrate(rows: &[Row], held: &[&Prepared], chain: Chain, log: &mut Vec<String>) -> (f32, f32) {
    let model = Laid::new(rows, LABELS, SLOTS).table();
    let follow = Follow::read::<LABELS>(&model, chain.template, 0);
    let mut scratch = names::Scratch::default();
    let mut points: Vec<(f32, f32)> = Vec::new();
    for sentence in held {
        score(&model, sentence, &mut scratch);
        decode(&follow, &mut scratch);
        let truth = labelling::runs(&sentence.labels);
        for run in labelling::runs(&scratch.labels) {
            let right = f32::from(u8::from(truth.contains(&run)));
            points.push((names::margin(&scratch, run.0, run.1) / SCALE, right));
        }
    }
    let (mut slope, mut offset) = (1f32, 0f32);
    let count = points.len().max(1) as f32;
    for _ in 0..4000 {
        let (mut by_slope, mut by_offset) = (0f32, 0f32);
        for (margin, right) in &points {
            let error = right - 1.0 / (1.0 + (-(slope * margin + offset)).exp());
            by_slope += error * margin;
            by_offset += error;
        }
        slope += 0.5 * by_slope / count;
        offset += 0.5 * by_offset / count;
    }
    let right: f32 = points.iter().map(|p| p.1).sum();
    log.push(format!(
        "names held out: precision {:.3} of {count}",
        right / count
    ));
    (slope / SCALE, offset)
}

/// Brings margins near one for the regression.
const SCALE: f32 = 100.0;

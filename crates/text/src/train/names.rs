//! The name model's training: a structured perceptron, and what its margins mean.

use std::collections::BTreeMap;

use super::learner::{Learner, Stream};
use super::{Laid, capitalised};
use crate::EntityKind;
use crate::model::Model;
use crate::names::chain::{self, Follow, OUTSIDE, follow_feature};
use crate::names::gazetteer::{Gazetteer, Mark};
use crate::names::{self, FOLLOW, LABELS, Seen};
use crate::table::{Row, Score};
use crate::tagger;
use crate::word::Word;

const EPOCHS: usize = 5;

/// Runs over the sentences in different order whose mean is taken.
const RUNS: u64 = 4;

/// By how much the right labelling must lead, for every label that differs.
const MARGIN: f32 = 10.0;

/// One sentence in this many is held out to learn what a margin means.
const HELD_OUT: usize = 10;

/// Features that the model keeps: what is lighter is left out.
pub(super) const SLOTS: usize = 1 << 16;

/// A sentence for the name model.
#[derive(Clone, Debug, Default)]
pub struct NamedSentence {
    /// Its words.
    pub forms: Vec<String>,
    /// For each word: the name's kind, and whether the name begins here; `None` outside.
    pub names: Vec<Option<(EntityKind, bool)>>,
}

/// A sentence as numbers.
#[derive(Debug)]
struct Prepared {
    words: Vec<Word>,
    tags: Vec<u8>,
    marks: Vec<Mark>,
    cased: bool,
    labels: Vec<u8>,
}

impl Prepared {
    fn seen(&self) -> Seen<'_> {
        Seen {
            words: &self.words,
            tags: &self.tags,
            marks: &self.marks,
            cased: self.cased,
        }
    }
}

/// Learns the names, and the slope and offset that turn a margin into a probability.
pub(super) fn learn(
    sentences: &[&NamedSentence],
    model: &Model,
    gazetteer: Gazetteer,
    log: &mut Vec<String>,
) -> (Vec<Row>, (f32, f32)) {
    let prepared = prepare_all(sentences, model, gazetteer);
    let part = |held: bool| -> Vec<&Prepared> {
        let keep = |(at, _): &(usize, _)| (at % HELD_OUT == 0) == held;
        let numbered = prepared.iter().enumerate();
        numbered.filter(keep).map(|(_, p)| p).collect()
    };
    let tried = mean(&[learn_once(&part(false), 0)]);
    let calibration = calibrate(&tried, &part(true), log);
    let every: Vec<&Prepared> = prepared.iter().collect();
    let runs: Vec<Vec<Row>> = (0..RUNS).map(|run| learn_once(&every, run)).collect();
    (mean(&runs), calibration)
}

/// A model of one run, for names in texts that the mention model is to learn from.
pub(super) fn learn_quickly(
    sentences: &[&NamedSentence],
    model: &Model,
    gazetteer: Gazetteer,
) -> Vec<Row> {
    let prepared = prepare_all(sentences, model, gazetteer);
    learn_once(&prepared.iter().collect::<Vec<_>>(), 0)
}

/// Every sentence, one in twelve again as a headline.
fn prepare_all(sentences: &[&NamedSentence], model: &Model, gazetteer: Gazetteer) -> Vec<Prepared> {
    let titled: Vec<NamedSentence> = sentences
        .iter()
        .skip(5)
        .step_by(12)
        .map(|s| titled(s))
        .collect();
    sentences
        .iter()
        .copied()
        .chain(&titled)
        .map(|sentence| prepare(sentence, model, gazetteer))
        .collect()
}

fn prepare(sentence: &NamedSentence, model: &Model, gazetteer: Gazetteer) -> Prepared {
    let words: Vec<Word> = sentence
        .forms
        .iter()
        .map(|f| Word::new(f, &model.clusters))
        .collect();
    let cased = tagger::cased(&words);
    let (mut tags, mut marks) = (Vec::new(), Vec::new());
    let mut scratch = tagger::Scratch::default();
    let usual = |w: &Word| model.usual(w);
    tagger::tag(&model.tagger, usual, &words, cased, &mut scratch, &mut tags);
    gazetteer.mark(&words, |w| w.capital, &mut marks);
    Prepared {
        labels: sentence.names.iter().map(label).collect(),
        words,
        tags,
        marks,
        cased,
    }
}

/// As a headline prints it.
fn titled(sentence: &NamedSentence) -> NamedSentence {
    let forms = sentence
        .forms
        .iter()
        .map(|form| {
            if form.len() > 3 {
                capitalised(form)
            } else {
                form.clone()
            }
        })
        .collect();
    NamedSentence {
        forms,
        names: sentence.names.clone(),
    }
}

fn label(name: &Option<(EntityKind, bool)>) -> u8 {
    match name {
        None => OUTSIDE,
        Some((kind, begins)) => *kind as u8 * 2 + if *begins { 1 } else { 2 },
    }
}

fn learn_once(sentences: &[&Prepared], run: u64) -> Vec<Row> {
    let mut learner = Learner::new(LABELS, 2);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut stream = Stream(3 + run);
    let mut scratch = names::Scratch::default();
    for _ in 0..EPOCHS {
        stream.shuffle(&mut order);
        for at in &order {
            step(&mut learner, sentences[*at], &mut scratch);
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
fn step(learner: &mut Learner, sentence: &Prepared, scratch: &mut names::Scratch) {
    let (seen, labels) = (sentence.seen(), &sentence.labels);
    let follow = Follow::read::<LABELS>(learner, FOLLOW, 0);
    scratch.scores.clear();
    for (at, right) in labels.iter().enumerate() {
        names::features(&seen, at, &mut scratch.features);
        let mut scores = [0f32; LABELS];
        learner.score(&scratch.features, &mut scores);
        scores[usize::from(*right)] -= std::env::var("MAR")
            .ok()
            .and_then(|v| v.parse().ok())
            .unwrap_or(MARGIN);
        scratch.scores.push(scores);
    }
    chain::decode(
        &follow,
        &scratch.scores,
        &mut scratch.paths,
        &mut scratch.labels,
    );
    let (mut before, mut before_guess) = (LABELS, LABELS);
    for (at, right) in labels.iter().enumerate() {
        let (right, guess) = (usize::from(*right), usize::from(scratch.labels[at]));
        if right != guess {
            names::features(&seen, at, &mut scratch.features);
            learner.update(&scratch.features, right, guess, 1.0);
        }
        if (before, right) != (before_guess, guess) {
            learner.bump(follow_feature(FOLLOW, before), right, 1.0);
            learner.bump(follow_feature(FOLLOW, before_guess), guess, -1.0);
        }
        (before, before_guess) = (right, guess);
    }
    learner.tick();
}

/// Fits "this name is right" to the margin by logistic regression on sentences held out.
fn calibrate(rows: &[Row], held: &[&Prepared], log: &mut Vec<String>) -> (f32, f32) {
    let model = Laid::new(rows, LABELS, SLOTS).table();
    let follow = Follow::read::<LABELS>(&model, FOLLOW, 0);
    let mut scratch = names::Scratch::default();
    let mut points: Vec<(f32, f32)> = Vec::new();
    for sentence in held {
        names::label(&model, &follow, &sentence.seen(), &mut scratch);
        let truth = chain::runs(&sentence.labels);
        for run in chain::runs(&scratch.labels) {
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

//! The name model's training: a structured perceptron, and what its margins mean.

use super::learner::{Learner, Stream};
use super::{Laid, NamedSentence, capitalised};
use crate::model::Model;
use crate::names::{self, LABELS, OUTSIDE};
use crate::table::Score;
use crate::word::Word;
use crate::{net, tagger};

const EPOCHS: usize = 8;

/// By how much the right labelling must lead, for every label that differs.
const MARGIN: f32 = 10.0;

/// One sentence in this many is held out to learn what a margin means.
const HELD_OUT: usize = 10;

/// A sentence as numbers.
struct Prepared {
    words: Vec<Word>,
    tags: Vec<u8>,
    cased: bool,
    labels: Vec<u8>,
}

/// Learns the names, and the slope and offset that turn a margin into a probability.
pub(super) fn learn(
    sentences: &[NamedSentence],
    model: &Model,
    log: &mut dyn FnMut(String),
) -> (Learner, (f32, f32)) {
    let mut scratch = net::Scratch::default();
    let titled = sentences.iter().skip(5).step_by(12).map(titled);
    let prepared: Vec<Prepared> = sentences
        .iter()
        .cloned()
        .chain(titled)
        .map(|sentence| {
            let words: Vec<Word> = sentence
                .forms
                .iter()
                .map(|f| Word::new(f, &model.clusters))
                .collect();
            let cased = tagger::cased(&words);
            model.net.read(&words, cased, &mut scratch);
            let tags = scratch.tags.clone();
            let labels = sentence.names.iter().map(label).collect();
            Prepared {
                words,
                tags,
                cased,
                labels,
            }
        })
        .collect();
    let part = |held: bool| -> Vec<&Prepared> {
        let keep = |(at, _): &(usize, _)| (at % HELD_OUT == 0) == held;
        prepared
            .iter()
            .enumerate()
            .filter(keep)
            .map(|(_, p)| p)
            .collect()
    };
    let calibration = calibrate(&train(&part(false)), &part(true), log);
    (train(&prepared.iter().collect::<Vec<_>>()), calibration)
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

fn label(name: &Option<(crate::EntityKind, bool)>) -> u8 {
    match name {
        None => OUTSIDE,
        Some((kind, begins)) => *kind as u8 * 2 + if *begins { 1 } else { 2 },
    }
}

fn train(sentences: &[&Prepared]) -> Learner {
    let mut learner = Learner::new(LABELS, 2);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut stream = Stream(3);
    let mut scratch = names::Scratch::default();
    for _ in 0..EPOCHS {
        stream.shuffle(&mut order);
        for at in &order {
            step(&mut learner, sentences[*at], &mut scratch);
        }
    }
    learner
}

/// One step of the structured perceptron: the best labelling that is not the right one must trail
/// by a margin for every label that differs.
fn step(learner: &mut Learner, sentence: &Prepared, scratch: &mut names::Scratch) {
    let Prepared {
        words,
        tags,
        cased,
        labels,
    } = sentence;
    let follow = names::follow(learner);
    scratch.scores.clear();
    for (at, right) in labels.iter().enumerate() {
        names::features(words, tags, at, *cased, &mut scratch.features);
        let mut scores = [0f32; LABELS];
        learner.score(&scratch.features, &mut scores);
        scores[usize::from(*right)] -= MARGIN;
        scratch.scores.push(scores);
    }
    names::decode(&follow, scratch);
    let (mut before, mut before_guess) = (LABELS, LABELS);
    for (at, right) in labels.iter().enumerate() {
        let (right, guess) = (usize::from(*right), usize::from(scratch.labels[at]));
        if right != guess {
            names::features(words, tags, at, *cased, &mut scratch.features);
            learner.update(&scratch.features, right, guess, 1.0);
        }
        if (before, right) != (before_guess, guess) {
            learner.bump(names::follow_feature(before), right, 1.0);
            learner.bump(names::follow_feature(before_guess), guess, -1.0);
        }
        (before, before_guess) = (right, guess);
    }
    learner.tick();
}

/// Fits "this name is right" to the margin by logistic regression on sentences held out.
fn calibrate(learner: &Learner, held: &[&Prepared], log: &mut dyn FnMut(String)) -> (f32, f32) {
    let model = Laid::new(&learner.averaged(), LABELS, super::NAME_SLOTS).table();
    let follow = names::follow(&model);
    let mut scratch = names::Scratch::default();
    let mut points: Vec<(f32, f32)> = Vec::new();
    for sentence in held {
        names::label(
            &model,
            &follow,
            &sentence.words,
            &sentence.tags,
            sentence.cased,
            &mut scratch,
        );
        let truth = names::runs(&sentence.labels);
        for run in names::runs(&scratch.labels) {
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
    log(format!(
        "names held out: precision {:.3} of {count}",
        right / count
    ));
    (slope / SCALE, offset)
}

/// Brings margins near one for the regression.
const SCALE: f32 = 100.0;

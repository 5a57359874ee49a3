//! The mention model's training: a structured perceptron for each chain over shared features.

use super::Laid;
use super::chain::{self, mean};
use super::learner::{Learner, Stream};
use super::names::{self, NamedSentence};
use super::naming::{ENGLISH, NameData};
use crate::names::LABELS;
use crate::names::chain::follow_feature;
use crate::names::gazetteer::Gazetteer;
use crate::names::mentions::{CHAIN, CHAINS, CLASSES, FOLLOW, KINDS, Scene, Scratch, follows};
use crate::names::model::NameModel;
use crate::table::Row;
use crate::word::Word;
use crate::{EntityKind, Reader, Sentence};
use rapporteur_base::Span;

/// Parts of the texts; the names of each are found by a model of the others.
const FOLDS: usize = 4;

/// Features that the model keeps: what is lighter is left out.
pub(super) const SLOTS: usize = 1 << 15;

const EPOCHS: usize = 8;

/// By how much the right labelling must lead, for every label that differs.
const MARGIN: f32 = 5.0;

/// By how much more "outside" must trail inside a mention: one that is missed costs more than one
/// too many, as the texts are few and most words are outside.
const MISSED: f32 = 15.0;

/// Runs whose mean is taken.
const RUNS: u64 = 10;

/// A text with its mentions.
#[derive(Clone, Debug, Default)]
pub struct MentionText {
    /// The text.
    pub text: String,
    /// Bytes and kind of each mention; they may nest.
    pub mentions: Vec<(Span, EntityKind)>,
    /// Its sentences with the proper names among them.
    pub names: Vec<NamedSentence>,
}

/// A sentence as numbers, with the right labels of every chain.
struct Prepared {
    scene: Scene,
    labels: [Vec<u8>; CHAINS],
}

/// Learns the mentions over the parse of `reader`. The names that a text shows come from a model
/// that has not seen it: else the mentions would trust names more than they may.
pub(super) fn learn(data: &NameData, reader: &Reader, gazetteer: Gazetteer) -> Vec<Row> {
    let mut prepared: Vec<Prepared> = Vec::new();
    for fold in 0..FOLDS {
        let sentences = data.sentences(|at| at % FOLDS != fold);
        let seen = names::english(&sentences, &reader.model, gazetteer);
        let rows = chain::learn_once(&seen.iter().collect::<Vec<_>>(), ENGLISH, 0);
        let mut model = reader.model.clone();
        let table = Laid::new(&rows, LABELS, chain::SLOTS).table();
        model.names = NameModel::of_names(gazetteer, table);
        let reader = Reader { model };
        for text in data.mentions.iter().skip(fold).step_by(FOLDS) {
            let read = reader.read(&text.text);
            prepared.extend(read.iter().map(|sentence| prepare(text, sentence, &reader)));
        }
    }
    let runs: Vec<Vec<Row>> = (0..RUNS).map(|run| learn_once(&prepared, run)).collect();
    mean(&runs)
}

fn prepare(text: &MentionText, sentence: &Sentence, reader: &Reader) -> Prepared {
    let size = sentence.tokens.len();
    let labels = std::array::from_fn(|number| {
        let (kind, longest) = (KINDS[number / 2], number % 2 == 0);
        let mut spans: Vec<(usize, usize)> = text
            .mentions
            .iter()
            .filter(|(span, k)| *k == kind && sentence.span.contains(*span))
            .filter_map(|(span, _)| sentence.tokens_in(*span))
            .collect();
        spans.sort_by_key(|(first, last)| {
            let length = (last - first) as isize;
            (if longest { -length } else { length }, *first)
        });
        let mut labels = vec![0u8; size];
        for (first, last) in spans {
            if labels[first..=last].iter().all(|l| *l == 0) {
                labels[first..=last].fill(2);
                labels[first] = 1;
            }
        }
        labels
    });
    let words = sentence
        .tokens
        .iter()
        .map(|t| Word::new(t.span.of(&text.text), &reader.model.clusters))
        .collect();
    Prepared {
        scene: reader.scene(words, sentence),
        labels,
    }
}

fn learn_once(sentences: &[Prepared], run: u64) -> Vec<Row> {
    let mut learner = Learner::new(CLASSES, 2);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut stream = Stream(5 + run);
    let mut scratch = Scratch::default();
    for _ in 0..EPOCHS {
        stream.shuffle(&mut order);
        for at in &order {
            step(&mut learner, &sentences[*at], &mut scratch);
        }
    }
    learner.averaged()
}

/// One step of the structured perceptron on every chain.
fn step(learner: &mut Learner, sentence: &Prepared, scratch: &mut Scratch) {
    let follows = follows(learner);
    scratch.score(learner, &sentence.scene);
    for (number, right) in sentence.labels.iter().enumerate() {
        let from = number * CHAIN;
        for (row, right) in scratch.rows.iter_mut().zip(right) {
            row[from + usize::from(*right)] -= MARGIN;
            if *right != 0 {
                row[from] += MISSED;
            }
        }
        let guess = scratch.decode(&follows[number], number).to_vec();
        let (mut before, mut before_guess) = (CHAIN, CHAIN);
        for (at, (right, guess)) in right.iter().zip(&guess).enumerate() {
            let (right, guess) = (usize::from(*right), usize::from(*guess));
            if right != guess {
                sentence.scene.features(at, &mut scratch.features);
                learner.update(&scratch.features, from + right, from + guess, 1.0);
            }
            if (before, right) != (before_guess, guess) {
                learner.bump(follow_feature(FOLLOW, before), from + right, 1.0);
                learner.bump(follow_feature(FOLLOW, before_guess), from + guess, -1.0);
            }
            (before, before_guess) = (right, guess);
        }
    }
    learner.tick();
}

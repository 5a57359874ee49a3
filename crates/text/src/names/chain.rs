//! Chains of labels: O, then B and I of each kind; the best one of a sentence.

use crate::hash::feature;
use crate::table::Score;
use crate::tagger::best;

/// Outside of names.
pub(crate) const OUTSIDE: u8 = 0;

/// How well one of `L` labels follows another, and how well each begins a sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Follow<const L: usize> {
    after: [[f32; L]; L],
    start: [f32; L],
}

impl<const L: usize> Default for Follow<L> {
    fn default() -> Self {
        Self {
            after: [[0.0; L]; L],
            start: [0.0; L],
        }
    }
}

/// The feature of a template that holds how labels follow `before`; `L` stands for the start.
pub(crate) fn follow_feature(template: u32, before: usize) -> u64 {
    feature(template, before as u32, 0, 0)
}

const FORBIDDEN: f32 = -1e9;

impl<const L: usize> Follow<L> {
    /// Reads how labels follow each other out of a model whose rows have `W` classes, from the
    /// class `from` on; the inside of a name that did not begin is forbidden.
    pub(crate) fn read<const W: usize>(model: &impl Score, template: u32, from: usize) -> Self {
        let mut follow = Self::default();
        for before in 0..=L {
            let mut scores = [0f32; W];
            model.score(&[follow_feature(template, before)], &mut scores);
            let row = if before < L {
                &mut follow.after[before]
            } else {
                &mut follow.start
            };
            row.copy_from_slice(&scores[from..from + L]);
            for kind in 0..L / 2 {
                let (begin, inside) = (kind * 2 + 1, kind * 2 + 2);
                if before != begin && before != inside {
                    row[inside] = FORBIDDEN;
                }
            }
        }
        follow
    }
}

/// Best scores of the paths that end in each label, and where each came from.
pub(crate) type Paths<const L: usize> = Vec<([f32; L], [u8; L])>;

/// The best sequence of labels (Viterbi), into `labels`.
pub(crate) fn decode<const L: usize>(
    follow: &Follow<L>,
    scores: &[[f32; L]],
    paths: &mut Paths<L>,
    labels: &mut Vec<u8>,
) {
    paths.clear();
    labels.clear();
    for scores in scores {
        let mut path = ([0f32; L], [0u8; L]);
        for (label, own) in scores.iter().enumerate() {
            let mut best = (follow.start[label], 0u8);
            if let Some((before, _)) = paths.last() {
                best = (f32::MIN, 0);
                for (from, score) in before.iter().enumerate() {
                    let score = score + follow.after[from][label];
                    if score > best.0 {
                        best = (score, from as u8);
                    }
                }
            }
            path.0[label] = best.0 + own;
            path.1[label] = best.1;
        }
        paths.push(path);
    }
    let Some((last, _)) = paths.last() else {
        return;
    };
    let mut label = best(last);
    for (_, from) in paths.iter().rev() {
        labels.push(label);
        label = from[usize::from(label)];
    }
    labels.reverse();
}

/// Runs of labels as (first, last, kind).
pub(crate) fn runs(labels: &[u8]) -> Vec<(usize, usize, usize)> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        if *label == OUTSIDE {
            continue;
        }
        let kind = usize::from(*label - 1) / 2;
        match runs.last_mut() {
            Some(run) if *label % 2 == 0 && run.1 + 1 == at && run.2 == kind => run.1 = at,
            _ => runs.push((at, at, kind)),
        }
    }
    runs
}

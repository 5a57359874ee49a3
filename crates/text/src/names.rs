//! Names: the best BIO labelling of the whole sentence, with a score for each name.

use crate::hash::feature;
use crate::table::Score;
use crate::tagger::best;
use crate::word::Word;

/// O, then B and I of each kind in the order of [`crate::EntityKind::ALL`].
pub(crate) const LABELS: usize = 9;

/// Outside of names.
pub(crate) const OUTSIDE: u8 = 0;

#[inline]
fn near(words: &[Word], at: usize, by: isize) -> Word {
    at.checked_add_signed(by)
        .and_then(|i| words.get(i))
        .copied()
        .unwrap_or_default()
}

/// Features of the word `at`.
pub(crate) fn features(words: &[Word], tags: &[u8], at: usize, cased: bool, out: &mut Vec<u64>) {
    out.clear();
    let w = words[at];
    let (p1, p2) = (near(words, at, -1), near(words, at, -2));
    let (n1, n2) = (near(words, at, 1), near(words, at, 2));
    let tag = |by: isize| {
        at.checked_add_signed(by)
            .and_then(|i| tags.get(i))
            .map_or(99, |t| u32::from(*t))
    };
    let first = u32::from(at == 0) | u32::from(cased) << 1;
    let shape = w.shape ^ first;
    out.extend([
        feature(201, w.form, 0, 0),
        feature(202, w.norm, 0, 0),
        feature(203, w.suffix[1], shape, 0),
        feature(204, w.suffix[2], 0, 0),
        feature(205, w.suffix[3], 0, 0),
        feature(206, w.prefix[1], 0, 0),
        feature(207, w.prefix[2], 0, 0),
        feature(208, shape, 0, 0),
        feature(209, shape, p1.shape, 0),
        feature(210, shape, n1.shape, 0),
        feature(211, p1.shape, shape, n1.shape),
        feature(212, w.fine, 0, 0),
        feature(213, w.coarse, shape, 0),
        feature(219, tag(0), tag(-1), tag(1)),
        feature(218, tag(0), shape, w.coarse),
        feature(217, tag(-1), tag(0), 0),
        feature(216, tag(1), tag(0), tag(2)),
        feature(220, p1.norm, 0, 0),
        feature(221, p2.norm, 0, 0),
        feature(222, n1.norm, 0, 0),
        feature(223, n2.norm, 0, 0),
        feature(224, p1.norm, w.norm, 0),
        feature(225, w.norm, n1.norm, 0),
        feature(226, p1.fine, 0, 0),
        feature(227, n1.fine, 0, 0),
        feature(228, p1.fine, w.fine, 0),
        feature(229, w.fine, n1.fine, 0),
        feature(230, p2.norm, p1.norm, 0),
        feature(231, n1.norm, n2.norm, 0),
        feature(232, p1.norm, shape, 0),
        feature(233, n1.norm, shape, 0),
        feature(236, p1.coarse, w.coarse, n1.coarse),
        feature(237, p2.fine, 0, 0),
        feature(238, n2.fine, 0, 0),
        feature(239, p1.norm, n1.norm, shape),
    ]);
}

/// How well one label follows another; the last row stands for the start of a sentence.
pub(crate) type Follow = [[f32; LABELS]; LABELS + 1];

/// The feature that holds how labels follow `before`.
pub(crate) fn follow_feature(before: usize) -> u64 {
    feature(200, before as u32, 0, 0)
}

/// Reads how labels follow each other out of a model; the inside of a name that did not begin is
/// forbidden.
pub(crate) fn follow(model: &impl Score) -> Follow {
    let mut follow = [[0f32; LABELS]; LABELS + 1];
    for (before, row) in follow.iter_mut().enumerate() {
        model.score(&[follow_feature(before)], row);
        for kind in 0..LABELS / 2 {
            let (begin, inside) = (kind * 2 + 1, kind * 2 + 2);
            if before != begin && before != inside {
                row[inside] = FORBIDDEN;
            }
        }
    }
    follow
}

const FORBIDDEN: f32 = -1e9;

/// Scratch space of one thread.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub features: Vec<u64>,
    /// Scores of each word's labels by its own features.
    pub scores: Vec<[f32; LABELS]>,
    /// Best score of a path that ends in each label, and where it came from.
    paths: Vec<([f32; LABELS], [u8; LABELS])>,
    pub labels: Vec<u8>,
}

/// The best sequence of labels (Viterbi) for `scratch.scores`, into `scratch.labels`.
pub(crate) fn decode(follow: &Follow, scratch: &mut Scratch) {
    let Scratch {
        scores,
        paths,
        labels,
        ..
    } = scratch;
    paths.clear();
    labels.clear();
    for scores in scores.iter() {
        let mut path = ([0f32; LABELS], [0u8; LABELS]);
        for label in 0..LABELS {
            let mut best = (follow[LABELS][label], 0u8);
            if let Some((before, _)) = paths.last() {
                best = (f32::MIN, 0);
                for (from, score) in before.iter().enumerate() {
                    let score = score + follow[from][label];
                    if score > best.0 {
                        best = (score, from as u8);
                    }
                }
            }
            path.0[label] = best.0 + scores[label];
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

/// Labels a sentence, into `scratch.labels`.
pub(crate) fn label(
    model: &impl Score,
    follow: &Follow,
    words: &[Word],
    tags: &[u8],
    cased: bool,
    scratch: &mut Scratch,
) {
    scratch.scores.clear();
    for at in 0..words.len() {
        features(words, tags, at, cased, &mut scratch.features);
        let mut scores = [0f32; LABELS];
        model.score(&scratch.features, &mut scores);
        scratch.scores.push(scores);
    }
    decode(follow, scratch);
}

/// By how much a name leads: the least margin of its words over the best other label.
pub(crate) fn margin(scratch: &Scratch, first: usize, last: usize) -> f32 {
    (first..=last)
        .map(|at| {
            let (scores, label) = (&scratch.scores[at], usize::from(scratch.labels[at]));
            let rival = (0..LABELS)
                .filter(|l| *l != label)
                .map(|l| scores[l])
                .fold(f32::MIN, f32::max);
            scores[label] - rival
        })
        .fold(f32::MAX, f32::min)
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

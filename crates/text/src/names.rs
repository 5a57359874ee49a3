//! Names: a BIO labelling, left to right, with a score for each name.

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

/// Features of the word `at`; `labels` holds what stands before it.
pub(crate) fn features(
    words: &[Word],
    tags: &[u8],
    at: usize,
    labels: &[u8],
    cased: bool,
    out: &mut Vec<u64>,
) {
    out.clear();
    let w = words[at];
    let (p1, p2) = (near(words, at, -1), near(words, at, -2));
    let (n1, n2) = (near(words, at, 1), near(words, at, 2));
    let tag = |by: isize| {
        at.checked_add_signed(by)
            .and_then(|i| tags.get(i))
            .map_or(99, |t| u32::from(*t))
    };
    let label = |by: usize| u32::from(at.checked_sub(by).map_or(15, |i| labels[i]));
    let (l1, l2) = (label(1), label(2));
    let first = u32::from(at == 0) | u32::from(cased) << 1;
    let shape = w.shape ^ first;
    out.extend([
        feature(200, l1, 0, 0),
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
        feature(214, l1, shape, 0),
        feature(215, l1, w.norm, 0),
        feature(216, l1, l2, 0),
        feature(217, l1, w.fine, 0),
        feature(218, l1, tag(0), tag(1)),
        feature(219, tag(0), tag(-1), tag(1)),
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
        feature(234, l1, p1.norm, shape),
        feature(235, l1, n1.norm, shape),
        feature(236, p1.coarse, w.coarse, n1.coarse),
        feature(237, p2.fine, 0, 0),
        feature(238, n2.fine, 0, 0),
        feature(239, p1.norm, n1.norm, shape),
    ]);
}

/// Labels that may not follow `before`: the inside of a name that did not begin.
#[inline]
pub(crate) fn forbid(before: u8, scores: &mut [f32; LABELS]) {
    for kind in 0..LABELS / 2 {
        let (begin, inside) = (kind * 2 + 1, kind * 2 + 2);
        if usize::from(before) != begin && usize::from(before) != inside {
            scores[inside] = f32::MIN;
        }
    }
}

/// Labels a sentence; `margins` gets how far each label led the next best.
pub(crate) fn label(
    model: &impl Score,
    words: &[Word],
    tags: &[u8],
    cased: bool,
    features_: &mut Vec<u64>,
    labels: &mut Vec<u8>,
    margins: &mut Vec<f32>,
) {
    labels.clear();
    margins.clear();
    for at in 0..words.len() {
        features(words, tags, at, labels, cased, features_);
        let mut scores = [0f32; LABELS];
        model.score(features_, &mut scores);
        forbid(labels.last().copied().unwrap_or(OUTSIDE), &mut scores);
        let label = best(&scores);
        let runner_up = (0..LABELS)
            .filter(|l| *l != usize::from(label))
            .map(|l| scores[l])
            .fold(f32::MIN, f32::max);
        labels.push(label);
        margins.push(scores[usize::from(label)] - runner_up);
    }
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

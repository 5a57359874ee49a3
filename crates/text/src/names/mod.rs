//! Names: the best BIO labelling of the whole sentence, with a score for each name.

pub(crate) mod arabic;
pub(crate) mod chain;
pub(crate) mod gazetteer;
pub(crate) mod mentions;
pub(crate) mod model;

use crate::hash::feature;
use crate::table::Score;
use crate::word::Word;
use chain::{Follow, Paths};
use gazetteer::Mark;

/// O, then B and I of each kind in the order of [`crate::EntityKind::ALL`].
pub(crate) const LABELS: usize = 9;

/// Template of the features that hold how labels follow each other.
pub(crate) const FOLLOW: u32 = 200;

#[inline]
fn near(words: &[Word], at: usize, by: isize) -> Word {
    at.checked_add_signed(by)
        .and_then(|i| words.get(i))
        .copied()
        .unwrap_or_default()
}

/// What the model looks at: the sentence's words, their tags and what the lists say of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'s> {
    pub words: &'s [Word],
    pub tags: &'s [u8],
    pub marks: &'s [Mark],
    /// Whether capitals mean anything here.
    pub cased: bool,
}

/// Features of the word `at`.
pub(crate) fn features(seen: &Seen<'_>, at: usize, out: &mut Vec<u64>) {
    let Seen {
        words,
        tags,
        marks,
        cased,
    } = *seen;
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
    listed(marks, at, (shape, tag(0)), out);
}

/// What the lists say around the word `at`, beside its shape and tag.
fn listed(marks: &[Mark], at: usize, own: (u32, u32), out: &mut Vec<u64>) {
    let mark = |by: isize| {
        at.checked_add_signed(by)
            .and_then(|i| marks.get(i))
            .map_or(0, |m| m.code())
    };
    out.extend([
        feature(240, mark(0), 0, 0),
        feature(241, mark(-1), mark(0), 0),
        feature(242, mark(0), mark(1), 0),
        feature(243, mark(0), own.0, own.1),
        feature(244, mark(-1), mark(0), mark(1)),
    ]);
}

/// Labels a sentence, into `scratch.labels`.
pub(crate) fn label(
    model: &impl Score,
    follow: &Follow<LABELS>,
    seen: &Seen<'_>,
    scratch: &mut Scratch,
) {
    let Scratch {
        features: list,
        scores,
        paths,
        labels,
    } = scratch;
    scores.clear();
    for at in 0..seen.words.len() {
        features(seen, at, list);
        let mut row = [0f32; LABELS];
        model.score(list, &mut row);
        scores.push(row);
    }
    chain::decode(follow, scores, paths, labels);
}

/// Scratch space of one thread.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub features: Vec<u64>,
    /// Scores of each word's labels by its own features.
    pub scores: Vec<[f32; LABELS]>,
    pub paths: Paths<LABELS>,
    pub labels: Vec<u8>,
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

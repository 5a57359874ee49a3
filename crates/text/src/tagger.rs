//! Part-of-speech tags, left to right: a linear model over words, affixes, shapes, word classes
//! and the tags already given.

use crate::hash::feature;
use crate::table::Score;
use crate::word::Word;

/// Classes a row of the tagger holds: pairs of UPOS and XPOS.
pub(crate) const CLASSES: usize = 64;

/// Tag of no word: before the first.
pub(crate) const NO_TAG: u8 = CLASSES as u8 - 1;

/// The word `by` places away, or an empty one.
#[inline]
fn near(words: &[Word], at: usize, by: isize) -> Word {
    at.checked_add_signed(by)
        .and_then(|i| words.get(i))
        .copied()
        .unwrap_or_default()
}

/// Features of the word `at`; `cased` tells whether capitals mean anything in this sentence.
pub(crate) fn features(words: &[Word], at: usize, tags: &[u8], cased: bool, out: &mut Vec<u64>) {
    out.clear();
    let w = words[at];
    let (p1, p2) = (near(words, at, -1), near(words, at, -2));
    let (n1, n2) = (near(words, at, 1), near(words, at, 2));
    let before = |by: usize| u32::from(at.checked_sub(by).map_or(NO_TAG, |i| tags[i]));
    let (t1, t2) = (before(1), before(2));
    let first = u32::from(at == 0) | u32::from(cased) << 1;
    out.extend([
        feature(0, 0, 0, 0),
        feature(1, w.form, 0, 0),
        feature(2, w.norm, 0, 0),
        feature(3, w.suffix[0], 0, 0),
        feature(4, w.suffix[1], 0, 0),
        feature(5, w.suffix[2], 0, 0),
        feature(6, w.suffix[3], 0, 0),
        feature(7, w.prefix[0], 0, 0),
        feature(8, w.prefix[1], 0, 0),
        feature(9, w.prefix[2], 0, 0),
        feature(10, w.shape, first, 0),
        feature(11, w.marks, first, 0),
        feature(12, w.fine, 0, 0),
        feature(13, w.coarse, w.suffix[1], 0),
        feature(14, t1, 0, 0),
        feature(15, t1, t2, 0),
        feature(16, t1, w.norm, 0),
        feature(17, t1, w.suffix[2], 0),
        feature(18, t1, w.fine, 0),
        feature(19, t1, n1.norm, 0),
        feature(20, p1.norm, 0, 0),
        feature(21, p2.norm, 0, 0),
        feature(22, n1.norm, 0, 0),
        feature(23, n2.norm, 0, 0),
        feature(24, p1.norm, w.norm, 0),
        feature(25, w.norm, n1.norm, 0),
        feature(26, n1.fine, w.fine, 0),
        feature(27, n1.suffix[2], 0, 0),
        feature(28, n1.shape, w.shape, first),
        feature(29, p1.shape, w.shape, first),
        feature(30, n1.fine, 0, 0),
        feature(31, n2.fine, 0, 0),
        feature(32, p1.fine, 0, 0),
        feature(33, t1, n1.coarse, w.coarse),
        feature(34, t1, w.suffix[1], w.shape),
        feature(35, t2, t1, w.norm),
        feature(36, w.norm, n1.coarse, n2.coarse),
    ]);
}

/// What each feature of [`features`] looks at, in its order.
pub(crate) const TEMPLATES: [&str; 37] = [
    "bias",
    "form",
    "word",
    "ending 1",
    "ending 2",
    "ending 3",
    "ending 4",
    "start 1",
    "start 2",
    "start 3",
    "shape",
    "marks and length",
    "class",
    "broad class + ending",
    "tag before",
    "two tags before",
    "tag before + word",
    "tag before + ending",
    "tag before + class",
    "tag before + next word",
    "word before",
    "word two before",
    "next word",
    "word after next",
    "word before + word",
    "word + next word",
    "class + next class",
    "next word's ending",
    "shape + next shape",
    "shape before + shape",
    "next class",
    "class after next",
    "class before",
    "tag before + broad classes",
    "tag before + ending + shape",
    "two tags before + word",
    "word + broad classes after",
];

/// Scratch space of one thread, so that tagging allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    features: Vec<u64>,
}

/// Tags a sentence.
pub(crate) fn tag(
    model: &impl Score,
    usual: impl Fn(&Word) -> Option<u8>,
    words: &[Word],
    cased: bool,
    scratch: &mut Scratch,
    tags: &mut Vec<u8>,
) {
    tags.clear();
    for at in 0..words.len() {
        let tag = usual(&words[at]).unwrap_or_else(|| {
            features(words, at, tags, cased, &mut scratch.features);
            let mut scores = [0f32; CLASSES];
            model.score(&scratch.features, &mut scores);
            best(&scores[..CLASSES - 1])
        });
        tags.push(tag);
    }
}

/// The first of the greatest.
#[inline]
pub(crate) fn best(scores: &[f32]) -> u8 {
    let mut best = 0;
    for (at, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = at;
        }
    }
    best as u8
}

/// Whether capitals carry meaning: not in a sentence where nearly every word has one.
pub(crate) fn cased(words: &[Word]) -> bool {
    let (mut letters, mut capitals) = (0usize, 0usize);
    for word in words {
        // Words of four letters and more: short ones stay small even in headlines.
        if word.marks >> 3 >= 4 {
            letters += 1;
            capitals += usize::from(word.capital);
        }
    }
    letters < 3 || capitals * 4 < letters * 3
}

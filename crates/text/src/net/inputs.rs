//! What the net is told of a word before it looks at the sentence.

use crate::hash::feature;
use crate::word::Word;

/// Features of a word.
pub(crate) const FEATURES: usize = 12;

/// What each feature of [`features`] looks at, in its order.
pub(crate) const TEMPLATES: [&str; FEATURES] = [
    "word",
    "ending 2",
    "ending 3",
    "ending 4",
    "start 2",
    "start 3",
    "shape",
    "marks and length",
    "class",
    "broad class",
    "form",
    "first and last letter",
];

/// The word itself, in [`TEMPLATES`].
#[cfg(feature = "train")]
pub(crate) const WORD: usize = 0;
/// Its class, in [`TEMPLATES`].
#[cfg(feature = "train")]
pub(crate) const CLASS: usize = 8;
/// Its form, in [`TEMPLATES`].
#[cfg(feature = "train")]
pub(crate) const FORM: usize = 10;

/// The features of the word `at`; `cased` tells whether capitals mean anything in this sentence.
#[inline]
pub(crate) fn features(word: &Word, at: usize, cased: bool) -> [u32; FEATURES] {
    let place = u32::from(at == 0) | u32::from(cased) << 1;
    let key = |template: u32, a: u32, b: u32| feature(300 + template, a, b, 0) as u32 | 1;
    [
        word_key(word.norm),
        key(2, word.suffix[1], 0),
        key(3, word.suffix[2], 0),
        key(4, word.suffix[3], 0),
        key(5, word.prefix[1], 0),
        key(6, word.prefix[2], 0),
        key(7, word.shape, place),
        key(8, word.marks, place),
        key(9, word.fine, 0),
        key(10, word.coarse, 0),
        key(11, word.form, 0),
        key(12, word.prefix[0], word.suffix[0]),
    ]
}

/// The feature of a normal form.
#[inline]
pub(crate) fn word_key(norm: u32) -> u32 {
    feature(301, norm, 0, 0) as u32 | 1
}

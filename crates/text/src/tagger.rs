//! What tags share: how many there can be, and whether capitals mean anything.

use crate::word::Word;

/// Room for classes: pairs of UPOS and XPOS.
pub(crate) const CLASSES: usize = 64;

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

//! Why the net decided as it did: by how much the lead of its answer falls when one thing it looked
//! at is left out.

use super::inputs::{FEATURES, TEMPLATES};
use super::math::softmax;
use super::{CLASSES, Net, Scratch};
use crate::word::Word;

/// What is asked about a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Tag,
    Head,
}

/// What is left out of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Without {
    #[default]
    Nothing,
    /// One feature of a word.
    Feature(usize, usize),
    /// A whole word.
    Word(usize),
}

impl Without {
    /// Whether a feature of a word stays in.
    #[inline(always)]
    pub(crate) fn keeps(self, word: usize, feature: usize) -> bool {
        match self {
            Self::Nothing => true,
            Self::Feature(w, f) => (w, f) != (word, feature),
            Self::Word(w) => w != word,
        }
    }
}

impl Net {
    /// The reasons for an answer about the word `at`, heaviest first: names from [`TEMPLATES`] for
    /// the word itself, and from `name` for every other word.
    pub(crate) fn reasons(
        &self,
        words: &[Word],
        cased: bool,
        (at, question): (usize, Question),
        name: impl Fn(usize) -> String,
    ) -> Vec<(String, f32)> {
        let mut scratch = Scratch::default();
        self.read(words, cased, &mut scratch);
        let answer = match question {
            Question::Tag => usize::from(scratch.tags[at]),
            Question::Head => scratch.heads[at] as usize,
        };
        let whole = scratch.lead(at, question, answer);
        let own = (0..FEATURES).map(|f| (TEMPLATES[f].to_owned(), Without::Feature(at, f)));
        let others = (0..words.len()).filter(|other| *other != at);
        let others = others.map(|other| (name(other), Without::Word(other)));
        let mut reasons: Vec<(String, f32)> = own
            .chain(others)
            .map(|(name, without)| {
                self.read_without(words, cased, without, &mut scratch);
                (name, whole - scratch.lead(at, question, answer))
            })
            .filter(|(_, weight)| *weight != 0.0)
            .collect();
        reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        reasons
    }

    /// The heads that the word `at` could have, likeliest first, with their probabilities; as many
    /// as there are words stands for the root.
    pub(crate) fn heads(&self, words: &[Word], cased: bool, at: usize) -> Vec<(usize, f32)> {
        let mut scratch = Scratch::default();
        self.read(words, cased, &mut scratch);
        let mut row = scratch.arcs.row(at).to_vec();
        softmax(&mut row);
        let mut heads: Vec<(usize, f32)> = row.into_iter().enumerate().collect();
        heads.retain(|(head, _)| *head != at);
        heads.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        heads
    }
}

impl Scratch {
    /// By how much an answer leads the best of the others.
    fn lead(&self, at: usize, question: Question, answer: usize) -> f32 {
        let scores = match question {
            Question::Tag => &self.tag_scores[at * CLASSES..][..CLASSES - 1],
            Question::Head => self.arcs.row(at),
        };
        let others = scores.iter().enumerate().filter(|(i, _)| *i != answer);
        scores[answer] - others.map(|(_, s)| *s).fold(f32::MIN, f32::max)
    }
}

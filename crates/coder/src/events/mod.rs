//! PLOVER events, positions, commitments, indicators and assessments over the parse.
//!
//! In: a text with its sentences, times, and the actors, places, figures and quotations found
//! before. Out: items that each cite their bytes and name their rule. Frames, word sets and the
//! codebook's tie-breaks are data (`data/events`); this module only walks trees. It never guesses:
//! a party, date or place that the words do not give stays empty.

mod args;
mod clauses;
mod extract;
mod matching;
mod parties;
mod relation;
mod repair;
mod rules;
mod settle;
mod stances;
mod standing;
mod telling;
mod tree;
mod views;
mod words;

pub use rules::RuleError;

use crate::{BlockKind, Coding, Input};

use rules::Frames;
use tree::Tree;
use words::Words;

/// Lexicon, frames and rewrite rules.
#[derive(Debug)]
pub struct Events {
    words: Words,
    frames: Frames,
    views: views::Views,
}

impl Events {
    /// The rules that ship inside the binary.
    pub fn embedded() -> Self {
        Self::read().expect("invariant: the rule files are read by the tests")
    }

    fn read() -> Result<Self, RuleError> {
        let mut words = Words::read()?;
        let frames = Frames::read(&words)?;
        words.learn(frames.triggers());
        let views = views::Views::read()?;
        Ok(Self {
            words,
            frames,
            views,
        })
    }

    /// Adds events, positions, commitments, indicators and assessments to `coding`, which holds
    /// actors, places, figures and quotes already.
    pub fn code(&self, input: &Input<'_>, coding: &mut Coding) {
        let mut events = Vec::new();
        let mut views = Vec::new();
        let mut talks = Vec::new();
        for sentence in input.sentences {
            if sentence.tokens.is_empty() || !coded(input, sentence.span) {
                continue;
            }
            let tree = Tree::new(input.text, sentence, coding, &self.words);
            events.extend(extract::events(
                &tree,
                input,
                coding,
                &self.frames,
                &mut talks,
            ));
            let mut found = views::Found {
                quoted: coding
                    .quotes
                    .iter()
                    .any(|q| q.content.iter().any(|c| c.overlaps(sentence.span))),
                ..views::Found::default()
            };
            self.views.code(&tree, input, &mut found);
            views.push(found);
        }
        for found in views {
            found.pour(coding);
        }
        coding.events = extract::settle_article(input, events);
    }

    /// The one relation of `source` to `target` (names as the text has them): the best candidate
    /// of the text, half-known ones included; `None` when no frame fits at all.
    pub fn relation(
        &self,
        input: &Input<'_>,
        coding: &Coding,
        source: &str,
        target: &str,
    ) -> Option<crate::Event> {
        let mut found = Vec::new();
        for sentence in input.sentences.iter().filter(|s| !s.tokens.is_empty()) {
            let tree = Tree::new(input.text, sentence, coding, &self.words);
            found.extend(extract::candidates(&tree, input, coding, &self.frames));
        }
        relation::relation(found, source, target).or_else(|| {
            input
                .sentences
                .iter()
                .filter(|s| !s.tokens.is_empty())
                .find_map(|sentence| {
                    let tree = Tree::new(input.text, sentence, coding, &self.words);
                    relation::loose(&tree, &self.frames, source, target)
                })
        })
    }
}

/// Running text, captions and lists; not subheads and words set large.
fn coded(input: &Input<'_>, span: rapporteur_base::Span) -> bool {
    !input
        .blocks
        .iter()
        .any(|(b, kind)| b.overlaps(span) && matches!(kind, BlockKind::Head | BlockKind::Repeat))
}

#[cfg(test)]
mod tests;

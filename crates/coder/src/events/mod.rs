//! PLOVER events, positions, commitments, indicators and assessments over the parse.
//!
//! In: a text with its sentences, times, and the actors, places, figures and quotations found
//! before. Out: items that each cite their bytes and name their rule. Frames, word sets and the
//! codebook's tie-breaks are data (`data/events`); this module only walks trees. It never guesses:
//! a party, date or place that the words do not give stays empty.

mod args;
mod bound;
mod clauses;
mod contexts;
mod counts;
mod dyads;
mod extract;
mod firmness;
mod indicators;
mod keys;
mod matching;
mod modes;
mod parties;
pub mod rank;
mod relation;
mod repair;
mod roots;
mod rules;
mod settle;
mod stances;
mod standing;
mod telling;
mod tree;
mod views;
mod voices;
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
    contexts: contexts::Contexts,
    counts: Vec<counts::Rule>,
    ranker: rank::Model,
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
        let ranker = rank::Model::read(include_bytes!("../../../../data/events/ranker.bin"))
            .map_err(|what| RuleError::whole(&what))?;
        Ok(Self {
            words,
            frames,
            views,
            contexts: contexts::Contexts::read()?,
            counts: counts::read()?,
            ranker,
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
            let mut here = extract::events(
                &tree,
                input,
                coding,
                &self.frames,
                &mut talks,
                Some(&self.ranker),
            );
            for found in &mut here {
                modes::refine(&tree, coding, &mut found.event);
                voices::set(&tree, coding, &mut found.event);
            }
            let told = here.iter_mut().map(|found| &mut found.event);
            counts::bind(&tree, coding, &self.counts, told);
            counts::join(&tree, &mut here);
            for found in &mut here {
                counts::exchange(&tree, &mut found.event);
            }
            events.extend(here);
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
        self.contexts.mark(input, &mut coding.events);
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
        let mut seen = self.pair(input, coding, source, target);
        let Some(features) = seen.features.take() else {
            return seen.event;
        };
        let ranked = relation::ranked(&self.ranker, &features);
        relation::settle(seen, &features, ranked, &self.ranker)
    }

    /// What the ranker sees of a pair of names in a text, for training; `None` where no sentence has
    /// either name.
    pub fn pair_features(
        &self,
        input: &Input<'_>,
        coding: &Coding,
        source: &str,
        target: &str,
    ) -> Option<Vec<String>> {
        self.pair(input, coding, source, target).features
    }

    /// The events that the frames alone see in a text, each with what the ranker looks at, for
    /// training.
    pub fn candidate_features(
        &self,
        input: &Input<'_>,
        coding: &Coding,
    ) -> Vec<(crate::Event, Vec<String>)> {
        let mut out = Vec::new();
        let mut talks = Vec::new();
        for sentence in input.sentences.iter().filter(|s| !s.tokens.is_empty()) {
            let tree = Tree::new(input.text, sentence, coding, &self.words);
            let found = extract::events(&tree, input, coding, &self.frames, &mut talks, None);
            for at in 0..found.len() {
                let features = rank::of_candidate(&tree, &self.frames, &found, at);
                out.push((found[at].event.clone(), features));
            }
        }
        out
    }

    /// What frames alone make of a pair, the other candidates, and the features of the sentence that
    /// has most of the two names.
    fn pair(
        &self,
        input: &Input<'_>,
        coding: &Coding,
        source: &str,
        target: &str,
    ) -> relation::Seen {
        let trees: Vec<Tree<'_>> = input
            .sentences
            .iter()
            .filter(|s| !s.tokens.is_empty())
            .map(|sentence| Tree::new(input.text, sentence, coding, &self.words))
            .collect();
        let found: Vec<extract::Found> = trees
            .iter()
            .flat_map(|tree| extract::candidates(tree, input, coding, &self.frames))
            .collect();
        let event = relation::relation(&found, source, target).or_else(|| {
            trees
                .iter()
                .find_map(|tree| relation::loose(tree, &self.frames, source, target))
        });
        let side = |tree: &Tree<'_>, name: &str| {
            let text = tree.sentence.span.of(input.text);
            let at = text.find(name).filter(|_| !name.is_empty())?;
            let start = tree.sentence.span.start as usize + at;
            rank::Side::new(tree, rapporteur_base::Span::new(start, start + name.len()))
        };
        let placed = trees
            .iter()
            .map(|tree| (tree, [side(tree, source), side(tree, target)]))
            .enumerate()
            .filter(|(_, (_, sides))| sides.iter().any(Option::is_some))
            .max_by_key(|(at, (_, sides))| {
                (sides.iter().flatten().count(), std::cmp::Reverse(*at))
            });
        let features = placed.map(|(_, (tree, sides))| {
            let near: Vec<&extract::Found> = found
                .iter()
                .filter(|f| f.event.sentence == tree.sentence.span)
                .collect();
            rank::pair(tree, &self.frames, sides, &near, event.as_ref())
        });
        relation::Seen {
            event,
            found,
            features,
        }
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

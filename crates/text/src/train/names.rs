//! Sentences with names, as numbers.

use super::capitalised;
use super::chain::Prepared;
use crate::EntityKind;
use crate::model::Model;
use crate::names::arabic::{self, Form};
use crate::names::chain::OUTSIDE;
use crate::names::gazetteer::Gazetteer;
use crate::names::{self, Seen};
use crate::word::Word;
use crate::{net, tagger};

/// A sentence for the name model.
#[derive(Clone, Debug, Default)]
pub struct NamedSentence {
    /// Its words.
    pub forms: Vec<String>,
    /// For each word: the name's kind, and whether the name begins here; `None` outside.
    pub names: Vec<Option<(EntityKind, bool)>>,
}

/// Every sentence, one in twelve again as a headline.
pub(super) fn english(
    sentences: &[&NamedSentence],
    model: &Model,
    lists: Gazetteer,
) -> Vec<Prepared> {
    let every_twelfth = sentences.iter().skip(5).step_by(12);
    let titled: Vec<NamedSentence> = every_twelfth.map(|s| titled(s)).collect();
    sentences
        .iter()
        .copied()
        .chain(&titled)
        .map(|sentence| prepare(sentence, model, lists))
        .collect()
}

fn prepare(sentence: &NamedSentence, model: &Model, lists: Gazetteer) -> Prepared {
    let forms = sentence.forms.iter();
    let words: Vec<Word> = forms.map(|f| Word::new(f, &model.clusters)).collect();
    let cased = tagger::cased(&words);
    let (mut read, mut marks) = (net::Scratch::default(), Vec::new());
    model.net.read(&words, cased, &mut read);
    lists.mark(&words, |w| w.capital, &mut marks);
    let seen = Seen {
        words: &words,
        tags: &read.tags,
        marks: &marks,
        cased,
    };
    Prepared {
        features: features(words.len(), |at, out| names::features(&seen, at, out)),
        labels: sentence.names.iter().map(label).collect(),
    }
}

/// Arabic sentences.
pub(super) fn arabic(sentences: &[NamedSentence], lists: Gazetteer) -> Vec<Prepared> {
    let prepare = |sentence: &NamedSentence| {
        let forms: Vec<Form> = sentence.forms.iter().map(|f| Form::new(f)).collect();
        let mut marks = Vec::new();
        arabic::mark(&lists, &forms, &mut marks);
        Prepared {
            features: features(forms.len(), |at, out| {
                arabic::features(&forms, &marks, at, out);
            }),
            labels: sentence.names.iter().map(label).collect(),
        }
    };
    sentences.iter().map(prepare).collect()
}

fn features(size: usize, of: impl Fn(usize, &mut Vec<u64>)) -> Vec<Vec<u64>> {
    (0..size)
        .map(|at| {
            let mut out = Vec::new();
            of(at, &mut out);
            out
        })
        .collect()
}

/// As a headline prints it.
fn titled(sentence: &NamedSentence) -> NamedSentence {
    let forms = sentence
        .forms
        .iter()
        .map(|form| {
            if form.len() > 3 {
                capitalised(form)
            } else {
                form.clone()
            }
        })
        .collect();
    NamedSentence {
        forms,
        names: sentence.names.clone(),
    }
}

fn label(name: &Option<(EntityKind, bool)>) -> u8 {
    match name {
        None => OUTSIDE,
        Some((kind, begins)) => *kind as u8 * 2 + if *begins { 1 } else { 2 },
    }
}

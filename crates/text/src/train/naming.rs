//! The file of the name models: lists, names, mentions.

use std::collections::BTreeMap;

use super::Laid;
use super::chain::{self, Chain};
use super::mentions::{self, MentionText};
use super::names::{self, NamedSentence};
use crate::Reader;
use crate::model::{self, Model};
use crate::names::arabic::{self, Form};
use crate::names::gazetteer::{self, CAPITALS, Gazetteer, NOUN, join};
use crate::names::mentions::CLASSES;
use crate::names::{FOLLOW, LABELS};
use crate::word::Word;

/// What the name models learn from.
#[derive(Debug, Default)]
pub struct NameData {
    /// Sentences with a kind for every word of a name.
    pub names: Vec<NamedSentence>,
    /// Arabic sentences with a kind for every word of a name.
    pub arabic: Vec<NamedSentence>,
    /// Names and phrases with the kinds of the lists they stand in.
    pub lists: Vec<(String, u8)>,
    /// Common nouns with their kinds.
    pub nouns: Vec<(String, u8)>,
    /// Texts whose mentions are marked.
    pub mentions: Vec<MentionText>,
}

impl NameData {
    /// The sentences to learn names from; of the texts with mentions only those that `keep` lets
    /// through, and these twice: they are of the kind of text that will be read.
    pub(super) fn sentences(&self, keep: impl Fn(usize) -> bool) -> Vec<&NamedSentence> {
        let texts = self.mentions.iter().enumerate();
        let own: Vec<&NamedSentence> = texts
            .filter(|(at, _)| keep(*at))
            .flat_map(|(_, text)| &text.names)
            .collect();
        let twice = own.iter().chain(&own).copied();
        self.names.iter().chain(twice).collect()
    }
}

/// Learns the file of the name models over the tagger of `reader`; lines for the log beside it.
pub fn train(data: &NameData, reader: &Reader) -> (Vec<u8>, Vec<String>) {
    let mut log = Vec::new();
    let lists = lists(data, &reader.model);
    let gazetteer = Gazetteer::new(lists.clone().leak());
    let mut blocks = vec![("lists".to_owned(), lists)];

    let sentences = names::english(&data.sentences(|_| true), &reader.model, gazetteer);
    let english = chain::learn(&sentences, ENGLISH, &mut log);
    let laid = Laid::new(&english.rows, LABELS, chain::SLOTS);
    put(&mut blocks, "nam", laid, english.calibration, &mut log);

    let sentences = names::arabic(&data.arabic, gazetteer);
    let arabic = chain::learn(&sentences, ARABIC, &mut log);
    let laid = Laid::new(&arabic.rows, LABELS, ARABIC_SLOTS);
    put(&mut blocks, "ara", laid, arabic.calibration, &mut log);

    let rows = mentions::learn(data, reader, gazetteer);
    let laid = Laid::new(&rows, CLASSES, mentions::SLOTS);
    put(&mut blocks, "men", laid, (0.0, 0.0), &mut log);
    (model::write(&blocks), log)
}

/// English names.
pub(super) const ENGLISH: Chain = Chain {
    template: FOLLOW,
    missed: 0.0,
};

/// Arabic names.
const ARABIC: Chain = Chain {
    template: arabic::FOLLOW,
    missed: 40.0,
};

/// Features of the Arabic model that are kept.
const ARABIC_SLOTS: usize = 1 << 16;

/// Adds the blocks of one table.
fn put(
    blocks: &mut Vec<(String, Vec<u8>)>,
    name: &str,
    laid: Laid,
    calibration: (f32, f32),
    log: &mut Vec<String>,
) {
    log.push(format!(
        "{name}: {} features learnt, {} kept",
        laid.learnt,
        laid.kept()
    ));
    let units = [laid.unit, calibration.0, calibration.1];
    blocks.extend([
        (
            format!("{name}.unit"),
            units.iter().flat_map(|u| u.to_le_bytes()).collect(),
        ),
        (format!("{name}.key"), laid.keys),
        (format!("{name}.row"), laid.rows),
    ]);
}

/// The phrases of the lists by their hash.
fn lists(data: &NameData, model: &Model) -> Vec<u8> {
    let mut by_key: BTreeMap<u32, u8> = BTreeMap::new();
    let norm = |word: &str| Word::new(word, &model.clusters);
    for (phrase, kinds) in &data.lists {
        let words: Vec<Word> = super::cut(phrase)
            .iter()
            .flatten()
            .map(|span| norm(span.of(phrase)))
            .collect();
        // Arabic letters are spelt in more ways than one and carry clitics.
        if arabic::is_arabic(&[phrase.as_str()]) {
            let forms = phrase.split([' ', '-']).filter(|w| !w.is_empty());
            let key = forms.fold(0, |key, word| join(key, Form::key(word)));
            *by_key.entry(key).or_default() |= kinds;
            continue;
        }
        let start = match words.as_slice() {
            [] => continue,
            [word] if word.capitals() => CAPITALS,
            _ => 0,
        };
        let key = words.iter().fold(start, |key, word| join(key, word.norm));
        *by_key.entry(key).or_default() |= kinds;
    }
    for (noun, kinds) in &data.nouns {
        *by_key.entry(join(NOUN, norm(noun).norm)).or_default() |= kinds;
    }
    gazetteer::lay_out(&by_key)
}

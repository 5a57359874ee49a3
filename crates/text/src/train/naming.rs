//! The file of the name models: lists, names, mentions.

use std::collections::BTreeMap;

use super::Laid;
use super::mentions::{self, MentionText};
use super::names::{self, NamedSentence};
use crate::Reader;
use crate::model::{self, Model};
use crate::names::LABELS;
use crate::names::gazetteer::{self, CAPITALS, Gazetteer, NOUN, join};
use crate::names::mentions::CLASSES;
use crate::word::Word;

/// What the name models learn from.
#[derive(Debug, Default)]
pub struct NameData {
    /// Sentences with a kind for every word of a name.
    pub names: Vec<NamedSentence>,
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
    let sentences = data.sentences(|_| true);
    let (rows, calibration) = names::learn(&sentences, &reader.model, gazetteer, &mut log);
    let laid = Laid::new(&rows, LABELS, names::SLOTS);
    log.push(format!(
        "names: {} features learnt, {} kept; {} phrases in lists",
        laid.learnt,
        laid.kept(),
        data.lists.len()
    ));
    let units = [laid.unit, calibration.0, calibration.1];
    let mut blocks = vec![
        ("lists".to_owned(), lists),
        (
            "nam.unit".to_owned(),
            units.iter().flat_map(|u| u.to_le_bytes()).collect(),
        ),
        ("nam.key".to_owned(), laid.keys),
        ("nam.row".to_owned(), laid.rows),
    ];
    let rows = mentions::learn(data, reader, gazetteer);
    let laid = Laid::new(&rows, CLASSES, mentions::SLOTS);
    log.push(format!(
        "mentions: {} features learnt, {} kept",
        laid.learnt,
        laid.kept()
    ));
    blocks.extend([
        ("men.unit".to_owned(), laid.unit.to_le_bytes().to_vec()),
        ("men.key".to_owned(), laid.keys),
        ("men.row".to_owned(), laid.rows),
    ]);
    (model::write(&blocks), log)
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

//! What an article is about, as weighted terms: the raw material of story clusters.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::words::{
    Table, hash, hash_lower, is_stop_hash, listed, lower, mix, stem_in_place, words,
};

/// Words of the body that are read: the news is told first.
const BODY: usize = 600;
/// Words of the language that are equally common: the head of Zipf's law is flat.
const TOP_RANKS: f32 = 20.0;
/// Terms kept of an article: those that weigh most.
const KEEP: usize = 160;

/// One term of an article.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Hash of the stem, or of a pair of names.
    pub key: u64,
    /// How much the article says it, before rarity: dampened count times the weight of its kind.
    pub weight: f32,
    /// Whether it names somebody or something, or is a number.
    pub name: bool,
}

/// How much each kind of term counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// A word of the title, in body words.
    pub title: f32,
    /// A word of the first sentences.
    pub lead: f32,
    /// Factor of a name.
    pub name: f32,
    /// Factor of a number.
    pub number: f32,
    /// Factor of two names in a row.
    pub pair: f32,
    /// Factor of two words of a title in a row.
    pub title_pair: f32,
    /// What is left of the weight of the commonest word.
    pub common: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            title: 3.0,
            lead: 3.0,
            name: 1.0,
            number: 1.6,
            pair: 1.0,
            title_pair: 1.0,
            common: 0.55,
        }
    }
}

/// A term while an article is read.
struct Seen {
    key: u64,
    count: f32,
    name: bool,
    number: bool,
    pair: bool,
}

/// What has been read of an article.
#[derive(Default)]
struct Reading {
    seen: Vec<Seen>,
    /// Place in `seen` of a key.
    by_key: Table<u32>,
    /// The same of a word as written, by the hash of its lower case; nothing for one that says
    /// nothing.
    by_word: Table<Option<u32>>,
}

/// The terms of an article, by key. Names and numbers outvote topic words: two earthquakes share
/// their words, not their places.
pub fn terms(title: &str, text: &str, weights: &Weights) -> Vec<Term> {
    let mut reading = Reading::default();
    let (title, body) = headline(title, text);
    reading.read(title, weights.title, Some(weights.title_pair), usize::MAX);
    let lead = body.len().min(400);
    let lead = (lead..body.len())
        .find(|i| body.is_char_boundary(*i))
        .unwrap_or(body.len());
    reading.read(&body[..lead], weights.lead, None, BODY);
    reading.read(&body[lead..], 1.0, None, BODY);
    let weigh = |s: Seen| {
        let kind = match (s.pair, s.number, s.name) {
            (true, ..) => weights.pair,
            (_, true, _) => weights.number,
            (_, _, true) => weights.name,
            _ => 1.0,
        };
        Term {
            key: s.key,
            weight: (1.0 + s.count.ln()).max(0.1) * kind * rarity(s.key, weights.common),
            name: s.pair || s.number || s.name,
        }
    };
    let mut out: Vec<Term> = reading.seen.into_iter().map(weigh).collect();
    if out.len() > KEEP {
        out.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then(a.key.cmp(&b.key)));
        out.truncate(KEEP);
    }
    out.sort_unstable_by_key(|t| t.key);
    out
}

/// What a word weighs by how common it is in English at large: `least` for the commonest, 1 for
/// those that are not listed. By Zipf's law the logarithm of the rank stands for that of the
/// frequency.
pub(crate) fn rarity(key: u64, least: f32) -> f32 {
    static RANKS: OnceLock<(Table<f32>, f32)> = OnceLock::new();
    let (ranks, most) = RANKS.get_or_init(|| {
        let mut out = Table::default();
        let mut rank = 0.0f32;
        for word in listed(include_str!("../../../data/story/common.txt")) {
            rank += 1.0;
            out.entry(key_of(word))
                .or_insert((1.0 + rank / TOP_RANKS).ln());
        }
        (out, (1.0 + rank / TOP_RANKS).ln())
    });
    match ranks.get(&key) {
        Some(rank) => least + (1.0 - least) * rank / most,
        None => 1.0,
    }
}

/// Title and body. A copy without a title often has it as its first line.
fn headline<'t>(title: &'t str, text: &'t str) -> (&'t str, &'t str) {
    if title.is_empty() {
        return match text.split_once('\n') {
            Some((line, rest)) if line.len() <= 160 && !line.trim_end().ends_with('.') => {
                (line, rest)
            }
            _ => ("", text),
        };
    }
    (title, text.strip_prefix(title).unwrap_or(text))
}

impl Reading {
    /// Reads a stretch of text whose words count `each`. In a `title` capitals tell nothing, and
    /// two words in a row count as a term of their own, as much as is given.
    fn read(&mut self, text: &str, each: f32, title: Option<f32>, most: usize) {
        let mut end = 0;
        let mut before: Option<u64> = None;
        for word in words(text).take(most) {
            let gap = &text[end..word.start];
            let opens = end == 0 || gap.contains(['.', '!', '?', '\n', ':', '"', '“', '\'']);
            end = word.start + word.text.len();
            let Some(at) = self.word(word.text) else {
                if title.is_none() {
                    before = None;
                }
                continue;
            };
            let capital = word.text.chars().next().is_some_and(char::is_uppercase);
            let seen = &mut self.seen[at as usize];
            seen.count += each;
            seen.name |= title.is_none() && capital && !opens;
            let key = seen.key;
            match (before, title) {
                (Some(first), Some(each)) if each > 0.0 => self.pair(first, key, each, false),
                (Some(first), None) if capital && gap == " " => self.pair(first, key, each, true),
                _ => {}
            }
            before = (title.is_some() || capital).then_some(key);
        }
    }

    /// Place of a word, or nothing for one that carries no topic.
    fn word(&mut self, word: &str) -> Option<u32> {
        let written = hash_lower(word);
        if let Some(known) = self.by_word.get(&written) {
            return *known;
        }
        let low = lower(word);
        let says = low.chars().nth(1).is_some() && !is_stop_hash(written);
        let at = says.then(|| {
            let number = low.bytes().all(|b| b.is_ascii_digit());
            self.place(key_of(&low), number, false)
        });
        self.by_word.insert(written, at);
        at
    }

    fn place(&mut self, key: u64, number: bool, pair: bool) -> u32 {
        let next = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        let at = *self.by_key.entry(key).or_insert(next);
        if at == next {
            self.seen.push(Seen {
                key,
                count: 0.0,
                name: false,
                number,
                pair,
            });
        }
        at
    }

    fn pair(&mut self, first: u64, second: u64, each: f32, names: bool) {
        let key = mix(first.rotate_left(17) ^ second);
        let at = self.place(key, false, names);
        self.seen[at as usize].count += each;
    }
}

/// Hash of a stem; words of other scripts and languages are cut, which brings most of their forms
/// together.
pub(crate) fn key_of(low: &str) -> u64 {
    if !low.is_ascii() {
        let end = low.char_indices().nth(6).map_or(low.len(), |(at, _)| at);
        return hash(&low[..end]);
    }
    let mut stem = low.to_owned();
    stem_in_place(&mut stem);
    hash(&stem)
}

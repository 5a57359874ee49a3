//! What an article is about, as weighted terms: the raw material of story clusters.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::words::{hash, is_stop, lower, mix, stem, words};

/// Words of the body that are read: the news is told first.
const BODY: usize = 600;
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

struct Seen {
    count: f32,
    name: bool,
    number: bool,
    pair: bool,
}

/// The terms of an article, by key. Names and numbers outvote topic words: two earthquakes share
/// their words, not their places.
pub fn terms(title: &str, text: &str, weights: &Weights) -> Vec<Term> {
    let mut seen: BTreeMap<u64, Seen> = BTreeMap::new();
    let (title, body) = headline(title, text);
    read(title, weights.title, false, usize::MAX, &mut seen);
    if weights.title_pair > 0.0 {
        pairs(title, weights, &mut seen);
    }
    let lead = body.len().min(400);
    let lead = (lead..body.len())
        .find(|i| body.is_char_boundary(*i))
        .unwrap_or(body.len());
    read(&body[..lead], weights.lead, true, BODY, &mut seen);
    read(&body[lead..], 1.0, true, BODY, &mut seen);
    let mut out: Vec<Term> = seen
        .into_iter()
        .map(|(key, s)| {
            let kind = match (s.pair, s.number, s.name) {
                (true, ..) => weights.pair,
                (_, true, _) => weights.number,
                (_, _, true) => weights.name,
                _ => 1.0,
            };
            Term {
                key,
                weight: (1.0 + s.count.ln()).max(0.1) * kind * common(key, weights.common),
                name: s.pair || s.number || s.name,
            }
        })
        .collect();
    if out.len() > KEEP {
        out.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.key.cmp(&b.key)));
        out.truncate(KEEP);
        out.sort_by_key(|t| t.key);
    }
    out
}

fn common(key: u64, least: f32) -> f32 {
    static RANKS: OnceLock<Table<f32>> = OnceLock::new();
    let ranks = RANKS.get_or_init(|| {
        let mut out = Table::default();
        let words = include_str!("../../../data/story/common.txt")
            .lines()
            .filter(|l| !l.starts_with('#'))
            .flat_map(str::split_whitespace);
        let mut n = 0.0f32;
        for word in words {
            n += 1.0;
            out.entry(hash(&short(word))).or_insert(n);
        }
        out
    });
    match ranks.get(&key) {
        Some(rank) => least + (1.0 - least) * ((rank + 20.0) / 20.0).ln() / (6020.0f32 / 20.0).ln(),
        None => 1.0,
    }
}

#[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
type Table<V> = std::collections::HashMap<u64, V, crate::families::BuildPlain>;

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

fn read(text: &str, each: f32, running: bool, most: usize, seen: &mut BTreeMap<u64, Seen>) {
    let mut end = 0;
    let mut before: Option<u64> = None;
    for word in words(text).take(most) {
        let gap = &text[end..word.start];
        let opens = end == 0 || gap.contains(['.', '!', '?', '\n', ':', '"', '“', '\'']);
        end = word.start + word.text.len();
        let low = lower(word.text);
        if low.chars().nth(1).is_none() || is_stop(&low) {
            before = None;
            continue;
        }
        let key = hash(&short(&low));
        let capital = word.text.chars().next().is_some_and(char::is_uppercase);
        let name = running && capital && !opens;
        let number = low.bytes().all(|b| b.is_ascii_digit());
        let entry = seen.entry(key).or_insert(Seen {
            count: 0.0,
            name: false,
            number,
            pair: false,
        });
        entry.count += each;
        entry.name |= name;
        if capital
            && gap == " "
            && let Some(first) = before.filter(|_| running)
        {
            let pair = mix(first.rotate_left(17) ^ key);
            let entry = seen.entry(pair).or_insert(Seen {
                count: 0.0,
                name: true,
                number: false,
                pair: true,
            });
            entry.count += each;
        }
        before = capital.then_some(key);
    }
}

fn pairs(title: &str, weights: &Weights, seen: &mut BTreeMap<u64, Seen>) {
    let mut before: Option<u64> = None;
    for word in words(title) {
        let low = lower(word.text);
        if low.chars().nth(1).is_none() || is_stop(&low) {
            continue;
        }
        let key = hash(&short(&low));
        if let Some(first) = before {
            let pair = mix(first.rotate_left(17) ^ key);
            let entry = seen.entry(pair).or_insert(Seen {
                count: 0.0,
                name: false,
                number: false,
                pair: false,
            });
            entry.count += weights.title_pair;
        }
        before = Some(key);
    }
}

/// A stem; words of other scripts and languages are cut, which brings most of their forms together.
fn short(low: &str) -> String {
    if low.is_ascii() {
        return stem(low);
    }
    low.chars().take(6).collect()
}

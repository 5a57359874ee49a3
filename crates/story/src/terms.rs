//! What an article is about, as weighted terms: the raw material of story clusters.

use std::collections::BTreeMap;

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
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            title: 3.0,
            lead: 3.0,
            name: 1.0,
            number: 1.0,
            pair: 1.0,
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
                weight: (1.0 + s.count.ln()).max(0.1) * kind,
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

/// A stem; words of other scripts and languages are cut, which brings most of their forms together.
fn short(low: &str) -> String {
    if low.is_ascii() {
        return stem(low);
    }
    low.chars().take(6).collect()
}

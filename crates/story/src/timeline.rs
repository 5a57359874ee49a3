//! A timeline of any selection: which days, and for each the sentences that tell it best.
//!
//! After Chieu & Lee 2004 and Gholipour Ghalandari & Ifrim 2020: a day counts by how often it is
//! *mentioned* (repeated sentences of copies once) and, less, by what was published on it; its
//! sentences are those nearest the centroid of all that mention it or were published on it,
//! without repeating each other. No language model: every line is a sentence of a source.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Date, Precision, Span};

use crate::cluster::day_number;
use crate::families::BuildPlain;
use crate::words::{hash_lower, is_stop, lower, sentences, words};

/// An article to be read for a timeline.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Its text: a sentence is cited by its bytes here.
    pub text: &'a str,
    /// Publication date, or unknown.
    pub published: Option<Date>,
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Days at most.
    pub dates: usize,
    /// Sentences a day at most.
    pub sentences: usize,
    /// First day, or open.
    pub from: Option<Date>,
    /// Last day, or open.
    pub to: Option<Date>,
    /// Words that say what the timeline is about; may be empty. Lower case or not.
    pub keywords: Vec<String>,
}

/// One day of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Its sentences, best first: article by position, and bytes of its text.
    pub sentences: Vec<(usize, Span)>,
}

/// A mention in a sentence without a keyword weighs so much.
const OFF_TOPIC: f64 = 0.3;
/// What a sentence at the head of an article says for its day of publication.
const PUBLISHED: f64 = 0.2;
/// Days after which a mention is a retelling, and what it is worth then.
const LATE: i32 = 30;
const RETOLD: f64 = 2.0;
/// Sentences at the head of an article.
const HEAD: usize = 5;
/// Words of a sentence that can stand alone.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=60;
/// A sentence published on or right after a day, that does not mention it.
const BESIDE: f64 = 0.7;
/// Worth of a keyword and of the first place.
const KEYWORD: f64 = 1.15;
const FIRST: f64 = 1.1;
/// Nearness to the centroid against newness of the words.
const NEARNESS: f64 = 0.6;
/// Candidates of a day that are compared with each other.
const COMPARED: usize = 60;

#[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
type Table<V> = std::collections::HashMap<u64, V, BuildPlain>;

struct Line {
    article: usize,
    span: Span,
    /// Stems' hashes with their counts, sorted.
    terms: Vec<(u64, f64)>,
    length: usize,
    place: usize,
    topical: bool,
    days: Vec<Date>,
}

/// The timeline of `articles`, by date. The same input gives the same output.
pub fn timeline(articles: &[Told<'_>], ask: &Ask) -> Vec<Day> {
    let lines = lines(articles, ask);
    let mut frequency: Table<f64> = Table::default();
    for line in &lines {
        for (key, _) in &line.terms {
            *frequency.entry(*key).or_default() += 1.0;
        }
    }
    let within =
        |day: &Date| ask.from.is_none_or(|from| *day >= from) && ask.to.is_none_or(|to| *day <= to);
    let worth = worth(articles, &lines, &within);
    let mut candidates: BTreeMap<Date, Vec<(usize, f64)>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let value =
            if line.topical { KEYWORD } else { 1.0 } * if line.place == 0 { FIRST } else { 1.0 };
        let fit = LENGTH.contains(&line.length);
        for day in line.days.iter().filter(|d| within(d)) {
            if fit {
                candidates.entry(*day).or_default().push((at, value));
            }
        }
        let Some(published) = articles[line.article].published else {
            continue;
        };
        let eve = published.yesterday().ok();
        for day in [Some(published), eve].into_iter().flatten().filter(within) {
            if fit && !line.days.contains(&day) {
                candidates
                    .entry(day)
                    .or_default()
                    .push((at, BESIDE * value));
            }
        }
    }
    let mut order: Vec<(Date, f64)> = worth.into_iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let total = lines.len() as f64;
    let mut out: Vec<Day> = order
        .into_iter()
        .filter_map(|(date, _)| Some((date, candidates.get(&date)?)))
        .take(ask.dates)
        .map(|(date, list)| Day {
            date,
            sentences: choose(&lines, list, ask.sentences, &frequency, total),
        })
        .collect();
    out.sort_by_key(|day| day.date);
    out
}

/// What each day is worth. An article counts by the root of its mentions, so that no single one
/// decides, and double when it was written long after: what is still told is what stays.
fn worth(
    articles: &[Told<'_>],
    lines: &[Line],
    within: &dyn Fn(&Date) -> bool,
) -> BTreeMap<Date, f64> {
    let mut worth: BTreeMap<Date, f64> = BTreeMap::new();
    for own in lines.chunk_by(|a, b| a.article == b.article) {
        let mut told: BTreeMap<Date, f64> = BTreeMap::new();
        let published = articles[own[0].article].published;
        for line in own {
            let topical = if line.topical { 1.0 } else { OFF_TOPIC };
            for day in line.days.iter().filter(|d| within(d)) {
                *told.entry(*day).or_default() += topical;
            }
            if let Some(day) = published.filter(|d| line.place < HEAD && within(d)) {
                *told.entry(day).or_default() += PUBLISHED * topical;
            }
        }
        for (day, sum) in told {
            let late = published.is_some_and(|p| day_number(p) - day_number(day) > LATE);
            *worth.entry(day).or_default() += sum.sqrt() * if late { RETOLD } else { 1.0 };
        }
    }
    worth
}

/// The sentences of all articles, those that copies repeat once.
fn lines(articles: &[Told<'_>], ask: &Ask) -> Vec<Line> {
    let keywords: Vec<String> = ask.keywords.iter().map(|k| k.to_lowercase()).collect();
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for (article, told) in articles.iter().enumerate() {
        let times = rapporteur_temporal::tag(told.text, told.published);
        let mut next = 0;
        for (place, span) in sentences(told.text).into_iter().enumerate() {
            let text = span.of(told.text);
            while next < times.len() && times[next].span.start < span.start {
                next += 1;
            }
            let own = times[next..].iter().take_while(|t| t.span.start < span.end);
            let mut days: Vec<Date> = own
                .filter_map(|t| t.interval)
                .filter(|i| i.precision == Precision::Day)
                .filter_map(|i| i.from)
                .collect();
            days.sort_unstable();
            days.dedup();
            let (terms, length, key) = read(text);
            if length >= 8 && !seen.insert(key) {
                continue;
            }
            let low = text.to_lowercase();
            out.push(Line {
                article,
                span,
                terms,
                length,
                place,
                topical: keywords.is_empty() || keywords.iter().any(|k| low.contains(k.as_str())),
                days,
            });
        }
    }
    out
}

fn read(text: &str) -> (Vec<(u64, f64)>, usize, u64) {
    let mut keys = Vec::new();
    let (mut length, mut all) = (0, 0u64);
    for word in words(text) {
        length += 1;
        let key = hash_lower(word.text);
        all = (all ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let low = lower(word.text);
        if low.len() > 1 && !is_stop(&low) {
            keys.push(key);
        }
    }
    keys.sort_unstable();
    let mut terms: Vec<(u64, f64)> = Vec::new();
    for key in keys {
        match terms.last_mut() {
            Some((last, count)) if *last == key => *count += 1.0,
            _ => terms.push((key, 1.0)),
        }
    }
    (terms, length, all)
}

/// The sentences nearest the centroid that do not repeat each other (maximal marginal relevance).
fn choose(
    lines: &[Line],
    candidates: &[(usize, f64)],
    most: usize,
    frequency: &Table<f64>,
    total: f64,
) -> Vec<(usize, Span)> {
    let vectors: Vec<Vec<(u64, f64)>> = candidates
        .iter()
        .map(|(at, _)| {
            let rare = |key: &u64| (total / frequency.get(key).copied().unwrap_or(1.0)).ln();
            unit(
                lines[*at]
                    .terms
                    .iter()
                    .map(|(k, n)| (*k, (1.0 + n.ln()) * rare(k))),
            )
        })
        .collect();
    let mut centroid: Table<f64> = Table::default();
    for (vector, (_, value)) in vectors.iter().zip(candidates) {
        for (key, weight) in vector {
            *centroid.entry(*key).or_default() += weight * value;
        }
    }
    let score: Vec<f64> = vectors
        .iter()
        .zip(candidates)
        .map(|(vector, (_, value))| {
            let dot: f64 = vector
                .iter()
                .map(|(k, w)| w * centroid.get(k).copied().unwrap_or(0.0))
                .sum();
            dot * value
        })
        .collect();
    let length = {
        // Summed in the order of the candidates, not of the table.
        let mut keys: Vec<u64> = vectors.iter().flatten().map(|(k, _)| *k).collect();
        keys.sort_unstable();
        keys.dedup();
        let squares = keys.iter().map(|k| centroid.get(k).map_or(0.0, |w| w * w));
        squares.sum::<f64>().sqrt().max(f64::MIN_POSITIVE)
    };
    diverse(&vectors, &score, length, most)
        .into_iter()
        .map(|i| {
            let line = &lines[candidates[i].0];
            (line.article, line.span)
        })
        .collect()
}

/// The best scored that lie far from each other, best first.
fn diverse(vectors: &[Vec<(u64, f64)>], score: &[f64], length: f64, most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..score.len()).collect();
    order.sort_by(|a, b| score[*b].total_cmp(&score[*a]).then(a.cmp(b)));
    order.truncate(COMPARED.max(most));
    let mut chosen: Vec<usize> = Vec::new();
    let mut nearest = vec![0.0f64; score.len()];
    while chosen.len() < most && !order.is_empty() {
        let gain = |i: usize| NEARNESS * score[i] / length - (1.0 - NEARNESS) * nearest[i];
        let best = (0..order.len())
            .max_by(|a, b| gain(order[*a]).total_cmp(&gain(order[*b])).then(b.cmp(a)))
            .unwrap_or(0);
        let pick = order.remove(best);
        chosen.push(pick);
        for i in &order {
            nearest[*i] = nearest[*i].max(dot(&vectors[*i], &vectors[pick]));
        }
    }
    chosen
}

fn unit(terms: impl Iterator<Item = (u64, f64)>) -> Vec<(u64, f64)> {
    let mut out: Vec<(u64, f64)> = terms.collect();
    let norm = out.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
    for (_, w) in &mut out {
        *w /= norm.max(f64::MIN_POSITIVE);
    }
    out
}

fn dot(a: &[(u64, f64)], b: &[(u64, f64)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_are_told_again_come_first() {
        let day = |d| Some(Date::constant(2024, 2, d));
        let texts = [
            "The envoys opened the talks in Velm on 12 February 2024 after a long pause.",
            "Talks between the neighbours opened in Velm on 12 February 2024, diplomats said.\n\
             The bakery of the guesthouse burned down on 3 February 2024 without a visitor in it.",
        ];
        let articles: Vec<Told<'_>> = texts
            .iter()
            .zip([13, 20])
            .map(|(text, d)| Told {
                text,
                published: day(d),
            })
            .collect();
        let ask = Ask {
            dates: 1,
            sentences: 1,
            keywords: vec!["talks".into()],
            ..Ask::default()
        };
        let out = timeline(&articles, &ask);
        assert_eq!(out.len(), 1);
        assert_eq!(Some(out[0].date), day(12));
        let (article, span) = out[0].sentences[0];
        assert!(span.of(texts[article]).contains("12 February"));
    }
}

//! A timeline of any selection: which days, and for each the sentences that tell it best.
//!
//! After Chieu & Lee 2004 and Gholipour Ghalandari & Ifrim 2020: a day counts by how often it is
//! *mentioned* (repeated sentences of copies once) and, less, by what was published on it; its
//! sentences are those nearest the centroid of all that mention it or were published on it,
//! without repeating each other. No language model: every line is a sentence of a source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rapporteur_base::{Date, Precision, Span};

use crate::cluster::day_number;
use crate::words::{Table, hash, hash_lower, is_stop_hash, listed, sentences, words};

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
const RETOLD: f64 = 3.0;
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

struct Line {
    article: usize,
    span: Span,
    /// Words by number with their counts, sorted.
    terms: Vec<(u32, f32)>,
    length: usize,
    place: usize,
    topical: bool,
    days: Vec<Date>,
}

/// A word of a selection.
#[derive(Clone, Copy)]
struct Known {
    /// Its number; nothing for one that carries no topic.
    number: Option<u32>,
    /// Whether it belongs to the name of a day.
    timed: bool,
}

/// The sentences of a selection and the words in them.
#[derive(Default)]
struct Lines {
    lines: Vec<Line>,
    /// What is known of a word, by the hash of its lower case.
    words: Table<Known>,
    /// How many sentences hold a word.
    frequency: Vec<u32>,
}

/// The timeline of `articles`, by date. The same input gives the same output.
pub fn timeline(articles: &[Told<'_>], ask: &Ask) -> Vec<Day> {
    let all = Lines::read(articles, ask);
    let lines = &all.lines;
    let within =
        |day: &Date| ask.from.is_none_or(|from| *day >= from) && ask.to.is_none_or(|to| *day <= to);
    let worth = worth(articles, lines, &within);
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
    let mut out: Vec<Day> = order
        .into_iter()
        .filter_map(|(date, _)| Some((date, candidates.get(&date)?)))
        .take(ask.dates)
        .map(|(date, list)| Day {
            date,
            sentences: all.choose(list, ask.sentences),
        })
        .collect();
    out.sort_by_key(|day| day.date);
    out
}

/// What each day is worth. An article counts by the root of its mentions, so that no single one
/// decides, and three times as much when it was written long after: what is still told is what stays.
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

/// What an article says of days, read only where it may name one: each day with the byte at which
/// it is told, in text order.
fn days_told(
    text: &str,
    spans: &[Span],
    timed: &[bool],
    published: Option<Date>,
) -> Vec<(u32, Date)> {
    let mut part = String::new();
    // Where a sentence stands in the part that is read, and in the text.
    let mut places: Vec<(u32, u32)> = Vec::new();
    for (span, _) in spans.iter().zip(timed).filter(|(_, timed)| **timed) {
        places.push((u32::try_from(part.len()).unwrap_or(u32::MAX), span.start));
        part.push_str(span.of(text));
        part.push('\n');
    }
    let place = |at: u32| {
        let before = places.partition_point(|(part, _)| *part <= at);
        before
            .checked_sub(1)
            .map_or(at, |i| places[i].1 + (at - places[i].0))
    };
    rapporteur_temporal::tag(&part, published)
        .iter()
        .filter_map(|time| {
            let interval = time.interval.filter(|i| i.precision == Precision::Day)?;
            Some((place(time.span.start), interval.from?))
        })
        .collect()
}

impl Lines {
    /// The sentences of all articles, those that copies repeat once.
    fn read(articles: &[Told<'_>], ask: &Ask) -> Self {
        let keywords: Vec<String> = ask.keywords.iter().map(|k| k.to_lowercase()).collect();
        let mut seen = BTreeSet::new();
        let mut all = Self::default();
        for (article, told) in articles.iter().enumerate() {
            let spans = sentences(told.text);
            let read: Vec<Words> = spans
                .iter()
                .map(|s| all.words_of(s.of(told.text)))
                .collect();
            let timed: Vec<bool> = read.iter().map(|words| words.timed).collect();
            let times = days_told(told.text, &spans, &timed, told.published);
            let mut next = 0;
            for (place, (span, words)) in spans.into_iter().zip(read).enumerate() {
                while next < times.len() && times[next].0 < span.start {
                    next += 1;
                }
                let own = times[next..].iter().take_while(|t| t.0 < span.end);
                let mut days: Vec<Date> = own.map(|(_, day)| *day).collect();
                days.sort_unstable();
                days.dedup();
                if words.length >= 8 && !seen.insert(words.key) {
                    continue;
                }
                for (word, _) in &words.terms {
                    all.frequency[*word as usize] += 1;
                }
                all.lines.push(Line {
                    article,
                    span,
                    terms: words.terms,
                    length: words.length,
                    place,
                    topical: keywords.is_empty() || holds(span.of(told.text), &keywords),
                    days,
                });
            }
        }
        all
    }

    /// Reads a sentence.
    fn words_of(&mut self, text: &str) -> Words {
        let mut numbers = Vec::new();
        let mut out = Words {
            timed: !text.is_ascii() && text.chars().any(|c| c > '\u{36f}' && c.is_alphabetic()),
            ..Words::default()
        };
        for word in words(text) {
            out.length += 1;
            let key = hash_lower(word.text);
            out.key = (out.key ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let known = self.know(word.text, key);
            out.timed |= known.timed || numbers_a_day(text, word.start, word.text);
            let number = known.number;
            numbers.extend(number);
        }
        numbers.sort_unstable();
        out.terms = numbers
            .chunk_by(|a, b| a == b)
            .map(|same| (same[0], same.len() as f32))
            .collect();
        out
    }

    /// What is known of a word of that hash.
    fn know(&mut self, word: &str, key: u64) -> Known {
        if let Some(known) = self.words.get(&key) {
            return *known;
        }
        let number = (word.len() > 1 && !is_stop_hash(key)).then(|| {
            self.frequency.push(0);
            u32::try_from(self.frequency.len() - 1).unwrap_or(u32::MAX)
        });
        let timed = is_timed(key);
        let known = Known { number, timed };
        self.words.insert(key, known);
        known
    }

    /// The sentences nearest the centroid that do not repeat each other (maximal marginal
    /// relevance).
    fn choose(&self, candidates: &[(usize, f64)], most: usize) -> Vec<(usize, Span)> {
        let total = self.lines.len() as f32;
        let rare = |word: u32| (total / self.frequency[word as usize].max(1) as f32).ln();
        let vectors: Vec<Vec<(u32, f32)>> = candidates
            .iter()
            .map(|(at, _)| {
                let terms = self.lines[*at].terms.iter();
                unit(terms.map(|(word, n)| (*word, (1.0 + n.ln()) * rare(*word))))
            })
            .collect();
        let mut centroid = vec![0.0f32; self.frequency.len()];
        for (vector, (_, value)) in vectors.iter().zip(candidates) {
            for (word, weight) in vector {
                centroid[*word as usize] += weight * *value as f32;
            }
        }
        let score: Vec<f64> = vectors
            .iter()
            .zip(candidates)
            .map(|(vector, (_, value))| {
                let dot: f32 = vector.iter().map(|(k, w)| w * centroid[*k as usize]).sum();
                f64::from(dot) * value
            })
            .collect();
        let squares: f32 = centroid.iter().map(|w| w * w).sum();
        let length = f64::from(squares.sqrt().max(f32::MIN_POSITIVE));
        diverse(&vectors, &score, length, most)
            .into_iter()
            .map(|i| {
                let line = &self.lines[candidates[i].0];
                (line.article, line.span)
            })
            .collect()
    }
}

/// What is read of a sentence.
#[derive(Default)]
struct Words {
    terms: Vec<(u32, f32)>,
    length: usize,
    /// Hash of its words in order.
    key: u64,
    /// Whether it may name a day.
    timed: bool,
}

/// Whether a word of that hash belongs to the name of a day.
fn is_timed(key: u64) -> bool {
    static TIMED: OnceLock<Table<()>> = OnceLock::new();
    let timed = TIMED.get_or_init(|| {
        listed(include_str!("../../../data/story/timed.txt"))
            .map(|word| (hash(word), ()))
            .collect()
    });
    timed.contains_key(&key)
}

/// Whether a word is the number of a year, or one beside a slash, dash or point.
fn numbers_a_day(text: &str, start: usize, word: &str) -> bool {
    let bytes = word.as_bytes();
    if !bytes[0].is_ascii_digit() {
        return false;
    }
    let year = bytes.len() == 4 && (bytes.starts_with(b"19") || bytes.starts_with(b"20"));
    let after = text.as_bytes().get(start + word.len());
    year || (bytes.len() <= 2 && matches!(after, Some(b'/' | b'-' | b'.')))
}

/// Whether one of `keywords`, lower case, stands in `text`.
fn holds(text: &str, keywords: &[String]) -> bool {
    let ascii = keywords.iter().all(|k| k.is_ascii());
    let low = if ascii {
        text.to_ascii_lowercase()
    } else {
        text.to_lowercase()
    };
    keywords.iter().any(|k| low.contains(k.as_str()))
}

/// The best scored that lie far from each other, best first.
fn diverse(vectors: &[Vec<(u32, f32)>], score: &[f64], length: f64, most: usize) -> Vec<usize> {
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
            nearest[*i] = nearest[*i].max(f64::from(dot(&vectors[*i], &vectors[pick])));
        }
    }
    chosen
}

fn unit(terms: impl Iterator<Item = (u32, f32)>) -> Vec<(u32, f32)> {
    let mut out: Vec<(u32, f32)> = terms.collect();
    let norm = out.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
    for (_, w) in &mut out {
        *w /= norm.max(f32::MIN_POSITIVE);
    }
    out
}

fn dot(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
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

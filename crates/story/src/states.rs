//! States of a process as the text tells them: talks begun, suspended, resumed, concluded.
//!
//! Read from the words, beside the coded events: the phase is what two accounts of one process
//! differ in, and a coder's event types do not carry it.

use std::sync::OnceLock;

use rapporteur_base::{Interval, Span};
use rapporteur_coder::Modality;
use serde::{Deserialize, Serialize};

use crate::Doc;
use crate::digest::{groups, key, line, ordinal};
use crate::words::{Word, lower, sentences, words};

/// One telling of a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StateNote {
    /// Kind of process: `talks`, `ceasefire`, …
    pub subject: String,
    /// `begun`, `suspended`, …
    pub phase: String,
    /// Whether the text says that it did not come to it.
    pub denied: bool,
    /// Which of a numbered series.
    pub ordinal: Option<u8>,
    /// Countries named beside the process, sorted; with the article's two leading ones when fewer
    /// than two are.
    pub parties: Vec<String>,
    /// Day words: the TIMEX3 value and, when the year is known, the days.
    pub date: Option<(String, Option<Interval>)>,
    /// The evidence: the sentence.
    pub span: Span,
    /// Its words, cut to a line.
    pub text: String,
}

type Groups = Vec<(&'static str, Vec<&'static str>)>;

fn phases() -> &'static Groups {
    static TABLE: OnceLock<Groups> = OnceLock::new();
    TABLE.get_or_init(|| groups(include_str!("../../../data/story/phases.tsv")))
}

/// Base forms of the phases: they count only when denied.
fn bases() -> &'static Groups {
    static TABLE: OnceLock<Groups> = OnceLock::new();
    TABLE.get_or_init(|| {
        include_str!("../../../data/story/phases.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut cells = line.split('\t');
                let name = cells.next()?;
                let words = cells.nth(1)?.split(' ').filter(|w| !w.is_empty());
                Some((name, words.collect()))
            })
            .collect()
    })
}

/// The phase at a word, and whether it is denied; nothing where it is planned, wished or doubted.
fn told(low: &[std::borrow::Cow<'_, str>], at: usize) -> Option<(&'static str, bool)> {
    let before = &low[at.saturating_sub(REACH)..at];
    let has = |list: &[&str]| before.iter().any(|w| list.contains(&w.as_ref()));
    let denied = has(&["not", "never", "didn"]) && has(&PAST);
    if let Some(phase) = named(phases(), &low[at]) {
        if denied {
            return Some((phase, true));
        }
        return (!has(&UNREAL)).then_some((phase, false));
    }
    let phase = named(bases(), &low[at])?;
    denied.then_some((phase, true))
}

/// Auxiliaries that make a denial one of the past.
const PAST: [&str; 8] = ["did", "didn", "was", "were", "has", "have", "had", "been"];

fn subjects() -> &'static Groups {
    static TABLE: OnceLock<Groups> = OnceLock::new();
    TABLE.get_or_init(|| groups(include_str!("../../../data/story/subjects.tsv")))
}

/// Whether two phases cannot both be the last word.
pub(crate) fn clash(a: &str, b: &str) -> bool {
    include_str!("../../../data/story/clashes.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .any(|line| {
            let mut cells = line.split('\t');
            let pair = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            pair == (a, b) || pair == (b, a)
        })
}

fn named(table: &'static Groups, word: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(_, list)| list.contains(&word))
        .map(|(name, _)| *name)
}

/// Words that make a phase a plan, a wish or a doubt when they stand shortly before it.
const UNREAL: [&str; 22] = [
    "will", "would", "to", "could", "may", "might", "if", "not", "never", "yet", "should", "must",
    "until", "unless", "can", "no", "without", "before", "cannot", "denied", "shall", "n't",
];
/// How far back they reach.
const REACH: usize = 3;
/// Words between a process and the verb that follows it.
const AFTER: usize = 24;
/// Words between a verb and the process that follows it as its object.
const BEFORE: usize = 6;

/// Every telling, in text order: those of the coder, then those read from the words where the
/// coder has none.
pub(crate) fn states(doc: &Doc<'_>) -> Vec<StateNote> {
    let mut out = coded(doc);
    let mut before: Option<&'static str> = None;
    for span in sentences(doc.text) {
        let text = span.of(doc.text);
        if text.len() > 2000 {
            continue;
        }
        let run: Vec<Word<'_>> = words(text).collect();
        let low: Vec<_> = run.iter().map(|w| lower(w.text)).collect();
        let mut nouns = nouns(&low);
        // "They resumed in May": the process of the sentence before.
        let pronoun = low.first().is_some_and(|w| w == "they" || w == "it");
        if let Some(kind) = before.filter(|_| pronoun && nouns.is_empty()) {
            nouns.push((0, kind));
        }
        before = nouns.first().map(|(_, kind)| *kind);
        if nouns.is_empty() || text.ends_with('?') {
            continue;
        }
        let mut times = None;
        for at in 0..low.len() {
            let Some((phase, denied)) = told(&low, at) else {
                continue;
            };
            let Some((noun, subject)) = subject(&nouns, at) else {
                continue;
            };
            let known =
                |s: &StateNote| s.span.overlaps(span) && s.subject == subject && s.phase == phase;
            if out.iter().any(known) {
                continue;
            }
            let times = times.get_or_insert_with(|| rapporteur_temporal::tag(text, doc.published));
            let here = Span::new(run[at].start, run[at].start + run[at].text.len());
            let noun = span.start as usize + run[noun].start;
            out.push(StateNote {
                subject: subject.to_owned(),
                phase: phase.to_owned(),
                denied,
                ordinal: ordinal(text),
                parties: parties(doc, span, noun),
                date: date(times, here, next_phase(&low, &run, at)),
                span,
                text: line(text),
            });
        }
    }
    out.sort_by_key(|s| s.span);
    out
}

fn nouns(low: &[std::borrow::Cow<'_, str>]) -> Vec<(usize, &'static str)> {
    let all = low.iter().enumerate();
    all.filter_map(|(at, w)| Some((at, named(subjects(), w)?)))
        .collect()
}

/// States that the coder found.
fn coded(doc: &Doc<'_>) -> Vec<StateNote> {
    let mut out = Vec::new();
    for event in &doc.coding.events {
        let denied = event.modality == Modality::Denied;
        let Some(phase) = event.phase.as_ref() else {
            continue;
        };
        if !denied && event.modality != Modality::Actual {
            continue;
        }
        let span = if event.clause.is_empty() {
            event.sentence
        } else {
            event.clause
        };
        let text = span.of(doc.text);
        let low: Vec<_> = words(text).map(|w| lower(w.text)).collect();
        let subject = match nouns(&low).first() {
            Some((_, subject)) => subject,
            None if event.kind == "CONSULT" => "talks",
            None => continue,
        };
        let date = event.date.as_ref().filter(|d| d.span.is_some());
        let mut parties =
            crate::digest::keys(event.source.iter().chain(&event.target).map(|p| &p.actor));
        if parties.len() < 2 {
            let trigger = event.trigger.first().map_or(span.start, |t| t.start);
            parties = self::parties(doc, span, trigger as usize);
        }
        out.push(StateNote {
            subject: subject.to_owned(),
            phase: phase.clone(),
            denied,
            ordinal: ordinal(text),
            parties,
            date: date.map(|d| (value(&d.interval), Some(d.interval))),
            span,
            text: line(text),
        });
    }
    out
}

/// An interval as one value.
fn value(days: &Interval) -> String {
    match (days.from, days.to) {
        (Some(a), Some(b)) if a == b => a.to_string(),
        (a, b) => {
            let show =
                |d: Option<rapporteur_base::Date>| d.map_or("..".to_owned(), |d| d.to_string());
            format!("{}/{}", show(a), show(b))
        }
    }
}

/// The object right behind the verb, else the nearest process before it.
fn subject(nouns: &[(usize, &'static str)], verb: usize) -> Option<(usize, &'static str)> {
    let behind = nouns
        .iter()
        .find(|(at, _)| *at > verb && at - verb <= BEFORE);
    let ahead = nouns
        .iter()
        .rev()
        .find(|(at, _)| *at < verb && verb - at <= AFTER);
    match (ahead, behind) {
        (Some(a), Some(b)) if verb - a.0 > b.0 - verb => Some(*b),
        (Some(found), _) | (None, Some(found)) => Some(*found),
        (None, None) => None,
    }
}

/// Where the next phase word begins: its date is not ours.
fn next_phase(low: &[std::borrow::Cow<'_, str>], run: &[Word<'_>], at: usize) -> usize {
    (at + 1..low.len())
        .find(|i| told(low, *i).is_some())
        .map_or(usize::MAX, |i| run[i].start)
}

fn date(
    times: &[rapporteur_temporal::Timex],
    verb: Span,
    until: usize,
) -> Option<(String, Option<Interval>)> {
    use rapporteur_temporal::TimexType::{Date, Time};
    let mut own = times.iter().filter(|t| matches!(t.kind, Date | Time));
    let found = own.find(|t| {
        t.span.start >= verb.end && (t.span.start as usize) < until && t.span.start - verb.end <= 40
    })?;
    // Not "soon" and the like.
    let day = found
        .value
        .starts_with(|c: char| c.is_ascii_digit() || c == 'X');
    day.then(|| (found.value.clone(), found.interval))
}

/// Bytes around the process within which its parties are named.
const BESIDE: usize = 70;

/// The countries named beside the process; where fewer than two are, the article's two leading
/// ones are meant too.
fn parties(doc: &Doc<'_>, span: Span, noun: usize) -> Vec<String> {
    let near = Span::new(noun.saturating_sub(BESIDE), noun + BESIDE);
    let mut out: Vec<String> = doc
        .coding
        .actors
        .iter()
        .filter(|m| span.contains(m.span) && near.overlaps(m.span))
        .filter(|m| m.actor.country.is_some())
        .map(|m| key(&m.actor))
        .collect();
    let places = doc.coding.places.iter();
    let lands =
        places.filter(|p| p.precision == 1 && span.contains(p.span) && near.overlaps(p.span));
    out.extend(lands.filter_map(|p| p.country.clone()));
    out.retain(|k| !is_body(k));
    out.sort_unstable();
    out.dedup();
    if out.len() < 2 {
        out.extend(crate::digest::leading_countries(doc).into_iter().take(2));
        out.sort_unstable();
        out.dedup();
    }
    out
}

/// Whether a key is that of an international body: a mediator or an observer, hardly a party.
pub(crate) fn is_body(key: &str) -> bool {
    ["UNO", "IGO", "NGO", "IMG", "MNC"]
        .iter()
        .any(|code| key.starts_with(code))
}

/// A measure called by a strong or a weak word: "withdrawal of the troops", "reduction of forces".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtentNote {
    /// `forces`, `sanctions`, …
    pub measure: String,
    /// Whether the strong word is used.
    pub strong: bool,
    /// The word.
    pub word: String,
    /// Stems of the sentence's other topic words, sorted.
    pub words: Vec<String>,
    /// The evidence: the sentence.
    pub span: Span,
}

struct Measure {
    name: &'static str,
    strong: Vec<&'static str>,
    weak: Vec<&'static str>,
    of: Vec<&'static str>,
}

fn measures() -> &'static Vec<Measure> {
    static TABLE: OnceLock<Vec<Measure>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let list = |cell: Option<&'static str>| -> Vec<&'static str> {
            cell.unwrap_or("").split(' ').collect()
        };
        include_str!("../../../data/story/extents.tsv")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| {
                let mut cells = line.split('\t');
                Measure {
                    name: cells.next().unwrap_or(""),
                    strong: list(cells.next()),
                    weak: list(cells.next()),
                    of: list(cells.next()),
                }
            })
            .collect()
    })
}

/// Words between a measure and what it is of.
const NEAR: usize = 8;

/// Every measure that a sentence names with what it is of, one a sentence and strength.
pub(crate) fn extents(doc: &Doc<'_>) -> Vec<ExtentNote> {
    let mut out = Vec::new();
    for span in sentences(doc.text) {
        let text = span.of(doc.text);
        if text.len() > 2000 {
            continue;
        }
        let low: Vec<_> = words(text).map(|w| lower(w.text)).collect();
        for measure in measures() {
            let objects: Vec<usize> = (0..low.len())
                .filter(|at| measure.of.contains(&low[*at].as_ref()))
                .collect();
            for (strong, list) in [(true, &measure.strong), (false, &measure.weak)] {
                let found = (0..low.len()).find(|at| {
                    // "their withdrawal": what it is of stands before.
                    let owned = *at > 0 && ["their", "its"].contains(&low[at - 1].as_ref());
                    list.contains(&low[*at].as_ref())
                        && objects
                            .iter()
                            .any(|o| (*o > *at && o - at <= NEAR) || (owned && *o < *at))
                });
                let Some(at) = found else { continue };
                let mut rest = crate::words::content(text);
                let stems: Vec<String> = measure
                    .strong
                    .iter()
                    .chain(&measure.weak)
                    .chain(&measure.of)
                    .map(|w| crate::words::stem(w))
                    .collect();
                rest.retain(|w| !stems.contains(w));
                out.push(ExtentNote {
                    measure: measure.name.to_owned(),
                    strong,
                    word: low[at].clone().into_owned(),
                    words: rest,
                    span,
                });
            }
        }
    }
    out
}

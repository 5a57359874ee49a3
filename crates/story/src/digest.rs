//! What is kept of a document for merging: nothing else of it has to be read again.

mod counted;

use std::sync::OnceLock;

use rapporteur_base::{Date, Id, Interval, Quantity, Span};
use rapporteur_coder::{Actor, Event, Modality, Strength};
use serde::{Deserialize, Serialize};

use crate::acts::{ActNote, acts};
use crate::states::{ExtentNote, StateNote, extents, states};
use crate::words::{content, lower, words};
use crate::{Copy, Doc, Signature, Term, Weights, terms};
use counted::figure_note;

/// All that [`crate::merge_digests`] reads of one document: a few kilobytes, serialisable, so
/// that adding one article to a desk of many needs the texts of none of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// Id, shingles, date, outlet, credit.
    pub copy: Copy,
    /// Title.
    pub title: String,
    /// Terms for the stories.
    pub terms: Vec<Term>,
    /// Events.
    pub events: Vec<EventNote>,
    /// Figures.
    pub figures: Vec<FigureNote>,
    /// Acts, read from the words.
    #[serde(default)]
    pub acts: Vec<ActNote>,
    /// States of a process.
    pub states: Vec<StateNote>,
    /// Strong and weak words for one measure.
    pub extents: Vec<ExtentNote>,
    /// Commitments.
    pub commitments: Vec<CommitmentNote>,
    /// Positions.
    pub positions: Vec<PositionNote>,
    /// Keys of the actors named, commonest first, at most six.
    pub actors: Vec<String>,
}

/// An event, as far as its identity and values go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventNote {
    /// Position in [`rapporteur_coder::Coding::events`].
    pub index: usize,
    /// PLOVER type.
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// State of something that lasts after it: `resumed`, `suspended`, …
    #[serde(default)]
    pub phase: Option<String>,
    /// How it is told.
    pub modality: Modality,
    /// Days, when known from more than the publication date.
    pub date: Option<Interval>,
    /// Who.
    pub source: Vec<Actor>,
    /// To whom.
    pub target: Vec<Actor>,
    /// Where: name, country, precision.
    pub place: Option<(String, Option<String>, u8)>,
    /// The evidence.
    pub clause: Span,
    /// First byte of the trigger: part of the entry's key.
    pub trigger_at: u32,
    /// Stems of the trigger.
    pub trigger: Vec<String>,
    /// Stems of the clause's topic words, sorted.
    pub words: Vec<String>,
    /// Numbers in the clause, sorted.
    pub numbers: Vec<String>,
    /// "second round" is 2.
    pub ordinal: Option<u8>,
    /// Whose report it is, when not the author's.
    pub said_by: Option<String>,
    /// The coder's score.
    pub score: f32,
    /// Figures of the event.
    pub figures: Vec<usize>,
    /// Hash of the sentence's words: copies tell the same event in the same words.
    pub sentence: u64,
    /// Words of the clause, for a reader, cut to a line.
    pub words_of: String,
}

/// A figure with its scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureNote {
    /// Position in [`rapporteur_coder::Coding::figures`].
    pub index: usize,
    /// Value.
    pub quantity: Quantity,
    /// What is counted, in the text's words.
    pub of: String,
    /// Stems of `of` and unit, sorted.
    pub words: Vec<String>,
    /// Whose things are counted: keys of nations and bodies in `of`, sorted.
    pub scope: Vec<String>,
    /// Countries of the actors that the context names, sorted: whose they may be.
    #[serde(default)]
    pub whose: Vec<String>,
    /// What happened to them: `killed`, `wounded`, …; from the table of fates.
    pub fate: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// As of when.
    pub as_of: Option<Interval>,
    /// Whose number.
    pub by: Option<String>,
    /// The evidence.
    pub context: Span,
    /// The words of the figure.
    pub text: String,
    /// Topic words of the context, sorted.
    pub around: Vec<String>,
}

/// A commitment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentNote {
    /// Position in [`rapporteur_coder::Coding::commitments`].
    pub index: usize,
    /// Keys of who undertakes, sorted.
    pub by: Vec<String>,
    /// What, in the text's words.
    pub what: String,
    /// Its stems, sorted.
    pub words: Vec<String>,
    /// Rung.
    pub strength: Strength,
    /// Deadline: the words and the days.
    pub due: Option<(String, Option<Interval>)>,
    /// The evidence.
    pub span: Span,
}

/// A position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionNote {
    /// Position in [`rapporteur_coder::Coding::positions`].
    pub index: usize,
    /// Whose.
    pub holder: String,
    /// About what.
    pub issue: String,
    /// Stems of the issue, sorted.
    pub words: Vec<String>,
    /// `for`, `against`, `conditional`, `open`.
    pub stance: String,
    /// The evidence.
    pub span: Span,
}

/// What a kept digest was made by: a number for the code, and the tables it reads. A digest of
/// another version is made again.
pub fn digest_version() -> Id {
    static VERSION: OnceLock<Id> = OnceLock::new();
    *VERSION.get_or_init(|| {
        Id::of([
            // Raise it when what a digest notes changes.
            "1",
            include_str!("../../../data/story/acts.tsv"),
            include_str!("../../../data/story/agencies.tsv"),
            include_str!("../../../data/story/extents.tsv"),
            include_str!("../../../data/story/fates.tsv"),
            include_str!("../../../data/story/phases.tsv"),
            include_str!("../../../data/story/scopes.tsv"),
            include_str!("../../../data/story/stop.txt"),
            include_str!("../../../data/story/subjects.tsv"),
            include_str!("../../../data/story/times.tsv"),
            include_str!("../../../data/story/voices.tsv"),
        ])
    })
}

impl Digest {
    /// Reads a document. Pure.
    pub fn of(doc: &Doc<'_>) -> Self {
        let agency = doc.agency.map(str::to_owned).or_else(|| credit(doc.text));
        Self {
            copy: Copy {
                id: doc.id,
                // The text alone: a reprint has its own title.
                signature: Signature::of("", doc.text),
                published: doc.published,
                site: doc.site.to_owned(),
                agency,
            },
            title: doc.title.to_owned(),
            terms: terms(doc.title, doc.text, &Weights::default()),
            events: (0..doc.coding.events.len())
                .map(|index| event_note(doc, index))
                .collect(),
            figures: (0..doc.coding.figures.len())
                .map(|index| figure_note(doc, index))
                .collect(),
            acts: acts(doc),
            states: states(doc),
            extents: extents(doc),
            commitments: commitment_notes(doc),
            positions: position_notes(doc),
            actors: leading_actors(doc),
        }
    }

    /// The document's id.
    pub fn id(&self) -> Id {
        self.copy.id
    }

    /// Publication date.
    pub fn published(&self) -> Option<Date> {
        self.copy.published
    }
}

/// Sectors that act for a state; others are kept apart from their country's government.
const STATE_SIDE: [&str; 7] = ["GOV", "MIL", "LEG", "JUD", "COP", "SPY", "PTY"];

/// What an actor is compared by: its country when it acts for a state, country and sector for
/// rebels, media and the like, its name when no country is known.
pub(crate) fn key(actor: &Actor) -> String {
    match (&actor.country, &actor.sector) {
        (Some(country), None) => country.clone(),
        (Some(country), Some(sector)) if STATE_SIDE.contains(&sector.as_str()) => country.clone(),
        (Some(country), Some(sector)) => format!("{country}:{sector}"),
        (None, _) => plain(&actor.name),
    }
}

pub(crate) fn keys<'a>(actors: impl IntoIterator<Item = &'a Actor>) -> Vec<String> {
    let mut out: Vec<String> = actors
        .into_iter()
        .map(key)
        .filter(|k| !k.is_empty())
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Lower case, without a leading article.
pub(crate) fn plain(name: &str) -> String {
    let low = name.trim().to_lowercase();
    low.strip_prefix("the ").map_or(low.clone(), str::to_owned)
}

/// An agency's credit in the first or last words of a copy.
fn credit(text: &str) -> Option<String> {
    const REACH: usize = 300;
    let head_end = (0..=REACH.min(text.len()))
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0);
    let tail_start = (text.len().saturating_sub(REACH)..=text.len())
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0);
    let (head, tail) = (&text[..head_end], &text[tail_start..]);
    let known = include_str!("../../../data/story/agencies.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(name, rest)| Some((name, rest.split('\t').next()?)))
        .find(|(_, words)| head.contains(words) || tail.contains(words))
        .map(|(name, _)| name.to_owned());
    known.or_else(|| dateline_credit(head))
}

/// "VELM, March 4 (Lowland Wire) - The envoys …": the name in brackets before the dash.
fn dateline_credit(head: &str) -> Option<String> {
    let (before, rest) = head.split_once('(')?;
    let (name, after) = rest.split_once(')')?;
    let dash = after.trim_start().starts_with(['-', '–', '—']);
    let short = before.len() <= 60 && (3..=40).contains(&name.len());
    let capital = name.chars().next().is_some_and(char::is_uppercase);
    let place = before.chars().find(|c| c.is_alphabetic());
    (dash && short && capital && place.is_some_and(char::is_uppercase) && !before.contains(". "))
        .then(|| name.trim().to_owned())
}

fn event_note(doc: &Doc<'_>, index: usize) -> EventNote {
    let event = &doc.coding.events[index];
    let clause = if event.clause.is_empty() {
        event.sentence
    } else {
        event.clause
    };
    let text = clause.of(doc.text);
    let mut trigger: Vec<String> = event
        .trigger
        .iter()
        .flat_map(|span| content(span.of(doc.text)))
        .collect();
    trigger.sort_unstable();
    trigger.dedup();
    EventNote {
        index,
        kind: event.kind.clone(),
        mode: event.mode.clone(),
        phase: event.phase.clone(),
        modality: event.modality,
        date: dated(event),
        source: event.source.iter().map(|p| p.actor.clone()).collect(),
        target: event.target.iter().map(|p| p.actor.clone()).collect(),
        place: event.place.as_ref().map(|(span, name)| {
            let found = doc.coding.places.iter().find(|p| p.span.overlaps(*span));
            (
                name.clone(),
                found.and_then(|p| p.country.clone()),
                found.map_or(0, |p| p.precision),
            )
        }),
        clause,
        trigger_at: event.trigger.first().map_or(clause.start, |s| s.start),
        trigger,
        words: content(text),
        numbers: numbers(text),
        ordinal: ordinal(text),
        said_by: event.said_by.as_ref().map(|p| plain(&p.actor.name)),
        score: event.score,
        figures: event.figures.clone(),
        sentence: sentence_hash(event.sentence.of(doc.text)),
        words_of: line(text),
    }
}

/// A date that rests on words of the text. One that only says "before this was published" bounds
/// the event but tells nothing apart, so it does not decide identity.
fn dated(event: &Event) -> Option<Interval> {
    let date = event.date.as_ref()?;
    (date.span.is_some() && (date.interval.from.is_some() || date.interval.to.is_some()))
        .then_some(date.interval)
}

fn sentence_hash(text: &str) -> u64 {
    words(text).fold(0, |h: u64, w| {
        (h ^ crate::words::hash_lower(w.text)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

fn numbers(text: &str) -> Vec<String> {
    let mut out: Vec<String> = text
        .split(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'))
        .map(|run| run.replace(',', "").trim_matches('.').to_owned())
        .filter(|run| run.bytes().any(|b| b.is_ascii_digit()))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// A line for a reader: at most 90 characters, cut at a word.
pub(crate) fn line(text: &str) -> String {
    let flat: Vec<&str> = text.split_whitespace().collect();
    let mut out = String::new();
    for word in flat {
        if out.chars().count() + word.chars().count() > 90 {
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

const ORDINALS: [(&str, u8); 20] = [
    ("first", 1),
    ("1st", 1),
    ("second", 2),
    ("2nd", 2),
    ("third", 3),
    ("3rd", 3),
    ("fourth", 4),
    ("4th", 4),
    ("fifth", 5),
    ("5th", 5),
    ("sixth", 6),
    ("6th", 6),
    ("seventh", 7),
    ("7th", 7),
    ("eighth", 8),
    ("8th", 8),
    ("ninth", 9),
    ("9th", 9),
    ("tenth", 10),
    ("10th", 10),
];
const COUNTED: [&str; 10] = [
    "round", "session", "phase", "stage", "meeting", "summit", "batch", "tranche", "group", "day",
];

/// Which of a numbered series is meant: "the second round" is 2, within two words.
pub(crate) fn ordinal(text: &str) -> Option<u8> {
    let run: Vec<String> = words(text).map(|w| lower(w.text).into_owned()).collect();
    run.iter().enumerate().find_map(|(at, word)| {
        let (_, number) = ORDINALS.iter().find(|(name, _)| name == word)?;
        let near = run.iter().skip(at + 1).take(2);
        near.into_iter()
            .any(|w| COUNTED.contains(&w.as_str()))
            .then_some(*number)
    })
}

/// A table of words grouped under a name: `name<TAB>word word …`.
pub(crate) fn groups(table: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, list)| {
            let list = list.split('\t').next().unwrap_or("");
            (name, list.split(' ').filter(|w| !w.is_empty()).collect())
        })
        .collect()
}

fn commitment_notes(doc: &Doc<'_>) -> Vec<CommitmentNote> {
    let all = doc.coding.commitments.iter().enumerate();
    all.map(|(index, c)| CommitmentNote {
        index,
        by: keys(c.by.iter().map(|p| &p.actor)),
        what: c.what.clone(),
        words: content(&c.what),
        strength: c.strength,
        due: c
            .due
            .as_ref()
            .map(|(span, days)| (span.of(doc.text).to_owned(), *days)),
        span: c.span,
    })
    .collect()
}

fn position_notes(doc: &Doc<'_>) -> Vec<PositionNote> {
    let all = doc.coding.positions.iter().enumerate();
    all.map(|(index, p)| PositionNote {
        index,
        holder: key(&p.holder.actor),
        issue: p.issue.clone(),
        words: content(&p.issue),
        stance: p.stance.clone(),
        span: p.span,
    })
    .collect()
}

fn leading_actors(doc: &Doc<'_>) -> Vec<String> {
    leading(doc, named)
}

/// Whether an actor is somebody: of a country, or with a name of its own; "people" are anybody.
fn named(actor: &Actor) -> bool {
    let mut chars = actor.name.chars();
    chars.next();
    actor.country.is_some() || chars.any(char::is_uppercase)
}

/// The countries most named, commonest first.
pub(crate) fn leading_countries(doc: &Doc<'_>) -> Vec<String> {
    leading(doc, |actor| actor.country.is_some())
}

fn leading(doc: &Doc<'_>, want: impl Fn(&Actor) -> bool) -> Vec<String> {
    let mut count: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for mention in doc.coding.actors.iter().filter(|m| want(&m.actor)) {
        let key = key(&mention.actor);
        let key = key.split(':').next().unwrap_or("").to_owned();
        if !key.is_empty() {
            *count.entry(key).or_default() += 1;
        }
    }
    let mut order: Vec<(String, usize)> = count.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    order.into_iter().take(6).map(|(key, _)| key).collect()
}

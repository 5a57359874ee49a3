//! From matches to events: roles, telling, the codebook's tie-breaks, what is dropped and why.

use rapporteur_base::{Span, Why};

use crate::{Coding, Event, EventDate, Input, Modality, Party};

use super::args::{Roles, roles};
use super::matching::{Match, content, matches};
use super::rank::{CLASSES, Model, softmax};
use super::rules::{Frame, Frames, Needs, OPEN, Rewrite};
use super::settle;
use super::standing::standing;
use super::telling::{Telling, telling};
use super::tree::Tree;

/// An event with what later passes need to know.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) event: Event,
    /// Its trigger is a bare noun: perhaps only a mention of an event told elsewhere.
    pub(super) nominal: bool,
    /// It is the content of another event ("agreed *to withdraw*"): no event of its own.
    pub(super) content: bool,
    /// What the frame asks for is missing, or it is only imagined.
    pub(super) weak: bool,
    /// "The talks", "these negotiations": the parties are those of the talks told before.
    anaphor: bool,
    /// Words of the trigger.
    pub(super) heads: Vec<usize>,
    holders: Vec<usize>,
    /// Where the frame found what it asks for.
    pub(super) fit: Match,
}

/// Types whose content is not an event of its own.
const COMMUNICATIVE: &[&str] = &[
    "AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
];

/// The events of one sentence.
pub(super) fn events(
    tree: &Tree<'_>,
    input: &Input<'_>,
    coding: &Coding,
    frames: &Frames,
    talks: &mut Vec<Party>,
    ranker: Option<&Model>,
) -> Vec<Found> {
    let mut found = candidates(tree, input, coding, frames);
    for f in &mut found {
        same_talks(f, talks);
    }
    found.retain(|f| !f.content && !f.weak);
    if let Some(ranker) = ranker {
        typed(tree, frames, ranker, &mut found);
    }
    merge_same(&mut found);
    found
}

/// Lets the ranker type what no frame types, and drops what it takes for no event.
pub(super) fn typed(tree: &Tree<'_>, frames: &Frames, ranker: &Model, found: &mut Vec<Found>) {
    let mut at = 0;
    while at < found.len() {
        let open = found[at].event.kind == OPEN;
        // Words may be no more than a statement; deeds (those told ahead too), turns of a process and
        // what has a day stand.
        if !open && !bare(&found[at].event) {
            at += 1;
            continue;
        }
        let features = super::rank::of_candidate(tree, frames, found, at);
        let chances = softmax(&ranker.scores(&features));
        let nothing = chances[CLASSES.len() - 1];
        if !open {
            if nothing > NOTHING {
                found.remove(at);
            } else {
                at += 1;
            }
            continue;
        }
        let (class, chance) = best(&chances);
        if nothing > OPEN_NOTHING || chance < SURE {
            found.remove(at);
            continue;
        }
        let event = &mut found[at].event;
        named(ranker, &features, class, event);
        event.score = chance;
        at += 1;
    }
}

/// Chance below which the ranker's type is not taken.
const SURE: f32 = 0.3;

/// Chance of "none" above which not even a frame's event stands.
const NOTHING: f32 = 0.3;

/// Chance of "none" above which a verb that no frame fits is none.
const OPEN_NOTHING: f32 = 0.2;

/// Words without a day, a phase of talks or a deed that they tell ahead.
fn bare(event: &Event) -> bool {
    COMMUNICATIVE.contains(&event.kind.as_str())
        && event.phase.is_none()
        && event.date.is_none()
        && !event
            .why
            .features
            .iter()
            .any(|(name, _)| name.starts_with("rewrite:"))
}

/// Writes the ranker's type into the event, with what speaks for it.
fn named(ranker: &Model, features: &[String], class: usize, event: &mut Event) {
    CLASSES[class].clone_into(&mut event.kind);
    event.quad = quad(&event.kind);
    let reasons = ranker.reasons(features, class, 6);
    let named = reasons
        .into_iter()
        .map(|(name, weight)| (["ranker:", &name].concat(), weight));
    event.why.features.extend(named);
    event
        .why
        .reason
        .push_str(&format!("; the ranker makes it {}", event.kind));
}

/// The likeliest type and its chance.
fn best(chances: &[f32; CLASSES.len()]) -> (usize, f32) {
    let mut best = (0, chances[0]);
    for (class, chance) in chances.iter().enumerate().take(CLASSES.len() - 1).skip(1) {
        if *chance > best.1 {
            best = (class, *chance);
        }
    }
    best
}

/// Talks without parties take those of the talks told last; talks with parties are told last.
fn same_talks(f: &mut Found, talks: &mut Vec<Party>) {
    if f.anaphor && !talks.is_empty() {
        f.event.source.clone_from(talks);
        f.event
            .why
            .features
            .push(("source<same-talks".to_owned(), 0.05));
        f.event.score += 0.05;
        f.weak = false;
    } else if f.event.kind == "CONSULT" && !f.weak && f.event.mode.is_none() {
        let parties: Vec<Party> = f
            .event
            .source
            .iter()
            .chain(&f.event.target)
            .cloned()
            .collect();
        if parties.len() > 1 {
            *talks = parties;
        }
    }
}

/// Everything that a frame fits, the content of other events and half-known ones included.
pub(super) fn candidates(
    tree: &Tree<'_>,
    input: &Input<'_>,
    coding: &Coding,
    frames: &Frames,
) -> Vec<Found> {
    let matches = matches(tree, frames);
    let mut found: Vec<Found> = matches
        .iter()
        .filter_map(|m| event(tree, input, coding, frames, m))
        .collect();
    let verbal: Vec<Vec<usize>> = matches
        .iter()
        .filter(|m| COMMUNICATIVE.contains(&frames.frames[m.frame].kind.as_str()))
        .map(|m| m.trigger.clone())
        .collect();
    for f in &mut found {
        f.content = verbal.iter().any(|trigger| {
            !trigger.iter().any(|t| f.heads.contains(t))
                && f.holders.iter().any(|h| trigger.contains(h))
        });
    }
    found
}

fn event(
    tree: &Tree<'_>,
    input: &Input<'_>,
    coding: &Coding,
    frames: &Frames,
    m: &Match,
) -> Option<Found> {
    let frame = &frames.frames[m.frame];
    let mut told = telling(tree, m.head, &m.trigger, m.nominal);
    if !frame.modality_in.is_empty() && !frame.modality_in.contains(&told.modality) {
        return None;
    }
    let roles = roles(tree, frame, m);
    let date = settle::date(tree, input, m);
    let (weak, anaphor) = standing(tree, frame, m, &told, &roles, date.is_some());
    if let (Some(modality), Modality::Actual) = (frame.modality, told.modality) {
        told.modality = modality;
    }
    let mode = mode(tree, frame, m);
    let clause = settle::clause(tree, m);
    let (said_by, own_words) = speaker(coding, m, tree, &told, &roles);
    let mut event = Event {
        kind: frame.kind.clone(),
        mode,
        contexts: Vec::new(),
        scale: 0.0,
        quad: 0,
        phase: frame.phase.clone(),
        modality: told.modality,
        trigger: runs(tree, &m.trigger),
        clause,
        sentence: tree.sentence.span,
        source: roles.source,
        target: roles.target,
        place: settle::place(tree, m),
        date: date.or_else(|| reported(tree, input, &told)),
        figures: settle::figures(coding, clause),
        counts: Vec::new(),
        said_by,
        relayed_by: Vec::new(),
        score: 0.0,
        why: why(tree, frame, m, &told, roles.filled),
    };
    rewrite(&mut event, &told, &frames.rewrites);
    event.quad = quad(&event.kind);
    event.score = score(&event, frame, m, own_words);
    Some(Found {
        event,
        nominal: m.nominal,
        content: false,
        weak,
        anaphor,
        heads: m.trigger.clone(),
        holders: told.holders,
        fit: m.clone(),
    })
}

/// The day on which somebody told what is told as done.
fn reported(tree: &Tree<'_>, input: &Input<'_>, told: &Telling) -> Option<EventDate> {
    matches!(told.modality, Modality::Actual)
        .then(|| settle::reported(tree, input, &told.holders))
        .flatten()
}

pub(super) fn enough(needs: Needs, roles: &Roles) -> bool {
    let (s, t) = (roles.source.len(), roles.target.len());
    match needs {
        Needs::Any => s + t > 0,
        Needs::Source => s > 0,
        Needs::Target => t > 0,
        Needs::Both => s > 0 && t > 0,
        Needs::BothOrTwo | Needs::Two => s > 1 || (s > 0 && t > 0),
    }
}

fn mode(tree: &Tree<'_>, frame: &Frame, m: &Match) -> Option<String> {
    match frame.mode_from.as_deref() {
        Some("content") => {
            let class = [m.comp, m.prep_head, m.obj, m.theme]
                .into_iter()
                .flatten()
                .find_map(|at| content(tree, at))?;
            content_mode(&frame.kind, class).map(str::to_owned)
        }
        Some("words") => {
            let near = tree.under(m.head, true);
            let near: Vec<&str> = near.iter().map(|i| tree.lemma(*i)).collect();
            tree.words.mode(&near).map(str::to_owned)
        }
        _ => frame.mode.clone(),
    }
}

fn content_mode<'c>(kind: &str, class: &'c str) -> Option<&'c str> {
    match (kind, class) {
        ("REQUEST" | "REJECT", "assist" | "change" | "yield" | "meet")
        | ("THREATEN", "restrict" | "arrest" | "relations" | "expel" | "territory" | "violence") => {
            Some(class)
        }
        ("THREATEN", "meet" | "yield" | "assist") => Some("relations"),
        _ => None,
    }
}

/// Who says it: a verb of saying above the clause, or the speaker of the quotation around it.
/// True when nobody does.
fn speaker(
    coding: &Coding,
    m: &Match,
    tree: &Tree<'_>,
    told: &Telling,
    roles: &Roles,
) -> (Option<Party>, bool) {
    let at = tree.span(m.head);
    let quoted = coding
        .quotes
        .iter()
        .find(|q| q.content.iter().any(|c| c.contains(at)))
        .and_then(|q| q.speaker.clone());
    let by = quoted.or_else(|| told.said_by.clone());
    let own = by
        .as_ref()
        .is_some_and(|b| roles.source.iter().any(|s| s.actor.name == b.actor.name));
    let nobody = by.is_none() && !told.said;
    (by, nobody || own)
}

/// Neighbouring words of the trigger become one run.
fn runs(tree: &Tree<'_>, trigger: &[usize]) -> Vec<Span> {
    let mut runs: Vec<(usize, Span)> = Vec::new();
    for at in trigger {
        match runs.last_mut() {
            Some((last, span)) if *at == *last + 1 => {
                *span = span.cover(tree.span(*at));
                *last = *at;
            }
            _ => runs.push((*at, tree.span(*at))),
        }
    }
    runs.into_iter().map(|(_, span)| span).collect()
}

fn why(tree: &Tree<'_>, frame: &Frame, m: &Match, told: &Telling, filled: Vec<String>) -> Why {
    let words: Vec<&str> = m.trigger.iter().map(|t| tree.form(*t)).collect();
    let mut features = vec![(format!("frame:{}", frame.id), frame.base)];
    features.extend(filled.into_iter().map(|f| (f, 0.1)));
    if m.nominal {
        features.push(("noun".to_owned(), -0.1));
    }
    let mut reason = format!("\"{}\" is {} by {}", words.join(" "), frame.kind, frame.id);
    if let Some(by) = told.by {
        features.push((format!("told:{:?}", told.modality).to_lowercase(), 0.0));
        reason.push_str(
            &format!(
                "; told as {:?} because of \"{}\"",
                told.modality,
                tree.form(by)
            )
            .to_lowercase(),
        );
    }
    Why {
        rule: format!("events/{}", frame.id),
        features,
        reason,
    }
}

/// Applies the first tie-break that fits.
fn rewrite(event: &mut Event, told: &Telling, rules: &[Rewrite]) {
    let fits = |r: &&Rewrite| {
        r.from.contains(&event.kind)
            && r.modality.contains(&event.modality)
            && (!r.future || told.future)
            && (!r.needs_source || !event.source.is_empty())
            && (!r.several || event.source.len() > 1)
            && (r.frames.is_empty()
                || event
                    .why
                    .rule
                    .strip_prefix("events/")
                    .is_some_and(|id| r.frames.iter().any(|f| f == id)))
            && !r.not_by.contains(&told.word)
    };
    if let Some(rule) = rules.iter().find(fits) {
        let was = std::mem::replace(&mut event.kind, rule.to.clone());
        event.mode = Some(rule.mode.clone()).filter(|m| !m.is_empty());
        event.phase = None;
        event
            .why
            .features
            .push((format!("rewrite:{}", rule.id), 0.0));
        event
            .why
            .reason
            .push_str(&format!("; {was} so told is {} by {}", rule.to, rule.id));
    }
}

/// Quad class of a type (PLOVER manual, draft 2.0; SANCTION as its section and summary table say).
pub(super) fn quad(kind: &str) -> u8 {
    match kind {
        "AGREE" | "CONSULT" | "SUPPORT" | "CONCEDE" => 1,
        "COOPERATE" | "AID" | "RETREAT" => 2,
        "REQUEST" | "ACCUSE" | "REJECT" | "THREATEN" => 3,
        _ => 4,
    }
}

fn score(event: &Event, frame: &Frame, m: &Match, own_words: bool) -> f32 {
    let mut score = frame.base;
    if !event.source.is_empty() && !event.target.is_empty() {
        score += 0.1;
    }
    if event.source.is_empty() {
        score -= 0.1;
    }
    if m.nominal {
        score -= 0.1;
    }
    if event.modality == Modality::Hypothetical {
        score -= 0.1;
    }
    if !own_words {
        score -= 0.02;
    }
    score.clamp(0.05, 0.97)
}

/// Verbs joined by "and" or a participle that tell one act of one actor: one event.
fn merge_same(found: &mut Vec<Found>) {
    let mut at = 1;
    while at < found.len() {
        let (before, rest) = found.split_at_mut(at);
        let (a, b) = (&mut before[at - 1], &rest[0]);
        let one = a.event.kind == b.event.kind
            && a.event.modality == b.event.modality
            && matches!(
                a.event.kind.as_str(),
                "ASSAULT" | "MOBILIZE" | "PROTEST" | "CONSULT" | "AGREE" | "REQUEST"
            )
            && (same(&a.event.source, &b.event.source) || b.event.source.is_empty())
            && (same(&a.event.target, &b.event.target)
                || a.event.target.is_empty()
                || b.event.target.is_empty()
                || b.nominal)
            && (b.event.date.is_none() || a.event.date.is_none() || a.event.date == b.event.date);
        if one {
            let b = found.remove(at);
            let a = &mut found[at - 1];
            absorb(a, b);
        } else {
            at += 1;
        }
    }
}

fn absorb(a: &mut Found, b: Found) {
    if a.event.target.is_empty() {
        a.event.target = b.event.target;
    }
    if a.event.source.is_empty() {
        a.event.source = b.event.source;
    }
    a.event.trigger.extend(b.event.trigger);
    a.event.trigger.sort();
    a.event.clause = a.event.clause.cover(b.event.clause);
    a.event.figures.extend(b.event.figures);
    a.event.figures.sort_unstable();
    a.event.figures.dedup();
    a.event.mode = a.event.mode.take().or(b.event.mode);
    a.event.place = a.event.place.take().or(b.event.place);
    a.event.date = a.event.date.take().or(b.event.date);
    a.event
        .why
        .features
        .push((format!("merged:{}", b.event.why.rule), 0.0));
    a.nominal &= b.nominal;
}

fn same(a: &[Party], b: &[Party]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.actor.name == b.actor.name)
}

/// Drops bare nouns that only mention an event the article tells with a verb.
pub(super) fn settle_article(_input: &Input<'_>, found: Vec<Found>) -> Vec<Event> {
    let told: Vec<(String, Vec<String>)> = found
        .iter()
        .filter(|f| !f.nominal)
        .map(|f| (f.event.kind.clone(), names(&f.event)))
        .collect();
    let mut events: Vec<Event> = found
        .into_iter()
        .filter(|f| {
            !f.nominal
                || f.event.date.is_some()
                || !told.iter().any(|(kind, parties)| {
                    *kind == f.event.kind && names(&f.event).iter().all(|n| parties.contains(n))
                })
        })
        .map(|f| f.event)
        .collect();
    events.sort_by_key(|e| (e.sentence.start, e.trigger.first().copied()));
    events
}

fn names(event: &Event) -> Vec<String> {
    event
        .source
        .iter()
        .chain(&event.target)
        .map(|p| p.actor.name.clone())
        .collect()
}

//! Actors and places, merged over documents by their canonical name.

use std::collections::BTreeMap;

use rapporteur_base::{Span, Why};
use rapporteur_coder::{Actor, Coding};

use super::View;
use super::load::{Citer, Loaded, Sheet};
use super::overlay::{Overlay, actor_key, is_suppressed};
use crate::known::{fold_words, short};
use crate::{ActorRow, PlaceRow};

/// One mention: where, who, whether the words name it, and the rule.
struct Mention<'c> {
    span: Span,
    actor: &'c Actor,
    names: bool,
    why: Option<&'c Why>,
}

/// Mentions, and slots that no mention covers, in text order.
fn mentions(coding: &Coding) -> Vec<Mention<'_>> {
    let mut out: Vec<Mention<'_>> = coding
        .actors
        .iter()
        .map(|m| Mention {
            span: m.span,
            actor: &m.actor,
            names: m.antecedent.is_none(),
            why: Some(&m.why),
        })
        .collect();
    let mut spans: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for mention in &coding.actors {
        spans
            .entry(&mention.actor.name)
            .or_default()
            .push(mention.span);
    }
    spans.values_mut().for_each(|s| s.sort_unstable());
    let events = coding.events.iter();
    let slots = events
        .flat_map(|e| e.source.iter().chain(&e.target).chain(&e.said_by))
        .chain(coding.quotes.iter().filter_map(|q| q.speaker.as_ref()))
        .chain(coding.positions.iter().map(|p| &p.holder))
        .chain(coding.commitments.iter().flat_map(|c| &c.by));
    let mut extra = BTreeMap::new();
    for slot in slots {
        // A mention that only differs in extent is the same mention.
        let covered = spans.get(slot.actor.name.as_str()).is_some_and(|spans| {
            let next = spans.partition_point(|s| s.start < slot.span.end);
            spans[..next]
                .iter()
                .rev()
                .take(2)
                .any(|s| s.overlaps(slot.span))
        });
        if !covered {
            extra.insert((slot.span, slot.actor.name.as_str()), &slot.actor);
        }
    }
    out.extend(extra.into_iter().map(|((span, _), actor)| Mention {
        span,
        actor,
        names: true,
        why: None,
    }));
    out.sort_by_key(|m| (m.span.start, m.span.end));
    out
}

pub(crate) fn actors(sheet: &Sheet<'_>, overlay: &mut Overlay, view: &mut View) {
    let mut rows: BTreeMap<String, (ActorRow, BTreeMap<String, String>)> = BTreeMap::new();
    for (doc, citer) in sheet.docs() {
        for mention in mentions(&doc.stored.coding) {
            let key = actor_key(&mention.actor.name);
            if key.is_empty() {
                continue;
            }
            let (row, aliases) = rows
                .entry(key.clone())
                .or_insert_with(|| (actor_row(mention.actor, mention.why), BTreeMap::new()));
            add(row, doc, citer, &mention);
            let words = clean(mention.span.of(doc.text()));
            let folded = fold_words(&words);
            let corrected = mention.why.is_none() && folded.split(' ').count() > 8;
            if mention.names && !corrected && !folded.is_empty() && folded != key {
                aliases.entry(folded).or_insert(words);
            }
        }
    }
    for (_, (mut row, aliases)) in rows {
        row.aliases = aliases.into_values().collect();
        row.aliases.sort();
        row.roles.sort();
        row.roles.dedup();
        row.edits = overlay.of_actor(&row.name);
        if !is_suppressed(&row.edits) {
            view.actors.push(row);
        }
    }
    view.actors
        .sort_by(|a, b| b.mentions.cmp(&a.mentions).then(a.name.cmp(&b.name)));
}

fn actor_row(actor: &Actor, why: Option<&Why>) -> ActorRow {
    ActorRow {
        id: short(
            'n',
            rapporteur_base::Id::of(["actor", &actor_key(&actor.name)]),
        ),
        name: actor.name.clone(),
        aliases: Vec::new(),
        sector: None,
        country: None,
        roles: Vec::new(),
        mentions: 0,
        docs: Vec::new(),
        evidence: Vec::new(),
        why: why.cloned().unwrap_or_default(),
        edits: Vec::new(),
    }
}

fn add(row: &mut ActorRow, doc: &Loaded, citer: &Citer<'_>, mention: &Mention<'_>) {
    let actor = mention.actor;
    row.mentions += 1;
    // The first mention that knows decides; the tables give one answer for one name.
    row.sector = row.sector.take().or_else(|| actor.sector.clone());
    row.country = row.country.take().or_else(|| actor.country.clone());
    row.roles.extend(actor.role.clone());
    if row.docs.last() != Some(&doc.id) {
        row.docs.push(doc.id.clone());
    }
    let cite = citer.cite(mention.span);
    if mention.names && !cite.text.is_empty() {
        row.evidence.push(cite);
    }
}

/// Words on one line, without an article before or a possessive behind.
fn clean(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = ["The ", "the "]
        .iter()
        .find_map(|article| line.strip_prefix(article))
        .unwrap_or(&line);
    let line = ["’s", "'s"]
        .iter()
        .find_map(|ending| line.strip_suffix(ending))
        .unwrap_or(line);
    line.to_owned()
}

pub(crate) fn places(sheet: &Sheet<'_>, view: &mut View) {
    let mut rows: BTreeMap<String, PlaceRow> = BTreeMap::new();
    for (doc, citer) in sheet.docs() {
        for place in &doc.stored.coding.places {
            let country = place.country.clone().unwrap_or_default();
            let key = format!("{} {country}", fold_words(&place.name));
            let row = rows.entry(key.clone()).or_insert_with(|| PlaceRow {
                id: short('l', rapporteur_base::Id::of(["place", &key])),
                name: place.name.clone(),
                country: place.country.clone(),
                precision: place.precision,
                position: place.position,
                evidence: Vec::new(),
                why: place.why.clone(),
            });
            row.evidence.push(citer.cite(place.span));
        }
    }
    view.places = rows.into_values().collect();
    view.places.sort_by(|a, b| {
        let count = |p: &PlaceRow| p.evidence.len();
        count(b).cmp(&count(a)).then(a.name.cmp(&b.name))
    });
}

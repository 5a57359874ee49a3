//! Merged events and their reports.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::Interval;
use rapporteur_story::Entry;

use super::build::{single, unique, unique_actors};
use super::fields::{interval, modality};
use super::load::{Citer, Loaded, Sheet};
use super::overlay::{Overlay, actors, is_suppressed};
use super::regroup::regroup;
use crate::known::short;
use crate::{ContextRow, Edit, EventRow, MentionRow, TollRow};

pub(crate) fn rows(
    sheet: &Sheet<'_>,
    overlay: &mut Overlay,
    joined: &mut BTreeMap<String, String>,
) -> Vec<EventRow> {
    let mut placed = BTreeSet::new();
    let mut entries = Vec::new();
    for entry in &sheet.material.merged.entries {
        placed.extend(entry.members.iter().copied());
        entries.push(Cow::Borrowed(entry));
    }
    for doc in &sheet.material.docs {
        for (at, event) in doc.stored.coding.events.iter().enumerate() {
            if !placed.contains(&(doc.stored.id, at)) {
                let trigger = event.trigger.first().copied().unwrap_or(event.clause);
                entries.push(Cow::Owned(single(doc, at, trigger)));
            }
        }
    }
    let groups = regroup(sheet, entries, overlay, joined);
    let rows = groups.into_iter();
    let mut out: Vec<EventRow> = rows
        .filter_map(|(entry, edits)| row(sheet, &entry, edits, overlay))
        .collect();
    out.sort_by(|a, b| order(a).cmp(&order(b)));
    out
}

type Order<'r> = (
    bool,
    Option<rapporteur_base::Date>,
    Option<rapporteur_base::Date>,
    &'r str,
);

/// By first day, then last, then id; unknown dates last.
fn order(row: &EventRow) -> Order<'_> {
    let date: Option<Interval> = row.date;
    (
        date.is_none(),
        date.and_then(|d| d.from.or(d.to)),
        date.and_then(|d| d.to),
        &row.id,
    )
}

/// `None`: no report of it is left.
fn row(
    sheet: &Sheet<'_>,
    entry: &Entry,
    edits: Vec<Edit>,
    overlay: &mut Overlay,
) -> Option<EventRow> {
    let members = sheet.ordered(&entry.members);
    let mut mentions = Vec::with_capacity(members.len());
    let mut figures = BTreeSet::new();
    let mut tolls = BTreeSet::new();
    let mut keys = Vec::with_capacity(members.len());
    for (doc, citer, at) in members {
        let Some(mention) = mention(doc, citer, at) else {
            continue;
        };
        keys.push(doc.keys.events[at]);
        let found = mention.event.figures.iter();
        figures.extend(found.filter_map(|f| doc.keys.figures.get(*f)).copied());
        tolls.extend(mention.event.counts.iter().filter_map(|c| {
            let key = doc.keys.figures.get(c.figure)?;
            Some(TollRow {
                of: c.of,
                figure: short('f', *key),
            })
        }));
        mentions.push(mention);
    }
    let first = mentions.first()?;
    let quad = mentions
        .iter()
        .find(|m| m.event.kind == entry.kind)
        .unwrap_or(first)
        .event
        .quad;
    let first_scale = first.event.scale;
    let mut contexts: Vec<ContextRow> = mentions
        .iter()
        .flat_map(|m| &m.event.contexts)
        .map(|c| ContextRow {
            name: c.name.clone(),
            scope: c.scope,
        })
        .collect();
    // The nearest of each name.
    contexts.sort();
    contexts.dedup_by(|later, kept| later.name == kept.name);
    let mut basis: Vec<String> = mentions
        .iter()
        .filter_map(|m| Some(m.event.date.as_ref()?.basis.clone()))
        .collect();
    basis.sort();
    basis.dedup();
    let mut out = EventRow {
        id: short('e', entry.id),
        key: entry.id,
        kind: entry.kind.clone(),
        mode: entry.mode.clone(),
        contexts,
        quad,
        scale: mentions
            .iter()
            .find(|m| m.event.kind == entry.kind && m.event.mode == entry.mode)
            .map_or(first_scale, |m| m.event.scale),
        modality: entry.modality,
        date: entry.date,
        date_basis: if entry.date.is_some() {
            basis
        } else {
            Vec::new()
        },
        source: unique_actors(entry.source.clone()),
        target: unique_actors(entry.target.clone()),
        place: entry.place.clone(),
        figures: figures.into_iter().map(|key| short('f', key)).collect(),
        tolls: tolls.into_iter().collect(),
        counts: entry.counts,
        status: entry.status.clone(),
        score: mentions.iter().map(|m| m.event.score).fold(0.0, f32::max),
        evidence: unique(mentions.iter().map(|m| m.cite.clone()).collect()),
        members: mentions,
        edits,
    };
    // A correction of the merged event holds on to one of its reports.
    for key in keys {
        out.edits.extend(overlay.take("entry", &key.to_string()));
    }
    out.edits.sort_by_key(|e| e.seq);
    correct(&mut out);
    (!is_suppressed(&out.edits) && !out.evidence.is_empty()).then_some(out)
}

fn correct(row: &mut EventRow) {
    for edit in row.edits.clone() {
        let none = edit.new == "unknown" || edit.new == "none";
        match edit.field.as_str() {
            "type" => row.kind.clone_from(&edit.new),
            "mode" => row.mode = (!none).then(|| edit.new.clone()),
            "modality" => row.modality = modality(&edit.new).unwrap_or(row.modality),
            "date" => {
                row.date = interval(&edit.new).flatten();
                row.date_basis = vec![format!("correction {}", edit.seq)];
            }
            "source" => row.source = actors(&edit.new),
            "target" => row.target = actors(&edit.new),
            "place" => row.place = (!none).then(|| edit.new.clone()),
            _ => {}
        }
    }
}

fn mention(doc: &Loaded, citer: &Citer<'_>, at: usize) -> Option<MentionRow> {
    let event = doc.stored.coding.events.get(at)?;
    Some(MentionRow {
        id: short('m', *doc.keys.events.get(at)?),
        doc: doc.id.clone(),
        cite: citer.cite(event.clause),
        sentence: citer.cite(event.sentence),
        trigger: event.trigger.iter().map(|s| citer.cite(*s)).collect(),
        event: event.clone(),
        edits: Loaded::edits(&doc.edits.events, at),
    })
}

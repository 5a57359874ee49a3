//! Corrections laid over the coded rows: the log is replayed for every view, so newer rules never
//! lose one.

use std::collections::BTreeMap;

use rapporteur_base::{Date, Id, Operator, Quantity, Span};
use rapporteur_coder::{Actor, Coding, EventDate, Party};
use rapporteur_page::Published;

use super::fields::{admits, interval, modality, strength};
use super::load::Loaded;
use crate::bundle::day_of;
use crate::known::fold_words;
use crate::{Correction, Edit};

/// The corrections that hold, by what they are about.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    lines: Vec<(Correction, bool)>,
    targets: BTreeMap<(String, String), Vec<usize>>,
}

/// Numbers of the corrections that were taken back.
fn undone(log: &[Correction]) -> std::collections::BTreeSet<u64> {
    // Read backwards: an undo that was undone itself does not count.
    let mut undone = std::collections::BTreeSet::new();
    for line in log.iter().rev() {
        if line.body.kind == "undo"
            && !undone.contains(&line.seq)
            && let Ok(target) = line.body.key.parse::<u64>()
        {
            undone.insert(target);
        }
    }
    undone
}

/// The corrections of a log that hold: without those taken back and the taking back itself.
pub fn standing(log: &[Correction]) -> Vec<&Correction> {
    let undone = undone(log);
    let lines = log.iter();
    lines
        .filter(|line| line.body.kind != "undo" && !undone.contains(&line.seq))
        .collect()
}

impl Overlay {
    /// Those made by `as_of`, without what was undone by then.
    pub(crate) fn of(log: Vec<Correction>, as_of: Option<Date>) -> Self {
        let made = |c: &Correction| as_of.is_none() || day_of(&c.body.at) <= as_of;
        let log: Vec<Correction> = log.into_iter().filter(made).collect();
        let undone = undone(&log);
        let mut out = Self::default();
        for line in log {
            if line.body.kind == "undo" || undone.contains(&line.seq) {
                continue;
            }
            let target = (line.body.kind.clone(), line.body.key.clone());
            out.targets.entry(target).or_default().push(out.lines.len());
            out.lines.push((line, false));
        }
        out
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Corrections of one thing, in order; they count as matched. A value that the field cannot
    /// hold is left out and stays unmatched.
    pub(crate) fn take(&mut self, kind: &str, key: &str) -> Vec<Edit> {
        let target = (kind.to_owned(), key.to_owned());
        let Some(found) = self.targets.get(&target) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for at in found {
            let (line, used) = &mut self.lines[*at];
            let body = &line.body;
            if admits(kind, &body.field, &body.new) {
                *used = true;
                out.push(edit(line));
            }
        }
        out
    }

    /// Corrections that join and part events, in order, each with its place in the log.
    pub(crate) fn arranging(&self) -> Vec<(usize, Correction)> {
        let lines = self.lines.iter().enumerate();
        lines
            .filter(|(_, (line, _))| {
                line.body.kind == "entry" && matches!(line.body.field.as_str(), "merge" | "split")
            })
            .map(|(at, (line, _))| (at, line.clone()))
            .collect()
    }

    /// The correction at this place found what it is about.
    pub(crate) fn matched(&mut self, at: usize) -> Edit {
        let (line, used) = &mut self.lines[at];
        *used = true;
        edit(line)
    }

    /// Corrections of an actor under any of the names that it had.
    pub(crate) fn of_actor(&self, name: &str) -> Vec<Edit> {
        let key = actor_key(name);
        let mut found: Vec<usize> = self
            .targets
            .iter()
            .filter(|((kind, _), _)| kind == "actor")
            .flat_map(|((_, of), lines)| lines.iter().map(move |at| (of, *at)))
            .filter(|(of, at)| {
                let body = &self.lines[*at].0.body;
                **of == key || (body.field == "name" && actor_key(&body.new) == key)
            })
            .map(|(_, at)| at)
            .collect();
        found.sort_unstable();
        found.iter().map(|at| edit(&self.lines[*at].0)).collect()
    }

    /// What found no target.
    pub(crate) fn orphaned(&self) -> Vec<Correction> {
        let unused = self.lines.iter().filter(|(_, used)| !used);
        unused.map(|(line, _)| line.clone()).collect()
    }

    fn for_id(&mut self, kind: &str, key: Id) -> Vec<Edit> {
        self.take(kind, &key.to_string())
    }
}

fn edit(line: &Correction) -> Edit {
    let body = &line.body;
    Edit {
        seq: line.seq,
        at: body.at.clone(),
        who: body.who.clone(),
        why: body.why.clone(),
        field: body.field.clone(),
        old: body.old.clone(),
        new: body.new.clone(),
    }
}

/// Whether the row is taken out.
pub(crate) fn is_suppressed(edits: &[Edit]) -> bool {
    edits.iter().any(|e| e.field == "suppressed")
}

fn named(name: &str) -> Actor {
    Actor {
        name: name.trim().to_owned(),
        ..Actor::default()
    }
}

/// Parties that a person named: their evidence is the clause, their authority the correction.
fn parties(names: &str, span: Span) -> Vec<Party> {
    if names == "unknown" {
        return Vec::new();
    }
    let names = names.split(';').filter(|n| !n.trim().is_empty());
    names
        .map(|name| Party {
            span,
            actor: named(name),
        })
        .collect()
}

/// Actors that a person named.
pub(crate) fn actors(names: &str) -> Vec<Actor> {
    let parties = parties(names, Span::default());
    parties.into_iter().map(|p| p.actor).collect()
}

/// Lays every correction of one document and its rows over it.
pub(crate) fn apply(overlay: &mut Overlay, doc: &mut Loaded) {
    if overlay.is_empty() {
        return;
    }
    let before = (doc.stored.article.clone(), doc.stored.coding.clone());
    correct(overlay, doc);
    if before.0 != doc.stored.article || before.1 != doc.stored.coding {
        // What was kept of it is of the uncorrected reading.
        doc.stored.digest = None;
    }
}

fn correct(overlay: &mut Overlay, doc: &mut Loaded) {
    document(overlay, doc);
    let Loaded {
        stored,
        keys,
        edits,
        ..
    } = doc;
    let coding = &mut stored.coding;
    rename(overlay, coding);
    events(overlay, coding, &mut keys.events, &mut edits.events);
    figures(overlay, coding, &mut keys.figures, &mut edits.figures);
    edits.quotes = each(
        overlay,
        "quote",
        &mut keys.quotes,
        &mut coding.quotes,
        |quote, e| {
            let span = quote.content.first().copied().unwrap_or_default();
            quote.speaker = parties(&e.new, span).pop();
        },
    );
    edits.positions = each(
        overlay,
        "position",
        &mut keys.positions,
        &mut coding.positions,
        |row, e| match e.field.as_str() {
            "holder" => row.holder.actor = named(&e.new),
            "issue" => row.issue.clone_from(&e.new),
            _ => row.stance.clone_from(&e.new),
        },
    );
    edits.commitments = each(
        overlay,
        "commitment",
        &mut keys.commitments,
        &mut coding.commitments,
        |row, e| match e.field.as_str() {
            "by" => row.by = parties(&e.new, row.span),
            "what" => row.what.clone_from(&e.new),
            "strength" => row.strength = strength(&e.new).unwrap_or(row.strength),
            _ => {
                row.due = interval(&e.new)
                    .flatten()
                    .map(|days| (row.due.map_or(row.span, |due| due.0), Some(days)));
            }
        },
    );
    edits.indicators = each(
        overlay,
        "indicator",
        &mut keys.indicators,
        &mut coding.indicators,
        |row, e| match e.field.as_str() {
            "name" => row.name.clone_from(&e.new),
            _ => row.kind.clone_from(&e.new),
        },
    );
    edits.assessments = each(
        overlay,
        "assessment",
        &mut keys.assessments,
        &mut coding.assessments,
        |row, e| row.voice.clone_from(&e.new),
    );
}

fn document(overlay: &mut Overlay, doc: &mut Loaded) {
    doc.edits.document = overlay.for_id("document", doc.stored.id);
    let article = &mut doc.stored.article;
    for edit in &doc.edits.document {
        match edit.field.as_str() {
            "title" => article.title.clone_from(&edit.new),
            "site" => article.site = Some(edit.new.clone()),
            "published" => {
                article.published = edit.new.parse().ok().map(|date| Published {
                    date,
                    time: None,
                    origin: format!("correction {}", edit.seq),
                    rank: 1,
                });
            }
            _ => {}
        }
    }
}

/// Corrects a list in place; rows taken out leave it with their keys.
fn each<T>(
    overlay: &mut Overlay,
    kind: &str,
    keys: &mut Vec<Id>,
    rows: &mut Vec<T>,
    mut change: impl FnMut(&mut T, &Edit),
) -> Vec<Vec<Edit>> {
    let mut out = Vec::with_capacity(rows.len());
    let mut kept_keys = Vec::with_capacity(rows.len());
    let mut kept = Vec::with_capacity(rows.len());
    for (mut row, key) in std::mem::take(rows).into_iter().zip(keys.iter()) {
        let edits = overlay.for_id(kind, *key);
        if is_suppressed(&edits) {
            continue;
        }
        for edit in &edits {
            change(&mut row, edit);
        }
        out.push(edits);
        kept_keys.push(*key);
        kept.push(row);
    }
    *rows = kept;
    *keys = kept_keys;
    out
}

fn events(
    overlay: &mut Overlay,
    coding: &mut Coding,
    keys: &mut Vec<Id>,
    edits: &mut Vec<Vec<Edit>>,
) {
    *edits = each(overlay, "event", keys, &mut coding.events, |event, e| {
        let none = e.new == "unknown" || e.new == "none";
        match e.field.as_str() {
            "type" => event.kind.clone_from(&e.new),
            "mode" => event.mode = (!none).then(|| e.new.clone()),
            "modality" => event.modality = modality(&e.new).unwrap_or(event.modality),
            "date" => {
                event.date = interval(&e.new).flatten().map(|interval| EventDate {
                    interval,
                    span: None,
                    basis: format!("correction {}", e.seq),
                });
            }
            "source" => event.source = parties(&e.new, event.clause),
            "target" => event.target = parties(&e.new, event.clause),
            _ => event.place = (!none).then(|| (event.clause, e.new.clone())),
        }
    });
}

fn figures(
    overlay: &mut Overlay,
    coding: &mut Coding,
    keys: &mut Vec<Id>,
    edits: &mut Vec<Vec<Edit>>,
) {
    let before = keys.clone();
    *edits = each(
        overlay,
        "figure",
        keys,
        &mut coding.figures,
        |figure, e| match e.field.as_str() {
            "value" => {
                if let Ok(value) = e.new.parse() {
                    let unit = std::mem::take(&mut figure.quantity.unit);
                    figure.quantity = Quantity::new(value, Operator::Equal, unit);
                }
            }
            "unit" => figure.quantity.unit.clone_from(&e.new),
            _ => figure.of.clone_from(&e.new),
        },
    );
    if before.len() == keys.len() {
        return;
    }
    // Events name figures by position.
    for event in &mut coding.events {
        event.figures = event
            .figures
            .iter()
            .filter_map(|at| keys.iter().position(|key| Some(key) == before.get(*at)))
            .collect();
    }
}

/// Key of an actor: its folded name.
pub(crate) fn actor_key(name: &str) -> String {
    fold_words(name)
}

/// Every slot of an actor whose name was corrected.
fn rename(overlay: &mut Overlay, coding: &mut Coding) {
    if !overlay.targets.keys().any(|(kind, _)| kind == "actor") {
        return;
    }
    let mut change = |actor: &mut Actor| {
        for edit in overlay.take("actor", &actor_key(&actor.name)) {
            let value = (edit.new != "unknown").then(|| edit.new.clone());
            match edit.field.as_str() {
                "name" => actor.name.clone_from(&edit.new),
                "country" => actor.country = value,
                "sector" => actor.sector = value,
                _ => {}
            }
        }
    };
    for mention in &mut coding.actors {
        change(&mut mention.actor);
    }
    for event in &mut coding.events {
        let slots = event.source.iter_mut().chain(&mut event.target);
        slots
            .chain(event.said_by.as_mut())
            .for_each(|party| change(&mut party.actor));
    }
    for party in coding.figures.iter_mut().filter_map(|f| f.by.as_mut()) {
        change(&mut party.actor);
    }
    for party in coding.quotes.iter_mut().filter_map(|q| q.speaker.as_mut()) {
        change(&mut party.actor);
    }
    for position in &mut coding.positions {
        change(&mut position.holder.actor);
    }
    for party in coding.commitments.iter_mut().flat_map(|c| &mut c.by) {
        change(&mut party.actor);
    }
}

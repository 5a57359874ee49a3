use std::collections::BTreeMap;

use rapporteur_base::Id;
use rapporteur_coder::Event;
use serde::Serialize;

use crate::known::short;
use crate::view::fields::written;
use crate::view::keys::Keys;
use crate::{Correction, Error, Reading, Store, StoredDoc};

/// What another set of rules makes of the same documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diff {
    /// Documents that both readings have.
    pub docs: usize,
    /// Documents whose cleaned text differs.
    pub texts_changed: Vec<String>,
    /// Events that only the new reading has.
    pub gained: Vec<EventChange>,
    /// Events that only the old one has.
    pub lost: Vec<EventChange>,
    /// Same words, other values.
    pub changed: Vec<EventChange>,
    /// Numbers of rows, old and new: `("figures", 12, 13)`.
    pub counts: Vec<(String, usize, usize)>,
    /// Corrections that the new reading would leave without a target.
    pub orphaned: Vec<Correction>,
}

/// One event that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventChange {
    /// Document: `d-…`.
    pub doc: String,
    /// The clause.
    pub text: String,
    /// Old values, `field: value`, empty when gained.
    pub old: Vec<String>,
    /// New values, empty when lost.
    pub new: Vec<String>,
}

/// Compares what is shown with what `ruleset` read, document by document.
pub fn diff(store: &dyn Store, ruleset: Id) -> Result<Diff, Error> {
    let mut out = Diff::default();
    let log = store.corrections()?;
    let mut counts = vec![(0, 0); LISTS.len()];
    store.visit(Reading::By(ruleset), None, &mut |new| {
        let Some(old) = store.document(new.id)? else {
            return Ok(());
        };
        out.docs += 1;
        if old.ruleset == new.ruleset {
            return Ok(());
        }
        compare(&old, &new, &log, &mut out, &mut counts);
        Ok(())
    })?;
    out.counts = LISTS
        .iter()
        .zip(counts)
        .map(|(name, (old, new))| ((*name).to_owned(), old, new))
        .collect();
    Ok(out)
}

const LISTS: [&str; 8] = [
    "times",
    "events",
    "figures",
    "quotes",
    "positions",
    "commitments",
    "indicators",
    "assessments",
];

fn lengths(keys: &Keys) -> [usize; LISTS.len()] {
    [
        keys.times.len(),
        keys.events.len(),
        keys.figures.len(),
        keys.quotes.len(),
        keys.positions.len(),
        keys.commitments.len(),
        keys.indicators.len(),
        keys.assessments.len(),
    ]
}

fn compare(
    old: &StoredDoc,
    new: &StoredDoc,
    log: &[Correction],
    out: &mut Diff,
    counts: &mut [(usize, usize)],
) {
    let doc = short('d', new.id);
    if old.article.text != new.article.text {
        out.texts_changed.push(doc.clone());
    }
    let (was, is) = (Keys::of(old), Keys::of(new));
    for ((count, a), b) in counts.iter_mut().zip(lengths(&was)).zip(lengths(&is)) {
        count.0 += a;
        count.1 += b;
    }
    let before: BTreeMap<Id, &Event> = was.events.iter().copied().zip(&old.coding.events).collect();
    let after: BTreeMap<Id, &Event> = is.events.iter().copied().zip(&new.coding.events).collect();
    for (key, event) in was.events.iter().zip(&old.coding.events) {
        let values = values(event, old);
        match after.get(key) {
            None => out.lost.push(EventChange {
                doc: doc.clone(),
                text: event.clause.of(&old.article.text).to_owned(),
                old: values,
                new: Vec::new(),
            }),
            Some(now) => {
                let now = self::values(now, new);
                if now != values {
                    let differ = |a: &[String], b: &[String]| {
                        a.iter().filter(|v| !b.contains(v)).cloned().collect()
                    };
                    out.changed.push(EventChange {
                        doc: doc.clone(),
                        text: event.clause.of(&old.article.text).to_owned(),
                        old: differ(&values, &now),
                        new: differ(&now, &values),
                    });
                }
            }
        }
    }
    for (key, event) in is.events.iter().zip(&new.coding.events) {
        if !before.contains_key(key) {
            out.gained.push(EventChange {
                doc: doc.clone(),
                text: event.clause.of(&new.article.text).to_owned(),
                old: Vec::new(),
                new: values(event, new),
            });
        }
    }
    // A correction that holds on to a row of the old reading which the new one does not have.
    let lost = |line: &&Correction| {
        let key = Id::parse(&line.body.key);
        key.is_some_and(|key| has(&was, key) && !has(&is, key))
    };
    out.orphaned.extend(log.iter().filter(lost).cloned());
}

fn has(keys: &Keys, key: Id) -> bool {
    [
        &keys.events,
        &keys.figures,
        &keys.quotes,
        &keys.positions,
        &keys.commitments,
        &keys.indicators,
        &keys.assessments,
    ]
    .into_iter()
    .any(|list| list.contains(&key))
}

/// What an event says, field by field.
fn values(event: &Event, doc: &StoredDoc) -> Vec<String> {
    let names = |parties: &[rapporteur_coder::Party]| {
        let names: Vec<&str> = parties.iter().map(|p| p.actor.name.as_str()).collect();
        names.join("; ")
    };
    let word = serde_json::to_value(event.modality).unwrap_or_default();
    let date = written(event.date.as_ref().map(|d| &d.interval));
    let place = event.place.as_ref().map_or("unknown", |(_, name)| name);
    vec![
        format!("type: {}", event.kind),
        format!("mode: {}", event.mode.as_deref().unwrap_or("none")),
        format!("modality: {}", word.as_str().unwrap_or("")),
        format!("date: {date}"),
        format!("source: {}", names(&event.source)),
        format!("target: {}", names(&event.target)),
        format!("place: {place}"),
        format!("figures: {}", figures(event, doc)),
    ]
}

fn figures(event: &Event, doc: &StoredDoc) -> String {
    let found = event
        .figures
        .iter()
        .filter_map(|at| doc.coding.figures.get(*at));
    let words: Vec<&str> = found.map(|f| f.span.of(&doc.article.text)).collect();
    words.join("; ")
}

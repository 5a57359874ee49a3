//! The state of a process over time: agreed, in session, suspended, resumed, concluded. Accounts
//! that disagree stand side by side; none is chosen.

use std::collections::BTreeSet;

use rapporteur_base::{Date, Interval};
use rapporteur_coder::{Actor, Modality};
use rapporteur_record::{Cite, EventRow, MentionRow};
use rapporteur_story::Relation;
use serde::Serialize;

use crate::world::World;

/// States that a report can put a process into.
const STATES: [(&str, &str); 12] = [
    ("agreed", "agreed"),
    ("begun", "in session"),
    ("held", "in session"),
    ("extended", "in session"),
    ("resumed", "resumed"),
    ("suspended", "suspended"),
    ("postponed", "suspended"),
    ("interrupted", "suspended"),
    ("collapsed", "broken off"),
    ("cancelled", "broken off"),
    ("concluded", "concluded"),
    ("ended", "concluded"),
];

/// What accounts say of one state at one time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StateRow {
    /// `agreed`, `in session`, `suspended`, `resumed`, `concluded`, `broken off`.
    pub state: String,
    /// Days; `None`: not told.
    pub date: Option<Interval>,
    /// Whether the report says that it did not come to it.
    pub denied: bool,
    /// Documents that say so.
    pub docs: usize,
    /// Id of the event.
    pub event: String,
    /// Passages.
    pub cites: Vec<Cite>,
}

/// Accounts of the state that disagree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Disagreement {
    /// What about.
    pub topic: String,
    /// One account.
    pub a: Vec<Cite>,
    /// Another.
    pub b: Vec<Cite>,
}

/// The state of a process.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct States {
    /// In order of time; what has no day comes last.
    pub rows: Vec<StateRow>,
    /// The newest states told: one when the accounts agree, none when no report tells any.
    pub now: Vec<String>,
    /// Accounts that cannot all be right.
    pub disagreements: Vec<Disagreement>,
}

pub(crate) fn states(world: &World<'_>) -> States {
    let mut rows: Vec<StateRow> = Vec::new();
    for event in world.view.events.iter().filter(|e| is_told(world, e)) {
        for (state, denied, reports) in tellings(event) {
            let date = reports
                .iter()
                .find_map(|m| m.event.date.as_ref().map(|d| d.interval))
                .or(event.date);
            rows.push(StateRow {
                state: state.to_owned(),
                date,
                denied,
                docs: 0,
                event: event.id.clone(),
                cites: reports.iter().map(|m| m.cite.clone()).collect(),
            });
        }
    }
    rows.sort_by(|a, b| order(a).cmp(&order(b)));
    let rows = merged(rows);
    let disagreements = disagreements(world);
    States {
        now: now(&rows),
        rows,
        disagreements,
    }
}

fn order(row: &StateRow) -> (bool, Option<Date>, Option<Date>, bool, &str, &str) {
    let first = row.date.and_then(|d| d.from.or(d.to));
    let last = row.date.and_then(|d| d.to.or(d.from));
    (
        first.is_none(),
        first,
        last,
        row.denied,
        &row.state,
        &row.event,
    )
}

/// One row for what is said of one state and one day, however many events tell it.
fn merged(rows: Vec<StateRow>) -> Vec<StateRow> {
    let mut out: Vec<StateRow> = Vec::new();
    for row in rows {
        let same =
            |r: &&mut StateRow| (&r.state, r.denied, r.date) == (&row.state, row.denied, row.date);
        match out.iter_mut().find(same) {
            Some(known) => known.cites.extend(row.cites),
            None => out.push(row),
        }
    }
    for row in &mut out {
        let docs: BTreeSet<&str> = row.cites.iter().map(|c| c.doc.as_str()).collect();
        row.docs = docs.len();
    }
    out
}

fn is_told(world: &World<'_>, event: &EventRow) -> bool {
    let actors: Vec<&Actor> = event.source.iter().chain(&event.target).collect();
    let told = matches!(event.modality, Modality::Actual | Modality::Denied);
    told && matches!(event.kind.as_str(), "CONSULT" | "AGREE" | "REJECT") && world.is_ours(&actors)
}

/// The states that the reports of an event tell, each with its reports.
fn tellings(event: &EventRow) -> Vec<(&'static str, bool, Vec<&MentionRow>)> {
    let mut out: Vec<(&'static str, bool, Vec<&MentionRow>)> = Vec::new();
    for report in &event.members {
        let denied = report.event.modality == Modality::Denied;
        if !denied && report.event.modality != Modality::Actual {
            continue;
        }
        let named = report
            .event
            .phase
            .as_deref()
            .and_then(|phase| STATES.iter().find(|(p, _)| *p == phase).map(|(_, s)| *s));
        let state = match (named, report.event.kind.as_str()) {
            (Some(state), _) => state,
            // A round of talks is the process in session.
            (None, "CONSULT") if event.date.is_some() => "in session",
            _ => continue,
        };
        match out.iter_mut().find(|(s, d, _)| *s == state && *d == denied) {
            Some((.., reports)) => reports.push(report),
            None => out.push((state, denied, vec![report])),
        }
    }
    out
}

/// The states of the newest day that any report tells.
fn now(rows: &[StateRow]) -> Vec<String> {
    let dated = || rows.iter().filter(|r| !r.denied);
    let last = |r: &StateRow| r.date.and_then(|d| d.to);
    let newest = dated().filter_map(last).max();
    let mut out: Vec<String> = dated()
        .filter(|r| newest.is_some() && last(r) == newest)
        .map(|r| r.state.clone())
        .collect();
    out.sort();
    out.dedup();
    out
}

/// What the record's comparisons say of the talks.
fn disagreements(world: &World<'_>) -> Vec<Disagreement> {
    let about = |topic: &str| topic.starts_with("when the ") || topic.starts_with("whether the ");
    world
        .view
        .comparisons
        .iter()
        .filter(|c| matches!(c.kind, Relation::Contradiction | Relation::Denies) && about(&c.topic))
        .map(|c| Disagreement {
            topic: c.topic.clone(),
            a: c.a.clone(),
            b: c.b.clone(),
        })
        .collect()
}

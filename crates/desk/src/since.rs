//! What is new since a day: events first told, and disagreements first seen, on it or later.

use std::collections::BTreeMap;

use rapporteur_base::Date;
use rapporteur_coder::Modality;
use rapporteur_record::{Cite, EventRow, View};

use crate::sections::{self, Numbers};
use crate::{Section, day};

/// The section of a brief, newest first, and the ids of the events in it.
pub(crate) fn section(
    view: &View,
    numbers: &Numbers,
    since: Date,
    most: usize,
) -> (Section, Vec<String>) {
    let known: BTreeMap<&str, Date> = view
        .docs
        .iter()
        .filter_map(|d| Some((d.id.as_str(), d.known_at?)))
        .collect();
    let mut fresh = fresh(view, &known, since);
    let all = fresh.len();
    fresh.sort_by(|(_, a), (_, b)| {
        let weight = |e: &EventRow| (e.counts.origins, e.date.is_some());
        weight(b)
            .cmp(&weight(a))
            .then(b.score.total_cmp(&a.score))
            .then(a.id.cmp(&b.id))
    });
    fresh.truncate(most);
    fresh.sort_by(|(p, a), (q, b)| q.cmp(p).then(a.id.cmp(&b.id)));
    let ids: Vec<String> = fresh.iter().map(|(_, e)| e.id.clone()).collect();
    let mut rows = sections::events(fresh.into_iter().map(|(_, e)| e), numbers);
    let seen = view.comparisons.iter().filter(|c| c.kind.is_conflict());
    let newer = seen.filter(|c| {
        // A disagreement is as new as the later of its sides.
        let side = |cites: &[Cite]| first(&known, cites.iter().map(|c| c.doc.as_str()));
        matches!((side(&c.a), side(&c.b)), (Some(a), Some(b)) if a.max(b) >= since)
    });
    rows.extend(
        newer
            .filter_map(|c| sections::comparison(c, numbers))
            .take(most),
    );
    let mut note = format!(
        "First told on {} or later; what was known before stands below.",
        day(since)
    );
    if all > ids.len() {
        note.push_str(&format!(" The {} most reported of {all}.", ids.len()));
    }
    let section = Section {
        anchor: "new",
        title: format!("New since {}", day(since)),
        note,
        key_title: "Date",
        rows,
        figure: None,
    };
    (section, ids)
}

/// The first day on which one of the documents was known.
fn first<'a>(known: &BTreeMap<&str, Date>, docs: impl Iterator<Item = &'a str>) -> Option<Date> {
    docs.filter_map(|d| known.get(d).copied()).min()
}

/// The events told as done, planned or denied that were first told on `since` or later, each with
/// that day.
fn fresh<'v>(
    view: &'v View,
    known: &BTreeMap<&str, Date>,
    since: Date,
) -> Vec<(Date, &'v EventRow)> {
    view.events
        .iter()
        .filter(|e| {
            matches!(
                e.modality,
                Modality::Actual | Modality::Planned | Modality::Denied
            )
        })
        .filter_map(|e| {
            let told = first(known, e.members.iter().map(|m| m.doc.as_str()))?;
            (told >= since).then_some((told, e))
        })
        .collect()
}

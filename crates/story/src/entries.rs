//! Reports of one event become one entry; two similar events stay two.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Id, Interval, Precision};
use rapporteur_coder::{Actor, Modality};

use crate::digest::{Digest, EventNote, plain};
use crate::facts::{Facts, Parties};
use crate::words::shared;
use crate::{Counts, Entry};

/// Where a document stands among its fellows.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Position of its family.
    pub(crate) family: usize,
    /// Position of its story.
    pub(crate) story: usize,
}

/// All documents in canonical order, with their places.
#[derive(Debug)]
pub(crate) struct Desk<'d> {
    pub(crate) docs: Vec<&'d Digest>,
    pub(crate) places: Vec<Place>,
    /// Credit of each family: an agency, or nothing.
    pub(crate) wires: Vec<Option<String>>,
    /// What is asked again and again, by document.
    pub(crate) facts: Vec<Facts>,
}

/// One report: document and event note.
pub(crate) type Report = (usize, usize);

/// An entry with its reports by position, before ids.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) reports: Vec<Report>,
    pub(crate) date: Option<Interval>,
}

impl<'d> Desk<'d> {
    pub(crate) fn event(&self, report: Report) -> &'d EventNote {
        &self.docs[report.0].events[report.1]
    }

    pub(crate) fn parties(&self, report: Report) -> &Parties {
        &self.facts[report.0].parties[report.1]
    }

    /// What a report rests on: the official quoted, the wire credited, or the text itself.
    fn origin(&self, report: Report) -> String {
        self.origin_of(report.0, self.event(report).said_by.as_deref())
    }

    pub(crate) fn origin_of(&self, doc: usize, said_by: Option<&str>) -> String {
        let family = self.places[doc].family;
        match (said_by, &self.wires[family]) {
            (Some(speaker), _) => format!("by {speaker}"),
            (None, Some(wire)) => format!("wire {wire}"),
            (None, None) => format!("text {family}"),
        }
    }

    pub(crate) fn counts(&self, reports: impl Iterator<Item = (usize, String)>) -> Counts {
        let (mut mentions, mut articles) = (0, BTreeSet::new());
        let (mut families, mut origins) = (BTreeSet::new(), BTreeSet::new());
        for (doc, origin) in reports {
            mentions += 1;
            articles.insert(doc);
            families.insert(self.places[doc].family);
            origins.insert(origin);
        }
        Counts {
            mentions,
            articles: articles.len(),
            families: families.len(),
            origins: origins.len().min(families.len()),
        }
    }
}

/// Kinds that are done together: who is named first says nothing.
const MUTUAL: [&str; 5] = ["CONSULT", "AGREE", "COOPERATE", "SUPPORT", "AID"];
/// Kinds that happen at a spot: another place is another event.
const LOCAL: [&str; 6] = [
    "ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "ACCIDENT", "CRIME",
];

/// How strongly two notes tell one event; `None` when they cannot.
///
/// Points for shared countries, names, place, day, trigger, number and words; what a text does not
/// say neither adds nor takes. Another day, another ordinal, another modality, other actors or, for
/// happenings at a spot, another place rule it out.
pub(crate) fn likeness(a: (&EventNote, &Parties), b: (&EventNote, &Parties)) -> Option<f64> {
    let (sides, (a, b)) = ((a.1, b.1), (a.0, b.0));
    if a.kind != b.kind || a.modality != b.modality {
        return None;
    }
    if matches!((a.ordinal, b.ordinal), (Some(x), Some(y)) if x != y) {
        return None;
    }
    same_course(a, b)?;
    let mut points = dates(a, b)? + places(a, b)? + parties(&a.kind, sides)?;
    points += match (&a.mode, &b.mode) {
        (Some(x), Some(y)) if x == y => 0.5,
        (Some(_), Some(_)) => -1.0,
        _ => 0.0,
    };
    if a.ordinal.is_some() && a.ordinal == b.ordinal {
        points += 1.0;
    }
    if shared(&a.trigger, &b.trigger) > 0 {
        points += 1.0;
    }
    points += match (
        shared(&a.numbers, &b.numbers),
        a.numbers.is_empty() || b.numbers.is_empty(),
    ) {
        (0, true) => 0.0,
        (0, false) => -0.7,
        _ => 1.0,
    };
    points += 2.0 * overlap(&a.words, &b.words);
    if a.sentence == b.sentence {
        points += 5.0;
    }
    Some(points)
}

/// "Held a first round" and "resumed on 12 February" are two turns of one course: two phases are two
/// events, and a turn is the same as a report without one only where both have a day.
fn same_course(a: &EventNote, b: &EventNote) -> Option<()> {
    let same = match (&a.phase, &b.phase) {
        (Some(x), Some(y)) => x == y,
        (None, None) => true,
        _ => a.date.is_some() && b.date.is_some(),
    };
    same.then_some(())
}

/// Shared words over the geometric mean of both.
pub(crate) fn overlap(a: &[String], b: &[String]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    shared(a, b) as f64 / ((a.len() * b.len()) as f64).sqrt()
}

fn dates(a: &EventNote, b: &EventNote) -> Option<f64> {
    let (Some(x), Some(y)) = (&a.date, &b.date) else {
        return Some(0.0);
    };
    if !x.overlaps(y) {
        return None;
    }
    let coarse = x.precision.max(y.precision);
    Some(match coarse {
        Precision::Day => 2.0,
        Precision::Week | Precision::Month => 1.0,
        Precision::Season | Precision::Year => 0.4,
        Precision::Bounded => 0.2,
    })
}

fn places(a: &EventNote, b: &EventNote) -> Option<f64> {
    let (Some(x), Some(y)) = (&a.place, &b.place) else {
        return Some(0.0);
    };
    if plain(&x.0) == plain(&y.0) {
        return Some(if x.2 == 1 { 0.5 } else { 1.2 });
    }
    let nested = x.1.is_some() && x.1 == y.1 && (x.2 == 1 || y.2 == 1);
    if nested {
        return Some(0.3);
    }
    if LOCAL.contains(&a.kind.as_str()) {
        return None;
    }
    Some(-1.0)
}

fn parties(kind: &str, (a, b): (&Parties, &Parties)) -> Option<f64> {
    if MUTUAL.contains(&kind) {
        return side(&a.all, &b.all);
    }
    let source = side(&a.source, &b.source)?;
    let target = side(&a.target, &b.target)?;
    Some(source + target)
}

/// One side of two events. Different named states cannot be one; a group told by another name may.
fn side(x: &[String], y: &[String]) -> Option<f64> {
    if x.is_empty() || y.is_empty() {
        return Some(0.0);
    }
    let same = shared(x, y);
    if same > 0 {
        return Some(same.min(2) as f64);
    }
    let is_state = |k: &String| k.len() == 3 && k.bytes().all(|b| b.is_ascii_uppercase());
    if x.iter().all(is_state) && y.iter().all(is_state) {
        return None;
    }
    Some(-1.0)
}

/// Points from which two reports with a common day are one.
const DATED: f64 = 3.2;
/// Points from which two reports are one when a date is missing: everything else has to agree.
const UNDATED: f64 = 3.4;
/// Entries looked at for one report.
const LOOKED_AT: usize = 200;

/// Drafts in canonical order: reports are taken by document and position, each joins the draft it
/// is most like if no report there rules it out.
pub(crate) fn drafts(desk: &Desk<'_>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    let mut by_key: BTreeMap<(String, String), Listed> = BTreeMap::new();
    for doc in 0..desk.docs.len() {
        for at in 0..desk.docs[doc].events.len() {
            let note = desk.event((doc, at));
            let buckets = buckets(note, desk.parties((doc, at)));
            let mut near: Vec<usize> = buckets
                .iter()
                .filter_map(|key| by_key.get(key))
                .flat_map(|listed| listed.order.iter().rev().take(LOOKED_AT))
                .copied()
                .collect();
            near.sort_unstable();
            near.dedup();
            let best = near
                .into_iter()
                .filter_map(|draft| Some((fit(desk, &out[draft], (doc, at))?, draft)))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let draft = match best {
                Some((_, draft)) => {
                    out[draft].reports.push((doc, at));
                    out[draft].date = narrower(out[draft].date, note.date);
                    draft
                }
                None => {
                    out.push(Draft {
                        reports: vec![(doc, at)],
                        date: note.date,
                    });
                    out.len() - 1
                }
            };
            for key in buckets {
                by_key.entry(key).or_default().put(draft);
            }
        }
    }
    out
}

/// Drafts in the order in which they were first listed, each once.
#[derive(Default)]
struct Listed {
    order: Vec<usize>,
    known: BTreeSet<usize>,
}

impl Listed {
    fn put(&mut self, draft: usize) {
        if self.known.insert(draft) {
            self.order.push(draft);
        }
    }
}

fn buckets(note: &EventNote, parties: &Parties) -> Vec<(String, String)> {
    let mut actors = parties.all.clone();
    if actors.is_empty() {
        actors.push(note.place.as_ref().map_or(String::new(), |p| plain(&p.0)));
    }
    actors.into_iter().map(|a| (note.kind.clone(), a)).collect()
}

/// Points of the best report of a draft, when none rules the new one out.
fn fit(desk: &Desk<'_>, draft: &Draft, report: Report) -> Option<f64> {
    let note = desk.event(report);
    if let (Some(a), Some(b)) = (&draft.date, &note.date)
        && !a.overlaps(b)
    {
        return None;
    }
    let mut best: Option<f64> = None;
    for other in &draft.reports {
        let told = desk.event(*other);
        let mut points = likeness((told, desk.parties(*other)), (note, desk.parties(report)))?;
        points += company(desk, *other, report);
        let dated = told.date.is_some() && note.date.is_some();
        // "They signed the truce": of which truce, only its days tell.
        let turn = ["AGREE", "RETREAT"].contains(&note.kind.as_str());
        if turn
            && !dated
            && desk.occasion(other.0, report.0) == crate::occasions::Occasion::Different
        {
            return None;
        }
        let both = matches!((&told.date, &note.date), (Some(a), Some(b))
            if a.precision <= Precision::Month && b.precision <= Precision::Month);
        let needed = if both { DATED } else { UNDATED };
        if points >= needed {
            best = Some(best.map_or(points, |b: f64| b.max(points)));
        }
    }
    best
}

/// Points for standing in one story, or far apart in time.
fn company(desk: &Desk<'_>, a: Report, b: Report) -> f64 {
    let mut points = if desk.places[a.0].story == desk.places[b.0].story {
        0.5
    } else {
        -0.3
    };
    let (x, y) = (desk.event(a), desk.event(b));
    if (x.date.is_none() || y.date.is_none())
        && let (Some(p), Some(q)) = (desk.docs[a.0].published(), desk.docs[b.0].published())
    {
        let apart = (crate::cluster::day_number(p) - crate::cluster::day_number(q)).abs();
        points -= match apart {
            0..=4 => 0.0,
            5..=14 => 0.5,
            _ => 1.5,
        };
    }
    points
}

fn narrower(a: Option<Interval>, b: Option<Interval>) -> Option<Interval> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let from = a.from.max(b.from);
            let to = match (a.to, b.to) {
                (Some(x), Some(y)) => Some(x.min(y)),
                (x, y) => x.or(y),
            };
            let precision = a.precision.min(b.precision);
            Some(Interval {
                from,
                to,
                precision: if from.is_some() && from == to {
                    Precision::Day
                } else {
                    precision
                },
            })
        }
        (a, b) => a.or(b),
    }
}

/// The entry of a draft.
pub(crate) fn entry(
    desk: &Desk<'_>,
    draft: &Draft,
    status: impl Fn(usize) -> &'static str,
) -> Entry {
    let first = draft.reports[0];
    let note = desk.event(first);
    let counts = desk.counts(draft.reports.iter().map(|r| (r.0, desk.origin(*r))));
    let place = draft
        .reports
        .iter()
        .filter_map(|r| desk.event(*r).place.as_ref())
        .max_by_key(|p| p.2)
        .map(|p| p.0.clone());
    Entry {
        id: entry_id(desk, draft),
        kind: note.kind.clone(),
        mode: draft
            .reports
            .iter()
            .find_map(|r| desk.event(*r).mode.clone()),
        modality: modality(desk, draft),
        date: draft.date,
        source: people(draft.reports.iter().map(|r| &desk.event(*r).source)),
        target: people(draft.reports.iter().map(|r| &desk.event(*r).target)),
        place,
        members: draft
            .reports
            .iter()
            .map(|r| (desk.docs[r.0].id(), desk.event(*r).index))
            .collect(),
        counts,
        status: status(counts.origins).to_owned(),
    }
}

pub(crate) fn entry_id(desk: &Desk<'_>, draft: &Draft) -> Id {
    let first = draft.reports[0];
    let note = desk.event(first);
    Id::of([
        b"entry".as_slice(),
        desk.docs[first.0].id().as_bytes(),
        &note.trigger_at.to_le_bytes(),
        note.kind.as_bytes(),
    ])
}

fn modality(desk: &Desk<'_>, draft: &Draft) -> Modality {
    desk.event(draft.reports[0]).modality
}

/// The actors of a slot over all reports: one for each key, worded as the first report that knows
/// most about it; an actor only named by its country gives way to one named in full.
fn people<'a>(slots: impl Iterator<Item = &'a Vec<Actor>>) -> Vec<Actor> {
    let mut out: Vec<Actor> = Vec::new();
    for actor in slots.flatten() {
        if !out
            .iter()
            .any(|have| plain(&have.name) == plain(&actor.name))
        {
            out.push(actor.clone());
        }
    }
    out
}

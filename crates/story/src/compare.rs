//! What two accounts say against or beside each other. Identity comes first; silence is no denial.

mod numbers;

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Id, Span, Why};
use rapporteur_coder::Modality;

use crate::digest::EventNote;
use crate::entries::{Desk, Draft, Report, likeness};
use crate::facts::Leading;
use crate::figures::{Group, close};
use crate::occasions::Occasion;
use crate::states::StateNote;
use crate::words::shared;
use crate::{Comparison, Evidence, Relation, only};

/// All comparisons, and which drafts a contradiction touches.
#[derive(Debug, Default)]
pub(crate) struct Comparisons {
    pub(crate) found: Vec<Comparison>,
    pub(crate) disputed: BTreeSet<usize>,
    /// Drafts that a later text has overtaken.
    pub(crate) superseded: BTreeSet<usize>,
    /// Drafts that their own outlet took back.
    pub(crate) retracted: BTreeSet<usize>,
}

/// One side of a comparison: document, place, value as worded.
pub(crate) struct Side {
    pub(crate) doc: usize,
    pub(crate) span: Span,
    pub(crate) value: String,
}

/// Families of one entry that are set beside its first.
const BESIDE: usize = 8;
/// Entries of one kind and actor that are set against each other.
const AGAINST: usize = 60;

impl Desk<'_> {
    /// Whether two documents cover one process: one story, or the same two leading actors.
    pub(crate) fn related(&self, a: usize, b: usize) -> bool {
        let (x, y) = (&self.docs[a].actors, &self.docs[b].actors);
        if a == b || self.places[a].story == self.places[b].story {
            // A story drawn together by its topic alone: nobody named is in both.
            let party = |k: &&String| !crate::states::is_body(k);
            return a == b
                || x.is_empty()
                || y.is_empty()
                || x.iter().filter(party).any(|k| y.contains(k));
        }
        x.iter()
            .take(Leading::ACTORS)
            .filter(|k| y.iter().take(Leading::ACTORS).any(|o| o == *k))
            .count()
            >= 2
    }

    fn evidence(&self, side: &Side) -> Vec<Evidence> {
        vec![Evidence {
            doc: self.docs[side.doc].id(),
            span: side.span,
        }]
    }

    /// A comparison; the side of the smaller document comes first unless the order means something.
    pub(crate) fn compared(
        &self,
        kind: Relation,
        topic: String,
        a: &Side,
        b: Option<&Side>,
        why: Why,
    ) -> Comparison {
        let value = |s: Option<&Side>| s.map_or(String::new(), |s| s.value.clone());
        let key = |s: Option<&Side>| {
            s.map_or(String::new(), |s| {
                format!("{} {} {}", self.docs[s.doc].id(), s.span.start, s.span.end)
            })
        };
        Comparison {
            id: Id::of(["comparison", &why.rule, &topic, &key(Some(a)), &key(b)]),
            kind,
            topic,
            a: self.evidence(a),
            b: b.map_or(Vec::new(), |b| self.evidence(b)),
            values: (a.value.clone(), value(b)),
            why,
        }
    }
}

/// Every comparison over the desk.
pub(crate) fn all(desk: &Desk<'_>, drafts: &[Draft], groups: &[Group]) -> Comparisons {
    let mut out = Comparisons::default();
    for draft in drafts {
        within_entry(desk, draft, &mut out);
    }
    across_entries(desk, drafts, &mut out);
    for group in groups {
        numbers::figures(desk, group, &mut out);
    }
    crate::accounts::states(desk, &mut out);
    crate::accounts::processes(desk, &mut out);
    crate::accounts::extents(desk, &mut out);
    crate::accounts::commitments(desk, &mut out);
    crate::accounts::positions(desk, &mut out);
    crate::occasions::acts(desk, &mut out);
    only::all(desk, drafts, groups, &mut out);
    out.found = fold(std::mem::take(&mut out.found));
    dispute(desk, drafts, &mut out);
    out
}

/// One comparison for what several documents say alike: the same values of one topic, or the same
/// first side confirmed by several, with every passage under it.
fn fold(found: Vec<Comparison>) -> Vec<Comparison> {
    let mut out: Vec<Comparison> = Vec::new();
    let mut at: BTreeMap<(String, String, String, String), usize> = BTreeMap::new();
    for c in found {
        let rule = c.why.rule.as_str();
        let key = if rule.starts_with("compare/state") || rule == "compare/same-state" {
            let (a, b) = c.values.clone();
            (rule.to_owned(), c.topic.clone(), a, b)
        } else if c.kind == Relation::Confirmed {
            let first = format!("{:?}", c.a);
            (rule.to_owned(), c.topic.clone(), first, String::new())
        } else {
            out.push(c);
            continue;
        };
        if let Some(seen) = at.get(&key) {
            let into = &mut out[*seen];
            for (side, more) in [(&mut into.a, c.a), (&mut into.b, c.b)] {
                side.extend(more);
                side.sort_unstable();
                side.dedup();
            }
        } else {
            at.insert(key, out.len());
            out.push(c);
        }
    }
    out
}

/// An entry is disputed when a contradiction cites one of its reports, superseded when it is the
/// earlier side of an update, retracted when the outlet that told it denies it later.
fn dispute(desk: &Desk<'_>, drafts: &[Draft], out: &mut Comparisons) {
    let mut cited = Cited::default();
    let at = crate::facts::positions(&desk.docs);
    for c in &out.found {
        // Accounts of an act cite whole sentences, others the very clause of the report.
        let loose = LOOSE.contains(&c.why.rule.as_str());
        let put = |list: &mut Passages, side: &[Evidence]| {
            for e in side {
                list.entry(e.doc).or_default().push((e.span, loose));
            }
        };
        match c.kind {
            Relation::Contradiction => {
                put(&mut cited.disputed, &c.a);
                put(&mut cited.disputed, &c.b);
            }
            Relation::Denies => match taken_back(desk, &at, c) {
                Some(earlier) => put(&mut cited.retracted, earlier),
                None => {
                    put(&mut cited.disputed, &c.a);
                    put(&mut cited.disputed, &c.b);
                }
            },
            Relation::Updates if OVERTAKEN.contains(&c.why.rule.as_str()) => {
                put(&mut cited.superseded, &c.a);
            }
            _ => {}
        }
    }
    for (at, draft) in drafts.iter().enumerate() {
        let touches = |list: &Passages| {
            draft.reports.iter().any(|r| {
                let clause = desk.event(*r).clause;
                let own = list.get(&desk.docs[r.0].id()).into_iter().flatten();
                own.into_iter()
                    .any(|(span, loose)| *span == clause || (*loose && span.overlaps(clause)))
            })
        };
        if touches(&cited.disputed) {
            out.disputed.insert(at);
        }
        if touches(&cited.superseded) {
            out.superseded.insert(at);
        }
        if touches(&cited.retracted) {
            out.retracted.insert(at);
        }
    }
}

/// Passages by document, and whether their rule cites whole sentences.
type Passages = BTreeMap<Id, Vec<(Span, bool)>>;

#[derive(Default)]
struct Cited {
    disputed: Passages,
    superseded: Passages,
    retracted: Passages,
}

/// Rules that cite sentences.
const LOOSE: [&str; 4] = [
    "compare/actor",
    "compare/event-day",
    "compare/act-denied",
    "compare/state-moved-on",
];
/// Rules of an update after which the earlier side is history.
const OVERTAKEN: [&str; 2] = ["compare/plan-carried-out", "compare/state-moved-on"];

/// The earlier side of a denial, when one outlet takes back what it told.
fn taken_back<'c>(
    desk: &Desk<'_>,
    at: &BTreeMap<Id, usize>,
    c: &'c Comparison,
) -> Option<&'c [Evidence]> {
    let of = |side: &[Evidence]| {
        let doc = at.get(&side.first()?.doc)?;
        Some(desk.docs[*doc])
    };
    let (a, b) = (of(&c.a)?, of(&c.b)?);
    if a.copy.site.is_empty() || a.copy.site != b.copy.site {
        return None;
    }
    match a.published()?.cmp(&b.published()?) {
        std::cmp::Ordering::Less => Some(&c.a),
        std::cmp::Ordering::Greater => Some(&c.b),
        std::cmp::Ordering::Equal => None,
    }
}

impl Comparisons {
    /// What is to be said of an entry of so many origins: `retracted`, `disputed`, `superseded`,
    /// `corroborated`, `single-source`.
    pub(crate) fn status(&self, draft: usize, origins: usize) -> &'static str {
        if self.retracted.contains(&draft) {
            "retracted"
        } else if self.disputed.contains(&draft) {
            "disputed"
        } else if self.superseded.contains(&draft) {
            "superseded"
        } else if origins > 1 {
            "corroborated"
        } else {
            "single-source"
        }
    }
}

/// What an event is called in a topic.
pub(crate) fn topic(note: &EventNote) -> String {
    let names = |list: &[rapporteur_coder::Actor]| {
        let mut names: Vec<&str> = list.iter().map(|a| a.name.as_str()).collect();
        names.dedup();
        names.join(", ")
    };
    let mut out = note.kind.to_lowercase();
    let (source, target) = (names(&note.source), names(&note.target));
    if !source.is_empty() {
        out = format!("{out}: {source}");
    }
    if !target.is_empty() {
        out = format!("{out} → {target}");
    }
    if let Some((place, ..)) = &note.place {
        out = format!("{out} ({place})");
    }
    out
}

fn event_side(desk: &Desk<'_>, report: Report) -> Side {
    let note = desk.event(report);
    Side {
        doc: report.0,
        span: note.clause,
        value: note.words_of.clone(),
    }
}

/// The first report of each family, in canonical order.
fn one_a_family(desk: &Desk<'_>, reports: &[Report]) -> Vec<Report> {
    let mut best: BTreeMap<usize, Report> = BTreeMap::new();
    for report in reports {
        let family = desk.places[report.0].family;
        let slot = best.entry(family).or_insert(*report);
        let (old, new) = (desk.event(*slot), desk.event(*report));
        if detail(new) > detail(old) {
            *slot = *report;
        }
    }
    let mut out: Vec<Report> = best.into_values().collect();
    out.sort_unstable();
    out
}

/// How much a report tells: the fuller one stands for its family.
fn detail(note: &EventNote) -> usize {
    usize::from(note.date.is_some())
        + usize::from(note.place.is_some())
        + usize::from(!note.source.is_empty())
        + usize::from(!note.target.is_empty())
}

fn within_entry(desk: &Desk<'_>, draft: &Draft, out: &mut Comparisons) {
    let reports = one_a_family(desk, &draft.reports);
    let Some((first, rest)) = reports.split_first() else {
        return;
    };
    let a = desk.event(*first);
    for other in rest.iter().take(BESIDE) {
        let b = desk.event(*other);
        let (left, right) = (event_side(desk, *first), event_side(desk, *other));
        let said_alike = a.said_by.is_some() && a.said_by == b.said_by;
        let wire = |r: &Report| desk.wires[desk.places[r.0].family].clone();
        let one_wire = wire(first).is_some() && wire(first) == wire(other);
        let finer = match (&a.date, &b.date) {
            (Some(x), Some(y)) if x.precision != y.precision => Some(x.precision < y.precision),
            _ => None,
        };
        let (kind, rule, reason) = match finer {
            Some(first_finer) => (
                Relation::Refines,
                "compare/date-detail",
                if first_finer {
                    "the first gives the date more exactly; both dates hold"
                } else {
                    "the second gives the date more exactly; both dates hold"
                },
            ),
            None if said_alike || one_wire => continue,
            None => (
                Relation::Confirmed,
                "compare/same-event",
                "two independent texts tell the same event",
            ),
        };
        out.found
            .push(desk.compared(kind, topic(a), &left, Some(&right), Why::rule(rule, reason)));
    }
}

/// Entries of one kind told in different modality: a plan carried out, a report denied.
fn across_entries(desk: &Desk<'_>, drafts: &[Draft], out: &mut Comparisons) {
    let mut buckets: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        let note = desk.event(draft.reports[0]);
        let mut keys = desk.parties(draft.reports[0]).all.clone();
        keys.truncate(2);
        for key in keys {
            buckets
                .entry((note.kind.clone(), key))
                .or_default()
                .push(at);
        }
    }
    let mut seen = BTreeSet::new();
    for list in buckets.values() {
        for (i, a) in list.iter().enumerate() {
            for b in list.iter().skip(i + 1).take(AGAINST) {
                if seen.insert((*a, *b)) {
                    two_modalities(desk, drafts, *a, *b, out);
                }
            }
        }
    }
}

/// Points from which a plan and a deed, or a deed and its denial, are told of one event.
const ONE_EVENT: f64 = 4.2;

fn two_modalities(desk: &Desk<'_>, drafts: &[Draft], a: usize, b: usize, out: &mut Comparisons) {
    let (x, y) = (&drafts[a], &drafts[b]);
    let modality = |d: &Draft| desk.event(d.reports[0]).modality;
    let (plan, deed) = match (modality(x), modality(y)) {
        (Modality::Planned | Modality::Denied, Modality::Actual) => (x, y),
        (Modality::Actual, Modality::Planned | Modality::Denied) => (y, x),
        _ => return,
    };
    let denied = modality(plan) == Modality::Denied;
    let Some((p, d)) = told_of_one(desk, plan, deed) else {
        return;
    };
    if denied {
        if !(close(desk, p.0, d.0, 7) || undated(desk, p.0) || undated(desk, d.0)) {
            return;
        }
        out.disputed.extend([a, b]);
        out.found.push(desk.compared(
            Relation::Denies,
            topic(desk.event(d)),
            &event_side(desk, d),
            Some(&event_side(desk, p)),
            Why::rule("compare/denied", "one text reports it, the other denies it"),
        ));
        return;
    }
    let later = match (desk.docs[p.0].published(), desk.docs[d.0].published()) {
        (Some(before), Some(after)) => before < after,
        _ => false,
    };
    if later {
        out.found.push(desk.compared(
            Relation::Updates,
            topic(desk.event(d)),
            &event_side(desk, p),
            Some(&event_side(desk, d)),
            Why::rule(
                "compare/plan-carried-out",
                "planned in the earlier text, told as done in the later one",
            ),
        ));
    }
}

/// The two reports of a plan, or a denial, and of a deed that are most surely of one event.
fn told_of_one(desk: &Desk<'_>, plan: &Draft, deed: &Draft) -> Option<(Report, Report)> {
    let mut best: Option<(f64, Report, Report)> = None;
    for p in plan.reports.iter().take(6) {
        for d in deed.reports.iter().take(6) {
            let apart = desk.occasion(p.0, d.0) == Occasion::Different;
            let one = desk.places[p.0].family == desk.places[d.0].family;
            if one || apart || !desk.related(p.0, d.0) {
                continue;
            }
            let mut told = desk.event(*p).clone();
            told.modality = Modality::Actual;
            let fact = desk.event(*d);
            let named = shared(&told.trigger, &fact.trigger) > 0;
            let sides = (desk.parties(*p), desk.parties(*d));
            let points = likeness((&told, sides.0), (fact, sides.1));
            let points = points.filter(|n| *n >= ONE_EVENT && named);
            if let Some(points) = points
                && best.is_none_or(|(most, ..)| points > most)
            {
                best = Some((points, *p, *d));
            }
        }
    }
    best.map(|(_, plan, deed)| (plan, deed))
}

pub(crate) fn undated(desk: &Desk<'_>, doc: usize) -> bool {
    desk.docs[doc].published().is_none()
}

/// The wording of a state for a reader.
pub(crate) fn state_value(state: &StateNote) -> String {
    let not = if state.denied { "not " } else { "" };
    match &state.date {
        Some((day, _)) => format!("{not}{} ({day})", state.phase),
        None => format!("{not}{}", state.phase),
    }
}

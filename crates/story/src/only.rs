//! What only one of several accounts has: worth saying where another text covers the same process
//! and the thing is notable.

use std::collections::BTreeMap;

use rapporteur_base::Why;
use rapporteur_coder::Modality;

use crate::Relation;
use crate::compare::{Comparisons, Side, topic};
use crate::digest::line;
use crate::entries::{Desk, Draft};
use crate::facts::Leading;
use crate::figures::Group;
use crate::words::shared;

/// Such lines for one document and kind of thing.
const EVENTS: usize = 8;
const FIGURES: usize = 6;
const COMMITMENTS: usize = 5;
const STATES: usize = 4;
/// Documents in which a counted thing is looked for.
const BESIDE: usize = 40;
const POSITIONS: usize = 4;
/// Deeds that are worth a line with little detail.
const GRAVE: [&str; 9] = [
    "ASSAULT", "AGREE", "CONSULT", "SANCTION", "RETREAT", "COERCE", "CONCEDE", "AID", "PROTEST",
];

pub(crate) fn all(desk: &Desk<'_>, drafts: &[Draft], groups: &[Group], out: &mut Comparisons) {
    let accompanied = accompanied(desk);
    let mut compared: BTreeMap<rapporteur_base::Id, Vec<rapporteur_base::Span>> = BTreeMap::new();
    for e in out.found.iter().flat_map(|c| c.a.iter().chain(&c.b)) {
        compared.entry(e.doc).or_default().push(e.span);
    }
    let is_compared = |doc: usize, span: rapporteur_base::Span| {
        let spans = compared.get(&desk.docs[doc].id());
        spans.is_some_and(|spans| spans.iter().any(|s| s.overlaps(span)))
    };
    events(desk, drafts, &accompanied, &is_compared, out);
    figures(desk, groups, &accompanied, &is_compared, out);
    commitments(desk, &accompanied, &is_compared, out);
    states(desk, &accompanied, out);
    positions(desk, &accompanied, &is_compared, out);
}

/// Whether another text, no copy, covers the same process, for each document.
fn accompanied(desk: &Desk<'_>) -> Vec<bool> {
    let place = |doc: usize| (desk.places[doc].family, desk.places[doc].story);
    let leading = Leading::of(&desk.docs, place);
    let mut mates: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for doc in 0..desk.docs.len() {
        mates.entry(place(doc).1).or_default().push(doc);
    }
    let all = desk.docs.iter().enumerate();
    all.map(|(a, doc)| {
        let mut beside = mates.get(&place(a).1).into_iter().flatten();
        leading.elsewhere(doc, place(a))
            || beside.any(|b| place(*b).0 != place(a).0 && desk.related(a, *b))
    })
    .collect()
}

type IsCompared<'c> = &'c dyn Fn(usize, rapporteur_base::Span) -> bool;

/// How much an event is worth a line: what is dated, counted, placed, with both parties.
fn weight(desk: &Desk<'_>, draft: &Draft) -> usize {
    let note = desk.event(draft.reports[0]);
    let told = usize::from(!note.source.is_empty()) + usize::from(!note.target.is_empty());
    let bare = usize::from(matches!(
        note.modality,
        Modality::Actual | Modality::Planned | Modality::Denied
    ));
    2 * usize::from(note.date.is_some())
        + usize::from(note.place.is_some())
        + usize::from(!note.figures.is_empty())
        + told
        + bare
}

fn one_family(desk: &Desk<'_>, mut docs: impl Iterator<Item = usize>) -> bool {
    let Some(first) = docs.next() else {
        return false;
    };
    docs.all(|d| desk.places[d].family == desk.places[first].family)
}

fn events(
    desk: &Desk<'_>,
    drafts: &[Draft],
    accompanied: &[bool],
    is_compared: IsCompared<'_>,
    out: &mut Comparisons,
) {
    let mut by_doc: BTreeMap<usize, Vec<(usize, &Draft)>> = BTreeMap::new();
    for draft in drafts {
        let report = draft.reports[0];
        if accompanied[report.0]
            && one_family(desk, draft.reports.iter().map(|r| r.0))
            && !is_compared(report.0, desk.event(report).clause)
        {
            let weight = weight(desk, draft);
            let kind = desk.event(report).kind.as_str();
            if weight >= if GRAVE.contains(&kind) { 2 } else { 4 } {
                by_doc.entry(report.0).or_default().push((weight, draft));
            }
        }
    }
    for (doc, mut list) in by_doc {
        list.sort_by_key(|(weight, draft)| (std::cmp::Reverse(*weight), draft.reports[0]));
        for (_, draft) in list.into_iter().take(EVENTS) {
            let note = desk.event(draft.reports[0]);
            push(desk, doc, note.clause, topic(note), &note.words_of, out);
        }
    }
}

fn figures(
    desk: &Desk<'_>,
    groups: &[Group],
    accompanied: &[bool],
    is_compared: IsCompared<'_>,
    out: &mut Comparisons,
) {
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    for group in groups {
        let told = group.members[0];
        let note = desk.figure(told);
        if !accompanied[told.0]
            || !one_family(desk, group.members.iter().map(|m| m.0))
            || is_compared(told.0, note.context)
            || note.of.is_empty()
        {
            continue;
        }
        if let Some(event) = uncounted(desk, told) {
            let side = |doc, span, value: &str| Side {
                doc,
                span,
                value: value.to_owned(),
            };
            let other = desk.event(event);
            out.found.push(desk.compared(
                Relation::Refines,
                format!("number of {}", note.of),
                &side(told.0, note.context, &note.text),
                Some(&side(event.0, other.clause, &other.words_of)),
                Why::rule(
                    "compare/counted",
                    "one text counts what the other only names",
                ),
            ));
            continue;
        }
        let count = count.entry(told.0).or_default();
        *count += 1;
        if *count <= FIGURES {
            let topic = format!("number of {}", note.of);
            push(desk, told.0, note.context, topic, &note.text, out);
        }
    }
}

/// An event of another text that names what a figure counts, without a number.
fn uncounted(desk: &Desk<'_>, told: crate::figures::Told) -> Option<crate::entries::Report> {
    let note = desk.figure(told);
    let unit = crate::words::stem(&note.quantity.unit.to_lowercase());
    let others = (0..desk.docs.len()).filter(|d| {
        desk.places[*d].family != desk.places[told.0].family && desk.related(told.0, *d)
    });
    let events = others
        .take(BESIDE)
        .flat_map(|d| (0..desk.docs[d].events.len()).map(move |at| (d, at)));
    events
        .filter(|report| {
            let event = desk.event(*report);
            event.numbers.is_empty()
                && event.words.binary_search(&unit).is_ok()
                && event.modality == Modality::Actual
        })
        .map(|report| (shared(&note.around, &desk.event(report).words), report))
        .filter(|(common, _)| *common >= 4)
        .max_by_key(|(common, report)| (*common, std::cmp::Reverse(*report)))
        .map(|(_, report)| report)
}

fn commitments(
    desk: &Desk<'_>,
    accompanied: &[bool],
    is_compared: IsCompared<'_>,
    out: &mut Comparisons,
) {
    for (doc, digest) in desk
        .docs
        .iter()
        .enumerate()
        .filter(|(d, _)| accompanied[*d])
    {
        let own = digest.commitments.iter().filter(|c| {
            !is_compared(doc, c.span)
                && !desk.docs.iter().enumerate().any(|(other, d)| {
                    desk.places[other].family != desk.places[doc].family
                        && d.commitments
                            .iter()
                            .any(|o| shared(&o.words, &c.words) >= 2 && shared(&o.by, &c.by) > 0)
                })
        });
        for c in own.take(COMMITMENTS) {
            let topic = format!("commitment: {}", line(&c.what));
            push(desk, doc, c.span, topic, &line(&c.what), out);
        }
    }
}

/// Dated turns of a process that no other text tells at all.
fn states(desk: &Desk<'_>, accompanied: &[bool], out: &mut Comparisons) {
    for (doc, digest) in desk
        .docs
        .iter()
        .enumerate()
        .filter(|(d, _)| accompanied[*d])
    {
        let told = |s: &crate::StateNote| {
            desk.docs.iter().enumerate().any(|(other, d)| {
                desk.places[other].family != desk.places[doc].family
                    && d.states
                        .iter()
                        .any(|o| o.subject == s.subject && o.phase == s.phase)
            })
        };
        let id = digest.id();
        let own = digest
            .states
            .iter()
            .filter(|s| s.date.is_some() && !told(s));
        for s in own.take(STATES) {
            let cited = out.found.iter().any(|c| {
                c.kind == Relation::OnlyIn
                    && c.a.iter().any(|e| e.doc == id && e.span.overlaps(s.span))
            });
            if !cited {
                let topic = format!("when the {} were {}", s.subject, s.phase);
                let value = crate::compare::state_value(s);
                push(desk, doc, s.span, topic, &value, out);
            }
        }
    }
}

fn positions(
    desk: &Desk<'_>,
    accompanied: &[bool],
    is_compared: IsCompared<'_>,
    out: &mut Comparisons,
) {
    for (doc, digest) in desk
        .docs
        .iter()
        .enumerate()
        .filter(|(d, _)| accompanied[*d])
    {
        let own = digest.positions.iter().filter(|p| {
            !is_compared(doc, p.span)
                && !desk.docs.iter().enumerate().any(|(other, d)| {
                    desk.places[other].family != desk.places[doc].family
                        && d.positions
                            .iter()
                            .any(|o| o.holder == p.holder && shared(&o.words, &p.words) >= 2)
                })
        });
        for p in own.take(POSITIONS) {
            let topic = format!("position of {} on {}", p.holder, line(&p.issue));
            push(desk, doc, p.span, topic, &p.stance, out);
        }
    }
}

fn push(
    desk: &Desk<'_>,
    doc: usize,
    span: rapporteur_base::Span,
    topic: String,
    value: &str,
    out: &mut Comparisons,
) {
    let side = Side {
        doc,
        span,
        value: value.to_owned(),
    };
    out.found.push(desk.compared(
        Relation::OnlyIn,
        topic,
        &side,
        None,
        Why::rule(
            "compare/only-in",
            "no other text on this process tells it; silence is no denial",
        ),
    ));
}

//! Accounts of a process set against each other: its states, the extent of a measure, what was
//! undertaken, who wants what.

use std::collections::BTreeSet;

use rapporteur_base::{Interval, Precision, Why};

use crate::Relation;
use crate::cluster::day_number;
use crate::compare::{Comparisons, Side, state_value, undated};
use crate::digest::line;
use crate::entries::{Desk, overlap};
use crate::figures::close;
use crate::occasions::Occasion;
use crate::states::{StateNote, clash};
use crate::words::shared;

/// Documents that are set against each other one by one: one of each family, the first so many of
/// a story or process.
const SET_BESIDE: usize = 12;

/// Pairs of documents of different families on one process, each with few others.
fn pairs(desk: &Desk<'_>) -> Vec<(usize, usize)> {
    let mut families = BTreeSet::new();
    let firsts: Vec<usize> = (0..desk.docs.len())
        .filter(|at| families.insert(desk.places[*at].family))
        .collect();
    let mut out = Vec::new();
    for (i, a) in firsts.iter().enumerate() {
        let near = firsts.iter().skip(i + 1).filter(|b| desk.related(*a, **b));
        out.extend(near.take(SET_BESIDE).map(|b| (*a, *b)));
    }
    out
}

fn state_side(doc: usize, state: &StateNote) -> Side {
    Side {
        doc,
        span: state.span,
        value: state_value(state),
    }
}

/// Whether two states are of one process: same kind, same numbered round, two parties in common.
fn one_process(a: &StateNote, b: &StateNote) -> bool {
    a.subject == b.subject
        && !matches!((a.ordinal, b.ordinal), (Some(x), Some(y)) if x != y)
        && shared(&a.parties, &b.parties) >= 2
}

pub(crate) fn states(desk: &Desk<'_>, out: &mut Comparisons) {
    for (a, b) in pairs(desk) {
        let before = out.found.len();
        two_accounts(desk, (a, b), out);
        if desk.occasion(a, b) == Occasion::Different && !undated(desk, a) && !undated(desk, b) {
            // Two rounds of one process: the later may tell a later state, and nothing clashes.
            let new = out.found.split_off(before);
            out.found
                .extend(new.into_iter().filter(|c| !c.kind.is_conflict()));
        }
    }
}

fn two_accounts(desk: &Desk<'_>, (a, b): (usize, usize), out: &mut Comparisons) {
    called_off(desk, (a, b), out);
    called_off(desk, (b, a), out);
    let (x, y) = (&desk.docs[a].states, &desk.docs[b].states);
    let mut subjects: Vec<&str> = x.iter().map(|s| s.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    for subject in subjects {
        last_states(desk, (a, b), subject, out);
    }
    for s in x {
        for t in y.iter().filter(|t| s.phase == t.phase && one_process(s, t)) {
            if s.denied == t.denied {
                same_state(desk, (a, s), (b, t), out);
            } else {
                denied_state(desk, (a, s), (b, t), out);
            }
        }
    }
}

/// States of a thing that takes place, against those of one that does not.
const TAKEN_UP: [&str; 2] = ["held", "begun"];
const CALLED_OFF: [&str; 2] = ["postponed", "cancelled"];

/// One text tells that it takes place, the other, of the same days, that it was put off.
fn called_off(desk: &Desk<'_>, (a, b): (usize, usize), out: &mut Comparisons) {
    if !close(desk, a, b, 2) {
        return;
    }
    let own = |doc: usize, list: [&str; 2]| {
        let states = desk.docs[doc].states.iter();
        states
            .filter(|s| !s.denied && list.contains(&s.phase.as_str()))
            .collect::<Vec<_>>()
    };
    let (held, off) = (own(a, TAKEN_UP), own(b, CALLED_OFF));
    // A text that tells both tells a course of things.
    if !own(a, CALLED_OFF).is_empty() || !own(b, TAKEN_UP).is_empty() {
        return;
    }
    for x in &held {
        let Some(y) = off.iter().find(|y| one_process(x, y) && !dated_apart(x, y)) else {
            continue;
        };
        out.found.push(desk.compared(
            Relation::Contradiction,
            format!("whether the {} took place ({})", x.subject, common(x, y)),
            &state_side(a, x),
            Some(&state_side(b, y)),
            Why::rule(
                "compare/state-put-off",
                "one text tells that it takes place, the other that it was put off",
            ),
        ));
        return;
    }
}

/// The last word of a document on a process: the latest dated state, else the last told.
fn last_state<'d>(desk: &Desk<'d>, doc: usize, subject: &str) -> Option<&'d StateNote> {
    let own = || {
        desk.docs[doc]
            .states
            .iter()
            .filter(|s| s.subject == subject && !s.denied)
            .filter(|s| s.phase != "held" && s.phase != "begun")
            .filter(|s| subject != "talks" || (s.phase != "agreed" && s.phase != "extended"))
    };
    own()
        .filter(|s| s.date.is_some())
        .max_by_key(|s| s.date.as_ref().map(|(day, _)| day.clone()))
        .or_else(|| own().next_back())
}

fn last_states(desk: &Desk<'_>, docs: (usize, usize), subject: &str, out: &mut Comparisons) {
    let (a, b) = docs;
    let (Some(x), Some(y)) = (last_state(desk, a, subject), last_state(desk, b, subject)) else {
        return;
    };
    if !clash(&x.phase, &y.phase) || !one_process(x, y) {
        return;
    }
    let apart = match (desk.docs[a].published(), desk.docs[b].published()) {
        (Some(p), Some(q)) => Some(day_number(q) - day_number(p)),
        _ => None,
    };
    // A text that tells the other's state too tells a series, not another end of it.
    let tells = |doc: usize, phase: &str| {
        let own = desk.docs[doc].states.iter();
        own.filter(|s| s.subject == subject && !s.denied)
            .any(|s| s.phase == phase)
    };
    let (knows_b, knows_a) = (tells(a, &y.phase), tells(b, &x.phase));
    let (kind, rule, reason) = match apart {
        Some(days) if days > 2 && knows_b || days < -2 && knows_a => return,
        Some(days) if days.abs() > 2 => (
            Relation::Updates,
            "compare/state-moved-on",
            "the later text tells a later state of the process",
        ),
        _ if dated_apart(x, y) => return,
        // An undated state is of the days of its text: no later than a day of a week ago.
        _ if x.date.is_some() != y.date.is_some() && !of_these_days(desk, (a, x), (b, y)) => return,
        _ if knows_a || knows_b || x.ordinal != y.ordinal => return,
        _ => (
            Relation::Contradiction,
            "compare/state",
            "two last words on one process that cannot both hold",
        ),
    };
    let (first, second) = if apart.is_some_and(|d| d < 0) {
        (state_side(b, y), state_side(a, x))
    } else {
        (state_side(a, x), state_side(b, y))
    };
    out.found.push(desk.compared(
        kind,
        format!("state of the {subject} ({})", common(x, y)),
        &first,
        Some(&second),
        Why::rule(rule, reason),
    ));
}

/// Whether both texts are of one day or the next, and the day that one gives is of that week.
fn of_these_days(
    desk: &Desk<'_>,
    (a, x): (usize, &StateNote),
    (b, y): (usize, &StateNote),
) -> bool {
    let fresh = |doc: usize, s: &StateNote| {
        let told = s.date.as_ref().and_then(|(_, days)| days.as_ref()?.from);
        match (told, desk.docs[doc].published()) {
            (Some(day), Some(published)) => {
                (0..=7).contains(&(day_number(published) - day_number(day)))
            }
            _ => s.date.is_none(),
        }
    };
    close(desk, a, b, 1) && fresh(a, x) && fresh(b, y)
}

/// The parties that both name.
fn common(a: &StateNote, b: &StateNote) -> String {
    let both = a.parties.iter().filter(|p| b.parties.contains(p));
    both.cloned().collect::<Vec<_>>().join(", ")
}

/// Both carry a day, and the days differ: two states one after the other.
fn dated_apart(a: &StateNote, b: &StateNote) -> bool {
    matches!((&a.date, &b.date), (Some((x, _)), Some((y, _))) if x != y)
}

/// Phases that a process enters once in a while: another day for one of them, close by, is
/// another account of it. Meetings and signings may follow each other day by day.
const SINGULAR: [&str; 4] = ["resumed", "suspended", "begun", "concluded"];
/// Days within which two days of one phase are taken for one.
const CLOSE_BY: i32 = 3;

fn same_state(
    desk: &Desk<'_>,
    (a, x): (usize, &StateNote),
    (b, y): (usize, &StateNote),
    out: &mut Comparisons,
) {
    let (Some((p, p_days)), Some((q, q_days))) = (&x.date, &y.date) else {
        return;
    };
    let topic = format!("when the {} were {} ({})", x.subject, x.phase, common(x, y));
    let sides = (state_side(a, x), state_side(b, y));
    if p == q {
        if desk.origin_of(a, None) == desk.origin_of(b, None) {
            return;
        }
        out.found.push(desk.compared(
            Relation::Confirmed,
            topic,
            &sides.0,
            Some(&sides.1),
            Why::rule("compare/same-state", "two texts give the same day"),
        ));
        return;
    }
    let Some(apart) = days_apart((p, p_days.as_ref()), (q, q_days.as_ref())) else {
        return;
    };
    let once = |doc: usize, s: &StateNote| {
        let same = desk.docs[doc].states.iter();
        same.filter(|o| o.subject == s.subject && o.phase == s.phase && o.date.is_some())
            .count()
            == 1
    };
    let timely = close(desk, a, b, 30) || undated(desk, a) || undated(desk, b);
    if SINGULAR.contains(&x.phase.as_str())
        && (1..=CLOSE_BY).contains(&apart)
        && once(a, x)
        && once(b, y)
        && timely
    {
        out.found.push(desk.compared(
            Relation::Contradiction,
            topic,
            &sides.0,
            Some(&sides.1),
            Why::rule("compare/state-day", "two days for one turn of the process"),
        ));
    }
}

/// One text says that it came to it, the other that it did not.
fn denied_state(
    desk: &Desk<'_>,
    (a, x): (usize, &StateNote),
    (b, y): (usize, &StateNote),
    out: &mut Comparisons,
) {
    let (told, denied) = if x.denied { (b, a) } else { (a, b) };
    let later = match (desk.docs[told].published(), desk.docs[denied].published()) {
        (Some(p), Some(q)) => day_number(p) - day_number(q),
        _ => 0,
    };
    // Not yet so in an earlier text is no denial of what a later one tells.
    if dated_apart(x, y) || !(-30..=2).contains(&later) {
        return;
    }
    out.found.push(desk.compared(
        Relation::Denies,
        format!(
            "whether the {} were {} ({})",
            x.subject,
            x.phase,
            common(x, y)
        ),
        &state_side(a, x),
        Some(&state_side(b, y)),
        Why::rule(
            "compare/state-denied",
            "one text says that it came to it, the other that it did not",
        ),
    ));
}

/// Days between two day values: from the intervals, or, without a year on either side, from month
/// and day.
fn days_apart(a: (&str, Option<&Interval>), b: (&str, Option<&Interval>)) -> Option<i32> {
    if let (Some(x), Some(y)) = (a.1, b.1) {
        let day = |i: &Interval| {
            (i.precision == Precision::Day)
                .then_some(i.from)
                .flatten()
                .map(day_number)
        };
        return Some((day(x)? - day(y)?).abs());
    }
    let day = |value: &str| -> Option<(i32, i32)> {
        let tail = value.get(4..10)?;
        let (month, day) = tail.strip_prefix('-')?.split_once('-')?;
        Some((month.parse().ok()?, day.parse().ok()?))
    };
    let ((m, d), (n, e)) = (day(a.0)?, day(b.0)?);
    (m == n).then_some((d - e).abs())
}

/// Phases that a process only has when it takes place.
const TAKES_PLACE: [&str; 5] = ["begun", "held", "suspended", "resumed", "concluded"];

/// A state as evidence that there is a process at all; alike for every state, so that all texts
/// fold into one comparison.
fn existence(doc: usize, state: &StateNote) -> Side {
    Side {
        value: state.subject.clone(),
        ..state_side(doc, state)
    }
}

/// Two texts on one process of which nothing else was set side by side: that it takes place is
/// what they agree on.
pub(crate) fn processes(desk: &Desk<'_>, out: &mut Comparisons) {
    for (a, b) in pairs(desk) {
        let (p, q) = (desk.docs[a].id(), desk.docs[b].id());
        let mut done: Vec<&str> = Vec::new();
        for x in &desk.docs[a].states {
            let takes_place = |s: &StateNote| !s.denied && TAKES_PLACE.contains(&s.phase.as_str());
            let other = desk.docs[b]
                .states
                .iter()
                .find(|y| one_process(x, y) && takes_place(x) && takes_place(y));
            let Some(y) = other.filter(|_| !done.contains(&x.subject.as_str())) else {
                continue;
            };
            done.push(&x.subject);
            let set_beside = |e: &crate::Evidence, doc, span: rapporteur_base::Span| {
                e.doc == doc && e.span.overlaps(span)
            };
            let agreed = out.found.iter().any(|c| {
                c.a.iter().chain(&c.b).any(|e| set_beside(e, p, x.span))
                    && c.a.iter().chain(&c.b).any(|e| set_beside(e, q, y.span))
            });
            if agreed || desk.origin_of(a, None) == desk.origin_of(b, None) {
                continue;
            }
            out.found.push(desk.compared(
                Relation::Confirmed,
                format!("that the {} take place ({})", x.subject, common(x, y)),
                &existence(a, x),
                Some(&existence(b, y)),
                Why::rule(
                    "compare/same-process",
                    "two independent texts tell that the process takes place",
                ),
            ));
        }
    }
}

pub(crate) fn extents(desk: &Desk<'_>, out: &mut Comparisons) {
    for (a, b) in pairs(desk) {
        let mut best: Option<(usize, &crate::ExtentNote, &crate::ExtentNote)> = None;
        for x in &desk.docs[a].extents {
            for y in &desk.docs[b].extents {
                if x.measure != y.measure || x.strong == y.strong {
                    continue;
                }
                let common = shared(&x.words, &y.words);
                if common >= 2 && best.is_none_or(|(most, ..)| common > most) {
                    best = Some((common, x, y));
                }
            }
        }
        if let Some((_, x, y)) = best {
            let side = |doc, note: &crate::ExtentNote| Side {
                doc,
                span: note.span,
                value: note.word.clone(),
            };
            out.found.push(desk.compared(
                Relation::Refines,
                format!("extent: {} or {}", x.word, y.word),
                &side(a, x),
                Some(&side(b, y)),
                Why::rule(
                    "compare/extent",
                    "a stronger and a weaker word for one measure: both can hold, a reader must be told",
                ),
            ));
        }
    }
}

pub(crate) fn commitments(desk: &Desk<'_>, out: &mut Comparisons) {
    for (a, b) in pairs(desk) {
        for x in &desk.docs[a].commitments {
            let near = desk.docs[b]
                .commitments
                .iter()
                .filter(|y| shared(&x.by, &y.by) > 0 && shared(&x.words, &y.words) >= 2);
            let best = near
                .map(|y| (overlap(&x.words, &y.words), y))
                .max_by(|p, q| p.0.total_cmp(&q.0));
            let Some((alike, y)) = best.filter(|(alike, _)| *alike >= 0.45) else {
                continue;
            };
            let (kind, rule, reason) = match (&x.due, &y.due) {
                (Some((_, Some(p))), Some((_, Some(q)))) if !p.overlaps(q) => {
                    let apart = desk.occasion(a, b) == Occasion::Different;
                    if alike < 0.8 || apart || !close(desk, a, b, 30) {
                        continue;
                    }
                    (
                        Relation::Contradiction,
                        "compare/deadline",
                        "two deadlines for one undertaking",
                    )
                }
                (Some(_), None) | (None, Some(_)) => (
                    Relation::Refines,
                    "compare/deadline-detail",
                    "only one of the two gives a deadline",
                ),
                _ if x.strength != y.strength => (
                    Relation::Refines,
                    "compare/certainty",
                    "the same undertaking, told more and less firmly",
                ),
                _ => (
                    Relation::Confirmed,
                    "compare/same-commitment",
                    "two independent texts tell the same undertaking",
                ),
            };
            if kind == Relation::Confirmed && desk.origin_of(a, None) == desk.origin_of(b, None) {
                continue;
            }
            out.found.push(desk.compared(
                kind,
                format!("commitment: {}", line(&x.what)),
                &undertaking(a, x),
                Some(&undertaking(b, y)),
                Why::rule(rule, reason),
            ));
        }
    }
}

fn undertaking(doc: usize, note: &crate::CommitmentNote) -> Side {
    Side {
        doc,
        span: note.span,
        value: match &note.due {
            Some((due, _)) => format!("{} ({due})", line(&note.what)),
            None => line(&note.what),
        },
    }
}

pub(crate) fn positions(desk: &Desk<'_>, out: &mut Comparisons) {
    for (a, b) in pairs(desk) {
        for x in &desk.docs[a].positions {
            let near = desk.docs[b].positions.iter().filter(|y| {
                x.holder == y.holder
                    && shared(&x.words, &y.words) >= 1
                    && overlap(&x.words, &y.words) >= 0.4
            });
            let best = near
                .max_by(|p, q| overlap(&x.words, &p.words).total_cmp(&overlap(&x.words, &q.words)));
            let Some(y) = best else { continue };
            let opposed = matches!(
                (x.stance.as_str(), y.stance.as_str()),
                ("for", "against") | ("against", "for")
            );
            let alike = overlap(&x.words, &y.words) >= 0.7;
            let (kind, rule, reason) = match (opposed, x.stance == y.stance) {
                (true, _) if alike && close(desk, a, b, 7) => (
                    Relation::Contradiction,
                    "compare/stance",
                    "one holder is said to be for and against the same",
                ),
                (false, true) => (
                    Relation::Confirmed,
                    "compare/same-stance",
                    "two independent texts give the same position",
                ),
                _ => continue,
            };
            if kind == Relation::Confirmed && desk.origin_of(a, None) == desk.origin_of(b, None) {
                continue;
            }
            let side = |doc, note: &crate::PositionNote| Side {
                doc,
                span: note.span,
                value: format!("{}: {}", note.stance, line(&note.issue)),
            };
            out.found.push(desk.compared(
                kind,
                format!("position of {} on {}", x.holder, line(&x.issue)),
                &side(a, x),
                Some(&side(b, y)),
                Why::rule(rule, reason),
            ));
        }
    }
}

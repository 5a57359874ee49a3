//! Two numbers for one thing: whether one number satisfies both, and what it means when none does.

use std::collections::BTreeSet;

use rapporteur_base::{Operator, Why};

use super::{Comparisons, Side};
use crate::cluster::day_number;
use crate::entries::Desk;
use crate::figures::{Group, Same, agree};
use crate::occasions::Occasion;
use crate::{Comparison, Relation};

/// Days within which a standing number ("troops in the country") is the same state of things.
const STANDING: i32 = 45;

pub(super) fn figures(desk: &Desk<'_>, group: &Group, out: &mut Comparisons) {
    let mut done: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (i, first) in group.members.iter().enumerate() {
        for other in group.members.iter().skip(i + 1).take(24) {
            let (p, q) = (desk.places[first.0].family, desk.places[other.0].family);
            if (p == q && first.0 != other.0) || !done.insert((p.min(q), p.max(q))) {
                continue;
            }
            if let Some(comparison) = two_figures(desk, *first, *other) {
                // Confirmations are set against the first text only.
                if i == 0 || comparison.kind != Relation::Confirmed {
                    out.found.push(comparison);
                }
            } else {
                done.remove(&(p.min(q), p.max(q)));
            }
        }
    }
}

fn two_figures(desk: &Desk<'_>, a: (usize, usize), b: (usize, usize)) -> Option<Comparison> {
    let (x, y) = (desk.figure(a), desk.figure(b));
    let (p, q) = (&x.quantity, &y.quantity);
    let side = |at: (usize, usize)| Side {
        doc: at.0,
        span: desk.figure(at).context,
        value: desk.figure(at).text.clone(),
    };
    let days = match (desk.docs[a.0].published(), desk.docs[b.0].published()) {
        (Some(m), Some(n)) => Some(day_number(n) - day_number(m)),
        _ => None,
    };
    let (kind, rule, reason) = if agree(p, q) {
        agreeing_figures(desk, a, b, days)?
    } else {
        clashing_figures(desk, a, b, days)?
    };
    Some(desk.compared(
        kind,
        format!("number of {}", x.of),
        &side(a),
        Some(&side(b)),
        Why::rule(rule, reason),
    ))
}

/// Two wordings of a number that one number can satisfy.
fn agreeing_figures(
    desk: &Desk<'_>,
    a: (usize, usize),
    b: (usize, usize),
    days: Option<i32>,
) -> Option<Verdict> {
    let (x, y) = (desk.figure(a), desk.figure(b));
    let (p, q) = (&x.quantity, &y.quantity);
    if a.0 == b.0 {
        return None;
    }
    let size = |q: &rapporteur_base::Quantity| q.value.or(q.low).or(q.high).unwrap_or(0.0);
    let alike = p.value.is_some() && p.value == q.value || (p.low, p.high) == (q.low, q.high);
    if alike {
        let claimed = |told: (usize, usize)| {
            let context = desk.figure(told).context;
            let acts = &desk.docs[told.0].acts;
            acts.iter()
                .any(|act| act.said && act.span.overlaps(context))
        };
        if claimed(a) != claimed(b) {
            return Some((
                Relation::AttributesOnly,
                "compare/figure-said",
                "one text gives the number, the other only as somebody's claim",
            ));
        }
        let independent =
            desk.origin_of(a.0, x.by.as_deref()) != desk.origin_of(b.0, y.by.as_deref());
        return independent.then_some((
            Relation::Confirmed,
            "compare/same-figure",
            "two independent texts give the same number",
        ));
    }
    let grows = days.is_some_and(|d| d > 0) && size(q) > size(p);
    if grows && matches!(p.op, Operator::Over | Operator::AtLeast) {
        return Some((
            Relation::Updates,
            "compare/figure-grew",
            "the later text gives a higher number that the earlier bound allows",
        ));
    }
    Some((
        Relation::Refines,
        "compare/figure-detail",
        "one number satisfies both wordings",
    ))
}

type Verdict = (Relation, &'static str, &'static str);

/// Two numbers for one thing that cannot both hold, if they are told of one time.
fn clashing_figures(
    desk: &Desk<'_>,
    a: (usize, usize),
    b: (usize, usize),
    days: Option<i32>,
) -> Option<Verdict> {
    let (x, y) = (desk.figure(a), desk.figure(b));
    let occasion = desk.occasion(a.0, b.0);
    let places = matches!((&x.place, &y.place), (Some(p), Some(q)) if p != q);
    let open = occasion != Occasion::Same && x.place != y.place;
    if crate::figures::scopes(x, y) != Some(Same::Surely) || places || open {
        return None;
    }
    // "Within five days" and "within ten days" measure two things; only the same words in two texts
    // can measure one.
    let alone = occasion == Occasion::Same && crate::figures::sole(desk, a, b);
    if desk.unit(a).bare && !alone && (a.0 == b.0 || x.words != y.words || x.words.len() < 2) {
        return None;
    }
    let size = |n: &crate::FigureNote| n.quantity.value.or(n.quantity.low).unwrap_or(0.0);
    let counted = crate::figures::rises(x);
    match days {
        Some(d) if counted && d > 0 && size(y) > size(x) => {
            return Some((
                Relation::Updates,
                "compare/toll-rose",
                "the later text gives a higher toll of the same event",
            ));
        }
        Some(d) if !counted && d > STANDING => {
            return Some((
                Relation::Updates,
                "compare/figure-changed",
                "the later text gives another number",
            ));
        }
        None if !counted && desk.places[a.0].story != desk.places[b.0].story => return None,
        _ => {}
    }
    if a.0 == b.0 && (x.as_of != y.as_of || x.by != y.by || x.context == y.context) {
        return None;
    }
    if a.0 == b.0 {
        return Some((
            Relation::Contradiction,
            "compare/self-contradiction",
            "the page contradicts itself: two numbers for one thing",
        ));
    }
    Some((
        Relation::Contradiction,
        "compare/number",
        "two numbers for the same thing at the same time that cannot both hold",
    ))
}

//! Whether two documents tell one occasion, and what their tellings of its acts say against or
//! beside each other. Identity is settled here before any value is compared.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Id, Span, Why};

use crate::Relation;
use crate::acts::ActNote;
use crate::compare::{Comparisons, Side};
use crate::entries::Desk;
use crate::figures::agree;
use crate::words::shared;

/// What is known of two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// They tell an act of one kind, place or parties, on days that can be one.
    Same,
    /// They tell such acts on days or in rounds that cannot be one.
    Different,
    /// Neither: nothing that both tell.
    Unknown,
}

/// Days between two accounts of one day: "on Tuesday" and "on Monday" may be one night.
const CLOSE: i32 = 2;
/// Days of publication within which texts without dates are about one occasion.
const TIMELY: i32 = 4;

impl Desk<'_> {
    fn day_published(&self, doc: usize) -> Option<i32> {
        self.facts[doc].day
    }

    /// Whether two documents tell one occasion.
    pub(crate) fn occasion(&self, a: usize, b: usize) -> Occasion {
        if a == b || self.places[a].family == self.places[b].family {
            return Occasion::Same;
        }
        let own = |doc: usize| self.docs[doc].acts.iter().filter(|x| !x.ahead);
        let mut near = false;
        for x in own(a) {
            for y in own(b) {
                if self.one_act((a, x), (b, y)) == Some(true) {
                    return Occasion::Same;
                }
                near |= self.may_be_one((a, x), (b, y));
            }
        }
        // What an article tells first of a kind is its news; the rest is how it came to it. A head
        // without a day tells the same as the first sentence that has one.
        let told = |o: &ActNote| o.day().is_some() || o.ordinal.is_some();
        let apart = own(a).any(|x| {
            let first = |doc: usize| own(doc).find(|o| o.kind == x.kind && told(o));
            let news = first(a).is_some_and(|o| std::ptr::eq(o, x));
            let other = first(b).filter(|_| news);
            other.is_some_and(|y| self.one_act((a, x), (b, y)) == Some(false))
        });
        match (apart, near) {
            (true, _) => Occasion::Different,
            (_, true) => Occasion::Same,
            _ => Occasion::Unknown,
        }
    }

    /// One act by its days (`Some(true)`), two by their days or numbers (`Some(false)`), or open.
    fn one_act(&self, (a, x): (usize, &ActNote), (b, y): (usize, &ActNote)) -> Option<bool> {
        if !alike(x, y) {
            return None;
        }
        if let (Some(m), Some(n)) = (x.ordinal, y.ordinal)
            && m != n
        {
            return Some(false);
        }
        let early = |published: Option<i32>, day: Option<i32>| matches!((published, day), (Some(p), Some(d)) if p < d);
        if early(self.day_published(a), y.day()) || early(self.day_published(b), x.day()) {
            return Some(false);
        }
        match (x.day(), y.day()) {
            (Some(m), Some(n)) if m == n => Some(true),
            (Some(m), Some(n)) if (m - n).abs() > CLOSE => Some(false),
            _ => None,
        }
    }

    /// Acts that can be one: undated, or a day or two apart, in texts of the same days.
    fn may_be_one(&self, (a, x): (usize, &ActNote), (b, y): (usize, &ActNote)) -> bool {
        let timely = match (self.day_published(a), self.day_published(b)) {
            (Some(p), Some(q)) => (p - q).abs() <= TIMELY,
            _ => false,
        };
        timely && alike(x, y) && self.one_act((a, x), (b, y)) != Some(false)
    }

    /// Whether the documents give one number of one kind.
    fn agree_on_a_number(&self, a: usize, b: usize) -> bool {
        self.docs[a].figures.iter().any(|x| {
            self.docs[b].figures.iter().any(|y| {
                x.fate == y.fate
                    && x.quantity.value.is_some()
                    && shared(&x.words, &y.words) > 0
                    && agree(&x.quantity, &y.quantity)
            })
        })
    }
}

/// Whether two tellings can be of one act: kind, place and parties do not speak against it, and
/// something speaks for it.
fn alike(x: &ActNote, y: &ActNote) -> bool {
    if x.kind != y.kind {
        return false;
    }
    let common = shared(&x.parties, &y.parties);
    match (&x.place, &y.place) {
        (Some(p), Some(q)) => p == q || (x.spot.is_some() && x.spot == y.spot),
        _ if x.mutual => common >= 2,
        _ => common >= 1,
    }
}

/// Acts of one kind and place or party that are set against each other.
const AGAINST: usize = 40;

/// Everything that two texts say of one act.
pub(crate) fn acts(desk: &Desk<'_>, out: &mut Comparisons) {
    let known = known(out);
    let mut done = BTreeSet::new();
    for (a, b) in beside_each_other(desk) {
        let (x, y) = (&desk.docs[a.0].acts[a.1], &desk.docs[b.0].acts[b.1]);
        let Some((kind, rule, reason)) = verdict(desk, (a.0, x), (b.0, y)) else {
            continue;
        };
        let (p, q) = (desk.docs[a.0].id(), desk.docs[b.0].id());
        let told = known.get(&(p.min(q), p.max(q))).into_iter().flatten();
        let sides = if p <= q {
            (x.span, y.span)
        } else {
            (y.span, x.span)
        };
        let mut told = told.filter(|(conflict, ..)| *conflict == kind.is_conflict());
        if told.any(|(_, m, n)| m.overlaps(sides.0) && n.overlaps(sides.1)) {
            continue;
        }
        let families = (desk.places[a.0].family, desk.places[b.0].family);
        if !done.insert((families, x.kind.clone(), rule)) {
            continue;
        }
        let value = |act: &ActNote| match rule {
            "compare/actor" | "compare/attributed" => act.doers.join(", "),
            "compare/event-day" | "compare/deadline" => days(act),
            _ => act.text.clone(),
        };
        let side = |doc: usize, act: &ActNote| Side {
            doc,
            span: act.span,
            value: value(act),
        };
        out.found.push(desk.compared(
            kind,
            topic(x, y),
            &side(a.0, x),
            Some(&side(b.0, y)),
            Why::rule(rule, reason),
        ));
    }
}

/// An act: document and position in its notes.
type Told = (usize, usize);

/// Acts of one kind that share a place or a party, told within a week in texts that are no copies.
fn beside_each_other(desk: &Desk<'_>) -> BTreeSet<(Told, Told)> {
    let mut buckets: BTreeMap<(&str, &str), Vec<Told>> = BTreeMap::new();
    for (doc, digest) in desk.docs.iter().enumerate() {
        for (at, act) in digest.acts.iter().enumerate() {
            let spot = act.spot.iter().filter(|s| Some(*s) != act.place.as_ref());
            let keys = act.place.iter().chain(spot).chain(&act.parties);
            for key in keys {
                let list = buckets.entry((&act.kind, key)).or_default();
                list.push((doc, at));
            }
        }
    }
    let mut pairs = BTreeSet::new();
    for list in buckets.values() {
        for (i, a) in list.iter().enumerate() {
            let near = list
                .iter()
                .skip(i + 1)
                .take_while(|b| timely(desk, a.0, b.0));
            for b in near.take(AGAINST) {
                if desk.places[a.0].family != desk.places[b.0].family {
                    pairs.insert((*a, *b));
                }
            }
        }
    }
    pairs
}

type Sides = (bool, Span, Span);

/// Passages that are set beside each other already, by documents in the order of their ids.
fn known(out: &Comparisons) -> BTreeMap<(Id, Id), Vec<Sides>> {
    let mut known: BTreeMap<(Id, Id), Vec<Sides>> = BTreeMap::new();
    for c in &out.found {
        for a in &c.a {
            for b in &c.b {
                let (p, q) = if a.doc <= b.doc { (a, b) } else { (b, a) };
                let sides = (c.kind.is_conflict(), p.span, q.span);
                // Two numbers in a sentence say nothing of its day or doer.
                if !c.topic.starts_with("number of") {
                    known.entry((p.doc, q.doc)).or_default().push(sides);
                }
            }
        }
    }
    known
}

/// Published within a week of each other; undated texts are never called timely.
fn timely(desk: &Desk<'_>, a: usize, b: usize) -> bool {
    crate::figures::close(desk, a, b, 7)
}

fn days(act: &ActNote) -> String {
    let date = act.date.and_then(|d| if act.ahead { d.to } else { d.from });
    date.map_or(String::new(), |d| d.to_string())
}

fn topic(x: &ActNote, y: &ActNote) -> String {
    let place = x.place.as_ref().or(y.place.as_ref());
    let common: Vec<&str> = x
        .parties
        .iter()
        .filter(|p| y.parties.contains(p))
        .map(String::as_str)
        .collect();
    let spot = place.map_or(String::new(), |p| format!(" in {p}"));
    let who = if common.is_empty() {
        String::new()
    } else {
        format!(" ({})", common.join(", "))
    };
    format!("{}{spot}{who}", x.kind)
}

type Verdict = (Relation, &'static str, &'static str);

fn verdict(
    desk: &Desk<'_>,
    (a, x): (usize, &ActNote),
    (b, y): (usize, &ActNote),
) -> Option<Verdict> {
    if !alike(x, y) || x.ahead != y.ahead {
        return None;
    }
    let occasion = desk.occasion(a, b);
    if x.ahead {
        let one = occasion != Occasion::Different || (x.standing && y.standing);
        return if one { deadlines(x, y) } else { None };
    }
    if occasion != Occasion::Same || desk.one_act((a, x), (b, y)) == Some(false) {
        return None;
    }
    let same_doer = shared_any(&x.doers, &y.doers);
    let together = x.mutual && shared(&x.parties, &y.parties) >= 2;
    if x.denied != y.denied {
        return (same_doer || together).then_some((
            Relation::Denies,
            "compare/act-denied",
            "one text tells the act, the other denies it",
        ));
    }
    if x.denied {
        return None;
    }
    let others = !x.doers.is_empty() && !y.doers.is_empty() && !same_doer;
    if others {
        let place = x.place.is_some() && (x.place == y.place || x.spot == y.spot);
        let one = (place && beside(x, y)) || desk.agree_on_a_number(a, b);
        return one.then_some((
            Relation::Contradiction,
            "compare/actor",
            "two doers of one act",
        ));
    }
    if let (Some(m), Some(n)) = (x.day(), y.day())
        && m != n
    {
        return Some((
            Relation::Contradiction,
            "compare/event-day",
            "two days of one act",
        ));
    }
    if x.said != y.said && same_doer {
        return Some((
            Relation::AttributesOnly,
            "compare/attributed",
            "one text tells it, the other only that somebody says so",
        ));
    }
    None
}

fn shared_any(a: &[String], b: &[String]) -> bool {
    a.iter().any(|x| b.contains(x))
}

/// Whether the two sentences share a topic word besides the act and the place.
fn beside(x: &ActNote, y: &ActNote) -> bool {
    let place = x.place.as_deref().unwrap_or("");
    let own = crate::words::content(place);
    let common = x.words.iter().filter(|w| y.words.contains(w));
    let plain = |w: &&String| !own.contains(w) && !w.bytes().any(|b| b.is_ascii_digit());
    common.filter(plain).count() >= 2
}

/// Two days by which, or on which, one thing is to be done.
fn deadlines(x: &ActNote, y: &ActNote) -> Option<Verdict> {
    let (p, q) = (x.date?, y.date?);
    let (m, n) = (x.day()?, y.day()?);
    if x.denied || y.denied || m == n {
        return None;
    }
    let within = |a: &rapporteur_base::Interval, b: &rapporteur_base::Interval| {
        a.from.is_some() && b.from.is_some() && (a.contains(b) || b.contains(a))
    };
    if within(&p, &q) {
        return Some((
            Relation::Refines,
            "compare/deadline-detail",
            "one gives the day more exactly; both hold",
        ));
    }
    Some((
        Relation::Contradiction,
        "compare/deadline",
        "two days for one thing to come",
    ))
}

//! Numbers for one thing, side by side.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Id, Operator, Precision, Quantity};

use crate::digest::FigureNote;
use crate::entries::{Desk, Draft, overlap};
use crate::occasions::Occasion;
use crate::words::shared;
use crate::{Comparison, FigureEntry, cluster::day_number};

/// One figure: document and position in its notes.
pub(crate) type Told = (usize, usize);

/// Figures that count the same thing.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) members: Vec<Told>,
}

/// How sure it is that two figures count the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Same {
    /// One text says less of what is counted: agreement counts, disagreement does not.
    Perhaps,
    /// Unit, scope, fate, place and event agree.
    Surely,
}

/// Units of stretches and shares: the unit says nothing of what is measured.
const BARE: [&str; 14] = [
    "year",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "percent",
    "%",
    "usd",
    "eur",
    "gbp",
    "kilometre",
    "kilometer",
    "mile",
];

impl Desk<'_> {
    pub(crate) fn figure(&self, at: Told) -> &FigureNote {
        &self.docs[at.0].figures[at.1]
    }

    pub(crate) fn unit(&self, at: Told) -> &Unit {
        &self.facts[at.0].units[at.1]
    }

    /// Figures of a document in the unit of another.
    fn alike(&self, doc: usize, of: Told) -> impl Iterator<Item = &FigureNote> {
        let name = &self.unit(of).name;
        let own = self.docs[doc].figures.iter().zip(&self.facts[doc].units);
        own.filter(move |(_, unit)| unit.name == *name)
            .map(|(note, _)| note)
    }
}

/// The groups in canonical order. `drafts` tells which event a figure belongs to.
pub(crate) fn groups(desk: &Desk<'_>, drafts: &[Draft]) -> Vec<Group> {
    let mut event_of: BTreeMap<Told, usize> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        for report in &draft.reports {
            for figure in &desk.event(*report).figures {
                if *figure < desk.docs[report.0].figures.len() {
                    event_of.insert((report.0, *figure), at);
                }
            }
        }
    }
    let mut out: Vec<Group> = Vec::new();
    let mut by_unit: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for doc in 0..desk.docs.len() {
        for at in 0..desk.docs[doc].figures.len() {
            let told = (doc, at);
            let unit = desk.unit(told).name.as_str();
            let near = by_unit.get(unit).into_iter().flatten();
            let home = near.rev().take(LOOKED_AT).find(|group| {
                let members = &out[**group].members;
                belongs(desk, &event_of, members, told)
            });
            match home.copied() {
                Some(group) => out[group].members.push(told),
                None => {
                    by_unit.entry(unit).or_default().push(out.len());
                    out.push(Group {
                        members: vec![told],
                    });
                }
            }
        }
    }
    out
}

/// Whether a figure counts the same as every member of a group.
fn belongs(
    desk: &Desk<'_>,
    event_of: &BTreeMap<Told, usize>,
    members: &[Told],
    told: Told,
) -> bool {
    let mut surely = false;
    for other in members {
        match same(desk, event_of, *other, told) {
            None => return false,
            Some(sure) => surely |= sure == Same::Surely,
        }
    }
    let fits = |o: &Told| agree(&desk.figure(*o).quantity, &desk.figure(told).quantity);
    surely || members.iter().all(fits)
}

/// Groups of one unit that are looked at for one figure, the newest first.
const LOOKED_AT: usize = 300;

/// The unit of a figure, stemmed.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) name: String,
    /// Whether it says nothing of what is measured: lengths of time, shares, money, distances.
    pub(crate) bare: bool,
}

impl Unit {
    pub(crate) fn of(quantity: &Quantity) -> Self {
        let name = unit(quantity);
        Self {
            bare: is_bare(&name),
            name,
        }
    }
}

fn unit(quantity: &Quantity) -> String {
    let low = quantity.unit.to_lowercase();
    let last = low.split_whitespace().last().unwrap_or("");
    // "Another 40 people" and "40 others" count the same.
    let last = match last {
        "others" | "persons" | "person" | "dead" | "bodies" | "victims" => "people",
        other => other,
    };
    crate::words::stem(last)
}

fn is_bare(unit: &str) -> bool {
    // "day" is too short to stem, "days" is not: both forms count.
    let names = |b: &str| b == unit || crate::words::stem(&format!("{b}s")) == unit;
    unit.is_empty() || BARE.iter().any(|b| names(b))
}

/// Whether two figures count the same thing; `None` when they do not, or nobody can tell.
pub(crate) fn same(
    desk: &Desk<'_>,
    event_of: &BTreeMap<Told, usize>,
    a: Told,
    b: Told,
) -> Option<Same> {
    let (x, y) = (desk.figure(a), desk.figure(b));
    if desk.unit(a).name != desk.unit(b).name || x.fate != y.fate {
        return None;
    }
    let copied = desk.places[a.0].family == desk.places[b.0].family && x.around == y.around;
    if copied && x.text == y.text {
        return Some(Same::Surely);
    }
    // What the two notes say is asked first: it costs less than what their texts are about.
    let mut sure = noted_alike(x, y, desk.unit(a))?;
    let bare = desk.unit(a).bare;
    let occasion = desk.occasion(a.0, b.0);
    if x.place.is_some() != y.place.is_some() && occasion != Occasion::Same {
        sure = Same::Perhaps;
    }
    if occasion == Occasion::Different && !(standing(x) && standing(y)) {
        return None;
    }
    let around = overlap(&x.around, &y.around);
    if a.0 == b.0 && around < 0.5 && !agree(&x.quantity, &y.quantity) {
        // "64 prisoners … five of the prisoners": two numbers of one text are two things, unless it
        // says nearly the same sentence twice.
        return None;
    }
    let alone = bare && occasion == Occasion::Same && sole(desk, a, b);
    let vague = around < 0.35 || x.words.len().min(y.words.len()) < 2;
    if (bare && vague && !alone) || !best_match(desk, a, b) {
        return None;
    }
    let hurt = x.fate.is_some();
    match (event_of.get(&a), event_of.get(&b)) {
        (Some(p), Some(q)) if p == q => return Some(sure),
        (Some(_), Some(_)) if hurt && occasion != Occasion::Same => return None,
        _ => {}
    }
    let one = if occasion == Occasion::Same {
        true
    } else if hurt {
        let near = close(desk, a.0, b.0, 2) && desk.places[a.0].story == desk.places[b.0].story;
        near && x.place == y.place && around >= if x.place.is_some() { 0.4 } else { 0.6 }
    } else {
        desk.related(a.0, b.0) && around >= 0.12
    };
    one.then_some(sure)
}

/// How sure two notes of one unit and fate are by themselves, whatever their texts are about.
fn noted_alike(x: &FigureNote, y: &FigureNote, unit: &Unit) -> Option<Same> {
    let sure = scopes(x, y)?;
    let places = matches!((&x.place, &y.place), (Some(p), Some(q)) if p != q);
    let days = matches!((&x.as_of, &y.as_of), (Some(p), Some(q)) if !p.overlaps(q));
    // Dead are dead, whatever the word for them.
    let people = x.fate.is_some() && unit.name == crate::words::stem("people");
    let worded = people || overlap(&x.words, &y.words) >= 0.5;
    (!places && !days && worded).then_some(sure)
}

/// Whose and what kind of people are counted: `None` where it is others, `Perhaps` where one text
/// leaves open what the other says.
pub(crate) fn scopes(x: &FigureNote, y: &FigureNote) -> Option<Same> {
    let common = shared(&x.scope, &y.scope);
    let left = |a: &FigureNote, b: &FigureNote| -> Vec<String> {
        let own = a.scope.iter().filter(|s| !b.scope.contains(s));
        own.cloned().collect()
    };
    match (x.scope.len() - common, y.scope.len() - common) {
        (0, 0) => Some(Same::Surely),
        (0, _) | (_, 0) => {
            let more: Vec<String> = left(x, y).into_iter().chain(left(y, x)).collect();
            let told = more.iter().all(|s| is_whose(s)) && shared(&x.whose, &y.whose) > 0;
            Some(if told { Same::Surely } else { Same::Perhaps })
        }
        _ => None,
    }
}

/// How well the wordings of two figures fit.
fn fit(p: &FigureNote, q: &FigureNote) -> f64 {
    let worded = overlap(&p.words, &q.words) + overlap(&p.around, &q.around);
    worded
        + if agree(&p.quantity, &q.quantity) {
            0.5
        } else {
            0.0
        }
}

/// Whether two numbers are each other's fellow among those of their texts: "64 prisoners" and "five
/// of the prisoners" in one text are two things, and each has its own in the next. The best fitting
/// pair is taken first, then the best of the rest.
fn best_match(desk: &Desk<'_>, a: Told, b: Told) -> bool {
    if a.0 == b.0 {
        return true;
    }
    let of = desk.figure(a);
    // A number told again in the same text is the same number.
    let own = |doc: usize| {
        let mut out: Vec<Vec<&FigureNote>> = Vec::new();
        for note in desk.alike(doc, a).filter(|f| f.fate == of.fate) {
            match out.iter_mut().find(|g| g[0].quantity == note.quantity) {
                Some(group) => group.push(note),
                None => out.push(vec![note]),
            }
        }
        out
    };
    let (mine, theirs) = (own(a.0), own(b.0));
    if mine.len() < 2 && theirs.len() < 2 {
        return true;
    }
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, p) in mine.iter().enumerate() {
        for (j, q) in theirs.iter().enumerate() {
            let fits = p.iter().flat_map(|x| q.iter().map(|y| fit(x, y)));
            pairs.push((fits.fold(0.0, f64::max), i, j));
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let holds = |group: &[&FigureNote], told: Told| group[0].quantity == desk.figure(told).quantity;
    let (mut left, mut right) = (BTreeSet::new(), BTreeSet::new());
    for (_, i, j) in pairs {
        if left.contains(&i) || right.contains(&j) {
            continue;
        }
        if holds(&mine[i], a) && holds(&theirs[j], b) {
            return true;
        }
        left.insert(i);
        right.insert(j);
    }
    false
}

/// Whether both texts give one sum of money only, of one thing by their words.
pub(crate) fn sole(desk: &Desk<'_>, a: Told, b: Told) -> bool {
    let money =
        ["usd", "eur", "gbp", "dollar", "euro", "pound"].contains(&desk.unit(a).name.as_str());
    money
        && [a, b]
            .iter()
            .all(|own| desk.alike(own.0, *own).count() == 1)
}

/// A number of a state of things ("US troops in Iraq"): whose and where is said with it, so that it
/// is the same thing in reports of different occasions.
pub(crate) fn standing(note: &FigureNote) -> bool {
    // "Since mid-October": a count of a stretch of time, not of an occasion.
    let stretch = note
        .as_of
        .is_some_and(|days| days.precision != Precision::Day);
    let whose = note.scope.iter().any(|s| is_whose(s));
    note.fate.is_none() && (note.place.is_some() || whose || stretch)
}

/// Whether it is counted as it happens, so that a later and greater number is news.
pub(crate) fn rises(note: &FigureNote) -> bool {
    let tally = |unit: &str| {
        include_str!("../../../data/story/tallies.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .any(|word| word == unit)
    };
    note.fate.is_some() || tally(&note.quantity.unit.to_lowercase())
}

/// Scopes that say whose the counted is, not what kind of people it is.
fn is_whose(scope: &str) -> bool {
    !matches!(scope, "civilian" | "military" | "police")
}

/// Whether two documents were published within `days` of each other; false when unknown.
pub(crate) fn close(desk: &Desk<'_>, a: usize, b: usize, days: i32) -> bool {
    match (desk.docs[a].published(), desk.docs[b].published()) {
        (Some(p), Some(q)) => (day_number(p) - day_number(q)).abs() <= days,
        _ => false,
    }
}

/// Whether one number can satisfy both wordings, rounding allowed: a number with zeros at its end
/// stands for what rounds to it.
pub(crate) fn agree(a: &Quantity, b: &Quantity) -> bool {
    let widen = |q: &Quantity| {
        let slack = match (q.value, q.op) {
            (Some(v), Operator::Equal | Operator::About) => rounding(v),
            _ => 0.0,
        };
        (
            q.low.map(|v| v - slack).unwrap_or(f64::NEG_INFINITY),
            q.high.map(|v| v + slack).unwrap_or(f64::INFINITY),
        )
    };
    let ((al, ah), (bl, bh)) = (widen(a), widen(b));
    al <= bh && bl <= ah
}

/// Half the last place that is not zero, and never less than a twentieth for round numbers of
/// three digits and more: 2,500 may be 2,450, 20,000 may be 19,000; 17 is 17.
fn rounding(value: f64) -> f64 {
    if value.fract() != 0.0 || value.abs() < 100.0 {
        return 0.0;
    }
    let mut unit = 1.0;
    while (value / (unit * 10.0)).fract() == 0.0 && unit < 1e15 {
        unit *= 10.0;
    }
    if unit < 10.0 {
        return 0.0;
    }
    (unit / 2.0).min(value.abs() * 0.1).max(value.abs() * 0.05)
}

/// Rules of two numbers that cannot both hold.
const NUMBERS: [&str; 2] = ["compare/number", "compare/self-contradiction"];

/// The entry of a group.
pub(crate) fn entry(desk: &Desk<'_>, group: &Group, found: &[Comparison]) -> FigureEntry {
    let first = desk.figure(group.members[0]);
    let counts = desk.counts(group.members.iter().map(|m| {
        let by = desk.figure(*m).by.clone();
        (m.0, desk.origin_of(m.0, by.as_deref()))
    }));
    let quantities = || group.members.iter().map(|m| &desk.figure(*m).quantity);
    let least = |q: &Quantity| q.low.or(q.value);
    let most = |q: &Quantity| q.high.or(q.value);
    let cited = |c: &Comparison| {
        let both = c.a.iter().chain(&c.b);
        both.clone().count() > 1
            && both.into_iter().all(|e| {
                group
                    .members
                    .iter()
                    .any(|m| desk.docs[m.0].id() == e.doc && desk.figure(*m).context == e.span)
            })
    };
    let numbers = found.iter().filter(|c| {
        c.kind == crate::Relation::Contradiction && NUMBERS.contains(&c.why.rule.as_str())
    });
    let disputed = group.members.len() > 1 && numbers.into_iter().any(cited);
    FigureEntry {
        status: match (disputed, counts.origins) {
            (true, _) => "disputed",
            (_, 0 | 1) => "single-source",
            _ => "corroborated",
        }
        .to_owned(),
        id: id(desk, group),
        of: first.of.clone(),
        best: best(desk, group),
        low: quantities().filter_map(least).min_by(f64::total_cmp),
        high: quantities().filter_map(most).max_by(f64::total_cmp),
        members: group
            .members
            .iter()
            .map(|m| (desk.docs[m.0].id(), desk.figure(*m).index))
            .collect(),
        counts,
    }
}

fn id(desk: &Desk<'_>, group: &Group) -> Id {
    let first = group.members[0];
    let note = desk.figure(first);
    Id::of([
        b"figure".as_slice(),
        desk.docs[first.0].id().as_bytes(),
        &note.context.start.to_le_bytes(),
        note.text.as_bytes(),
    ])
}

/// The wording that most independent origins agree with; then the newest; then the most exact.
fn best(desk: &Desk<'_>, group: &Group) -> Quantity {
    let support = |at: Told| {
        let mut origins: Vec<String> = group
            .members
            .iter()
            .filter(|o| agree(&desk.figure(**o).quantity, &desk.figure(at).quantity))
            .map(|o| desk.origin_of(o.0, desk.figure(*o).by.as_deref()))
            .collect();
        origins.sort_unstable();
        origins.dedup();
        origins.len()
    };
    let exact = |q: &Quantity| matches!(q.op, Operator::Equal);
    let winner = group.members.iter().max_by(|a, b| {
        support(**a)
            .cmp(&support(**b))
            .then(desk.docs[a.0].published().cmp(&desk.docs[b.0].published()))
            .then(exact(&desk.figure(**a).quantity).cmp(&exact(&desk.figure(**b).quantity)))
            .then(b.cmp(a))
    });
    desk.figure(*winner.unwrap_or(&group.members[0]))
        .quantity
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_bare() {
        for name in ["day", "days", "years", "hours", "percent"] {
            let unit = unit(&Quantity::new(5.0, Operator::Equal, name));
            assert!(is_bare(&unit), "{name}");
        }
        assert!(!is_bare(&unit(&Quantity::new(
            5.0,
            Operator::Equal,
            "troops"
        ))));
    }

    #[test]
    fn rounding_is_no_disagreement() {
        let q = |v: f64, op| Quantity::new(v, op, "troops");
        use Operator::{About, Equal, Over};
        assert!(agree(&q(2500.0, About), &q(2500.0, Equal)));
        assert!(agree(&q(2500.0, Equal), &q(2450.0, Equal)));
        assert!(agree(&q(150.0, Over), &q(160.0, Over)));
        assert!(!agree(&q(2500.0, Equal), &q(3500.0, Equal)));
        assert!(!agree(&q(12.0, Equal), &q(15.0, Equal)));
        assert!(!agree(&q(900.0, Equal), &q(2500.0, About)));
    }
}

//! Parties, bodies, positions and suspensions that the record names.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Date, Span};
use rapporteur_coder::{Actor, Modality};
use rapporteur_record::{ActorRow, Cite, EventRow, FigureRow, MentionRow, PositionRow, View};

use super::{Draft, Party, slug, table, unique};
use crate::world::has_words;

/// Most parties of a draft.
const PARTIES: usize = 4;
/// Other names shown.
const ALIASES: usize = 5;

/// Countries that talk with each other, most often named first.
pub(super) fn parties(view: &View) -> Vec<Party> {
    let mut score: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &view.events {
        let all: BTreeSet<&str> = event
            .source
            .iter()
            .chain(&event.target)
            .filter_map(|a| a.country.as_deref())
            .filter(|c| c.len() == 3)
            .collect();
        let mutual = matches!(event.kind.as_str(), "CONSULT" | "AGREE" | "REJECT");
        // Those that meet are parties; those that only act are not.
        if mutual && event.modality == Modality::Actual && all.len() >= 2 {
            for country in all {
                *score.entry(country).or_default() += 2 * event.counts.origins.max(1);
            }
        }
    }
    for position in &view.positions {
        if let Some(count) = position
            .holder
            .country
            .as_deref()
            .and_then(|c| score.get_mut(c))
        {
            *count += 1;
        }
    }
    let most = score.values().copied().max().unwrap_or(0);
    let mut ranked: Vec<(&str, usize)> = score.into_iter().filter(|(_, n)| n * 3 >= most).collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    ranked.truncate(PARTIES);
    let mut taken = Vec::new();
    ranked
        .into_iter()
        .filter_map(|(country, _)| {
            let own = view
                .actors
                .iter()
                .filter(|a| a.country.as_deref() == Some(country));
            let state = own.max_by_key(|a| (is_country(view, a), a.mentions, Reverse(&a.id)))?;
            let short = |a: &&String| a.split(' ').count() <= 2 && a.is_ascii() && *a != country;
            let mut aliases = vec![country.to_owned()];
            aliases.extend(state.aliases.iter().filter(short).take(ALIASES).cloned());
            Some(Party {
                id: unique(&slug(&state.name, 3), &mut taken),
                name: state.name.clone(),
                country: country.to_owned(),
                aliases,
                row: state.id.clone(),
            })
        })
        .collect()
}

/// Whether an actor bears the name of its country, rather than of a person or an office of it.
fn is_country(view: &View, actor: &ActorRow) -> bool {
    let named = view
        .places
        .iter()
        .filter(|p| p.precision == 1 && p.country == actor.country);
    named.into_iter().any(|p| p.name == actor.name)
}

/// Parties named in a passage.
pub(super) fn named_in(draft: &Draft<'_>, cite: &Cite) -> Vec<String> {
    let inside = |c: &Cite| c.doc == cite.doc && cite.bytes.contains(c.bytes);
    let is_named = |p: &&Party| {
        let own = draft
            .view
            .actors
            .iter()
            .filter(|a| a.country.as_deref() == Some(&p.country));
        own.flat_map(|a| &a.evidence).any(inside)
    };
    draft
        .parties
        .iter()
        .filter(is_named)
        .map(|p| p.id.clone())
        .collect()
}

/// A body: its name, the row that names it, the passage.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub name: String,
    pub row: String,
    pub cite: Cite,
    pub count: usize,
}

/// Bodies named in the sentences of the record's rows.
pub(super) fn bodies(draft: &Draft<'_>) -> Vec<Body> {
    let mut out: Vec<Body> = Vec::new();
    for (row, cite) in passages(draft.view) {
        for name in named(&cite.text) {
            match out.iter_mut().find(|b| same(&b.name, &name)) {
                Some(body) => {
                    body.count += 1;
                    // The longer name says more.
                    if name.len() > body.name.len() {
                        (body.name, body.row, body.cite) = (name, row.to_owned(), cite.clone());
                    }
                }
                None => out.push(Body {
                    name,
                    row: row.to_owned(),
                    cite: cite.clone(),
                    count: 1,
                }),
            }
        }
    }
    out.sort_by(|a, b| b.count.cmp(&a.count).then(a.name.cmp(&b.name)));
    out
}

/// Whether two names may mean one body: the last words of one are the other.
fn same(a: &str, b: &str) -> bool {
    a.ends_with(b) || b.ends_with(a)
}

/// `joint commission`, `higher military commission`; a bare noun counts for what is known.
fn named(text: &str) -> Vec<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut out = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !table().bodies.contains(word) {
            continue;
        }
        let before = words[..at].iter().rev();
        let known = before
            .take_while(|w| table().before_bodies.contains(w))
            .count();
        if known > 0 {
            out.push(words[at - known..=at].join(" "));
        }
    }
    out
}

/// Sentences of commitments, indicators, events and positions, each with its row.
pub(super) fn passages(view: &View) -> impl Iterator<Item = (&str, &Cite)> {
    let commitments = view.commitments.iter();
    let commitments = commitments.filter_map(|c| Some((c.id.as_str(), c.evidence.first()?)));
    let indicators = view.indicators.iter();
    let indicators = indicators.filter_map(|i| Some((i.id.as_str(), i.evidence.last()?)));
    let reports = view.events.iter().flat_map(|e| &e.members);
    let positions = view.positions.iter();
    let positions = positions.filter_map(|p| Some((p.id.as_str(), p.evidence.first()?)));
    commitments
        .chain(indicators)
        .chain(reports.map(|m| (m.id.as_str(), &m.sentence)))
        .chain(positions)
}

/// Suspension: from, to and cause, as ids of reports, with the passages.
#[derive(Clone, Debug)]
pub(super) struct Suspension<'v> {
    pub from: &'v MentionRow,
    /// Days between which it began, when the report gives none.
    pub between: Option<(Date, Date)>,
    pub to: Option<&'v MentionRow>,
    pub cause: Option<&'v MentionRow>,
}

/// Suspensions told: reports with their dates, each day once.
pub(super) fn suspensions<'v>(draft: &Draft<'v>) -> Vec<Suspension<'v>> {
    let view = draft.view;
    // Talks and agreements are of the process; a strike or a trial that was suspended is not.
    let ours = |e: &&EventRow| matches!(e.kind.as_str(), "CONSULT" | "AGREE" | "REJECT");
    let told = |phase: &'static str| {
        let reports = view.events.iter().filter(ours).flat_map(|e| &e.members);
        reports.filter(move |m| {
            m.event.phase.as_deref() == Some(phase) && m.event.modality == Modality::Actual
        })
    };
    let day = |m: &MentionRow| m.event.date.as_ref().and_then(|d| d.interval.from);
    // The best told resumption: the event with most origins that has a day.
    let mut resumed: Vec<(&EventRow, &MentionRow)> = view
        .events
        .iter()
        .filter(ours)
        .flat_map(|e| e.members.iter().map(move |m| (e, m)))
        .filter(|(_, m)| m.event.phase.as_deref() == Some("resumed") && day(m).is_some())
        .collect();
    resumed.sort_by_key(|(e, m)| (Reverse(e.counts.origins), m.id.clone()));
    let to = resumed.first().map(|(_, m)| *m);
    // The fullest report: with a day of its own, or with its cause, best one that has a day.
    let weight = |m: &&MentionRow| {
        let cause = cause(view, m);
        (
            day(m).is_some(),
            cause.and_then(day).is_some(),
            cause.is_some(),
            Reverse(m.id.clone()),
        )
    };
    let Some(from) = told("suspended").max_by_key(weight) else {
        return Vec::new();
    };
    let cause = cause(view, from);
    let caused = cause.and_then(day);
    let began = told("begun").filter_map(day).max();
    let between = match (day(from), caused.or(began), to.and_then(day)) {
        (None, Some(first), Some(last)) if first <= last => Some((first, last)),
        _ => None,
    };
    vec![Suspension {
        from,
        between,
        to,
        cause,
    }]
}

/// The attack told in the sentence of the suspension, or, of those told in it elsewhere, one with a
/// day.
fn cause<'v>(view: &'v View, from: &MentionRow) -> Option<&'v MentionRow> {
    let attacks = view.events.iter().filter(|e| e.kind == "ASSAULT");
    let inside = |m: &MentionRow| m.doc == from.doc && from.sentence.bytes.overlaps(m.cite.bytes);
    let event = attacks.clone().find(|e| e.members.iter().any(inside))?;
    let dated = |m: &&MentionRow| m.event.date.is_some();
    event
        .members
        .iter()
        .find(dated)
        .or_else(|| event.members.iter().find(|m| inside(m)))
}

/// A wish about dates: whose, and the range of time where a figure gives one.
#[derive(Clone, Debug)]
pub(super) struct Wish<'v> {
    pub party: String,
    pub range: Option<(String, String)>,
    pub row: &'v str,
    pub cite: &'v Cite,
    pub day: Option<Date>,
}

/// Positions: ranges of years or months that stand next to a party, and wishes about dates without.
pub(super) fn wishes<'v>(draft: &Draft<'v>) -> Vec<Wish<'v>> {
    let mut out: Vec<Wish<'v>> = Vec::new();
    for figure in &draft.view.figures {
        let Some(range) = range(figure) else { continue };
        let Some(party) = owner(draft, figure) else {
            continue;
        };
        let wish = Wish {
            party,
            range: Some(range),
            row: &figure.id,
            cite: &figure.context,
            day: published(draft, &figure.context),
        };
        add(&mut out, wish);
    }
    let about = |p: &PositionRow| table().dates.iter().any(|w| has_words(&p.issue, w));
    for position in draft.view.positions.iter().filter(|p| about(p)) {
        let Some(cite) = position.evidence.first() else {
            continue;
        };
        let Some(party) = holder(draft, &position.holder) else {
            continue;
        };
        let wish = Wish {
            party,
            range: None,
            row: &position.id,
            cite,
            day: published(draft, cite),
        };
        add(&mut out, wish);
    }
    out.sort_by(|a, b| (&a.party, a.day, a.row).cmp(&(&b.party, b.day, b.row)));
    out
}

/// Keeps one a party and range: the earliest. A party that named dates needs no wish without.
fn add<'v>(out: &mut Vec<Wish<'v>>, wish: Wish<'v>) {
    if wish.range.is_none()
        && out
            .iter()
            .any(|w| w.party == wish.party && w.range.is_some())
    {
        return;
    }
    let same = |w: &&mut Wish<'v>| w.party == wish.party && w.range == wish.range;
    match out.iter_mut().find(same) {
        // Undated articles come last.
        Some(known)
            if (wish.day.is_none(), wish.day, wish.row)
                < (known.day.is_none(), known.day, known.row) =>
        {
            *known = wish;
        }
        Some(_) => {}
        None => out.push(wish),
    }
}

fn published(draft: &Draft<'_>, cite: &Cite) -> Option<Date> {
    draft
        .docs
        .get(cite.doc.as_str())?
        .published
        .as_ref()
        .map(|p| p.date)
}

fn holder(draft: &Draft<'_>, actor: &Actor) -> Option<String> {
    draft.party(actor.country.as_deref()).map(|p| p.id.clone())
}

/// `two to five years` as two spans after the anchor.
fn range(figure: &FigureRow) -> Option<(String, String)> {
    let unit = match figure.unit.as_str() {
        "years" | "months" => figure.unit.as_str(),
        _ => return None,
    };
    let whole = |v: f64| (v.fract() == 0.0 && (0.0..=100.0).contains(&v)).then_some(v);
    let (low, high) = (whole(figure.low?)?, whole(figure.high?)?);
    (low < high).then(|| (format!("+{low} {unit}"), format!("+{high} {unit}")))
}

/// The party named last before a figure, within its sentence.
fn owner(draft: &Draft<'_>, figure: &FigureRow) -> Option<String> {
    let at = figure.evidence.first()?;
    let doc = draft.docs.get(at.doc.as_str())?;
    let sentence = doc
        .sentences
        .iter()
        .find(|s| s.contains(Span::new(at.bytes.start as usize, at.bytes.start as usize)))?;
    let before =
        |c: &&Cite| c.doc == at.doc && sentence.contains(c.bytes) && c.bytes.start < at.bytes.start;
    let mut last: Option<(u32, &Party)> = None;
    for party in &draft.parties {
        let actors = draft.view.actors.iter();
        let own = actors.filter(|a| a.country.as_deref() == Some(&party.country));
        let end = own
            .flat_map(|a| &a.evidence)
            .filter(before)
            .map(|c| c.bytes.start)
            .max();
        if let Some(end) = end.filter(|end| last.is_none_or(|(known, _)| *end > known)) {
            last = Some((end, party));
        }
    }
    last.map(|(_, party)| party.id.clone())
}

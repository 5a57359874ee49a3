//! Filters over rows. What names no day, actor or place of its own goes by its document.

use std::collections::BTreeSet;

use rapporteur_base::{Date, Interval};
use rapporteur_coder::Actor;

use super::View;
use crate::known::{fold_words, has_words};
use crate::{Cite, DocRow, EventRow, Filter};

/// Leaves the rows that the filter asks for, and the documents that they cite.
pub(crate) fn narrow(view: &mut View) {
    let filter = view.filter.clone();
    if filter.from.is_none()
        && filter.to.is_none()
        && filter.actor.is_none()
        && filter.kind.is_none()
        && filter.place.is_none()
    {
        return;
    }
    let test = Test::new(&filter, view);
    view.events.retain(|e| test.event(e));
    view.times.retain(|t| {
        test.of_docs(&t.evidence) && t.interval.is_none_or(|days| test.days(Some(days)))
    });
    view.figures.retain(|f| {
        test.of_docs(&f.evidence)
            && test.names(f.by.iter(), &format!("{} {}", f.of, f.context.text))
            && test.at(f.place.as_deref().unwrap_or(""), &f.context.text)
    });
    view.quotes
        .retain(|q| test.of_docs(&q.evidence) && test.names(q.speaker.iter(), ""));
    view.positions
        .retain(|p| test.of_docs(&p.evidence) && test.names([&p.holder], ""));
    view.commitments
        .retain(|c| test.of_docs(&c.evidence) && test.names(&c.by, &c.what));
    view.indicators
        .retain(|i| test.of_docs(&i.evidence) && test.names([], &text(&i.evidence)));
    view.assessments
        .retain(|a| test.of_docs(&a.evidence) && test.names([], &a.claim));
    view.comparisons.retain(|c| {
        let words = format!("{} {} {}", c.topic, text(&c.a), text(&c.b));
        (test.of_docs(&c.a) || test.of_docs(&c.b)) && test.names([], &words)
    });
    let figures: BTreeSet<String> = view.figures.iter().map(|f| f.id.clone()).collect();
    view.series
        .retain(|s| s.figures.iter().any(|id| figures.contains(id)));
    let cited = cited(view);
    view.docs
        .retain(|d| cited.contains(&d.id) || test.document(d));
    let docs: BTreeSet<String> = view.docs.iter().map(|d| d.id.clone()).collect();
    let has = |cites: &[Cite]| cites.iter().any(|c| docs.contains(&c.doc));
    view.times.retain(|t| has(&t.evidence));
    view.actors.retain(|a| {
        has(&a.evidence)
            && test.names(
                [&Actor {
                    name: a.name.clone(),
                    country: a.country.clone(),
                    ..Actor::default()
                }],
                &a.aliases.join(" "),
            )
    });
    view.places
        .retain(|p| has(&p.evidence) && test.at(&p.name, p.country.as_deref().unwrap_or("")));
    view.families
        .retain(|f| f.docs.iter().any(|d| docs.contains(d)));
    view.stories
        .retain(|s| s.docs.iter().any(|d| docs.contains(d)));
    let stories: BTreeSet<String> = view.stories.iter().map(|s| s.id.clone()).collect();
    view.sagas
        .retain(|s| s.stories.iter().any(|id| stories.contains(id)));
    keep_docs(view, &docs);
}

/// Rows that stay may cite only documents that stay.
fn keep_docs(view: &mut View, docs: &BTreeSet<String>) {
    let trim = |cites: &mut Vec<Cite>| cites.retain(|c| docs.contains(&c.doc));
    for row in &mut view.actors {
        trim(&mut row.evidence);
        row.docs.retain(|d| docs.contains(d));
    }
    view.places.iter_mut().for_each(|p| trim(&mut p.evidence));
    view.series.iter_mut().for_each(|s| trim(&mut s.evidence));
}

fn text(cites: &[Cite]) -> String {
    let words: Vec<&str> = cites.iter().map(|c| c.text.as_str()).collect();
    words.join(" ")
}

/// Documents that rows of their own still cite.
fn cited(view: &View) -> BTreeSet<String> {
    let events = view.events.iter().flat_map(|e| &e.evidence);
    let compared = view.comparisons.iter().flat_map(|c| c.a.iter().chain(&c.b));
    events
        .chain(compared)
        .chain(view.figures.iter().flat_map(|r| &r.evidence))
        .chain(view.quotes.iter().flat_map(|r| &r.evidence))
        .chain(view.positions.iter().flat_map(|r| &r.evidence))
        .chain(view.commitments.iter().flat_map(|r| &r.evidence))
        .chain(view.indicators.iter().flat_map(|r| &r.evidence))
        .chain(view.assessments.iter().flat_map(|r| &r.evidence))
        .map(|c| c.doc.clone())
        .collect()
}

struct Test {
    from: Option<Date>,
    to: Option<Date>,
    actor: Option<String>,
    /// Country code asked for: as typed, when it looks like one.
    code: Option<String>,
    kind: Option<(String, Option<String>)>,
    place: Option<String>,
    /// Documents published in the days asked for.
    timely: BTreeSet<String>,
    /// Names of the actor asked for, folded.
    names: BTreeSet<String>,
}

impl Test {
    fn new(filter: &Filter, view: &View) -> Self {
        let actor = filter.actor.as_deref().map(fold_words);
        let code = filter
            .actor
            .as_ref()
            .filter(|a| a.len() == 3 && a.bytes().all(|b| b.is_ascii_alphabetic()))
            .map(|a| a.to_ascii_uppercase());
        let mut out = Self {
            from: filter.from,
            to: filter.to,
            code,
            kind: filter.kind.as_ref().map(|k| match k.split_once('/') {
                Some((kind, mode)) => (kind.to_ascii_uppercase(), Some(mode.to_lowercase())),
                None => (k.to_ascii_uppercase(), None),
            }),
            place: filter.place.as_deref().map(fold_words),
            timely: BTreeSet::new(),
            names: BTreeSet::new(),
            actor,
        };
        out.timely = view
            .docs
            .iter()
            .filter(|d| out.days(d.published.as_ref().map(|p| Interval::day(p.date))))
            .map(|d| d.id.clone())
            .collect();
        if let Some(wanted) = &out.actor {
            let known = view.actors.iter().filter(|a| {
                let names = a.aliases.iter().chain([&a.name]);
                names.into_iter().any(|n| has_words(&fold_words(n), wanted))
            });
            out.names = known.map(|a| fold_words(&a.name)).collect();
        }
        out
    }

    /// Whether any of the days may be meant.
    fn days(&self, days: Option<Interval>) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        days.is_some_and(|days| {
            let asked = Interval {
                from: self.from,
                to: self.to,
                precision: rapporteur_base::Precision::Bounded,
            };
            days.overlaps(&asked)
        })
    }

    fn of_docs(&self, cites: &[Cite]) -> bool {
        cites.iter().any(|c| self.timely.contains(&c.doc))
    }

    /// Whether the actor asked for is one of these, or is named in `words`.
    fn names<'a>(&self, actors: impl IntoIterator<Item = &'a Actor>, words: &str) -> bool {
        let Some(wanted) = &self.actor else {
            return true;
        };
        let by_slot = actors.into_iter().any(|a| {
            let name = fold_words(&a.name);
            has_words(&name, wanted)
                || self.names.contains(&name)
                || (self.code.is_some() && a.country == self.code)
        });
        let words = fold_words(words);
        by_slot || has_words(&words, wanted) || self.names.iter().any(|n| has_words(&words, n))
    }

    fn at(&self, place: &str, words: &str) -> bool {
        self.place.as_ref().is_none_or(|wanted| {
            has_words(&fold_words(place), wanted) || has_words(&fold_words(words), wanted)
        })
    }

    fn event(&self, event: &EventRow) -> bool {
        let parties = event.source.iter().chain(&event.target);
        let sayers = event
            .members
            .iter()
            .filter_map(|m| m.event.said_by.as_ref());
        let kind = self.kind.as_ref().is_none_or(|(kind, mode)| {
            event.kind == *kind && (mode.is_none() || event.mode == *mode)
        });
        kind && self.days(event.date)
            && self.names(parties.chain(sayers.map(|p| &p.actor)), "")
            && self.at(event.place.as_deref().unwrap_or(""), &text(&event.evidence))
    }

    fn document(&self, doc: &DocRow) -> bool {
        self.kind.is_none()
            && self.timely.contains(&doc.id)
            && self.names([], &format!("{} {}", doc.title, doc.text))
            && self.at("", &doc.text)
    }
}

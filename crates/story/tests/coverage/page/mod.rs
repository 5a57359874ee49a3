//! A small workbench: an article with its coding written by hand, so that these tests do not move
//! when the coder learns something.

use rapporteur_base::{Date, Id, Interval, Operator, Quantity, Span, Why};
use rapporteur_coder::{
    Actor, ActorMention, Coding, Commitment, Event, EventDate, Figure, Modality, Party,
    PlaceMention, Strength,
};
use rapporteur_story::Doc;

/// An article under construction.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) published: Option<Date>,
    pub(crate) site: &'static str,
    pub(crate) agency: Option<&'static str>,
    pub(crate) coding: Coding,
}

/// Short names for the actors of the tests.
fn actor(name: &str) -> Actor {
    let known = [
        ("Norland", "NRL", "GOV"),
        ("Sudland", "SDL", "GOV"),
        ("Norland army", "NRL", "MIL"),
        ("Hill Front", "SDL", "REB"),
    ];
    let found = known.iter().find(|(known, ..)| *known == name);
    Actor {
        name: name.to_owned(),
        country: found.map(|k| k.1.to_owned()),
        sector: found.map(|k| k.2.to_owned()),
        ..Actor::default()
    }
}

/// One event to write down: `what` is the clause, `trigger` stands in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told<'t> {
    pub(crate) kind: &'t str,
    pub(crate) what: &'t str,
    pub(crate) trigger: &'t str,
    pub(crate) source: &'t [&'t str],
    pub(crate) target: &'t [&'t str],
    pub(crate) place: Option<&'t str>,
    pub(crate) day: Option<&'t str>,
    pub(crate) month: Option<(i16, i8)>,
    pub(crate) modality: Option<Modality>,
    pub(crate) phase: Option<&'t str>,
    pub(crate) said_by: Option<&'t str>,
    pub(crate) figures: &'t [usize],
}

impl Page {
    pub(crate) fn new(name: &'static str, site: &'static str, published: &str, text: &str) -> Self {
        let title = text.lines().next().unwrap_or("").to_owned();
        Self {
            name,
            title,
            text: text.to_owned(),
            published: published.parse().ok(),
            site,
            agency: None,
            coding: Coding::default(),
        }
        .with_actors()
    }

    pub(crate) fn wire(mut self, agency: &'static str) -> Self {
        self.agency = Some(agency);
        self
    }

    pub(crate) fn id(&self) -> Id {
        Id::of([self.name])
    }

    pub(crate) fn doc(&self) -> Doc<'_> {
        Doc {
            id: self.id(),
            title: &self.title,
            text: &self.text,
            published: self.published,
            site: self.site,
            agency: self.agency,
            coding: &self.coding,
        }
    }

    fn span(&self, words: &str) -> Span {
        let at = self
            .text
            .find(words)
            .unwrap_or_else(|| panic!("{}: no {words:?}", self.name));
        Span::new(at, at + words.len())
    }

    fn with_actors(mut self) -> Self {
        for name in ["Norland", "Sudland", "Hill Front"] {
            for (at, _) in self.text.match_indices(name) {
                self.coding.actors.push(ActorMention {
                    span: Span::new(at, at + name.len()),
                    actor: actor(name),
                    antecedent: None,
                    why: Why::default(),
                });
            }
        }
        self.coding.actors.sort_by_key(|m| m.span);
        self
    }

    fn party(&self, name: &str) -> Party {
        Party {
            span: Span::default(),
            actor: actor(name),
        }
    }

    pub(crate) fn event(mut self, told: &Told<'_>) -> Self {
        let clause = self.span(told.what);
        let trigger = self.text[clause.range()].find(told.trigger).unwrap() + clause.start as usize;
        let interval = match (told.day, told.month) {
            (Some(day), _) => Some(Interval::day(day.parse().unwrap())),
            (_, Some((year, month))) => Interval::month(year, month),
            _ => None,
        };
        if let Some(place) = told.place {
            self.coding.places.push(PlaceMention {
                span: self.span(place),
                name: place.to_owned(),
                country: Some("SDL".to_owned()),
                precision: 4,
                position: None,
                why: Why::default(),
            });
        }
        let event = Event {
            kind: told.kind.to_owned(),
            mode: None,
            contexts: Vec::new(),
            scale: 2.5,
            quad: 1,
            phase: told.phase.map(str::to_owned),
            modality: told.modality.unwrap_or(Modality::Actual),
            trigger: vec![Span::new(trigger, trigger + told.trigger.len())],
            clause,
            sentence: clause,
            source: told.source.iter().map(|n| self.party(n)).collect(),
            target: told.target.iter().map(|n| self.party(n)).collect(),
            place: told.place.map(|p| (self.span(p), p.to_owned())),
            date: interval.map(|interval| EventDate {
                interval,
                span: Some(clause),
                basis: "timex-in-clause".to_owned(),
            }),
            figures: told.figures.to_vec(),
            counts: Vec::new(),
            said_by: told.said_by.map(|n| self.party(n)),
            relayed_by: Vec::new(),
            score: 0.9,
            why: Why::default(),
        };
        self.coding.events.push(event);
        self
    }

    #[expect(clippy::too_many_arguments, reason = "a row of a table")]
    pub(crate) fn figure(
        mut self,
        words: &str,
        value: f64,
        op: Operator,
        unit: &str,
        of: &str,
        context: &str,
        place: Option<&str>,
    ) -> Self {
        let figure = Figure {
            span: self.span(words),
            quantity: Quantity::new(value, op, unit),
            of: of.to_owned(),
            place: place.map(|p| self.span(p)),
            as_of: None,
            by: None,
            context: self.span(context),
            why: Why::default(),
        };
        self.coding.figures.push(figure);
        self
    }

    pub(crate) fn commitment(
        mut self,
        by: &str,
        what: &str,
        due: Option<(&str, Interval)>,
    ) -> Self {
        let span = self.span(what);
        let commitment = Commitment {
            by: vec![self.party(by)],
            what: what.to_owned(),
            what_span: span,
            strength: Strength::Agreed,
            due: due.map(|(words, days)| (self.span(words), Some(days))),
            condition: None,
            span,
            why: Why::default(),
        };
        self.coding.commitments.push(commitment);
        self
    }
}

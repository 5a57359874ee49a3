//! Rows by id, and why they are there.

use rapporteur_base::{Id, Why};
use rapporteur_coder::{Actor, Party};

use super::fields::written;
use super::{Item, View, WhyRow, fields};
use crate::{Cite, Error, ErrorKind, EventRow, MentionRow, NewCorrection};

/// Shortest beginning of an id that is looked up, letter and dash included.
const LEAST: usize = 3;

impl View {
    /// Every row with its id, in the order of the view.
    fn ids(&self) -> impl Iterator<Item = (&str, Found<'_>)> {
        macro_rules! rows {
            ($list:ident, $kind:ident) => {
                self.$list.iter().map(|r| (r.id.as_str(), Found::$kind(r)))
            };
        }
        let mentions = self.events.iter().flat_map(|e| &e.members);
        rows!(docs, Doc)
            .chain(rows!(events, Event))
            .chain(mentions.map(|m| (m.id.as_str(), Found::Mention(m))))
            .chain(rows!(figures, Figure))
            .chain(rows!(series, Series))
            .chain(rows!(quotes, Quote))
            .chain(rows!(positions, Position))
            .chain(rows!(commitments, Commitment))
            .chain(rows!(indicators, Indicator))
            .chain(rows!(assessments, Assessment))
            .chain(rows!(comparisons, Comparison))
            .chain(rows!(stories, Story))
            .chain(rows!(sagas, Saga))
            .chain(rows!(families, Family))
            .chain(rows!(actors, Actor))
            .chain(rows!(places, Place))
            .chain(rows!(times, Time))
    }

    fn row(&self, id: &str) -> Result<Found<'_>, Error> {
        let id = id.trim().to_lowercase();
        let full = Id::parse(&id);
        let hit = |row: &str, found: &Found<'_>| match (full, found) {
            (Some(full), Found::Doc(d)) => d.key == full,
            (Some(full), Found::Event(e)) => e.key == full,
            (Some(_), _) => false,
            (None, _) => id.len() >= LEAST && row.starts_with(&id),
        };
        let mut found: Vec<(&str, Found<'_>)> = self.ids().filter(|(r, f)| hit(r, f)).collect();
        found.dedup_by_key(|(row, _)| *row);
        if let Some(exact) = found.iter().position(|(row, _)| *row == id) {
            found.swap(0, exact);
            found.truncate(1);
        }
        if found.is_empty()
            && let Some(now) = self.joined.get(&id)
        {
            return self.row(now);
        }
        if found.is_empty()
            && let Some(story) = self.once_called(&id)
        {
            return Ok(story);
        }
        match found.len() {
            1 => Ok(found.remove(0).1),
            0 => Err(Error::new(
                ErrorKind::NotFound,
                format!("the record has no row {id}"),
                "ids stand in front of every line, such as e-3f2a91c0d4b7",
            )),
            n => {
                let some: Vec<&str> = found.iter().take(5).map(|(row, _)| *row).collect();
                Err(Error::new(
                    ErrorKind::NotFound,
                    format!("{n} rows begin with {id}: {}", some.join(", ")),
                    "give more of its digits",
                ))
            }
        }
    }

    /// A story or saga by an id that it had when fewer documents were known: the id of any member
    /// names it, so an id once given never dies when stories become one.
    fn once_called(&self, id: &str) -> Option<Found<'_>> {
        let (letter, digits) = id.split_once('-')?;
        let member = |s: &&crate::StoryRow| {
            let mut docs = s.docs.iter().filter_map(|d| d.split_once('-'));
            docs.any(|(_, own)| own == digits)
        };
        let story = self.stories.iter().find(member)?;
        match letter {
            "s" => Some(Found::Story(story)),
            "h" => {
                let mut sagas = self.sagas.iter();
                let found = sagas.find(|saga| Some(&saga.id) == story.saga.as_ref())?;
                Some(Found::Saga(found))
            }
            _ => None,
        }
    }

    /// The row with this id; any beginning of at least one digit that only one row has will do.
    pub fn find(&self, id: &str) -> Result<Item, Error> {
        Ok(match self.row(id)? {
            Found::Doc(r) => Item::Doc(r.clone()),
            Found::Event(r) => Item::Event(r.clone()),
            Found::Mention(r) => Item::Mention(r.clone()),
            Found::Figure(r) => Item::Figure(r.clone()),
            Found::Series(r) => Item::Series(r.clone()),
            Found::Quote(r) => Item::Quote(r.clone()),
            Found::Position(r) => Item::Position(r.clone()),
            Found::Commitment(r) => Item::Commitment(r.clone()),
            Found::Indicator(r) => Item::Indicator(r.clone()),
            Found::Assessment(r) => Item::Assessment(r.clone()),
            Found::Comparison(r) => Item::Comparison(r.clone()),
            Found::Story(r) => Item::Story(r.clone()),
            Found::Saga(r) => Item::Saga(r.clone()),
            Found::Family(r) => Item::Family(r.clone()),
            Found::Actor(r) => Item::Actor(r.clone()),
            Found::Place(r) => Item::Place(r.clone()),
            Found::Time(r) => Item::Time(r.clone()),
        })
    }

    /// Why the row with this id says what it says.
    pub fn why(&self, id: &str) -> Result<Vec<WhyRow>, Error> {
        let plain = |id: &str, value: &str, cites: &[Cite], why: &Why| {
            vec![self.because(id, "evidence", value.to_owned(), cites.first(), why.clone())]
        };
        Ok(match self.row(id)? {
            Found::Doc(d) => self.why_document(d),
            Found::Event(e) => self.why_event(e),
            Found::Mention(m) => self.why_mention(m),
            Found::Figure(r) => plain(&r.id, &r.of, &r.evidence, &r.why),
            Found::Quote(r) => {
                let mut out = plain(&r.id, &r.text, &r.evidence, &r.why);
                out.extend(
                    r.cue.iter().map(|c| {
                        self.because(&r.id, "cue", c.text.clone(), Some(c), r.why.clone())
                    }),
                );
                if let (Some(actor), Some(cite)) = (&r.speaker, &r.speaker_cite) {
                    let name = actor.name.clone();
                    out.push(self.because(&r.id, "speaker", name, Some(cite), r.why.clone()));
                }
                out
            }
            Found::Position(r) => plain(&r.id, &r.issue, &r.evidence, &r.why),
            Found::Commitment(r) => {
                let mut out = plain(&r.id, &r.what, &r.evidence, &r.why);
                if let Some(due) = &r.due {
                    let value = written(due.interval.as_ref());
                    out.push(self.because(&r.id, "due", value, due.cite.as_ref(), r.why.clone()));
                }
                out.extend(r.links.iter().map(|link| {
                    let field = format!("{:?}", link.kind).to_lowercase();
                    let value = match &link.claimed_by {
                        Some(name) => format!("{}, says {name}", link.row),
                        None => link.row.clone(),
                    };
                    self.because(&r.id, &field, value, Some(&link.evidence), link.why.clone())
                }));
                out
            }
            Found::Indicator(r) => plain(&r.id, &r.name, &r.evidence, &r.why),
            Found::Assessment(r) => plain(&r.id, &r.claim, &r.evidence, &r.why),
            Found::Actor(r) => plain(&r.id, &r.name, &r.evidence, &r.why),
            Found::Place(r) => plain(&r.id, &r.name, &r.evidence, &r.why),
            Found::Time(r) => plain(&r.id, &r.value, &r.evidence, &r.why),
            Found::Comparison(r) => {
                let side = |field, value: &str, cites: &[Cite]| {
                    self.because(&r.id, field, value.to_owned(), cites.first(), r.why.clone())
                };
                let mut out = vec![side("a", &r.values.0, &r.a)];
                if !r.b.is_empty() {
                    out.push(side("b", &r.values.1, &r.b));
                }
                out
            }
            Found::Series(r) => r
                .figures
                .iter()
                .filter_map(|id| self.why(id).ok())
                .flatten()
                .collect(),
            Found::Story(r) => vec![self.because(
                &r.id,
                "docs",
                r.docs.join(", "),
                None,
                Why::rule("story/cluster", "these texts tell of the same happening"),
            )],
            Found::Saga(r) => vec![self.because(
                &r.id,
                "stories",
                r.stories.join(", "),
                None,
                Why::rule(
                    "story/saga",
                    "stories of the same parties and matters that follow each other within months",
                ),
            )],
            Found::Family(r) => vec![self.because(
                &r.id,
                "docs",
                r.docs.join(", "),
                None,
                Why::rule("story/family", "these texts are copies of each other"),
            )],
        })
    }

    fn because(
        &self,
        id: &str,
        field: &str,
        value: String,
        cite: Option<&Cite>,
        why: Why,
    ) -> WhyRow {
        let doc = cite.and_then(|c| self.doc(&c.doc));
        WhyRow {
            id: id.to_owned(),
            field: field.to_owned(),
            value,
            cite: cite.cloned(),
            why,
            ruleset: doc.map(|d| d.ruleset),
        }
    }

    fn why_document(&self, doc: &crate::DocRow) -> Vec<WhyRow> {
        let mut out = Vec::new();
        let published = match &doc.published {
            Some(p) => (
                p.date.to_string(),
                Why::rule(
                    format!("page/{}", p.origin),
                    format!("evidence of rank {}", p.rank),
                ),
            ),
            None => (
                "unknown".to_owned(),
                Why::rule("page/no-date", "the page states no day of publication"),
            ),
        };
        out.push(self.because(&doc.id, "published", published.0, None, published.1));
        out.extend(doc.notes.iter().map(|note| {
            let why = Why::rule(note.rule.clone(), note.text.clone());
            self.because(&doc.id, "note", String::new(), None, why)
        }));
        for row in &mut out {
            row.ruleset = Some(doc.ruleset);
        }
        out
    }

    fn why_event(&self, event: &EventRow) -> Vec<WhyRow> {
        let mut out: Vec<WhyRow> = event
            .members
            .iter()
            .flat_map(|m| self.why_mention(m))
            .collect();
        for edit in &event.edits {
            let why = Why::rule(
                format!("correction/{}", edit.seq),
                format!("{}: {}", edit.who, edit.why),
            );
            out.push(self.because(&event.id, &edit.field, edit.new.clone(), None, why));
        }
        out
    }

    fn why_mention(&self, m: &MentionRow) -> Vec<WhyRow> {
        let event = &m.event;
        let code = match &event.mode {
            Some(mode) => format!("{}/{mode}", event.kind),
            None => event.kind.clone(),
        };
        let trigger = m.trigger.first().unwrap_or(&m.cite);
        let mut out = vec![self.because(&m.id, "type", code, Some(trigger), event.why.clone())];
        let doc = self.doc(&m.doc);
        let cite = |span| doc.map(|d| d.cite(span));
        let parties = [("source", &event.source), ("target", &event.target)];
        for (field, parties) in parties {
            for Party { span, actor } in parties {
                let why = Why::rule(event.why.rule.clone(), describe(actor));
                out.push(self.because(&m.id, field, actor.name.clone(), cite(*span).as_ref(), why));
            }
        }
        if let Some(date) = &event.date {
            let why = Why::rule(format!("date/{}", date.basis), "");
            let value = written(Some(&date.interval));
            let cite = date.span.and_then(cite);
            out.push(self.because(&m.id, "date", value, cite.as_ref(), why));
        }
        if let Some((span, name)) = &event.place {
            let why = Why::rule(event.why.rule.clone(), "");
            out.push(self.because(&m.id, "place", name.clone(), cite(*span).as_ref(), why));
        }
        if let Some(party) = &event.said_by {
            let why = Why::rule(event.why.rule.clone(), "who reports it");
            let name = party.actor.name.clone();
            out.push(self.because(&m.id, "said by", name, cite(party.span).as_ref(), why));
        }
        for party in &event.relayed_by {
            let why = Why::rule(event.why.rule.clone(), "who reports what the other says");
            let name = party.actor.name.clone();
            out.push(self.because(&m.id, "relayed by", name, cite(party.span).as_ref(), why));
        }
        for context in &event.contexts {
            let scope = format!("{:?}", context.scope).to_lowercase();
            let why = Why::rule("events/context", format!("its words stand in the {scope}"));
            let name = context.name.clone();
            out.push(self.because(&m.id, "context", name, cite(context.span).as_ref(), why));
        }
        for edit in &m.edits {
            let why = Why::rule(
                format!("correction/{}", edit.seq),
                format!("{}: {}", edit.who, edit.why),
            );
            out.push(self.because(&m.id, &edit.field, edit.new.clone(), None, why));
        }
        out
    }

    /// A document of the view by the id of its row.
    pub fn doc(&self, id: &str) -> Option<&crate::DocRow> {
        self.docs.iter().find(|d| d.id == id)
    }

    /// A correction of `field` of the row `id`, checked and ready for
    /// [`Store::correct`](crate::Store::correct); who, why and when are filled in by the caller.
    /// Fields and their forms: see [`View::fields`].
    pub fn propose(&self, id: &str, field: &str, new: &str) -> Result<NewCorrection, Error> {
        let (kind, key, old) = self.target(id, field)?;
        let new = new.trim();
        if !fields::admits(kind, field, new) {
            let known = fields::fields(kind);
            let form = known.iter().find(|(name, _)| *name == field);
            return Err(match form {
                Some((_, form)) => Error::invalid(
                    format!("{new:?} cannot be the {field} of {id}"),
                    format!("give {form}"),
                ),
                None => {
                    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                    Error::invalid(
                        format!("{id} has no field {field:?} that can be corrected"),
                        format!("its fields: {}", names.join(", ")),
                    )
                }
            });
        }
        Ok(NewCorrection {
            kind: kind.to_owned(),
            key,
            field: field.to_owned(),
            old,
            new: new.to_owned(),
            ..NewCorrection::default()
        })
    }

    /// What a field of a row says now, in the form of a correction.
    pub fn present(&self, id: &str, field: &str) -> Result<String, Error> {
        Ok(present(&self.row(id)?, field))
    }

    /// Kind, stable key and present value.
    fn target(&self, id: &str, field: &str) -> Result<(&'static str, String, String), Error> {
        let row = self.row(id)?;
        let old = present(&row, field);
        let keyed = |letter: &str| self.key_of(letter);
        Ok(match row {
            Found::Doc(r) => ("document", r.key.to_string(), old),
            Found::Event(r) => {
                let first = r.members.first().map(|m| m.id.as_str()).unwrap_or_default();
                ("entry", keyed(first)?, old)
            }
            Found::Mention(r) => ("event", keyed(&r.id)?, old),
            Found::Figure(r) => ("figure", keyed(&r.id)?, old),
            Found::Quote(r) => ("quote", keyed(&r.id)?, old),
            Found::Position(r) => ("position", keyed(&r.id)?, old),
            Found::Commitment(r) => ("commitment", keyed(&r.id)?, old),
            Found::Indicator(r) => ("indicator", keyed(&r.id)?, old),
            Found::Assessment(r) => ("assessment", keyed(&r.id)?, old),
            Found::Comparison(r) => ("comparison", keyed(&r.id)?, old),
            Found::Actor(r) => ("actor", super::overlay::actor_key(&r.name), old),
            Found::Series(_)
            | Found::Story(_)
            | Found::Saga(_)
            | Found::Family(_)
            | Found::Place(_)
            | Found::Time(_) => {
                return Err(Error::invalid(
                    format!("{id} is put together from other rows"),
                    "correct one of the rows that it names",
                ));
            }
        })
    }

    pub(super) fn key_of(&self, id: &str) -> Result<String, Error> {
        let key = self.keys.get(id);
        key.map(Id::to_string)
            .ok_or_else(|| Error::invalid(format!("{id} has no key"), "load the whole record"))
    }
}

enum Found<'v> {
    Doc(&'v crate::DocRow),
    Event(&'v EventRow),
    Mention(&'v MentionRow),
    Figure(&'v crate::FigureRow),
    Series(&'v crate::SeriesRow),
    Quote(&'v crate::QuoteRow),
    Position(&'v crate::PositionRow),
    Commitment(&'v crate::CommitmentRow),
    Indicator(&'v crate::IndicatorRow),
    Assessment(&'v crate::AssessmentRow),
    Comparison(&'v crate::ComparisonRow),
    Story(&'v crate::StoryRow),
    Saga(&'v crate::SagaRow),
    Family(&'v crate::FamilyRow),
    Actor(&'v crate::ActorRow),
    Place(&'v crate::PlaceRow),
    Time(&'v crate::TimeRow),
}

/// Value of a field as it stands, in the form of a correction.
fn present(row: &Found<'_>, field: &str) -> String {
    let json = match row {
        Found::Doc(r) => match field {
            "published" => {
                return r
                    .published
                    .as_ref()
                    .map_or("unknown".into(), |p| p.date.to_string());
            }
            _ => serde_json::to_value(r),
        },
        Found::Event(r) => match field {
            "type" => return r.kind.clone(),
            "date" => return written(r.date.as_ref()),
            "confirmed" if r.confirmed().is_some() => return "true".into(),
            _ => serde_json::to_value(r),
        },
        Found::Mention(m) => match field {
            "type" => return m.event.kind.clone(),
            "date" => return written(m.event.date.as_ref().map(|d| &d.interval)),
            "place" => {
                return m
                    .event
                    .place
                    .as_ref()
                    .map_or("unknown".into(), |p| p.1.clone());
            }
            _ => serde_json::to_value(&m.event),
        },
        Found::Commitment(r) if field == "due" => {
            return written(r.due.as_ref().and_then(|d| d.interval.as_ref()));
        }
        Found::Figure(r) => serde_json::to_value(r),
        Found::Quote(r) => serde_json::to_value(r),
        Found::Position(r) => serde_json::to_value(r),
        Found::Commitment(r) => serde_json::to_value(r),
        Found::Indicator(r) => serde_json::to_value(r),
        Found::Assessment(r) => serde_json::to_value(r),
        Found::Comparison(r) => serde_json::to_value(r),
        Found::Actor(r) => serde_json::to_value(r),
        _ => return String::new(),
    };
    match json {
        Ok(value) => plain(value.get(field).unwrap_or(&serde_json::Value::Null)),
        Err(_) => String::new(),
    }
}

/// A value in words: names of actors and parties, `unknown` for nothing.
fn plain(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => "unknown".into(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "unknown".into(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(map) => map
            .get("name")
            .or_else(|| map.get("actor"))
            .map_or_else(|| value.to_string(), plain),
        other => other.to_string(),
    }
}

fn describe(actor: &Actor) -> String {
    let codes = [&actor.country, &actor.sector, &actor.role];
    let known: Vec<&str> = codes.into_iter().flatten().map(String::as_str).collect();
    known.join(" ")
}

//! Names, offices, groups and bodies: who is meant.
//!
//! Tables under `data/actors` give states, bodies, groups, people and agent nouns; a small grammar
//! joins them ("Iraq's foreign ministry", "US troops", "President of X, Y"); coreference follows
//! surnames, offices, pronouns and initials. A capital is its government only where the words
//! around it say so. A group that is only *backed* by a country is never of that country.
//!
//! Two mentions may share one span: "both sides" stands for two actors.

mod alone;
mod apposition;
mod chunk;
pub(crate) mod context;
mod coref;
pub(crate) mod dictionary;
mod holder;
mod lists;
mod owned;
mod people;
pub(crate) mod phrases;
mod rule;
mod single;
mod tables;
mod user;
pub(crate) mod words;

use crate::{ActorMention, Input};
use dictionary::Dictionary;
use dictionary::Unit;
use rapporteur_base::Why;
use tables::Tables;
pub(crate) use tables::rows;

/// The tables of actors.
#[derive(Debug, Clone)]
pub struct Actors {
    tables: Tables,
    dictionary: Option<Dictionary>,
}

impl Actors {
    /// The tables that ship inside the binary.
    pub fn embedded() -> Self {
        Self {
            tables: Tables::embedded(),
            dictionary: None,
        }
    }

    /// Takes dictionaries of a user: lines `phrase<TAB>code<TAB>from<TAB>to` (days as YYMMDD or
    /// YYYYMMDD, either may be empty); in `agents` a code `~GOV` is put after, `NGO~` before the code
    /// of the actor it is joined to. Codes are opaque and become [`crate::Actor::country`]. Their
    /// phrases go before those of the embedded tables, and events become dyads of coded actors
    /// (`events/dyads.rs`).
    pub fn with_dictionary(mut self, actors: &str, agents: &str) -> Result<Self, String> {
        self.dictionary = Some(Dictionary::read(actors, agents)?);
        Ok(self)
    }

    /// The coded phrases of a user's dictionary, sentence by sentence; `None` without one.
    pub(crate) fn units(&self, input: &Input<'_>) -> Option<Vec<Unit>> {
        let own = self.dictionary.as_ref()?;
        let day = input.published.map(dictionary::number);
        let lines = words::lines(input.text, input.sentences);
        let mut out: Vec<Unit> = Vec::new();
        for line in &lines {
            let before = out.len();
            let found = dictionary::units(own, line, day);
            out.extend(found.into_iter().map(|unit| Unit {
                group: unit.group + before,
                ..unit
            }));
        }
        Some(out)
    }

    /// A user's phrases as mentions, in place of what the embedded tables say of the same words.
    pub(crate) fn overlay(input: &Input<'_>, units: &[Unit], mentions: &mut Vec<ActorMention>) {
        mentions.retain(|m| !units.iter().any(|u| u.span.overlaps(m.span)));
        mentions.extend(units.iter().map(|unit| ActorMention {
            span: unit.span,
            actor: unit.actor(input.text),
            antecedent: None,
            why: Why::rule(
                dictionary::CODED,
                format!("the user's dictionary gives {}", unit.code),
            ),
        }));
        mentions.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
    }

    /// Adds a user's actors from a table (columns `kind name aliases country sector sector_2 from to
    /// basis`, parted by tabs); `path` is how faults call it. Their names go before those of the
    /// embedded tables.
    pub fn with_table(mut self, path: &str, table: &str) -> Result<Self, Vec<String>> {
        self.tables.with_user(path, table)?;
        Ok(self)
    }

    /// Every mention of an actor, in text order.
    pub fn find(&self, input: &Input<'_>) -> Vec<ActorMention> {
        let lines = words::lines(input.text, input.sentences);
        let mut memory = coref::Memory::default();
        let mut out = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let chunker = chunk::Chunker::new(&self.tables, input.text, line, input.published);
            let mut found = chunker.run();
            memory.resolve(number, line, input.text, &mut found);
            out.extend(found.into_iter().filter(worth).map(|f| ActorMention {
                span: f.span,
                why: f.why(),
                actor: f.actor,
                antecedent: f.antecedent,
            }));
        }
        out
    }
}

/// Agent nouns that point to nobody ("the group" without a group, "officials", "people") are left
/// to the reader of the clause.
fn worth(found: &chunk::Found) -> bool {
    !found.bare || found.actor.sector.is_some()
}

//! Joining, parting and confirming events: proposals that are checked against the view and ready
//! for the log.

use super::{Item, View};
use crate::{Error, EventRow, NewCorrection};

impl View {
    fn event(&self, id: &str) -> Result<EventRow, Error> {
        match self.find(id)? {
            Item::Event(event) => Ok(event),
            _ => Err(Error::invalid(
                format!("{id} is no event"),
                "events have ids such as e-3f2a91c0d4b7; `rapporteur events` lists them",
            )),
        }
    }

    /// Key of the report that an event is held by in the log.
    fn held_by(&self, event: &EventRow) -> Result<String, Error> {
        let first = event.members.first().map(|m| m.id.as_str());
        self.key_of(first.unwrap_or_default())
    }

    /// Corrections that put the events `goes` into the event `stays`, one each; who, why and when
    /// are filled in by the caller.
    pub fn propose_merge(&self, stays: &str, goes: &[&str]) -> Result<Vec<NewCorrection>, Error> {
        let stays = self.event(stays)?;
        let new = self.held_by(&stays)?;
        let mut out = Vec::new();
        for id in goes {
            let event = self.event(id)?;
            if event.id == stays.id {
                return Err(Error::invalid(
                    format!("{id} is that event already"),
                    "name two different events",
                ));
            }
            out.push(NewCorrection {
                kind: "entry".into(),
                key: self.held_by(&event)?,
                field: "merge".into(),
                old: event.id,
                new: new.clone(),
                ..NewCorrection::default()
            });
        }
        Ok(out)
    }

    /// Corrections that take the reports `mentions` (`m-…`) out of an event and make one event of
    /// them.
    pub fn propose_split(&self, id: &str, mentions: &[&str]) -> Result<Vec<NewCorrection>, Error> {
        let event = self.event(id)?;
        let mut out = Vec::new();
        let mut name = String::new();
        for mention in mentions {
            let wanted = mention.trim().to_lowercase();
            let mut own = event.members.iter().filter(|m| m.id.starts_with(&wanted));
            let (Some(member), None) = (own.next(), own.next()) else {
                let ids: Vec<&str> = event.members.iter().map(|m| m.id.as_str()).collect();
                return Err(Error::invalid(
                    format!("{} has no one report {mention}", event.id),
                    format!("its reports: {}", ids.join(", ")),
                ));
            };
            let key = self.key_of(&member.id)?;
            if name.is_empty() {
                name.clone_from(&key);
            }
            out.push(NewCorrection {
                kind: "entry".into(),
                key,
                field: "split".into(),
                old: event.id.clone(),
                new: name.clone(),
                ..NewCorrection::default()
            });
        }
        out.dedup();
        if out.is_empty() || out.len() == event.members.len() {
            return Err(Error::invalid(
                format!("{} has {} reports", event.id, event.members.len()),
                "name some of them, but not all",
            ));
        }
        Ok(out)
    }

    /// A correction that says that a person has checked an event.
    pub fn propose_confirm(&self, id: &str) -> Result<NewCorrection, Error> {
        let event = self.event(id)?;
        self.propose(&event.id, "confirmed", "true")
    }
}

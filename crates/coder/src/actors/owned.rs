//! Agent nouns with an owner: "Iraq's foreign ministry", "US troops", "Iran-backed militias".

use rapporteur_text::Upos;

use super::chunk::{Chunker, Class, Holder, class_of, some};
use super::lists::{AFFILIATED, BREAKS, TIED};
use super::rule::*;
use super::tables::{Agent, AgentKind, Entry};
use crate::Actor;

/// Sectors that pass from a body to its officials.
const KEPT: [&str; 12] = [
    "REB", "PRM", "PTY", "MIL", "SPY", "CRM", "COP", "OPP", "UAF", "LEG", "JUD", "JRN",
];

/// A body of several states, or of none.
fn is_international(holder: &Holder) -> bool {
    matches!(
        holder.country.as_deref(),
        Some("UNO" | "EUR" | "IGO" | "NGO")
    )
}

impl Chunker<'_> {
    /// A country, body or person that may own an agent noun.
    pub(super) fn held(&mut self, at: usize, holder: &Holder) -> usize {
        let atom = self.atoms[at];
        if let Some(next) = self.affiliation(at, holder) {
            return next;
        }
        let prefixed = self.word(atom.first).hyphen
            && atom.first > 0
            && matches!(
                self.word(atom.first - 1).norm.as_str(),
                "pro" | "anti" | "non"
            );
        if let Some((agent_at, agent_id)) = self.agent_after(at) {
            if prefixed {
                return self.loose(at, agent_at, agent_id, atom.first - 1);
            }
            return self.composite(at, agent_at, agent_id, holder);
        }
        if prefixed {
            return at + 1;
        }
        if let Some(next) = self.shared_agent(at, holder) {
            return next;
        }
        self.plain(at, holder);
        at + 1
    }

    /// "Iran-backed militias": not Iran; "US-based firm": nobody's.
    pub(super) fn affiliation(&mut self, at: usize, holder: &Holder) -> Option<usize> {
        let next = self.atoms.get(at + 1)?;
        let word = self.word(next.first);
        if !word.hyphen || next.entry.is_some_and(|e| !matches!(e, Entry::Agent(_))) {
            return None;
        }
        let norm = word.norm.as_str();
        let led = norm == "led";
        if TIED.contains(&norm) {
            return Some(at + 2);
        }
        if !led && !AFFILIATED.contains(&norm) {
            return None;
        }
        let Some((agent_at, agent_id)) = self.agent_after(at + 1) else {
            return Some(at + 2);
        };
        let first = self.atoms[at].first;
        let agent = &self.tables.agents[agent_id as usize];
        if led {
            let name = format!("{}-led {}", holder.adjective_or_name(), agent.form);
            let coalition = agent.form == "coalition" || agent.canon == "coalition";
            let actor = Actor {
                name,
                country: coalition.then(|| "IGO".to_owned()),
                sector: Some(
                    if coalition || agent.sector == "MIL" {
                        "MIL"
                    } else {
                        "UNK"
                    }
                    .to_owned(),
                ),
                ..Actor::default()
            };
            let last = self.atoms[agent_at].last;
            self.emit((first, last), actor, Class::Body, true, LED);
            return Some(agent_at + 1);
        }
        Some(self.loose(at, agent_at, agent_id, first))
    }

    /// A group that is only tied to a country: its country stays unknown.
    pub(super) fn loose(
        &mut self,
        _at: usize,
        agent_at: usize,
        agent_id: u32,
        first: usize,
    ) -> usize {
        let last = self.atoms[agent_at].last;
        let agent = &self.tables.agents[agent_id as usize];
        let actor = Actor {
            name: self.plain_words(first, last),
            country: None,
            sector: some(&agent.sector),
            sector_2: some(&agent.sector_2),
            role: None,
        };
        let plural = agent.plural;
        self.emit((first, last), actor, Class::Group, plural, LOOSE);
        agent_at + 1
    }

    /// The agent noun that the holder at `at` owns, past "'s" and modifiers: last of a chain.
    pub(super) fn agent_after(&self, at: usize) -> Option<(usize, u32)> {
        let mut next = at + 1;
        let poss = self
            .atoms
            .get(next)
            .is_some_and(|a| self.word(a.first).poss);
        let loose =
            poss || matches!(
                self.atoms[at].entry,
                Some(Entry::Adjective(_) | Entry::Named(_)) | None
            ) || self.nominal(at);
        if poss {
            next += 1;
        }
        let mut best: Option<(usize, u32)> = None;
        let mut steps = 0;
        while let Some(atom) = self.atoms.get(next) {
            let word = self.word(atom.first);
            if !word.soft {
                break;
            }
            if let Some(Entry::Agent(id)) = atom.entry {
                best = Some((next, id));
                next += 1;
                // "the army's commander"
                if self
                    .atoms
                    .get(next)
                    .is_some_and(|a| self.word(a.first).poss)
                {
                    if self.agent_after(next - 1).is_none() {
                        break;
                    }
                    next += 1;
                }
                continue;
            }
            if best.is_some() || steps == 4 || !self.is_modifier(next, loose, poss) {
                break;
            }
            steps += 1;
            next += 1;
        }
        best
    }

    /// Whether the state at this atom is written as before a noun: "US troops".
    pub(super) fn nominal(&self, at: usize) -> bool {
        let atom = self.atoms[at];
        self.tables
            .nominal
            .longest(self.line, atom.first)
            .is_some_and(|(last, _)| last == atom.last)
    }

    pub(super) fn is_modifier(&self, at: usize, loose: bool, poss: bool) -> bool {
        let atom = self.atoms[at];
        let word = self.word(atom.first);
        if !loose || word.poss || atom.entry.is_some_and(|e| !matches!(e, Entry::Named(_))) {
            return false;
        }
        if BREAKS.contains(&word.norm.as_str()) {
            return false;
        }
        match word.upos {
            Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num | Upos::X | Upos::Adv => true,
            Upos::Verb => {
                poss || word.norm.ends_with("ed") || (word.norm.ends_with("ing") && word.hyphen)
            }
            _ => false,
        }
    }

    /// "Iraqi and US officials": the first country shares the agent of the second.
    pub(super) fn shared_agent(&mut self, at: usize, holder: &Holder) -> Option<usize> {
        if !matches!(
            self.atoms[at].entry,
            Some(Entry::Adjective(_) | Entry::Named(_))
        ) && !self.nominal(at)
        {
            return None;
        }
        let mut next = at + 1;
        let and = self.atoms.get(next)?;
        if matches!(self.word(and.first).norm.as_str(), "and" | "or") {
            next += 1;
        } else if self.word(and.first).soft {
            return None;
        }
        let other = self.atoms.get(next)?;
        self.holder(next)?;
        if !matches!(other.entry, Some(Entry::Adjective(_) | Entry::Named(_)))
            && !self.nominal(next)
        {
            return None;
        }
        let (agent_at, agent_id) = self.agent_after(next)?;
        if !self.tables.agents[agent_id as usize].plural
            && self.tables.agents[agent_id as usize].kind != AgentKind::State
        {
            return None;
        }
        let atom = self.atoms[at];
        let (mut actor, class) = self.compose(holder, agent_at, agent_id, agent_at);
        if self.tables.agents[agent_id as usize].canon.is_empty()
            && class != Class::State
            && actor.name != holder.name
        {
            let words = self.slice(self.role_start(next, agent_at), self.atoms[agent_at].last);
            actor.name = format!("{} {words}", holder.adjective_or_name());
        }
        self.emit((atom.first, atom.last), actor, class, true, SHARED_AGENT);
        Some(at + 1)
    }

    /// Country and agent in one mention; a name may follow an office.
    pub(super) fn composite(
        &mut self,
        at: usize,
        agent_at: usize,
        agent_id: u32,
        holder: &Holder,
    ) -> usize {
        let (mut actor, class) = self.compose(holder, agent_at, agent_id, at);
        let first = self.atoms[at].first;
        let last = self.atoms[agent_at].last;
        let agent = &self.tables.agents[agent_id as usize];
        let next = agent_at + 1;
        if agent.kind == AgentKind::Role && !agent.plural {
            let role_from = self.role_start(at, agent_at);
            let role = self.slice(role_from, last);
            if let Some((person, end)) = self.person_after(next, &actor, &role) {
                return self.person(first, end, person);
            }
            actor.role = Some(role);
        }
        let plural = agent.plural;
        self.emit((first, last), actor, class, plural, COUNTRY_AGENT);
        next
    }

    /// An office with its holder's name; "'s office" after it is the body, the person stays inside.
    pub(super) fn person(&mut self, first: usize, end: usize, person: Actor) -> usize {
        let last = self.atoms[end].last;
        self.emit(
            (first, last),
            person.clone(),
            Class::Person,
            false,
            ROLE_NAME,
        );
        let poss = self
            .atoms
            .get(end + 1)
            .is_some_and(|a| self.word(a.first).poss);
        let Some((agent_at, agent_id)) = self.agent_after(end).filter(|_| poss) else {
            return end + 1;
        };
        let holder = Holder {
            country: person.country,
            name: person.name,
            sector: person.sector.unwrap_or_default(),
            sector_2: person.sector_2.unwrap_or_default(),
            person: true,
            ..Holder::default()
        };
        let (actor, class) = self.compose(&holder, agent_at, agent_id, end);
        let plural = self.tables.agents[agent_id as usize].plural;
        self.emit(
            (first, self.atoms[agent_at].last),
            actor,
            class,
            plural,
            COUNTRY_AGENT,
        );
        agent_at + 1
    }

    /// First word of the office: after the country and "'s".
    pub(super) fn role_start(&self, at: usize, agent_at: usize) -> usize {
        let mut from = at + 1;
        if from < agent_at && self.word(self.atoms[from].first).poss {
            from += 1;
        }
        self.atoms[from.min(agent_at)].first
    }

    /// Who a holder's agent is.
    pub(super) fn compose(
        &self,
        holder: &Holder,
        agent_at: usize,
        agent_id: u32,
        at: usize,
    ) -> (Actor, Class) {
        let agent = &self.tables.agents[agent_id as usize];
        let class = class_of(agent.kind);
        let mut actor = Actor {
            country: holder.country.clone(),
            sector: some(&agent.sector).or_else(|| some(&holder.sector)),
            sector_2: some(&agent.sector_2),
            ..Actor::default()
        };
        if holder.state || holder.person {
            if agent.kind == AgentKind::State && holder.person {
                actor.name = holder
                    .country
                    .as_deref()
                    .and_then(|c| self.state_name(c))
                    .unwrap_or(&holder.name)
                    .to_owned();
                return (actor, Class::State);
            }
            if agent.kind == AgentKind::State {
                holder.name.clone_into(&mut actor.name);
                return (actor, Class::State);
            }
            actor.name = self.composed_name(holder, agent, agent_at, at);
            return (actor, class);
        }
        // A group's own fighters are the group; its officials are its officials.
        let same = matches!(
            agent.kind,
            AgentKind::Group | AgentKind::Force | AgentKind::State
        ) && !matches!(agent.sector.as_str(), "CVL" | "COP")
            && !is_international(holder);
        if same {
            holder.name.clone_into(&mut actor.name);
            actor.sector = some(&holder.sector);
            actor.sector_2 = some(&holder.sector_2);
            return (actor, Class::Group);
        }
        // "Hamas official", "Taliban delegation" stay rebels; an EU envoy is of the government kind.
        if KEPT.contains(&holder.sector.as_str())
            && matches!(agent.sector.as_str(), "GOV" | "")
            && !is_international(holder)
        {
            actor.sector = some(&holder.sector);
            actor.sector_2 = some(&holder.sector_2);
        }
        actor.name = self.composed_name(holder, agent, agent_at, at);
        (actor, class)
    }

    pub(super) fn composed_name(
        &self,
        holder: &Holder,
        agent: &Agent,
        agent_at: usize,
        at: usize,
    ) -> String {
        let adjective = holder.adjective_or_name();
        if !agent.canon.is_empty() {
            return format!("{adjective} {}", agent.canon);
        }
        let from = if agent_at > at {
            self.role_start(at, agent_at)
        } else {
            self.atoms[agent_at].first
        };
        if holder.person {
            return format!(
                "{}'s {}",
                holder.name,
                self.slice(from, self.atoms[agent_at].last)
            );
        }
        let words = if agent_at > at {
            self.slice(from, self.atoms[agent_at].last)
        } else {
            agent.form.clone()
        };
        format!("{adjective} {words}")
    }
}

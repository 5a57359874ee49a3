//! Owners and agent nouns on their own: "Iraq", "Baghdad", "the rebels", "President of X".

use rapporteur_text::Upos;

use super::chunk::{Chunker, Class, Holder, class_of, some};
use super::context::{Use, usage};
use super::rule::*;
use super::tables::{Agent, AgentKind, Entry, NamedKind};
use crate::Actor;

/// Machines: "the tank" alone is nobody's.
const MACHINES: [&str; 11] = [
    "tank",
    "warplane",
    "jet",
    "fighter jet",
    "aircraft",
    "helicopter",
    "warship",
    "destroyer",
    "fleet",
    "artillery",
    "navy ship",
];
/// Too wide to name anybody without an owner.
const INSTITUTIONS: [&str; 5] = ["side", "sides", "state", "states", "office"];
/// These only describe the noun that follows: "military aid", "state television".
const MODIFIERS: [&str; 4] = ["military", "troop", "party", "state"];

impl Chunker<'_> {
    /// A holder alone.
    pub(super) fn plain(&mut self, at: usize, holder: &Holder) {
        let atom = self.atoms[at];
        let (first, last) = (atom.first, atom.last);
        let mut actor = Actor {
            name: holder.name.clone(),
            country: holder.country.clone(),
            sector: some(&holder.sector),
            sector_2: some(&holder.sector_2),
            role: None,
        };
        let toponym = |word: usize| self.is_toponym(word);
        match atom.entry {
            Some(Entry::State(_)) => {
                let used = usage(self.line, self.text, (first, last), false, &toponym);
                if matches!(used, Use::Actor | Use::Both) && !self.inside_org(first, last) {
                    actor.sector = Some("GOV".into());
                    self.emit((first, last), actor, Class::State, false, STATE);
                }
            }
            Some(Entry::Capital(_)) => {
                let used = usage(self.line, self.text, (first, last), true, &toponym);
                if used == Use::Actor && !self.inside_org(first, last) {
                    actor.sector = Some("GOV".into());
                    self.emit((first, last), actor, Class::State, false, METONYM);
                }
            }
            Some(Entry::Adjective(_)) if !self.inside_org(first, last) => {
                actor.sector = Some("GOV".into());
                self.emit((first, last), actor, Class::State, false, ADJECTIVE);
            }
            Some(Entry::National(_)) => {
                actor.name = self.slice(first, last);
                actor.sector = Some("CVL".into());
                self.emit((first, last), actor, Class::Group, true, NATIONALS);
            }
            Some(Entry::Named(i)) => {
                let kind = self.tables.named[i as usize].kind;
                let ground = holder.sector == "PRE"
                    && usage(self.line, self.text, (first, last), false, &toponym) == Use::Place;
                if !ground {
                    let class = if kind == NamedKind::Group {
                        Class::Group
                    } else {
                        Class::Body
                    };
                    self.emit((first, last), actor, class, false, NAMED);
                }
            }
            Some(Entry::Person(_)) => {
                self.emit((first, last), actor, Class::Person, false, PERSON);
            }
            _ => {}
        }
    }

    /// A word of a state's or a capital's name.
    fn is_toponym(&self, word: usize) -> bool {
        self.atoms.iter().any(|a| {
            a.first <= word
                && word <= a.last
                && matches!(a.entry, Some(Entry::State(_) | Entry::Capital(_)))
        })
    }

    /// The last of the agent nouns that stand side by side: where it stands, and which it is.
    fn agents_end(&self, at: usize, id: u32) -> (usize, u32) {
        let (mut end, mut id) = (at, id);
        while let Some(next) = self.atoms.get(end + 1) {
            match next.entry {
                Some(Entry::Agent(i)) if self.word(next.first).soft => {
                    end += 1;
                    id = i;
                }
                _ => break,
            }
        }
        (end, id)
    }

    /// Whether an agent noun without an owner, which ends at word `last`, acts for nobody.
    fn acts_for_nobody(&self, agent: &Agent, last: usize) -> bool {
        // Machines act for nobody unless the text says whose they are.
        if MACHINES.contains(&agent.form.trim_end_matches('s'))
            || INSTITUTIONS.contains(&agent.form.as_str())
        {
            return true;
        }
        self.line.words.get(last + 1).is_some_and(|w| {
            w.soft && !w.poss && matches!(w.upos, Upos::Noun | Upos::Propn | Upos::Adj)
        }) && (MODIFIERS.contains(&agent.form.as_str()) || self.word(last).upos == Upos::Adj)
    }

    /// An agent noun without an owner before it.
    pub(super) fn agent(&mut self, at: usize, id: u32) -> usize {
        let (end, id) = self.agents_end(at, id);
        let agent = self.tables.agents[id as usize].clone();
        let first = self.atoms[at].first;
        let mut last = self.atoms[end].last;
        let mut next = end + 1;
        let mut actor = Actor {
            name: self.plain_words(first, last),
            sector: some(&agent.sector),
            sector_2: some(&agent.sector_2),
            ..Actor::default()
        };
        let mut class = class_of(agent.kind);
        let mut rule = AGENT;
        let mut bare = true;
        if let Some((owner_at, holder)) = self.owner_after_of(next) {
            (actor, class) = self.compose(&holder, end, id, owner_at);
            if holder.state && agent.canon.is_empty() && class != Class::State {
                actor.name = format!(
                    "{} {}",
                    holder.adjective_or_name(),
                    self.plain_words(first, last)
                );
            }
            last = self.atoms[owner_at].last;
            next = owner_at + 1;
            rule = AGENT_OF;
            bare = false;
        }
        if agent.kind == AgentKind::Role && !agent.plural {
            let role = self.slice(first, last);
            if let Some((person, stop)) = self.person_after(next, &actor, &role) {
                return self.person(first, stop, person);
            }
            actor.role = Some(role);
        }
        if bare && self.acts_for_nobody(&agent, last) {
            return next;
        }
        self.emit((first, last), actor, class, agent.plural, rule);
        if let Some(found) = self.out.last_mut() {
            found.bare = bare;
        }
        next
    }

    /// "of Iraq", "of the Houthis" after an agent.
    pub(super) fn owner_after_of(&self, at: usize) -> Option<(usize, Holder)> {
        let of = self.atoms.get(at)?;
        if self.word(of.first).norm != "of" || !self.word(of.first).soft {
            return None;
        }
        let mut next = at + 1;
        if self
            .atoms
            .get(next)
            .is_some_and(|a| self.word(a.first).norm == "the")
        {
            next += 1;
        }
        // "an alliance of Iran-linked groups" is not Iran's.
        if self
            .atoms
            .get(next + 1)
            .is_some_and(|a| self.word(a.first).hyphen)
        {
            return None;
        }
        let atom = self.atoms.get(next)?;
        if !matches!(atom.entry, Some(Entry::State(_) | Entry::Named(_)))
            || self.agent_after(next).is_some()
        {
            return None;
        }
        Some((next, self.holder(next)?))
    }
}

//! Names that no table knows.

use rapporteur_text::{EntityKind, Upos};

use super::chunk::{Atom, Chunker, Class, is_calendar, some};
use super::lists::{PARTICLES, TITLES};
use super::rule::*;
use super::tables::Entry;
use super::words::Case;
use crate::Actor;

impl Chunker<'_> {
    /// A person's name at atom `at`, right after an office.
    pub(super) fn person_after(
        &self,
        at: usize,
        office: &Actor,
        role: &str,
    ) -> Option<(Actor, usize)> {
        let mut at = at;
        while let Some(atom) = self.atoms.get(at) {
            let word = self.word(atom.first);
            if word.soft && TITLES.contains(&word.norm.as_str()) {
                at += 1;
            } else {
                break;
            }
        }
        let atom = self.atoms.get(at)?;
        if !self.word(atom.first).soft || self.word(atom.first).hyphen {
            return None;
        }
        let past = role
            .split(' ')
            .next()
            .is_some_and(|w| matches!(w, "former" | "ex" | "then" | "late"));
        let person = |name: String, country: Option<String>| Actor {
            name,
            country,
            sector: if past {
                Some("ELI".into())
            } else {
                office.sector.clone()
            },
            sector_2: if past { None } else { office.sector_2.clone() },
            role: Some(role.to_owned()),
        };
        if let Some(Entry::Person(i)) = atom.entry {
            let row = &self.tables.persons[i as usize];
            // What the text says of the office goes before the table.
            let country = office.country.clone().or_else(|| some(&row.country));
            let mut actor = person(row.name.clone(), country);
            if !past && office.sector.is_none() {
                actor.sector = some(&row.sector);
            }
            return Some((actor, at));
        }
        let end = self.name_run(at)?;
        Some((
            person(
                self.slice(atom.first, self.atoms[end].last),
                office.country.clone(),
            ),
            end,
        ))
    }

    /// A run of capitalised words, particles inside, that no table knows: its last atom.
    pub(super) fn name_run(&self, at: usize) -> Option<usize> {
        let mut end = None;
        let mut next = at;
        while let Some(atom) = self.atoms.get(next) {
            let word = self.word(atom.first);
            if (next > at && !word.soft) || word.poss {
                break;
            }
            let capital = word.case != Case::Lower && word.norm.chars().any(char::is_alphabetic);
            let plain = atom.entry.is_none() || matches!(atom.entry, Some(Entry::Person(_)));
            if capital && plain && !is_calendar(&word.norm) {
                end = Some(next);
            } else if !(PARTICLES.contains(&word.norm.as_str())
                && plain
                && self
                    .atoms
                    .get(next + 1)
                    .is_some_and(|a| self.word(a.first).case == Case::Title))
            {
                break;
            }
            next += 1;
            if next > at + 7 {
                break;
            }
        }
        end
    }

    /// Names that the name tagger found and no table explains.
    pub(super) fn unknown_names(&mut self) {
        let Some(sentence) = self.line.sentence else {
            return;
        };
        for name in sentence
            .names
            .iter()
            .filter(|n| super::words::plausible(sentence, n))
        {
            let words = &self.line.words;
            let mut first = words.partition_point(|w| w.span.end <= name.span.start);
            let after = words.partition_point(|w| w.span.start < name.span.end);
            first += usize::from(first + 1 < after && words[first].norm == "the");
            if first >= after || self.out.iter().any(|f| f.first < after && first <= f.last) {
                continue;
            }
            let last = after - 1;
            match name.kind {
                EntityKind::Per => self.unknown_person(first, last),
                EntityKind::Org => self.unknown_body(first, last),
                EntityKind::Loc | EntityKind::Misc => {}
            }
        }
    }

    pub(super) fn unknown_person(&mut self, first: usize, last: usize) {
        let mut first = first;
        while first < last && TITLES.contains(&self.word(first).norm.as_str()) {
            first += 1;
        }
        if !self.names_somebody(first, last) {
            return;
        }
        let actor = Actor {
            name: self.slice(first, last),
            ..Actor::default()
        };
        self.emit((first, last), actor, Class::Person, false, NAME);
    }

    /// Capitals but for particles, at most seven words, not a pronoun or an ordinary word that only
    /// starts its sentence.
    pub(super) fn names_somebody(&self, first: usize, last: usize) -> bool {
        let joins = |w: &super::words::Word| {
            PARTICLES.contains(&w.norm.as_str())
                || w.poss
                || matches!(w.norm.as_str(), "of" | "the" | "for" | "and" | "in")
        };
        last < first + 7
            && self.word(first).case != Case::Lower
            && self.word(last).case != Case::Lower
            && (first..=last).all(|i| {
                let w = self.word(i);
                (w.case != Case::Lower || joins(w)) && w.upos != Upos::Pron
            })
            && !(first == last && first == 0 && self.word(first).upos != Upos::Propn)
            && !is_calendar(&self.word(first).norm)
    }

    /// Capitalised runs that the name tagger missed, beside a word of saying or an office.
    pub(super) fn spoken_names(&mut self) {
        let mut at = 0;
        while at < self.atoms.len() {
            let Some(end) = self.name_run(at).filter(|end| *end > at) else {
                at += 1;
                continue;
            };
            let (first, last) = (self.atoms[at].first, self.atoms[end].last);
            at = end + 1;
            let free = !self.out.iter().any(|f| f.first <= last && first <= f.last);
            let spoken = |i: usize| {
                self.line.words.get(i).is_some_and(|w| {
                    matches!(
                        w.norm.as_str(),
                        "said"
                            | "says"
                            | "told"
                            | "added"
                            | "announced"
                            | "warned"
                            | "stated"
                            | "wrote"
                            | "argued"
                    )
                })
            };
            let office = self.atoms.get(end + 1).is_some_and(|a| {
                !self.word(a.first).soft
                    && matches!(self.word(a.first).norm.as_str(), "a" | "an" | "the")
                    && (end + 2..end + 6).any(|i| {
                        matches!(
                            self.atoms.get(i),
                            Some(Atom {
                                entry: Some(Entry::Agent(_)),
                                ..
                            })
                        )
                    })
            });
            if free
                && last < first + 6
                && (spoken(last + 1) || (first > 0 && spoken(first - 1)) || office)
                && self.names_somebody(first, last)
            {
                self.unknown_person(first, last);
            }
        }
    }

    pub(super) fn unknown_body(&mut self, first: usize, last: usize) {
        if !self.names_somebody(first, last) {
            return;
        }
        let mut actor = Actor {
            name: self.slice(first, last),
            ..Actor::default()
        };
        for atom in &self.atoms {
            if atom.first < first || atom.last > last {
                continue;
            }
            match atom.entry {
                Some(Entry::Adjective(i) | Entry::State(i) | Entry::Capital(i)) => {
                    actor.country = self.tables.states.get(i as usize).map(|s| s.iso3.clone());
                }
                Some(Entry::Agent(i)) => {
                    if let Some(agent) = self.tables.agents.get(i as usize) {
                        actor.sector = some(&agent.sector).or(actor.sector);
                    }
                }
                _ => {}
            }
        }
        self.emit((first, last), actor, Class::Body, false, NAME);
    }

    pub(super) fn inside_org(&self, first: usize, last: usize) -> bool {
        matches!(self.names.get(first), Some(Some((a, b, EntityKind::Org | EntityKind::Misc))) if b > a && (*a < first || *b > last)
            && (*a..=*b).all(|w| self.word(w).case != Case::Lower))
    }
}

//! One sentence at a time: table entries, names and agent nouns joined into mentions by a small
//! grammar over neighbours ("Iraq's foreign ministry", "US troops", "President of X, Y").

use super::lists::TITLES;
use super::rule::Rule;
use rapporteur_base::{Date, Span, Why};
use rapporteur_text::{EntityKind, Upos};

use super::tables::{AgentKind, Entry, Tables};
use super::words::{Case, Line};
use crate::Actor;

/// What a mention is to coreference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A state or its government.
    State,
    /// A person by name.
    Person,
    /// An office without a name.
    Role,
    /// A ministry, parliament, mission, named body.
    Body,
    /// Forces, militias, crowds.
    Group,
}

/// A mention before coreference.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) span: Span,
    pub(crate) actor: Actor,
    pub(crate) antecedent: Option<Span>,
    pub(crate) class: Class,
    pub(crate) plural: bool,
    /// A bare agent noun: means something only through what was said before, or nothing.
    pub(crate) bare: bool,
    pub(crate) rule: &'static str,
    pub(crate) reason: String,
}

impl Found {
    pub(crate) fn why(&self) -> Why {
        Why::rule(self.rule, self.reason.clone())
    }
}

/// A run of words with what the tables say about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) entry: Option<Entry>,
}

/// Somebody who can own an agent noun.
#[derive(Clone, Debug, Default)]
pub(super) struct Holder {
    pub(super) country: Option<String>,
    /// Name of the whole ("Iraq", "Hamas").
    pub(super) name: String,
    /// What names are built with ("Iraqi", "Hamas").
    pub(super) adjective: String,
    pub(super) sector: String,
    pub(super) sector_2: String,
    pub(super) state: bool,
    pub(super) person: bool,
}

pub(super) struct Chunker<'a> {
    pub(super) tables: &'a Tables,
    pub(super) text: &'a str,
    pub(super) line: &'a Line<'a>,
    pub(super) atoms: Vec<Atom>,
    /// For each word, the NER name it is in: its words and kind.
    pub(super) names: Vec<Option<(usize, usize, EntityKind)>>,
    pub(super) published: Option<Date>,
    pub(super) out: Vec<Found>,
}

impl<'a> Chunker<'a> {
    pub(super) fn new(
        tables: &'a Tables,
        text: &'a str,
        line: &'a Line<'a>,
        published: Option<Date>,
    ) -> Self {
        let mut chunker = Self {
            tables,
            text,
            line,
            atoms: Vec::with_capacity(line.words.len()),
            names: vec![None; line.words.len()],
            published,
            out: Vec::new(),
        };
        chunker.mark_names();
        chunker.cut();
        chunker
    }

    pub(super) fn mark_names(&mut self) {
        let Some(sentence) = self.line.sentence else {
            return;
        };
        let words = &self.line.words;
        for name in sentence
            .names
            .iter()
            .filter(|n| super::words::plausible(sentence, n))
        {
            let mut first = words.partition_point(|w| w.span.end <= name.span.start);
            let after = words.partition_point(|w| w.span.start < name.span.end);
            // An article is no part of a name: "The United States" is the state of the tables.
            first += usize::from(first + 1 < after && words[first].norm == "the");
            for slot in self.names.iter_mut().take(after).skip(first) {
                *slot = Some((first, after - 1, name.kind));
            }
        }
    }

    /// Cuts the sentence into atoms, longest table entry first.
    pub(super) fn cut(&mut self) {
        let mut at = 0;
        while at < self.line.words.len() {
            let own = self
                .tables
                .dictionary
                .as_ref()
                .and_then(|d| d.longest(self.line, at));
            let hit = own.or_else(|| self.tables.phrases.longest(self.line, at));
            let atom = match hit {
                Some((last, id)) if !self.line.words[at].poss => {
                    let entry = self.tables.entries.get(id as usize).copied();
                    Atom {
                        first: at,
                        last,
                        entry: entry.filter(|e| self.admits(*e, at, last)),
                    }
                }
                _ => Atom {
                    first: at,
                    last: at,
                    entry: None,
                },
            };
            let atom = if atom.entry.is_none() {
                Atom { last: at, ..atom }
            } else {
                atom
            };
            at = atom.last + 1;
            self.atoms.push(atom);
        }
    }

    /// Whether a table entry may be read at these words.
    pub(super) fn admits(&self, entry: Entry, first: usize, last: usize) -> bool {
        let words = &self.line.words;
        let single = first == last;
        match entry {
            // "jordan" the first name of somebody: the name tagger says person for more words.
            Entry::State(_) | Entry::Capital(_) | Entry::Adjective(_) | Entry::National(_) => {
                !matches!(self.names[first], Some((a, b, EntityKind::Per)) if b > a && (a < first || b > last))
            }
            // A surname alone is that person unless another first name goes before it.
            Entry::Person(_) if single => {
                let before = first.checked_sub(1).map(|i| &words[i]);
                let stranger = words[first].soft
                    && before.is_some_and(|w| {
                        w.case == Case::Title
                            && !w.hyphen
                            && first >= 2
                            && !TITLES.contains(&w.norm.as_str())
                            && !self.ends_entry(first - 1)
                            && !matches!(
                                w.norm.as_str(),
                                "the" | "and" | "under" | "with" | "mr" | "for"
                            )
                    });
                let longer = words.get(last + 1).is_some_and(|w| {
                    w.soft
                        && !w.hyphen
                        && w.case == Case::Title
                        && self.names[last + 1]
                            .is_some_and(|n| n.2 == EntityKind::Per && n.0 <= first)
                });
                !stranger && !longer && words[first].case != Case::Lower
            }
            // "May" and the like cannot be agents; a lone capitalised agent inside a person's name is not one.
            Entry::Agent(_) => {
                let surname = matches!(self.names[first], Some((a, b, EntityKind::Per)) if b > a && a < first && b == last && words[first].case == Case::Title);
                let verb = single && words[first].upos == Upos::Verb && !self.line.shouting;
                !surname && !verb
            }
            _ => true,
        }
    }

    pub(super) fn ends_entry(&self, word: usize) -> bool {
        self.atoms.iter().rev().take(3).any(|a| {
            a.last == word
                && matches!(
                    a.entry,
                    Some(Entry::Agent(_) | Entry::Adjective(_) | Entry::State(_) | Entry::Named(_))
                )
        })
    }

    /// Reads the sentence.
    pub(super) fn run(mut self) -> Vec<Found> {
        let mut at = 0;
        while at < self.atoms.len() {
            let next = self.step(at);
            at = next.max(at + 1);
        }
        self.unknown_names();
        self.spoken_names();
        self.out
            .sort_by_key(|f| (f.first, std::cmp::Reverse(f.last)));
        super::apposition::link(&mut self.out, self.line, self.text);
        self.out
    }

    /// Reads a mention at atom `at`; gives the atom after it.
    pub(super) fn step(&mut self, at: usize) -> usize {
        let atom = self.atoms[at];
        match atom.entry {
            None => at + 1,
            Some(Entry::Agent(id)) => self.agent(at, id),
            Some(_) => match self.holder(at) {
                Some(holder) => self.held(at, &holder),
                None => at + 1,
            },
        }
    }

    pub(super) fn state_name(&self, iso3: &str) -> Option<&str> {
        self.tables
            .states
            .iter()
            .find(|s| s.iso3 == iso3)
            .map(|s| s.name.as_str())
    }

    pub(super) fn word(&self, at: usize) -> &super::words::Word {
        &self.line.words[at]
    }

    pub(super) fn span(&self, first: usize, last: usize) -> Span {
        self.word(first).span.cover(self.word(last).span)
    }

    /// The text of words, white space made single.
    pub(super) fn slice(&self, first: usize, last: usize) -> String {
        let raw = self.span(first, last).of(self.text);
        raw.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of words, with states' variants made one and other words in lower case unless names.
    pub(super) fn plain_words(&self, first: usize, last: usize) -> String {
        let text = self.slice(first, last);
        text.replace("U.S.", "US")
            .replace("American", "US")
            .replace("U.K.", "UK")
    }

    pub(super) fn emit(
        &mut self,
        at: (usize, usize),
        actor: Actor,
        class: Class,
        plural: bool,
        rule: Rule,
    ) {
        self.out.push(Found {
            first: at.0,
            last: at.1,
            span: self.span(at.0, at.1),
            actor,
            antecedent: None,
            class,
            plural,
            bare: false,
            rule: rule.0,
            reason: rule.1.to_owned(),
        });
    }
}

impl Holder {
    pub(super) fn adjective_or_name(&self) -> &str {
        if self.adjective.is_empty() {
            &self.name
        } else {
            &self.adjective
        }
    }
}

pub(super) fn class_of(kind: AgentKind) -> Class {
    match kind {
        AgentKind::State => Class::State,
        AgentKind::Role => Class::Role,
        AgentKind::Body => Class::Body,
        AgentKind::Force | AgentKind::Group => Class::Group,
    }
}

pub(super) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn is_calendar(norm: &str) -> bool {
    matches!(
        norm,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "the"
            | "on"
            | "in"
            | "at"
            | "a"
    )
}

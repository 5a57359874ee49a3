//! One sentence at a time: table entries, names and agent nouns joined into mentions by a small
//! grammar over neighbours ("Iraq's foreign ministry", "US troops", "President of X, Y").

use rapporteur_base::{Date, Span, Why};
use rapporteur_text::{EntityKind, Upos};

use super::context::{Use, usage};
use super::tables::{Agent, AgentKind, Entry, NamedKind, Tables};
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
    pub(super) coded: bool,
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

const AFFILIATED: &[&str] = &[
    "backed",
    "aligned",
    "linked",
    "supported",
    "allied",
    "funded",
    "sponsored",
    "affiliated",
    "trained",
    "armed",
    "controlled",
    "directed",
    "friendly",
    "installed",
    "inspired",
    "leaning",
];
const TIED: &[&str] = &[
    "based",
    "occupied",
    "held",
    "brokered",
    "mediated",
    "bound",
    "made",
    "born",
    "registered",
    "flagged",
    "imposed",
    "proposed",
    "drafted",
    "hosted",
    "owned",
    "sanctioned",
    "administered",
    "run",
    "designated",
    "supplied",
    "manufactured",
    "style",
    "era",
    "wide",
];
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "dr",
    "gen",
    "lt",
    "col",
    "sen",
    "rep",
    "maj",
    "adm",
    "gov",
    "brig",
    "capt",
    "sgt",
    "sir",
    "lord",
    "lady",
    "prof",
    "hajj",
    "haji",
    "sayyid",
    "mullah",
    "maulana",
    "his",
    "excellency",
    "dame",
    "rev",
];
const PARTICLES: &[&str] = &[
    "al", "el", "bin", "bint", "ibn", "von", "van", "de", "der", "da", "dos", "la", "du", "abu",
    "ould", "ag", "ben", "den", "di", "del", "ul", "ur", "e", "as", "ash", "ad", "y",
];
/// Lower-case words that cannot stand between a country and its agent.
const BREAKS: &[&str] = &[
    "the",
    "a",
    "an",
    "and",
    "or",
    "but",
    "of",
    "in",
    "on",
    "at",
    "to",
    "from",
    "for",
    "with",
    "by",
    "as",
    "that",
    "which",
    "who",
    "whom",
    "whose",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "has",
    "have",
    "had",
    "will",
    "would",
    "can",
    "could",
    "may",
    "might",
    "should",
    "must",
    "not",
    "no",
    "said",
    "says",
    "say",
    "his",
    "her",
    "their",
    "its",
    "this",
    "these",
    "those",
    "it",
    "he",
    "she",
    "they",
    "we",
    "i",
    "you",
    "if",
    "when",
    "while",
    "after",
    "before",
    "since",
    "until",
    "because",
    "between",
    "against",
    "about",
    "into",
    "over",
    "under",
    "than",
    "also",
    "both",
    "all",
    "if",
    "so",
    "then",
    "including",
    "during",
    "without",
    "through",
    "more",
    "most",
    "do",
    "does",
    "did",
    "sending",
    "killed",
    "killing",
];

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

    fn mark_names(&mut self) {
        let Some(sentence) = self.line.sentence else {
            return;
        };
        let words = &self.line.words;
        for name in sentence
            .names
            .iter()
            .filter(|n| super::words::plausible(sentence, n))
        {
            let first = words.partition_point(|w| w.span.end <= name.span.start);
            let after = words.partition_point(|w| w.span.start < name.span.end);
            for slot in self.names.iter_mut().take(after).skip(first) {
                *slot = Some((first, after - 1, name.kind));
            }
        }
    }

    /// Cuts the sentence into atoms, longest table entry first.
    fn cut(&mut self) {
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
    fn admits(&self, entry: Entry, first: usize, last: usize) -> bool {
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
            Entry::Coded(i) => self.in_force(i),
            // "May" and the like cannot be agents; a lone capitalised agent inside a person's name is not one.
            Entry::Agent(_) => {
                !matches!(self.names[first], Some((a, b, EntityKind::Per)) if b > a && a < first && words[first].case == Case::Title)
                    && !(single && words[first].upos == Upos::Verb && !self.line.shouting)
            }
            _ => true,
        }
    }

    fn ends_entry(&self, word: usize) -> bool {
        self.atoms.iter().rev().take(3).any(|a| {
            a.last == word
                && matches!(
                    a.entry,
                    Some(Entry::Agent(_) | Entry::Adjective(_) | Entry::State(_) | Entry::Named(_))
                )
        })
    }

    fn in_force(&self, coded: u32) -> bool {
        let Some(row) = self.tables.coded.get(coded as usize) else {
            return false;
        };
        let Some(date) = self.published else {
            return true;
        };
        let day = u32::try_from(date.year()).unwrap_or(0) * 10_000
            + u32::try_from(date.month()).unwrap_or(0) * 100
            + u32::try_from(date.day()).unwrap_or(0);
        row.from <= day && day <= row.to
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
    fn step(&mut self, at: usize) -> usize {
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

    /// A country, body or person that may own an agent noun.
    fn held(&mut self, at: usize, holder: &Holder) -> usize {
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
    fn affiliation(&mut self, at: usize, holder: &Holder) -> Option<usize> {
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
            self.emit(
                first,
                last,
                actor,
                Class::Body,
                true,
                "actors/led",
                "a coalition named after the country that leads it",
            );
            return Some(agent_at + 1);
        }
        Some(self.loose(at, agent_at, agent_id, first))
    }

    /// A group that is only tied to a country: its country stays unknown.
    fn loose(&mut self, _at: usize, agent_at: usize, agent_id: u32, first: usize) -> usize {
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
        self.emit(
            first,
            last,
            actor,
            Class::Group,
            plural,
            "actors/affiliated",
            "tied to a country, not of it",
        );
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
    fn nominal(&self, at: usize) -> bool {
        let atom = self.atoms[at];
        self.tables
            .nominal
            .longest(self.line, atom.first)
            .is_some_and(|(last, _)| last == atom.last)
    }

    fn is_modifier(&self, at: usize, loose: bool, poss: bool) -> bool {
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
    fn shared_agent(&mut self, at: usize, holder: &Holder) -> Option<usize> {
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
        self.emit(
            atom.first,
            atom.last,
            actor,
            class,
            true,
            "actors/shared-agent",
            "shares the noun of the country after it",
        );
        Some(at + 1)
    }

    /// Country and agent in one mention; a name may follow an office.
    fn composite(&mut self, at: usize, agent_at: usize, agent_id: u32, holder: &Holder) -> usize {
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
        self.emit(
            first,
            last,
            actor,
            class,
            plural,
            "actors/country-agent",
            "a country, body or leader with an agent noun",
        );
        next
    }

    /// An office with its holder's name; "'s office" after it is the body, the person stays inside.
    fn person(&mut self, first: usize, end: usize, person: Actor) -> usize {
        let last = self.atoms[end].last;
        self.emit(
            first,
            last,
            person.clone(),
            Class::Person,
            false,
            "actors/role-name",
            "an office and the name of its holder",
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
            first,
            self.atoms[agent_at].last,
            actor,
            class,
            plural,
            "actors/country-agent",
            "a country, body or leader with an agent noun",
        );
        agent_at + 1
    }

    /// First word of the office: after the country and "'s".
    fn role_start(&self, at: usize, agent_at: usize) -> usize {
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
        if holder.coded {
            return (self.coded_actor(holder, agent_at, at), class);
        }
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
            && !matches!(
                holder.country.as_deref(),
                Some("UNO" | "EUR" | "IGO" | "NGO")
            );
        if same {
            holder.name.clone_into(&mut actor.name);
            actor.sector = some(&holder.sector);
            actor.sector_2 = some(&holder.sector_2);
            return (actor, Class::Group);
        }
        // "Hamas official", "Taliban delegation" stay rebels; an EU envoy is of the government kind.
        if matches!(
            holder.sector.as_str(),
            "REB"
                | "PRM"
                | "PTY"
                | "MIL"
                | "SPY"
                | "CRM"
                | "COP"
                | "OPP"
                | "UAF"
                | "LEG"
                | "JUD"
                | "JRN"
        ) && matches!(agent.sector.as_str(), "GOV" | "")
        {
            actor.sector = some(&holder.sector);
            actor.sector_2 = some(&holder.sector_2);
        }
        actor.name = self.composed_name(holder, agent, agent_at, at);
        (actor, class)
    }

    fn composed_name(&self, holder: &Holder, agent: &Agent, agent_at: usize, at: usize) -> String {
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

    fn coded_actor(&self, holder: &Holder, agent_at: usize, at: usize) -> Actor {
        let atom = self.atoms[agent_at];
        let own = self.tables.dictionary.as_ref().and_then(|d| {
            (atom.first..=atom.last).find_map(|w| {
                let (_, id) = d.longest(self.line, w)?;
                match self.tables.entries.get(id as usize)? {
                    Entry::Coded(i) => self.tables.coded.get(*i as usize).filter(|c| c.agent),
                    _ => None,
                }
            })
        });
        let suffix = own.map_or("", |c| c.code.as_str());
        Actor {
            name: self.slice(
                self.atoms[at].first.min(atom.first),
                self.atoms[at].last.max(atom.last),
            ),
            country: holder.country.as_ref().map(|c| format!("{c}{suffix}")),
            ..Actor::default()
        }
    }

    /// A holder alone.
    fn plain(&mut self, at: usize, holder: &Holder) {
        let atom = self.atoms[at];
        let (first, last) = (atom.first, atom.last);
        let mut actor = Actor {
            name: holder.name.clone(),
            country: holder.country.clone(),
            sector: some(&holder.sector),
            sector_2: some(&holder.sector_2),
            role: None,
        };
        let toponym = |word: usize| {
            self.atoms.iter().any(|a| {
                a.first <= word
                    && word <= a.last
                    && matches!(a.entry, Some(Entry::State(_) | Entry::Capital(_)))
            })
        };
        match atom.entry {
            Some(Entry::State(_)) => {
                let used = usage(self.line, self.text, (first, last), false, &toponym);
                if matches!(used, Use::Actor | Use::Both) && !self.inside_org(first, last) {
                    actor.sector = Some("GOV".into());
                    self.emit(
                        first,
                        last,
                        actor,
                        Class::State,
                        false,
                        "actors/state",
                        "a state as a party",
                    );
                }
            }
            Some(Entry::Capital(_)) => {
                let used = usage(self.line, self.text, (first, last), true, &toponym);
                if used == Use::Actor && !self.inside_org(first, last) {
                    actor.sector = Some("GOV".into());
                    self.emit(
                        first,
                        last,
                        actor,
                        Class::State,
                        false,
                        "actors/metonym",
                        "a capital used for its government",
                    );
                }
            }
            Some(Entry::Adjective(_)) => {
                if !self.inside_org(first, last) {
                    actor.sector = Some("GOV".into());
                    self.emit(
                        first,
                        last,
                        actor,
                        Class::State,
                        false,
                        "actors/adjective",
                        "a country's adjective before what it does or owns",
                    );
                }
            }
            Some(Entry::National(_)) => {
                actor.name = self.slice(first, last);
                actor.sector = Some("CVL".into());
                self.emit(
                    first,
                    last,
                    actor,
                    Class::Group,
                    true,
                    "actors/nationals",
                    "people of a country",
                );
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
                    self.emit(
                        first,
                        last,
                        actor,
                        class,
                        false,
                        "actors/named",
                        "a name of the tables",
                    );
                }
            }
            Some(Entry::Person(_)) => {
                self.emit(
                    first,
                    last,
                    actor,
                    Class::Person,
                    false,
                    "actors/person",
                    "a person of the tables",
                );
            }
            Some(Entry::Coded(_)) => {
                actor.name = self.slice(first, last);
                self.emit(
                    first,
                    last,
                    actor,
                    Class::State,
                    false,
                    "actors/dictionary",
                    "a phrase of the dictionary",
                );
            }
            _ => {}
        }
    }

    /// An agent noun without an owner before it.
    fn agent(&mut self, at: usize, id: u32) -> usize {
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
        let mut rule = "actors/agent";
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
            rule = "actors/agent-of";
            bare = false;
        }
        if agent.kind == AgentKind::Role && !agent.plural {
            let role = self.slice(first, last);
            if let Some((person, stop)) = self.person_after(next, &actor, &role) {
                return self.person(first, stop, person);
            }
            actor.role = Some(role);
        }
        let modifies =
            bare && self.line.words.get(last + 1).is_some_and(|w| {
                w.soft && !w.poss && matches!(w.upos, Upos::Noun | Upos::Propn | Upos::Adj)
            }) && (matches!(
                agent.form.as_str(),
                "military" | "troop" | "party" | "state"
            ) || self.word(last).upos == Upos::Adj);
        if modifies {
            return next;
        }
        if bare
            && matches!(
                agent.form.as_str(),
                "side" | "sides" | "state" | "states" | "office"
            )
        {
            return next;
        }
        self.emit(
            first,
            last,
            actor,
            class,
            agent.plural,
            rule,
            "an agent noun",
        );
        if let Some(found) = self.out.last_mut() {
            found.bare = bare;
        }
        next
    }

    /// "of Iraq", "of the Houthis" after an agent.
    fn owner_after_of(&self, at: usize) -> Option<(usize, Holder)> {
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
        if !matches!(
            atom.entry,
            Some(Entry::State(_) | Entry::Named(_) | Entry::Coded(_))
        ) || self.agent_after(next).is_some()
        {
            return None;
        }
        Some((next, self.holder(next)?))
    }

    /// A person's name at atom `at`, right after an office.
    fn person_after(&self, at: usize, office: &Actor, role: &str) -> Option<(Actor, usize)> {
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
            let mut actor = person(row.name.clone(), some(&row.country));
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
    fn unknown_names(&mut self) {
        let Some(sentence) = self.line.sentence else {
            return;
        };
        for name in sentence
            .names
            .iter()
            .filter(|n| super::words::plausible(sentence, n))
        {
            let words = &self.line.words;
            let first = words.partition_point(|w| w.span.end <= name.span.start);
            let after = words.partition_point(|w| w.span.start < name.span.end);
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

    fn unknown_person(&mut self, first: usize, last: usize) {
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
        self.emit(
            first,
            last,
            actor,
            Class::Person,
            false,
            "actors/name",
            "a person's name that no table knows",
        );
    }

    /// Capitals but for particles, at most seven words, not a pronoun or an ordinary word that only
    /// starts its sentence.
    fn names_somebody(&self, first: usize, last: usize) -> bool {
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
    fn spoken_names(&mut self) {
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

    fn unknown_body(&mut self, first: usize, last: usize) {
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
        self.emit(
            first,
            last,
            actor,
            Class::Body,
            false,
            "actors/name",
            "a body's name that no table knows",
        );
    }

    fn inside_org(&self, first: usize, last: usize) -> bool {
        matches!(self.names.get(first), Some(Some((a, b, EntityKind::Org | EntityKind::Misc))) if b > a && (*a < first || *b > last)
            && (*a..=*b).all(|w| self.word(w).case != Case::Lower))
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
    fn plain_words(&self, first: usize, last: usize) -> String {
        let text = self.slice(first, last);
        text.replace("U.S.", "US")
            .replace("American", "US")
            .replace("U.K.", "UK")
    }

    #[expect(clippy::too_many_arguments, reason = "one constructor for all rules")]
    fn emit(
        &mut self,
        first: usize,
        last: usize,
        actor: Actor,
        class: Class,
        plural: bool,
        rule: &'static str,
        reason: &str,
    ) {
        self.out.push(Found {
            first,
            last,
            span: self.span(first, last),
            actor,
            antecedent: None,
            class,
            plural,
            bare: false,
            rule,
            reason: reason.to_owned(),
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

fn class_of(kind: AgentKind) -> Class {
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

fn is_calendar(norm: &str) -> bool {
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

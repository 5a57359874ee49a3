//! The tables of actors, read once from the data files.

use super::phrases::Phrases;

/// A state.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) iso3: String,
    pub(crate) name: String,
    /// Adjective that names are built with ("Iraqi forces").
    pub(crate) adjective: String,
}

/// What kind of named actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedKind {
    Body,
    Office,
    Group,
    Media,
    Firm,
}

/// A body, office, group, outlet or firm.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) country: String,
    pub(crate) sector: String,
    pub(crate) sector_2: String,
    pub(crate) kind: NamedKind,
}

/// An office holder or leader.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) country: String,
    pub(crate) sector: String,
    pub(crate) sector_2: String,
    pub(crate) from: Option<i16>,
    pub(crate) to: Option<i16>,
}

/// Kinds of agent nouns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentKind {
    /// The government itself.
    State,
    /// An office or trade of one person.
    Role,
    /// A ministry, parliament, court, party.
    Body,
    /// Armed forces and police.
    Force,
    /// Militias, rebels, crowds.
    Group,
}

/// An agent noun in one form.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) form: String,
    pub(crate) kind: AgentKind,
    pub(crate) plural: bool,
    pub(crate) sector: String,
    pub(crate) sector_2: String,
    pub(crate) canon: String,
}

/// What a phrase stands for: the table and the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    State(u32),
    Adjective(u32),
    National(u32),
    Capital(u32),
    Named(u32),
    Person(u32),
    Agent(u32),
}

/// All tables with one index over their phrases.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    pub(crate) states: Vec<State>,
    pub(crate) named: Vec<Named>,
    pub(crate) persons: Vec<Person>,
    pub(crate) agents: Vec<Agent>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) phrases: Phrases,
    /// States whose name or code stands before a noun like an adjective: US, UK, UAE.
    pub(crate) nominal: Phrases,
    /// Names of actors that a user adds to a desk: asked first.
    pub(crate) dictionary: Option<Phrases>,
}

const STATES: &str = include_str!("../../../../data/actors/states.tsv");
const PERSONS: &str = include_str!("../../../../data/actors/persons.tsv");
const AGENTS: &str = include_str!("../../../../data/actors/agents.tsv");
const NAMED: [(&str, NamedKind); 5] = [
    (
        include_str!("../../../../data/actors/bodies.tsv"),
        NamedKind::Body,
    ),
    (
        include_str!("../../../../data/actors/offices.tsv"),
        NamedKind::Office,
    ),
    (
        include_str!("../../../../data/actors/groups.tsv"),
        NamedKind::Group,
    ),
    (
        include_str!("../../../../data/actors/media.tsv"),
        NamedKind::Media,
    ),
    (
        include_str!("../../../../data/actors/firms.tsv"),
        NamedKind::Firm,
    ),
];

/// Rows of a table: comment lines and the header are left out.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .skip(1)
        .map(|line| line.split('\t').collect())
}

fn cell<'r>(row: &[&'r str], at: usize) -> &'r str {
    row.get(at).copied().unwrap_or("").trim()
}

fn forms(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|s| !s.is_empty())
}

fn id(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Tables {
    /// Reads the embedded tables.
    pub(crate) fn embedded() -> Self {
        let mut tables = Self::default();
        // Earlier tables win where two give the same words: states before groups before people.
        tables.read_states();
        for (table, kind) in NAMED {
            tables.read_named(table, kind);
        }
        tables.read_persons();
        for row in rows(AGENTS) {
            tables.agents.push(Agent {
                form: cell(&row, 0).to_owned(),
                kind: agent_kind(cell(&row, 1)),
                plural: cell(&row, 2) == "p",
                sector: cell(&row, 3).to_owned(),
                sector_2: cell(&row, 4).to_owned(),
                canon: cell(&row, 5).to_owned(),
            });
            tables.add(
                cell(&row, 0),
                Entry::Agent(id(tables.agents.len() - 1)),
                true,
            );
        }
        tables
    }

    fn add(&mut self, phrase: &str, entry: Entry, any_case: bool) {
        self.phrases.add(phrase, id(self.entries.len()), any_case);
        self.entries.push(entry);
    }

    fn read_states(&mut self) {
        for row in rows(STATES) {
            let at = id(self.states.len());
            let name = cell(&row, 1);
            let adjective = forms(cell(&row, 2)).next().unwrap_or(name);
            self.states.push(State {
                iso3: cell(&row, 0).to_owned(),
                name: name.to_owned(),
                adjective: adjective.to_owned(),
            });
            self.add(name, Entry::State(at), false);
            for form in forms(cell(&row, 5)).chain(forms(cell(&row, 6))) {
                self.add(form, Entry::State(at), false);
            }
            for form in forms(cell(&row, 2)) {
                self.add(form, Entry::Adjective(at), false);
                self.nominal.add(form, at, false);
            }
            for form in forms(cell(&row, 3)) {
                self.add(form, Entry::National(at), false);
            }
            for form in forms(cell(&row, 4)) {
                self.add(form, Entry::Capital(at), false);
            }
        }
    }

    fn read_named(&mut self, table: &str, kind: NamedKind) {
        for row in rows(table) {
            let at = id(self.named.len());
            self.named.push(Named {
                name: cell(&row, 0).to_owned(),
                country: cell(&row, 2).to_owned(),
                sector: cell(&row, 3).to_owned(),
                sector_2: cell(&row, 4).to_owned(),
                kind,
            });
            for form in std::iter::once(cell(&row, 0)).chain(forms(cell(&row, 1))) {
                self.add(form, Entry::Named(at), false);
            }
        }
    }

    fn read_persons(&mut self) {
        for row in rows(PERSONS) {
            let at = id(self.persons.len());
            self.persons.push(Person {
                name: cell(&row, 0).to_owned(),
                country: cell(&row, 2).to_owned(),
                sector: cell(&row, 3).to_owned(),
                sector_2: cell(&row, 4).to_owned(),
                from: cell(&row, 6).parse().ok(),
                to: cell(&row, 7).parse().ok(),
            });
            for form in std::iter::once(cell(&row, 0)).chain(forms(cell(&row, 1))) {
                self.add(form, Entry::Person(at), false);
            }
        }
    }
}

fn agent_kind(cell: &str) -> AgentKind {
    match cell {
        "state" => AgentKind::State,
        "role" => AgentKind::Role,
        "body" => AgentKind::Body,
        "force" => AgentKind::Force,
        _ => AgentKind::Group,
    }
}

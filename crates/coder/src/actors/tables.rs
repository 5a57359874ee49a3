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
    /// Suffix that a user's dictionary gives; empty in the embedded table.
    pub(crate) code: String,
}

/// An entry of a user's dictionary: opaque code, days of validity as `YYYYMMDD` numbers.
#[derive(Debug, Clone)]
pub(crate) struct Coded {
    pub(crate) code: String,
    pub(crate) from: u32,
    pub(crate) to: u32,
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
    Coded(u32),
}

/// All tables with one index over their phrases.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    pub(crate) states: Vec<State>,
    pub(crate) named: Vec<Named>,
    pub(crate) persons: Vec<Person>,
    pub(crate) agents: Vec<Agent>,
    pub(crate) coded: Vec<Coded>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) phrases: Phrases,
    /// States whose name or code stands before a noun like an adjective: US, UK, UAE.
    pub(crate) nominal: Phrases,
    /// Phrases of a user's dictionary: asked first.
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
                code: String::new(),
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

    /// Adds a user's dictionaries; their phrases go before the embedded ones.
    pub(crate) fn with_dictionary(&mut self, actors: &str, agents: &str) -> Result<(), String> {
        let mut own = Phrases::default();
        let mut entries = Vec::new();
        for (table, agent, what) in [(actors, false, "actors"), (agents, true, "agents")] {
            for (number, line) in table.lines().enumerate() {
                let row: Vec<&str> = line.split('\t').collect();
                let phrase = cell(&row, 0);
                if phrase.is_empty() || phrase.starts_with('#') || phrase == "phrase" {
                    continue;
                }
                if row.len() < 2 {
                    return Err(format!(
                        "{what} dictionary, line {}: expected `phrase<TAB>code`, found {line:?}",
                        number + 1
                    ));
                }
                let code = cell(&row, 1).trim_start_matches('~').to_owned();
                let joins = agent || cell(&row, 1).starts_with('~');
                let at = if joins {
                    self.agents.push(Agent {
                        form: phrase.to_owned(),
                        kind: AgentKind::Role,
                        plural: phrase.ends_with('s'),
                        sector: String::new(),
                        sector_2: String::new(),
                        canon: String::new(),
                        code,
                    });
                    Entry::Agent(id(self.agents.len() - 1))
                } else {
                    self.coded.push(Coded {
                        code,
                        from: day(cell(&row, 2), 0),
                        to: day(cell(&row, 3), u32::MAX),
                    });
                    Entry::Coded(id(self.coded.len() - 1))
                };
                for form in dictionary_forms(phrase, agent) {
                    own.add(&form, id(self.entries.len() + entries.len()), true);
                    entries.push(at);
                }
            }
        }
        self.entries.extend(entries);
        self.dictionary = Some(own);
        Ok(())
    }
}

/// `congress!person!` is a pattern of other tools: only its plain head is used. Plurals of agents
/// are implied.
fn dictionary_forms(phrase: &str, agent: bool) -> Vec<String> {
    let plain = phrase.split('!').next().unwrap_or("").replace('_', " ");
    let plain = plain.trim().to_owned();
    if plain.is_empty() || phrase.contains('!') {
        return Vec::new();
    }
    let mut out = vec![plain.clone()];
    if agent && !plain.ends_with('s') {
        out.push(format!("{plain}s"));
    }
    out
}

/// `YYMMDD` or `YYYYMMDD` as a number that sorts.
fn day(cell: &str, open: u32) -> u32 {
    let Ok(number) = cell.parse::<u32>() else {
        return open;
    };
    match cell.len() {
        6 if number / 10_000 < 30 => 20_000_000 + number,
        6 => 19_000_000 + number,
        _ => number,
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

//! A user's own dictionaries: actors whose codes hold for a time, and agents that join an actor's
//! code, as the coders of the KEDS, TABARI and PETRARCH family read them.
//!
//! ```text
//! phrase | code | from | to          phrase | code
//! dorvan | DOR |  |                  police | ~COP
//! ana petru | DORGOV | 20310101 |    relief society | NGO~
//! ```
//!
//! Conventions:
//!
//! * Phrases are whole words in any case, `_` is a space, the longest phrase wins. A lone word in
//!   lower case that is no noun or adjective in the sentence ("us", "press" as a verb) is none.
//! * Of several rows of one phrase the row in force on the day of the text counts, both days
//!   included; on the day of a change the row that began later. A row without days is what holds
//!   at any other time. Without a day of the text every row is in force, the undated one first.
//! * An agent's code is put where its `~` is not: `~COP` after the actor's, `NGO~` before it. A
//!   code that the actor's has already is not put twice. Plurals of agents are implied.
//! * `!PERSON!` inside an agent stands for person, man, woman and their plurals.
//!
//! The codes stay opaque: nothing is read out of them.

mod units;

use std::collections::BTreeMap;

use rapporteur_base::{Date, Span};

use super::words::{fold, scan};
pub(crate) use units::{Unit, units};

/// The rule of mentions that a user's dictionary made.
pub(crate) const CODED: &str = "actors/dictionary";

/// What a phrase stands for.
#[derive(Debug, Clone, Default)]
struct Meaning {
    /// Rows of an actor, in the order of the file.
    actors: Vec<Row>,
    agent: Option<Agent>,
}

#[derive(Debug, Clone)]
struct Row {
    code: String,
    /// Days as numbers `YYYYMMDD`.
    from: Option<u32>,
    to: Option<u32>,
}

/// What an agent adds to the code of the actor that it is joined to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agent {
    before: String,
    after: String,
    /// Several of them: "officials".
    pub(crate) plural: bool,
}

/// A phrase that was found: an actor with its code, or an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known<'d> {
    Actor(&'d str),
    Agent(&'d Agent),
}

/// Actors and agents of a user.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dictionary {
    phrases: BTreeMap<String, Meaning>,
    /// Words of the longest phrase.
    most: usize,
}

impl Dictionary {
    /// Reads the two tables; the error names the table and the line.
    pub(crate) fn read(actors: &str, agents: &str) -> Result<Self, String> {
        let mut all = Self::default();
        for (number, row) in rows(actors) {
            let (phrase, code) = phrase_and_code("actors", number, &row)?;
            let day = |at: usize, name: &str| {
                let cell = row.get(at).copied().unwrap_or("").trim();
                day(cell).ok_or_else(|| {
                    format!("actors dictionary, line {number}: {name} is {cell:?}; write a day as YYYYMMDD or YYMMDD, or nothing")
                })
            };
            let (from, to) = (day(2, "from")?, day(3, "to")?);
            if code.contains('~') {
                all.add_agent(phrase, code);
            } else {
                let code = code.to_owned();
                all.meaning(phrase).actors.push(Row { code, from, to });
            }
        }
        for (number, row) in rows(agents) {
            let (phrase, code) = phrase_and_code("agents", number, &row)?;
            all.add_agent(phrase, code);
        }
        all.phrases.remove("");
        Ok(all)
    }

    fn meaning(&mut self, phrase: &str) -> &mut Meaning {
        let key = key(phrase);
        self.most = self.most.max(key.split(' ').count());
        self.phrases.entry(key).or_default()
    }

    fn add_agent(&mut self, phrase: &str, code: &str) {
        let (before, after) = code.split_once('~').unwrap_or(("", code));
        for (form, plural) in agent_forms(phrase) {
            let agent = Agent {
                before: before.to_owned(),
                after: after.to_owned(),
                plural,
            };
            self.meaning(&form).agent.get_or_insert(agent);
        }
    }

    /// The longest phrase at word `at` of `words` (folded): its number of words and what it is on `day`.
    fn longest(&self, words: &[&str], at: usize, day: Option<u32>) -> Option<(usize, Known<'_>)> {
        let most = self.most.min(words.len() - at);
        (1..=most).rev().find_map(|n| {
            let meaning = self.phrases.get(&words[at..at + n].join(" "))?;
            let actor = in_force(&meaning.actors, day).map(|row| Known::Actor(&row.code));
            let agent = || meaning.agent.as_ref().map(Known::Agent);
            Some((n, actor.or_else(agent)?))
        })
    }
}

/// The row that counts on a day: dated before undated, the later begun before the earlier, then the
/// first of the file.
fn in_force(rows: &[Row], day: Option<u32>) -> Option<&Row> {
    let Some(day) = day else {
        let undated = rows.iter().find(|r| r.from.is_none() && r.to.is_none());
        return undated.or(rows.first());
    };
    rows.iter()
        .filter(|r| r.from.is_none_or(|d| d <= day) && r.to.is_none_or(|d| day <= d))
        .reduce(|best, row| {
            let rank = |r: &Row| (r.from.is_some() || r.to.is_some(), r.from);
            if rank(row) > rank(best) { row } else { best }
        })
}

/// A date as the number `YYYYMMDD`.
pub(crate) fn number(date: Date) -> u32 {
    let part = |n: i64| u32::try_from(n).unwrap_or(0);
    part(date.year().into()) * 10_000 + part(date.month().into()) * 100 + part(date.day().into())
}

/// The actor's code with those of its agents.
pub(crate) fn joined(actor: &str, agents: &[&Agent]) -> String {
    let mut code = actor.to_owned();
    for agent in agents {
        if !agent.before.is_empty() && !code.starts_with(&agent.before) {
            code.insert_str(0, &agent.before);
        }
        let has = code.len() > agent.after.len() && code.contains(&agent.after);
        if !has {
            code.push_str(&agent.after);
        }
    }
    code
}

/// Lines of a table with their numbers; comments, the header and empty lines left out.
fn rows(table: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    table.lines().enumerate().filter_map(|(at, line)| {
        let line = line.trim_end_matches('\r');
        let row: Vec<&str> = line.split('\t').collect();
        let first = row[0].trim();
        (!first.is_empty() && !first.starts_with('#') && first != "phrase").then_some((at + 1, row))
    })
}

fn phrase_and_code<'r>(
    what: &str,
    number: usize,
    row: &[&'r str],
) -> Result<(&'r str, &'r str), String> {
    match row {
        [phrase, code, ..] if !code.trim().is_empty() => Ok((phrase.trim(), code.trim())),
        _ => Err(format!(
            "{what} dictionary, line {number}: expected `phrase<TAB>code`, found {:?}",
            row.join("\t")
        )),
    }
}

/// Words of a phrase, folded, one space between.
fn key(phrase: &str) -> String {
    let plain = phrase.replace('_', " ");
    let words = scan(&plain, Span::new(0, plain.len()));
    let norms: Vec<String> = words.into_iter().map(|w| w.norm).collect();
    norms.join(" ")
}

/// An agent in its forms, each with whether it means several.
fn agent_forms(phrase: &str) -> Vec<(String, bool)> {
    const PERSON: [(&str, bool); 6] = [
        ("person", false),
        ("man", false),
        ("woman", false),
        ("people", true),
        ("men", true),
        ("women", true),
    ];
    let lower = phrase.to_lowercase().replace('_', " ");
    if let Some((head, tail)) = lower.split_once("!person!") {
        let form = |(word, plural): (&str, bool)| {
            ([head.trim_end_matches('!'), word, tail].concat(), plural)
        };
        return PERSON.into_iter().map(form).collect();
    }
    if lower.contains('!') {
        return Vec::new();
    }
    // Words that are many already, or have no plural.
    let last = fold(lower.rsplit(' ').next().unwrap_or(""));
    let many = last.ends_with('s') && !last.ends_with("ss");
    let plural = match last.as_str() {
        "police" | "media" | "people" | "personnel" | "geese" | "men" | "women" => None,
        _ if many => None,
        _ if last.ends_with("ss") || last.ends_with("ch") || last.ends_with("sh") => {
            Some(format!("{lower}es"))
        }
        _ if last.ends_with('y') && !last.ends_with("ay") && !last.ends_with("ey") => {
            lower.strip_suffix('y').map(|stem| format!("{stem}ies"))
        }
        _ if last.ends_with("man") => lower.strip_suffix("an").map(|stem| format!("{stem}en")),
        _ => Some(format!("{lower}s")),
    };
    let mass = plural.is_none();
    let mut forms = vec![(lower, mass)];
    forms.extend(plural.map(|form| (form, true)));
    forms
}

/// `YYMMDD` or `YYYYMMDD` as a number that sorts; `None` when the cell is no day.
#[expect(clippy::option_option, reason = "a fault, an open end, a day")]
fn day(cell: &str) -> Option<Option<u32>> {
    if cell.is_empty() {
        return Some(None);
    }
    let number = cell.parse::<u32>().ok()?;
    match cell.len() {
        // Two figures of a year: 30 to 99 are those of the last century.
        6 if number / 10_000 < 30 => Some(Some(20_000_000 + number)),
        6 => Some(Some(19_000_000 + number)),
        8 => Some(Some(number)),
        _ => None,
    }
}

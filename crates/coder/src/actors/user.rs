//! Actors that a user adds to a desk: one row an actor, its cells parted by tabs (here by bars),
//! checked before anything is read.
//!
//! ```text
//! kind | name | aliases | country | sector | sector_2 | from | to | basis
//! person | Dana Example | D. Example | UKR | GOV |  | 2021 | 2024 | own notes
//! group | Blue River Front | BRF | SDN | REB |  |  |  | own notes
//! ```

use super::phrases::Phrases;
use super::tables::{Entry, Named, NamedKind, Person, Tables};

/// Columns of a row; the last ones may be left out.
const COLUMNS: &str =
    "kind, name, aliases (parted by ;), country, sector, sector_2, from, to, basis";

const KINDS: [&str; 6] = ["person", "body", "office", "group", "media", "firm"];

/// Codes beside ISO 3166-1 alpha-3 that PLOVER gives to those who belong to no one state.
const INTERNATIONAL: [&str; 8] = ["IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC", "XKX"];

const SECTORS: [&str; 26] = [
    "COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "UNK", "AGR", "BUS",
    "CRM", "CVL", "EDU", "ELI", "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC", "IGO",
];

/// A row that passed.
struct Row<'t> {
    kind: &'t str,
    name: &'t str,
    aliases: &'t str,
    country: &'t str,
    sector: &'t str,
    sector_2: &'t str,
    from: Option<i16>,
    to: Option<i16>,
}

impl Tables {
    /// Adds a user's actors; their names go before the embedded ones. Every fault of the file at
    /// once, each with its line.
    pub(crate) fn with_user(&mut self, path: &str, table: &str) -> Result<(), Vec<String>> {
        let mut faults = Vec::new();
        let mut rows = Vec::new();
        for (at, line) in table.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            let header = line.split('\t').next() == Some("kind");
            if line.trim().is_empty() || line.starts_with('#') || header {
                continue;
            }
            match self.check(line) {
                Ok(row) => rows.push(row),
                Err(found) => {
                    let place = format!("{path}:{}", at + 1);
                    faults.extend(found.into_iter().map(|fault| format!("{place}: {fault}")));
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut own = self.dictionary.take().unwrap_or_default();
        for row in rows {
            self.add_user(&row, &mut own);
        }
        self.dictionary = Some(own);
        Ok(())
    }

    fn check<'t>(&self, line: &'t str) -> Result<Row<'t>, Vec<String>> {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        if cells.len() < 5 || cells.len() > 9 {
            return Err(vec![format!(
                "{} columns parted by tabs instead of 5 to 9; they are {COLUMNS}",
                cells.len()
            )]);
        }
        let cell = |at: usize| cells.get(at).copied().unwrap_or("");
        let mut faults = Vec::new();
        if !KINDS.contains(&cell(0)) {
            faults.push(unknown("kind", cell(0), &KINDS));
        }
        if cell(1).is_empty() {
            faults.push("the name is empty; write it as coverage does".to_owned());
        }
        faults.extend(self.country_fault(cell(3)));
        for (name, at) in [("sector", 4), ("sector_2", 5)] {
            if !cell(at).is_empty() && !SECTORS.contains(&cell(at)) {
                faults.push(unknown(name, cell(at), &SECTORS));
            }
        }
        let mut year = |name: &str, at: usize| -> Option<i16> {
            let text = cell(at);
            let read = text
                .parse::<i16>()
                .ok()
                .filter(|y| (1800..=2200).contains(y));
            if !text.is_empty() && read.is_none() {
                faults.push(format!(
                    "{name} is {text:?}; write a year like 2021 or nothing"
                ));
            }
            read
        };
        let (from, to) = (year("from", 6), year("to", 7));
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            faults.push("`to` lies before `from`; exchange them".to_owned());
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Row {
            kind: cell(0),
            name: cell(1),
            aliases: cell(2),
            country: cell(3),
            sector: cell(4),
            sector_2: cell(5),
            from,
            to,
        })
    }

    /// What is wrong with a country's code.
    fn country_fault(&self, code: &str) -> Option<String> {
        let state = self.states.iter().any(|s| s.iso3 == code);
        if code.is_empty() || state || INTERNATIONAL.contains(&code) {
            return None;
        }
        let mut codes: Vec<&str> = self.states.iter().map(|s| s.iso3.as_str()).collect();
        codes.extend(INTERNATIONAL);
        let near = nearest(code, &codes);
        Some(format!(
            "{code:?} is no country code; write three capital letters of ISO 3166-1 (did you mean {near}?), one of {}, or nothing",
            INTERNATIONAL.join(" ")
        ))
    }

    fn add_user(&mut self, row: &Row<'_>, own: &mut Phrases) {
        let id = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let kind = match row.kind {
            "body" => NamedKind::Body,
            "office" => NamedKind::Office,
            "media" => NamedKind::Media,
            "firm" => NamedKind::Firm,
            _ => NamedKind::Group,
        };
        let entry = if row.kind == "person" {
            self.persons.push(Person {
                name: row.name.to_owned(),
                country: row.country.to_owned(),
                sector: row.sector.to_owned(),
                sector_2: row.sector_2.to_owned(),
                from: row.from,
                to: row.to,
            });
            Entry::Person(id(self.persons.len() - 1))
        } else {
            self.named.push(Named {
                name: row.name.to_owned(),
                country: row.country.to_owned(),
                sector: row.sector.to_owned(),
                sector_2: row.sector_2.to_owned(),
                kind,
            });
            Entry::Named(id(self.named.len() - 1))
        };
        let aliases = row.aliases.split(';').map(str::trim);
        for form in std::iter::once(row.name).chain(aliases.filter(|a| !a.is_empty())) {
            own.add(form, id(self.entries.len()), false);
            self.entries.push(entry);
        }
    }
}

fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    format!(
        "{found:?} is no {what} (did you mean {}?); known are {}",
        nearest(found, known),
        known.join(" ")
    )
}

/// The known word that shares most letters in place.
fn nearest<'k>(found: &str, known: &[&'k str]) -> &'k str {
    let found = found.to_lowercase();
    let likeness = |word: &str| {
        let word = word.to_lowercase();
        let same = found.chars().zip(word.chars()).filter(|(a, b)| a == b);
        (
            same.count() * 4,
            found.chars().filter(|c| word.contains(*c)).count(),
        )
    };
    known
        .iter()
        .copied()
        .max_by_key(|word| (likeness(word), std::cmp::Reverse(*word)))
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use crate::actors::Actors;

    const TABLE: &str = "# ours\nkind\tname\taliases\tcountry\tsector\tsector_2\tfrom\tto\tbasis\n\
        group\tBlue River Front\tBRF\tSDN\tREB\t\t\t\town notes\n\
        person\tDana Exemplar\tExemplar\tUKR\tGOV\t\t2021\t2023\town notes\n";

    fn who(name: &str, day: &str) -> (Option<String>, Option<String>) {
        let actors = Actors::embedded().with_table("actors.tsv", TABLE).unwrap();
        let actor = actors.resolve(name, "", day.parse().ok());
        (actor.country, actor.sector)
    }

    fn coded(country: &str, sector: &str) -> (Option<String>, Option<String>) {
        (Some(country.into()), Some(sector.into()))
    }

    #[test]
    fn a_users_actors_are_known() {
        assert_eq!(
            who("the Blue River Front", "2024-01-01"),
            coded("SDN", "REB")
        );
        assert_eq!(who("BRF", "2024-01-01"), coded("SDN", "REB"));
        assert_eq!(who("Dana Exemplar", "2022-01-01"), coded("UKR", "GOV"));
        // After the last year the holder is a former one.
        assert_eq!(who("Dana Exemplar", "2025-01-01"), coded("UKR", "ELI"));
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let table = "group\tX\t\tSUD\tREB\nperson\t\t\tUKR\tGOVT\t\t20x1\n\nperson\tonly\n";
        let faults = Actors::embedded()
            .with_table("actors.tsv", table)
            .unwrap_err();
        let starts = [
            "actors.tsv:1: \"SUD\"",
            "actors.tsv:2: the name",
            "actors.tsv:2: \"GOVT\"",
            "actors.tsv:2: from",
            "actors.tsv:4: 2 columns",
        ];
        assert_eq!(faults.len(), starts.len(), "{faults:#?}");
        for (fault, start) in faults.iter().zip(starts) {
            assert!(fault.starts_with(start), "{fault} should start {start}");
        }
        assert!(faults[2].contains("did you mean GOV?"));
    }
}

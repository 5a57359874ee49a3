//! Places that a user adds to a desk: one row a place, its cells parted by tabs (here by bars),
//! checked before anything is read.
//!
//! ```text
//! name | aliases | country | precision | basis
//! Port Karim | Karim;the Karim harbour | IRQ | 4 | own notes
//! ```
//!
//! Precision: 2 province, 3 district, region or water, 4 town, 5 below a town. A place of a user
//! has no position: none was checked.

use super::Places;

const COLUMNS: &str = "name, aliases (parted by ;), country, precision (2 to 5), basis";

impl Places {
    /// Adds a user's places. Every fault of the file at once, each with its line; `path` is how
    /// faults call it.
    pub fn with_table(mut self, path: &str, table: &str) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        for (at, line) in table.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            let is_header = line.split('\t').next() == Some("name");
            if line.trim().is_empty() || line.starts_with('#') || is_header {
                continue;
            }
            match self.check(line) {
                Ok((name, aliases, country, precision)) => {
                    self.add(name, &[aliases], country, precision, false);
                }
                Err(fault) => faults.push(format!("{path}:{}: {fault}", at + 1)),
            }
        }
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(faults)
        }
    }

    fn check<'t>(&self, line: &'t str) -> Result<(&'t str, &'t str, &'t str, u8), String> {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let (4 | 5, [name, aliases, country, precision, ..]) = (cells.len(), cells.as_slice())
        else {
            return Err(format!(
                "{} columns parted by tabs instead of 4 or 5; they are {COLUMNS}",
                cells.len()
            ));
        };
        if name.is_empty() {
            return Err("the name is empty; write it as coverage does".into());
        }
        let is_state = self
            .rows
            .iter()
            .any(|row| row.precision == 1 && row.country == *country);
        if !is_state {
            return Err(format!(
                "{country:?} is no country code; write three capital letters of ISO 3166-1"
            ));
        }
        match precision.parse() {
            Ok(precision @ 2..=5) => Ok((name, aliases, country, precision)),
            _ => Err(format!(
                "precision is {precision:?}; write 2 province, 3 district, 4 town or 5 below a town"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;

    #[test]
    fn a_users_places_are_found() {
        let table = "name\taliases\tcountry\tprecision\tbasis\nOld Ferry Post\tFerry Post\tSDN\t5\town notes\n";
        let places = Places::embedded().with_table("places.tsv", table).unwrap();
        let text = "The delegation was stopped near Ferry Post on Monday.";
        let sentences = rapporteur_text::Reader::embedded().read(text);
        let input = Input {
            text,
            sentences: &sentences,
            blocks: &[],
            times: &[],
            published: None,
        };
        let found = places.find(&input, &[]);
        assert_eq!(found[0].name, "Old Ferry Post");
        assert_eq!(found[0].country.as_deref(), Some("SDN"));
    }

    #[test]
    fn faults_name_their_lines() {
        let table = "A\t\tXXX\t4\nB\t\tSDN\t9\nonly\n\t\tSDN\t4\n";
        let faults = Places::embedded().with_table("p.tsv", table).unwrap_err();
        assert_eq!(faults.len(), 4);
        assert!(faults[0].starts_with("p.tsv:1:") && faults[3].starts_with("p.tsv:4:"));
    }
}

//! What a table entry says as the owner of an agent noun.

use super::chunk::{Chunker, Holder};
use super::tables::{Entry, Person};
use rapporteur_base::Date;

impl Chunker<'_> {
    /// The owner at atom `at`, if its entry can be one.
    pub(super) fn holder(&self, at: usize) -> Option<Holder> {
        match self.atoms.get(at)?.entry? {
            Entry::State(i) | Entry::Adjective(i) | Entry::National(i) | Entry::Capital(i) => {
                let state = self.tables.states.get(i as usize)?;
                Some(Holder {
                    country: Some(state.iso3.clone()),
                    name: state.name.clone(),
                    adjective: state.adjective.clone(),
                    state: true,
                    ..Holder::default()
                })
            }
            Entry::Named(i) => {
                let named = self.tables.named.get(i as usize)?;
                Some(Holder {
                    country: super::chunk::some(&named.country),
                    name: named.name.clone(),
                    sector: named.sector.clone(),
                    sector_2: named.sector_2.clone(),
                    ..Holder::default()
                })
            }
            Entry::Person(i) => {
                let person = self.tables.persons.get(i as usize)?;
                let (sector, sector_2) = standing(person, self.published);
                Some(Holder {
                    country: super::chunk::some(&person.country),
                    name: person.name.clone(),
                    sector,
                    sector_2,
                    person: true,
                    ..Holder::default()
                })
            }
            Entry::Agent(_) => None,
        }
    }
}

/// Sectors of a person on the day of publication: former holders of an office are elites.
pub(super) fn standing(person: &Person, published: Option<Date>) -> (String, String) {
    let office = matches!(person.sector.as_str(), "GOV" | "LEG" | "JUD" | "SPY");
    let year = published.map(Date::year);
    let over = matches!((person.to, year), (Some(to), Some(year)) if year > to);
    let early = matches!((person.from, year), (Some(from), Some(year)) if year < from);
    if office && over {
        return ("ELI".to_owned(), String::new());
    }
    if office && early {
        return (String::new(), String::new());
    }
    (person.sector.clone(), person.sector_2.clone())
}

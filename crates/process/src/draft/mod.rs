//! A first process file from the record: what it names, each with the passage, for a person to edit.
//!
//! No number and no date is added that no source gives: a test without a threshold is left to the
//! reader as a comment.

mod parts;
mod tracks;
mod write;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rapporteur_base::Date;
use rapporteur_record::{Cite, DocRow, View};
use serde::Deserialize;

/// Words of `data/process/draft.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    bodies: Vec<String>,
    before_bodies: Vec<String>,
    groups: Vec<String>,
    verbs: Vec<String>,
    stop: Vec<String>,
    incidents: Vec<String>,
    forces: Vec<String>,
    losses: Vec<String>,
    reduction: Vec<String>,
    presence: Vec<String>,
    transition: Vec<String>,
    dates: Vec<String>,
}

fn table() -> &'static Words {
    static TABLE: OnceLock<Words> = OnceLock::new();
    TABLE.get_or_init(|| {
        toml::from_str(include_str!("../../../../data/process/draft.toml"))
            .expect("invariant: the table is part of the program and read by its tests")
    })
}

/// A party found.
#[derive(Clone, Debug)]
struct Party {
    id: String,
    name: String,
    country: String,
    aliases: Vec<String>,
    row: String,
}

/// The record while a draft is made from it.
struct Draft<'v> {
    view: &'v View,
    docs: BTreeMap<&'v str, &'v DocRow>,
    parties: Vec<Party>,
}

impl<'v> Draft<'v> {
    /// The article of a passage: title or outlet, and day.
    fn source(&self, cite: &Cite) -> String {
        let Some(doc) = self.docs.get(cite.doc.as_str()) else {
            return String::new();
        };
        let name = doc.site.as_deref().unwrap_or(&doc.title);
        let day: Option<Date> = doc.published.as_ref().map(|p| p.date);
        let day = day.map_or("no publication date".into(), |d| d.to_string());
        format!("{name}, {day}")
    }

    /// `# “words” (outlet, day)`.
    fn quote(&self, cite: &Cite) -> String {
        let mut words: String = clean(&cite.text).chars().take(220).collect();
        if words.chars().count() == 220 {
            words.push('…');
        }
        format!("# “{words}” ({})", clean(&self.source(cite)))
    }

    /// Party of a country code.
    fn party(&self, country: Option<&str>) -> Option<&Party> {
        self.parties
            .iter()
            .find(|p| Some(p.country.as_str()) == country)
    }
}

/// One line without control characters.
fn clean(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A short name from words.
fn slug(text: &str, most: usize) -> String {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .filter(|w| !table().stop.contains(w));
    words.take(most).collect::<Vec<_>>().join("-")
}

/// A short name that is not taken yet.
fn unique(wanted: &str, taken: &mut Vec<String>) -> String {
    let base = if wanted.is_empty() { "x" } else { wanted };
    let base: String = base.chars().take(40).collect();
    let mut id = base.clone();
    let mut n = 2;
    while taken.contains(&id) {
        id = format!("{base}-{n}");
        n += 1;
    }
    taken.push(id.clone());
    id
}

/// Drafts a process file from a view; `id` and `title` when the person gave them.
pub fn draft(view: &View, id: Option<&str>, title: Option<&str>) -> String {
    let mut made = Draft {
        view,
        docs: view.docs.iter().map(|d| (d.id.as_str(), d)).collect(),
        parties: Vec::new(),
    };
    made.parties = parts::parties(view);
    let between: Vec<&str> = made.parties.iter().map(|p| p.name.as_str()).collect();
    let own_title = match between.as_slice() {
        [] => "A process".to_owned(),
        [one] => format!("Talks of {one}"),
        many => format!("Talks between {}", many.join(" and ")),
    };
    let ids: Vec<&str> = made.parties.iter().map(|p| p.id.as_str()).collect();
    let own_id = if ids.is_empty() {
        "process".into()
    } else {
        ids.join("-")
    };
    let head = write::Head {
        id: id.unwrap_or(&own_id),
        title: title.unwrap_or(&own_title),
    };
    write::file(&made, &head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_an_empty_record_gives_a_file_that_parses() {
        let text = draft(&View::default(), None, None);
        let read = crate::parse(&text);
        assert!(read.is_ok(), "{text}\n{read:?}");
        assert_eq!(
            slug("the level of the threat posed by raiders", 1),
            "threat"
        );
    }
}

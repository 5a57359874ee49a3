//! The passages and the articles written by hand, as their files give them.

use std::collections::BTreeMap;
use std::path::Path;

use rapporteur_base::Date;
use toml::{Table, Value as Toml};

use super::{Article, Fact, Kind, Set, Telling, Value, Voice, situation};

/// A situation with its wordings.
#[derive(Clone, Debug)]
pub(crate) struct Situation {
    pub(crate) name: String,
    pub(crate) titles: Vec<String>,
    /// What says that it was not the first of its kind.
    pub(crate) again: Vec<String>,
    pub(crate) regions: Vec<BTreeMap<String, String>>,
    pub(crate) facts: Vec<Wanted>,
    pub(crate) sentences: Vec<Sentence>,
}

/// A fact and the values that it may take.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) fact: Fact,
    pub(crate) values: Vec<String>,
    pub(crate) next: Option<String>,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) round: f64,
    pub(crate) ahead: bool,
    pub(crate) by: bool,
}

/// Wordings of one or more facts.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    pub(crate) facts: Vec<String>,
    /// For a state: which.
    pub(crate) value: Option<String>,
    pub(crate) voice: Voice,
    pub(crate) say: Vec<String>,
}

fn read(path: &Path) -> Result<Table, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    text.parse::<Table>()
        .map_err(|e| format!("{}: {e}", path.display()))
}

fn word(table: &Table, name: &str) -> Result<String, String> {
    optional(table, name).ok_or_else(|| format!("`{name}` is missing in {table:?}"))
}

fn optional(table: &Table, name: &str) -> Option<String> {
    Some(table.get(name)?.as_str()?.to_owned())
}

fn words(table: &Table, name: &str) -> Vec<String> {
    let list = table.get(name).and_then(Toml::as_array);
    let texts = list.into_iter().flatten().filter_map(Toml::as_str);
    texts.map(str::to_owned).collect()
}

fn tables<'t>(table: &'t Table, name: &str) -> Vec<&'t Table> {
    let list = table.get(name).and_then(Toml::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Toml::as_table)
        .collect()
}

fn number(table: &Table, name: &str, otherwise: f64) -> f64 {
    table
        .get(name)
        .and_then(Toml::as_integer)
        .map_or(otherwise, |n| n as f64)
}

fn is(table: &Table, name: &str) -> bool {
    table.get(name).and_then(Toml::as_bool).unwrap_or(false)
}

fn voice(table: &Table) -> Voice {
    match optional(table, "voice").as_deref() {
        Some("said") => Voice::Said,
        Some("deny") => Voice::Deny,
        _ => Voice::Own,
    }
}

fn fact(table: &Table) -> Result<Fact, String> {
    let kind = match word(table, "kind")?.as_str() {
        "figure" => Kind::Figure,
        "date" => Kind::Date,
        "actor" => Kind::Actor,
        "status" => Kind::Status,
        other => return Err(format!("no kind of fact: {other}")),
    };
    let clash = table.get("clash").and_then(Toml::as_array);
    let clash = clash.into_iter().flatten().filter_map(|pair| {
        let pair = pair.as_array()?;
        Some((
            pair.first()?.as_str()?.to_owned(),
            pair.get(1)?.as_str()?.to_owned(),
        ))
    });
    Ok(Fact {
        kind,
        rises: is(table, "rises"),
        standing: is(table, "standing"),
        clash: clash.collect(),
    })
}

/// A situation from its file.
pub(crate) fn situation_of(path: &Path) -> Result<Situation, String> {
    let table = read(path)?;
    let region = |t: &&Table| -> BTreeMap<String, String> {
        t.iter()
            .filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())))
            .collect()
    };
    let wanted = |t: &Table| -> Result<Wanted, String> {
        Ok(Wanted {
            name: word(t, "name")?,
            fact: fact(t)?,
            values: words(t, "values"),
            next: optional(t, "next"),
            low: number(t, "low", 0.0),
            high: number(t, "high", 0.0),
            round: number(t, "round", 1.0),
            ahead: is(t, "ahead"),
            by: is(t, "by"),
        })
    };
    let sentence = |t: &Table| Sentence {
        facts: words(t, "facts"),
        value: optional(t, "value"),
        voice: voice(t),
        say: words(t, "say"),
    };
    Ok(Situation {
        name: word(&table, "name")?,
        titles: words(&table, "titles"),
        again: words(&table, "again"),
        regions: tables(&table, "region").iter().map(region).collect(),
        facts: tables(&table, "fact")
            .into_iter()
            .map(wanted)
            .collect::<Result<_, _>>()?,
        sentences: tables(&table, "sentence")
            .into_iter()
            .map(sentence)
            .collect(),
    })
}

/// The articles written by hand.
pub(crate) fn by_hand(path: &Path) -> Result<Set, String> {
    let table = read(path)?;
    let mut out = Set::default();
    for t in tables(&table, "fact") {
        out.facts
            .insert((word(t, "event")?, word(t, "name")?), fact(t)?);
    }
    for t in tables(&table, "article") {
        let event = word(t, "event")?;
        let mut tellings = Vec::new();
        for tell in tables(t, "tell") {
            let name = word(tell, "fact")?;
            let key = (situation(&event).to_owned(), name.clone());
            let fact = out
                .facts
                .get(&key)
                .ok_or_else(|| format!("{event}: no fact {name}"))?;
            tellings.push(Telling {
                value: value(fact.kind, &word(tell, "value")?)?,
                fact: name,
                voice: voice(tell),
                words: word(tell, "words")?,
            });
        }
        let text = word(t, "text")?;
        let day = word(t, "published")?;
        out.articles.push(Article {
            id: word(t, "id")?,
            event,
            family: word(t, "family")?,
            site: word(t, "site")?,
            published: day.parse().map_err(|e| format!("{day}: {e}"))?,
            title: word(t, "title")?,
            paragraphs: text.lines().map(str::to_owned).collect(),
            tellings,
        });
    }
    Ok(out)
}

/// A value as the file writes it.
fn value(kind: Kind, text: &str) -> Result<Value, String> {
    match kind {
        Kind::Actor | Kind::Status => Ok(Value::Word(text.to_owned())),
        Kind::Date => {
            let day: Date = text.parse().map_err(|e| format!("{text}: {e}"))?;
            Ok(Value::Days(day, day))
        }
        Kind::Figure => {
            let digits = text.trim_start_matches(['>', '=', '~']);
            let n: f64 = digits.parse().map_err(|e| format!("{text}: {e}"))?;
            Ok(match text.as_bytes().first() {
                Some(b'~') => Value::Number(n * 0.9, n * 1.1),
                Some(b'>') => Value::Number(n, f64::INFINITY),
                _ => Value::Number(n, n),
            })
        }
    }
}

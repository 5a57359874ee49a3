//! One actor's name without its text: `pipe actors`.

use rapporteur_base::Date;

use super::chunk::{Chunker, Class, Found};
use super::{Actors, dictionary, words};
use crate::Actor;

impl Actors {
    /// Who is meant by a name standing alone; `context` may hold words that settle the country
    /// ("Mexican"). `sector` of a bare state is empty: no part of it is named.
    pub fn resolve(&self, name: &str, context: &str, date: Option<Date>) -> Actor {
        if let Some(own) = self.own(name, date) {
            return own;
        }
        let mut actor = self.single(name, date).unwrap_or_else(|| Actor {
            name: name.trim().to_owned(),
            ..Actor::default()
        });
        if actor.country.is_none() && !context.trim().is_empty() {
            actor.country = self.single(context, date).and_then(|a| a.country);
        }
        if actor.country.is_none() {
            self.by_ground(name, &mut actor);
        }
        actor
    }

    /// What a user's dictionary says of a name.
    fn own(&self, name: &str, date: Option<Date>) -> Option<Actor> {
        let own = self.dictionary.as_ref()?;
        let lines = words::lines(name, &[]);
        let units = dictionary::units(own, lines.first()?, date.map(dictionary::number));
        units.first().map(|unit| unit.actor(name))
    }

    /// A province or town in the name tells whose somebody is ("Basra police"); a town alone stands
    /// for its people.
    fn by_ground(&self, name: &str, actor: &mut Actor) {
        let lines = words::lines(name, &[]);
        let Some(line) = lines.first() else {
            return;
        };
        // Names of people are full of towns.
        let alone = actor.sector.is_none();
        let after_in =
            |at: usize| at > 0 && matches!(line.words[at - 1].norm.as_str(), "in" | "of" | "at");
        let Some((first, last, country)) = crate::places::Places::shared().ground(line) else {
            return;
        };
        if alone && (first, last) == (0, line.words.len() - 1) {
            actor.country = Some(country);
            actor.sector = Some("CVL".to_owned());
        } else if !alone || after_in(first) {
            actor.country = Some(country);
        }
    }

    fn single(&self, name: &str, date: Option<Date>) -> Option<Actor> {
        let lines = words::lines(name, &[]);
        let line = lines.first()?;
        let found = Chunker::new(&self.tables, name, line, date).run();
        let best = found
            .iter()
            .filter(|f| !located(line, f))
            .max_by_key(|f| (rank(f), std::cmp::Reverse(f.first)))
            .or_else(|| found.first())?;
        let mut actor = best.actor.clone();
        let alone = best.first == 0 && best.last + 1 == line.words.len()
            || (best.first == 1 && words_before_are_articles(line, best.first));
        if matches!(
            best.rule,
            "actors/state" | "actors/adjective" | "actors/nationals"
        ) && (alone || best.rule != "actors/adjective")
        {
            actor.sector = None;
        }
        if actor.country.is_none() {
            // "Muslim leaders in France": the place says whose.
            actor.country = place_country(self, line, name);
        }
        Some(actor)
    }
}

fn words_before_are_articles(line: &words::Line<'_>, until: usize) -> bool {
    line.words[..until]
        .iter()
        .all(|w| matches!(w.norm.as_str(), "the" | "a" | "an"))
}

/// "in Kabul": where it is, not who it is.
fn located(line: &words::Line<'_>, found: &Found) -> bool {
    found.first > 0
        && matches!(
            line.words[found.first - 1].norm.as_str(),
            "in" | "at" | "to" | "of" | "for"
        )
}

/// What names somebody most exactly.
fn rank(found: &Found) -> u8 {
    match (found.class, found.rule) {
        (Class::Person, _) => 5,
        (_, "actors/country-agent" | "actors/agent-of" | "actors/led") => 4,
        (_, "actors/named" | "actors/metonym" | "actors/dictionary") => 3,
        (_, "actors/agent" | "actors/apposition" | "actors/affiliated") => 2,
        _ => 1,
    }
}

fn place_country(actors: &Actors, line: &words::Line<'_>, name: &str) -> Option<String> {
    let at = line
        .words
        .iter()
        .position(|w| matches!(w.norm.as_str(), "in" | "of" | "at"))?;
    let rest = name.get(line.words.get(at + 1)?.span.start as usize..)?;
    let lines = words::lines(rest, &[]);
    let inner = lines.first()?;
    (0..inner.words.len()).find_map(|i| {
        let (_, id) = actors.tables.phrases.longest(inner, i)?;
        match actors.tables.entries.get(id as usize)? {
            super::tables::Entry::State(s) | super::tables::Entry::Capital(s) => {
                Some(actors.tables.states.get(*s as usize)?.iso3.clone())
            }
            _ => None,
        }
    })
}

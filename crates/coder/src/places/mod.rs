//! Where: a gazetteer, country first.
//!
//! A name is a place only where the text uses it as ground: a capital that stands for its
//! government is left to the actors. Of places with one name, the one in a country that the
//! article names is meant, else the largest; the reason is kept.

mod gazetteer;
mod toponyms;
mod user;

pub use toponyms::{Toponym, Usage};

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rapporteur_base::{Span, Why};
use rapporteur_text::EntityKind;

use crate::actors::context::{self, Use};
use crate::actors::phrases::Phrases;
use crate::actors::words::{self, Case, Line, join};
use crate::{ActorMention, Input, PlaceMention};
use gazetteer::{City, Gazetteer};

/// What a phrase of the tables is.
#[derive(Debug, Clone)]
struct Row {
    name: String,
    country: String,
    precision: u8,
    capital: bool,
}

/// The gazetteer.
#[derive(Debug)]
pub struct Places {
    rows: Vec<Row>,
    phrases: Phrases,
    /// Adjectives of states, for toponyms.
    adjectives: Phrases,
    /// Short forms of provinces that stand behind a town.
    abbreviations: Phrases,
    /// States whose name is also a province's.
    twins: Vec<Twin>,
    cities: Gazetteer,
}

/// A state whose name is also a province of another.
#[derive(Debug, Clone)]
struct Twin {
    name: String,
    state: String,
    province_of: String,
    neighbours: Vec<String>,
}

const OWN: &str = include_str!("../../../../data/places/own.tsv");
const PROVINCES: &str = include_str!("../../../../data/places/provinces.tsv");
const ABBREVIATIONS: &str = include_str!("../../../../data/places/abbreviations.tsv");
const TWINS: &str = include_str!("../../../../data/places/twins.tsv");
const STATES: &str = include_str!("../../../../data/actors/states.tsv");

/// Prepositions after which a capitalised word may be read as a town.
const IN: &[&str] = &[
    "in", "near", "at", "from", "to", "around", "outside", "inside", "towards", "toward", "into",
    "across", "between", "through", "via", "of", "on", "and",
];

/// 20 times the decimal logarithm of a town's people: smaller ones share their names with people.
const TOWN: u8 = 94;

/// One name in a sentence.
struct Hit {
    first: usize,
    last: usize,
    row: Option<usize>,
    city: Option<City>,
}

impl Places {
    /// The gazetteer that ships inside the binary.
    pub fn embedded() -> Self {
        let mut places = Self {
            rows: Vec::new(),
            phrases: Phrases::default(),
            adjectives: Phrases::default(),
            abbreviations: Phrases::default(),
            twins: Vec::new(),
            cities: Gazetteer::embedded(),
        };
        for row in crate::actors::rows(STATES) {
            let [iso3, name, adjectives, _, capitals, aliases, arabic, ..] = row.as_slice() else {
                continue;
            };
            let id = places.add(name, &[aliases, arabic], iso3, 1, false);
            for form in adjectives.split(';') {
                places.adjectives.add(form.trim(), id, false);
            }
            for capital in capitals.split(';').filter(|c| !c.is_empty()) {
                places.add(capital, &[], iso3, 4, true);
            }
        }
        for row in crate::actors::rows(OWN).chain(crate::actors::rows(PROVINCES)) {
            let [name, aliases, iso3, precision, ..] = row.as_slice() else {
                continue;
            };
            places.add(
                name,
                &[aliases],
                iso3,
                precision.parse().unwrap_or(0),
                false,
            );
        }
        for row in crate::actors::rows(TWINS) {
            let [name, state, province_of, neighbours, ..] = row.as_slice() else {
                continue;
            };
            places.twins.push(Twin {
                name: (*name).to_owned(),
                state: (*state).to_owned(),
                province_of: (*province_of).to_owned(),
                neighbours: neighbours.split(';').map(str::to_owned).collect(),
            });
        }
        for row in crate::actors::rows(ABBREVIATIONS) {
            let [form, name, iso3, ..] = row.as_slice() else {
                continue;
            };
            let id = places.row(name, iso3, 2, false);
            places.abbreviations.add(form, id, false);
        }
        places
    }

    fn add(
        &mut self,
        name: &str,
        aliases: &[&str],
        country: &str,
        precision: u8,
        capital: bool,
    ) -> u32 {
        let id = self.row(name, country, precision, capital);
        self.phrases.add(name, id, false);
        for form in aliases.iter().flat_map(|a| a.split(';')) {
            self.phrases.add(form.trim(), id, false);
        }
        id
    }

    fn row(&mut self, name: &str, country: &str, precision: u8, capital: bool) -> u32 {
        let id = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(Row {
            name: name.to_owned(),
            country: country.to_owned(),
            precision,
            capital,
        });
        id
    }

    /// One gazetteer for all who ask about a single name.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Places> = LazyLock::new(Places::embedded);
        &SHARED
    }

    /// The first province or town of a short name that the tables or the gazetteer know: its words
    /// and its country.
    pub(crate) fn ground(&self, line: &Line<'_>) -> Option<(usize, usize, String)> {
        let hits = self.hits(line, &BTreeSet::new());
        hits.iter().find_map(|hit| {
            let row = hit.row.and_then(|r| self.rows.get(r));
            let town = hit.city.filter(|c| c.size >= TOWN);
            let country = match row {
                Some(row) => row.country.as_str(),
                None => town?.country,
            };
            (!country.is_empty()).then(|| (hit.first, hit.last, country.to_owned()))
        })
    }

    /// Every mention of a place that is not used for an actor, in text order.
    pub fn find(&self, input: &Input<'_>, actors: &[ActorMention]) -> Vec<PlaceMention> {
        let lines = words::lines(input.text, input.sentences);
        let named: BTreeSet<&str> = actors
            .iter()
            .filter_map(|a| a.actor.country.as_deref())
            .collect();
        let mut out = Vec::new();
        for line in &lines {
            let hits = self.hits(line, &named);
            for at in 0..hits.len() {
                if let Some(place) = self.place(input.text, line, &hits, at, actors) {
                    out.push(place);
                }
            }
        }
        out
    }

    /// Table names and towns of a sentence, longest first, without overlap.
    fn hits(&self, line: &Line<'_>, named: &BTreeSet<&str>) -> Vec<Hit> {
        let mut out: Vec<Hit> = Vec::new();
        let mut at = 0;
        while at < line.words.len() {
            let word = &line.words[at];
            if word.poss || word.case == Case::Lower && !line.shouting {
                at += 1;
                continue;
            }
            let row = self.phrases.longest(line, at);
            let city = self.city(line, at, named);
            let hit = match (row, city) {
                (Some((last, id)), Some((end, _))) if last >= end => Some(Hit {
                    first: at,
                    last,
                    row: Some(id as usize),
                    city: city.filter(|(e, _)| *e == last).map(|(_, c)| c),
                }),
                (Some((last, id)), None) => Some(Hit {
                    first: at,
                    last,
                    row: Some(id as usize),
                    city: None,
                }),
                (_, Some((last, city))) => Some(Hit {
                    first: at,
                    last,
                    row: None,
                    city: Some(city),
                }),
                (None, None) => None,
            };
            at = hit.as_ref().map_or(at, |h| h.last) + 1;
            out.extend(hit);
        }
        out
    }

    /// The longest town name at `at`: in a country the article names, else the largest.
    fn city(&self, line: &Line<'_>, at: usize, named: &BTreeSet<&str>) -> Option<(usize, City)> {
        let mut key = 0;
        let mut best = None;
        for last in at..line.words.len().min(at + 5) {
            let word = &line.words[last];
            if last > at && (!word.soft || word.poss) {
                break;
            }
            key = join(key, word.hash);
            if word.case == Case::Lower {
                continue;
            }
            let found = self
                .cities
                .find(key)
                .max_by_key(|c| (named.contains(c.country), c.size));
            if let Some(city) = found {
                best = Some((last, city));
            }
        }
        best
    }

    fn place(
        &self,
        text: &str,
        line: &Line<'_>,
        hits: &[Hit],
        at: usize,
        actors: &[ActorMention],
    ) -> Option<PlaceMention> {
        let hit = &hits[at];
        let span = line.words[hit.first].span.cover(line.words[hit.last].span);
        let row = hit.row.and_then(|r| self.rows.get(r));
        let toponym = |word: usize| hits.iter().any(|h| h.first <= word && word <= h.last);
        let taken = actors
            .iter()
            .find(|a| a.span.overlaps(span) && a.why.rule != "actors/name");
        let (rule, reason) = match row {
            Some(row) if row.precision == 1 || row.capital => {
                if taken.is_some_and(|a| a.span.len() > span.len()) {
                    return None;
                }
                let used = context::usage(line, text, (hit.first, hit.last), row.capital, &toponym);
                let venue = used == Use::Neither
                    && line
                        .words
                        .get(hit.last + 1)
                        .is_some_and(|w| w.case == Case::Lower);
                match used {
                    Use::Place => ("places/table", "a name used for the ground"),
                    Use::Both => ("places/both", "a state as the end of a way"),
                    Use::Neither if venue && taken.is_none() => {
                        ("places/venue", "names where something is held")
                    }
                    _ => return None,
                }
            }
            Some(_) if taken.is_none_or(|a| !a.span.contains(span)) => {
                ("places/own", "a name of the table of places")
            }
            Some(_) => return None,
            None => {
                if taken.is_some() || !self.reads_as_town(line, hit, &toponym) {
                    return None;
                }
                ("places/gazetteer", "a town of the gazetteer")
            }
        };
        Some(self.mention(line, hits, at, span, rule, reason))
    }

    /// A lone word must look like a place: the name tagger says so, or a preposition leads it.
    fn reads_as_town(&self, line: &Line<'_>, hit: &Hit, toponym: &dyn Fn(usize) -> bool) -> bool {
        let span = line.words[hit.first].span.cover(line.words[hit.last].span);
        let kind = line.sentence.and_then(|s| {
            s.names
                .iter()
                .find(|n| n.span.overlaps(span) && words::plausible(s, n))
                .map(|n| (n.kind, n.span.len() > span.len() + 2))
        });
        let size = hit.city.map_or(0, |c| c.size);
        match kind {
            Some((EntityKind::Loc, longer)) => return !longer || size >= 100,
            Some((EntityKind::Per | EntityKind::Org | EntityKind::Misc, true)) => return false,
            _ => {}
        }
        let first = hit.first;
        if first == 0 {
            return false;
        }
        let before = &line.words[first - 1];
        let led = IN[..8].contains(&before.norm.as_str())
            || (before.norm == "of"
                && first > 1
                && matches!(
                    line.words[first - 2].norm.as_str(),
                    "city" | "town" | "village" | "port" | "outskirts"
                ))
            || (IN.contains(&before.norm.as_str())
                && size >= 90
                && kind.is_none()
                && toponym(first.saturating_sub(2)));
        let goes_on = line
            .words
            .get(hit.last + 1)
            .is_some_and(|w| w.soft && !w.poss && w.case == Case::Title && !toponym(hit.last + 1));
        led && !goes_on && before.soft | (before.norm == "in")
    }

    fn mention(
        &self,
        line: &Line<'_>,
        hits: &[Hit],
        at: usize,
        span: Span,
        rule: &str,
        reason: &str,
    ) -> PlaceMention {
        let hit = &hits[at];
        let row = hit.row.and_then(|r| self.rows.get(r));
        // "Tripoli, Lebanon": the country set beside it decides.
        let beside = hits
            .get(at + 1)
            .filter(|next| next.first == hit.last + 1)
            .and_then(|next| {
                let row = self.rows.get(next.row?)?;
                (row.precision == 1).then_some(row.country.as_str())
            });
        let city = match (beside, hit.city) {
            (Some(country), Some(city)) if city.country != country => {
                let key = line.words[hit.first..=hit.last]
                    .iter()
                    .fold(0, |k, w| join(k, w.hash));
                self.cities
                    .find(key)
                    .find(|c| c.country == country)
                    .or(Some(city))
            }
            (_, city) => city,
        };
        let country = row
            .map(|r| r.country.clone())
            .or_else(|| city.map(|c| c.country.to_owned()))
            .filter(|c| !c.is_empty());
        PlaceMention {
            span,
            name: row.map_or_else(
                || city.map_or_else(String::new, |c| c.name.to_owned()),
                |r| r.name.clone(),
            ),
            precision: row.map_or(4, |r| r.precision),
            position: city
                .filter(|c| row.is_none_or(|r| r.precision >= 4 && r.country == c.country))
                .map(|c| (c.latitude, c.longitude)),
            country,
            why: Why::rule(rule, reason),
        }
    }
}

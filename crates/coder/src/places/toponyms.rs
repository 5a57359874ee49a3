//! Every name of a place, whatever it stands for: a second look beside [`Places::find`], for maps
//! of what a text names and for other tools. Each says how it is used; only what is used for the
//! ground has a position.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Span, Why};
use rapporteur_text::{EntityKind, Name};

use super::{Hit, Places, Row};
use crate::Input;
use crate::actors::context::{self, Use};
use crate::actors::words::{self, Case, Line, join};

/// What a toponym stands for where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usage {
    /// The ground.
    Place,
    /// Those who govern it or live there: never a point on a map.
    Actor,
    /// An adjective or noun before a noun ("Syrian towns").
    Modifier,
    /// A part of another name ("the Doha Agreement").
    Name,
}

impl Usage {
    /// The word of the outer format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Actor => "actor",
            Self::Modifier => "modifier",
            Self::Name => "name",
        }
    }
}

/// A name of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Toponym {
    /// Its bytes.
    pub span: Span,
    /// Canonical name, or the words of the text.
    pub name: String,
    /// ISO 3166-1 alpha-3 of the country it lies in, when known.
    pub country: Option<String>,
    /// 1 country, 2 province, 3 district or region, 4 city, 5 below; 0 unknown.
    pub precision: u8,
    /// Degrees, when the gazetteer has them and the name is used for the ground.
    pub position: Option<(f64, f64)>,
    /// What it stands for.
    pub usage: Usage,
    /// Rule.
    pub why: Why,
}

/// A name before its country is settled.
struct Candidate {
    span: Span,
    usage: Usage,
    /// Row of the tables.
    row: Option<usize>,
    /// Hash of the words, for the gazetteer.
    key: u64,
    /// The country that stands behind it after a comma ("Tripoli, Lebanon").
    beside: Option<String>,
    /// "Laurel County": written so in one country above all.
    county: bool,
    words: String,
}

/// Weight of what a text says about countries.
type Evidence = BTreeMap<String, u32>;

/// 20 times the decimal logarithm of a town's people: a town so large needs no hint.
const KNOWN: u8 = 110;

/// Score from which a place that only the name tagger knows is taken.
const SURE: f32 = 0.6;

/// Parts of a country that are written with what they are.
const COUNTIES: [&str; 2] = ["county", "township"];

/// Where "X County" is the usual form, for a text that names no country.
const COUNTY_STATE: &str = "USA";

/// Roads.
const ROADS: [&str; 7] = [
    "street",
    "road",
    "avenue",
    "drive",
    "boulevard",
    "lane",
    "highway",
];

/// Words with a capital at the start of a sentence that belong to no name.
const PROCLITIC: [&str; 12] = [
    "the", "a", "an", "on", "in", "at", "near", "from", "to", "and", "of", "along",
];

/// Kinds of ground that follow a name and belong to it.
const GROUND: [&str; 38] = [
    "county",
    "township",
    "parish",
    "borough",
    "district",
    "province",
    "state",
    "valley",
    "city",
    "creek",
    "river",
    "lake",
    "bay",
    "island",
    "islands",
    "beach",
    "hills",
    "mountains",
    "park",
    "forest",
    "heights",
    "springs",
    "falls",
    "road",
    "street",
    "avenue",
    "drive",
    "lane",
    "boulevard",
    "highway",
    "bridge",
    "square",
    "airport",
    "harbour",
    "harbor",
    "region",
    "governorate",
    "prefecture",
];

impl Places {
    /// Every name of a place, in text order, without overlap.
    pub fn toponyms(&self, input: &Input<'_>) -> Vec<Toponym> {
        let lines = words::lines(input.text, input.sentences);
        let mut found: Vec<Candidate> = Vec::new();
        for line in &lines {
            let from = found.len();
            self.candidates(line, input.text, &mut found);
            found[from..].sort_by_key(|c| c.span.start);
        }
        let evidence = self.evidence(&found);
        found
            .into_iter()
            .map(|candidate| self.settle(candidate, &evidence))
            .collect()
    }

    fn candidates(&self, line: &Line<'_>, text: &str, out: &mut Vec<Candidate>) {
        let hits = self.hits(line, &BTreeSet::new());
        let toponym = |word: usize| hits.iter().any(|h| h.first <= word && word <= h.last);
        let mut covered: Vec<Span> = Vec::new();
        self.patterns(line, text, &mut covered, out);
        for hit in &hits {
            let Some((first, last, usage)) = self.read_hit(line, text, hit, &toponym) else {
                continue;
            };
            let span = line.words[first].span.cover(line.words[last].span);
            if covered.iter().any(|c| c.overlaps(span)) {
                continue;
            }
            let whole = (first, last) == (hit.first, hit.last);
            let row = hit.row.filter(|_| whole);
            covered.push(span);
            self.abbreviation(line, text, last, &mut covered, out);
            out.push(Candidate {
                row,
                beside: self.beside(line, text, last),
                ..candidate(line, text, (first, last), usage)
            });
        }
        for at in 0..line.words.len() {
            let Some((last, id)) = self.adjectives.longest(line, at) else {
                continue;
            };
            let span = line.words[at].span.cover(line.words[last].span);
            if covered.iter().any(|c| c.overlaps(span)) || self.inside_name(line, span) {
                continue;
            }
            covered.push(span);
            out.push(Candidate {
                row: Some(id as usize),
                ..candidate(line, text, (at, last), Usage::Modifier)
            });
        }
        self.tagged(line, text, &mut covered, out);
    }

    /// Roads and counties: a capitalised word and what it is.
    fn patterns(
        &self,
        line: &Line<'_>,
        text: &str,
        covered: &mut Vec<Span>,
        out: &mut Vec<Candidate>,
    ) {
        let words = &line.words;
        for at in 1..words.len() {
            let what = words[at].norm.as_str();
            let county = COUNTIES.contains(&what);
            if words[at].case != Case::Title || !words[at].soft || !county && !ROADS.contains(&what)
            {
                continue;
            }
            let most = if county { 2 } else { 3 };
            let mut first = at;
            while first > 0 && at - first < most && words[first].soft {
                let before = &words[first - 1];
                let joins = before.case == Case::Title && !before.poss && before.norm.len() > 1;
                if !joins || PROCLITIC.contains(&before.norm.as_str()) {
                    break;
                }
                first -= 1;
            }
            if first == at {
                continue;
            }
            let span = words[first].span.cover(words[at].span);
            covered.push(span);
            self.abbreviation(line, text, at, covered, out);
            out.push(Candidate {
                beside: self.beside(line, text, at),
                county,
                ..candidate(line, text, (first, at), Usage::Place)
            });
        }
    }

    /// "Calif." behind a town.
    fn abbreviation(
        &self,
        line: &Line<'_>,
        text: &str,
        last: usize,
        covered: &mut Vec<Span>,
        out: &mut Vec<Candidate>,
    ) {
        if !comma(line, text, last) {
            return;
        }
        if let Some((end, id)) = self.abbreviations.longest(line, last + 1) {
            let found = Candidate {
                row: Some(id as usize),
                ..candidate(line, text, (last + 1, end), Usage::Place)
            };
            covered.push(found.span);
            out.push(found);
        }
    }

    /// Places that only the name tagger knows.
    fn tagged(
        &self,
        line: &Line<'_>,
        text: &str,
        covered: &mut Vec<Span>,
        out: &mut Vec<Candidate>,
    ) {
        let names = line.sentence.map_or(&[][..], |s| &s.names);
        let sure = |n: &&Name| n.kind == EntityKind::Loc && n.score >= SURE;
        for name in names.iter().filter(sure) {
            let touched = |w: &&words::Word| w.span.overlaps(name.span) && !w.poss;
            let inside: Vec<usize> = (0..line.words.len())
                .filter(|at| touched(&&line.words[*at]))
                .collect();
            let (Some(mut first), Some(last)) = (inside.first().copied(), inside.last().copied())
            else {
                continue;
            };
            while first < last && line.words[first].case == Case::Lower {
                first += 1;
            }
            let span = line.words[first].span.cover(line.words[last].span);
            let plain = line.words[first].case != Case::Lower;
            if !plain || covered.iter().any(|c| c.overlaps(span)) {
                continue;
            }
            covered.push(span);
            out.push(Candidate {
                beside: self.beside(line, text, last),
                ..candidate(line, text, (first, last), Usage::Place)
            });
        }
    }

    /// How a name of the tables or a town's is used, and the words that belong to it; `None` where
    /// it is no place.
    fn read_hit(
        &self,
        line: &Line<'_>,
        text: &str,
        hit: &Hit,
        toponym: &dyn Fn(usize) -> bool,
    ) -> Option<(usize, usize, Usage)> {
        let (first, mut last) = (hit.first, hit.last);
        let goes_on = |at: usize| {
            line.words.get(at + 1).is_some_and(|w| {
                w.soft && !w.hyphen && w.case == Case::Title && GROUND.contains(&w.norm.as_str())
            })
        };
        let row = hit.row.and_then(|r| self.rows.get(r));
        if row.is_none_or(|r| r.precision != 1) && goes_on(last) {
            last += 1;
            return Some((first, last, Usage::Place));
        }
        let span = line.words[first].span.cover(line.words[last].span);
        match row {
            Some(row) if row.precision == 1 || row.capital => {
                if self.inside_name(line, span) {
                    return None;
                }
                let usage = match context::usage(line, text, (first, last), row.capital, toponym) {
                    Use::Place | Use::Both => Usage::Place,
                    Use::Actor => Usage::Actor,
                    Use::Neither => Usage::Name,
                };
                Some((first, last, usage))
            }
            Some(_) => (!self.inside_name(line, span)).then_some((first, last, Usage::Place)),
            None => self
                .reads_as_town(line, hit, toponym)
                .then_some((first, last, Usage::Place)),
        }
    }

    /// Whether a longer name of a person, body or thing holds these words.
    fn inside_name(&self, line: &Line<'_>, span: Span) -> bool {
        line.sentence.is_some_and(|s| {
            s.names.iter().any(|n| {
                n.kind != EntityKind::Loc
                    && n.span.overlaps(span)
                    && n.span.len() > span.len() + 2
                    && words::plausible(s, n)
            })
        })
    }

    /// The country or province named behind a comma.
    fn beside(&self, line: &Line<'_>, text: &str, last: usize) -> Option<String> {
        if !comma(line, text, last) {
            return None;
        }
        if let Some((_, id)) = self.abbreviations.longest(line, last + 1) {
            return self.rows.get(id as usize).map(|r| r.country.clone());
        }
        let (_, id) = self.phrases.longest(line, last + 1)?;
        let row = self.rows.get(id as usize)?;
        (row.precision <= 2 && !row.country.is_empty()).then(|| row.country.clone())
    }

    /// What the text says about countries: their names and provinces; of towns, every country that
    /// has one of that name, so that the country which explains most names comes out on top.
    fn evidence(&self, found: &[Candidate]) -> Evidence {
        let mut evidence = Evidence::new();
        let mut towns: BTreeSet<u64> = BTreeSet::new();
        for candidate in found {
            let row = candidate.row.and_then(|r| self.rows.get(r));
            let mut add = |country: &str, weight: u32| {
                if !country.is_empty() {
                    *evidence.entry(country.to_owned()).or_default() += weight;
                }
            };
            match (row, &candidate.beside) {
                (_, Some(country)) => add(country, 3),
                (Some(row), None) => add(&row.country, if row.precision == 2 { 3 } else { 2 }),
                (None, None) if candidate.county => add(COUNTY_STATE, 1),
                (None, None) => {
                    if towns.insert(candidate.key) {
                        let all = self.cities.find(candidate.key);
                        let countries: BTreeSet<&str> = all.map(|c| c.country).collect();
                        let only = countries.len() == 1;
                        countries.iter().for_each(|c| add(c, 1 + u32::from(only)));
                    }
                }
            }
        }
        evidence
    }

    /// Whether the state is meant or the province of another state ("Georgia").
    fn twin(&self, row: &Row, main: Option<&str>, evidence: &Evidence) -> Option<String> {
        let twin = self
            .twins
            .iter()
            .find(|t| t.name == row.name && t.state == row.country)?;
        let about = main == Some(twin.province_of.as_str());
        let near = twin.neighbours.iter().any(|n| evidence.contains_key(n));
        (about && !near).then(|| twin.province_of.clone())
    }

    fn settle(&self, candidate: Candidate, evidence: &Evidence) -> Toponym {
        let row = candidate.row.and_then(|r| self.rows.get(r));
        let of = |country: &str| evidence.get(country).copied().unwrap_or(0);
        let main = main_country(evidence);
        let mut city = match &candidate.beside {
            Some(country) => self
                .cities
                .find(candidate.key)
                .filter(|c| c.country == country)
                .max_by_key(|c| c.size),
            None => self
                .cities
                .find(candidate.key)
                .max_by_key(|c| (u32::from(c.size) + 12 * of(c.country).min(8), c.size)),
        };
        let (country, rule, reason) = if let Some(row) = row {
            city = city.filter(|c| row.precision >= 4 && c.country == row.country);
            match self.twin(row, main.as_deref(), evidence) {
                Some(country) => (Some(country), "places/twin", "the province, not the state"),
                None => (some(&row.country), "places/table", "a name of the tables"),
            }
        } else if let Some(country) = candidate.beside {
            (
                Some(country),
                "places/beside",
                "the country or province behind it",
            )
        } else if let Some(found) = city {
            let foreign = main.as_deref().is_some_and(|m| m != found.country)
                && of(found.country) == 0
                && found.size < KNOWN;
            if foreign {
                city = None;
                (main, "places/text", "the country that the text is about")
            } else {
                (
                    some(found.country),
                    "places/gazetteer",
                    "a town of the gazetteer",
                )
            }
        } else {
            (
                main.or_else(|| usual(candidate.county)),
                "places/text",
                "the country that the text is about",
            )
        };
        Toponym {
            span: candidate.span,
            name: row.map_or(candidate.words, |r| r.name.clone()),
            precision: row.map_or_else(|| if city.is_some() { 4 } else { 0 }, |r| r.precision),
            position: city
                .filter(|_| candidate.usage == Usage::Place)
                .map(|c| (c.latitude, c.longitude)),
            country,
            usage: candidate.usage,
            why: Why::rule(rule, reason),
        }
    }
}

/// The country that more than half of the evidence speaks for.
fn main_country(evidence: &Evidence) -> Option<String> {
    let total: u32 = evidence.values().sum();
    evidence
        .iter()
        .max_by_key(|(name, weight)| (**weight, std::cmp::Reverse(*name)))
        .filter(|(_, weight)| **weight >= 3 && **weight * 2 > total)
        .map(|(name, _)| name.clone())
}

/// The country of "X County" where the text names none.
fn usual(county: bool) -> Option<String> {
    county.then(|| COUNTY_STATE.to_owned())
}

/// Whether nothing but a comma parts a word from the next.
fn comma(line: &Line<'_>, text: &str, last: usize) -> bool {
    let Some(next) = line.words.get(last + 1) else {
        return false;
    };
    let gap = text.get(line.words[last].span.end as usize..next.span.start as usize);
    gap.is_some_and(|gap| gap.trim() == "," || gap.trim() == ".,")
}

fn some(country: &str) -> Option<String> {
    (!country.is_empty()).then(|| country.to_owned())
}

fn candidate(line: &Line<'_>, text: &str, range: (usize, usize), usage: Usage) -> Candidate {
    let words = &line.words[range.0..=range.1];
    let mut span = words[0].span.cover(words[words.len() - 1].span);
    // The dot of "St. Marys" is inside, that of "Calif." belongs to it.
    if text
        .get(span.end as usize..)
        .is_some_and(|t| t.starts_with('.'))
        && span.of(text).contains('.')
        && !span.of(text).ends_with('.')
        && span.of(text).len() <= 5
    {
        span.end += 1;
    }
    Candidate {
        span,
        usage,
        row: None,
        key: words.iter().fold(0, |key, word| join(key, word.hash)),
        beside: None,
        county: false,
        words: span.of(text).to_owned(),
    }
}

//! Whether the name of a state or a capital stands for those who govern it or for the ground.

use super::words::{Case, Line};
use rapporteur_text::Upos;

/// How a toponym is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Those who govern it.
    Actor,
    /// The ground.
    Place,
    /// Both readings serve ("a visit to Iraq").
    Both,
    /// Part of a longer name ("Oslo Accords").
    Neither,
}

const LOCATIVE: &[&str] = &[
    "in",
    "inside",
    "within",
    "across",
    "throughout",
    "near",
    "outside",
    "around",
    "at",
    "through",
    "via",
    "toward",
    "towards",
    "beyond",
    "off",
    "above",
    "into",
    "onto",
    "along",
    "surrounding",
    "leaving",
    "reached",
    "entering",
    "entered",
    "visiting",
    "visited",
    "visits",
    "left",
];
const PREPOSITIONS: &[&str] = &[
    "to",
    "from",
    "on",
    "of",
    "for",
    "with",
    "by",
    "between",
    "against",
    "among",
    "about",
    "over",
    "under",
    "upon",
    "without",
    "before",
    "after",
    "like",
    "than",
    "as",
    "beside",
    "alongside",
    "behind",
    "versus",
    "vs",
    "including",
    "regarding",
];
/// Words between a preposition and its toponym.
const PASSABLE: &[&str] = &[
    "the",
    "both",
    "and",
    "or",
    "capital",
    "city",
    "of",
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "neighboring",
    "neighbouring",
    "nearby",
    "war",
    "torn",
    "state",
    "province",
    "republic",
    "north",
    "south",
    "east",
    "west",
    "northeastern",
    "northwestern",
    "southeastern",
    "southwestern",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "downtown",
    "rural",
    "either",
    "modern",
    "present",
    "day",
    "occupied",
    "post",
    "rebel",
    "held",
    "controlled",
    "port",
    "town",
    "island",
    "mainland",
    "upper",
    "lower",
    "s",
];
/// A way to a place: what goes before "to".
const MOTION: &[&str] = &[
    "visit",
    "visits",
    "visited",
    "trip",
    "trips",
    "travel",
    "travels",
    "travelled",
    "traveled",
    "travelling",
    "traveling",
    "fly",
    "flew",
    "flown",
    "flies",
    "flying",
    "return",
    "returns",
    "returned",
    "returning",
    "arrive",
    "arrived",
    "came",
    "come",
    "went",
    "go",
    "goes",
    "going",
    "gone",
    "head",
    "headed",
    "heads",
    "heading",
    "journey",
    "tour",
    "flight",
    "flights",
    "moved",
    "move",
    "transferred",
    "drove",
    "road",
    "convoy",
    "convoys",
    "brought",
    "taken",
    "back",
    "sent",
    "deployed",
    "deployment",
    "dispatched",
    "evacuated",
    "relocated",
    "close",
    "next",
    "route",
    "way",
    "bound",
    "ferry",
    "march",
    "marched",
    "pilgrimage",
    "extradited",
    "deported",
    "fled",
    "advance",
    "advanced",
    "advancing",
    "shipments",
    "smuggled",
    "rushed",
];
/// What comes from a government.
const MESSAGE: &[&str] = &[
    "pressure",
    "demand",
    "demands",
    "request",
    "requests",
    "call",
    "calls",
    "assurance",
    "assurances",
    "support",
    "approval",
    "statement",
    "statements",
    "response",
    "message",
    "messages",
    "representatives",
    "officials",
    "official",
    "delegation",
    "delegations",
    "delegates",
    "signal",
    "signals",
    "guarantee",
    "guarantees",
    "permission",
    "backing",
    "orders",
    "envoy",
    "envoys",
    "negotiators",
    "diplomats",
    "help",
    "aid",
    "weapons",
    "arms",
    "concession",
    "concessions",
    "criticism",
    "condemnation",
    "reaction",
    "threat",
    "threats",
    "warning",
    "warnings",
    "proposal",
    "offer",
    "pledge",
    "pledges",
    "commitment",
    "invitation",
    "independence",
    "clarification",
    "answer",
    "comment",
    "reply",
    "instructions",
    "funding",
    "mediators",
];
/// Violence has a place, not an opponent, when a capital follows "on".
const STRIKE: &[&str] = &[
    "attack",
    "attacks",
    "attacked",
    "strike",
    "strikes",
    "assault",
    "march",
    "marched",
    "raid",
    "raids",
    "bombardment",
    "missile",
    "missiles",
    "drone",
    "drones",
    "airstrike",
    "airstrikes",
    "rockets",
    "shelling",
    "advance",
    "bombing",
    "bombings",
    "fired",
    "rained",
    "siege",
    "offensive",
    "advancing",
    "bombs",
];
/// Nouns that a toponym before them only locates or labels.
const VENUE: &[&str] = &[
    "talks",
    "agreement",
    "agreements",
    "accord",
    "accords",
    "summit",
    "conference",
    "meeting",
    "meetings",
    "process",
    "protocol",
    "declaration",
    "communique",
    "airport",
    "suburb",
    "suburbs",
    "province",
    "street",
    "streets",
    "region",
    "area",
    "areas",
    "peace",
    "round",
    "rounds",
    "document",
    "treaty",
    "convention",
    "statute",
    "deal",
    "platform",
    "format",
    "framework",
    "negotiations",
    "dialogue",
    "hotel",
    "university",
    "embassy",
    "district",
    "governorate",
    "neighborhood",
    "neighbourhood",
    "hospital",
    "prison",
    "time",
    "metro",
    "port",
    "city",
    "county",
    "valley",
    "border",
    "post",
    "times",
    "river",
    "bridge",
    "oblast",
];
/// Ground that a possessive capital owns.
const GROUND: &[&str] = &[
    "airport",
    "streets",
    "street",
    "suburb",
    "suburbs",
    "green",
    "old",
    "city",
    "center",
    "centre",
    "residents",
    "districts",
    "district",
    "outskirts",
    "neighborhoods",
    "neighbourhoods",
    "main",
    "international",
    "tahrir",
    "population",
    "skyline",
    "downtown",
    "hospitals",
    "squares",
    "square",
    "port",
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "largest",
    "historic",
];
const STRUCK: &[&str] = &[
    "hit",
    "struck",
    "rocked",
    "shaken",
    "bombed",
    "shelled",
    "located",
    "situated",
    "stormed",
    "captured",
    "besieged",
    "fell",
    "fallen",
    "seized",
    "woke",
    "targeted",
    "overrun",
    "surrounded",
    "recaptured",
    "flooded",
];
/// Leaving the ground of a state.
const EXIT: &[&str] = &[
    "withdraw",
    "withdraws",
    "withdrew",
    "withdrawal",
    "withdrawals",
    "withdrawing",
    "withdrawn",
    "exit",
    "pull",
    "pullout",
    "pulled",
    "pulling",
    "departure",
    "depart",
    "departed",
    "leave",
    "removal",
    "remove",
    "removed",
    "fire",
    "fired",
    "flee",
    "fled",
    "launched",
    "evacuation",
    "evacuated",
    "evacuate",
    "returned",
    "flights",
    "exports",
    "imports",
    "refugees",
    "migrants",
    "drawdown",
    "expelled",
    "expulsion",
    "deported",
    "came",
    "drone",
    "missiles",
    "rockets",
    "troops",
    "forces",
];

fn has(set: &[&str], word: &str) -> bool {
    set.contains(&word)
}

/// The preposition that governs the words from `first` on: its position.
fn governor(line: &Line<'_>, first: usize, toponym: &dyn Fn(usize) -> bool) -> Option<usize> {
    let words = &line.words;
    let mut at = first;
    let mut steps = 0;
    while at > 0 && steps < 12 {
        at -= 1;
        steps += 1;
        let word = &words[at];
        let norm = word.norm.as_str();
        // "of" governs unless it only ties "city of", "capital of" to the name.
        let tie = norm == "of"
            && at > 0
            && matches!(
                words[at - 1].norm.as_str(),
                "city" | "town" | "capital" | "port" | "province" | "republic" | "state" | "island"
            );
        if !tie && (has(LOCATIVE, norm) || has(PREPOSITIONS, norm)) {
            return Some(at);
        }
        let passes = has(PASSABLE, norm)
            || tie
            || toponym(at)
            || (word.upos == Upos::Adj && word.case == Case::Lower && word.soft)
            || (word.upos == Upos::Det);
        if !passes {
            return None;
        }
    }
    None
}

fn near(line: &Line<'_>, at: usize, reach: usize, set: &[&str]) -> bool {
    let from = at.saturating_sub(reach);
    line.words[from..at].iter().any(|w| has(set, &w.norm))
}

/// How the state (or with `capital`, the capital) at words `first..=last` is used.
/// `toponym` tells which words belong to some state or capital.
pub(crate) fn usage(
    line: &Line<'_>,
    text: &str,
    range: (usize, usize),
    capital: bool,
    toponym: &dyn Fn(usize) -> bool,
) -> Use {
    let (first, last) = range;
    let words = &line.words;
    let next = words.get(last + 1);
    if capital {
        if let Some(fixed) = capital_shape(line, text, range, toponym) {
            return fixed;
        }
    } else if next
        .is_some_and(|w| w.soft && !w.poss && has(VENUE, &w.norm) && w.case != Case::Lower)
    {
        return Use::Neither;
    }
    let Some(at) = governor(line, first, toponym) else {
        return Use::Actor;
    };
    // Inside "between A and B" both are parties.
    let prep = words[at].norm.as_str();
    if has(LOCATIVE, prep) {
        return Use::Place;
    }
    match prep {
        "to" if near(line, at, 5, MOTION) => {
            if capital {
                Use::Place
            } else {
                Use::Both
            }
        }
        "from" if near(line, at, 3, MESSAGE) => Use::Actor,
        "from" if capital => Use::Place,
        "from" if near(line, at, 4, EXIT) => Use::Place,
        "from" => Use::Both,
        "on" if capital && near(line, at, 3, STRIKE) => Use::Place,
        "of" if capital => {
            if near(line, at, 2, MESSAGE) {
                Use::Actor
            } else {
                Use::Place
            }
        }
        "over" | "under" | "about" if capital && prep == "over" => Use::Place,
        _ => Use::Actor,
    }
}

/// Shapes that settle a capital before its preposition is looked at.
fn capital_shape(
    line: &Line<'_>,
    text: &str,
    range: (usize, usize),
    toponym: &dyn Fn(usize) -> bool,
) -> Option<Use> {
    let (first, last) = range;
    let words = &line.words;
    let next = words.get(last + 1);
    let after = text
        .get(words[last].span.end as usize..)
        .unwrap_or("")
        .trim_start_matches([' ', '\u{a0}']);
    if first == 0
        && (after.starts_with(['(', '—', '–'])
            || after.starts_with("- ")
            || after.starts_with("-- "))
    {
        return Some(Use::Place);
    }
    // "Baghdad, Iraq": a place and its country.
    if after.starts_with(", ")
        && next.is_some_and(|w| toponym(last + 1) && w.case != Case::Lower)
        && words
            .get(last + 2)
            .is_none_or(|w| !w.soft || w.norm != "and")
    {
        return Some(Use::Place);
    }
    let next = next.filter(|w| w.soft)?;
    if next.poss {
        let owned = words.get(last + 2)?;
        return has(GROUND, &owned.norm).then_some(Use::Place);
    }
    if has(VENUE, &next.norm) {
        // "the Baghdad-Washington dialogue" is theirs; "the Doha talks" are held there.
        let paired = words[first].hyphen && first > 0 && toponym(first - 1);
        return Some(if paired { Use::Actor } else { Use::Neither });
    }
    if next.case != Case::Lower && !next.hyphen && !toponym(last + 1) && !line.shouting {
        return Some(Use::Neither);
    }
    if (has(STRUCK, &next.norm))
        || (matches!(next.norm.as_str(), "was" | "is" | "were" | "has" | "came")
            && words
                .get(last + 2)
                .is_some_and(|w| has(STRUCK, &w.norm) || w.norm == "under"))
    {
        return Some(Use::Place);
    }
    None
}

//! The readers of bytes from outside as plain functions, without what catches their panics: for
//! fuzzers and for tests that feed them any bytes. Nothing else calls them.

use std::sync::OnceLock;

use rapporteur_coder::Coder;
use rapporteur_coder::actors::Actors;
use rapporteur_coder::places::Places;
use rapporteur_coder::roles::Roles;
use rapporteur_text::Reader;
use serde_json::Value;

use crate::ingest;
use crate::pipe;

/// The filters that take one JSON object a line.
pub const FILTERS: [&str; 10] = [
    "page", "times", "entities", "events", "actors", "places", "quotes", "roles", "stance",
    "timeline",
];

struct Stages {
    reader: Reader,
    coder: Coder,
    actors: Actors,
    places: Places,
    roles: Roles,
}

fn stages() -> &'static Stages {
    static STAGES: OnceLock<Stages> = OnceLock::new();
    STAGES.get_or_init(|| Stages {
        reader: Reader::embedded(),
        coder: Coder::embedded(),
        actors: Actors::embedded(),
        places: Places::embedded(),
        roles: Roles::embedded(),
    })
}

/// One line through one of [`FILTERS`]: the answer, or what is wrong with the line.
///
/// # Errors
/// The line is not JSON, or a field is missing or of the wrong kind.
pub fn filter(name: &str, line: &[u8]) -> Result<Value, String> {
    if name == "timeline" {
        return pipe::timeline_of(line);
    }
    let row: Value = serde_json::from_slice(line).map_err(|e| e.to_string())?;
    pipe::filtered(
        name,
        &row,
        &stages().reader,
        &stages().coder,
        &stages().actors,
        &stages().places,
        &stages().roles,
    )
}

/// An input of `add`, whatever it is: pages and failures that come out of it. Nothing is fetched.
pub fn input(name: &str, bytes: &[u8]) -> (usize, usize) {
    ingest::counted(name, bytes)
}

/// Rules of a host: whether a path may be fetched.
pub fn robots(text: &str, path: &str) -> bool {
    ingest::allows(text, path)
}

/// An address, normalised.
///
/// # Errors
/// It is no address of the web.
pub fn address(text: &str) -> Result<String, String> {
    ingest::Address::parse(text).map(|address| address.to_string())
}

/// Tables of the user's own actors, in both forms: whether each was taken.
pub fn dictionary(text: &str) -> (bool, bool) {
    let (actors, agents) = text.split_once("\n\n").unwrap_or((text, ""));
    let table = stages()
        .actors
        .clone()
        .with_table("actors.tsv", text)
        .is_ok();
    let coded = stages()
        .actors
        .clone()
        .with_dictionary(actors, agents)
        .is_ok();
    (table, coded)
}

/// A table of series as the forecasts read it.
///
/// # Errors
/// What is wrong with it.
pub fn series(text: &str) -> Result<(), String> {
    pipe::series_of(text)
}

//! Each stage as a filter, for scorers and scripts: JSON Lines on standard input and output,
//! order kept, offsets in code points. A line that cannot be read gets an `error` line and the
//! run goes on.

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::cli::exit;

mod actors;
mod blocks;
mod events;
mod forecast;
mod page;
mod parse;
mod places;
mod quotes;
mod roles;
mod stance;
mod stories;
mod timeline;
mod times;

/// Arguments of `rapporteur pipe`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    stage: Stage,
    /// Threads; the output does not depend on it
    #[arg(long, global = true, value_name = "N", default_value_t = default_jobs())]
    jobs: usize,
}

#[derive(Debug, clap::Subcommand)]
enum Stage {
    /// A page to a clean article
    Page,
    /// Time expressions
    Times,
    /// CoNLL-U to CoNLL-U, or raw text with --raw
    Parse(parse::Args),
    /// Names
    Entities,
    /// PLOVER events
    Events(events::Args),
    /// An actor's name to country and sector
    Actors,
    /// Names of places
    Places,
    /// Quotations
    Quotes,
    /// Who attacked whom with what, over a whole report
    Roles,
    /// A headline and a text to what the text makes of the headline
    Stance,
    /// Articles to stories and families
    Stories(stories::Args),
    /// Results of `unit`, or digests, to documents of blocks
    Blocks(blocks::Blocks),
    /// Documents of blocks to the stories of each block
    MergeBlock,
    /// Stories of blocks to stories over blocks
    Stitch,
    /// Articles to a timeline
    Timeline(timeline::Args),
    /// Forecasting tasks to sample paths
    Forecast(forecast::Args),
}

fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Runs the filter; the result is an exit code.
pub fn run(args: &Args) -> u8 {
    let jobs = args.jobs.max(1);
    match &args.stage {
        Stage::Page => lines(jobs, page::filter),
        Stage::Times => lines(jobs, times::filter),
        Stage::Parse(parse) => parse::run(parse),
        Stage::Entities => {
            let reader = rapporteur_text::Reader::embedded();
            lines(jobs, |row| parse::entities(&reader, row))
        }
        Stage::Events(events) => events::run(jobs, events),
        Stage::Actors => {
            let tables = rapporteur_coder::actors::Actors::embedded();
            lines(jobs, |row| actors::filter(&tables, row))
        }
        Stage::Places => {
            let reader = rapporteur_text::Reader::embedded();
            let table = rapporteur_coder::places::Places::embedded();
            lines(jobs, |row| places::filter(&reader, &table, row))
        }
        Stage::Quotes => {
            let reader = rapporteur_text::Reader::embedded();
            let actors = rapporteur_coder::actors::Actors::embedded();
            lines(jobs, |row| quotes::filter(&reader, &actors, row))
        }
        Stage::Roles => {
            let reader = rapporteur_text::Reader::embedded();
            let roles = rapporteur_coder::roles::Roles::embedded();
            lines(jobs, |row| roles::filter(&reader, &roles, row))
        }
        Stage::Stance => lines(jobs, stance::filter),
        Stage::Stories(stories) => stories::run(stories),
        Stage::Blocks(args) => blocks::blocks(args),
        Stage::MergeBlock => blocks::merge(),
        Stage::Stitch => blocks::stitch(),
        Stage::Timeline(timeline) => timeline::run(timeline),
        Stage::Forecast(forecast) => forecast::run(jobs, forecast),
    }
}

/// One object through one filter, for [`crate::probe`].
pub(crate) fn filtered(
    name: &str,
    row: &Value,
    reader: &rapporteur_text::Reader,
    coder: &rapporteur_coder::Coder,
    actors_of: &rapporteur_coder::actors::Actors,
    places_of: &rapporteur_coder::places::Places,
    roles_of: &rapporteur_coder::roles::Roles,
) -> Outcome {
    match name {
        "page" => page::filter(row),
        "times" => times::filter(row),
        "entities" => parse::entities(reader, row),
        "events" => events::filter(reader, coder, row),
        "actors" => actors::filter(actors_of, row),
        "places" => places::filter(reader, places_of, row),
        "quotes" => quotes::filter(reader, actors_of, row),
        "roles" => roles::filter(reader, roles_of, row),
        "stance" => stance::filter(row),
        other => Err(format!("no filter {other}")),
    }
}

pub(crate) use forecast::series_of;
pub(crate) use timeline::timeline_of;

/// A filter of single lines: what goes in, or a message that says what to mend.
pub(crate) type Outcome = Result<Value, String>;

/// A text field, or a message that names it.
pub(crate) fn field<'r>(row: &'r Value, name: &str) -> Result<&'r str, String> {
    row.get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("`{name}` is missing or not text"))
}

/// A field that must hold a day, when it is there.
pub(crate) fn day(row: &Value, name: &str) -> Result<Option<rapporteur_base::Date>, String> {
    match row.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => text
            .get(..10)
            .unwrap_or(text)
            .parse()
            .map(Some)
            .map_err(|_| format!("`{name}` is not a day like 2024-02-15: {text:?}")),
        Some(other) => Err(format!("`{name}` is not a day like 2024-02-15: {other}")),
    }
}

/// How many lines one round holds: bounds memory whatever the length of the stream.
const ROUND: usize = 512;

/// Runs `filter` over every line of standard input on `jobs` threads, in order. What a line becomes
/// is written as it reads.
pub(crate) fn lines<F, V>(jobs: usize, filter: F) -> u8
where
    F: Fn(&Value) -> Result<V, String> + Sync,
    V: ToString,
{
    let stdin = io::stdin().lock();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut failed = false;
    let mut rows = stdin.split(b'\n');
    loop {
        let mut round = Vec::with_capacity(ROUND);
        for line in rows.by_ref().take(ROUND) {
            match line {
                Ok(line) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(line) => round.push(line),
                Err(error) => return refuse(&error.to_string()),
            }
        }
        if round.is_empty() {
            break;
        }
        for (line, bad) in in_parallel(jobs, &round, &filter) {
            failed |= bad;
            if let Err(error) = writeln!(out, "{line}") {
                return closed(&error);
            }
        }
    }
    match out.flush() {
        Err(error) => closed(&error),
        Ok(()) if failed => exit::SOME_FAILED,
        Ok(()) => exit::OK,
    }
}

/// What a share of the lines became: each answer, and whether it is one.
type Answers = Vec<(String, bool)>;

fn in_parallel<F, V>(jobs: usize, round: &[Vec<u8>], filter: &F) -> Answers
where
    F: Fn(&Value) -> Result<V, String> + Sync,
    V: ToString,
{
    if jobs == 1 || round.len() == 1 {
        return round.iter().map(|line| one(line, filter)).collect();
    }
    let share = round.len().div_ceil(jobs * 4).max(1);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let chunks: Vec<&[Vec<u8>]> = round.chunks(share).collect();
    let done: std::sync::Mutex<Vec<Option<Answers>>> =
        std::sync::Mutex::new(vec![None; chunks.len()]);
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(chunks.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(chunk) = chunks.get(at) else { break };
                    let result = chunk.iter().map(|line| one(line, filter)).collect();
                    if let Ok(mut done) = done.lock() {
                        done[at] = Some(result);
                    }
                }
            });
        }
    });
    done.into_inner()
        .unwrap_or_default()
        .into_iter()
        .flatten()
        .flatten()
        .collect()
}

fn one<F, V>(line: &[u8], filter: &F) -> (String, bool)
where
    F: Fn(&Value) -> Result<V, String> + Sync,
    V: ToString,
{
    let row: Value = match serde_json::from_slice(line) {
        Ok(row) => row,
        Err(error) => {
            return (
                json!({"id": null, "error": format!("not JSON: {error}")}).to_string(),
                true,
            );
        }
    };
    let id = row.get("id").cloned().unwrap_or(Value::Null);
    let outcome = catch_unwind(AssertUnwindSafe(|| filter(&row))).unwrap_or_else(|_| {
        Err("internal error: this text made a stage stop; please report it".into())
    });
    match outcome {
        Ok(value) => (value.to_string(), false),
        Err(error) => (json!({"id": id, "error": error}).to_string(), true),
    }
}

/// Standard input could not be read.
pub(crate) fn refuse(message: &str) -> u8 {
    let _ = writeln!(io::stderr(), "rapporteur: standard input: {message}");
    exit::SOME_FAILED
}

/// A reader that went away is no failure; anything else is.
pub(crate) fn closed(error: &io::Error) -> u8 {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return exit::OK;
    }
    let _ = writeln!(io::stderr(), "rapporteur: standard output: {error}");
    exit::SOME_FAILED
}

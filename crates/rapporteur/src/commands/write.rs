//! `init`, `add`, `inbox`: how coverage gets into a desk.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rapporteur_desk::{Line, Row, Section};
use rapporteur_record::{Applied, Desk, InboxRow, Store};
use serde_json::json;

use super::{Stop, open, open_to_write, print, print_rows, style};
use crate::cli::exit;
use crate::clock;
use crate::ingest::{self, Done, Limits, Plan, Reach};
use crate::pipeline::Rules;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// A folder that is empty or not there yet
    dir: PathBuf,
}

impl Init {
    pub(crate) fn run(&self) -> Result<u8, Stop> {
        Desk::init(&self.dir)?;
        print(format!("A desk in {}\n", self.dir.display()).as_bytes())
    }
}

/// Arguments of `add`.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Pages (.html, .txt, .md), folders, feeds, WARC files, JSON Lines, http(s) addresses, `-`
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Threads; the record does not depend on it
    #[arg(long, value_name = "N", default_value_t = default_jobs())]
    jobs: usize,
    /// One line for each page on standard output
    #[arg(long, short)]
    verbose: bool,
    /// The same as one JSON object for each input
    #[arg(long)]
    json: bool,
    /// No progress and no summary
    #[arg(long, short)]
    quiet: bool,
    /// Fetch nothing: a feed gives what it holds itself
    #[arg(long)]
    offline: bool,
    /// Longest time for one address
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,
    /// Largest answer of one address
    #[arg(long, value_name = "MIB", default_value_t = 32)]
    max_size: u64,
    /// Shortest pause between two requests to one host
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pause: f64,
}

fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl Add {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        if !(0.0..=3600.0).contains(&self.pause) {
            return Err(Stop::usage("--pause: give seconds between 0 and 3600"));
        }
        let rules = Rules::for_desk(&crate::desk_dir::dir(desk)).map_err(Stop::usage)?;
        let mut desk = open_to_write(desk)?;
        let plan = Plan {
            given: Vec::new(),
            fetched: Vec::new(),
            skip_known: false,
            inputs: self.inputs.clone(),
            jobs: self.jobs.clamp(1, 256),
            reach: Reach::Anywhere,
            limits: Limits {
                bytes: self.max_size.clamp(1, 32) << 20,
                time: Duration::from_secs(self.timeout.max(1)),
                pause: Duration::from_secs_f64(self.pause),
                ..Limits::default()
            },
            offline: self.offline,
            quiet: self.quiet,
            today: clock::today(),
            now: clock::now,
        };
        let mut written = Ok(());
        let tally = ingest::add(&mut desk, &rules, &plan, &mut |done| {
            if written.is_ok() && (self.json || self.verbose) {
                written = writeln!(io::stdout().lock(), "{}", self.line(done));
            }
        })?;
        if let Err(error) = written {
            // The pages are in the record all the same.
            return Err(Stop::output(error));
        }
        if !self.quiet && !self.json {
            print(summary(tally).as_bytes())?;
        }
        Ok(match (tally.failed, tally.pages()) {
            (0, 0) => exit::NOTHING,
            (0, _) => exit::OK,
            _ => exit::SOME_FAILED,
        })
    }

    fn line(&self, done: &Done<'_>) -> String {
        match (done, self.json) {
            (
                Done::Page {
                    source,
                    doc,
                    title,
                    applied,
                },
                true,
            ) => {
                json!({"input": source, "result": applied, "doc": doc, "title": title}).to_string()
            }
            (Done::Known { source }, true) => {
                json!({"input": source, "result": "known"}).to_string()
            }
            (Done::Failed(f), true) => {
                json!({"input": f.source, "result": "failed", "error": f.what, "remedy": f.remedy})
                    .to_string()
            }
            (
                Done::Page {
                    source,
                    title,
                    applied,
                    ..
                },
                false,
            ) => {
                let word = match applied {
                    Applied::New => "new",
                    Applied::Known => "known",
                    Applied::NewCapture => "seen again",
                    Applied::NewCoding => "read anew",
                };
                format!("{word}\t{source}\t{title}")
            }
            (Done::Known { source }, false) => format!("known\t{source}"),
            (Done::Failed(f), false) => format!("failed\t{}\t{}", f.source, f.what),
        }
    }
}

fn summary(tally: ingest::Tally) -> String {
    let pages = |n: u64| if n == 1 { "page" } else { "pages" };
    let mut out = format!(
        "{} {} read: {} new",
        tally.pages(),
        pages(tally.pages()),
        tally.new
    );
    if tally.known > 0 {
        out.push_str(&format!(", {} known before", tally.known));
    }
    if tally.failed > 0 {
        out.push_str(&format!(
            "; {} {} failed, see `rapporteur inbox`",
            tally.failed,
            if tally.failed == 1 { "input" } else { "inputs" }
        ));
    }
    out.push_str(".\n");
    out
}

/// Arguments of `inbox`.
#[derive(Debug, clap::Args)]
pub(crate) struct Inbox {
    /// All inputs, not only what failed
    #[arg(long)]
    all: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Inbox {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let rows = open(desk)?.inbox()?;
        let failed = rows.iter().filter(|row| row.result == "failed").count();
        let shown: Vec<InboxRow> = rows
            .iter()
            .filter(|row| self.all || row.result == "failed")
            .cloned()
            .collect();
        if self.json {
            return print_rows(&shown);
        }
        let mut out = format!("{} inputs, {failed} failed.\n", rows.len());
        let section = Section {
            rows: shown.iter().map(inbox_row).collect(),
            ..Section::default()
        };
        rapporteur_desk::rows(&mut out, style(), &section);
        print(out.as_bytes())?;
        Ok(if rows.is_empty() {
            exit::NOTHING
        } else {
            exit::OK
        })
    }
}

fn inbox_row(row: &InboxRow) -> Row {
    let mut below = Vec::new();
    if let Some(error) = &row.error {
        below.push(Line::new().text(error.as_str()));
    }
    if let Some(remedy) = &row.remedy {
        below.push(Line::new().faint(remedy.as_str()));
    }
    Row {
        key: row.result.clone(),
        line: Line::new()
            .strong(row.name.as_str())
            .faint(format!(" · {}", row.at)),
        below,
        ..Row::default()
    }
}

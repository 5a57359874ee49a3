//! `unit` and `import`: work in units for many machines, and its results into a desk.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Stop, open_to_write, print};
use crate::cli::exit;
use crate::clock;
use crate::ingest::Failure;
use crate::pipeline::Rules;
use crate::unit::{self, Done, Gate, Key, Shelf, Told, Work};

/// Arguments of `unit`.
#[derive(Debug, clap::Args)]
pub(crate) struct Unit {
    /// Units: WARC files (.warc, .warc.gz), JSON Lines, pages; in a folder every such file is one;
    /// `s3://…` where object storage is built in
    #[arg(required = true, value_name = "URI")]
    units: Vec<String>,
    /// Where results go: a folder, or an address of object storage
    #[arg(long, value_name = "URI")]
    out: String,
    /// Actors and topics, one a line in groups: pages that hold none of a group are not parsed
    #[arg(long, value_name = "FILE")]
    gate: Option<PathBuf>,
    /// Threads; the result does not depend on them
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// Nothing on standard output
    #[arg(long, short)]
    quiet: bool,
}

impl Unit {
    /// With `--desk DIR` the actors of that desk are part of the rules.
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let gate = match &self.gate {
            None => None,
            Some(path) => {
                let name = path.display().to_string();
                let text = std::fs::read_to_string(path)
                    .map_err(|e| Stop::usage(format!("{name}: {e}")))?;
                Some(Gate::parse(&name, &text).map_err(Stop::usage)?)
            }
        };
        let out = unit::open(&self.out).map_err(Stop::usage)?;
        let rules = match desk {
            Some(dir) => Rules::for_desk(dir).map_err(Stop::usage)?,
            None => Rules::embedded(),
        };
        let work = Work {
            rules: &rules,
            gate: gate.as_ref(),
            jobs: self.jobs.clamp(1, 256),
        };
        let (mut done, mut failed) = (0, 0);
        for name in self.units.iter().flat_map(|uri| below(uri)) {
            let outcome = unit::local(&name)
                .map_err(|what| Failure::new(&name, what, "check the address"))
                .and_then(|local| work.unit(&name, &local.path, out.as_ref()));
            match outcome {
                Ok(outcome) => {
                    done += 1;
                    self.tell(&outcome, out.as_ref())?;
                }
                Err(failure) => {
                    failed += 1;
                    let _ = writeln!(io::stderr(), "rapporteur: {failure}");
                }
            }
        }
        Ok(match (failed, done) {
            (0, 0) => exit::NOTHING,
            (0, _) => exit::OK,
            _ => exit::SOME_FAILED,
        })
    }

    /// One JSON object for each unit.
    fn tell(&self, done: &Done, out: &dyn Shelf) -> Result<(), Stop> {
        if self.quiet {
            return Ok(());
        }
        let receipt = done.receipt();
        let key = Key::new(&receipt.unit, receipt.rules.id(), receipt.gate.as_deref());
        let result = match done {
            Done::Read(_) => "done",
            Done::Known(_) => "known",
        };
        let line = json!({
            "unit": receipt.unit, "name": receipt.name, "at": out.name(key.folder()), "result": result,
            "rules": receipt.rules.id().to_string(), "pages": receipt.pages, "docs": receipt.docs,
            "errors": receipt.errors, "passed_over": receipt.passed_over,
            "bundles": receipt.bundles.sha256,
        });
        print(format!("{line}\n").as_bytes()).map(|_| ())
    }
}

/// The files of a folder that can be units, sorted; anything else is itself.
fn below(uri: &str) -> Vec<String> {
    const UNITS: [&str; 7] = [
        ".warc",
        ".warc.gz",
        ".jsonl",
        ".jsonl.gz",
        ".ndjson",
        ".html",
        ".txt",
    ];
    let path = Path::new(uri);
    if !path.is_dir() {
        return vec![uri.to_owned()];
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    entries
        .into_iter()
        .filter(|path| path.is_file())
        .map(|path| path.display().to_string())
        .filter(|name| UNITS.iter().any(|end| name.ends_with(end)))
        .collect()
}

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// What `unit --out` was given, or a part of it
    #[arg(required = true, value_name = "URI")]
    from: Vec<String>,
    /// Threads; the record does not depend on them
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,
    /// One line for each unit on standard output
    #[arg(long, short)]
    verbose: bool,
    /// No summary
    #[arg(long, short)]
    quiet: bool,
}

impl Import {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let mut desk = open_to_write(desk)?;
        let mut total = crate::ingest::Tally::default();
        let (mut units, mut written) = (0u64, Ok(()));
        for uri in &self.from {
            let shelf = unit::open(uri).map_err(Stop::usage)?;
            let jobs = self.jobs.clamp(1, 256);
            let tally = unit::import(&mut desk, shelf.as_ref(), jobs, clock::now, &mut |told| {
                let line = match told {
                    Told::Unit(receipt, tally) => {
                        units += 1;
                        format!("taken in\t{}\t{} new\n", receipt.name, tally.new)
                    }
                    Told::Known(receipt) => {
                        units += 1;
                        format!("known\t{}\n", receipt.name)
                    }
                    Told::Failed(failure) => {
                        let _ = writeln!(io::stderr(), "rapporteur: {failure}");
                        return;
                    }
                };
                if self.verbose && written.is_ok() {
                    written = print(line.as_bytes()).map(|_| ());
                }
            })?;
            total.new += tally.new;
            total.known += tally.known;
            total.failed += tally.failed;
        }
        written?;
        if !self.quiet {
            let failed = match total.failed {
                0 => String::new(),
                n => format!("; {n} failed, see `rapporteur inbox`"),
            };
            print(
                format!(
                    "{units} units: {} pages new, {} known before{failed}.\n",
                    total.new, total.known
                )
                .as_bytes(),
            )?;
        }
        Ok(match (total.failed, units) {
            (0, 0) => exit::NOTHING,
            (0, _) => exit::OK,
            _ => exit::SOME_FAILED,
        })
    }
}

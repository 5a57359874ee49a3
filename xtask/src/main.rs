//! Chores of the repository.
//!
//! `cargo xtask tidy` checks the shape of the code; `cargo xtask train --data DIR [--out
//! data/text]` learns the language models again from the treebanks and name corpora in DIR (laid
//! out as `../shared/bench/nlp`). `cargo xtask train-events` learns the ranker of events from the
//! sentences of `data/events/sentences`, `cargo xtask train-roles --data FILE` the weights of the roles of an
//! attack from documents with their roles. `cargo xtask measure-story` runs the chain over invented
//! coverage with exact gold, which `cargo xtask story-set --out DIR` writes out; `cargo xtask make-units
//! --articles N --out DIR` invents as many articles as asked for, as archives with their truth.
//! `cargo xtask faults` kills, starves and damages the built binary a thousand times; `cargo xtask sbom` lists
//! what it is made of.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool"
)]

use std::path::Path;
use std::process::ExitCode;

mod clusters;
mod edited;
mod events;
mod faults;
mod measure;
mod names;
mod raw;
mod roles;
mod sbom;
mod tidy;
mod train;
mod units;

const USAGE: &str = "usage: cargo xtask tidy | train --data DIR [--out data/text] [--only names] | train-events [--data data/events/sentences] [--out data/events/ranker.bin] | train-roles --data FILE [--out data/roles/weights.tsv] [--folds 10] | story-set --out DIR | measure-story [--only made|\"by hand\"|both] [--show] | make-units --articles N --out DIR | measure-units --gold FILE --stories FILE | clusters --encoder DIR | faults [--kills 1000] [--seed 1] [--only NAME] [--report FILE] [--bin FILE] [--dir DIR] | sbom [--out FILE] | measure --data DIR [--model DIR]";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("tidy") => tidy(),
        Some("clusters") => told(clusters::run(&args[1..])),
        Some("measure") => told(measure::run(&args[1..])),
        Some("measure-story") => told(edited::measure(&args[1..])),
        Some("make-units") => told(units::make(&args[1..])),
        Some("measure-units") => told(units::measure(&args[1..])),
        Some("story-set") => told(edited::write(&args[1..])),
        Some("faults") => told(faults::run(&args[1..])),
        Some("sbom") => told(sbom::run(&args[1..])),
        Some("train") => told(train::run(&args[1..])),
        Some("train-roles") => told(roles::run(&args[1..])),
        Some("train-events") => told(events::run(&args[1..])),
        _ => told(Err(USAGE.to_owned())),
    }
}

fn tidy() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    let findings = tidy::run(root);
    findings.iter().for_each(|finding| println!("{finding}"));
    println!("tidy: {} findings", findings.len());
    if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(4)
    }
}

fn told(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// The value of `--name` in the arguments.
fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let at = args.iter().position(|a| a == name)?;
    args.get(at + 1).map(String::as_str)
}

/// Messages go to standard error.
fn say(message: &str) {
    eprintln!("{message}");
}

//! `xtask faults`: the long form of the fault suite, with a table and a report.

use std::path::PathBuf;

use crate::{option, say};

#[path = "../../../crates/rapporteur/tests/faults/suite/mod.rs"]
mod suite;

/// Runs it over the binary beside this one, or over `--bin FILE`.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let number = |name: &str, else_: u64| match option(args, name) {
        Some(text) => text
            .parse()
            .map_err(|_| format!("{name} {text}: not a number")),
        None => Ok(else_),
    };
    let beside = || {
        std::env::current_exe()
            .ok()
            .map(|exe| exe.with_file_name("rapporteur"))
    };
    let bin = option(args, "--bin").map(PathBuf::from).or_else(beside);
    let bin = bin
        .filter(|bin| bin.is_file())
        .ok_or("build the binary first (cargo build), or name one with --bin FILE")?;
    let dir = option(args, "--dir").map_or_else(std::env::temp_dir, PathBuf::from);
    let plan = suite::Plan {
        bin,
        dir: dir.join(format!("rapporteur-faults-{}", std::process::id())),
        kills: number("--kills", 1000)?,
        seed: number("--seed", 1)?,
        only: option(args, "--only").map(str::to_owned),
    };
    let outcome = suite::run(&plan, &mut |line| say(line))?;
    if let Some(path) = option(args, "--report") {
        std::fs::write(path, format!("{:#}\n", outcome.report()))
            .map_err(|e| format!("{path}: {e}"))?;
    }
    println!("{}", outcome.table());
    if outcome.is_clean() {
        Ok(())
    } else {
        Err("a fault lost, doubled or broke something: see above".to_owned())
    }
}

//! The short form of the fault suite: a few of each kind. `xtask faults` is the long one.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod any_bytes;
mod hostile;
mod suite;

use std::path::PathBuf;

/// Kills of the short form; `RAPPORTEUR_KILLS` sets another number.
const KILLS: u64 = 12;

/// Makes a few faults of the kinds with this name.
fn few(only: &str) {
    let kills = std::env::var("RAPPORTEUR_KILLS")
        .ok()
        .and_then(|n| n.parse().ok());
    let name = only.replace(' ', "-");
    let plan = suite::Plan {
        bin: PathBuf::from(env!("CARGO_BIN_EXE_rapporteur")),
        dir: std::env::temp_dir().join(format!("rapporteur-faults-{name}-{}", std::process::id())),
        kills: kills.unwrap_or(KILLS),
        seed: 1,
        only: Some(only.to_owned()),
    };
    let mut told = String::new();
    let outcome = suite::run(&plan, &mut |line| {
        told.push_str(line);
        told.push('\n');
    });
    let outcome = outcome.unwrap_or_else(|why| panic!("{why}"));
    assert!(outcome.is_clean(), "{told}\n{}", outcome.report());
    // What was skipped says why when the test is run with --nocapture.
    let mut out = std::io::stdout().lock();
    let _ = std::io::Write::write_all(&mut out, outcome.table().as_bytes());
}

/// One test a kind, so that they run beside each other.
macro_rules! kinds {
    ($($name:ident $only:literal,)*) => {
        $(#[test] fn $name() { few($only); })*
        /// No kind is left out.
        #[test]
        fn every_kind_is_tested() {
            let tested = [$($only),*];
            assert_eq!(suite::names(), tested);
        }
    };
}

kinds! {
    kills_of_add "kill add",
    kills_of_recode "kill recode",
    kills_of_correct "kill correct",
    kills_of_serve "kill serve",
    fail_points "fail points",
    full_disks "disk full",
    failing_calls "failing calls",
    torn_tails "torn tail of pages",
    torn_logs "torn log of the database",
    flipped_pages "flipped bits in pages",
    flipped_rows "flipped bytes in the database",
    two_processes "two processes",
    backups "backup while written to",
    clocks "clock goes back",
}

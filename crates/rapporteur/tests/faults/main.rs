//! The short form of the fault suite: a few of each kind. `xtask faults` is the long one.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod any_bytes;
mod hostile;
mod suite;

use std::path::PathBuf;

/// Kills of the short form; `RAPPORTEUR_KILLS` sets another number.
const KILLS: u64 = 12;

#[test]
fn faults_lose_nothing_and_double_nothing() {
    let kills = std::env::var("RAPPORTEUR_KILLS")
        .ok()
        .and_then(|n| n.parse().ok());
    let plan = suite::Plan {
        bin: PathBuf::from(env!("CARGO_BIN_EXE_rapporteur")),
        dir: std::env::temp_dir().join(format!("rapporteur-faults-{}", std::process::id())),
        kills: kills.unwrap_or(KILLS),
        seed: 1,
        only: None,
    };
    let mut told = String::new();
    let outcome = suite::run(&plan, &mut |line| {
        told.push_str(line);
        told.push('\n');
    });
    let outcome = outcome.unwrap_or_else(|why| panic!("{why}"));
    assert!(outcome.is_clean(), "{told}\n{}", outcome.report());
    // Skipped kinds say why when the test is run with --nocapture.
    let mut out = std::io::stdout().lock();
    let _ = std::io::Write::write_all(&mut out, outcome.table().as_bytes());
}

//! Killed at any moment: what was acknowledged is there, and the next run goes on.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use rapporteur_record::{Applied, Desk, Mode, Reading, Store};

use crate::make::{Dir, NOW, Page, corpus};

const WHERE: &str = "RAPPORTEUR_CRASH_DESK";
/// Kills of the default run; the slow run sets its own number.
const KILLS: usize = 4;

fn page(n: usize) -> Page {
    let mut page = corpus().remove(n % 3);
    page.bytes.extend(format!("<!-- {n} -->").into_bytes());
    page.bundle.raw.sha256 = rapporteur_base::sha256_hex(&page.bytes);
    page.bundle.raw.len = page.bytes.len() as u64;
    page
}

/// The process that is killed: not a test of its own.
#[test]
#[ignore = "started by `killed_at_any_moment`"]
fn child() {
    let Ok(dir) = std::env::var(WHERE) else {
        return;
    };
    let mut desk = Desk::open(Path::new(&dir), Mode::Write).unwrap();
    let begun = desk.documents(Reading::Active, None).unwrap().len();
    for n in begun.. {
        desk.apply(&[page(n).incoming()], NOW).unwrap();
        println!("done {n}");
    }
}

#[test]
fn killed_at_any_moment() {
    let dir = Dir::new("crash");
    drop(Desk::init(&dir.0).unwrap());
    let kills = std::env::var("RAPPORTEUR_KILLS")
        .ok()
        .and_then(|n| n.parse().ok());
    let mut before = 0;
    for round in 0..kills.unwrap_or(KILLS) {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child", "--ignored", "--nocapture"])
            .env(WHERE, &dir.0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut said = || loop {
            let line = lines.next()?.ok()?;
            if let Some(n) = line
                .rsplit("done ")
                .next()
                .and_then(|n| n.parse::<usize>().ok())
            {
                return Some(n);
            }
        };
        // Another moment of the write each time, without a clock.
        let mut last = 0;
        for _ in 0..=3 + 2 * round {
            last = said().expect("the child writes until it is killed");
        }
        process.kill().unwrap();
        while let Some(n) = said() {
            last = n;
        }
        process.wait().unwrap();

        let mut desk = Desk::open(&dir.0, Mode::Write).unwrap();
        assert_eq!(desk.check().unwrap().findings, []);
        let docs = desk.documents(Reading::Active, None).unwrap().len();
        assert!(
            docs > last && docs >= before,
            "{docs} documents, {last} acknowledged"
        );
        // A commit may have been durable and not yet acknowledged: saying it again is harmless.
        assert_eq!(
            desk.apply(&[page(last).incoming()], NOW).unwrap(),
            [Applied::Known]
        );
        before = docs;
    }
}

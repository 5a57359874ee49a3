use std::io::{BufRead, BufReader};

use crate::{Folder, TALKS, add, command, on, page};

/// A page like no other of the run.
fn meeting(n: usize) -> String {
    let own = format!(
        "The meeting of group number {n} was held in hall {} of the centre.",
        n * 7
    );
    let body = [own.as_str(), TALKS[n % 4], TALKS[(n + 1) % 4]];
    page(&format!("Group {n} meets"), "2024-03-13", &body)
}

#[test]
fn a_killed_run_loses_nothing_that_it_reported() {
    const PAGES: usize = 120;
    let folder = Folder::new();
    let desk = folder.desk();
    for n in 0..PAGES {
        folder.write(&format!("in/{n:03}.html"), meeting(n));
    }
    let input = folder.path("in");
    let mut reported = Vec::new();
    for stop_after in [1, 40] {
        let args = [
            "--desk",
            desk.to_str().unwrap(),
            "add",
            "--verbose",
            "--jobs",
            "2",
            input.to_str().unwrap(),
        ];
        let mut child = command(&args).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for line in lines.by_ref().take(stop_after).map_while(Result::ok) {
            if line.starts_with("new") {
                reported.push(line.split('\t').nth(1).unwrap().to_owned());
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        reported.extend(
            lines
                .map_while(Result::ok)
                .filter(|l| l.starts_with("new\t") && l.split('\t').count() == 3)
                .filter_map(|l| l.split('\t').nth(1).map(str::to_owned)),
        );
        let inbox = on(&desk, &["inbox", "--all", "--json"]).out;
        for name in &reported {
            assert!(
                inbox.contains(name.as_str()),
                "{name} was reported and is gone"
            );
        }
    }
    assert!(!reported.is_empty());
    let out = add(&desk, &[&input]);
    assert_eq!(out.code, 0, "{}", out.err);
    assert!(
        out.out.contains(&format!("{PAGES} pages read")),
        "{}",
        out.out
    );
    assert!(out.out.contains("known before"), "{}", out.out);
    assert_eq!(on(&desk, &["check"]).code, 0);
    let export = on(&desk, &["export"]).out;
    let record: serde_json::Value = serde_json::from_str(&export).unwrap();
    assert_eq!(record["docs"].as_array().unwrap().len(), PAGES);
}

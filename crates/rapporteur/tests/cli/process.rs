//! Declared processes from the command line: the built-in example's golden page, a replay that
//! never reads later evidence, drafts, and what is said of a file that is wrong.

use std::path::{Path, PathBuf};

use crate::{Folder, add, on, run};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/us-iraq-talks")
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = std::fs::read_dir(example())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    pages.sort();
    pages
}

/// A desk of the example with its process file; only pages that `keep` wants.
fn desk(folder: &Folder, keep: impl Fn(&str) -> bool) -> PathBuf {
    let desk = folder.desk();
    let pages = pages();
    let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
    let kept: Vec<&Path> = pages
        .iter()
        .map(AsRef::as_ref)
        .filter(|p: &&Path| keep(&name(p)))
        .collect();
    assert_eq!(add(&desk, &kept).code, 0);
    for (from, to) in [
        ("process.toml", "coalition-talks.toml"),
        ("incidents.csv", "incidents.csv"),
    ] {
        let text = std::fs::read(example().join(from)).unwrap();
        folder.write(&format!("desk/processes/{to}"), text);
    }
    desk
}

fn file(folder: &Folder, text: &str) {
    folder.write("desk/processes/coalition-talks.toml", text);
}

fn toml() -> String {
    std::fs::read_to_string(example().join("process.toml")).unwrap()
}

#[test]
fn the_example_gives_its_golden_process() {
    let folder = Folder::new();
    let desk = desk(&folder, |_| true);
    let checked = on(&desk, &["process", "check"]);
    assert_eq!(checked.code, 0, "{}", checked.out);
    let mut told = on(&desk, &["process", "show"]).out;
    told.push('\n');
    told.push_str(&on(&desk, &["process", "project", "--what-if", "attacks-low"]).out);
    let golden = example().join("golden.process");
    if std::env::var_os("RAPPORTEUR_BLESS").is_some() {
        std::fs::write(&golden, &told).unwrap();
    }
    let kept = std::fs::read_to_string(&golden).unwrap();
    for (number, (now, before)) in told.lines().zip(kept.lines()).enumerate() {
        assert_eq!(now, before, "line {} of {}", number + 1, golden.display());
    }
    assert_eq!(told.lines().count(), kept.lines().count());
    assert!(told.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn a_replay_never_reads_later_evidence() {
    let (all, early) = (Folder::new(), Folder::new());
    // Pages published by the end of January 2024; the undated one became known when it was added.
    let known = ["01", "02", "03", "04", "08"];
    let whole = desk(&all, |_| true);
    let part = desk(&early, |name| known.iter().any(|k| name.starts_with(k)));
    for what in ["show", "project"] {
        let asked = ["process", what, "--as-of", "2024-01-31", "--json"];
        let (then, now) = (on(&part, &asked), on(&whole, &asked));
        assert_eq!((then.code, now.code), (0, 0), "{}{}", then.err, now.err);
        assert_eq!(then.out, now.out);
    }
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let folder = Folder::new();
    let desk = desk(&folder, |_| true);
    let page = |name: &str, more: &[&str]| {
        let path = folder.path(name);
        let mut args = vec!["process", "project", "--html", path.to_str().unwrap()];
        args.extend(more);
        assert_eq!(on(&desk, &args).code, 0);
        std::fs::read_to_string(path).unwrap()
    };
    let first = page("a.html", &[]);
    assert_eq!(first, page("b.html", &[]));
    assert_ne!(first, page("c.html", &["--seed", "9"]));
    assert!(first.starts_with("<!doctype html>") && !first.contains("<script"));
    for anchor in ["conditions", "windows", "when", "card", "levels", "dates"] {
        assert!(first.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
    assert_eq!(
        first.matches("<svg").count(),
        first.matches("</svg>").count()
    );
    let dates = folder.path("dates.ics");
    let args = ["process", "show", "--ics", dates.to_str().unwrap()];
    assert_eq!(on(&desk, &args).code, 0);
    let dates = std::fs::read_to_string(dates).unwrap();
    assert!(dates.starts_with("BEGIN:VCALENDAR\r\n") && dates.ends_with("END:VCALENDAR\r\n"));
    assert!(dates.contains("DTSTART;VALUE=DATE:20250930"));
}

#[test]
fn faults_of_a_file_are_told_at_once() {
    let folder = Folder::new();
    let desk = desk(&folder, |_| true);
    let wrong = toml()
        .replace("window = \"3 months\"", "widnow = \"3 months\"")
        .replace("peak = \">= 30 / month\"", "peak = \"often\"");
    file(&folder, &wrong);
    let checked = on(&desk, &["process", "check"]);
    assert_eq!(checked.code, 4);
    assert!(
        checked.out.contains("did you mean `window`?")
            && checked.out.contains("`peak`: `often` is no test")
    );
    assert!(checked.out.contains("4 faults found."), "{}", checked.out);
    let shown = on(&desk, &["process", "show"]);
    assert_eq!(shown.code, 2);
    assert!(shown.err.contains("coalition-talks.toml:"), "{}", shown.err);
    // A row that the record does not hold is a fault of the file, not a reason to invent it.
    file(
        &folder,
        &toml().replace("anchor = 2024-01-27", "anchor = \"ev:m-0123456789ab\""),
    );
    let gone = on(&desk, &["process", "check"]);
    assert_eq!(gone.code, 4);
    assert!(gone.out.contains("the record has no row m-0123456789ab"));
    file(&folder, &toml().replace("incidents.csv", "incidens.csv"));
    assert_eq!(on(&desk, &["process", "show"]).code, 2);
}

#[test]
fn versions_are_kept_and_a_draft_is_never_overwritten() {
    let folder = Folder::new();
    let desk = desk(&folder, |_| true);
    let said = |args: &[&str]| {
        let out = on(&desk, args).out;
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(said(&["process", "show"]).contains("no version of its file is kept"));
    assert!(
        on(&desk, &["process", "check"])
            .out
            .contains("kept as version 1")
    );
    assert!(
        on(&desk, &["process", "check"])
            .out
            .contains("version 1, kept")
    );
    file(
        &folder,
        &toml()
            .replace("draws", "draws ")
            .replace("horizon = 36", "horizon = 24"),
    );
    assert!(said(&["process", "show"]).contains("edited since version 1"));
    assert!(
        on(&desk, &["process", "check"])
            .out
            .contains("kept as version 2")
    );
    let log = on(&desk, &["process", "log"]).out;
    assert_eq!(log.lines().count(), 2);
    assert!(log.contains("1 lines new, 1 gone"), "{log}");
    assert_eq!(on(&desk, &["process", "new", "draft"]).code, 0);
    assert_eq!(on(&desk, &["process", "new", "draft"]).code, 2);
    // With two files the desk asks which.
    let asked = on(&desk, &["process", "show"]);
    assert_eq!(asked.code, 2);
    assert!(
        asked.err.contains("coalition-talks, draft"),
        "{}",
        asked.err
    );
    assert_eq!(on(&desk, &["process", "show", "draft"]).code, 0);
}

#[test]
fn a_draft_holds_what_the_record_names() {
    let folder = Folder::new();
    let desk = folder.desk();
    let page = folder.write(
        "page.txt",
        "Talks on the border force resume\n\nby Ada Brook\n\nMarch 14, 2023\n\n\
         Norway and Sweden resumed talks in Oslo on March 12 on the future of the border force. The talks \
         had begun on February 3 and were suspended after an attack killed two soldiers on February 20.\n\n\
         Norway and Sweden agreed to set up three working groups under the joint commission. The three working \
         groups will assess the threat of smugglers, the supply and weather requirements, and the capabilities \
         of the border guard. Norway wants a quick withdrawal of the force, while Sweden has proposed a period \
         of two to four years.\n",
    );
    assert_eq!(add(&desk, &[&page]).code, 0);
    let made = on(&desk, &["process", "new", "border", "--stdout"]);
    assert_eq!(made.code, 0, "{}", made.err);
    for part in [
        "id = \"norway\"",
        "id = \"sweden\"",
        "id = \"joint-commission\"",
        "id = \"threat\"",
        "[[suspension]]",
        "earliest = \"+2 years\"",
    ] {
        assert!(made.out.contains(part), "{part}\n{}", made.out);
    }
    assert_eq!(on(&desk, &["process", "new", "border"]).code, 0);
    assert_eq!(on(&desk, &["process", "check"]).code, 0);
    let shown = on(&desk, &["process", "show"]);
    assert!(shown.out.contains("UNKNOWN"), "{}", shown.out);
    // Nobody has rated anything: no date is made up.
    let ahead = on(&desk, &["process", "project"]);
    assert!(ahead.out.contains("not projected"), "{}", ahead.out);
    assert_eq!(run(&["process", "show", "--desk", "/nowhere"]).code, 2);
}

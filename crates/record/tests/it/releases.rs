//! A desk of every released schema: opened, brought up to date, checked, read.

use std::fs;
use std::path::{Path, PathBuf};

use rapporteur_record::{Desk, ErrorKind, Filter, Mode, Query, Store, View};

use crate::make::Dir;

/// `tests/data/schema-N`: each made by the last version that wrote schema N, never changed since.
fn kept() -> Vec<(i64, PathBuf)> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let entries = fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let number = |path: &Path| {
        path.file_name()?
            .to_str()?
            .strip_prefix("schema-")?
            .parse()
            .ok()
    };
    let mut out: Vec<(i64, PathBuf)> = entries
        .filter_map(|path| Some((number(&path)?, path)))
        .collect();
    out.sort();
    out
}

fn copied(from: &Path) -> Dir {
    let dir = Dir::new("release");
    fs::create_dir_all(dir.0.join("pages")).unwrap();
    for name in ["record.db", "pages/00001.warc.gz"] {
        fs::copy(from.join(name), dir.0.join(name)).unwrap();
    }
    dir
}

fn schema(dir: &Path) -> i64 {
    let db = rusqlite::Connection::open(dir.join("record.db")).unwrap();
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn every_schema_has_a_desk_here() {
    let fresh = Dir::new("fresh");
    drop(Desk::init(&fresh.0.join("desk")).unwrap());
    let now = schema(&fresh.0.join("desk"));
    let numbers: Vec<i64> = kept().iter().map(|(n, _)| *n).collect();
    let all: Vec<i64> = (1..=now).collect();
    assert_eq!(
        numbers, all,
        "keep a small desk of each schema under tests/data/schema-N"
    );
}

#[test]
fn a_desk_of_every_schema_is_brought_up_to_date_and_read() {
    for (number, path) in kept() {
        let dir = copied(&path);
        assert_eq!(schema(&dir.0), number);
        let desk = Desk::open(&dir.0, Mode::Write).unwrap();
        assert_eq!(desk.check().unwrap().findings, [], "schema {number}");
        let view = View::load(&desk, &Filter::default()).unwrap();
        let mut titles: Vec<&str> = view.docs.iter().map(|d| d.title.as_str()).collect();
        titles.sort_unstable();
        assert_eq!(
            titles,
            ["Harbour talks pause", "Observers count the ferries"]
        );
        let about = view
            .docs
            .iter()
            .find(|d| d.title.starts_with("Harbour"))
            .unwrap();
        assert!(
            about.text.contains("The two harbour towns agreed"),
            "{}",
            about.text
        );
        assert_eq!(desk.search(&Query::new("ferries")).unwrap().len(), 1);
        assert_eq!(desk.corrections().unwrap().len(), 1);
        assert!(!view.events.is_empty() && !view.figures.is_empty());
        drop(desk);
        assert_eq!(
            Desk::open(&dir.0, Mode::Read)
                .unwrap()
                .check()
                .unwrap()
                .findings,
            []
        );
    }
}

#[test]
fn a_desk_of_a_newer_version_is_refused_with_the_remedy_and_not_touched() {
    let (_, path) = kept().pop().unwrap();
    let dir = copied(&path);
    let file = dir.0.join("record.db");
    let db = rusqlite::Connection::open(&file).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let before = fs::read(&file).unwrap();
    for mode in [Mode::Read, Mode::Write] {
        let error = Desk::open(&dir.0, mode).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NewerSchema);
        assert!(error.what().contains("made by a newer version"), "{error}");
        assert!(
            error.remedy().contains("newer version of rapporteur"),
            "{error}"
        );
    }
    assert_eq!(
        Desk::copy(&dir.0, &dir.0.join("to"), &[])
            .unwrap_err()
            .kind(),
        ErrorKind::NewerSchema
    );
    assert_eq!(fs::read(&file).unwrap(), before);
}

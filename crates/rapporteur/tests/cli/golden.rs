//! The record of the built-in example, line by line: a change of rules that changes it shows here,
//! and is read before it is accepted (`RAPPORTEUR_BLESS=1 cargo test -p rapporteur golden`).

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::{Folder, add, on};

#[test]
fn the_example_gives_its_golden_record() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/us-iraq-talks");
    let golden = example.join("golden.record");
    let mut pages: Vec<_> = std::fs::read_dir(&example)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    pages.sort();
    let folder = Folder::new();
    let desk = folder.desk();
    let pages: Vec<&Path> = pages.iter().map(AsRef::as_ref).collect();
    assert_eq!(add(&desk, &pages).code, 0);
    let record: Value = serde_json::from_str(&on(&desk, &["export"]).out).unwrap();
    let told = told(&record);
    if std::env::var_os("RAPPORTEUR_BLESS").is_some() {
        std::fs::write(&golden, &told).unwrap();
    }
    let kept = std::fs::read_to_string(&golden).unwrap();
    for (number, (now, before)) in told.lines().zip(kept.lines()).enumerate() {
        assert_eq!(now, before, "line {} of {}", number + 1, golden.display());
    }
    assert_eq!(told.lines().count(), kept.lines().count());
}

/// Each row of the record on one line: what it says, then its words.
fn told(record: &Value) -> String {
    let mut out = String::new();
    for (table, fields) in [
        ("docs", &["title", "published", "site", "authors"][..]),
        (
            "events",
            &[
                "type", "mode", "modality", "date", "source", "target", "place",
            ],
        ),
        ("figures", &["op", "value", "low", "high", "unit", "of"]),
        ("quotes", &["kind", "speaker"]),
        ("positions", &["holder", "stance", "issue"]),
        ("commitments", &["strength", "by", "due"]),
        ("indicators", &["kind", "name", "track"]),
        ("assessments", &["voice", "hedge"]),
        ("comparisons", &["kind", "topic"]),
    ] {
        let rows = record[table].as_array().unwrap();
        writeln!(out, "\n# {table}: {}", rows.len()).unwrap();
        for row in rows {
            let values: Vec<String> = fields.iter().map(|f| plain(&row[*f])).collect();
            let words = ["evidence", "a", "b"]
                .iter()
                .filter_map(|side| row[*side][0]["text"].as_str())
                .map(|text| format!(" “{text}”"))
                .collect::<String>();
            writeln!(out, "{}{words}", values.join(" | ")).unwrap();
        }
    }
    out
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(date) => {
            let end = |key: &str| date.get(key).map(plain).unwrap_or_default();
            format!("{}..{} {}", end("from"), end("to"), end("precision"))
        }
        other => other.to_string(),
    }
}

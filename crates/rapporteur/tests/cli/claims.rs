//! Stories, sagas and what is new, over sessions.

use crate::{Folder, add, on, page};

fn meeting(n: usize, city: &str, day: &str) -> String {
    let title = format!("Envoys meet in {city}");
    let lead = format!(
        "Armenia and Azerbaijan held a round of talks in {city} on {day}, and the envoys stayed until the lamps were lit."
    );
    let own = [
        "A carpenter had repaired the long table for the occasion and refused to be paid for it.",
        "Rain fell on the motorcade, and the pass was closed for lorries in the afternoon.",
        "The kitchen of the residence served trout, apples and a cake that nobody cut.",
        "Two schools had their pupils wave from the bridge, although nobody had asked them to.",
    ];
    let more = format!(
        "Each side had brought {} delegates to the talks.",
        12 + 7 * n
    );
    page(&title, &published(n), &[&lead, own[n % 4], &more])
}

fn published(n: usize) -> String {
    ["2031-03-05", "2031-06-02", "2031-06-03", "2031-09-06"][n % 4].to_owned()
}

const ROUNDS: [(&str, &str); 4] = [
    ("Tbilisi", "4 March"),
    ("Yerevan", "1 June"),
    ("Yerevan", "1 June"),
    ("Baku", "5 September"),
];

fn rows(folder: &Folder, desk: &std::path::Path, list: &[usize]) {
    for n in list {
        let (city, day) = ROUNDS[*n];
        let file = folder.write(&format!("{n}.html"), meeting(*n, city, day));
        let out = add(desk, &[&file]);
        assert_eq!(out.code, 0, "{}", out.err);
    }
}

#[test]
fn two_sessions_say_what_one_says() {
    let folder = Folder::new();
    let one = folder.desk();
    rows(&folder, &one, &[0, 1, 2, 3]);
    let other = Folder::new();
    let two = other.desk();
    rows(&other, &two, &[3, 1]);
    let before = on(&two, &["stories", "--json"]).out;
    rows(&other, &two, &[0, 2]);
    for args in [
        &["stories", "--json"][..],
        &["timeline"],
        &["conflicts", "--all", "--json"],
        &["export", "--format", "json"],
    ] {
        let (a, b) = (on(&one, args), on(&two, args));
        assert_eq!(a.code, b.code, "{args:?}: {}", b.err);
        assert_eq!(a.out, b.out, "{args:?}");
    }
    // A story keeps answering to the names it had.
    for line in before.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = row["id"].as_str().unwrap();
        let shown = on(&two, &["show", id, "--json"]);
        assert_eq!(shown.code, 0, "{id}: {}", shown.err);
    }
}

#[test]
fn stories_and_sagas_are_listed_with_counts() {
    let folder = Folder::new();
    let desk = folder.desk();
    rows(&folder, &desk, &[0, 1, 2, 3]);
    let out = on(&desk, &["stories"]);
    assert_eq!(out.code, 0, "{}", out.err);
    assert!(
        out.out.contains("Sagas") && out.out.contains("Stories"),
        "{}",
        out.out
    );
    assert!(out.out.contains("independent text"), "{}", out.out);
    let saga = on(&desk, &["stories", "--sagas", "--json"]).out;
    let row: serde_json::Value = serde_json::from_str(saga.lines().next().unwrap()).unwrap();
    let id = row["id"].as_str().unwrap();
    let timeline = on(&desk, &["timeline", "--process", id]);
    assert_eq!(timeline.code, 0, "{}", timeline.err);
}

#[test]
fn a_brief_begins_with_what_is_new() {
    let folder = Folder::new();
    let desk = folder.desk();
    rows(&folder, &desk, &[0, 1, 3]);
    let out = on(&desk, &["brief", "--since", "2031-09-01"]);
    assert_eq!(out.code, 0, "{}", out.err);
    // The terminal writes heads in capitals.
    let new = out.out.find("NEW SINCE").unwrap();
    let rest = &out.out[new..];
    let background = new + rest.find("BACKGROUND SO FAR").unwrap();
    let fresh = &out.out[new..background];
    assert!(fresh.contains("Baku"), "{}", out.out);
    assert!(!fresh.contains("Tbilisi"), "{}", out.out);
}

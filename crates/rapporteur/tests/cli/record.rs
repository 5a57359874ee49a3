use crate::{Folder, TALKS, add, on, page, run};

#[test]
fn coverage_becomes_a_cited_record() {
    let folder = Folder::new();
    let desk = folder.desk();
    let a = folder.write(
        "in/a.html",
        page(
            "Observers: delegations meet in Geneva",
            "2024-03-13",
            &TALKS,
        ),
    );
    folder.write("in/notes.css", "p {}");
    let rows = "{\"title\":\"Second round\",\"text\":\"France and Japan held a second round of talks in Geneva on 9 April 2024.\\n\\nThe delegations agreed to meet again.\",\"published\":\"2024-04-10\",\"site\":\"Example Wire\"}\n";
    let rows = folder.write("rows.jsonl", rows);
    let out = add(&desk, &[a.parent().unwrap(), &rows]);
    assert_eq!(out.code, 0, "{}", out.err);
    assert!(out.out.contains("2 pages read: 2 new"), "{}", out.out);

    let brief = on(&desk, &["brief"]);
    assert_eq!(brief.code, 0, "{}", brief.err);
    assert!(brief.out.contains("Rests on 2 documents"), "{}", brief.out);
    assert!(
        brief.out.lines().all(|l| l.chars().count() <= 80),
        "{}",
        brief.out
    );
    assert!(!brief.out.contains('\u{1b}'));
    let html = on(&desk, &["brief", "--format", "html"]).out;
    assert!(html.starts_with("<!doctype html>") && !html.contains("<script"));
    let export = on(&desk, &["export"]);
    let record: serde_json::Value = serde_json::from_str(&export.out).unwrap();
    assert_eq!(record["docs"].as_array().unwrap().len(), 2);
    every_span_equals_its_slice(&record);
    let check = on(&desk, &["check"]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
}

/// Offsets of the export count code points of the document's text.
fn every_span_equals_its_slice(record: &serde_json::Value) {
    let text = |id: &str| -> Vec<char> {
        let docs = record["docs"].as_array().unwrap();
        let doc = docs.iter().find(|d| d["id"] == id).unwrap();
        doc["text"].as_str().unwrap().chars().collect()
    };
    let mut stack = vec![record];
    while let Some(value) = stack.pop() {
        if let (Some(doc), Some(start), Some(end), Some(words)) = (
            value["doc"].as_str(),
            value["start"].as_u64(),
            value["end"].as_u64(),
            value["text"].as_str(),
        ) {
            let slice: String = text(doc)[start as usize..end as usize].iter().collect();
            assert_eq!(slice, words);
        }
        match value {
            serde_json::Value::Array(items) => stack.extend(items),
            serde_json::Value::Object(map) => stack.extend(map.values()),
            _ => {}
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = Folder::new();
    for n in 0..9 {
        let title = format!("Round {n} of the talks");
        let body = [TALKS[n % 4], TALKS[(n + 1) % 4], TALKS[(n + 2) % 4]];
        folder.write(
            &format!("in/{n}.html"),
            page(&title, &format!("2024-03-1{n}"), &body),
        );
    }
    let (one, two) = (folder.path("one"), folder.path("two"));
    for (desk, jobs) in [(&one, "1"), (&two, "4")] {
        run(&["init", desk.to_str().unwrap()]);
        let out = on(
            desk,
            &["add", "--jobs", jobs, folder.path("in").to_str().unwrap()],
        );
        assert_eq!(out.code, 0, "{}", out.err);
    }
    for args in [
        &["export"][..],
        &["brief", "--format", "html"],
        &["brief", "--format", "md"],
        &["events", "--json"],
    ] {
        assert_eq!(on(&one, args).out, on(&two, args).out, "{args:?}");
    }
    let before = on(&one, &["export"]).out;
    let again = add(&one, &[&folder.path("in")]);
    assert!(again.out.contains("0 new, 9 known before"), "{}", again.out);
    assert_eq!(on(&one, &["export"]).out, before);
}

#[test]
fn corrections_are_kept_and_taken_back() {
    let folder = Folder::new();
    let desk = folder.desk();
    let a = folder.write(
        "a.html",
        page(
            "Observers: delegations meet in Geneva",
            "2024-03-13",
            &TALKS,
        ),
    );
    add(&desk, &[&a]);
    let export = on(&desk, &["export"]).out;
    let record: serde_json::Value = serde_json::from_str(&export).unwrap();
    let id = record["docs"][0]["id"].as_str().unwrap();
    let args = [
        "correct",
        id,
        "published",
        "2024-03-14",
        "--who",
        "A. Reader",
        "--why",
        "the printed page says so",
    ];
    let out = on(&desk, &args);
    assert_eq!(out.code, 0, "{}", out.err);
    let corrected = on(&desk, &["export"]).out;
    assert!(corrected.contains("2024-03-14"));
    assert!(on(&desk, &["log"]).out.contains("A. Reader"));
    let undone = on(
        &desk,
        &["undo", "1", "--who", "A. Reader", "--why", "misread"],
    );
    assert_eq!(undone.code, 0, "{}", undone.err);
    assert_eq!(on(&desk, &["export"]).out, export);
    assert_eq!(
        on(
            &desk,
            &["correct", id, "nonsense", "x", "--who", "A", "--why", "b"]
        )
        .code,
        2
    );
    assert_eq!(on(&desk, &["check"]).code, 0);
}

#[test]
fn standard_input_search_show_and_meta_commands() {
    use std::io::Write;
    let folder = Folder::new();
    let desk = folder.desk();
    let mut child = crate::command(&["--desk", desk.to_str().unwrap(), "add", "-"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let text = format!(
        "Observers leave the border zone\n\n{}\n",
        TALKS.join("\n\n")
    );
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let out: crate::Ran = child.wait_with_output().unwrap().into();
    assert_eq!(out.code, 0, "{}", out.err);
    let hits = on(&desk, &["search", "observers", "border", "--json"]);
    assert_eq!(hits.out.lines().count(), 1, "{}{}", hits.out, hits.err);
    let hit: serde_json::Value = serde_json::from_str(hits.out.trim()).unwrap();
    let doc = hit["doc"].as_str().unwrap();
    assert_eq!(on(&desk, &["show", &doc[..7]]).code, 0);
    assert_eq!(on(&desk, &["search", "nowhere"]).code, 1);
    assert_eq!(on(&desk, &["show", "e-00000000"]).code, 1);
    assert!(run(&["completions", "bash"]).out.contains("rapporteur"));
    assert!(run(&["man"]).out.contains(".TH"));
    assert_eq!(run(&["no-such-command"]).code, 2);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new();
    let desk = folder.desk();
    let a = folder.write(
        "a.html",
        page(
            "Observers: delegations meet in Geneva",
            "2024-03-13",
            &TALKS,
        ),
    );
    add(&desk, &[&a]);
    let mut child = crate::command(&["--desk", desk.to_str().unwrap(), "export"])
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out: crate::Ran = child.wait_with_output().unwrap().into();
    assert_eq!((out.code, out.err.as_str()), (0, ""));
}

#[test]
fn the_demo_prints_a_brief_in_which_everything_cites() {
    let folder = Folder::new();
    let at = folder.path("demo");
    let out = run(&["demo", "--at", at.to_str().unwrap()]);
    assert_eq!(out.code, 0, "{}", out.err);
    assert!(
        out.out.contains("Rests on") && out.out.contains("SOURCES"),
        "{}",
        out.out
    );
    let check = on(&at.join("desk"), &["check"]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
}

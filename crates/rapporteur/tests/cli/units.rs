//! Work in units: whichever way the pages take, the record is the same.

use std::path::{Path, PathBuf};

use crate::{Folder, Ran, TALKS, add, on, page, run};

/// An archive of `n` pages, uncompressed, as a crawler writes it; page 1 has no article.
fn archive(folder: &Folder, name: &str, n: usize) -> PathBuf {
    let mut out = Vec::new();
    for at in 0..n {
        let own = format!(
            "The session of working group {at} took place in room {}.",
            at * 7
        );
        let body = match at {
            1 => "<html><body><nav><a href=\"/\">Home</a></nav></body></html>".to_owned(),
            _ => page(
                &format!("Working group {at} meets"),
                &format!("2024-03-{:02}", 10 + at % 9),
                &[own.as_str(), TALKS[at % 4], TALKS[(at + 1) % 4]],
            ),
        };
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";
        out.extend_from_slice(
            format!(
                "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://gazette.example/{name}/{at}\r\n\
                 WARC-Date: 2024-03-20T00:00:00Z\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{head}{body}\r\n\r\n",
                head.len() + body.len()
            )
            .as_bytes(),
        );
    }
    folder.write(name, out)
}

fn unit(folder: &Folder, inputs: &[&Path], more: &[&str]) -> Ran {
    let out = folder.path("out");
    let mut args = vec!["unit", "--out", out.to_str().unwrap()];
    args.extend(more);
    args.extend(inputs.iter().map(|p| p.to_str().unwrap()));
    run(&args)
}

fn results(line: &str) -> Vec<String> {
    line.lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| row["result"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn add_and_unit_with_import_make_the_same_record() {
    let folder = Folder::new();
    let (a, b) = (archive(&folder, "a.warc", 7), archive(&folder, "b.warc", 4));
    let ran = unit(&folder, &[&a, &b], &["--jobs", "2"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(results(&ran.out), ["done", "done"]);
    assert_eq!(
        results(&unit(&folder, &[&a, &b], &[]).out),
        ["known", "known"]
    );

    let added = folder.desk();
    assert_eq!(
        add(&added, &[&a, &b]).code,
        3,
        "one page of each has no article"
    );
    let imported = folder.path("imported");
    assert_eq!(run(&["init", imported.to_str().unwrap()]).code, 0);
    let out = folder.path("out");
    let first = on(&imported, &["import", out.to_str().unwrap()]);
    assert_eq!(first.code, 3, "{}", first.err);
    assert!(first.out.contains("9 pages new"), "{}", first.out);
    for export in [
        &["export"][..],
        &["events", "--json"],
        &["stories", "--json"],
    ] {
        let (x, y) = (on(&added, export), on(&imported, export));
        assert_eq!((x.code, &x.out), (y.code, &y.out), "{export:?}");
    }
    let failed = |desk: &Path| -> Vec<String> {
        let rows = on(desk, &["inbox", "--json"]).out;
        let rows = rows
            .lines()
            .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
        rows.map(|mut row| {
            row["at"] = "".into();
            row.to_string()
        })
        .collect()
    };
    assert_eq!(failed(&added), failed(&imported));
    assert_eq!(on(&imported, &["check"]).code, 0);

    let again = on(&imported, &["import", out.to_str().unwrap()]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("0 pages new, 9 known"), "{}", again.out);
    // What was taken in as units is known to `add` too.
    assert!(add(&imported, &[&a]).out.contains("0 new"));
}

#[test]
fn a_result_that_is_not_what_its_receipt_says_stays_out() {
    let folder = Folder::new();
    let a = archive(&folder, "a.warc", 3);
    unit(&folder, &[&a], &[]);
    let out = folder.path("out");
    let pages = find(&out, "pages.warc.gz");
    let mut bytes = std::fs::read(&pages).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(&pages, bytes).unwrap();
    let desk = folder.desk();
    let ran = on(&desk, &["import", out.to_str().unwrap()]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("not what the receipt says"), "{}", ran.err);
    assert_eq!(on(&desk, &["events"]).code, 1, "nothing was taken in");
}

fn find(folder: &Path, name: &str) -> PathBuf {
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            if entry.file_name() == name {
                return entry.path();
            }
            if entry.path().is_dir() {
                open.push(entry.path());
            }
        }
    }
    panic!("no {name}");
}

#[test]
fn bad_units_are_told_and_the_rest_goes_on() {
    let folder = Folder::new();
    let a = archive(&folder, "a.warc", 2);
    let ran = unit(&folder, &[&folder.path("none.warc"), &a], &[]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("none.warc"), "{}", ran.err);
    assert_eq!(results(&ran.out), ["done"]);
    let gate = folder.write("gate.txt", "[actors]\n");
    let ran = unit(&folder, &[&a], &["--gate", gate.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    let ran = run(&[
        "unit",
        a.to_str().unwrap(),
        "--out",
        "s3://bucket/x",
        "--quiet",
    ]);
    assert!(ran.code == 2 || cfg!(feature = "objects"), "{}", ran.err);
    assert!(
        ran.err.contains("object storage") || cfg!(feature = "objects"),
        "{}",
        ran.err
    );
}

#[test]
fn a_desk_and_the_pipes_merge_alike() {
    let folder = Folder::new();
    let a = archive(&folder, "a.warc", 12);
    unit(&folder, &[&a], &[]);
    let out = folder.path("out");
    let desk = folder.desk();
    on(&desk, &["import", "-q", out.to_str().unwrap()]);
    for cut in [["--days", "0"], ["--days", "3"]] {
        let merged = on(&desk, &[&["merge-blocks"][..], &cut].concat());
        assert_eq!(merged.code, 0, "{}", merged.err);
        let blocks = run(&[&["pipe", "blocks", out.to_str().unwrap()][..], &cut].concat());
        let stories = crate::piped(&["pipe", "merge-block"], &blocks.out);
        let stitched = crate::piped(&["pipe", "stitch"], &stories.out);
        assert_eq!(merged.out, stitched.out, "{cut:?}");
    }
    // One block is the merge that the desk shows.
    let rows = on(&desk, &["merge-blocks", "--days", "0"]).out;
    let shown = on(&desk, &["stories", "--json"]).out;
    let shown = shown
        .lines()
        .filter(|l| l.contains("\"row\":\"story\""))
        .count();
    assert_eq!(rows.lines().count(), shown);
}

use std::path::Path;

use crate::{Folder, TALKS, add, on, page, run};

/// Adds `bad` beside a good page: the good one goes in, the bad one is named with a remedy.
fn refused(bad: &Path, folder: &Folder, says: &str) {
    let desk = folder.desk();
    let good = folder.write("good.html", page("Delegations meet", "2024-03-13", &TALKS));
    let out = add(&desk, &[bad, &good]);
    assert_eq!(out.code, 3, "{}{}", out.out, out.err);
    assert!(out.err.contains(says), "{says:?} is not in {}", out.err);
    assert!(out.err.contains(bad.to_str().unwrap()), "{}", out.err);
    assert!(out.out.contains("1 new"), "{}", out.out);
    let inbox = on(&desk, &["inbox"]).out;
    assert!(inbox.contains("1 failed"), "{inbox}");
    assert_eq!(on(&desk, &["check"]).code, 0);
}

#[test]
fn an_empty_file() {
    let folder = Folder::new();
    refused(&folder.write("empty.html", ""), &folder, "empty");
}

#[test]
fn a_picture() {
    let folder = Folder::new();
    refused(
        &folder.write("x.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        &folder,
        "not a page",
    );
}

#[test]
fn a_truncated_archive() {
    use std::io::Write;
    let folder = Folder::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let body: String = (0..4000).map(|n| format!("{}, ", n * 7919)).collect();
    write!(gzip, "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://example.org/\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let whole = gzip.finish().unwrap();
    refused(
        &folder.write("cut.warc.gz", &whole[..whole.len() / 2]),
        &folder,
        "fetch the file again",
    );
}

#[test]
fn a_line_without_end() {
    let folder = Folder::new();
    let mut line = b"{\"text\":\"".to_vec();
    line.resize(100 << 20, b'a');
    refused(
        &folder.write("long.jsonl", line),
        &folder,
        "line 1 is longer than 32 MiB",
    );
}

#[test]
fn a_list_of_links() {
    let folder = Folder::new();
    let links: String = (0..60)
        .map(|n| format!("<li><a href=\"/{n}\">More news {n}</a></li>"))
        .collect();
    let page = format!("<html><body><ul>{links}</ul></body></html>");
    refused(
        &folder.write("links.html", page),
        &folder,
        "no article found",
    );
}

#[test]
fn a_file_that_is_not_there() {
    let folder = Folder::new();
    refused(&folder.path("gone.html"), &folder, "no such file");
}

#[test]
fn tags_nested_without_end_and_a_wrong_encoding_are_read() {
    let folder = Folder::new();
    let desk = folder.desk();
    let deep = format!(
        "{}{}",
        "<div>".repeat(100_000),
        page("Delegations meet", "2024-03-13", &TALKS)
    );
    let deep = folder.write("deep.html", deep);
    // Said to be UTF-8, in truth Windows-1252.
    let mut bytes = page("A caf\u{e9} in Geneva", "2024-03-14", &TALKS).into_bytes();
    let at = bytes
        .windows(2)
        .position(|w| w == "\u{e9}".as_bytes())
        .unwrap();
    bytes.splice(at..at + 2, [0xe9]);
    let wrong = folder.write("wrong.html", bytes);
    let out = add(&desk, &[&deep, &wrong]);
    assert!(out.code == 0 || out.code == 3, "{}", out.err);
    assert!(out.out.contains("new"), "{}{}", out.out, out.err);
    assert_eq!(on(&desk, &["check"]).code, 0);
}

#[test]
fn folders_that_are_no_desk_and_commands_that_make_no_sense() {
    let folder = Folder::new();
    let none = on(&folder.path("."), &["brief"]);
    assert_eq!(none.code, 2, "{}", none.err);
    assert!(none.err.contains("init"), "{}", none.err);
    let desk = folder.desk();
    assert_eq!(run(&["init", desk.to_str().unwrap()]).code, 2);
    let empty = on(&desk, &["brief"]);
    assert_eq!(empty.code, 1, "{}", empty.err);
    assert_eq!(on(&desk, &["events", "--from", "yesterday"]).code, 2);
    assert_eq!(on(&desk, &["export", "--format", "pdf"]).code, 2);
    assert_eq!(on(&desk, &["add"]).code, 2);
}

#[cfg(unix)]
#[test]
fn two_processes_do_not_write_to_one_desk() {
    use std::io::Write;
    let folder = Folder::new();
    let desk = folder.desk();
    let good = folder.write("good.html", page("Delegations meet", "2024-03-13", &TALKS));
    // The first waits for its standard input with the desk open.
    let mut first = crate::command(&[
        "--desk",
        desk.to_str().unwrap(),
        "add",
        "--verbose",
        good.to_str().unwrap(),
        "-",
    ])
    .stdin(std::process::Stdio::piped())
    .spawn()
    .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(
        &mut std::io::BufReader::new(first.stdout.as_mut().unwrap()),
        &mut line,
    )
    .unwrap();
    let second = add(&desk, &[&good]);
    assert_eq!(second.code, 3, "{}{}", second.out, second.err);
    assert_eq!(second.err.trim().lines().count(), 1, "{}", second.err);
    assert_eq!(on(&desk, &["brief"]).code, 0, "reading goes on");
    first.stdin.take().unwrap().write_all(b" ").unwrap();
    let first: crate::Ran = first.wait_with_output().unwrap().into();
    assert_eq!(first.code, 3, "{}", first.err);
}

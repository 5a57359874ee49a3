//! Torn and flipped bytes: in the pages, in the log of the database, in the database itself.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::tools::{Lab, Row, copy_all, killed, text, titles, write_pages};

const SEGMENT: &str = "pages/00001.warc.gz";

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()))
}

/// A desk of `pages` pages.
fn filled(lab: &Lab, dir: &Path, pages: u64) -> Result<std::path::PathBuf, String> {
    let input = dir.join("in");
    write_pages(&input, 0..pages)?;
    let desk = dir.join("whole");
    lab.init(&desk)?;
    lab.run(&desk, &["add", "--quiet", &text(&input)])?;
    Ok(desk)
}

/// What an interrupted write leaves behind the last page: some of a member, noise, zeros.
pub(crate) fn tails(lab: &mut Lab, runs: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("torn tail of pages");
    let dir = lab.fresh("tails")?;
    let whole = filled(lab, &dir, pages)?;
    let due = lab.export(&whole)?;
    let segment = bytes(&whole.join(SEGMENT))?;
    for _ in 0..runs {
        let desk = dir.join("desk");
        let _ = fs::remove_dir_all(&desk);
        copy_all(&whole, &desk)?;
        let mut torn = segment.clone();
        let n = 1 + lab.chance.below(segment.len() as u64) as usize;
        match lab.chance.below(3) {
            0 => torn.extend_from_slice(&segment[..n]),
            1 => torn.extend((0..n).map(|_| lab.chance.below(256) as u8)),
            _ => torn.resize(segment.len() + n, 0),
        }
        put(&desk.join(SEGMENT), &torn)?;
        row.faults += 1;
        lab.clean(&mut row, &desk, "torn")?;
        lab.equal(&mut row, &desk, &due, "torn")?;
        let ran = lab.run(&desk, &["add", "--quiet", &text(&dir.join("in"))])?;
        if ran.code != Some(0) || bytes(&desk.join(SEGMENT))? != segment {
            row.wrong(format!("the tail was not cut: {:?} {}", ran.code, ran.err));
        }
        lab.clean(&mut row, &desk, "cut")?;
    }
    Ok(row)
}

/// Where each member of an archive ends, and the title of its page.
fn members(archive: &[u8]) -> Result<Vec<(usize, String)>, String> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < archive.len() {
        let mut member = flate2::bufread::GzDecoder::new(&archive[at..]);
        let mut page = String::new();
        member
            .read_to_string(&mut page)
            .map_err(|e| e.to_string())?;
        at = archive.len() - member.into_inner().len();
        let title = page
            .split("<title>")
            .nth(1)
            .and_then(|t| t.split('<').next());
        out.push((at, title.unwrap_or_default().to_owned()));
    }
    Ok(out)
}

/// Findings of `check --json`.
fn findings(out: &str) -> Vec<Value> {
    let report: Value = serde_json::from_str(out.trim()).unwrap_or_default();
    report["findings"].as_array().cloned().unwrap_or_default()
}

/// One flipped bit in the pages: the page has a name, all others stay.
pub(crate) fn pages(lab: &mut Lab, runs: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("flipped bits in pages");
    let dir = lab.fresh("flipped-pages")?;
    let desk = filled(lab, &dir, pages)?;
    let due = lab.export(&desk)?;
    let record: Value = serde_json::from_str(&due).map_err(|e| e.to_string())?;
    let segment = bytes(&desk.join(SEGMENT))?;
    let members = members(&segment)?;
    for _ in 0..runs {
        let at = lab.chance.below(segment.len() as u64) as usize;
        let mut flipped = segment.clone();
        flipped[at] ^= 1 << lab.chance.below(8);
        put(&desk.join(SEGMENT), &flipped)?;
        row.faults += 1;
        let (start, title) = member_of(&members, at);
        let docs = record["docs"].as_array().cloned().unwrap_or_default();
        let id = docs
            .iter()
            .find(|d| d["title"] == title)
            .map(|d| d["id"].clone());
        let ran = lab.run(&desk, &["check", "--json"])?;
        let found = findings(&ran.out);
        let named: BTreeSet<String> = found.iter().map(|f| f["at"].to_string()).collect();
        // Time and system in the head of a member say nothing about the page.
        let idle = (4..10).contains(&(at - start));
        if found.is_empty() && !idle {
            row.count("unseen", 1);
            row.wrong(format!(
                "byte {at} ({} of its member): not found",
                at - start
            ));
        } else if !found.is_empty() {
            row.count("named", 1);
            if ran.code != Some(4) || named != BTreeSet::from([id.unwrap_or_default().to_string()])
            {
                row.wrong(format!("byte {at}: {:?} {named:?} {}", ran.code, ran.err));
            }
        }
        lab.equal(&mut row, &desk, &due, "what was read of the pages")?;
    }
    put(&desk.join(SEGMENT), &segment)?;
    lab.clean(&mut row, &desk, "mended")?;
    Ok(row)
}

fn member_of(members: &[(usize, String)], at: usize) -> (usize, String) {
    let mut start = 0;
    for (end, title) in members {
        if at < *end {
            return (start, title.clone());
        }
        start = *end;
    }
    (start, String::new())
}

/// A log of the database that ends too early or holds noise: what it cannot vouch for is read again.
pub(crate) fn logs(lab: &mut Lab, runs: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("torn log of the database");
    let dir = lab.fresh("logs")?;
    let whole = filled(lab, &dir, pages)?;
    let due = lab.export(&whole)?;
    let input = text(&dir.join("in"));
    while row.faults < runs {
        let desk = lab.fresh("logs/desk")?;
        lab.init(&desk)?;
        let after = std::time::Duration::from_millis(60 + lab.chance.below(900));
        killed(
            lab.command(&desk, &["add", "--json", "--jobs", "1", &input]),
            after,
        )?;
        let log = desk.join("record.db-wal");
        let mut torn = bytes(&log).unwrap_or_default();
        if torn.len() < 100 {
            continue;
        }
        row.faults += 1;
        let at = lab.chance.below(torn.len() as u64) as usize;
        match lab.chance.below(3) {
            0 => torn.truncate(at),
            1 => torn[at] ^= 1 << lab.chance.below(8),
            _ => torn[at..].fill(0),
        }
        put(&log, &torn)?;
        // The index of the log is made anew, as after the machine went down.
        let _ = fs::remove_file(desk.join("record.db-shm"));
        lab.clean(&mut row, &desk, "torn")?;
        let ran = lab.run(&desk, &["add", "--quiet", &input])?;
        if ran.code != Some(0) {
            row.wrong(format!("again: {:?} {}", ran.code, ran.err));
        }
        lab.clean(&mut row, &desk, "again")?;
        lab.equal(&mut row, &desk, &due, "again")?;
    }
    Ok(row)
}

/// Everything that a person can see of a desk.
fn shown(lab: &Lab, desk: &Path) -> Result<Vec<String>, String> {
    let views: [&[&str]; 6] = [
        &["export"],
        &["log", "--json"],
        &["inbox", "--all", "--json"],
        &["search", "observers", "border", "--json"],
        &["versions"],
        &["search", "timetable", "--json"],
    ];
    views
        .iter()
        .map(|args| {
            let ran = lab.run(desk, args)?;
            Ok(format!("{:?} {}", ran.code, ran.out))
        })
        .collect()
}

/// One flipped byte of the database: found and named, or without any effect; and the rest is read.
pub(crate) fn database(lab: &mut Lab, runs: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("flipped bytes in the database");
    let dir = lab.fresh("flipped-database")?;
    let desk = filled(lab, &dir, pages)?;
    let due = shown(lab, &desk)?;
    let all = titles(due[0].split_once(' ').map_or("", |(_, json)| json)).len() as u64;
    let file = desk.join("record.db");
    let record = bytes(&file)?;
    for _ in 0..runs {
        let at = lab.chance.below(record.len() as u64) as usize;
        let mut flipped = record.clone();
        flipped[at] ^= 1 + lab.chance.below(255) as u8;
        put(&file, &flipped)?;
        row.faults += 1;
        let ran = lab.run(&desk, &["check", "--json"])?;
        let found = findings(&ran.out);
        let refused = matches!(ran.code, Some(2 | 3)) && ran.err.contains("record.db");
        if ran.code.is_none() || ran.err.contains("panicked") {
            row.wrong(format!("byte {at}: check {:?} {}", ran.code, ran.err));
        } else if refused {
            row.count("refused whole, with the remedy", 1);
        } else if !found.is_empty() {
            row.count("found by check", 1);
            let export = lab.run(&desk, &["export"])?;
            let read = titles(&export.out).len() as u64;
            row.count("documents still read", read);
            row.count("documents of those desks", all);
        } else if shown(lab, &desk)? == due {
            row.count("without effect", 1);
        } else {
            // The inbox is a journal for people: its words rest on nothing that they could be
            // compared with. Of the record itself nothing may change unseen.
            let now = shown(lab, &desk)?;
            let differs = |at: &usize| now[*at] != due[*at];
            row.count("unseen in the inbox", u64::from(differs(&2)));
            if [0, 1, 3, 4, 5].iter().any(differs) {
                row.count("unseen in the record", 1);
                row.wrong(format!(
                    "byte {at}: the record changed and check found nothing"
                ));
            }
        }
        let _ = fs::remove_file(desk.join("record.db-wal"));
        let _ = fs::remove_file(desk.join("record.db-shm"));
    }
    put(&file, &record)?;
    lab.clean(&mut row, &desk, "mended")?;
    Ok(row)
}

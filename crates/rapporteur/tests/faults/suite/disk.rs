//! A disk that is full or fails: at the named steps of a write, on a small file system, and by
//! system calls that a tracer lets fail.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::tools::{Lab, Ran, Row, finish, reported, text, write_pages};

/// Steps of `add`.
const STEPS: [&str; 6] = [
    "segment-appended",
    "segment-synced",
    "rows-written",
    "index-written",
    "rows-committed",
    "change-published",
];

/// Each step of each command ends the process, meets a full disk or a failing one.
pub(crate) fn steps(lab: &mut Lab, turns: u64) -> Result<Row, String> {
    let mut row = Row::new("fail points");
    let dir = lab.fresh("steps")?;
    let input = dir.join("in");
    // A second turn needs pages for a second batch.
    write_pages(&input, 0..if turns > 1 { 150 } else { 4 })?;
    let input = text(&input);
    let whole = dir.join("whole");
    lab.init(&whole)?;
    lab.run(&whole, &["add", "--quiet", &input])?;
    let due = lab.export(&whole)?;
    for turn in 1..=turns {
        for step in STEPS {
            for action in ["abort", "full", "io"] {
                let desk = lab.fresh("steps/desk")?;
                lab.init(&desk)?;
                let plan = format!("{step}={action}@{turn}");
                let ran = planned(lab, &desk, &["add", "--json", &input], &plan)?;
                if ran.code == Some(0) && turn == 1 {
                    return Ok(Row::skip(
                        row.name,
                        "the binary has no fail points: it is no debug build",
                    ));
                }
                failed_as_told(&mut row, &ran, &plan);
                row.faults += 1;
                row.kills += u64::from(ran.code.is_none());
                let done = reported(&ran.out.lines().map(str::to_owned).collect::<Vec<_>>());
                row.acknowledged += done.len() as u64;
                lab.clean(&mut row, &desk, &plan)?;
                lab.kept(&mut row, &desk, &done)?;
                lab.run(&desk, &["add", "--quiet", &input])?;
                lab.equal(&mut row, &desk, &due, &plan)?;
            }
        }
    }
    others(lab, &mut row, &whole, &dir)?;
    Ok(row)
}

/// The steps of `correct`, `recode` and `backup`.
fn others(lab: &Lab, row: &mut Row, desk: &Path, dir: &Path) -> Result<(), String> {
    let id = super::kills::documents(lab, desk)?.swap_remove(0);
    for (n, (step, action)) in [
        ("correction-written", "abort"),
        ("correction-written", "full"),
        ("correction-committed", "abort"),
    ]
    .iter()
    .enumerate()
    {
        let new = format!("A title {n}");
        let args = [
            "correct", &id, "title", &new, "--who", "Ana", "--why", "misprint",
        ];
        let plan = format!("{step}={action}");
        failed_as_told(row, &planned(lab, desk, &args, &plan)?, &plan);
        row.faults += 1;
        lab.clean(row, desk, &plan)?;
        lab.run(desk, &args)?;
        let log = lab.run(desk, &["log", "--json"])?.out;
        if log.lines().count() != n + 1 {
            row.wrong(format!("{plan}: {} lines in the log", log.lines().count()));
        }
    }
    let before = lab.export(desk)?;
    for step in ["rules-committed", "reading-written", "reading-committed"] {
        let plan = format!("{step}=abort");
        failed_as_told(row, &planned(lab, desk, &["recode"], &plan)?, &plan);
        row.faults += 1;
        lab.clean(row, desk, &plan)?;
        lab.run(desk, &["recode"])?;
        lab.equal(row, desk, &before, &plan)?;
    }
    let copy = dir.join("copy");
    let args = ["backup", &text(&copy)];
    let plan = "copy-written=abort";
    failed_as_told(row, &planned(lab, desk, &args, plan)?, plan);
    row.faults += 1;
    if lab.run(&copy, &["check"])?.code != Some(2) {
        row.wrong("half a copy passes for a desk");
    }
    let again = lab.run(desk, &args)?;
    if again.code != Some(0) {
        row.wrong(format!("the copy again: {:?} {}", again.code, again.err));
    }
    lab.equal(row, &copy, &before, "the copy")
}

fn planned(lab: &Lab, desk: &Path, args: &[&str], plan: &str) -> Result<Ran, String> {
    let mut command = lab.command(desk, args);
    command.env("RAPPORTEUR_FAIL", plan);
    finish(command)
}

/// A failure says what to do; an end says nothing more.
fn failed_as_told(row: &mut Row, ran: &Ran, plan: &str) {
    let told = match ran.code {
        None => plan.contains("abort"),
        Some(3) if plan.contains("full") => ran.err.contains("free some space"),
        Some(3) => ran.err.contains(';'),
        Some(_) => false,
    };
    if !told {
        row.wrong(format!("{plan}: {:?} {}", ran.code, ran.err));
    }
}

/// A small file system, taken away with the value.
struct Small(PathBuf);

impl Small {
    fn mount(at: &Path, kib: u64) -> Result<Self, String> {
        std::fs::create_dir_all(at).map_err(|e| e.to_string())?;
        let size = format!("size={kib}k");
        let ran = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "rapporteur-faults"])
            .arg(at)
            .output()
            .map_err(|e| format!("mount: {e}"))?;
        if ran.status.success() {
            Ok(Self(at.to_path_buf()))
        } else {
            Err("a small file system can only be mounted by the superuser".to_owned())
        }
    }

    fn grow(&self) -> Result<(), String> {
        let ran = Command::new("mount")
            .args(["-o", "remount,size=64m"])
            .arg(&self.0)
            .output();
        match ran {
            Ok(ran) if ran.status.success() => Ok(()),
            _ => Err("the small file system does not grow".to_owned()),
        }
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// The disk fills up under `add`, `correct` and `backup`.
pub(crate) fn full(lab: &mut Lab, disks: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("disk full");
    let dir = lab.fresh("full")?;
    let input = dir.join("in");
    write_pages(&input, 0..pages)?;
    let input = text(&input);
    let whole = dir.join("whole");
    lab.init(&whole)?;
    lab.run(&whole, &["add", "--quiet", &input])?;
    let due = lab.export(&whole)?;
    let needs = size(&whole) / 1024;
    for n in 0..disks {
        let at = dir.join(format!("disk-{n}"));
        let kib = 160 + lab.chance.below(needs.max(200) * 3 / 2);
        let disk = match Small::mount(&at, kib) {
            Ok(disk) => disk,
            Err(why) => return Ok(Row::skip(row.name, why)),
        };
        let desk = at.join("desk");
        row.faults += 1;
        if let Err(why) = lab.init(&desk) {
            if !why.contains("free some space") {
                row.wrong(format!("{kib} KiB: {why}"));
            }
            disk.grow()?;
            lab.init(&desk)?;
            row.count("init met it", 1);
        }
        let ran = lab.run(&desk, &["add", "--json", "--jobs", "2", &input])?;
        let done = reported(&ran.out.lines().map(str::to_owned).collect::<Vec<_>>());
        row.acknowledged += done.len() as u64;
        if ran.code != Some(0) {
            row.count("add met it", 1);
            if ran.code != Some(3) || !ran.err.contains("free some space") {
                row.wrong(format!("{kib} KiB: add {:?} {}", ran.code, ran.err));
            }
        }
        // On the full disk the record can still be read.
        lab.clean(&mut row, &desk, &format!("{kib} KiB, full"))?;
        lab.kept(&mut row, &desk, &done)?;
        on_full_disk(lab, &mut row, &desk, &at.join("copy"))?;
        disk.grow()?;
        lab.run(&desk, &["add", "--quiet", &input])?;
        lab.clean(&mut row, &desk, &format!("{kib} KiB, grown"))?;
        lab.run(&desk, &["undo", "1", "--who", "Ana", "--why", "a test"])?;
        lab.equal(&mut row, &desk, &due, &format!("{kib} KiB, grown"))?;
    }
    Ok(row)
}

/// A correction and a backup either work or say that the disk is full.
fn on_full_disk(lab: &Lab, row: &mut Row, desk: &Path, copy: &Path) -> Result<(), String> {
    let ids = match lab.export(desk) {
        Ok(_) => super::kills::documents(lab, desk)?,
        Err(_) => return Ok(()), // nothing fitted
    };
    let ran = match ids.first() {
        Some(id) => {
            let args = [
                "correct",
                id,
                "title",
                "Another title",
                "--who",
                "Ana",
                "--why",
                "full",
            ];
            lab.run(desk, &args)?
        }
        None => return Ok(()),
    };
    let log = lab.run(desk, &["log", "--json"])?;
    if (ran.code == Some(0)) != (log.code == Some(0)) {
        row.wrong(format!(
            "correct {:?} {}, log {:?}",
            ran.code, ran.err, log.code
        ));
    }
    for ran in [ran, lab.run(desk, &["backup", &text(copy)])?] {
        if ran.code != Some(0) && !(ran.code == Some(3) && ran.err.contains("free some space")) {
            row.wrong(format!("on a full disk: {:?} {}", ran.code, ran.err));
        }
    }
    let _ = std::fs::remove_dir_all(copy);
    Ok(())
}

fn size(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => size(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// Calls that write, and what they may answer.
const CALLS: [(&str, &str); 10] = [
    ("fdatasync", "EIO"),
    ("fsync", "EIO"),
    ("pwrite64", "EIO"),
    ("pwrite64", "ENOSPC"),
    ("write", "ENOSPC"),
    ("write", "EIO"),
    ("ftruncate", "EIO"),
    ("openat", "EIO"),
    ("unlink", "EIO"),
    ("pread64", "EIO"),
];

/// A call that fails, once or from some time on.
fn chosen(lab: &mut Lab) -> String {
    let (call, error) = *lab.chance.one_of(&CALLS);
    let from = 1 + lab.chance.below(if call == "pwrite64" { 160 } else { 14 });
    let on = if lab.chance.below(2) == 0 { "+" } else { "" };
    format!("inject={call}:error={error}:when={from}{on}")
}

/// Runs a command whose calls on the desk's own files fail by plan; standard output stays whole.
fn traced(lab: &Lab, desk: &Path, plan: &str, args: &[&str]) -> Result<Ran, String> {
    let names = [
        "record.db",
        "record.db-wal",
        "record.db-shm",
        "pages",
        "pages/00001.warc.gz",
        "desk.lock",
    ];
    let files = names.map(|name| text(&desk.join(name)));
    let mut before = vec!["strace", "-f", "-o", "/dev/null", "-e", plan];
    for file in &files {
        before.extend(["-P", file]);
    }
    finish(lab.through(&before, desk, args))
}

/// System calls on the desk's files that fail once or from then on.
pub(crate) fn calls(lab: &mut Lab, runs: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("failing calls");
    let dir = lab.fresh("calls")?;
    let input = dir.join("in");
    write_pages(&input, 0..pages)?;
    let input = text(&input);
    let desk = dir.join("desk");
    let probe = lab.through(&["strace", "-f", "-o", "/dev/null"], &desk, &["man"]);
    if !finish(probe).is_ok_and(|ran| ran.code == Some(0)) {
        return Ok(Row::skip(
            row.name,
            "strace is not installed, or may not trace here",
        ));
    }
    let whole = dir.join("whole");
    lab.init(&whole)?;
    lab.run(&whole, &["add", "--quiet", &input])?;
    let due = lab.export(&whole)?;
    for _ in 0..runs {
        let desk = lab.fresh("calls/desk")?;
        lab.init(&desk)?;
        let plan = chosen(lab);
        let ran = traced(lab, &desk, &plan, &["add", "--json", "--jobs", "2", &input])?;
        row.faults += 1;
        row.count(
            if ran.code == Some(0) {
                "not met or borne"
            } else {
                "met"
            },
            1,
        );
        if ran.code.is_none_or(|code| code != 0 && code != 3) || ran.err.contains("panicked") {
            row.wrong(format!("{plan}: {:?} {}", ran.code, ran.err));
        }
        let lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
        let done: BTreeSet<String> = reported(&lines);
        row.acknowledged += done.len() as u64;
        lab.clean(&mut row, &desk, &plan)?;
        lab.kept(&mut row, &desk, &done)?;
        let ran = lab.run(&desk, &["add", "--quiet", &input])?;
        if ran.code != Some(0) {
            row.wrong(format!("{plan}, then: {:?} {}", ran.code, ran.err));
        }
        lab.clean(&mut row, &desk, &plan)?;
        lab.equal(&mut row, &desk, &due, &plan)?;
    }
    Ok(row)
}

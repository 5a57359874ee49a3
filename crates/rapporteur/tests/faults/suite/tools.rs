//! What every fault needs: a folder to work in, pages to read, commands that cannot hang, chance
//! from a seed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest time for one command: more is a hang, and a fault.
const PATIENCE: Duration = Duration::from_secs(180);

/// Chance from a seed (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `0..n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    pub(crate) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }

    /// A moment within `most`.
    pub(crate) fn moment(&mut self, most: Duration) -> Duration {
        Duration::from_micros(self.below(most.as_micros() as u64))
    }
}

/// What a command did; no code: it was killed.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// What one kind of fault came to.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Faults made: kills, full disks, failing calls, flipped bytes.
    pub(crate) faults: u64,
    /// Commands that were killed while they ran.
    pub(crate) kills: u64,
    /// What the program reported as done.
    pub(crate) acknowledged: u64,
    /// What it reported and did not have afterwards.
    pub(crate) lost: u64,
    /// What it had twice.
    pub(crate) doubled: u64,
    /// Everything that went wrong, in words.
    pub(crate) wrong: Vec<String>,
    /// Other counts that belong to this kind.
    pub(crate) counts: BTreeMap<&'static str, u64>,
    /// Why it was not run.
    pub(crate) skipped: Option<String>,
}

impl Row {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    pub(crate) fn skip(name: &'static str, why: impl Into<String>) -> Self {
        Self {
            skipped: Some(why.into()),
            ..Self::new(name)
        }
    }

    pub(crate) fn wrong(&mut self, what: impl Into<String>) {
        self.wrong.push(what.into());
    }

    pub(crate) fn count(&mut self, what: &'static str, n: u64) {
        *self.counts.entry(what).or_default() += n;
    }
}

/// Where faults are made: a binary, a folder, a seed.
pub(crate) struct Lab {
    pub(crate) bin: PathBuf,
    pub(crate) dir: PathBuf,
    pub(crate) chance: Chance,
}

impl Lab {
    /// A folder of its own inside the laboratory, empty.
    pub(crate) fn fresh(&self, name: &str) -> Result<PathBuf, String> {
        let dir = self.dir.join(name);
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        Ok(dir)
    }

    pub(crate) fn command(&self, desk: &Path, args: &[&str]) -> Command {
        self.through(&[], desk, args)
    }

    /// The command behind another program, such as a tracer.
    pub(crate) fn through(&self, before: &[&str], desk: &Path, args: &[&str]) -> Command {
        let mut command = match before {
            [] => Command::new(&self.bin),
            [program, rest @ ..] => {
                let mut command = Command::new(program);
                command.args(rest).arg(&self.bin);
                command
            }
        };
        command
            .arg("--desk")
            .arg(desk)
            .args(args)
            .env_remove("COLUMNS")
            .env_remove("RAPPORTEUR_FAIL")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, desk: &Path, args: &[&str]) -> Result<Ran, String> {
        finish(self.command(desk, args))
    }

    /// Makes a desk.
    pub(crate) fn init(&self, desk: &Path) -> Result<(), String> {
        let made = self.run(desk, &["init", &text(desk)])?;
        if made.code == Some(0) {
            Ok(())
        } else {
            Err(format!("init: {}", made.err))
        }
    }

    /// The whole record as a file.
    pub(crate) fn export(&self, desk: &Path) -> Result<String, String> {
        let ran = self.run(desk, &["export"])?;
        match ran.code {
            Some(0) => Ok(ran.out),
            _ => Err(format!("export: {:?} {}", ran.code, ran.err)),
        }
    }

    /// The check passes.
    pub(crate) fn clean(&self, row: &mut Row, desk: &Path, when: &str) -> Result<(), String> {
        let ran = self.run(desk, &["check"])?;
        if ran.code != Some(0) {
            row.wrong(format!(
                "{when}: check {:?}\n{}{}",
                ran.code, ran.out, ran.err
            ));
        }
        Ok(())
    }

    /// Everything that was reported as read is in the inbox.
    pub(crate) fn kept(
        &self,
        row: &mut Row,
        desk: &Path,
        done: &BTreeSet<String>,
    ) -> Result<(), String> {
        let inbox = self.run(desk, &["inbox", "--all", "--json"])?;
        let names: BTreeSet<String> = objects(&inbox.out)
            .filter(|line| line["result"] != "failed")
            .filter_map(|line| Some(line["name"].as_str()?.to_owned()))
            .collect();
        for gone in done.difference(&names) {
            row.lost += 1;
            row.wrong(format!("{gone} was reported and is gone"));
        }
        Ok(())
    }

    /// The record is what it would be without any fault.
    pub(crate) fn equal(
        &self,
        row: &mut Row,
        desk: &Path,
        due: &str,
        when: &str,
    ) -> Result<(), String> {
        let found = self.export(desk)?;
        if found == due {
            return Ok(());
        }
        let (has, wants) = (titles(&found), titles(due));
        for (title, n) in &has {
            let most = wants.get(title).copied().unwrap_or(0);
            row.doubled += n.saturating_sub(most) as u64;
        }
        for (title, n) in &wants {
            let least = has.get(title).copied().unwrap_or(0);
            row.lost += n.saturating_sub(least) as u64;
        }
        row.wrong(format!(
            "{when}: the record differs from one without faults"
        ));
        Ok(())
    }
}

/// Titles of the documents of an export.
pub(crate) fn titles(export: &str) -> BTreeMap<String, usize> {
    let record: Value = serde_json::from_str(export).unwrap_or_default();
    let mut out = BTreeMap::new();
    for doc in record["docs"].as_array().into_iter().flatten() {
        let title = doc["title"].as_str().unwrap_or_default();
        *out.entry(title.to_owned()).or_default() += 1;
    }
    out
}

/// Lines that are whole JSON objects.
pub(crate) fn objects(text: &str) -> impl Iterator<Item = Value> + '_ {
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
}

/// Inputs that lines of `add --json` report as being in the record.
pub(crate) fn reported(lines: &[String]) -> BTreeSet<String> {
    let lines = lines
        .iter()
        .flat_map(|line| objects(line).collect::<Vec<_>>());
    lines
        .filter(|line| line["result"] != "failed")
        .filter_map(|line| Some(line["input"].as_str()?.to_owned()))
        .collect()
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command) -> Result<Ran, String> {
    let child = command.spawn().map_err(|e| format!("{command:?}: {e}"))?;
    let (child, out, err) = followed(child);
    let code = ended(child, PATIENCE)?;
    Ok(Ran {
        code,
        out: collected(&out),
        err: collected(&err),
    })
}

type Piped = Receiver<Vec<u8>>;

/// A child with threads that read what it says.
pub(crate) fn followed(mut child: Child) -> (Child, Piped, Piped) {
    let out = child
        .stdout
        .take()
        .map(|pipe| Box::new(pipe) as Box<dyn Read + Send>);
    let err = child
        .stderr
        .take()
        .map(|pipe| Box::new(pipe) as Box<dyn Read + Send>);
    (child, piped(out), piped(err))
}

fn piped(pipe: Option<Box<dyn Read + Send>>) -> Piped {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(pipe?);
        loop {
            let mut line = Vec::new();
            match lines.read_until(b'\n', &mut line) {
                Ok(1..) => send.send(line).ok()?,
                _ => return Some(()),
            }
        }
    });
    receive
}

/// All that a pipe gives until its end.
pub(crate) fn collected(pipe: &Piped) -> String {
    let bytes: Vec<u8> = pipe.iter().flatten().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn ended(mut child: Child, patience: Duration) -> Result<Option<i32>, String> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return Ok(status.code());
        }
        if begun.elapsed() > patience {
            let _ = child.kill();
            let _ = child.wait();
            return Err("a command did not end".to_owned());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Runs a command, kills it after a while, and gives what it had said in whole lines; with whether
/// it was killed before its end.
pub(crate) fn killed(mut command: Command, after: Duration) -> Result<(bool, Vec<String>), String> {
    let child = command.spawn().map_err(|e| format!("{command:?}: {e}"))?;
    let (mut child, out, err) = followed(child);
    std::thread::sleep(after);
    let over = child.try_wait().map_err(|e| e.to_string())?.is_some();
    let _ = child.kill();
    let status = child.wait().map_err(|e| e.to_string())?;
    let said = collected(&out);
    let _ = collected(&err);
    let mut lines: Vec<String> = said.split('\n').map(str::to_owned).collect();
    // What stands behind the last line end was not said to its end.
    lines.pop();
    Ok((!over && status.code().is_none(), lines))
}

pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Copies a folder whose files nobody writes.
pub(crate) fn copy_all(from: &Path, to: &Path) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{}: {e}", from.display());
    fs::create_dir_all(to).map_err(fail)?;
    for entry in fs::read_dir(from).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_all(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(fail)?;
        }
    }
    Ok(())
}

/// Writes `n` invented pages into a folder.
pub(crate) fn write_pages(dir: &Path, numbers: impl Iterator<Item = u64>) -> Result<(), String> {
    fs::create_dir_all(dir).map_err(|e| e.to_string())?;
    for n in numbers {
        let path = dir.join(format!("{n:05}.html"));
        fs::write(&path, page(n)).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// The title of page `n`.
pub(crate) fn title(n: u64) -> String {
    format!("Report {n} on the border commission")
}

/// Page `n`: like no other, and of a length of its own.
pub(crate) fn page(n: u64) -> String {
    let day = 1 + n % 28;
    let month = 1 + n / 28 % 12;
    let mut body = format!(
        "<p>Delegations from France and Japan met in Geneva on {day} March 2024 for meeting {n} of the commission, the two governments said.</p>\
         <p>About {} observers are still stationed along the border, down from more than {} in the previous year, according to report {n}.</p>",
        400 + n % 300,
        900 + n % 90,
    );
    for k in 0..n % 7 {
        let _ = write!(
            body,
            "<p>Japan demanded a timetable of {} weeks for the withdrawal of group {k}, while France wants to tie step {} to the situation on the ground, officials said.</p>",
            3 + n * 7 % 40,
            n + k
        );
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title><meta property=\"og:site_name\" content=\"Example Gazette\">\
         <meta property=\"article:published_time\" content=\"2024-{month:02}-{day:02}T08:00:00Z\"></head><body><article><h1>{0}</h1>{body}</article></body></html>",
        title(n)
    )
}

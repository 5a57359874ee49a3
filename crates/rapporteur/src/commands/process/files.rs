//! Process files in a desk: `processes/ID.toml`, with every checked version kept beside them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rapporteur_base::sha256_hex;
use rapporteur_process::{Process, Tables, dangling, parse, table_faults};
use rapporteur_record::View;

use super::super::{Stop, open, print};
use crate::{clock, desk_dir};

/// Largest outside table.
const MOST: u64 = 32 << 20;

/// A process file, read and checked.
pub(super) struct File {
    pub process: Process,
    pub tables: Tables,
    /// Which version it is, in words.
    pub version: String,
}

fn folder(desk: Option<&Path>) -> PathBuf {
    desk_dir::dir(desk).join("processes")
}

fn failed(path: &Path, error: &std::io::Error) -> Stop {
    Stop::failed(format!("{}: {error}", path.display()))
}

/// The file that is meant.
pub(super) fn choose(desk: Option<&Path>, named: Option<&str>) -> Result<PathBuf, Stop> {
    // Says so first when the folder is no desk.
    drop(open(desk)?);
    let folder = folder(desk);
    let known = known(&folder);
    match named {
        Some(name) if name.ends_with(".toml") => Ok(PathBuf::from(name)),
        Some(name) if known.iter().any(|k| k == name) => Ok(folder.join(format!("{name}.toml"))),
        Some(name) => Err(Stop::usage(format!(
            "{name}: the desk has no such process; it has: {}",
            listed(&known)
        ))),
        None => match known.as_slice() {
            [one] => Ok(folder.join(format!("{one}.toml"))),
            [] => Err(Stop::nothing(
                "the desk has no process; draft one with `rapporteur process new`",
            )),
            many => Err(Stop::usage(format!(
                "name one of the processes: {}",
                listed(many)
            ))),
        },
    }
}

fn listed(known: &[String]) -> String {
    if known.is_empty() {
        "none".into()
    } else {
        known.join(", ")
    }
}

/// Short names of the processes of a desk.
pub(super) fn names(dir: &Path) -> Vec<String> {
    known(&folder(Some(dir)))
}

fn known(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut out: Vec<String> = entries
        .flatten()
        .filter_map(|e| {
            e.file_name()
                .to_str()?
                .strip_suffix(".toml")
                .map(str::to_owned)
        })
        .filter(|name| !name.starts_with('.'))
        .collect();
    out.sort();
    out
}

fn read(path: &Path) -> Result<String, Stop> {
    let bytes = std::fs::read(path).map_err(|e| failed(path, &e))?;
    String::from_utf8(bytes)
        .map_err(|_| Stop::usage(format!("{}: not UTF-8; save it as UTF-8", path.display())))
}

/// Reads a process file; all its faults at once.
pub(super) fn load(desk: Option<&Path>, named: Option<&str>) -> Result<File, Stop> {
    let path = choose(desk, named)?;
    let text = read(&path)?;
    let process = parse(&text).map_err(|faults| {
        let lines: Vec<String> = faults
            .iter()
            .map(|f| format!("{}:{f}", path.display()))
            .collect();
        Stop::usage(format!("the process file has faults\n{}", lines.join("\n")))
    })?;
    let (tables, faults) = tables(&path, &process);
    if !faults.is_empty() {
        return Err(Stop::usage(faults.join("\n")));
    }
    let version = version(desk, &process.id, &text);
    Ok(File {
        process,
        tables,
        version,
    })
}

/// The outside tables, and what is wrong with them.
fn tables(path: &Path, process: &Process) -> (Tables, Vec<String>) {
    let beside = path.parent().unwrap_or(Path::new("."));
    let mut out = BTreeMap::new();
    let mut faults = Vec::new();
    for table in &process.tables {
        let file = beside.join(&table.file);
        let size = std::fs::metadata(&file).map(|m| m.len());
        match size {
            Ok(size) if size > MOST => faults.push(format!("{}: over 32 MiB", file.display())),
            _ => match std::fs::read_to_string(&file) {
                Ok(text) => {
                    out.insert(table.id.clone(), text);
                }
                Err(error) => faults.push(format!("{}: {error}", file.display())),
            },
        }
    }
    faults.extend(table_faults(process, &out));
    (out, faults)
}

/// What is wrong with a file and what a reader may want to know, and the number of faults.
pub(super) fn check(path: &Path, view: &View) -> Result<(String, usize), Stop> {
    let text = read(path)?;
    let shown = path.display();
    let mut out = String::new();
    let process = match parse(&text) {
        Ok(process) => process,
        Err(faults) => {
            for fault in &faults {
                let _ = writeln!(out, "{shown}:{fault}");
            }
            let _ = writeln!(out, "{} found.", count(faults.len()));
            return Ok((out, faults.len()));
        }
    };
    let mut faults = 0;
    for gone in dangling(&process, view) {
        faults += 1;
        let _ = writeln!(
            out,
            "{shown}:{}:{}: the record has no row {}",
            gone.at.line, gone.at.column, gone.id
        );
    }
    for fault in tables(path, &process).1 {
        faults += 1;
        let _ = writeln!(out, "{fault}");
    }
    remarks(&mut out, &process);
    if faults > 0 {
        let _ = writeln!(out, "{} found.", count(faults));
    }
    Ok((out, faults))
}

fn count(n: usize) -> String {
    if n == 1 {
        "1 fault".into()
    } else {
        format!("{n} faults")
    }
}

/// What is allowed, but worth a look.
fn remarks(out: &mut String, process: &Process) {
    let mut say = |line: String| {
        let _ = writeln!(out, "remark: {line}");
    };
    for phase in &process.phases {
        if phase.needs.is_empty() {
            say(format!("phase {} has no condition attached", phase.id));
        }
        if phase.no_later.is_none() {
            say(format!("phase {} has no date ceiling", phase.id));
        }
    }
    for condition in &process.conditions {
        let used = process
            .phases
            .iter()
            .any(|p| p.needs.contains(&condition.id));
        if !used {
            say(format!("no phase needs condition {}", condition.id));
        }
        if condition.track.is_none() {
            say(format!("condition {} belongs to no track", condition.id));
        }
    }
    for party in &process.parties {
        if !process.positions.iter().any(|p| p.party == party.id) {
            say(format!("party {} has no position", party.id));
        }
    }
}

/// Writes a new file; an existing one is never overwritten.
pub(super) fn write_new(desk: Option<&Path>, draft: &str) -> Result<PathBuf, Stop> {
    let process = parse(draft).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        Stop::failed(format!(
            "internal error, please report it: the draft does not parse: {first}"
        ))
    })?;
    let folder = folder(desk);
    std::fs::create_dir_all(&folder).map_err(|e| failed(&folder, &e))?;
    let path = folder.join(format!("{}.toml", process.id));
    if path.exists() {
        return Err(Stop::usage(format!(
            "{} is there already; give another name: rapporteur process new NAME",
            path.display()
        )));
    }
    put(&path, draft)?;
    keep(desk, &path)?;
    Ok(path)
}

fn versions(desk: Option<&Path>, id: &str) -> PathBuf {
    folder(desk).join("versions").join(id)
}

/// Number, time and hash of each kept version.
fn kept(desk: Option<&Path>, id: &str) -> Vec<(usize, String, String)> {
    let log = std::fs::read_to_string(versions(desk, id).join("log.tsv")).unwrap_or_default();
    log.lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some((
                cells.next()?.parse().ok()?,
                cells.next()?.to_owned(),
                cells.next()?.to_owned(),
            ))
        })
        .collect()
}

/// Keeps the file as a version, unless it is the newest already. Says which it is.
pub(super) fn keep(desk: Option<&Path>, path: &Path) -> Result<String, Stop> {
    let text = read(path)?;
    let Ok(process) = parse(&text) else {
        return Ok(String::new());
    };
    let id = &process.id;
    let hash = sha256_hex(text.as_bytes());
    let known = kept(desk, id);
    if let Some((n, at, _)) = known.last().filter(|(.., h)| *h == hash) {
        return Ok(format!("{id}: no faults; version {n}, kept {at}.\n"));
    }
    let n = known.last().map_or(1, |(n, ..)| n + 1);
    let folder = versions(desk, id);
    std::fs::create_dir_all(&folder).map_err(|e| failed(&folder, &e))?;
    let copy = folder.join(format!("{n:04}.toml"));
    put(&copy, &text)?;
    let log = folder.join("log.tsv");
    let mut lines = std::fs::read_to_string(&log).unwrap_or_default();
    let _ = writeln!(lines, "{n}\t{}\t{hash}", clock::now());
    put(&log, &lines)?;
    Ok(format!("{id}: no faults; kept as version {n}.\n"))
}

/// Writes a file whole or not at all, and durably: beside its place first, then into it.
fn put(path: &Path, text: &str) -> Result<(), Stop> {
    let part = path.with_extension("part");
    let written = std::fs::File::create(&part).and_then(|mut file| {
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()
    });
    written
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|e| failed(path, &e))?;
    if let Some(Ok(folder)) = path.parent().map(std::fs::File::open) {
        // The new name must last as well; some file systems know no such call.
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Which version a text is, in words.
fn version(desk: Option<&Path>, id: &str, text: &str) -> String {
    let hash = sha256_hex(text.as_bytes());
    let known = kept(desk, id);
    let same = known.iter().rev().find(|(.., h)| *h == hash);
    match (same, known.last()) {
        (Some((n, ..)), _) => format!("version {n} of its file"),
        (None, Some((n, ..))) => {
            format!("its file edited since version {n} (`rapporteur process check` keeps it)")
        }
        (None, None) => "no version of its file is kept yet (`rapporteur process check`)".into(),
    }
}

/// The kept versions of a process.
pub(super) fn log(desk: Option<&Path>, named: Option<&str>) -> Result<u8, Stop> {
    let path = choose(desk, named)?;
    let id = path
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or_default()
        .to_owned();
    let known = kept(desk, &id);
    if known.is_empty() {
        return Err(Stop::nothing(format!("{id}: no version is kept yet")));
    }
    let mut out = String::new();
    let mut before: Option<String> = None;
    for (n, at, _) in &known {
        let copy = versions(desk, &id).join(format!("{n:04}.toml"));
        let text = read(&copy)?;
        let changed = before.as_deref().map_or(String::new(), |old| {
            let (out, new) = lines(old, &text);
            format!(", {new} lines new, {out} gone")
        });
        let _ = writeln!(out, "{n}  {at}  {}{changed}", copy.display());
        before = Some(text);
    }
    print(out.as_bytes())
}

/// Lines that only one of two texts has.
fn lines(old: &str, new: &str) -> (usize, usize) {
    let count = |text: &str| {
        let mut out: BTreeMap<String, usize> = BTreeMap::new();
        for line in text.lines() {
            *out.entry(line.to_owned()).or_default() += 1;
        }
        out
    };
    let (a, b) = (count(old), count(new));
    let only = |x: &BTreeMap<String, usize>, y: &BTreeMap<String, usize>| {
        x.iter()
            .map(|(l, n)| n.saturating_sub(y.get(l).copied().unwrap_or(0)))
            .sum()
    };
    (only(&a, &b), only(&b, &a))
}

//! Reading a process file. Every fault is told at once, at its line and column.

mod conditions;
mod fault;
mod names;
mod sections;
mod table;

pub use fault::Fault;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::Process;
use crate::near::valid;
use names::Named;
use table::Reading;

/// Largest file read.
const MOST: usize = 1 << 20;

const HEADS: [&str; 16] = [
    "process",
    "coverage",
    "projection",
    "party",
    "body",
    "judge",
    "track",
    "scope",
    "level",
    "phase",
    "condition",
    "rating",
    "position",
    "suspension",
    "commitment",
    "table",
];

/// Reads a process file; on failure all its faults, in the order of the file.
pub fn parse(text: &str) -> Result<Process, Vec<Fault>> {
    let mut reading = Reading::of(text);
    if text.len() > MOST {
        reading.fault(&(0..0), "a process file has at most 1 MiB");
        return Err(reading.faults);
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let message = error.message().split_whitespace().collect::<Vec<_>>();
        reading.fault(&error.span().unwrap_or(0..0), message.join(" "));
    }
    let mut process = Process::default();
    let mut named = Named::default();
    // What follows a broken line cannot be trusted to be what was meant.
    if errors.is_empty() {
        read(&mut reading, root.get_ref(), &mut process, &mut named);
        names::resolve(&mut reading, &process, &named);
    }
    if reading.faults.is_empty() {
        process.references = std::mem::take(&mut reading.references);
        process.references.sort_by_key(|r| (r.at.line, r.at.column));
        return Ok(process);
    }
    reading.faults.sort();
    reading.faults.dedup();
    Err(reading.faults)
}

fn read(r: &mut Reading<'_>, root: &DeTable<'_>, process: &mut Process, named: &mut Named) {
    let mut seen = false;
    for (key, value) in root {
        let head: &str = key.get_ref();
        let Some(head) = HEADS.iter().find(|h| **h == head) else {
            let what = format!("unknown table [{head}]{}", valid(head, &HEADS));
            r.fault(&key.span(), what);
            continue;
        };
        seen |= *head == "process";
        for item in items(value) {
            sections::read(r, head, item, process, named);
        }
    }
    if !seen {
        r.fault(&(0..0), "the file needs a [process] with `id` and `title`");
    }
}

/// The tables of `[[head]]`, or the one of `[head]`.
fn items<'v>(value: &'v Spanned<DeValue<'v>>) -> Vec<&'v Spanned<DeValue<'v>>> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    }
}

//! Declared processes as JSON: the lines of their page, each with its passages.

use axum::http::StatusCode;
use rapporteur_base::CodePoints;
use serde::Serialize;
use serde_json::{Value, json};

use crate::web::{Ask, Failure, Shared};
use crate::{Brief, Line, Row, Run, Section};

/// Where a declared process stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ProcessPage {
    /// Its short name.
    pub(crate) id: String,
    /// Its title.
    pub(crate) title: String,
    /// What the page rests on.
    pub(crate) basis: Vec<String>,
    /// Tracks, lights, levels, phases, windows, projection.
    pub(crate) sections: Vec<ProcessSection>,
}

/// A part of a process's page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ProcessSection {
    /// Stable name.
    pub(crate) name: String,
    /// Head for a reader.
    pub(crate) title: String,
    /// How to read it.
    pub(crate) note: String,
    /// Its lines.
    pub(crate) rows: Vec<ProcessLine>,
}

/// One line, what stands below it included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ProcessLine {
    /// First column; may be empty.
    pub(crate) key: String,
    /// Row of the record, where the line is one.
    pub(crate) row: Option<String>,
    /// The words.
    pub(crate) text: String,
    /// Evidence and remarks under it.
    pub(crate) below: Vec<String>,
    /// Where it stands.
    pub(crate) cites: Vec<ProcessCite>,
}

/// A passage that a line rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ProcessCite {
    /// Document: `d-…`; null: a table that the process file names.
    pub(crate) doc: Option<String>,
    /// First code point.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) end: usize,
    /// The words: always equal to that slice.
    pub(crate) text: String,
}

pub(super) fn list(shared: &Shared) -> Value {
    let known = shared.config.world.processes(&shared.config.dir);
    json!({"items": known, "next": null})
}

pub(super) fn page(shared: &Shared, ask: &Ask, id: &str) -> Result<Value, Failure> {
    let world = &shared.config.world;
    let known = world.processes(&shared.config.dir);
    if !known.iter().any(|known| known == id) {
        return Err(Failure::not_found(format!("the desk has no process {id}")));
    }
    let made = world.process(&shared.config.dir, id, ask.day("as_of")?);
    let brief = made.map_err(|why| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            why,
            "`rapporteur process check` names every fault with its line",
        )
    })?;
    super::value(&ProcessPage {
        id: id.to_owned(),
        title: brief.title.clone(),
        basis: brief.basis.clone(),
        sections: brief.filled().map(|s| section(&brief, s)).collect(),
    })
}

fn section(brief: &Brief, section: &Section) -> ProcessSection {
    ProcessSection {
        name: section.anchor.to_owned(),
        title: section.title.clone(),
        note: section.note.clone(),
        rows: section.rows.iter().map(|row| line(brief, row)).collect(),
    }
}

fn line(brief: &Brief, row: &Row) -> ProcessLine {
    let cites = row.cites().filter_map(|cite| {
        let source = brief.sources.get(cite.source.checked_sub(1)?)?;
        let (start, end) = CodePoints::new(&source.text).span(cite.span);
        Some(ProcessCite {
            doc: source.id.clone(),
            start,
            end,
            text: cite.span.of(&source.text).to_owned(),
        })
    });
    ProcessLine {
        key: row.key.clone(),
        row: row.id.clone(),
        text: words(&row.line),
        below: row.below.iter().map(words).collect(),
        cites: cites.collect(),
    }
}

/// The words of a line; a source's own between quote marks.
fn words(line: &Line) -> String {
    let mut out = String::new();
    for run in &line.0 {
        match run {
            Run::Text(words) | Run::Strong(words) | Run::Faint(words) => out.push_str(words),
            Run::Quote(words) => {
                out.push('“');
                out.push_str(words);
                out.push('”');
            }
            Run::Cite(_) => {}
        }
    }
    out
}

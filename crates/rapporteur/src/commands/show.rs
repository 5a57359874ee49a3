//! `show`, `why`, `check`: one row, its reasons, and the proof of all.

use std::fmt::Write as _;
use std::path::Path;

use rapporteur_desk::{Line, Style, wrap};
use rapporteur_record::{Cite, ErrorKind, Filter, Finding, Report, View, WhyRow};
use serde_json::Value;

use super::{Stop, open, print, print_rows, style};
use crate::cli::exit;

/// Arguments of `show` and `why`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Id of a row (e-…, d-…, q-…), or its beginning while that is unique
    id: String,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) fn show(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let view = View::load(&open(desk)?, &Filter::default())?;
        let item = view.find(&self.id)?;
        if self.json {
            return print_rows(&[item]);
        }
        let value = serde_json::to_value(&item)
            .map_err(|error| Stop::failed(format!("internal error, please report it: {error}")))?;
        let mut out = String::new();
        field(&mut out, style(), 0, "", &value);
        print(out.as_bytes())
    }

    pub(crate) fn why(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let view = View::load(&open(desk)?, &Filter::default())?;
        let rows = view.why(&self.id)?;
        if self.json {
            return print_rows(&rows);
        }
        if rows.is_empty() {
            return Err(Stop::nothing(format!(
                "{}: the record keeps no reason for this row",
                self.id
            )));
        }
        let mut out = String::new();
        for row in &rows {
            reason(&mut out, style(), &view, row);
        }
        print(out.as_bytes())
    }
}

/// Fields that only programs read: offsets, hashes, whole texts of a document's parts.
const HIDDEN: [&str; 8] = [
    "bytes",
    "start",
    "end",
    "span",
    "sentences",
    "paragraphs",
    "key",
    "trigger_spans",
];

/// Writes a row as indented fields; passages as quotations with their document.
fn field(out: &mut String, style: Style, indent: usize, name: &str, value: &Value) {
    let pad = " ".repeat(indent);
    match value {
        Value::Null => {}
        Value::Array(items) if items.is_empty() => {}
        Value::Object(map) if is_cite(value) => {
            let words = map.get("text").and_then(Value::as_str).unwrap_or("");
            let doc = map.get("doc").and_then(Value::as_str).unwrap_or("");
            let line = label(name).quote(words).faint(format!(" {doc}"));
            wrap(out, style, indent, &line);
        }
        Value::Object(map) => {
            let deeper = if name.is_empty() {
                indent
            } else {
                let _ = writeln!(out, "{pad}{name}");
                indent + 2
            };
            for (name, value) in map
                .iter()
                .filter(|(name, _)| !HIDDEN.contains(&name.as_str()))
            {
                field(out, style, deeper, name, value);
            }
        }
        Value::Array(items) if items.iter().all(|i| !i.is_object() && !i.is_array()) => {
            let words: Vec<String> = items.iter().map(plain).collect();
            wrap(out, style, indent, &label(name).text(words.join(", ")));
        }
        Value::Array(items) => {
            for item in items {
                field(out, style, indent, name, item);
            }
        }
        Value::String(text) if text.contains("\n\n") => {
            let _ = writeln!(out, "{pad}{name}");
            for paragraph in text.split("\n\n") {
                wrap(out, style, indent + 2, &Line::new().text(paragraph));
            }
        }
        other => wrap(out, style, indent, &label(name).text(plain(other))),
    }
}

fn label(name: &str) -> Line {
    if name.is_empty() {
        Line::new()
    } else {
        Line::new().strong(format!("{name} "))
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_cite(value: &Value) -> bool {
    value.get("doc").is_some() && value.get("text").is_some() && value.get("bytes").is_some()
}

fn reason(out: &mut String, style: Style, view: &View, row: &WhyRow) {
    let line = Line::new()
        .strong(format!("{} ", row.field))
        .text(row.value.as_str())
        .faint(format!(" {}", row.id));
    wrap(out, style, 0, &line);
    if let Some(cite) = &row.cite {
        wrap(
            out,
            style,
            2,
            &Line::new()
                .quote(cite.text.as_str())
                .faint(format!(" {}", place(view, cite))),
        );
    }
    let mut rule = Line::new().faint(format!("rule {}", row.why.rule));
    if !row.why.reason.is_empty() {
        rule = rule.text(format!(": {}", row.why.reason));
    }
    wrap(out, style, 2, &rule);
    for (name, weight) in &row.why.features {
        wrap(
            out,
            style,
            4,
            &Line::new().text(format!("{weight:+.2} {name}")),
        );
    }
    if let Some(rules) = row.ruleset {
        wrap(
            out,
            style,
            2,
            &Line::new().faint(format!("rule set {rules}")),
        );
    }
}

fn place(view: &View, cite: &Cite) -> String {
    let doc = view.docs.iter().find(|doc| doc.id == cite.doc);
    let title = doc.map(|doc| doc.title.as_str()).unwrap_or_default();
    format!("{} {}–{} {title}", cite.doc, cite.start, cite.end)
}

/// Every line of the brief cites something.
fn check_brief(view: &View, report: &mut Report) {
    let brief = rapporteur_desk::brief(view, rapporteur_desk::Room::default());
    let lines: usize = brief.sections.iter().map(|s| s.rows.len()).sum();
    report.checked.push(("brief lines".into(), lines as u64));
    for row in brief.uncited() {
        report.findings.push(Finding {
            what: "brief".into(),
            at: row.id.clone().unwrap_or_default(),
            text: "a line of the brief cites nothing; please report it".into(),
        });
    }
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let desk = open(desk)?;
        let mut report = desk.check()?;
        match View::load(&desk, &Filter::default()) {
            Ok(view) => check_brief(&view, &mut report),
            // What keeps the view from being loaded has a name among the findings.
            Err(error) if error.kind() == ErrorKind::Corrupt && !report.findings.is_empty() => {}
            Err(error) => return Err(error.into()),
        }
        if self.json {
            print_rows(&[&report])?;
        } else {
            let mut out = String::new();
            for (what, count) in &report.checked {
                let _ = writeln!(out, "{count:>10} {what}");
            }
            for finding in &report.findings {
                let line = Line::new()
                    .strong(format!("{} {}", finding.what, finding.at))
                    .text(format!(": {}", finding.text));
                wrap(&mut out, style(), 0, &line);
            }
            for correction in &report.orphaned {
                let _ = writeln!(
                    out,
                    "correction {} has lost its row; it is kept",
                    correction.seq
                );
            }
            out.push_str(match report.findings.len() {
                0 => "All of it holds.\n",
                _ => "Something is wrong: see above.\n",
            });
            print(out.as_bytes())?;
        }
        Ok(if report.findings.is_empty() {
            exit::OK
        } else {
            exit::CHECK
        })
    }
}

//! The tools: what each asks for, and what it answers from the record.

use std::path::Path;

use rapporteur_base::{CodePoints, Date};
use rapporteur_desk::own::Evidence;
use rapporteur_desk::passages::passages;
use rapporteur_desk::{Brief, Cite, Run};
use rapporteur_record::{Desk, Filter, Mode, Query, Store, View};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::Stop;

/// Rows of an answer, when nothing else is asked, and at most.
const ROWS: u64 = 20;
const MOST: u64 = 100;

/// A tool: its name, what it does, its arguments (name, type, words, whether it must be given).
type Tool = (&'static str, &'static str, &'static [Argument]);
type Argument = (&'static str, &'static str, &'static str, bool);

const FROM: Argument = ("from", "string", "First day, ISO 8601", false);
const TO: Argument = ("to", "string", "Last day, ISO 8601", false);
const ACTOR: Argument = ("actor", "string", "Name or country code of an actor", false);
const TYPE: Argument = (
    "type",
    "string",
    "PLOVER type, with or without mode, such as CONSULT",
    false,
);
const PLACE: Argument = ("place", "string", "Place", false);
const AS_OF: Argument = ("as_of", "string", "Only what was known by that day", false);
const LIMIT: Argument = ("limit", "integer", "Rows of the answer, 1 to 100", false);

const TOOLS: [Tool; 6] = [
    (
        "search",
        "Sentences of the record that hold the words, each as a passage that can be cited",
        &[
            (
                "query",
                "string",
                "Words; \"…\" is a phrase, -word none",
                true,
            ),
            FROM,
            TO,
            ACTOR,
            TYPE,
            PLACE,
            AS_OF,
            LIMIT,
        ],
    ),
    (
        "event",
        "One event: who, what, whom, when, where, how it is told, and every passage it rests on",
        &[("id", "string", "Id such as e-3f2a91c0d4b7", true)],
    ),
    (
        "timeline",
        "Events in order of time, each with its passages",
        &[FROM, TO, ACTOR, TYPE, PLACE, AS_OF, LIMIT],
    ),
    (
        "conflicts",
        "Where sources contradict or deny each other: both passages, and what a person decided",
        &[FROM, TO, ACTOR, PLACE, AS_OF, LIMIT],
    ),
    (
        "cite",
        "The exact words of a passage with what stands around them, by place or by its words",
        &[
            ("doc", "string", "Document, such as d-3f2a91c0d4b7", true),
            ("start", "integer", "First code point", false),
            ("end", "integer", "One past the last code point", false),
            (
                "exact",
                "string",
                "The words, when the place is not known",
                false,
            ),
        ],
    ),
    (
        "process",
        "Declared processes; with an id, where one stands and what may come, with passages",
        &[("id", "string", "Short name of the process", false), AS_OF],
    ),
];

/// The description of every tool.
pub(super) fn list() -> Vec<Value> {
    let tools = TOOLS.iter().map(|(name, words, arguments)| {
        let mut properties = serde_json::Map::new();
        for (name, kind, words, _) in *arguments {
            let mut schema = json!({"type": kind, "description": words});
            if *kind == "integer" {
                schema["minimum"] = json!(u8::from(*name == "limit"));
            }
            properties.insert((*name).to_owned(), schema);
        }
        let needed = arguments.iter().filter(|a| a.3).map(|a| a.0);
        json!({
            "name": name,
            "description": words,
            "inputSchema": {
                "type": "object",
                "properties": properties,
                "required": needed.collect::<Vec<_>>(),
                "additionalProperties": false,
            },
            "annotations": {"readOnlyHint": true, "openWorldHint": false},
        })
    });
    tools.collect()
}

/// A tool by its name.
pub(super) fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.0 == name)
}

/// Whether arguments fit a tool; what is wrong with them.
pub(super) fn check(tool: &Tool, arguments: &Value) -> Result<(), String> {
    let map = arguments.as_object().ok_or("`arguments` is an object")?;
    for (name, value) in map {
        let names: Vec<&str> = tool.2.iter().map(|a| a.0).collect();
        let argument = tool.2.iter().find(|a| a.0 == name);
        let argument = argument.ok_or_else(|| {
            format!(
                "{} has no argument {name:?}; it has {}",
                tool.0,
                names.join(", ")
            )
        })?;
        let fits = match argument.1 {
            "integer" => value.is_u64(),
            _ => value.is_string(),
        };
        if !fits {
            return Err(format!("`{name}` is of type {}", argument.1));
        }
    }
    match tool.2.iter().find(|a| a.3 && !map.contains_key(a.0)) {
        Some(missing) => Err(format!("`{}` is missing", missing.0)),
        None => Ok(()),
    }
}

/// What a tool answers. An error is one that a person would be told.
pub(super) fn call(dir: &Path, name: &str, arguments: &Value) -> Result<Value, Stop> {
    let desk = Desk::open(dir, Mode::Read)?;
    let filter = filter(arguments)?;
    let limit = number(arguments, "limit").unwrap_or(ROWS).clamp(1, MOST);
    let limit = usize::try_from(limit).unwrap_or(1);
    match name {
        "search" => search(&desk, arguments, &filter, limit),
        "event" => {
            let view = View::load(&desk, &Filter::default())?;
            value(&view.find(text(arguments, "id").unwrap_or_default())?)
        }
        "timeline" => {
            let view = View::load(&desk, &filter)?;
            let total = view.events.len();
            let rows: Vec<_> = view.events.iter().take(limit).collect();
            Ok(json!({"items": value(&rows)?, "total": total}))
        }
        "conflicts" => {
            let view = View::load(&desk, &filter)?;
            let rows = view.comparisons.iter().filter(|c| {
                use rapporteur_story::Relation::{Contradiction, Denies};
                matches!(c.kind, Contradiction | Denies) && !c.b.is_empty()
            });
            let rows: Vec<_> = rows.collect();
            let total = rows.len();
            let rows: Vec<_> = rows.into_iter().take(limit).collect();
            Ok(json!({"items": value(&rows)?, "total": total}))
        }
        "cite" => cite(&desk, arguments),
        _ => process(dir, arguments, filter.as_of),
    }
}

fn value<T: Serialize>(rows: &T) -> Result<Value, Stop> {
    serde_json::to_value(rows)
        .map_err(|error| Stop::failed(format!("internal error, please report it: {error}")))
}

fn text<'a>(arguments: &'a Value, name: &str) -> Option<&'a str> {
    let found = arguments.get(name).and_then(Value::as_str);
    found.map(str::trim).filter(|text| !text.is_empty())
}

fn number(arguments: &Value, name: &str) -> Option<u64> {
    arguments.get(name).and_then(Value::as_u64)
}

fn filter(arguments: &Value) -> Result<Filter, Stop> {
    let day = |name: &str| -> Result<Option<Date>, Stop> {
        let read = text(arguments, name).map(|text| {
            text.parse().map_err(|_| {
                Stop::usage(format!(
                    "{name}: {text:?} is no day; write it like 2024-01-27"
                ))
            })
        });
        read.transpose()
    };
    let word = |name: &str| text(arguments, name).map(str::to_owned);
    Ok(Filter {
        from: day("from")?,
        to: day("to")?,
        as_of: day("as_of")?,
        actor: word("actor"),
        kind: word("type"),
        place: word("place"),
        process: None,
    })
}

fn search(desk: &Desk, arguments: &Value, filter: &Filter, limit: usize) -> Result<Value, Stop> {
    let as_of = Filter {
        as_of: filter.as_of,
        ..Filter::default()
    };
    let view = View::load(desk, &as_of)?;
    let query = Query {
        from: filter.from,
        to: filter.to,
        actor: filter.actor.clone(),
        kind: filter.kind.clone(),
        place: filter.place.clone(),
        as_of: filter.as_of,
        ranked: true,
        limit,
        ..Query::new(text(arguments, "query").unwrap_or_default())
    };
    let found = passages(desk, &view, &query, limit)?;
    Ok(json!({"items": value(&found)?}))
}

fn cite(desk: &Desk, arguments: &Value) -> Result<Value, Stop> {
    let view = View::load(desk, &Filter::default())?;
    let log = desk.corrections()?;
    let evidence = Evidence::of(&view, &log);
    let name = text(arguments, "doc").unwrap_or_default();
    let doc = view
        .doc(name)
        .ok_or_else(|| Stop::nothing(format!("the record has no document {name}")))?;
    let place = |name| number(arguments, name).and_then(|n| usize::try_from(n).ok());
    let (start, end) = match (place("start"), place("end"), text(arguments, "exact")) {
        (Some(start), Some(end), _) => (start, end),
        (_, _, Some(exact)) => {
            let at = doc
                .text
                .find(exact)
                .ok_or_else(|| Stop::nothing(format!("{name} does not hold these very words")))?;
            let span = rapporteur_base::Span::new(at, at + exact.len());
            CodePoints::new(&doc.text).span(span)
        }
        _ => return Err(Stop::usage("give `start` and `end`, or `exact`")),
    };
    let quoted = evidence.quoted(name, start, end);
    if quoted.exact.is_empty() {
        return Err(Stop::nothing(format!(
            "{name} has no passage {start}-{end}"
        )));
    }
    Ok(json!({
        "doc": quoted.doc, "start": quoted.start, "end": quoted.end, "text": quoted.exact,
        "prefix": quoted.prefix, "suffix": quoted.suffix, "rows": quoted.rows,
        "title": doc.title, "site": doc.site, "url": doc.url,
        "published": doc.published.as_ref().map(|p| p.date.to_string()), "sha256": doc.sha256,
    }))
}

fn process(dir: &Path, arguments: &Value, as_of: Option<Date>) -> Result<Value, Stop> {
    let Some(id) = text(arguments, "id") else {
        return Ok(json!({"items": super::super::process::known(dir)}));
    };
    let brief = super::super::process::page(dir, id, as_of)?;
    let sections = brief.filled().map(|section| {
        let rows = section.rows.iter().map(|row| {
            let lines = std::iter::once(&row.line).chain(&row.below);
            let words: Vec<String> = lines.map(|line| words(&line.0)).collect();
            let cites: Vec<Value> = row.cites().filter_map(|c| passage(&brief, c)).collect();
            json!({"id": row.id, "key": row.key, "lines": words, "passages": cites})
        });
        json!({"title": section.title, "note": section.note, "rows": rows.collect::<Vec<_>>()})
    });
    Ok(
        json!({"title": brief.title, "basis": brief.basis, "sections": sections.collect::<Vec<_>>()}),
    )
}

fn words(runs: &[Run]) -> String {
    let words = runs.iter().filter_map(|run| match run {
        Run::Text(w) | Run::Strong(w) | Run::Faint(w) => Some(w.clone()),
        Run::Quote(w) => Some(format!("“{w}”")),
        Run::Cite(_) => None,
    });
    words.collect()
}

fn passage(brief: &Brief, cite: Cite) -> Option<Value> {
    let source = brief.sources.get(cite.source.checked_sub(1)?)?;
    let (start, end) = CodePoints::new(&source.text).span(cite.span);
    Some(json!({
        "doc": source.id, "start": start, "end": end, "text": cite.span.of(&source.text),
        "title": source.title,
    }))
}

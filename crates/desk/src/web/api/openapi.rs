//! The description of the API, OpenAPI 3.1: addresses from the table that answers, schemas of the
//! rows from their sources (`data/desk/schemas.json`, see `shapes`).

use std::sync::OnceLock;

use rapporteur_record::export::Format;
use serde_json::{Map, Value, json};

use super::{MOST, ROWS};

const SCHEMAS: &str = include_str!("../../../../../data/desk/schemas.json");

/// One list of rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// Its name in the address.
    pub(super) name: &'static str,
    /// Schema of its rows.
    pub(super) row: &'static str,
    /// What it holds.
    pub(super) about: &'static str,
}

const fn list(name: &'static str, row: &'static str, about: &'static str) -> List {
    List { name, row, about }
}

/// Every list.
pub(super) const LISTS: [List; 16] = [
    list(
        "documents",
        "DocRow",
        "Documents with their cleaned text and publication date",
    ),
    list("events", "EventRow", "Merged events with every report"),
    list("actors", "ActorRow", "Actors merged over documents"),
    list("places", "PlaceRow", "Places merged by name"),
    list(
        "times",
        "TimeRow",
        "Time expressions with the days they mean",
    ),
    list("figures", "FigureRow", "Numbers of single documents"),
    list(
        "series",
        "SeriesRow",
        "One number over several sources: best, low, high",
    ),
    list("quotes", "QuoteRow", "Quotations with speaker and cue"),
    list("positions", "PositionRow", "Who wants what"),
    list(
        "commitments",
        "CommitmentRow",
        "Who undertook what, by when, on what condition",
    ),
    list("indicators", "IndicatorRow", "Things measured or decisive"),
    list("assessments", "AssessmentRow", "Judgements of authors"),
    list(
        "comparisons",
        "ComparisonRow",
        "Passages set side by side: contradiction, refines, updates, confirmed",
    ),
    list(
        "families",
        "FamilyRow",
        "Documents that are copies of each other",
    ),
    list("stories", "StoryRow", "Documents about the same happening"),
    list("sagas", "SagaRow", "Stories that follow each other"),
];

/// Filters that lists read, with what they mean and whether they are days.
const FILTERS: [(&str, &str, bool); 7] = [
    ("from", "First day, ISO 8601", true),
    ("to", "Last day", true),
    (
        "actor",
        "Name, other name or country code of an actor",
        false,
    ),
    ("type", "PLOVER type, with or without mode", false),
    ("place", "Place", false),
    ("as_of", "Only what was known by that day", true),
    ("process", "Only the documents of this story", false),
];

/// Kinds of row that an id may name: word of the field `row`, schema.
const KINDS: [(&str, &str); 17] = [
    ("doc", "DocRow"),
    ("time", "TimeRow"),
    ("actor", "ActorRow"),
    ("place", "PlaceRow"),
    ("event", "EventRow"),
    ("mention", "MentionRow"),
    ("figure", "FigureRow"),
    ("series", "SeriesRow"),
    ("quote", "QuoteRow"),
    ("position", "PositionRow"),
    ("commitment", "CommitmentRow"),
    ("indicator", "IndicatorRow"),
    ("assessment", "AssessmentRow"),
    ("comparison", "ComparisonRow"),
    ("family", "FamilyRow"),
    ("story", "StoryRow"),
    ("saga", "SagaRow"),
];

/// Schemas of the rows, by name.
fn rows() -> &'static Map<String, Value> {
    static ALL: OnceLock<Map<String, Value>> = OnceLock::new();
    ALL.get_or_init(|| serde_json::from_str(SCHEMAS).unwrap_or_default())
}

/// Names of a row's fields.
pub(super) fn fields(row: &str) -> Vec<&'static str> {
    let shape = rows()
        .get(row)
        .and_then(|shape| shape["properties"].as_object());
    shape.map_or(Vec::new(), |map| map.keys().map(String::as_str).collect())
}

fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A parameter of a query.
fn asked(name: &str, words: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "query", "description": words, "required": false, "schema": schema})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn day() -> Value {
    json!({"type": "string", "format": "date"})
}

fn path_part(name: &str, words: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "path", "required": true, "description": words, "schema": schema})
}

/// An answer with its kind of content.
fn answer(words: &str, kind: &str, schema: &Value) -> Value {
    json!({"description": words, "content": {kind: {"schema": schema}}})
}

/// One address: what it is, what it reads, what it answers with.
fn operation(path: &str, words: &str, parameters: &[Value], kind: &str, schema: &Value) -> Value {
    let name = path.trim_start_matches("/api/v1").trim_start_matches('/');
    let name = if name.is_empty() { "index" } else { name };
    let mut responses = Map::new();
    responses.insert("200".into(), answer(words, kind, schema));
    let known = json!({"description": "Not changed since the ETag given in If-None-Match"});
    responses.insert("304".into(), known);
    let mut faults = vec![("403", "The desk does not answer to that host name")];
    if parameters.iter().any(|p| p["in"] == "path") {
        faults.push(("404", "There is no such row"));
    }
    if !parameters.is_empty() {
        faults.push(("422", "A parameter cannot be read"));
    }
    if parameters.iter().any(|p| p["name"] == "cursor") {
        faults.push(("410", "The row that the cursor names is gone"));
    }
    for (code, words) in faults.into_iter().chain([("default", "What went wrong")]) {
        let fault = answer(words, "application/problem+json", &refer("Problem"));
        responses.insert(code.into(), fault);
    }
    json!({"get": {
        "summary": words,
        "operationId": name.replace(['/', '.'], "_").replace(['{', '}'], ""),
        "parameters": parameters,
        "responses": responses,
    }})
}

/// Filters, and those of a paged list.
fn list_parameters() -> (Vec<Value>, Vec<Value>) {
    let filters: Vec<Value> = FILTERS
        .iter()
        .map(|(name, words, is_day)| asked(name, words, &if *is_day { day() } else { text() }))
        .collect();
    let mut paging = vec![
        limit(),
        asked("cursor", "`next` of the answer before", &text()),
        asked(
            "fields",
            "Only these fields of each row, parted by commas; the field that names the row always stands",
            &text(),
        ),
    ];
    paging.extend(filters.iter().cloned());
    (filters, paging)
}

fn limit() -> Value {
    let schema = json!({"type": "integer", "minimum": 1, "maximum": MOST, "default": ROWS});
    asked("limit", "Rows of one answer", &schema)
}

/// An address that is no list: path, words, parameters, schema.
type Address = (&'static str, &'static str, Vec<Value>, Value);

/// Rows, search, timeline, brief.
fn others(filters: &[Value], paging: &[Value]) -> Vec<Address> {
    let id = path_part("id", "Id of a row, such as e-3f2a91c0d4b7", &text());
    let mut words = vec![
        asked("q", "Words; all must occur", &text()),
        asked("order", "`best` or newest first", &text()),
    ];
    words.extend(paging.iter().cloned());
    vec![
        ("", "What there is", Vec::new(), refer("Index")),
        (
            "rows/{id}",
            "One row of any kind",
            vec![id.clone()],
            refer("Row"),
        ),
        (
            "rows/{id}/why",
            "Why a row says what it says",
            vec![id],
            refer("WhyRowList"),
        ),
        (
            "search",
            "Documents that hold the words",
            words,
            refer("HitPage"),
        ),
        (
            "timeline",
            "Events in order of time, each as its source tells it",
            paging.to_vec(),
            refer("TimelineRowPage"),
        ),
        (
            "brief",
            "The brief, every line with its citations",
            filters.to_vec(),
            refer("Brief"),
        ),
    ]
}

/// Processes, changes, and what stands beside the record.
fn beside() -> Vec<Address> {
    let since = json!({"type": "integer", "minimum": 0, "maximum": i64::MAX});
    let since = asked("since", "`next` of the answer before, or 0", &since);
    let short = path_part("id", "Short name of a process", &text());
    let as_of = asked("as_of", "As known on this day", &day());
    vec![
        (
            "processes",
            "Short names of the declared processes",
            Vec::new(),
            refer("ProcessList"),
        ),
        (
            "processes/{id}",
            "Where a declared process stands: lights, levels, windows, each line with its passages",
            vec![short, as_of],
            refer("ProcessPage"),
        ),
        (
            "changes",
            "What changed, tombstones included",
            vec![since, limit()],
            refer("ChangeRowFeed"),
        ),
        (
            "corrections",
            "Every correction with who and why",
            Vec::new(),
            refer("CorrectionList"),
        ),
        (
            "inbox",
            "What was read, what failed and what to do about it",
            Vec::new(),
            refer("InboxRowList"),
        ),
        (
            "openapi.json",
            "This description",
            Vec::new(),
            json!({"type": "object"}),
        ),
    ]
}

/// What people keep beside the record, and what waits for news of it.
fn work() -> Vec<Address> {
    let since = json!({"type": "integer", "minimum": 0, "maximum": i64::MAX});
    let since = asked("since", "Where the reader stands in the change log", &since);
    let id = path_part("id", "Id of a brief", &text());
    let kept = || json!({"type": "object"});
    let mut out: Vec<Address> = vec![
        (
            "live",
            "Waits up to 25 seconds for a line of the change log after `since`",
            vec![since],
            kept(),
        ),
        (
            "passages",
            "Sentences that hold the words, each as a passage that can be cited",
            vec![asked("q", "Words; all must occur", &text()), limit()],
            kept(),
        ),
    ];
    for (name, words) in super::super::api_work::LISTS {
        let parameters = if name.contains('{') {
            vec![id.clone()]
        } else {
            Vec::new()
        };
        out.push((name, words, parameters, kept()));
    }
    out
}

/// Folders of the export.
fn formats() -> Vec<&'static str> {
    let all = Format::ALL.map(Format::name);
    ["brief", "whole"].into_iter().chain(all).collect()
}

/// Every address with its description.
fn paths() -> Map<String, Value> {
    let (filters, paging) = list_parameters();
    let mut out = Map::new();
    let mut put = |name: &str, words: &str, parameters: &[Value], kind: &str, schema: &Value| {
        let path = format!("/api/v1/{name}");
        let path = path.trim_end_matches('/');
        out.insert(
            path.to_owned(),
            operation(path, words, parameters, kind, schema),
        );
    };
    let json_kind = "application/json";
    for list in LISTS {
        let page = refer(&format!("{}Page", list.row));
        put(list.name, list.about, &paging, json_kind, &page);
    }
    for (name, words, parameters, schema) in others(&filters, &paging)
        .into_iter()
        .chain(beside())
        .chain(work())
    {
        put(name, words, &parameters, json_kind, &schema);
    }
    let format = path_part(
        "format",
        "Format of the export",
        &json!({"type": "string", "enum": formats()}),
    );
    let file = path_part("file", "Name of a file of that format", &text());
    let parameters: Vec<Value> = [format, file].into_iter().chain(filters).collect();
    let bytes = json!({"type": "string", "format": "binary"});
    let words = "A file of an export; FORMAT.zip packs all of a format, whole/whole.zip everything";
    put(
        "export/{format}/{file}",
        words,
        &parameters,
        "application/octet-stream",
        &bytes,
    );
    out
}

/// A schema's fields without the duty to be there: a row of which `fields` asked for a part.
fn part(shape: &Value, id: &str) -> Value {
    let mut part = shape.clone();
    part["required"] = json!([id]);
    part["description"] = json!("The same, with the fields that were asked for.");
    part
}

/// A row as `rows/{id}` gives it: with its kind.
fn found(kind: &str, shape: &Value) -> Value {
    let mut found = shape.clone();
    found["properties"]["row"] = json!({"type": "string", "const": kind});
    if let Value::Array(required) = &mut found["required"] {
        required.push(json!("row"));
    }
    found
}

fn object(properties: &Value) -> Value {
    let names = properties
        .as_object()
        .map(|map| map.keys().cloned().collect::<Vec<_>>());
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

fn array(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

fn components() -> Map<String, Value> {
    let mut out = rows().clone();
    let cursor = json!({"type": ["string", "null"], "description": "Cursor of the next page; null: this is the last"});
    let lists = LISTS.map(|list| (list.row, "id"));
    for (row, id) in lists
        .into_iter()
        .chain([("TimelineRow", "event"), ("Hit", "doc")])
    {
        let Some(shape) = rows().get(row) else {
            continue;
        };
        out.insert(format!("{row}Part"), part(shape, id));
        let items = array(&json!({"anyOf": [refer(row), refer(&format!("{row}Part"))]}));
        let mut page = json!({"items": items, "next": cursor});
        if row != "Hit" {
            page["total"] = json!({"type": "integer", "minimum": 0});
        }
        out.insert(format!("{row}Page"), object(&page));
    }
    for row in ["WhyRow", "Correction", "InboxRow"] {
        let list = json!({"items": array(&refer(row)), "next": {"type": "null"}});
        out.insert(format!("{row}List"), object(&list));
    }
    let kinds = KINDS
        .iter()
        .filter_map(|(kind, row)| Some(found(kind, rows().get(*row)?)));
    out.insert("Row".into(), json!({"oneOf": kinds.collect::<Vec<_>>()}));
    out.insert(
        "ChangeRowFeed".into(),
        object(&json!({"items": array(&refer("ChangeRow")),
            "next": {"type": "string", "pattern": "^[0-9]+$", "description": "Give it as `since` the next time"},
            "more": {"type": "boolean", "description": "Whether there is more now"}})),
    );
    out.insert(
        "Index".into(),
        object(&json!({"lists": array(&text()), "description": text()})),
    );
    out.insert(
        "ProcessList".into(),
        object(&json!({"items": array(&text()), "next": {"type": "null"}})),
    );
    out.insert(
        "Problem".into(),
        object(&json!({
            "type": {"type": "string", "format": "uri-reference"}, "title": text(),
            "status": {"type": "integer", "minimum": 400, "maximum": 599}, "detail": text(),
            "instance": {"type": "string", "format": "uri-reference"}})),
    );
    out
}

/// The description of all of it, OpenAPI 3.1.
pub(super) fn description() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Rapporteur", "version": env!("CARGO_PKG_VERSION"), "description":
            "The record of a desk, read only: every address answers to GET and HEAD. Passages are objects with doc, \
             start, end (code points) and text, which equals that slice of the document; `bytes` are the same in bytes \
             of UTF-8. Null is unknown, never zero or none. Answers carry an ETag; errors are problem details (RFC 9457)."},
        "paths": paths(),
        // A desk without accounts asks for nothing.
        "security": [{"bearer": []}, {}],
        "components": {"schemas": components(), "securitySchemes": {"bearer": {
            "type": "http", "scheme": "bearer", "description": "A token of an account: `rapporteur account token NAME`"}}}
    })
}

//! `/api/v1`: every row of the record as JSON, for programs.
//!
//! Lists are `{"items": […], "next": CURSOR or null}`; a cursor names the last row that was given,
//! so that rows which come in meanwhile neither repeat nor hide others. Answers carry an `ETag`;
//! errors are problem details (RFC 9457). The description at `/api/v1/openapi.json` is made from
//! the same table that answers.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use rapporteur_record::{Filter, Query, Store, View};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::state::Loaded;
use super::{Ask, Failure, Shared, guard, respond};

/// Rows of one answer, when nothing else is asked, and at most.
const ROWS: usize = 100;
const MOST: usize = 500;

/// One list of rows: name in the address, what it holds.
const LISTS: [(&str, &str); 15] = [
    (
        "documents",
        "Documents with their cleaned text and publication date",
    ),
    ("events", "Merged events with every report"),
    ("actors", "Actors merged over documents"),
    ("places", "Places merged by name"),
    ("times", "Time expressions with the days they mean"),
    ("figures", "Numbers of single documents"),
    ("series", "One number over several sources: best, low, high"),
    ("quotes", "Quotations with speaker and cue"),
    ("positions", "Who wants what"),
    (
        "commitments",
        "Who undertook what, by when, on what condition",
    ),
    ("indicators", "Things measured or decisive"),
    ("assessments", "Judgements of authors"),
    (
        "comparisons",
        "Passages set side by side: contradiction, refines, updates, confirmed",
    ),
    ("families", "Documents that are copies of each other"),
    ("stories", "Documents about the same happening"),
];

/// Filters that lists read, with what they mean.
const FILTERS: [(&str, &str); 7] = [
    ("from", "First day, ISO 8601"),
    ("to", "Last day"),
    ("actor", "Name, other name or country code of an actor"),
    ("type", "PLOVER type, with or without mode"),
    ("place", "Place"),
    ("as_of", "Only what was known by that day"),
    ("process", "Only the documents of this story"),
];

/// Answers a request below `/api/v1`.
pub(crate) fn answer(shared: &Shared, ask: &Ask, headers: &HeaderMap, path: &str) -> Response {
    match found(shared, ask, path) {
        Ok(value) => written(headers, &value),
        Err(failure) => problem(&ask.path, &failure),
    }
}

fn found(shared: &Shared, ask: &Ask, path: &str) -> Result<Value, Failure> {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    if let Some(answer) = super::api_work::found(shared, &parts) {
        return answer;
    }
    match parts.as_slice() {
        [] => {
            Ok(json!({"lists": LISTS.map(|(name, _)| name), "description": "/api/v1/openapi.json"}))
        }
        ["openapi.json"] => Ok(description()),
        ["search"] => search(shared, ask),
        ["passages"] => passages(shared, ask),
        ["changes"] => changes(shared, ask),
        ["corrections"] => {
            value(&shared.desk()?.corrections()?).map(|items| json!({"items": items, "next": null}))
        }
        ["timeline"] => {
            let loaded = shared.view(&ask.filter()?)?;
            page(ask, value(&loaded.view.timeline())?, "event")
        }
        ["brief"] => {
            let loaded = shared.view(&ask.filter()?)?;
            value(&loaded.view.brief())
        }
        ["rows", id] => value(&shared.view(&Filter::default())?.view.find(id)?),
        ["rows", id, "why"] => {
            let rows = shared.view(&Filter::default())?.view.why(id)?;
            Ok(json!({"items": value(&rows)?, "next": null}))
        }
        [list] => {
            let loaded = shared.view(&ask.filter()?)?;
            page(ask, rows(&loaded, list)?, "id")
        }
        _ => Err(unknown(path)),
    }
}

fn unknown(path: &str) -> Failure {
    let names = LISTS.map(|(name, _)| name).join(", ");
    Failure::new(
        StatusCode::NOT_FOUND,
        format!("there is no /api/v1/{path}"),
        format!(
            "lists: {names}; also rows/ID, rows/ID/why, search, timeline, brief, changes, corrections, openapi.json"
        ),
    )
}

fn value<T: serde::Serialize>(rows: &T) -> Result<Value, Failure> {
    serde_json::to_value(rows).map_err(|_| Failure::internal())
}

fn rows(loaded: &Loaded, list: &str) -> Result<Value, Failure> {
    let View {
        docs,
        times,
        actors,
        places,
        events,
        figures,
        series,
        quotes,
        positions,
        commitments,
        indicators,
        assessments,
        comparisons,
        families,
        stories,
        ..
    } = &loaded.view;
    match list {
        "documents" => value(docs),
        "events" => value(events),
        "actors" => value(actors),
        "places" => value(places),
        "times" => value(times),
        "figures" => value(figures),
        "series" => value(series),
        "quotes" => value(quotes),
        "positions" => value(positions),
        "commitments" => value(commitments),
        "indicators" => value(indicators),
        "assessments" => value(assessments),
        "comparisons" => value(comparisons),
        "families" => value(families),
        "stories" => value(stories),
        other => Err(unknown(other)),
    }
}

/// One page of a list: what comes after the cursor, only the fields asked for.
fn page(ask: &Ask, all: Value, id: &str) -> Result<Value, Failure> {
    let Value::Array(mut items) = all else {
        return Err(Failure::internal());
    };
    let limit = limit(ask)?;
    let total = items.len();
    let start = match ask.get("cursor") {
        None => 0,
        Some(cursor) => {
            let last = read_cursor(cursor)?;
            let at = items.iter().position(|row| row[id].as_str() == Some(&last));
            at.map(|at| at + 1).ok_or_else(|| {
                Failure::new(
                    StatusCode::GONE,
                    "the row that the cursor names is not in this list any more",
                    "begin again without a cursor",
                )
            })?
        }
    };
    let end = (start + limit).min(total);
    let mut items: Vec<Value> = items.drain(start..end).collect();
    let last = items.last().and_then(|row| row[id].as_str());
    let next = last.filter(|_| end < total).map(written_cursor);
    if let Some(fields) = ask.get("fields") {
        let fields: Vec<&str> = fields.split(',').map(str::trim).collect();
        for row in &mut items {
            if let Value::Object(map) = row {
                map.retain(|name, _| fields.contains(&name.as_str()));
            }
        }
    }
    Ok(json!({"items": items, "next": next, "total": total}))
}

fn limit(ask: &Ask) -> Result<usize, Failure> {
    let Some(text) = ask.get("limit") else {
        return Ok(ROWS);
    };
    match text.parse::<usize>() {
        Ok(n) if (1..=MOST).contains(&n) => Ok(n),
        _ => Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("limit: {text:?} is not between 1 and {MOST}"),
            "give a number in that range",
        )),
    }
}

fn written_cursor(last: &str) -> String {
    guard::hex(last.as_bytes())
}

fn read_cursor(cursor: &str) -> Result<String, Failure> {
    let bad = || {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the cursor is not one of this list",
            "use the value of `next` as it was given",
        )
    };
    let digits = cursor.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() > 200 {
        return Err(bad());
    }
    let bytes: Option<Vec<u8>> = digits
        .chunks(2)
        .map(|pair| {
            let text = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(text, 16).ok()
        })
        .collect();
    bytes
        .and_then(|b| String::from_utf8(b).ok())
        .ok_or_else(bad)
}

fn search(shared: &Shared, ask: &Ask) -> Result<Value, Failure> {
    let filter = ask.filter()?;
    let limit = limit(ask)?;
    let offset = match ask.get("cursor") {
        None => 0,
        Some(cursor) => read_cursor(cursor)?.parse().unwrap_or(0),
    };
    let query = Query {
        from: filter.from,
        to: filter.to,
        actor: filter.actor,
        kind: filter.kind,
        place: filter.place,
        as_of: filter.as_of,
        ranked: ask.get("order") == Some("best"),
        limit: limit + 1,
        offset,
        ..Query::new(ask.get("q").unwrap_or_default())
    };
    let mut hits = shared.desk()?.search(&query)?;
    let more = hits.len() > limit;
    hits.truncate(limit);
    let next = more.then(|| written_cursor(&(offset + limit).to_string()));
    Ok(json!({"items": value(&hits)?, "next": next}))
}

/// Sentences that hold the words: what a citation is picked from.
fn passages(shared: &Shared, ask: &Ask) -> Result<Value, Failure> {
    let filter = ask.filter()?;
    let loaded = shared.view(&Filter::default())?;
    let query = Query {
        from: filter.from,
        to: filter.to,
        actor: filter.actor,
        kind: filter.kind,
        place: filter.place,
        as_of: filter.as_of,
        ranked: true,
        ..Query::new(ask.get("q").unwrap_or_default())
    };
    let found = crate::passages::passages(&shared.desk()?, &loaded.view, &query, limit(ask)?)?;
    Ok(json!({"items": value(&found)?, "next": null}))
}

/// What changed after a point of the change log. Corrections that suppress a row stand in it as
/// tombstones with who and why.
fn changes(shared: &Shared, ask: &Ask) -> Result<Value, Failure> {
    let since = ask.get("since").unwrap_or("0");
    let after: u64 = since.parse().map_err(|_| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("since: {since:?} is no number of the change log"),
            "use the value of `next` as it was given, or 0",
        )
    })?;
    let limit = limit(ask)?;
    let desk = shared.desk()?;
    let corrections = desk.corrections()?;
    let all = desk.changes(after)?;
    let items: Vec<Value> = all
        .iter()
        .take(limit)
        .map(|change| {
            let mut row =
                json!({"seq": change.seq, "at": change.at, "kind": change.kind, "key": change.key});
            let number = (change.kind == "correction").then(|| change.key.parse::<u64>().ok());
            let found = number
                .flatten()
                .and_then(|n| corrections.iter().find(|c| c.seq == n));
            if let (Some(c), Value::Object(map)) = (found, &mut row) {
                let gone = c.body.field == "suppressed" && c.body.new == "true";
                map.insert("tombstone".into(), Value::Bool(gone));
                map.insert("correction".into(), value(c).unwrap_or_default());
            }
            row
        })
        .collect();
    let next = all.iter().take(limit).next_back().map_or(after, |c| c.seq);
    Ok(json!({"items": items, "next": next.to_string(), "more": all.len() > limit}))
}

/// A parameter of a query.
fn asked(name: &str, words: &str) -> Value {
    json!({"name": name, "in": "query", "description": words, "required": false, "schema": {"type": "string"}})
}

/// One address of the description.
fn operation(path: &str, words: &str, parameters: &[Value], schema: &str) -> Value {
    let name = path.trim_start_matches("/api/v1/");
    let schema = format!("#/components/schemas/{schema}");
    json!({"get": {
    "summary": words,
    "operationId": name.replace(['/', '{', '}', '.'], "_"),
    "parameters": parameters,
    "responses": {
        "200": {"description": words, "content": {"application/json": {"schema": {"$ref": schema}}}},
        "304": {"description": "Not changed since the ETag given in If-None-Match"},
        "default": {"description": "What went wrong", "content":
            {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    }}})
}

/// Parameters of every filtered list, and of a paged one.
fn list_parameters() -> (Vec<Value>, Vec<Value>) {
    let filters: Vec<Value> = FILTERS
        .iter()
        .map(|(name, words)| asked(name, words))
        .collect();
    let mut paging = vec![
        json!({"name": "limit", "in": "query", "description": "Rows of one answer",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": ROWS}}),
        asked("cursor", "`next` of the answer before"),
        asked("fields", "Only these fields of each row, parted by commas"),
    ];
    paging.extend(filters.iter().cloned());
    (filters, paging)
}

const WAITS: &str = "Waits up to 25 seconds for a line of the change log after `since`";
const CHANGED: &str = "What changed, tombstones included";
const CORRECTED: &str = "Every correction with who and why";
const SENTENCES: &str = "Sentences that hold the words, each as a passage that can be cited";

/// Every address with its description.
fn paths() -> Map<String, Value> {
    let (filters, paging) = list_parameters();
    let id = [json!({"name": "id", "in": "path", "required": true,
        "description": "Id of a row, such as e-3f2a91c0d4b7", "schema": {"type": "string"}})];
    let mut words = vec![
        asked("q", "Words; all must occur"),
        asked("order", "`best` or newest first"),
    ];
    words.extend(paging.iter().cloned());
    let since = [asked("since", "`next` of the answer before, or 0")];
    let kept = super::api_work::LISTS.map(|(name, words)| {
        let parameters: &[Value] = if name.contains('{') { &id } else { &[] };
        (name, words, parameters, "Row")
    });
    let work: [(&str, &str, &[Value], &str); 2] = [
        ("live", WAITS, &since, "Row"),
        ("passages", SENTENCES, &words, "Page"),
    ];
    let others: [(&str, &str, &[Value], &str); 8] = [
        ("rows/{id}", "One row of any kind", &id, "Row"),
        ("rows/{id}/why", "Why a row says what it says", &id, "Page"),
        ("search", "Documents that hold the words", &words, "Page"),
        (
            "timeline",
            "Events in order of time, each as its source tells it",
            &paging,
            "Page",
        ),
        (
            "brief",
            "The brief, every line with its citations",
            &filters,
            "Row",
        ),
        ("changes", CHANGED, &since, "Page"),
        ("corrections", CORRECTED, &[], "Page"),
        ("openapi.json", "This description", &[], "Row"),
    ];
    let lists = LISTS.map(|(name, words)| (name, words, paging.as_slice(), "Page"));
    lists
        .into_iter()
        .chain(work)
        .chain(kept)
        .chain(others)
        .map(|(name, words, parameters, schema)| {
            let path = format!("/api/v1/{name}");
            let operation = operation(&path, words, parameters, schema);
            (path, operation)
        })
        .collect()
}

/// The description of all of it, OpenAPI 3.1.
fn description() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Rapporteur", "version": env!("CARGO_PKG_VERSION"), "description":
            "The record of a desk, read only. Passages are objects with doc, start, end (code points) and text, which equals that slice of the document."},
        "paths": paths(),
        "components": {"schemas": {
            "Row": {"type": "object"},
            "Page": {"type": "object", "required": ["items", "next"], "properties": {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
                "next": {"type": ["string", "null"]}, "total": {"type": "integer"}, "more": {"type": "boolean"}}},
            "Problem": {"type": "object", "required": ["type", "title", "status"], "properties": {
                "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                "detail": {"type": "string"}, "instance": {"type": "string"}}}
        }}
    })
}

fn written(headers: &HeaderMap, value: &Value) -> Response {
    // A browser that is made to take this for a page finds no tag in it.
    let body = value.to_string();
    let body = body.replace('<', "\\u003c").replace('>', "\\u003e");
    let tag = format!(
        "\"{}\"",
        &guard::hex(&Sha256::digest(body.as_bytes()))[..32]
    );
    let mut extra = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&tag) {
        extra.insert(header::ETAG, value);
    }
    extra.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    let known = guard::text(headers, header::IF_NONE_MATCH.as_str());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        return respond(StatusCode::NOT_MODIFIED, "application/json", "", extra);
    }
    respond(StatusCode::OK, "application/json", body, extra)
}

/// An error as problem details.
pub(crate) fn problem(path: &str, failure: &Failure) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": failure.what,
        "status": failure.status.as_u16(),
        "detail": failure.remedy,
        "instance": path,
    });
    respond(
        failure.status,
        "application/problem+json",
        body.to_string(),
        HeaderMap::new(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        assert_eq!(
            read_cursor(&written_cursor("e-3f2a91c0d4b7")).unwrap(),
            "e-3f2a91c0d4b7"
        );
        for bad in ["zz", "abc", "ff", "é"] {
            assert!(read_cursor(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_description_names_every_list() {
        let text = description().to_string();
        for (name, _) in LISTS {
            assert!(text.contains(&format!("/api/v1/{name}")), "{name}");
        }
    }
}

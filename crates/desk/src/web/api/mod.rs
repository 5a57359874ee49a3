//! `/api/v1`: every row of the record as JSON, for programs.
//!
//! Lists are `{"items": […], "next": CURSOR or null}`; a cursor names the last row that was given,
//! so that rows which come in meanwhile neither repeat nor hide others. Answers carry an `ETag`;
//! errors are problem details (RFC 9457). The description at `/api/v1/openapi.json` is made from
//! the same table that answers and from the sources of the rows.

mod changes;
mod openapi;
mod process;
#[cfg(test)]
mod shapes;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use rapporteur_record::{Filter, Query, Store, View};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Loaded;
use super::pages::export;
use super::{Ask, Failure, Shared, guard, respond};
use openapi::LISTS;

/// Rows of one answer, when nothing else is asked, and at most.
const ROWS: usize = 100;
const MOST: usize = 500;
/// Last hit of a search that a cursor reaches.
const DEEPEST: usize = 1_000_000;

/// Answers a request below `/api/v1`.
pub(crate) fn answer(shared: &Shared, ask: &Ask, headers: &HeaderMap, path: &str) -> Response {
    if let Err(failure) = strict(ask) {
        return problem(&ask.path, &failure);
    }
    if let Some(rest) = path.strip_prefix("export/") {
        return match exported(shared, ask, rest) {
            Ok((kind, bytes)) => tagged(headers, kind, bytes),
            Err(failure) => problem(&ask.path, &failure),
        };
    }
    match found(shared, ask, path) {
        Ok(value) => written(headers, &value),
        Err(failure) => problem(&ask.path, &failure),
    }
}

/// A form sends its empty fields; a program that sends an empty day or number has made a mistake.
fn strict(ask: &Ask) -> Result<(), Failure> {
    let names = ["from", "to", "as_of", "limit", "since"];
    let is_empty = |name: &&str| ask.query.get(*name).is_some_and(|v| v.trim().is_empty());
    match names.into_iter().find(is_empty) {
        None => Ok(()),
        Some(name) => Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{name}: is empty"),
            "give it a value or leave it out",
        )),
    }
}

/// A file of an export: `export/FORMAT/FILE`.
fn exported(shared: &Shared, ask: &Ask, rest: &str) -> Result<(&'static str, Vec<u8>), Failure> {
    let (format, name) = rest.split_once('/').unwrap_or((rest, ""));
    let loaded = shared.view(&ask.filter()?)?;
    let bytes = export::bytes(&loaded, format, name)?;
    Ok((export::kind(name), bytes))
}

fn found(shared: &Shared, ask: &Ask, path: &str) -> Result<Value, Failure> {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    if let Some(answer) = super::api_work::found(shared, &parts) {
        return answer;
    }
    match parts.as_slice() {
        [] => {
            Ok(json!({"lists": LISTS.map(|list| list.name), "description": "/api/v1/openapi.json"}))
        }
        ["openapi.json"] => Ok(openapi::description()),
        ["search"] => search(shared, ask),
        ["passages"] => passages(shared, ask),
        ["changes"] => changes::feed(shared, ask),
        ["corrections"] => whole(&shared.desk()?.corrections()?),
        ["inbox"] => whole(&shared.desk()?.inbox()?),
        ["processes"] => Ok(process::list(shared)),
        ["processes", id] => process::page(shared, ask, id),
        ["timeline"] => {
            let loaded = shared.view(&ask.filter()?)?;
            page(ask, value(&loaded.view.timeline())?, "event", "TimelineRow")
        }
        ["brief"] => {
            let loaded = shared.view(&ask.filter()?)?;
            value(&loaded.view.brief())
        }
        ["rows", id] => value(&shared.view(&Filter::default())?.view.find(id)?),
        ["rows", id, "why"] => whole(&shared.view(&Filter::default())?.view.why(id)?),
        [name] => {
            let list = LISTS.iter().find(|list| list.name == *name);
            let list = list.ok_or_else(|| unknown(path))?;
            let loaded = shared.view(&ask.filter()?)?;
            page(ask, rows(&loaded, list.name)?, "id", list.row)
        }
        _ => Err(unknown(path)),
    }
}

/// Sentences that hold the words: what a citation is picked from.
fn passages(shared: &Shared, ask: &Ask) -> Result<Value, Failure> {
    let filter = ask.filter()?;
    let loaded = shared.view(&Filter::default())?;
    let query = Query {
        ranked: true,
        ..Query::of(filter, ask.get("q").unwrap_or_default())
    };
    let found = crate::passages::passages(&shared.desk()?, &loaded.view, &query, limit(ask)?)?;
    Ok(json!({"items": value(&found)?, "next": null}))
}

fn unknown(path: &str) -> Failure {
    let names = LISTS.map(|list| list.name).join(", ");
    Failure::new(
        StatusCode::NOT_FOUND,
        format!("there is no /api/v1/{path}"),
        format!(
            "lists: {names}; also rows/ID, rows/ID/why, search, timeline, brief, processes, processes/ID, changes, corrections, inbox, export/FORMAT/FILE, openapi.json"
        ),
    )
}

/// A list that is given whole.
fn whole<T: serde::Serialize>(rows: &T) -> Result<Value, Failure> {
    Ok(json!({"items": value(rows)?, "next": null}))
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
        sagas,
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
        "sagas" => value(sagas),
        other => Err(unknown(other)),
    }
}

/// One page of a list: what comes after the cursor, only the fields asked for. `id` is the field
/// that names a row, `row` the schema of the rows.
fn page(ask: &Ask, all: Value, id: &str, row: &str) -> Result<Value, Failure> {
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
    only(ask, &mut items, id, row)?;
    Ok(json!({"items": items, "next": next, "total": total}))
}

/// Leaves the fields that were asked for, and always the one that names the row.
fn only(ask: &Ask, items: &mut [Value], id: &str, row: &str) -> Result<(), Failure> {
    let Some(fields) = ask.get("fields") else {
        return Ok(());
    };
    let fields: Vec<&str> = fields.split(',').map(str::trim).collect();
    let known = openapi::fields(row);
    if let Some(other) = fields.iter().find(|field| !known.contains(field)) {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("fields: these rows have no field {other:?}"),
            format!("their fields are {}", known.join(", ")),
        ));
    }
    for item in items {
        if let Value::Object(map) = item {
            map.retain(|name, _| name == id || fields.contains(&name.as_str()));
        }
    }
    Ok(())
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

fn bad_cursor() -> Failure {
    Failure::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "the cursor is not one of this list",
        "use the value of `next` as it was given",
    )
}

fn read_cursor(cursor: &str) -> Result<String, Failure> {
    let bad = bad_cursor;
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
        Some(cursor) => {
            let number = read_cursor(cursor)?.parse::<usize>().ok();
            number.filter(|n| *n <= DEEPEST).ok_or_else(bad_cursor)?
        }
    };
    let query = Query {
        ranked: ask.get("order") == Some("best"),
        limit: limit + 1,
        offset,
        ..Query::of(filter, ask.get("q").unwrap_or_default())
    };
    let mut hits = shared.desk()?.search(&query)?;
    let more = hits.len() > limit;
    hits.truncate(limit);
    let next = more.then(|| written_cursor(&(offset + limit).to_string()));
    let mut items: Vec<Value> = hits.iter().map(value).collect::<Result<_, _>>()?;
    only(ask, &mut items, "doc", "Hit")?;
    Ok(json!({"items": items, "next": next}))
}

fn written(headers: &HeaderMap, value: &Value) -> Response {
    // A browser that is made to take this for a page finds no tag in it.
    let body = value.to_string();
    let body = body.replace('<', "\\u003c").replace('>', "\\u003e");
    tagged(headers, "application/json", body.into_bytes())
}

/// Bytes with their tag; none of them if the program holds them already.
fn tagged(headers: &HeaderMap, kind: &'static str, body: Vec<u8>) -> Response {
    let tag = format!("\"{}\"", &guard::hex(&Sha256::digest(&body))[..32]);
    let mut extra = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&tag) {
        extra.insert(header::ETAG, value);
    }
    extra.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    let known = guard::text(headers, header::IF_NONE_MATCH.as_str());
    let same = |one: &str| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    };
    if known.is_some_and(|known| known.split(',').any(same)) {
        return respond(StatusCode::NOT_MODIFIED, kind, "", extra);
    }
    respond(StatusCode::OK, kind, body, extra)
}

/// What went wrong, as problem details (RFC 9457).
pub(crate) fn problem(path: &str, failure: &Failure) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": failure.what,
        "status": failure.status.as_u16(),
        "detail": failure.remedy,
        "instance": path,
    });
    let mut extra = failure.headers();
    if failure.status == StatusCode::METHOD_NOT_ALLOWED {
        extra.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    respond(
        failure.status,
        "application/problem+json",
        body.to_string(),
        extra,
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
        let text = openapi::description().to_string();
        for list in LISTS {
            assert!(
                text.contains(&format!("/api/v1/{}", list.name)),
                "{}",
                list.name
            );
        }
    }
}

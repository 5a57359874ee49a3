//! The API answers as its own description says: every address, every row, every fault.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::serve::Served;

/// Checks a value against the parts of JSON Schema that the description uses; what is wrong, with
/// the place.
fn faults(all: &Value, schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        let found = &all["components"]["schemas"][name];
        assert!(found.is_object(), "no schema {name}");
        return faults(all, found, value, at, out);
    }
    for (key, least) in [("anyOf", 1), ("oneOf", 1)] {
        let Some(ways) = schema[key].as_array() else {
            continue;
        };
        let fits = ways.iter().filter(|way| {
            let mut wrong = Vec::new();
            faults(all, way, value, at, &mut wrong);
            wrong.is_empty()
        });
        let n = fits.count();
        if n < least || (key == "oneOf" && n != 1) {
            out.push(format!("{at}: {n} of {} ways fit", ways.len()));
        }
        return;
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is_of(value, kind)) {
        out.push(format!("{at}: {value} is no {kinds:?}"));
        return;
    }
    if let Some(words) = schema["enum"].as_array().filter(|w| !w.contains(value)) {
        out.push(format!("{at}: {value} is none of {words:?}"));
    }
    if schema.get("const").is_some_and(|one| one != value) {
        out.push(format!("{at}: {value} is not {}", schema["const"]));
    }
    let is_day = |text: &str| text.len() == 10 && text.matches('-').count() == 2;
    let wrong_day = value.as_str().filter(|text| !is_day(text));
    if let (Some("date"), Some(text)) = (schema["format"].as_str(), wrong_day) {
        out.push(format!("{at}: {text} is no day"));
    }
    match value {
        Value::Object(map) => inside(all, schema, map, at, out),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                let of = schema["prefixItems"].get(n).or(schema.get("items"));
                if let Some(of) = of {
                    faults(all, of, item, &format!("{at}[{n}]"), out);
                }
            }
        }
        _ => {}
    }
}

/// The fields of an object: all that must be there, none that nobody described.
fn inside(
    all: &Value,
    schema: &Value,
    map: &serde_json::Map<String, Value>,
    at: &str,
    out: &mut Vec<String>,
) {
    for name in schema["required"].as_array().into_iter().flatten() {
        if !map.contains_key(name.as_str().unwrap()) {
            out.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, value) in map {
        match schema["properties"].get(name) {
            Some(of) => faults(all, of, value, &format!("{at}.{name}"), out),
            None if schema["additionalProperties"] == false => {
                out.push(format!("{at}: {name} is not described"));
            }
            None => {}
        }
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => value.is_null(),
    }
}

fn read(served: &Served, path: &str) -> Value {
    let answer = served.get(path);
    assert_eq!(answer.code, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// What an answer breaks of the schema that its address promises.
fn broken(served: &Served, all: &Value, address: &str, path: &str) -> Vec<String> {
    let content = &all["paths"][address]["get"]["responses"]["200"]["content"];
    let schema = &content["application/json"]["schema"];
    assert!(schema.is_object(), "{address} is not described");
    let mut out = Vec::new();
    faults(all, schema, &read(served, path), path, &mut out);
    out
}

#[test]
fn every_answer_is_as_described() {
    let served = Served::example();
    let all = read(&served, "/api/v1/openapi.json");
    let mut wrong = Vec::new();
    let mut kinds = BTreeSet::new();
    for address in all["paths"].as_object().unwrap().keys() {
        let is_json = all["paths"][address]["get"]["responses"]["200"]["content"]
            .get("application/json")
            .is_some();
        if !is_json {
            continue;
        }
        let path = match address.as_str() {
            "/api/v1/processes/{id}" => "/api/v1/processes/coalition-talks".to_owned(),
            path if path.contains('{') => continue,
            "/api/v1/search" => "/api/v1/search?q=talks".to_owned(),
            path => format!("{path}?limit=500"),
        };
        wrong.extend(broken(&served, &all, address, &path));
        // One row of each list, by itself and with its reasons, and as a part.
        let page = read(&served, &path);
        let Some(id) = page["items"][0]["id"].as_str() else {
            continue;
        };
        kinds.insert(id[..1].to_owned());
        let row = format!("/api/v1/rows/{id}");
        wrong.extend(broken(&served, &all, "/api/v1/rows/{id}", &row));
        let why = format!("{row}/why");
        wrong.extend(broken(&served, &all, "/api/v1/rows/{id}/why", &why));
        wrong.extend(broken(
            &served,
            &all,
            address,
            &format!("{address}?fields=id&limit=3"),
        ));
        if let Some(member) = page["items"][0]["members"][0]["id"].as_str() {
            let row = format!("/api/v1/rows/{member}");
            wrong.extend(broken(&served, &all, "/api/v1/rows/{id}", &row));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(kinds.len() > 12, "rows of few kinds: {kinds:?}");
}

#[test]
fn a_suppressed_row_leaves_a_tombstone_with_who_and_why() {
    let served = Served::new();
    let before = read(&served, "/api/v1/changes");
    let next = before["next"].as_str().unwrap();
    let event = read(&served, "/api/v1/events?limit=1")["items"][0]["id"].clone();
    let event = event.as_str().unwrap();
    let out = crate::on(
        &served.desk,
        &[
            "correct",
            event,
            "suppressed",
            "true",
            "--why",
            "a joke",
            "--who",
            "Ana",
        ],
    );
    assert_eq!(out.code, 0, "{}", out.err);
    let all = read(&served, "/api/v1/openapi.json");
    let path = format!("/api/v1/changes?since={next}");
    assert_eq!(
        broken(&served, &all, "/api/v1/changes", &path),
        Vec::<String>::new()
    );
    let after = read(&served, &path);
    let rows = after["items"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["tombstone"], true);
    assert_eq!(
        (&rows[0]["who"], &rows[0]["reason"]),
        (&json!("Ana"), &json!("a joke"))
    );
    assert_eq!(served.get(&format!("/api/v1/rows/{event}")).code, 404);
}

#[test]
fn faults_are_problem_details() {
    let served = Served::new();
    let all = read(&served, "/api/v1/openapi.json");
    let send = |request: &str| {
        let host = &served.address;
        served.send(&format!(
            "{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        ))
    };
    for (request, code) in [
        ("GET /api/v1/nothing", 404),
        ("GET /api/v1/rows/e-000000000000", 404),
        ("GET /api/v1/rows/", 404),
        ("GET /api/v1/processes/none", 404),
        ("GET /api/v1/events?limit=0", 422),
        ("GET /api/v1/events?to=", 422),
        ("GET /api/v1/events?fields=colour", 422),
        ("GET /api/v1/events?as_of=2024-02-30", 422),
        ("GET /api/v1/search?cursor=zz&q=a", 422),
        ("GET /api/v1/changes?since=-1", 422),
        ("GET /api/v1/changes?since=18446744073709551615", 422),
        ("POST /api/v1/events", 405),
        ("PUT /api/v1/events", 405),
        ("DELETE /api/v1", 405),
    ] {
        let answer = send(request);
        assert_eq!(answer.code, code, "{request}: {}", answer.body);
        assert!(
            answer.head.contains("application/problem+json"),
            "{request}"
        );
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let mut wrong = Vec::new();
        let schema = json!({"$ref": "#/components/schemas/Problem"});
        faults(&all, &schema, &body, request, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(body["status"], code);
        assert_eq!(
            code == 405,
            answer.head.contains("allow: get, head"),
            "{request}"
        );
    }
    let elsewhere =
        served.send("GET /api/v1 HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n");
    assert_eq!(elsewhere.code, 403);
    assert!(elsewhere.head.contains("application/problem+json"));
    let form = served.send(&format!(
        "POST /correct HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}",
        served.address
    ));
    assert_eq!(form.code, 415);
}

#[test]
fn a_head_is_an_answer_without_its_body_and_a_known_tag_gets_none() {
    let served = Served::new();
    let ask = |method: &str, extra: &str| {
        let host = &served.address;
        served.send(&format!(
            "{method} /api/v1/events HTTP/1.1\r\nHost: {host}\r\n{extra}Connection: close\r\n\r\n"
        ))
    };
    let whole = ask("GET", "");
    let head = ask("HEAD", "");
    assert_eq!((head.code, head.body.as_str()), (200, ""));
    let line = |answer: &str, name: &str| {
        let found = answer.lines().find(|l| l.starts_with(name));
        found.unwrap_or_default().to_owned()
    };
    for name in ["etag", "content-type", "content-length"] {
        assert_eq!(line(&head.head, name), line(&whole.head, name));
    }
    let tag = line(&whole.head, "etag").replace("etag: ", "");
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".to_owned(),
    ] {
        let again = ask("GET", &format!("If-None-Match: {known}\r\n"));
        assert_eq!((again.code, again.body.as_str()), (304, ""), "{known}");
    }
    assert_eq!(ask("GET", "If-None-Match: \"other\"\r\n").code, 200);
}

//! The shape of every row as JSON Schema, read from the Rust sources that serialize it.
//!
//! `data/desk/schemas.json` is written by the test at the end of this file, which fails when a row
//! has changed and the file has not: `RAPPORTEUR_BLESS=1` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value, json};

/// Sources in order: the first that declares a name wins.
const SOURCES: [&str; 13] = [
    "record/src/rows.rs",
    "record/src/store.rs",
    "record/src/search.rs",
    "record/src/view/mod.rs",
    "desk/src/web/api/changes.rs",
    "desk/src/web/api/process.rs",
    "coder/src/model.rs",
    "story/src/model.rs",
    "page/src/article.rs",
    "temporal/src/timex.rs",
    "base/src/span.rs",
    "base/src/interval.rs",
    "base/src/quantity.rs",
];

/// Types that answers begin with.
const ROOTS: [&str; 25] = [
    "DocRow",
    "EventRow",
    "MentionRow",
    "ActorRow",
    "PlaceRow",
    "TimeRow",
    "FigureRow",
    "SeriesRow",
    "QuoteRow",
    "PositionRow",
    "CommitmentRow",
    "IndicatorRow",
    "AssessmentRow",
    "ComparisonRow",
    "FamilyRow",
    "StoryRow",
    "SagaRow",
    "TimelineRow",
    "Brief",
    "Hit",
    "WhyRow",
    "ChangeRow",
    "Correction",
    "InboxRow",
    "ProcessPage",
];

/// A field or a variant: name, type (empty for a variant), words, attributes.
#[derive(Debug)]
struct Part {
    name: String,
    of: String,
    about: String,
    marks: String,
}

/// A struct or an enumeration as its source declares it.
#[derive(Debug)]
struct Shape {
    is_enum: bool,
    about: String,
    marks: String,
    parts: Vec<Part>,
}

/// Declarations of a source laid out by rustfmt.
fn read(source: &str, out: &mut BTreeMap<String, Shape>) {
    let (mut about, mut marks) = (String::new(), String::new());
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let head = line.strip_suffix(" {").unwrap_or(line);
        let declared = ["pub struct ", "pub enum ", "pub(crate) struct "]
            .into_iter()
            .find_map(|start| Some((start, head.strip_prefix(start)?)));
        if let Some(words) = line.strip_prefix("///") {
            push_words(&mut about, words);
        } else if line.starts_with("#[") {
            marks.push_str(&attribute(line, &mut lines));
        } else if let (Some((start, name)), true) = (declared, line.ends_with('{')) {
            let shape = Shape {
                is_enum: start == "pub enum ",
                about: std::mem::take(&mut about),
                marks: std::mem::take(&mut marks),
                parts: parts(&mut lines),
            };
            out.entry(name.to_owned()).or_insert(shape);
        } else {
            about.clear();
            marks.clear();
        }
    }
}

fn push_words(about: &mut String, words: &str) {
    if !about.is_empty() {
        about.push(' ');
    }
    about.push_str(words.trim());
}

/// An attribute, over several lines if need be.
fn attribute<'s>(line: &str, lines: &mut impl Iterator<Item = &'s str>) -> String {
    let mut text = line.to_owned();
    while !text.ends_with(']') {
        match lines.next() {
            Some(more) => text.push_str(more.trim()),
            None => break,
        }
    }
    text
}

fn parts<'s>(lines: &mut impl Iterator<Item = &'s str>) -> Vec<Part> {
    let (mut out, mut about, mut marks) = (Vec::new(), String::new(), String::new());
    while let Some(line) = lines.next() {
        if line == "}" {
            break;
        }
        let line = line.trim();
        if let Some(words) = line.strip_prefix("///") {
            push_words(&mut about, words);
        } else if line.starts_with("#[") {
            marks.push_str(&attribute(line, lines));
        } else if let Some(part) = line.strip_suffix(',') {
            let part = part.trim_start_matches("pub(crate) ");
            let (name, of) = part
                .trim_start_matches("pub ")
                .split_once(": ")
                .unwrap_or((part, ""));
            out.push(Part {
                name: name.to_owned(),
                of: of.to_owned(),
                about: std::mem::take(&mut about),
                marks: std::mem::take(&mut marks),
            });
        }
    }
    out
}

/// The schema of a type; names of other shapes that it needs go to `needed`.
fn of_type(text: &str, needed: &mut BTreeSet<String>) -> Value {
    let inside = |start: &str, end: &str| {
        let rest = text.strip_prefix(start)?;
        rest.strip_suffix(end)
    };
    if let Some(inner) = inside("Option<", ">") {
        return nullable(of_type(inner, needed));
    }
    if let Some(inner) = inside("Vec<", ">") {
        return json!({"type": "array", "items": of_type(inner, needed)});
    }
    if let Some(inner) = inside("(", ")") {
        let items: Vec<Value> = inner.split(", ").map(|t| of_type(t, needed)).collect();
        let n = items.len();
        return json!({"type": "array", "prefixItems": items, "minItems": n, "maxItems": n});
    }
    match text.rsplit("::").next().unwrap_or(text) {
        "String" => json!({"type": "string"}),
        "bool" => json!({"type": "boolean"}),
        "u8" => json!({"type": "integer", "minimum": 0, "maximum": 255}),
        "usize" | "u64" | "u32" | "Seq" => json!({"type": "integer", "minimum": 0}),
        "f32" | "f64" => json!({"type": "number"}),
        "Date" => json!({"type": "string", "format": "date"}),
        "Id" => json!({"type": "string", "pattern": "^[0-9a-f]{32}$"}),
        name => {
            needed.insert(name.to_owned());
            json!({"$ref": format!("#/components/schemas/{name}")})
        }
    }
}

fn nullable(mut schema: Value) -> Value {
    match schema["type"].as_str() {
        Some(kind) => {
            schema["type"] = json!([kind, "null"]);
            schema
        }
        None => json!({"anyOf": [schema, {"type": "null"}]}),
    }
}

/// The word of an enumeration's variant in JSON.
fn worded(name: &str, marks: &str) -> String {
    let parted = |sign: char| {
        let mut out = String::new();
        for (at, c) in name.chars().enumerate() {
            if c.is_uppercase() && at > 0 {
                out.push(sign);
            }
            out.extend(c.to_lowercase());
        }
        out
    };
    match marks
        .split("rename_all = \"")
        .nth(1)
        .and_then(|m| m.split('"').next())
    {
        Some("lowercase") => name.to_lowercase(),
        Some("UPPERCASE") => name.to_uppercase(),
        Some("kebab-case") => parted('-'),
        Some("snake_case") => parted('_'),
        _ => name.to_owned(),
    }
}

fn schema(shape: &Shape, all: &BTreeMap<String, Shape>, needed: &mut BTreeSet<String>) -> Value {
    if shape.is_enum {
        let words: Vec<String> = shape
            .parts
            .iter()
            .map(|part| worded(&part.name, &shape.marks))
            .collect();
        return json!({"type": "string", "description": shape.about, "enum": words});
    }
    let (mut properties, mut required) = (Map::new(), Vec::new());
    fields(shape, all, needed, &mut properties, &mut required);
    json!({"type": "object", "description": shape.about, "properties": properties,
        "required": required, "additionalProperties": false})
}

fn fields(
    shape: &Shape,
    all: &BTreeMap<String, Shape>,
    needed: &mut BTreeSet<String>,
    properties: &mut Map<String, Value>,
    required: &mut Vec<String>,
) {
    for part in &shape.parts {
        if part.marks.contains("serde(skip)") {
            continue;
        }
        if part.marks.contains("flatten") {
            fields(&all[&part.of], all, needed, properties, required);
            continue;
        }
        let mut of = of_type(&part.of, needed);
        if let (Value::Object(map), false) = (&mut of, part.about.is_empty()) {
            map.insert("description".to_owned(), json!(part.about));
        }
        if !part.marks.contains("skip_serializing_if") {
            required.push(part.name.clone());
        }
        properties.insert(part.name.clone(), of);
    }
}

/// Every schema that the answers need.
fn schemas() -> Value {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut all = BTreeMap::new();
    for source in SOURCES.iter().chain(&["base/src/why.rs"]) {
        read(
            &std::fs::read_to_string(crates.join(source)).unwrap(),
            &mut all,
        );
    }
    let mut out = Map::new();
    let mut needed: BTreeSet<String> = ROOTS.iter().map(|name| (*name).to_owned()).collect();
    while let Some(name) = needed.pop_first() {
        if out.contains_key(&name) {
            continue;
        }
        let shape = all.get(&name);
        let shape = shape.unwrap_or_else(|| panic!("no source in SOURCES declares {name}"));
        let mut more = BTreeSet::new();
        out.insert(name, schema(shape, &all, &mut more));
        needed.extend(more);
    }
    Value::Object(out)
}

#[test]
fn the_schemas_are_those_of_the_rows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/desk/schemas.json");
    let now = format!("{:#}\n", schemas());
    if std::env::var_os("RAPPORTEUR_BLESS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == now,
        "a row has changed: RAPPORTEUR_BLESS=1 cargo test --workspace --lib schemas, and read the difference"
    );
}

#[test]
fn a_declaration_is_read_with_its_words_and_marks() {
    let mut all = BTreeMap::new();
    read(
        "/// A row.\n#[derive(Debug)]\npub struct Row {\n    /// Days.\n    pub days: Option<Vec<Date>>,\n    #[serde(skip)]\n    pub(crate) keys: Id,\n}\n\
         /// Kinds.\n#[serde(rename_all = \"kebab-case\")]\npub enum Kind {\n    OnlyIn,\n}\n",
        &mut all,
    );
    let mut needed = BTreeSet::new();
    let row = schema(&all["Row"], &all, &mut needed);
    assert_eq!(row["description"], "A row.");
    assert_eq!(row["required"], json!(["days"]));
    assert_eq!(row["properties"]["days"]["type"], json!(["array", "null"]));
    assert_eq!(row["properties"]["days"]["items"]["format"], "date");
    assert_eq!(
        schema(&all["Kind"], &all, &mut needed)["enum"],
        json!(["only-in"])
    );
}

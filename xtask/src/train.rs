//! Learning the language models.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rapporteur_base::{CodePoints, Span, sha256_hex};
use rapporteur_text::EntityKind;
use rapporteur_text::conllu::{self, Block};
use rapporteur_text::train::{self as learn, Data, NamedSentence};
use serde_json::Value;

use crate::{option, say};

/// The genres of GUM whose texts are open; the others are non-commercial and stay out.
const GUM_GENRES: [&str; 8] = [
    "news",
    "interview",
    "bio",
    "voyage",
    "textbook",
    "vlog",
    "conversation",
    "speech",
];

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let data_dir = PathBuf::from(option(args, "--data").ok_or("--data DIR is missing")?);
    let out = PathBuf::from(option(args, "--out").unwrap_or("data/text"));
    let mut data = Data {
        trees: trees(&data_dir)?,
        names: names(&data_dir)?,
        ..Data::default()
    };
    clusters(Path::new(CLASSES), &mut data)?;
    data.vectors = fs::read(VECTORS).map_err(|e| format!("{VECTORS}: {e}"))?;
    say(&format!(
        "{} trees, {} sentences with names",
        data.trees.len(),
        data.names.len()
    ));
    let learnt = learn::train(&data, &mut |line| say(&line));
    write(&out.join("model.bin"), &learnt.model)?;
    write(&out.join("lemmas.tsv"), learnt.lemmas.as_bytes())?;
    let classes = fs::read(CLASSES).map_err(|e| format!("{CLASSES}: {e}"))?;
    let sums = [
        ("model.bin", learnt.model.as_slice()),
        ("lemmas.tsv", learnt.lemmas.as_bytes()),
        ("clusters.tsv", &classes),
        ("vectors.bin", &data.vectors),
    ];
    let mut manifest = MANIFEST.to_owned();
    for (name, bytes) in sums {
        manifest.push_str(&format!("\"{name}\" = \"{}\"\n", sha256_hex(bytes)));
    }
    write(&out.join("manifest.toml"), manifest.as_bytes())
}

/// The table of word classes that training reads.
const CLASSES: &str = "data/text/clusters.tsv";

/// The vectors of its words that training begins with.
const VECTORS: &str = "data/text/vectors.bin";

/// The head of the manifest; the sums follow.
const MANIFEST: &str = r#"# Written by the command below; do not edit.
command = "cargo xtask train --data DIR"
data = [
  "UD_English-EWT train (CC BY-SA 4.0)",
  "UD_English-GUM train, genres news interview bio voyage textbook vlog conversation speech (CC BY, public domain)",
  "UNER_English-EWT train (CC BY-SA 4.0)",
  "WNUT17 train (CC BY 4.0)",
  "re3d train without BBC (public domain, OGL, CC BY, CC BY-SA)",
  "clusters.tsv and vectors.bin from all-MiniLM-L6-v2 (Apache-2.0)",
]

[sha256]
"#;

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()))
}

/// Reads `DIR/name` or `DIR/name.gz`.
pub(crate) fn read(dir: &Path, name: &str) -> Result<String, String> {
    let path = dir.join(name);
    if path.exists() {
        return fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()));
    }
    let path = dir.join(format!("{name}.gz"));
    let file = fs::File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(text)
}

fn trees(dir: &Path) -> Result<Vec<Block>, String> {
    let mut all: Vec<Block> = conllu::blocks(&read(dir, "ud/en_ewt-train.conllu")?).collect();
    let gum = read(dir, "ud/en_gum-train.conllu")?;
    all.extend(conllu::blocks(&gum).filter(|block| {
        let genre = block.comment("sent_id").and_then(|id| id.split('_').nth(1));
        genre.is_some_and(|genre| GUM_GENRES.contains(&genre))
    }));
    all.retain(|block| !block.words.is_empty());
    Ok(all)
}

fn names(dir: &Path) -> Result<Vec<NamedSentence>, String> {
    let mut all = iob(&read(dir, "ner/uner_en_ewt-train.iob")?);
    all.extend(iob(&read(dir, "ner/wnut17_en-train.iob")?));
    let re3d = defence(&read(dir, "re3d/re3d_en-train.jsonl")?)?;
    for _ in 0..2 {
        all.extend(re3d.iter().cloned());
    }
    Ok(all)
}

fn kind(name: &str) -> Option<EntityKind> {
    match name {
        "PER" | "person" | "Person" => Some(EntityKind::Per),
        "ORG" | "corporation" | "group" | "Organisation" => Some(EntityKind::Org),
        "LOC" | "location" | "Location" => Some(EntityKind::Loc),
        "OTH" | "MISC" | "product" | "creative-work" | "Nationality" => Some(EntityKind::Misc),
        _ => None,
    }
}

pub(crate) fn iob(text: &str) -> Vec<NamedSentence> {
    let mut all = Vec::new();
    let mut sentence = NamedSentence::default();
    for line in text.lines().chain([""]) {
        let Some((form, tag)) = line.split_once('\t') else {
            if !sentence.forms.is_empty() {
                all.push(std::mem::take(&mut sentence));
            }
            continue;
        };
        let (mark, name) = tag.trim().split_once('-').unwrap_or(("O", ""));
        sentence.forms.push(form.to_owned());
        sentence
            .names
            .push(kind(name).map(|kind| (kind, mark == "B")));
    }
    all
}

/// Documents with entities by code point; nested ones give way to the longest.
fn defence(text: &str) -> Result<Vec<NamedSentence>, String> {
    let mut all = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let row: Value =
            serde_json::from_str(line).map_err(|e| format!("re3d line {}: {e}", number + 1))?;
        // Its licence is non-commercial.
        if row["source"].as_str().is_none_or(|s| s.contains("BBC")) {
            continue;
        }
        let text = row["text"].as_str().unwrap_or_default();
        all.extend(named(text, &entities(text, &row["entities"])));
    }
    Ok(all)
}

fn entities(text: &str, rows: &Value) -> Vec<(Span, EntityKind)> {
    let points = CodePoints::new(text);
    let mut found: Vec<(Span, EntityKind)> = rows
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|e| {
            let offset = |i: usize| Some(points.to_byte(usize::try_from(e[i].as_u64()?).ok()?));
            Some((Span::new(offset(0)?, offset(1)?), kind(e[2].as_str()?)?))
        })
        .collect();
    found.sort_by_key(|(span, kind)| (std::cmp::Reverse(span.len()), span.start, *kind));
    let mut kept: Vec<(Span, EntityKind)> = Vec::new();
    for (span, kind) in found {
        if !kept.iter().any(|(other, _)| other.overlaps(span)) {
            kept.push((span, kind));
        }
    }
    kept
}

fn named(text: &str, entities: &[(Span, EntityKind)]) -> Vec<NamedSentence> {
    learn::cut(text)
        .iter()
        .map(|tokens| {
            let mut before: Option<Span> = None;
            let names = tokens
                .iter()
                .map(|token| {
                    let hit = entities.iter().find(|(span, _)| span.overlaps(*token));
                    let name = hit.map(|(span, kind)| (*kind, before != Some(*span)));
                    before = hit.map(|(span, _)| *span);
                    name
                })
                .collect();
            let forms = tokens.iter().map(|t| t.of(text).to_owned()).collect();
            NamedSentence { forms, names }
        })
        .collect()
}

/// The committed table of word classes: "word TAB fine TAB coarse".
fn clusters(path: &Path, data: &mut Data) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let row = (
            columns.next(),
            columns.next().map(str::parse::<u16>),
            columns.next().map(str::parse::<u8>),
        );
        let (Some(word), Some(Ok(fine)), Some(Ok(coarse))) = row else {
            return Err(format!(
                "{}: not \"word TAB class TAB class\": {line}",
                path.display()
            ));
        };
        data.clusters.push((word.to_owned(), fine));
        let at = usize::from(fine);
        if data.coarse.len() <= at {
            data.coarse.resize(at + 1, 0);
        }
        data.coarse[at] = coarse;
    }
    Ok(())
}

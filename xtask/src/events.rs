//! Learns the ranker of events from the project's own sentences.

use std::fs;
use std::path::{Path, PathBuf};

use rapporteur_coder::events::rank::gold::{Gold, read};
use rapporteur_coder::events::rank::{CLASSES, Example, class, train};
use rapporteur_coder::{Coder, Coding, Event, Input};
use rapporteur_text::Reader;

use crate::{option, say};

/// `train-events [--data DIR] [--out FILE]`.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let data = PathBuf::from(option(args, "--data").unwrap_or("data/events/sentences"));
    let out = PathBuf::from(option(args, "--out").unwrap_or("data/events/ranker.bin"));
    let mut files: Vec<PathBuf> = fs::read_dir(&data)
        .map_err(|error| format!("{}: {error}: give a folder of sentences", data.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "tsv"))
        .collect();
    files.sort();
    let reader = Reader::embedded();
    let coder = Coder::embedded();
    let mut examples = Vec::new();
    for file in &files {
        let before = examples.len();
        add(file, &reader, &coder, &mut examples)?;
        say(&format!(
            "{}: {} examples",
            file.display(),
            examples.len() - before
        ));
    }
    let model = train(&examples);
    fs::write(&out, &model).map_err(|error| format!("{}: {error}", out.display()))?;
    say(&format!(
        "{} examples, {} bytes",
        examples.len(),
        model.len()
    ));
    Ok(())
}

fn add(
    file: &Path,
    reader: &Reader,
    coder: &Coder,
    examples: &mut Vec<Example>,
) -> Result<(), String> {
    let table = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    for (_, text, golds) in read(&file.display().to_string(), &table)? {
        let text = text.as_str();
        let sentences = reader.read(text);
        let times = rapporteur_temporal::tag(text, None);
        let input = Input {
            text,
            blocks: &[],
            sentences: &sentences,
            times: &times,
            published: None,
        };
        let coding: Coding = coder.code(&input);
        for (event, features) in coder.events.candidate_features(&input, &coding) {
            let class = class(label(text, &event, &golds)).unwrap_or(CLASSES.len() - 1);
            examples.push(Example { features, class });
        }
        for gold in &golds {
            for (source, target) in pairs(gold) {
                let features = coder.events.pair_features(&input, &coding, source, target);
                if let (Some(features), Some(class)) = (features, class(&gold.kind)) {
                    examples.push(Example { features, class });
                }
            }
        }
    }
    Ok(())
}

/// What a candidate of the frames is by the gold: its own type where the gold has it, the type of the
/// event that shares its trigger, or none.
fn label<'g>(text: &str, event: &Event, golds: &'g [Gold]) -> &'g str {
    let shares = |gold: &&Gold| {
        event.trigger.iter().any(|span| {
            let words = span.of(text);
            gold.trigger.contains(words) || words.contains(&gold.trigger)
        })
    };
    golds
        .iter()
        .filter(shares)
        .max_by_key(|gold| gold.kind == event.kind)
        .or_else(|| golds.iter().find(|gold| gold.kind == event.kind))
        .map_or("NONE", |gold| gold.kind.as_str())
}

/// The pairs that an event joins: each source with each target; parties of a meeting with each other.
fn pairs(gold: &Gold) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    if gold.target.is_empty() {
        for (at, a) in gold.source.iter().enumerate() {
            for b in &gold.source[at + 1..] {
                out.push((a.as_str(), b.as_str()));
            }
        }
        if out.is_empty() {
            out.extend(gold.source.iter().map(|s| (s.as_str(), "")));
        }
    } else if gold.source.is_empty() {
        out.extend(gold.target.iter().map(|t| ("", t.as_str())));
    } else {
        for s in &gold.source {
            out.extend(gold.target.iter().map(|t| (s.as_str(), t.as_str())));
        }
    }
    out
}

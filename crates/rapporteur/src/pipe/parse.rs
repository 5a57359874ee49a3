use std::io::{Read, Write};

use rapporteur_base::CodePoints;
use rapporteur_text::conllu::{self, Block};
use rapporteur_text::{EntityKind, Reader};
use serde_json::{Value, json};

use super::{Outcome, closed, field, refuse};
use crate::cli::exit;

/// Arguments of `rapporteur pipe parse`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Standard input is plain text, not CoNLL-U
    #[arg(long)]
    raw: bool,
}

/// CoNLL-U (or raw text) -> CoNLL-U.
pub(super) fn run(args: &Args) -> u8 {
    let mut bytes = Vec::new();
    if let Err(error) = std::io::stdin().lock().read_to_end(&mut bytes) {
        return refuse(&error.to_string());
    }
    let input = String::from_utf8_lossy(&bytes);
    let reader = Reader::embedded();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let written = if args.raw {
        raw(&reader, &input, &mut out)
    } else {
        words(&reader, &input, &mut out)
    };
    match written.and_then(|()| out.flush()) {
        Ok(()) => exit::OK,
        Err(error) => closed(&error),
    }
}

/// Keeps the words, comments and multiword tokens of the input; everything else is ours.
fn words(reader: &Reader, input: &str, out: &mut impl Write) -> std::io::Result<()> {
    let mut text = String::new();
    for block in conllu::blocks(input) {
        let forms: Vec<&str> = block.words.iter().map(|w| w.form.as_str()).collect();
        text.clear();
        conllu::write(&mut text, &reader.read_words(&forms), &forms, Some(&block));
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn raw(reader: &Reader, input: &str, out: &mut impl Write) -> std::io::Result<()> {
    let mut text = String::new();
    for sentence in reader.read(input) {
        let forms: Vec<&str> = sentence.tokens.iter().map(|t| t.span.of(input)).collect();
        let line = sentence.span.of(input).replace(['\n', '\r'], " ");
        let comments = vec![format!("# text = {line}")];
        let block = Block {
            comments,
            ..Block::default()
        };
        text.clear();
        conllu::write(&mut text, &sentence, &forms, Some(&block));
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// `{"id","text"}` -> names (`PER`, `ORG`, `LOC`, `MISC`) and mentions (`Person`, `Organisation`,
/// `Location`): every phrase that stands for one, named or not; mentions may nest.
pub(super) fn entities(reader: &Reader, row: &Value) -> Outcome {
    let text = field(row, "text")?;
    let points = CodePoints::new(text);
    let mut names: Vec<Value> = Vec::new();
    for sentence in reader.read(text) {
        names.extend(sentence.names.iter().map(|name| {
            let (start, end) = points.span(name.span);
            json!([start, end, name.kind])
        }));
        names.extend(reader.mentions(text, &sentence).iter().map(|mention| {
            let (start, end) = points.span(mention.span);
            json!([start, end, described(mention.kind)])
        }));
    }
    Ok(json!({"id": row.get("id"), "entities": names}))
}

/// The type of a mention: a whole word, so that nobody takes it for a name's.
fn described(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Per => "Person",
        EntityKind::Org => "Organisation",
        EntityKind::Loc => "Location",
        EntityKind::Misc => "Other",
    }
}

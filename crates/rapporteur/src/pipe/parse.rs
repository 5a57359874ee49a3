use std::io::Read;

use rapporteur_base::CodePoints;
use rapporteur_text::Reader;
use serde_json::{Value, json};

use super::{Outcome, field, refuse};
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
    let mut input = String::new();
    if let Err(error) = std::io::stdin().lock().read_to_string(&mut input) {
        return refuse(&error.to_string());
    }
    let _ = (args.raw, input);
    exit::OK
}

/// `{"id","text"}` -> names.
pub(super) fn entities(reader: &Reader, row: &Value) -> Outcome {
    let text = field(row, "text")?;
    let points = CodePoints::new(text);
    let names: Vec<Value> = reader
        .read(text)
        .iter()
        .flat_map(|sentence| &sentence.names)
        .map(|name| {
            let (start, end) = points.span(name.span);
            json!([start, end, name.kind])
        })
        .collect();
    Ok(json!({"id": row.get("id"), "entities": names}))
}

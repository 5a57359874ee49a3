use rapporteur_base::{CodePoints, Span};
use rapporteur_coder::actors::Actors;
use rapporteur_coder::{Coding, Input, quotes};
use rapporteur_text::Reader;
use serde_json::{Value, json};

use super::{Outcome, field};

/// `{"id","text"}` -> quotations.
pub(super) fn filter(reader: &Reader, actors: &Actors, row: &Value) -> Outcome {
    let text = field(row, "text")?;
    let sentences = reader.read(text);
    let input = Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &[],
        published: None,
    };
    let coding = Coding {
        actors: actors.find(&input),
        ..Coding::default()
    };
    let points = CodePoints::new(text);
    let spans = |list: &[Span]| -> Vec<Value> {
        list.iter()
            .map(|span| {
                let (start, end) = points.span(*span);
                json!([start, end])
            })
            .collect()
    };
    let quotes: Vec<Value> = quotes::find(&input, &coding)
        .iter()
        .map(|quote| {
            let source: Vec<Span> = quote.speaker.iter().map(|party| party.span).collect();
            json!({
                "source": spans(&source),
                "cue": spans(&quote.cue),
                "content": spans(&quote.content),
                "kind": quote.kind,
            })
        })
        .collect();
    Ok(json!({"id": row.get("id"), "quotes": quotes}))
}

//! Reads JSON lines `{"id","dct","text"}` and writes the time expressions of each, offsets in code
//! points.
#![allow(clippy::print_stdout, reason = "a command-line example")]

use std::io::BufRead;

use rapporteur_base::CodePoints;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().unwrap_or("");
        let dct = row["dct"].as_str().and_then(|d| d.get(..10)?.parse().ok());
        let points = CodePoints::new(text);
        let timexes: Vec<Value> = rapporteur_temporal::tag(text, dct)
            .into_iter()
            .map(|t| {
                let (start, end) = points.span(t.span);
                json!({"start": start, "end": end, "type": t.kind, "value": t.value, "mod": t.modifier,
                       "value_to": t.value_to, "interval": t.interval, "relation": t.relation,
                       "anchor": t.anchor, "rule": t.why.rule})
            })
            .collect();
        println!("{}", json!({"id": row["id"], "timexes": timexes}));
    }
    Ok(())
}

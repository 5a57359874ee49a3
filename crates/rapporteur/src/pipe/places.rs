use rapporteur_base::CodePoints;
use rapporteur_coder::{Input, places::Places};
use rapporteur_text::Reader;
use serde_json::{Value, json};

use super::{Outcome, field};

/// `{"id","text"}` -> every name of a place, with its country and what it stands for.
pub(super) fn filter(reader: &Reader, places: &Places, row: &Value) -> Outcome {
    let text = field(row, "text")?;
    let sentences = reader.read(text);
    let input = Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &[],
        published: None,
    };
    let points = CodePoints::new(text);
    let found: Vec<Value> = places
        .toponyms(&input)
        .iter()
        .map(|place| {
            let (start, end) = points.span(place.span);
            json!({
                "start": start,
                "end": end,
                "name": place.name,
                "country": place.country,
                "lat": place.position.map(|p| p.0),
                "lon": place.position.map(|p| p.1),
                "precision": place.precision,
                "usage": place.usage.name(),
                "reason": place.why,
            })
        })
        .collect();
    Ok(json!({"id": row.get("id"), "places": found}))
}

use rapporteur_coder::actors::Actors;
use serde_json::{Value, json};

use super::{Outcome, day, field};

/// `{"id","text","context"?,"date"?}` -> the actor; what is not known is an empty string.
pub(super) fn filter(actors: &Actors, row: &Value) -> Outcome {
    let text = field(row, "text")?;
    let context = row.get("context").and_then(Value::as_str).unwrap_or("");
    let actor = actors.resolve(text, context, day(row, "date")?);
    Ok(json!({
        "id": row.get("id"),
        "actor": {
            "country": actor.country.unwrap_or_default(),
            "code_1": actor.sector.unwrap_or_default(),
            "code_2": actor.sector_2.unwrap_or_default(),
            "name": actor.name,
        },
    }))
}

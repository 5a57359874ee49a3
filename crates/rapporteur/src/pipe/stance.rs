use rapporteur_base::CodePoints;
use serde_json::{Value, json};

use super::{Outcome, field};

/// `{"headline","body"}` -> what the body makes of the headline, and the sentences that show it.
pub(super) fn filter(row: &Value) -> Outcome {
    let (headline, body) = (field(row, "headline")?, field(row, "body")?);
    let judged = rapporteur_story::stance(headline, body);
    let points = CodePoints::new(body);
    let evidence: Vec<Value> = judged
        .evidence
        .iter()
        .map(|span| {
            let (start, end) = points.span(*span);
            json!([start, end])
        })
        .collect();
    let mut answer = json!({"stance": judged.stance, "evidence": evidence});
    if let Some(id) = row.get("id") {
        answer["id"] = id.clone();
    }
    Ok(answer)
}

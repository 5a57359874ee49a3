use rapporteur_base::CodePoints;
use serde_json::{Map, Value, json};

use super::{Outcome, day, field};

/// `{"id","dct","text"}` -> the time expressions.
pub(super) fn filter(row: &Value) -> Outcome {
    let text = field(row, "text")?;
    let points = CodePoints::new(text);
    let timexes: Vec<Value> = rapporteur_temporal::tag(text, day(row, "dct")?)
        .into_iter()
        .map(|timex| {
            let (start, end) = points.span(timex.span);
            let mut out = Map::new();
            out.insert("start".into(), json!(start));
            out.insert("end".into(), json!(end));
            out.insert("type".into(), json!(timex.kind));
            out.insert("value".into(), json!(timex.value));
            if let Some(modifier) = timex.modifier {
                out.insert("mod".into(), json!(modifier));
            }
            if let Some(to) = timex.value_to {
                out.insert("value_to".into(), json!(to));
            }
            out.insert("from".into(), json!(timex.interval.and_then(|i| i.from)));
            out.insert("to".into(), json!(timex.interval.and_then(|i| i.to)));
            if let Some(relation) = timex.relation {
                out.insert("relation".into(), json!(relation));
            }
            out.insert("anchor".into(), json!(timex.anchor));
            out.insert("rule".into(), json!(timex.why.rule));
            Value::Object(out)
        })
        .collect();
    Ok(json!({"id": row.get("id"), "timexes": timexes}))
}

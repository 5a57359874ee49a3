use rapporteur_base::CodePoints;
use rapporteur_coder::roles::{Filler, Role, Roles};
use rapporteur_text::Reader;
use serde_json::{Map, Value, json};

use super::{Outcome, field};

/// Keys of each role: the short one, and that of the MUC-4 templates.
const KEYS: [(Role, &str, &str); 5] = [
    (Role::Perpetrator, "PerpInd", "perp_individual_id"),
    (Role::Organisation, "PerpOrg", "perp_organization_id"),
    (Role::Target, "Target", "phys_tgt_id"),
    (Role::Victim, "Victim", "hum_tgt_name"),
    (Role::Weapon, "Weapon", "incident_instrument_id"),
];

/// `{"id","text"}` -> the roles of an attack: under each key a list of entities, each a list of its
/// wordings; `evidence` has, in the same order, their passages and what spoke for them.
pub(super) fn filter(reader: &Reader, roles: &Roles, row: &Value) -> Outcome {
    let text = field(row, "text")?;
    let points = CodePoints::new(text);
    let fillers = roles.find(reader, text);
    let (mut named, mut evidence) = (Map::new(), Map::new());
    for (role, short, long) in KEYS {
        let own: Vec<&Filler> = fillers.iter().filter(|f| f.role == role).collect();
        let forms: Vec<&Vec<String>> = own.iter().map(|f| &f.forms).collect();
        named.insert(short.to_owned(), json!(forms));
        named.insert(long.to_owned(), json!(forms));
        let told: Vec<Value> = own.iter().map(|f| passages(&points, f)).collect();
        evidence.insert(short.to_owned(), json!(told));
    }
    Ok(json!({"id": row.get("id"), "roles": named, "evidence": evidence}))
}

fn passages(points: &CodePoints<'_>, filler: &Filler) -> Value {
    let spans: Vec<(usize, usize)> = filler.evidence.iter().map(|s| points.span(*s)).collect();
    json!({"spans": spans, "rule": filler.why.rule, "why": filler.why.features})
}

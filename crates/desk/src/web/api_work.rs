//! `/api/v1`: what people keep beside the record, read only: their briefs, saved queries, watched
//! addresses.

use rapporteur_record::{Filter, Kept, Store};
use serde_json::{Value, json};

use super::{Failure, Shared};
use crate::own::{Anchor, Evidence, OwnBrief};

/// Lists of this part: name, what it holds.
pub(super) const LISTS: [(&str, &str); 4] = [
    ("briefs", "Briefs that people write, newest versions"),
    (
        "briefs/{id}",
        "One of them, and how each of its citations stands",
    ),
    ("saved", "Saved queries with their feeds"),
    (
        "watched",
        "Feeds and pages that are watched, with their state",
    ),
];

/// Answers an address of this part; `None` for any other.
pub(super) fn found(shared: &Shared, parts: &[&str]) -> Option<Result<Value, Failure>> {
    Some(match parts {
        ["briefs"] => list(
            shared,
            "brief",
            |kept, body| json!({"id": kept.id, "title": body["title"], "version": kept.version, "who": kept.who, "at": kept.at}),
        ),
        ["briefs", id] => brief(shared, id),
        ["saved"] => list(shared, "saved", |kept, body| {
            json!({
                "id": kept.id, "name": body["name"], "path": body["path"], "query": body["query"],
                "atom": format!("/feeds/{}.atom", kept.id), "json": format!("/feeds/{}.json", kept.id),
            })
        }),
        ["watched"] => watched(shared),
        _ => return None,
    })
}

fn list(
    shared: &Shared,
    kind: &str,
    row: impl Fn(&Kept, &Value) -> Value,
) -> Result<Value, Failure> {
    let all = shared.desk()?.all_kept(kind)?;
    let rows = all.iter().map(|kept| {
        let body: Value = serde_json::from_str(&kept.body).unwrap_or_default();
        row(kept, &body)
    });
    Ok(json!({"items": rows.collect::<Vec<_>>(), "next": null}))
}

fn watched(shared: &Shared) -> Result<Value, Failure> {
    let desk = shared.desk()?;
    let (all, states) = (desk.all_kept("watch")?, desk.states("watch")?);
    let rows = all.iter().map(|kept| {
        let state = states.get(&kept.id).map_or("null", String::as_str);
        let state: Value = serde_json::from_str(state).unwrap_or_default();
        json!({"id": kept.id, "url": kept.body, "who": kept.who, "at": kept.at, "state": state})
    });
    Ok(json!({"items": rows.collect::<Vec<_>>(), "next": null}))
}

fn brief(shared: &Shared, id: &str) -> Result<Value, Failure> {
    let desk = shared.desk()?;
    let kept = desk
        .kept("brief", id)?
        .ok_or_else(|| Failure::not_found(format!("there is no brief {id}")))?;
    let own: OwnBrief = serde_json::from_str(&kept.body).map_err(|_| Failure::internal())?;
    let loaded = shared.view(&Filter::default())?;
    let log = desk.corrections()?;
    let evidence = Evidence::of(&loaded.view, &log);
    let cites = own.sentences().flat_map(|(n, m, sentence)| {
        let cites = sentence.cites().map(|cite| (cite, evidence.anchor(cite)));
        let rows = cites.map(move |(cite, anchor)| {
            let state = match &anchor {
                Anchor::Live => "live",
                Anchor::Moved(..) => "moved",
                Anchor::Corrected(_) => "corrected",
                Anchor::Gone(_) => "gone",
            };
            json!({
                "section": n, "sentence": m, "doc": cite.doc, "start": cite.start, "end": cite.end,
                "text": cite.exact, "state": state, "fault": anchor.fault(),
            })
        });
        rows.collect::<Vec<_>>()
    });
    let cites: Vec<Value> = cites.collect();
    Ok(json!({
        "id": kept.id, "version": kept.version, "who": kept.who, "at": kept.at,
        "brief": own, "citations": cites, "exportable": own.uncited(&evidence).is_empty(),
    }))
}

//! The feed of changes: what came in, what people corrected, what went away and why.

use rapporteur_record::{Correction, Store};
use serde::Serialize;
use serde_json::{Value, json};

use super::limit;
use crate::web::{Ask, Failure, Shared};
use axum::http::StatusCode;

/// One line of the feed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ChangeRow {
    /// Position in the log; the next feed begins after it.
    pub(crate) seq: u64,
    /// When, RFC 3339.
    pub(crate) at: String,
    /// `document`, `capture`, `coding`, `correction`, `ruleset`, `activate`.
    pub(crate) kind: String,
    /// Id of what changed: 32 hexadecimal digits, or the number of a correction.
    pub(crate) key: String,
    /// Whether a row went away by it: readers drop what they hold of that key.
    pub(crate) tombstone: bool,
    /// Who did it; null where no person did.
    pub(crate) who: Option<String>,
    /// Why, in that person's words.
    pub(crate) reason: Option<String>,
    /// The correction, whole; null where it is none.
    pub(crate) correction: Option<Correction>,
}

/// What changed after a point of the change log. A correction that suppresses a row is a
/// tombstone with who and why; one that takes it back is a line of its own.
pub(super) fn feed(shared: &Shared, ask: &Ask) -> Result<Value, Failure> {
    let since = ask.get("since").unwrap_or("0");
    let number = since.parse::<u64>().ok();
    // The log counts in signed numbers.
    let number = number.filter(|n| i64::try_from(*n).is_ok());
    let after = number.ok_or_else(|| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("since: {since:?} is no number of the change log"),
            "use the value of `next` as it was given, or 0",
        )
    })?;
    let limit = limit(ask)?;
    let desk = shared.desk()?;
    let corrections = desk.corrections()?;
    let all = desk.changes(after)?;
    let items: Vec<ChangeRow> = all
        .iter()
        .take(limit)
        .map(|change| {
            let number = change.key.parse::<u64>().ok();
            let number = number.filter(|_| change.kind == "correction");
            let found = corrections.iter().find(|c| Some(c.seq) == number);
            let gone = |c: &Correction| c.body.field == "suppressed" && c.body.new == "true";
            ChangeRow {
                seq: change.seq,
                at: change.at.clone(),
                kind: change.kind.clone(),
                key: change.key.clone(),
                tombstone: found.is_some_and(gone),
                who: found.map(|c| c.body.who.clone()),
                reason: found.map(|c| c.body.why.clone()),
                correction: found.cloned(),
            }
        })
        .collect();
    let next = items.last().map_or(after, |row| row.seq);
    let more = all.len() > limit;
    Ok(json!({"items": super::value(&items)?, "next": next.to_string(), "more": more}))
}

//! `/api/v1/live`: a question that is answered when the record has changed, so that a page can say
//! that there is something new. Whoever has no scripts loads the page again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use rapporteur_record::Seq;
use serde_json::json;

use super::visits::Fresh;
use super::{Failure, Shared, ask, respond};

/// Longest wait for a change.
const WAIT: Duration = Duration::from_secs(25);
/// Between two looks at the log.
const PAUSE: Duration = Duration::from_millis(700);
/// Readers that may wait at once; more are answered at once.
const READERS: usize = 64;

/// Waits until the log has lines after `since`; without it, says where the log ends.
pub(crate) async fn answer(shared: Arc<Shared>, uri: &Uri) -> Response {
    let query = ask::pairs(uri.query().unwrap_or_default());
    let since = match query.get("since") {
        None => None,
        Some(text) => match text.parse::<Seq>() {
            Ok(since) => Some(since),
            Err(_) => {
                let failure = Failure::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    format!("since: {text:?} is no number of the change log"),
                    "use the value of `next` as it was given, or leave it out",
                );
                return super::api::problem("/api/v1/live", &failure);
            }
        },
    };
    let waiting = shared.waiting.fetch_add(1, Ordering::Relaxed);
    let found = wait(&shared, since, waiting < READERS).await;
    shared.waiting.fetch_sub(1, Ordering::Relaxed);
    match found {
        Ok((next, fresh)) => {
            let body = json!({
                "next": next, "documents": fresh.docs.len(), "corrections": fresh.corrections,
            });
            respond(
                StatusCode::OK,
                "application/json",
                body.to_string(),
                HeaderMap::new(),
            )
        }
        Err(failure) => super::api::problem("/api/v1/live", &failure),
    }
}

async fn wait(
    shared: &Arc<Shared>,
    since: Option<Seq>,
    may_wait: bool,
) -> Result<(Seq, Fresh), Failure> {
    let start = Instant::now();
    loop {
        let looking = Arc::clone(shared);
        let look = tokio::task::spawn_blocking(move || look(&looking, since));
        let (last, fresh) = look.await.map_err(|_| Failure::internal())??;
        let is_changed = since.is_none_or(|since| last != since);
        let is_over = start.elapsed() >= WAIT || shared.closing.load(Ordering::Relaxed);
        if is_changed || is_over || !may_wait {
            return Ok((last, fresh));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn look(shared: &Shared, since: Option<Seq>) -> Result<(Seq, Fresh), Failure> {
    let desk = shared.desk()?;
    let last = desk.last_change()?;
    let fresh = match since {
        Some(since) if since < last => Fresh::since(&desk, since)?,
        _ => Fresh::default(),
    };
    Ok((last, fresh))
}

//! What went wrong, for a person: what, and what to do about it.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use rapporteur_record::{Error, ErrorKind};

use super::respond;

/// Why a request has no other answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) what: String,
    pub(crate) remedy: String,
    /// After how many seconds it may go better.
    pub(crate) retry: Option<u64>,
}

impl Failure {
    pub(crate) fn new(
        status: StatusCode,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            status,
            what: what.into(),
            remedy: remedy.into(),
            retry: None,
        }
    }

    /// The same, with the seconds after which it may go better.
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.retry = Some(seconds);
        self
    }

    pub(crate) fn too_many(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too many requests",
            format!("try again in {seconds} s"),
        )
        .after(seconds)
    }

    /// Headers of its answer.
    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(seconds) = self.retry {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"rapporteur\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        headers
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            what,
            "search for its words, or look for it in the lists",
        )
    }

    pub(crate) fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("more than {} KiB at once", most >> 10),
            "give fewer files, or read them with `rapporteur add`",
        )
    }

    pub(crate) fn read_only() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "the API is read only",
            "it answers to GET and HEAD; corrections are made on the screens or with `rapporteur correct`",
        )
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "this screen could not be made",
            "nothing was changed; please report the address of the page",
        )
    }

    /// As plain text, where no screen can be made.
    pub(crate) fn plain(&self) -> Response {
        let text = format!("{}\n{}\n", self.what, self.remedy);
        respond(
            self.status,
            "text/plain; charset=utf-8",
            text,
            self.headers(),
        )
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::Locked => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let text = error.to_string();
        let (what, remedy) = text.split_once('\n').unwrap_or((text.as_str(), ""));
        Self::new(status, what.trim(), remedy.trim())
    }
}

use rapporteur_base::{Date, Id, Span};
use serde::Serialize;

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Words; all must occur. `"…"` is a phrase, `a OR b` either, `-word` none, `word*` a prefix.
    pub text: String,
    /// First day known.
    pub from: Option<Date>,
    /// Last day known.
    pub to: Option<Date>,
    /// Name, or country code, of an actor in the document.
    pub actor: Option<String>,
    /// PLOVER type of an event in the document.
    pub kind: Option<String>,
    /// Place in the document.
    pub place: Option<String>,
    /// Only what was known by that day.
    pub as_of: Option<Date>,
    /// By relevance (BM25) instead of newest first.
    pub ranked: bool,
    /// Greatest number of hits.
    pub limit: usize,
    /// Hits to skip.
    pub offset: usize,
}

impl Query {
    /// Newest first, the first twenty.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            from: None,
            to: None,
            actor: None,
            kind: None,
            place: None,
            as_of: None,
            ranked: false,
            limit: 20,
            offset: 0,
        }
    }
}

/// A document found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// `d-…`.
    pub doc: String,
    /// Full id.
    pub key: Id,
    /// Title.
    pub title: String,
    /// Words of the query in the title, bytes.
    pub title_marks: Vec<Span>,
    /// Outlet.
    pub site: Option<String>,
    /// Day from which it was known.
    pub known_at: Option<Date>,
    /// Publication date.
    pub published: Option<Date>,
    /// A piece of the text around the first match.
    pub snippet: String,
    /// Where the snippet stands in the text, bytes.
    pub snippet_span: Span,
    /// Words of the query inside the snippet, bytes of the snippet.
    pub marks: Vec<Span>,
}

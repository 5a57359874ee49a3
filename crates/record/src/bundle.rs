use rapporteur_base::{Date, Id, Note, Span, sha256_hex};
use rapporteur_coder::Coding;
use rapporteur_page::Article;
use rapporteur_story::{Digest, Doc};
use rapporteur_temporal::Timex;
use serde::{Deserialize, Serialize};

/// Where the raw bytes of a page came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRef {
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// Number of bytes.
    pub len: u64,
    /// Media type: `text/html`, `text/plain`, …
    pub mime: String,
    /// Charset that the transport named.
    pub charset: Option<String>,
    /// Address it was asked for under, `None` for a pasted text. Part of the document's id.
    pub url: Option<String>,
    /// When it was captured: an RFC 3339 time or a plain day. `None`: nobody knows.
    pub captured_at: Option<String>,
    /// What the reader of the inbox calls it: file name, feed, archive.
    pub source: String,
}

impl RawRef {
    /// A reference to `bytes`; fill in the rest.
    pub fn of(bytes: &[u8], mime: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            sha256: sha256_hex(bytes),
            len: bytes.len() as u64,
            mime: mime.into(),
            source: source.into(),
            ..Self::default()
        }
    }

    /// Id of the document: of its bytes and the address they were found under, so newer rules
    /// never change it.
    pub fn doc_id(&self) -> Id {
        Id::of([self.sha256.as_str(), self.url.as_deref().unwrap_or("")])
    }

    /// Day of [`RawRef::captured_at`].
    pub fn captured_day(&self) -> Option<Date> {
        self.captured_at.as_deref().and_then(day_of)
    }
}

/// The day that an RFC 3339 time or a plain ISO day begins with.
pub(crate) fn day_of(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Everything that one page became: what `process_page` returns and a [`Store`](crate::Store)
/// applies. Plain data, the same on every machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DocBundle {
    /// The page.
    pub raw: RawRef,
    /// Rules and models that read it: see [`RuleSet`].
    pub ruleset: Option<Id>,
    /// The cleaned article.
    pub article: Article,
    /// Bytes of each sentence of the article's text.
    pub sentences: Vec<Span>,
    /// Its time expressions.
    pub times: Vec<Timex>,
    /// What was coded in it.
    pub coding: Coding,
    /// Notes of the pipeline itself (limits reached, a stage that gave up).
    pub notes: Vec<Note>,
    /// Search tokens: see [`crate::analyse`].
    pub tokens: Tokens,
    /// What merging reads of the document: see [`DocBundle::digested`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// What merging reads of a document.
pub(crate) fn digest(id: Id, article: &Article, coding: &Coding) -> Digest {
    let url = article.url.as_deref();
    let site = article.site.as_deref();
    Digest::of(&Doc {
        id,
        title: &article.title,
        text: &article.text,
        published: article.published.as_ref().map(|p| p.date),
        site: site.or_else(|| url.map(host)).unwrap_or(""),
        agency: article.agency.as_deref(),
        coding,
    })
}

/// Host of an address, without `www.`.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or("");
    host.strip_prefix("www.").unwrap_or(host)
}

impl DocBundle {
    /// Puts the parts together and analyses the text for search.
    pub fn new(raw: RawRef, ruleset: &RuleSet, article: Article) -> Self {
        let tokens = Tokens::of(&article);
        Self {
            raw,
            ruleset: Some(ruleset.id()),
            article,
            tokens,
            ..Self::default()
        }
    }

    /// Id of the document.
    pub fn doc_id(&self) -> Id {
        self.raw.doc_id()
    }

    /// Notes what merging reads of the document, so that a view of thousands need not read their
    /// texts again. Call it when everything else is in place; a bundle without it is digested when
    /// it is stored.
    pub fn digested(&mut self) {
        self.digest = Some(digest(self.doc_id(), &self.article, &self.coding));
    }
}

/// Tokens of a document as the search index takes them: one space between two tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Version of the analyser: [`crate::analyse::VERSION`].
    pub version: u32,
    /// Of the title.
    pub title: String,
    /// Of the text.
    pub body: String,
}

impl Tokens {
    /// Analyses title and text.
    pub fn of(article: &Article) -> Self {
        Self {
            version: crate::analyse::VERSION,
            title: crate::analyse::tokens(&article.title),
            body: crate::analyse::tokens(&article.text),
        }
    }
}

/// Which rules, tables and models read a document. Old results stay citable by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// For people: program version and date of the tables.
    pub label: String,
    /// Every part with its version or hash, sorted by name: `("coder/events", "sha256:…")`.
    pub parts: Vec<(String, String)>,
}

impl RuleSet {
    /// Id: a hash of the parts. The label is not part of it.
    pub fn id(&self) -> Id {
        Id::of(
            self.parts
                .iter()
                .flat_map(|(name, version)| [name.as_str(), version.as_str()]),
        )
    }
}

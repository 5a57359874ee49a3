//! Bytes of a web page, or pasted page text, become an [`Article`]: title, authors, publication
//! date with its evidence, paragraphs with their place in the source, furniture kept apart.
//!
//! Never fails on bytes: what cannot be read leaves a [`Note`](rapporteur_base::Note).

mod article;
mod error;
pub mod feed;
mod html;
mod language;
mod meta;
mod names;
mod page;
mod pasted;
mod phrases;
mod shape;
mod sitemap;
pub mod sniff;
pub mod versions;
pub mod warc;
mod when;
mod wire;

pub use article::{
    Article, Author, AuthorKind, Credit, CreditKind, DateEvidence, Link, LiveEntry, Paragraph,
    ParagraphKind, Published, TitleForm,
};
pub use error::Error;
pub use page::{PageBlock, blocks};

/// What a page is given as.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Raw bytes of an HTML document, with the charset that the transport named, if any.
    Html {
        /// The document.
        bytes: &'a [u8],
        /// `charset` of the Content-Type header.
        charset: Option<&'a str>,
    },
    /// Text as select-all, copy and paste gives it.
    Text(&'a str),
}

/// Reads a page. `url` and `crawled` (the day of capture) are evidence, not needed.
///
/// Pure: no clock, no input or output, no randomness; bounded in time and memory.
pub fn extract(
    input: Input<'_>,
    url: Option<&str>,
    crawled: Option<rapporteur_base::Date>,
) -> Article {
    let mut article = match input {
        Input::Html { bytes, charset } => page::extract(bytes, charset, url, crawled),
        Input::Text(text) => pasted::extract(text, url, crawled),
    };
    wire::read(&mut article);
    article
}

/// Reads an entry of a feed: its content as a page, with the feed's own title, authors and date as
/// the better evidence. `page` is the fetched page, where there is one; its text is preferred.
pub fn extract_entry(
    entry: &feed::Entry,
    page: Option<Input<'_>>,
    crawled: Option<rapporteur_base::Date>,
) -> Article {
    let url = entry.url.as_deref();
    let content = entry.html.as_deref().unwrap_or("");
    let own = || Input::Html {
        bytes: content.as_bytes(),
        charset: Some("utf-8"),
    };
    let mut article = extract(page.unwrap_or_else(own), url, crawled);
    if article.text.is_empty() && page.is_some() {
        article = extract(own(), url, crawled);
    }
    article.url = article.url.take().or_else(|| entry.url.clone());
    if let Some(title) = &entry.title {
        article.title_forms.push(TitleForm {
            origin: if entry.sitemap { "sitemap" } else { "feed" }.into(),
            text: title.clone(),
        });
        if article.title.is_empty() || page.is_none() {
            article.title.clone_from(title);
        }
    }
    if article.authors.is_empty() || page.is_none() && !entry.authors.is_empty() {
        let cleaned = entry.authors.iter().flat_map(|n| names::split(n)).collect();
        article.authors = names::authors(cleaned, "feed", article.site.as_deref(), None);
    }
    let origin = if entry.sitemap { "sitemap" } else { "feed" };
    if let Some(date) = entry.modified {
        let text = entry.modified_time.clone().unwrap_or_default();
        article.dates.push(DateEvidence {
            date,
            origin: origin.into(),
            role: "modified".into(),
            text,
        });
    }
    if let Some(date) = entry.published {
        let text = entry.published_time.clone().unwrap_or_default();
        article.dates.push(DateEvidence {
            date,
            origin: origin.into(),
            role: origin.into(),
            text,
        });
        if article.published.as_ref().is_none_or(|p| p.rank > 2) {
            article.published = Some(Published {
                date,
                time: entry.published_time.clone(),
                origin: origin.into(),
                rank: 2,
            });
        }
    }
    article
}

/// How the lines of a pasted page were judged: one line each with its weight, its marks and whether
/// it was kept. For those who write rules; the form may change.
pub fn explain_text(text: &str) -> String {
    pasted::explain(text)
}

/// How the blocks of an HTML document were judged: one line a block with its weight, its properties
/// and whether it was kept. For those who write rules; the form may change.
pub fn explain(bytes: &[u8], charset: Option<&str>) -> String {
    page::explain(bytes, charset)
}

//! Bytes of a web page, or pasted page text, become an [`Article`]: title, authors, publication
//! date with its evidence, paragraphs with their place in the source, furniture kept apart.
//!
//! Never fails on bytes: what cannot be read leaves a [`Note`](rapporteur_base::Note).

mod article;
mod error;
pub mod feed;
mod html;
mod meta;
mod names;
mod page;
mod pasted;
mod phrases;
mod shape;
pub mod sniff;
pub mod warc;
mod when;

pub use article::{
    Article, Author, AuthorKind, DateEvidence, Link, Paragraph, ParagraphKind, Published, TitleForm,
};
pub use error::Error;

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
    match input {
        Input::Html { bytes, charset } => page::extract(bytes, charset, url, crawled),
        Input::Text(text) => pasted::extract(text, url, crawled),
    }
}

/// How the blocks of an HTML document were judged: one line a block with its weight, its properties
/// and whether it was kept. For those who write rules; the form may change.
pub fn explain(bytes: &[u8], charset: Option<&str>) -> String {
    page::explain(bytes, charset)
}

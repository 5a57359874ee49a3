//! A brief that a person writes: sections of sentences, each citing passages of the record. A
//! sentence without a citation that still holds cannot be exported.

mod anchor;
mod export;
mod marks;
mod start;

pub use anchor::{Anchor, Evidence};
pub use export::{Footnote, Uncited, html as own_html, json as own_json, markdown as own_markdown};
pub use marks::{mark, read_mark};
pub use start::from_brief;

use serde::{Deserialize, Serialize};

/// Most sections of a brief, most sentences of a section.
pub const MOST_SECTIONS: usize = 40;
/// Most sentences of one section.
pub const MOST_SENTENCES: usize = 200;

/// A brief of a person's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnBrief {
    /// Title.
    pub title: String,
    /// Sections, in reading order.
    pub sections: Vec<OwnSection>,
}

/// A part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSection {
    /// Head; may be empty.
    pub title: String,
    /// Sentences.
    pub sentences: Vec<Sentence>,
}

/// One statement with its citations, in the order in which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Words and citations.
    pub pieces: Vec<Piece>,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    /// Words of the writer.
    Words(String),
    /// What they rest on.
    Cite(Quoted),
}

/// A passage as it stood when it was cited: position and words, in the manner of the W3C's
/// `TextPositionSelector` and `TextQuoteSelector`, so that it is found again when a newer reading of the
/// page moves it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// Id of the document's row, `d-…`.
    pub doc: String,
    /// First code point of its text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words.
    pub exact: String,
    /// Up to 32 code points before them.
    pub prefix: String,
    /// Up to 32 code points after them.
    pub suffix: String,
    /// Rows of the record that rested on the passage then (`m-…`, `f-…`, …): when one of them is
    /// corrected later, the citation is stale.
    pub rows: Vec<String>,
    /// Number of the last correction that the writer could know of.
    pub log: u64,
}

impl Sentence {
    /// Its citations.
    pub fn cites(&self) -> impl Iterator<Item = &Quoted> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Cite(cite) => Some(cite),
            Piece::Words(_) => None,
        })
    }

    /// Its words alone.
    pub fn words(&self) -> String {
        let words = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Words(words) => Some(words.as_str()),
            Piece::Cite(_) => None,
        });
        let words: Vec<&str> = words.flat_map(str::split_whitespace).collect();
        words.join(" ")
    }

    /// As it is typed: words with marks such as `[@d-3f2a91c0d4b7:120-180]`.
    pub fn typed(&self) -> String {
        let pieces = self.pieces.iter();
        let typed = pieces.map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Cite(cite) => mark(&cite.doc, cite.start, cite.end),
        });
        typed.collect::<String>().trim().to_owned()
    }
}

impl OwnBrief {
    /// Every sentence with the numbers of its section and of itself, from 0.
    pub fn sentences(&self) -> impl Iterator<Item = (usize, usize, &Sentence)> {
        self.sections.iter().enumerate().flat_map(|(n, section)| {
            let sentences = section.sentences.iter().enumerate();
            sentences.map(move |(m, sentence)| (n, m, sentence))
        })
    }

    /// Every citation.
    pub fn cites(&self) -> impl Iterator<Item = &Quoted> {
        self.sentences()
            .flat_map(|(_, _, sentence)| sentence.cites())
    }
}

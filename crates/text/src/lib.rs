//! Reads text the way the coder needs it: sentences, tokens, tags, lemmas, a dependency parse and
//! names, each with its exact bytes. Never fails, never reads anything but the text and its own
//! model.
//!
//! ```
//! use rapporteur_text::{Reader, Upos};
//! let text = "The ministers met in Geneva. They'll meet again.";
//! let sentences = Reader::embedded().read(text);
//! assert_eq!(sentences.len(), 2);
//! let met = &sentences[0].tokens[sentences[0].root().unwrap()];
//! assert_eq!((met.span.of(text), met.lemma.as_str(), met.upos), ("met", "meet", Upos::Verb));
//! ```

mod clusters;
pub mod conllu;
mod dateline;
mod hash;
mod labels;
mod lemma;
mod model;
mod names;
mod net;
mod reader;
mod sentence;
mod split;
mod table;
mod tagger;
mod token;
#[cfg(feature = "train")]
pub mod train;
mod word;

pub use reader::Reader;
pub use sentence::{Deprel, EntityKind, Mention, Name, Sentence, Token, Upos};

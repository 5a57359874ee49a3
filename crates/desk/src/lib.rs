//! The record as pages: a [`View`](rapporteur_record::View) goes in, a brief for the terminal, in
//! Markdown or as one self-contained HTML page comes out.
//!
//! Nothing is decided here about what is true: every line repeats rows of the record and points at
//! the words that they rest on, and a row without a passage is left out.
//!
//! ```
//! use rapporteur_desk::{Room, Style, brief, html, text};
//! let brief = brief(&rapporteur_record::View::default(), Room::default());
//! assert!(brief.uncited().is_empty());
//! assert!(html(&brief).starts_with("<!doctype html>"));
//! assert!(text(&brief, Style { width: 80, color: false }).starts_with("Brief"));
//! ```

mod bundle;
mod chart;
mod compose;
mod docx;
mod html;
pub mod ics;
mod markdown;
mod model;
pub mod own;
pub mod passages;
pub mod process;
pub mod sections;
mod since;
mod text;
mod tidy;
pub mod web;
pub mod words;

pub use bundle::{BRIEFS, brief_file, bundle, packed};
pub use compose::{Room, brief, list};
pub use docx::docx;
pub use html::html;
pub use markdown::markdown;
pub use model::{Brief, Cite, Lane, Line, Mark, Row, Run, Section, Source, day};
pub use text::{Style, rows, text, wrap};

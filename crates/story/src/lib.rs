//! Families of copies, stories over days, merged entries with every source, and what two sources
//! say against or beside each other.
//!
//! In: documents with their coding ([`Doc`], or the [`Digest`] kept of each). Out: [`Merged`], the
//! same for any order of the documents. The order of questions is fixed: are two texts copies of
//! each other (then they are one source), do two reports tell one event (by kind, parties, place,
//! day, words), and only then: do their values agree? Silence is never a contradiction, a bound is
//! no exact number, another scope is another thing.
//!
//! ```
//! use rapporteur_base::Id;
//! use rapporteur_coder::Coding;
//! use rapporteur_story::{Doc, merge};
//!
//! let text = "The envoys met in the old customs house and agreed to meet again within a month.";
//! let coding = Coding::default();
//! let doc = |name: &str, site| Doc {
//!     id: Id::of([name]),
//!     title: "Envoys meet",
//!     text,
//!     published: None,
//!     site,
//!     agency: None,
//!     coding: &coding,
//! };
//! let merged = merge(&[doc("a", "east.example"), doc("b", "west.example")]);
//! assert_eq!(merged.families.len(), 1, "a reprint is no second source");
//! ```
//!
//! It does not read pages, decide who is right, or call anything new that only nobody else tells.

mod accounts;
mod acts;
mod block;
mod brief;
mod cluster;
mod compare;
mod digest;
mod entries;
mod facts;
mod families;
mod figures;
mod merge;
mod model;
mod occasions;
mod only;
mod parting;
mod saga;
mod signature;
mod stance;
mod states;
mod terms;
pub mod timeline;
mod words;

pub use acts::ActNote;
pub use block::{
    BlockKey, BlockStory, Cut, InBlock, PlacedDoc, Stitched, blocks_of, merge_block, stitch,
};
pub use brief::{BriefLine, Section, brief_lines};
pub use cluster::{Arrival, Placed, Settings, Stream};
pub use digest::{CommitmentNote, Digest, EventNote, FigureNote, PositionNote, digest_version};
pub use families::{COPY, CUT, Copy, CopyIndex, Pair, families};
pub use merge::{merge, merge_digests};
pub use model::*;
pub use signature::{Likeness, Signature};
pub use stance::{Judged, Stance, stance};
pub use states::{ExtentNote, StateNote};
pub use terms::{Term, Weights, terms};

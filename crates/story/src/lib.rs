//! Families of copies, stories over days, merged entries with every source, and what two sources
//! say against or beside each other.

mod accounts;
mod cluster;
mod compare;
mod digest;
mod entries;
mod families;
mod figures;
mod merge;
mod model;
mod only;
mod signature;
mod states;
mod terms;
pub mod timeline;
mod words;

pub use cluster::{Arrival, Placed, Settings, Stream};
pub use digest::{CommitmentNote, Digest, EventNote, FigureNote, PositionNote};
pub use families::{COPY, CUT, Copy, CopyIndex, Pair, families};
pub use merge::{merge, merge_digests};
pub use model::*;
pub use signature::{Likeness, Signature};
pub use states::{ExtentNote, StateNote};
pub use terms::{Term, Weights, terms};

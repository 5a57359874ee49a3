//! The dated record: what every document says, when it became known, and who corrected it.
//!
//! In go [`DocBundle`]s (what the pipeline made of one page) with the page's bytes; out come
//! [`View`]s: plain rows, each with its evidence, for a day in the past or for now. Between them
//! stands a [`Store`]: [`Desk`] keeps it in a folder (SQLite and WARC segments), [`Memory`] in
//! memory, and both pass the same tests.
//!
//! What it refuses to do: it formats nothing, codes nothing and reads no clock. A correction never
//! overwrites, and no row leaves without the passage that it rests on.
//!
//! ```
//! use rapporteur_record::{Filter, Memory, View};
//! let view = View::load(&Memory::default(), &Filter::default()).unwrap();
//! assert!(view.docs.is_empty() && view.brief().sections.is_empty());
//! ```

pub mod analyse;
mod bundle;
mod check;
mod codec;
mod desk;
mod error;
pub mod export;
#[doc(hidden)]
pub mod fail;
mod filter;
mod known;
mod memory;
mod packed;
mod recode;
mod rows;
mod search;
mod store;
mod view;

pub use bundle::{DocBundle, RawRef, RuleSet, Tokens};
pub use check::{Finding, Report, check};
pub use desk::{Copied, Desk, Kept, Mode};
pub use error::{Error, ErrorKind};
pub use filter::Filter;
pub use memory::Memory;
pub use packed::Packed;
pub use recode::{Diff, EventChange, diff};
pub use rows::*;
pub use search::{Hit, Query};
pub use store::{
    Applied, Change, Correction, Damage, InboxRow, Incoming, NewCorrection, Reading, Seq, Store,
    StoredDoc,
};
pub use view::{
    Item, VersionChange, VersionRow, VersionsRow, View, WhyRow, standing, visit_digests,
};

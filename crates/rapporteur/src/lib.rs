//! Wires the stages: bytes -> article -> marks -> events -> entries -> record -> pages.
//!
//! [`pipeline`] is the seam (one page in, one bundle out, pure); `ingest` feeds it with what the
//! command line names; `commands` print what the record says. Only this crate reads the clock.

pub mod cli;
mod clock;
mod commands;
mod desk_dir;
mod ingest;
mod man;
pub mod pipe;
pub mod pipeline;
#[doc(hidden)]
pub mod probe;
mod unit;

//! The linear ranker: which type of event the words make of a pair of parties, or that they make none.
//!
//! A multinomial linear model over named features of the parse (`features.rs`), trained on the
//! project's own sentences (`data/events/sentences`) by `cargo xtask train-events`. It chooses among
//! types; it never makes a span: the words cited are those of the frame or the verb that carried the
//! features. Every score can be taken apart into its features and their weights.

mod features;
pub mod gold;
mod model;
mod train;

pub use train::{Example, train};

pub(super) use features::{Side, of_candidate, pair};
pub(super) use model::Model;
pub(super) use train::softmax;

/// What the ranker chooses among: the types of PLOVER in the order of the manual, and none of them.
pub const CLASSES: [&str; 17] = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
    "NONE",
];

/// The number of a class; `None` for a name that is no class.
pub fn class(name: &str) -> Option<usize> {
    CLASSES.iter().position(|class| *class == name)
}

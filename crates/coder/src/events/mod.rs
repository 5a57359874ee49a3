//! PLOVER events, positions, commitments, indicators and assessments over the parse.

use crate::{Coding, Input};

/// Lexicon, frames, rewrite rules and ranker.
#[derive(Debug)]
pub struct Events {}

impl Events {
    /// The rules that ship inside the binary.
    pub fn embedded() -> Self {
        Self {}
    }

    /// Adds events, positions, commitments, indicators and assessments to `coding`, which holds
    /// actors, places, figures and quotes already.
    pub fn code(&self, input: &Input<'_>, coding: &mut Coding) {
        let _ = (input, coding);
    }
}

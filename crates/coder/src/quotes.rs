//! Quotations: direct, indirect and mixed, with cue and speaker.

use crate::{Coding, Input, Quote};

/// Every quotation, in text order. `coding` holds the actors found before.
pub fn find(input: &Input<'_>, coding: &Coding) -> Vec<Quote> {
    let _ = (input, coding);
    Vec::new()
}

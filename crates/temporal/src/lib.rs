//! Finds the time expressions of a text and says what they mean: TIMEX3 type and value, modifier,
//! and the interval of days, anchored to the publication date or the last date told.
//!
//! One pass makes tokens; rules (data, `data/*.toml`) are tried only near words of time;
//! operations turn what they captured into calendar values; a state per document remembers the
//! last date told. Depends on nothing but `base` and a calendar; of use alone.
//!
//! ```
//! let dct = "2024-02-15".parse().ok();
//! let times = rapporteur_temporal::tag("The talks will resume on Monday.", dct);
//! assert_eq!(times[0].value, "2024-02-19");
//! ```

mod arabic;
mod cal;
mod clock;
mod context;
mod digits;
mod directed;
mod guard;
mod lengths;
mod lex;
mod lexicon;
mod named;
mod number;
mod ops;
mod pattern;
mod rules;
#[cfg(test)]
mod rules_tests;
mod story;
mod tagger;
mod timex;

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use timex::{Anchor, Timex, TimexType};

/// Finds the time expressions of `text`. `dct` is the publication date: without it, values that
/// need it stay underspecified (`XXXX-02`), never filled from today's date.
///
/// In text order, without overlap; spans are bytes of `text`.
pub fn tag(text: &str, dct: Option<rapporteur_base::Date>) -> Vec<Timex> {
    tagger::run(rules::Grammar::get(), text, dct)
}

//! Who did or said what to whom, when, where and how many: actors, places, figures, quotes,
//! PLOVER events, positions, commitments, indicators and the author's assessments, each with its
//! exact bytes and the rule that made it.

pub mod actors;
pub mod events;
pub mod figures;
mod model;
pub mod places;
pub mod quotes;
pub mod roles;

pub use model::*;
use rapporteur_base::{Date, Span};
use rapporteur_temporal::Timex;
use rapporteur_text::Sentence;

/// What a block of the text is, as far as coding cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text.
    Body,
    /// A subhead: read for names, never coded as an event.
    Head,
    /// Words of the body set large, or a standfirst that repeats the body: nobody's quotation.
    Repeat,
    /// Caption, list item.
    Other,
}

/// One article as the coder reads it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The cleaned text: every span points into it.
    pub text: &'a str,
    /// Blocks in order; empty means all body.
    pub blocks: &'a [(Span, BlockKind)],
    /// Its sentences.
    pub sentences: &'a [Sentence],
    /// Its time expressions.
    pub times: &'a [Timex],
    /// Publication date, or unknown.
    pub published: Option<Date>,
}

/// The tables and rules, read once; cheap to share between threads.
#[derive(Debug)]
pub struct Coder {
    /// Who is meant.
    pub actors: actors::Actors,
    /// Where.
    pub places: places::Places,
    /// Frames and rules of events.
    pub events: events::Events,
}

impl Coder {
    /// The tables that ship inside the binary.
    pub fn embedded() -> Self {
        Self {
            actors: actors::Actors::embedded(),
            places: places::Places::embedded(),
            events: events::Events::embedded(),
        }
    }

    /// Codes one article. Pure: no clock, no input or output, no randomness.
    pub fn code(&self, input: &Input<'_>) -> Coding {
        let mut coding = Coding {
            actors: self.actors.find(input),
            ..Coding::default()
        };
        let units = self.actors.units(input);
        if let Some(units) = &units {
            actors::Actors::overlay(input, units, &mut coding.actors);
        }
        coding.places = self.places.find(input, &coding.actors);
        coding.quotes = quotes::find(input, &coding);
        coding.figures = figures::find(input, &coding);
        match units {
            Some(units) => self.events.code_dyads(input, &mut coding, &units),
            None => self.events.code(input, &mut coding),
        }
        coding
    }
}

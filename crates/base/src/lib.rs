//! The nouns that every stage shares: where something stands ([`Span`]), when it was so
//! ([`Interval`]), how many ([`Quantity`]), what it is called ([`Id`]) and what a stage wants to
//! say about its own work ([`Note`]).
//!
//! Plain values without input or output. Offsets are **bytes** of UTF-8 text everywhere inside
//! Rapporteur; only the outermost formats count code points, through [`CodePoints`].
//!
//! ```
//! use rapporteur_base::Span;
//! let text = "Baghdad and Washington met.";
//! let span = Span::new(12, 22);
//! assert_eq!(span.of(text), "Washington");
//! ```

mod id;
mod interval;
mod quantity;
mod span;
mod why;

pub use id::{Id, sha256_hex};
pub use interval::{Interval, Precision, last_day_of_month};
pub use jiff::civil::Date;
pub use quantity::{Operator, Quantity};
pub use span::{CodePoints, Span};
pub use why::{Note, Why};

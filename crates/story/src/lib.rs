//! Families of copies, stories over days, merged entries with every source, and what two sources
//! say against or beside each other.

mod model;

pub use model::*;

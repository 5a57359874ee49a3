//! Declared processes: what is counted, when a condition holds, and what may follow.
//!
//! [`forecast`] turns a dated series into whole sample paths and scores them.

pub mod forecast;

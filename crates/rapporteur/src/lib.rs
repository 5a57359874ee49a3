//! Wires the stages: bytes -> article -> marks -> events -> entries -> record -> pages.

pub mod cli;
pub mod pipe;

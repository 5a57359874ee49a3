//! A forgiving HTML parser: one pass, no recursion, every node knows its bytes.
//!
//! Written for extraction, not for rendering: elements close where browsers close them in the
//! cases that matter for text (paragraphs, lists, tables, stray end tags), and nothing is moved
//! elsewhere in the tree, so that nodes stand in the order of the source and a subtree is a range.

mod dom;
mod entity;
mod parse;
mod tag;

pub(crate) use dom::{Dom, NodeId, push_collapsed};
pub(crate) use entity::decode_entities;
pub(crate) use parse::parse;
pub(crate) use tag::Tag;

#[cfg(test)]
mod tests;

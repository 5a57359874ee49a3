//! The record from outside. One binary, so that SQLite is linked once.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod arrange;
mod crash;
mod disk;
mod exports;
mod make;
mod releases;
mod store;
mod views;

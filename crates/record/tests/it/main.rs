//! The record from outside. One binary, so that SQLite is linked once.

mod crash;
mod disk;
mod exports;
mod make;
mod store;
mod views;

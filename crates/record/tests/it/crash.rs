//! Killed at any moment.

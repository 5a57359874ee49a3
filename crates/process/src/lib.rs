//! Declared processes: conditions judged by evidence, and the dates that follow.

mod deadline;
mod draft;
mod file;
pub mod forecast;
mod indicator;
mod light;
mod model;
pub mod months;
mod near;
mod project;
mod query;
mod rng;
mod score;
mod standing;
mod state;
mod window;
mod world;

pub use deadline::Deadline;
pub use draft::draft;
pub use file::{Fault, parse};
pub use indicator::{Cell, Observed, Tables};
pub use light::{Judge, Light, Lights, Status, number};
pub use model::*;
pub use project::{DateDist, Fan, Joint, PhaseDates, Projection, WhatIf};
pub use query::{Bound, Cmp, Measured, Query};
pub use score::{Bin, Calibration};
pub use standing::{
    Ceiling, HISTORY, LadderRow, LevelPoint, LevelRow, Past, Revision, Standing, calibrated,
    dangling, origins, projected, table_faults,
};
pub use state::{Disagreement, StateRow, States};
pub use window::{Concession, GapRow, Overlap, Window};

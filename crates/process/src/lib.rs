//! Declared processes: conditions judged by evidence, and the dates that follow.
//!
//! In go a process file ([`parse`]), a [`View`](rapporteur_record::View) of the record and outside
//! tables; out come where the process stands on a day ([`Standing`]: states, lights, levels,
//! windows, dates) and when its phases may be done ([`Projection`], over the paths of
//! [`forecast`]), with the score card of past projections ([`Calibration`]). [`draft`] writes a
//! first file from the record.
//!
//! What it refuses to do: it reads no file and no clock, draws nothing, averages no two judges, and
//! takes no silence for a zero. A month without coverage is unknown; what nobody knows is not
//! projected; and what was published after a day is not read for that day, as the view it is given
//! does not hold it.
//!
//! ```
//! use rapporteur_process::{Standing, Status, Tables, parse};
//! let process = parse(
//!     r#"
//!     [process]
//!     id = "talks"
//!     title = "Talks on the border force"
//!
//!     [[table]]
//!     id = "monitor"
//!     file = "monitor.csv"
//!
//!     [[condition]]
//!     id = "quiet"
//!     indicator = "table(id=monitor)"
//!     window = "2 months"
//!     test = "<= 4 / month"
//! "#,
//! )
//! .unwrap();
//! let tables = Tables::from([("monitor".into(), "month,value\n2024-01,3\n2024-02,4\n".into())]);
//! let light = |day: &str| {
//!     let view = rapporteur_record::View::default();
//!     let standing = Standing::of(&process, &view, &tables, day.parse().unwrap(), &[]);
//!     standing.lights[0].now().status
//! };
//! assert_eq!(light("2024-02-29"), Status::Green);
//! // March is not in the table: silence is not zero.
//! assert_eq!(light("2024-03-31"), Status::Unknown);
//! ```

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

pub use deadline::{Deadline, PhaseDays, Standstill};
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

//! What goes in and what comes out: a dated series, and sample paths.

use std::fmt;
use std::str::FromStr;

/// Length of one step of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Calendar month.
    Month,
    /// Seven days.
    Week,
    /// One day.
    Day,
}

impl Step {
    /// By how much the index of a step grows from one step to the next: months count months, weeks
    /// and days count days.
    pub fn stride(self) -> i32 {
        match self {
            Self::Month | Self::Day => 1,
            Self::Week => 7,
        }
    }
}

/// A series of counts or amounts over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What is counted, in words; it also parts the random numbers of two series.
    pub unit: String,
    /// Length of a step.
    pub step: Step,
    /// Index of the first step: `year * 12 + month - 1` for months, a number of days for weeks
    /// and days.
    pub start: i32,
    /// One value a step, not below zero. `None` is unknown, never zero.
    pub values: Vec<Option<f64>>,
}

impl Series {
    /// Index of the last step; one stride before `start` for an empty series.
    pub fn last(&self) -> i32 {
        self.start + self.step.stride() * (self.values.len() as i32 - 1)
    }

    /// What was known up to the step `last` and not a step more.
    pub fn until(&self, last: i32) -> Self {
        let steps = (last - self.start).div_euclid(self.step.stride()) + 1;
        let keep = usize::try_from(steps).unwrap_or(0).min(self.values.len());
        Self {
            values: self.values[..keep].to_vec(),
            unit: self.unit.clone(),
            ..*self
        }
    }
}

/// A model of paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Model {
    /// The house mixture: for months recalled months, analogs and a level; for weeks and days
    /// walks of the level.
    #[default]
    Mixture,
    /// Conflictology with weights that halve every four steps: each step is drawn on its own.
    Conflictology,
    /// Conflictology that stays: a drawn step is mostly followed by the step after it.
    Sticky,
    /// Futures of past situations of the pool that were like this one.
    Analog,
    /// Local level in logarithms.
    Level,
    /// Scenario: negative binomial around the recent mean.
    NegBin,
    /// Scenario: local level with a damped trend.
    Trend,
}

impl Model {
    /// Every model.
    pub const ALL: [Self; 7] = [
        Self::Mixture,
        Self::Conflictology,
        Self::Sticky,
        Self::Analog,
        Self::Level,
        Self::NegBin,
        Self::Trend,
    ];

    /// Name as written in files and on pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mixture => "mixture",
            Self::Conflictology => "conflictology",
            Self::Sticky => "sticky",
            Self::Analog => "analog",
            Self::Level => "level",
            Self::NegBin => "negbin",
            Self::Trend => "trend",
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Model {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|model| model.name() == name)
            .ok_or_else(|| {
                let names: Vec<&str> = Self::ALL.iter().map(|m| m.name()).collect();
                format!("no model `{name}`; there are: {}", names.join(", "))
            })
    }
}

/// How to sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Steps ahead.
    pub horizon: usize,
    /// Number of paths.
    pub draws: usize,
    /// Seed of the generator.
    pub seed: u64,
    /// The model.
    pub model: Model,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            horizon: 12,
            draws: 1000,
            seed: 7,
            model: Model::Mixture,
        }
    }
}

/// Whole sample paths of one series: the steps of a path hang together.
#[derive(Clone, Debug, PartialEq)]
pub struct Paths {
    /// Draws x steps, in the unit of the series.
    pub draws: Vec<Vec<f64>>,
    /// Seed they were drawn with.
    pub seed: u64,
    /// Name of the model.
    pub model: String,
    /// Index of the last step that was read.
    pub trained_to: i32,
}

//! A declared process: what a person wrote down, read and checked.

use rapporteur_base::Date;
use serde::Serialize;

use crate::query::{Bound, Query};

/// A day, a month or a year, or so long after the anchor, or the day of a row of the record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum When {
    /// Days, both included.
    Days(Date, Date),
    /// Months after the anchor.
    After(i32),
    /// The day of a report, event, commitment … of the record.
    Row(String),
}

/// A length of time in months and days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Length {
    /// Months.
    pub months: i32,
    /// Days.
    pub days: i32,
}

impl Length {
    /// In months, a month of 30.44 days.
    pub fn in_months(self) -> f64 {
        f64::from(self.months) + f64::from(self.days) / 30.44
    }
}

/// What a line of the file rests on: a row of the record, or `None`: entered by hand.
pub type Cited = Option<String>;

/// Where a name stands in the file, for findings after parsing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct At {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A row of the record that the file names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Id of the row.
    pub id: String,
    /// Where it stands.
    pub at: At,
}

/// A party.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Party {
    /// Short name used in the file.
    pub id: String,
    /// Name.
    pub name: String,
    /// Other names, country codes.
    pub aliases: Vec<String>,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// A body: a commission, a committee.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Body {
    /// Short name.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it was told to do.
    pub mandate: String,
    /// Parties that sit in it.
    pub members: Vec<String>,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// A track: a working group with its question.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Track {
    /// Short name.
    pub id: String,
    /// Name.
    pub title: String,
    /// What it is to answer.
    pub question: String,
    /// Body that it belongs to.
    pub body: Option<String>,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// What a level counts, and where its numbers come from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scope {
    /// Short name: `iraq/us`.
    pub id: String,
    /// Name.
    pub title: String,
    /// Figures of the record that count as its levels.
    pub indicator: Option<Query>,
}

/// A level at one time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    /// Its scope.
    pub scope: String,
    /// Number told; best within `low..high`.
    pub value: f64,
    /// Smallest value allowed.
    pub low: Option<f64>,
    /// Greatest value allowed.
    pub high: Option<f64>,
    /// As of when.
    pub asof: Option<When>,
    /// `deployed`, `authorised`, `planned`.
    pub kind: String,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// What a phase brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PhaseKind {
    /// Fewer forces.
    #[default]
    Reduction,
    /// Another relation.
    Transition,
    /// The end of the mission.
    End,
}

/// A phase.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Phase {
    /// Short name.
    pub id: String,
    /// Name.
    pub title: String,
    /// What it brings.
    pub kind: PhaseKind,
    /// Phases before it.
    pub after: Vec<String>,
    /// Ceilings: scope and bound.
    pub levels: Vec<(String, Bound)>,
    /// Not before.
    pub no_earlier: Option<When>,
    /// The date ceiling.
    pub no_later: Option<When>,
    /// Least time that it takes once begun.
    pub takes: Option<Length>,
    /// Conditions that must hold.
    pub needs: Vec<String>,
    /// Exception to the ceiling, in words.
    pub unless: String,
    /// Forces that it does not touch, in words.
    pub except: Vec<String>,
    /// Fields of a transition.
    pub fields: Vec<String>,
    /// Done on that day.
    pub done: Option<When>,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// How values of a window become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stat {
    /// Mean a month.
    #[default]
    Mean,
    /// Sum.
    Sum,
    /// Greatest month.
    Max,
    /// Smallest month.
    Min,
    /// Last month.
    Last,
}

/// When the judges' ratings make a condition hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Agree {
    /// Every judge must rate it met.
    #[default]
    All,
    /// More than half.
    Majority,
    /// One is enough.
    Any,
}

/// A test of an indicator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// What is measured.
    pub indicator: Query,
    /// Months of the window.
    pub window: usize,
    /// How its values become one.
    pub stat: Stat,
    /// Met when.
    pub test: Bound,
    /// Nearly met when.
    pub amber: Option<Bound>,
    /// Evaluations in a row that must pass.
    pub hold: usize,
}

/// A judgement on a scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// Highest rung; the lowest is 0.
    pub top: u8,
    /// Met from this rung on.
    pub pass: u8,
    /// Who judges.
    pub by: Vec<String>,
    /// Who must agree.
    pub agree: Agree,
    /// How long a rating stands.
    pub valid: Option<Length>,
}

/// How a condition is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Kind {
    /// From data.
    Measured(Measure),
    /// By named judges.
    Judged(Judged),
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// Short name.
    pub id: String,
    /// Name.
    pub title: String,
    /// Track that assesses it.
    pub track: Option<String>,
    /// Whether the documents state it; an analyst's inference otherwise.
    pub stated: bool,
    /// How it is told.
    pub kind: Kind,
    /// Least coverage of a month, when not that of the process.
    pub coverage: Coverage,
    /// The analyst's three-point estimate of months until it holds.
    pub estimate: Option<[f64; 3]>,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// Least coverage of a month that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Articles, copies of one text counted once.
    pub articles: usize,
    /// Outlets.
    pub sources: usize,
}

impl Default for Coverage {
    fn default() -> Self {
        Self {
            articles: 3,
            sources: 2,
        }
    }
}

/// What a judge said of a condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rating {
    /// The condition.
    pub condition: String,
    /// The judge.
    pub by: String,
    /// When.
    pub on: When,
    /// Rung.
    pub value: u8,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// What dates a party accepts for a phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Position {
    /// The party.
    pub party: String,
    /// The phase.
    pub on: String,
    /// Nothing before this is accepted.
    pub earliest: Option<When>,
    /// What it wants.
    pub best: Option<When>,
    /// Nothing after this is accepted.
    pub latest: Option<When>,
    /// Said when.
    pub asof: Option<When>,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// A time when the talks stood still.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suspension {
    /// Since.
    pub from: When,
    /// Until; `None`: not ended, or not known.
    pub to: Option<When>,
    /// What stopped them.
    pub cause: Cited,
    /// A remark.
    pub note: String,
}

/// An undertaking, and how far it was carried out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Commitment {
    /// Short name.
    pub id: String,
    /// By whom.
    pub by: Vec<String>,
    /// What.
    pub what: String,
    /// Rung of the ladder: `declared` … `done`.
    pub strength: String,
    /// By when.
    pub due: Option<When>,
    /// 0 none, 1 minimal, 2 intermediate, 3 full; `None`: not assessed.
    pub score: Option<u8>,
    /// Who assessed it.
    pub scored_by: String,
    /// When.
    pub scored_on: Option<When>,
    /// What it rests on.
    pub cite: Cited,
    /// A remark.
    pub note: String,
}

/// An outside table beside the process file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// Short name.
    pub id: String,
    /// Path, from the folder of the process file.
    pub file: String,
    /// Column of the month or day.
    pub month: String,
    /// Column of the number.
    pub value: String,
    /// Column of the day of publication; without one the table counts as published at each month's end.
    pub published: Option<String>,
    /// Source and licence.
    pub note: String,
}

/// What the projection is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    /// Months ahead.
    pub horizon: usize,
    /// Draws.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// Name of the model of the paths: one of [`Model::ALL`](crate::forecast::Model::ALL).
    pub model: String,
    /// Condition whose indicator stops the talks when it peaks.
    pub stops: Option<String>,
    /// What counts as a peak.
    pub peak: Option<Bound>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            horizon: 24,
            draws: 10_000,
            seed: 1,
            model: crate::forecast::Model::default().name().into(),
            stops: None,
            peak: None,
        }
    }
}

/// A declared process.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "lists of what they are called")]
pub struct Process {
    /// Short name, and the file's name.
    pub id: String,
    /// Name.
    pub title: String,
    /// Day from which `+2 years` counts.
    pub anchor: Option<When>,
    /// A remark.
    pub note: String,
    pub coverage: Coverage,
    pub settings: Settings,
    pub parties: Vec<Party>,
    pub bodies: Vec<Body>,
    pub judges: Vec<Party>,
    pub tracks: Vec<Track>,
    pub scopes: Vec<Scope>,
    pub levels: Vec<Level>,
    pub phases: Vec<Phase>,
    pub conditions: Vec<Condition>,
    pub ratings: Vec<Rating>,
    pub positions: Vec<Position>,
    pub suspensions: Vec<Suspension>,
    pub commitments: Vec<Commitment>,
    pub tables: Vec<Table>,
    /// Rows of the record that the file names.
    pub references: Vec<Reference>,
}

impl Process {
    /// The condition of that name.
    pub fn condition(&self, id: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.id == id)
    }

    /// Names of a party, body or judge for a reader.
    pub fn name_of<'p>(&'p self, id: &'p str) -> &'p str {
        let people = self.parties.iter().chain(&self.judges);
        people
            .map(|p| (&p.id, &p.name))
            .chain(self.bodies.iter().map(|b| (&b.id, &b.name)))
            .find(|(known, _)| *known == id)
            .map_or(id, |(_, name)| name)
    }

    /// Phases in an order in which each stands behind those it comes after.
    pub fn ordered_phases(&self) -> Vec<&Phase> {
        let mut out: Vec<&Phase> = Vec::new();
        while out.len() < self.phases.len() {
            let ready = self.phases.iter().find(|phase| {
                let placed = |id: &String| out.iter().any(|done| done.id == *id);
                !placed(&phase.id) && phase.after.iter().all(placed)
            });
            match ready {
                Some(phase) => out.push(phase),
                // A circle is refused by the reader of the file.
                None => break,
            }
        }
        out
    }
}

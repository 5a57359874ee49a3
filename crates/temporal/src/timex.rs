use rapporteur_base::{Interval, Span, Why};
use serde::{Deserialize, Serialize};

/// TIMEX3 types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimexType {
    /// A point or stretch of the calendar.
    Date,
    /// A time of day.
    Time,
    /// A length.
    Duration,
    /// Something that recurs.
    Set,
}

/// What a value was counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// The words are enough ("27 January 2024").
    None,
    /// The publication date.
    Publication,
    /// The last date told before it.
    LastDate,
    /// It needed a date and there was none.
    Missing,
}

/// One time expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timex {
    /// Its bytes.
    pub span: Span,
    /// TIMEX3 type.
    pub kind: TimexType,
    /// TIMEX3 value: `2024-02-12`, `2023-10`, `P2Y`, `XXXX-WXX-1`, …
    pub value: String,
    /// TIMEX3 `mod`: `START`, `MID`, `END`, `APPROX`, `MORE_THAN`, …
    pub modifier: Option<String>,
    /// Second value of a range ("two to five years": `P2Y` and `P5Y`).
    pub value_to: Option<String>,
    /// The days meant, where the words and anchors give any. Open ends: "since" has no `to`
    /// before the publication date, "by" has no `from`.
    pub interval: Option<Interval>,
    /// `since`, `until`, `by`, `before`, `after`, `within`, … when such a word governs it: decides
    /// whether the expression is a start, an end or a deadline. Lower case.
    pub relation: Option<String>,
    /// The zone that the words give to a time of day: an offset (`+03:00`), or the words themselves
    /// where they fix none ("local time", "ET"). `None` where no zone is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// What the value was counted from.
    pub anchor: Anchor,
    /// Rule and plain reason.
    pub why: Why,
}

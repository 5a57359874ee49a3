//! The small languages inside the file: indicators `count(event=assault, place=iraq)`, tests
//! `<= 4 / month`, lengths `3 months`, dates `2025-01` and `+2 years`.

use rapporteur_base::Date;
use serde::Serialize;

use crate::model::{Length, When};
use crate::months::{first_day, last_day};
use crate::near::{nearest, valid};

/// Comparison of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Cmp {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// A test of a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bound {
    /// How to compare.
    pub cmp: Cmp,
    /// With what.
    pub than: f64,
}

impl Bound {
    /// Whether a number passes.
    pub fn passes(self, value: f64) -> bool {
        match self.cmp {
            Cmp::Below => value < self.than,
            Cmp::AtMost => value <= self.than,
            Cmp::Above => value > self.than,
            Cmp::AtLeast => value >= self.than,
        }
    }

    /// Whether all numbers of `low..high` pass, none does, or it cannot be told.
    pub fn holds(self, low: Option<f64>, high: Option<f64>) -> Option<bool> {
        // Which end is the hard one depends on the side that the test bounds.
        let (hard, easy) = match self.cmp {
            Cmp::Below | Cmp::AtMost => (high, low),
            Cmp::Above | Cmp::AtLeast => (low, high),
        };
        if hard.is_some_and(|v| self.passes(v)) {
            return Some(true);
        }
        if easy.is_some_and(|v| !self.passes(v)) {
            return Some(false);
        }
        None
    }

    /// As it is written in the file.
    pub fn written(self) -> String {
        let sign = match self.cmp {
            Cmp::Below => "<",
            Cmp::AtMost => "<=",
            Cmp::Above => ">",
            Cmp::AtLeast => ">=",
        };
        format!("{sign} {}", self.than)
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measured {
    /// Events a month.
    Count,
    /// Counts told for a period, as a mean a month.
    Rate,
    /// A number as of a month.
    Figure,
    /// An outside table.
    Table,
}

/// An indicator: what to look for in the record or in an outside table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Query {
    /// What is measured.
    pub what: Measured,
    /// Keys and their words, in the order of the file.
    pub terms: Vec<(String, String)>,
}

const FUNCTIONS: [&str; 4] = ["count", "rate", "figure", "table"];
const EVENT_KEYS: [&str; 8] = [
    "event", "source", "target", "actor", "place", "modality", "context", "status",
];
const FIGURE_KEYS: [&str; 5] = ["of", "unit", "place", "by", "not"];
const TABLE_KEYS: [&str; 1] = ["id"];
/// Event types of PLOVER.
const EVENTS: [&str; 20] = [
    "agree",
    "consult",
    "support",
    "cooperate",
    "aid",
    "retreat",
    "request",
    "accuse",
    "reject",
    "threaten",
    "protest",
    "sanction",
    "mobilize",
    "coerce",
    "assault",
    "concede",
    "demand",
    "disapprove",
    "investigate",
    "crime",
];
const MODALITIES: [&str; 6] = [
    "actual",
    "planned",
    "demanded",
    "offered",
    "denied",
    "hypothetical",
];

impl Query {
    /// The words given for a key.
    pub fn term(&self, key: &str) -> Option<&str> {
        let found = self.terms.iter().find(|(k, _)| k == key);
        found.map(|(_, words)| words.as_str())
    }

    /// Reads `count(event=assault, target="coalition troops")`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shape = || {
            "an indicator is written like `count(event=assault, place=Iraq)`, `rate(of=attacks)`, \
             `figure(of=troops)` or `table(id=NAME)`"
                .to_owned()
        };
        let (name, rest) = text.trim().split_once('(').ok_or_else(shape)?;
        let inside = rest.trim_end().strip_suffix(')').ok_or_else(shape)?;
        let name = name.trim();
        let what = match name {
            "count" => Measured::Count,
            "rate" => Measured::Rate,
            "figure" => Measured::Figure,
            "table" => Measured::Table,
            _ => {
                return Err(format!(
                    "`{name}` is no indicator{}",
                    valid(name, &FUNCTIONS)
                ));
            }
        };
        let keys: &[&str] = match what {
            Measured::Count => &EVENT_KEYS,
            Measured::Rate | Measured::Figure => &FIGURE_KEYS,
            Measured::Table => &TABLE_KEYS,
        };
        let mut terms: Vec<(String, String)> = Vec::new();
        for part in split(inside) {
            let (key, words) = part.split_once('=').ok_or_else(shape)?;
            let key = key.trim();
            if !keys.contains(&key) {
                return Err(format!("`{name}` has no key `{key}`{}", valid(key, keys)));
            }
            if terms.iter().any(|(k, _)| k == key) {
                return Err(format!("`{key}` stands twice"));
            }
            let words = words.trim().trim_matches('"').trim().to_owned();
            check_words(key, &words)?;
            terms.push((key.to_owned(), words));
        }
        if terms.is_empty() {
            return Err(format!("`{name}()` measures everything; {}", shape()));
        }
        Ok(Self { what, terms })
    }

    /// As it is written in the file.
    pub fn written(&self) -> String {
        let name = match self.what {
            Measured::Count => "count",
            Measured::Rate => "rate",
            Measured::Figure => "figure",
            Measured::Table => "table",
        };
        let quoted = |w: &str| {
            if w.contains([' ', ',']) {
                format!("\"{w}\"")
            } else {
                w.to_owned()
            }
        };
        let terms: Vec<String> = self
            .terms
            .iter()
            .map(|(k, w)| format!("{k}={}", quoted(w)))
            .collect();
        format!("{name}({})", terms.join(", "))
    }
}

fn check_words(key: &str, words: &str) -> Result<(), String> {
    if words.is_empty() {
        return Err(format!("`{key}` has no value"));
    }
    let low = words.to_lowercase();
    let kind = low.split('/').next().unwrap_or(&low);
    let list: &[&str] = match key {
        "event" => &EVENTS,
        "modality" => &MODALITIES,
        _ => return Ok(()),
    };
    if list.contains(&kind) {
        return Ok(());
    }
    Err(format!("`{words}` is no {key}{}", valid(kind, list)))
}

/// Parts between commas that stand outside of quotation marks.
fn split(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut from, mut quoted) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                out.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    out.push(&text[from..]);
    out.retain(|part| !part.trim().is_empty());
    out
}

/// Reads `<= 4 / month`; the unit behind the stroke is for the reader.
pub(crate) fn bound(text: &str) -> Result<Bound, String> {
    let shape = || format!("`{text}` is no test; write one like `<= 4 / month` or `< 500`");
    let text_ = text.trim();
    let (cmp, rest) = [
        ("<=", Cmp::AtMost),
        (">=", Cmp::AtLeast),
        ("<", Cmp::Below),
        (">", Cmp::Above),
    ]
    .into_iter()
    .find_map(|(sign, cmp)| Some((cmp, text_.strip_prefix(sign)?)))
    .ok_or_else(shape)?;
    let number = rest.split('/').next().unwrap_or("").trim().replace(',', "");
    let number = number.split(' ').next().unwrap_or("");
    let than: f64 = number.parse().map_err(|_| shape())?;
    if !than.is_finite() {
        return Err(shape());
    }
    if let Some(unit) = rest.split_once('/').map(|(_, unit)| unit.trim())
        && !["month", "a month", "months"].contains(&unit)
    {
        return Err(format!("`{unit}`: tests count by the month"));
    }
    Ok(Bound { cmp, than })
}

const UNITS: [&str; 4] = ["days", "weeks", "months", "years"];

/// Reads `3 months`, `2 years`, `10 days`.
pub(crate) fn length(text: &str) -> Result<Length, String> {
    let shape = || format!("`{text}` is no length of time; write one like `3 months`");
    let (number, unit) = text.trim().split_once(' ').ok_or_else(shape)?;
    let n: i32 = number.parse().map_err(|_| shape())?;
    if !(0..=1200).contains(&n) {
        return Err(format!("`{text}` is out of reach; at most 1200"));
    }
    let (months, days) = match unit.trim() {
        "day" | "days" => (0, n),
        "week" | "weeks" => (0, 7 * n),
        "month" | "months" => (n, 0),
        "year" | "years" => (12 * n, 0),
        other => {
            return Err(format!(
                "`{other}` is no unit of time{}",
                nearest(other, &UNITS)
            ));
        }
    };
    Ok(Length { months, days })
}

/// Reads a day, month or year, `+2 years`, `ev:m-…`.
pub(crate) fn when(text: &str) -> Result<When, String> {
    let text = text.trim();
    let shape = || {
        format!(
            "`{text}` is no date; write `2025-01-31`, `2025-01`, `2025`, `2025-01..2025-03`, \
             `+2 years` (after the anchor) or a row of the record like `ev:m-1f3b9a0c2d4e`"
        )
    };
    if let Some(row) = row(text) {
        return Ok(When::Row(row.to_owned()));
    }
    if let Some((first, last)) = text.split_once("..") {
        return match (when(first)?, when(last)?) {
            (When::Days(from, _), When::Days(_, to)) if from <= to => Ok(When::Days(from, to)),
            _ => Err(shape()),
        };
    }
    if let Some(after) = text.strip_prefix('+') {
        let span = length(after)?;
        return Ok(When::After(span.months + (span.days + 15) / 30));
    }
    if let Ok(day) = text.parse::<Date>() {
        return Ok(When::Days(day, day));
    }
    let parts: Vec<&str> = text.split('-').collect();
    let number = |s: &str| s.parse::<i32>().ok().filter(|n| (0..=9998).contains(n));
    match parts.as_slice() {
        [year] if year.len() == 4 => {
            let year = number(year).ok_or_else(shape)?;
            Ok(When::Days(first_day(year * 12), last_day(year * 12 + 11)))
        }
        [year, month] if year.len() == 4 && month.len() == 2 => {
            let year = number(year).ok_or_else(shape)?;
            let month = number(month).filter(|m| (1..=12).contains(m));
            let month = year * 12 + month.ok_or_else(shape)? - 1;
            Ok(When::Days(first_day(month), last_day(month)))
        }
        _ => Err(shape()),
    }
}

/// The id in `ev:m-…` or `m-…`; of a document also a passage, `d-…:120-180`, in code points.
pub(crate) fn row(text: &str) -> Option<&str> {
    let id = text.strip_prefix("ev:").unwrap_or(text);
    let whole = passage(id).map_or(id, |(doc, ..)| doc);
    let (kind, hash) = whole.split_once('-')?;
    let is_kind = kind.len() == 1 && kind.bytes().all(|b| b.is_ascii_lowercase());
    let is_hash = hash.len() >= 4 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    (is_kind && is_hash).then_some(id)
}

/// Document, first and last code point of `d-…:120-180`.
pub(crate) fn passage(id: &str) -> Option<(&str, usize, usize)> {
    let (doc, span) = id
        .split_once(':')
        .filter(|(doc, _)| doc.starts_with("d-"))?;
    let (start, end) = span.split_once('-')?;
    let (start, end) = (start.parse().ok()?, end.parse().ok()?);
    (start < end).then_some((doc, start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_are_read_and_written() {
        let text = "count(event=assault/drone, target=\"coalition troops\", place=Iraq)";
        let query = Query::parse(text).unwrap();
        assert_eq!(query.written(), text);
        assert_eq!(query.term("target"), Some("coalition troops"));
        for (wrong, says) in [
            ("cuont(event=assault)", "did you mean `count`?"),
            ("count(event=asault)", "did you mean `assault`?"),
            ("count(targt=x)", "did you mean `target`?"),
            ("count()", "measures everything"),
            ("attacks", "an indicator is written like"),
        ] {
            let told = Query::parse(wrong).unwrap_err();
            assert!(told.contains(says), "{wrong}: {told}");
        }
    }

    #[test]
    fn a_test_knows_what_bounds_decide() {
        let few = bound("<= 4 / month").unwrap();
        assert_eq!(few.holds(Some(43.0), None), Some(false));
        assert_eq!(few.holds(Some(0.0), None), None);
        assert_eq!(few.holds(Some(0.0), Some(3.0)), Some(true));
        let many = bound("> 1,000").unwrap();
        assert_eq!(many.holds(Some(1500.0), None), Some(true));
        assert!(bound("<= 4 / week").is_err() && bound("four").is_err());
    }

    #[test]
    fn dates_keep_their_precision() {
        let days = |text: &str| match when(text) {
            Ok(When::Days(from, to)) => (from.to_string(), to.to_string()),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(days("2024-02").1, "2024-02-29");
        assert_eq!(days("2024").0, "2024-01-01");
        assert_eq!(when("+2 years").unwrap(), When::After(24));
        let row = "m-0123456789ab";
        assert_eq!(when(&format!("ev:{row}")).unwrap(), When::Row(row.into()));
        assert!(when("soon").is_err() && when("2024-13").is_err());
    }
}

//! A table whose every column says what it holds.

use rapporteur_base::{Date, Interval};
use rapporteur_coder::Actor;
use serde::Serialize;

/// What the cells of a column are, where a format tells numbers and days from words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Whole,
    Number,
    /// `YYYY-MM-DD`.
    Day,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Whole => "whole number",
            Self::Number => "number",
            Self::Day => "day",
        }
    }
}

/// A column: name and what it holds; `lossy` says what of the record it cannot hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub name: &'static str,
    pub about: &'static str,
    pub lossy: &'static str,
    pub kind: Kind,
}

impl Column {
    pub(super) const fn whole(mut self) -> Self {
        self.kind = Kind::Whole;
        self
    }

    pub(super) const fn number(mut self) -> Self {
        self.kind = Kind::Number;
        self
    }

    pub(super) const fn day(mut self) -> Self {
        self.kind = Kind::Day;
        self
    }
}

pub(super) const fn column(name: &'static str, about: &'static str) -> Column {
    Column {
        name,
        about,
        lossy: "",
        kind: Kind::Text,
    }
}

pub(super) const fn lossy(name: &'static str, about: &'static str, lossy: &'static str) -> Column {
    Column {
        name,
        about,
        lossy,
        kind: Kind::Text,
    }
}

#[derive(Debug)]
pub(super) struct Table {
    pub name: &'static str,
    pub about: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(name: &'static str, about: &'static str, columns: &[Column]) -> Self {
        Self {
            name,
            about,
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; its cells stand in the order of the columns.
    pub(super) fn push(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "{}", self.name);
        self.rows.push(cells);
    }

    /// RFC 4180 with line feeds.
    pub(super) fn csv(&self) -> String {
        let mut out = String::new();
        let names: Vec<String> = self.columns.iter().map(|c| c.name.to_owned()).collect();
        for row in std::iter::once(&names).chain(&self.rows) {
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                if cell.contains([',', '"', '\n', '\r']) {
                    out.push('"');
                    out.push_str(&cell.replace('"', "\"\""));
                    out.push('"');
                } else {
                    out.push_str(cell);
                }
            }
            out.push('\n');
        }
        out
    }
}

/// An unknown value is an empty cell.
pub(super) fn cell<T: ToString>(value: Option<T>) -> String {
    value.map_or(String::new(), |v| v.to_string())
}

/// The word that JSON uses for a value of an enumeration.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// First day, last day, precision.
pub(super) fn days(interval: Option<&Interval>) -> [String; 3] {
    match interval {
        None => [String::new(), String::new(), String::new()],
        Some(i) => [cell(i.from), cell(i.to), precision(i).to_owned()],
    }
}

/// Precision in the words of the exchange format; a week has none of its own there.
pub(super) fn precision(interval: &Interval) -> &'static str {
    use rapporteur_base::Precision as P;
    match interval.precision {
        P::Day => "day",
        P::Month => "month",
        P::Season => "season",
        P::Year => "year",
        P::Week | P::Bounded => "bounded",
    }
}

pub(super) fn names(actors: &[Actor]) -> String {
    let names: Vec<&str> = actors.iter().map(|a| a.name.as_str()).collect();
    names.join("; ")
}

pub(super) fn day(date: Option<Date>) -> String {
    cell(date)
}

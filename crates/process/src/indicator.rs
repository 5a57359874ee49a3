//! Indicators: from the rows of the record, or an outside table, to one cell a month.
//!
//! A month without coverage is unknown, never zero.

use std::collections::BTreeMap;

use rapporteur_base::{Date, Operator};
use rapporteur_coder::Modality;
use rapporteur_record::{Cite, EventRow, FigureRow};
use serde::Serialize;

use crate::forecast::{Series, Step};
use crate::model::Coverage;
use crate::months::{days, first_day, last_complete, last_day, month_of};
use crate::query::{Measured, Query};
use crate::world::{World, has_words, month_within, months_covered};

/// Longest history looked at, in months.
const MOST: i32 = 360;
/// Greatest number of a table.
const MOST_VALUE: f64 = 1e12;
/// Shortest period, in days, whose count says something about a month's mean.
const SHORTEST: i64 = 28;

/// One month of an indicator.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cell {
    /// `year * 12 + month - 1`.
    pub month: i32,
    /// The value; `None` is unknown.
    pub value: Option<f64>,
    /// Smallest value that the evidence allows.
    pub low: Option<f64>,
    /// Greatest value that the evidence allows.
    pub high: Option<f64>,
    /// Articles of the month, copies counted once.
    pub articles: usize,
    /// Outlets of the month.
    pub sources: usize,
    /// What it rests on, or why it is not known.
    pub why: String,
    /// Passages.
    pub cites: Vec<Cite>,
}

/// An indicator over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observed {
    /// The indicator as written.
    pub indicator: String,
    /// One a month, without gaps, to the last month that is over.
    pub cells: Vec<Cell>,
    /// What is found of the month that is not over.
    pub so_far: Option<Cell>,
    /// Matching rows that belong to no one month.
    pub loose: Vec<Cite>,
}

impl Observed {
    /// The cell of a month.
    pub fn cell(&self, month: i32) -> Option<&Cell> {
        let start = self.cells.first()?.month;
        self.cells.get(usize::try_from(month - start).ok()?)
    }

    /// Months with a value.
    pub fn known(&self) -> usize {
        self.cells.iter().filter(|c| c.value.is_some()).count()
    }

    /// As a series: unknown months stay unknown.
    pub fn series(&self) -> Series {
        Series {
            unit: self.indicator.clone(),
            step: Step::Month,
            start: self.cells.first().map_or(0, |c| c.month),
            values: self.cells.iter().map(|c| c.value).collect(),
        }
    }
}

/// Contents of the outside tables, by id.
pub type Tables = BTreeMap<String, String>;

/// What was found for one month.
#[derive(Clone, Debug, Default)]
struct Found {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    cites: Vec<Cite>,
    why: String,
}

/// Measures an indicator as of the day of `world`.
pub(crate) fn observe(
    world: &World<'_>,
    query: &Query,
    coverage: Coverage,
    tables: &Tables,
) -> Observed {
    let last = last_complete(world.day);
    let mut loose = Vec::new();
    let found = match query.what {
        Measured::Count => count(world, query, &mut loose),
        Measured::Rate => rate(world, query),
        Measured::Figure => figure(world, query),
        Measured::Table => table(world, query, tables),
    };
    let covered = world
        .first_covered()
        .filter(|_| query.what == Measured::Count);
    let start = found
        .keys()
        .next()
        .copied()
        .into_iter()
        .chain(covered)
        .min();
    let start = start.unwrap_or(last).clamp(last - MOST, last);
    let cell = |month: i32| cell(world, query, coverage, month, found.get(&month));
    let running = last + 1;
    Observed {
        indicator: query.written(),
        cells: (start..=last).map(cell).collect(),
        so_far: found.contains_key(&running).then(|| cell(running)),
        loose,
    }
}

fn cell(
    world: &World<'_>,
    query: &Query,
    least: Coverage,
    month: i32,
    found: Option<&Found>,
) -> Cell {
    let Coverage { articles, sources } = world.coverage(month);
    let mut out = Cell {
        month,
        articles,
        sources,
        low: Some(0.0),
        ..Cell::default()
    };
    if let Some(found) = found {
        out.cites.clone_from(&found.cites);
        out.why.clone_from(&found.why);
        out.low = found.low;
    }
    let enough = articles >= least.articles && sources >= least.sources;
    match (query.what, found) {
        (Measured::Count, _) if !enough => {
            let reported = found.map_or(0.0, |f| f.value);
            out.low = Some(reported);
            out.why = format!(
                "{articles} of {} articles, {} of {} outlets: silence is not zero",
                least.articles, sources, least.sources
            );
            if reported > 0.0 {
                out.why = format!("at least {reported} reported; {}", out.why);
            }
        }
        (Measured::Count, found) => {
            let n = found.map_or(0.0, |f| f.value);
            (out.value, out.low, out.high) = (Some(n), Some(n), Some(n));
            out.why = format!("{n} in {articles} articles of {sources} outlets");
        }
        (_, Some(found)) => {
            out.value = Some(found.value);
            out.high = found.high;
        }
        (_, None) => out.why = "nothing told for the month".into(),
    }
    out
}

/// Events that fit, by month.
fn count(world: &World<'_>, query: &Query, loose: &mut Vec<Cite>) -> BTreeMap<i32, Found> {
    let mut out: BTreeMap<i32, Found> = BTreeMap::new();
    for event in world.view.events.iter().filter(|e| fits(world, query, e)) {
        let Some(month) = event.date.and_then(month_within) else {
            loose.extend(event.evidence.first().cloned());
            continue;
        };
        let found = out.entry(month).or_default();
        found.value += 1.0;
        found.cites.extend(event.evidence.iter().cloned());
    }
    out
}

fn fits(world: &World<'_>, query: &Query, event: &EventRow) -> bool {
    let told = format!("{:?}", event.modality).to_lowercase();
    let modality = query.term("modality").map(str::to_lowercase);
    let asked = modality.unwrap_or_else(|| format!("{:?}", Modality::Actual).to_lowercase());
    told == asked
        && query.terms.iter().all(|(key, term)| match key.as_str() {
            "event" => {
                let mut parts = term.split('/');
                let kind = parts.next().unwrap_or("");
                event.kind.eq_ignore_ascii_case(kind)
                    && parts.next().is_none_or(|mode| {
                        event
                            .mode
                            .as_deref()
                            .is_some_and(|m| m.eq_ignore_ascii_case(mode))
                    })
            }
            "source" => event.source.iter().any(|a| world.is_actor(a, term)),
            "target" => event.target.iter().any(|a| world.is_actor(a, term)),
            "actor" => {
                let mut all = event.source.iter().chain(&event.target);
                all.any(|a| world.is_actor(a, term))
            }
            "place" => event
                .place
                .as_deref()
                .is_some_and(|p| world.is_place(p, term)),
            "context" => event
                .contexts
                .iter()
                .any(|c| c.name.eq_ignore_ascii_case(term)),
            "status" => event.status.eq_ignore_ascii_case(term),
            _ => true,
        })
}

/// Figures that fit.
fn figures<'w>(world: &'w World<'_>, query: &'w Query) -> impl Iterator<Item = &'w FigureRow> {
    world.view.figures.iter().filter(move |row| {
        query.terms.iter().all(|(key, term)| match key.as_str() {
            "of" => has_words(&row.of, term),
            "not" => !has_words(&row.of, term),
            "unit" => row.unit.eq_ignore_ascii_case(term),
            "place" => row
                .place
                .as_deref()
                .is_some_and(|p| world.is_place(p, term)),
            "by" => row.by.as_ref().is_some_and(|a| world.is_actor(a, term)),
            _ => true,
        })
    })
}

/// Number and bounds of a figure: "about" is taken at its word.
fn bounds(row: &FigureRow) -> Option<(f64, Option<f64>, Option<f64>)> {
    match (row.op, row.value) {
        (Operator::About, Some(value)) => Some((value, Some(value), Some(value))),
        (_, Some(value)) => Some((value, row.low, row.high)),
        (_, None) => {
            let (low, high) = (row.low?, row.high?);
            Some(((low + high) / 2.0, Some(low), Some(high)))
        }
    }
}

fn cite_of(row: &FigureRow) -> Cite {
    row.evidence.first().unwrap_or(&row.context).clone()
}

/// Counts told for a period ("150 attacks since October"), as a mean a month. Of several the one
/// published last counts.
fn rate(world: &World<'_>, query: &Query) -> BTreeMap<i32, Found> {
    let mut told: Vec<(Option<Date>, &FigureRow)> = figures(world, query)
        .map(|row| (world.published(&row.context.doc), row))
        .collect();
    told.sort_by_key(|(day, row)| (*day, row.id.clone()));
    let mut out: BTreeMap<i32, Found> = BTreeMap::new();
    for (published, row) in told {
        let Some((value, low, high)) = bounds(row) else {
            continue;
        };
        let from = row.as_of.and_then(|a| a.from);
        let to = row.as_of.and_then(|a| a.to).or(published);
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        let length = days(from, to) + 1;
        if length < SHORTEST {
            continue;
        }
        let months = length as f64 / 30.44;
        for month in months_covered(from, to) {
            let found = out.entry(month).or_default();
            found.value = value / months;
            found.low = low.map(|v| v / months);
            found.high = high.map(|v| v / months);
            found.why = format!("mean a month of a count told for {from} to {to}");
            found.cites.insert(0, cite_of(row));
        }
    }
    out
}

/// Numbers as of a month: the middle one of those told, between the lowest and the highest.
fn figure(world: &World<'_>, query: &Query) -> BTreeMap<i32, Found> {
    let mut told: BTreeMap<i32, Vec<&FigureRow>> = BTreeMap::new();
    for row in figures(world, query) {
        let published = world.published(&row.context.doc);
        let dated = row.as_of.and_then(month_within);
        if let Some(month) = dated.or(published.map(month_of)) {
            told.entry(month).or_default().push(row);
        }
    }
    let mut out = BTreeMap::new();
    for (month, rows) in told {
        let mut all: Vec<_> = rows.iter().filter_map(|r| bounds(r)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let Some(middle) = all.get(all.len() / 2) else {
            continue;
        };
        let least = all.iter().map(|b| b.1).min_by(order).flatten();
        // An open end stays open.
        let most = all
            .iter()
            .map(|b| b.2)
            .reduce(|a, b| Some(a?.max(b?)))
            .flatten();
        let found = Found {
            value: middle.0,
            low: least,
            high: most,
            cites: rows.iter().map(|r| cite_of(r)).collect(),
            why: format!("{} told", rows.len()),
        };
        out.insert(month, found);
    }
    out
}

fn order(a: &Option<f64>, b: &Option<f64>) -> std::cmp::Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(b),
        // Without a lower end there is none.
        (None, None) => std::cmp::Ordering::Equal,
        (None, _) => std::cmp::Ordering::Less,
        (_, None) => std::cmp::Ordering::Greater,
    }
}

/// Rows of an outside table published by the day; rows of one month are added up.
fn table(world: &World<'_>, query: &Query, tables: &Tables) -> BTreeMap<i32, Found> {
    let mut out: BTreeMap<i32, Found> = BTreeMap::new();
    let declared = &world.process.tables;
    let Some(table) = query
        .term("id")
        .and_then(|id| declared.iter().find(|t| t.id == id))
    else {
        return out;
    };
    let Ok(rows) = tables
        .get(&table.id)
        .map_or(Ok(Vec::new()), |text| rows_of(table, text))
    else {
        return out;
    };
    for (day, value, published) in rows {
        let month = month_of(day);
        // Without a day of publication a month is known when it is over.
        if published.unwrap_or_else(|| last_day(month)) > world.day {
            continue;
        }
        let found = out.entry(month).or_default();
        found.value += value;
        found.low = Some(found.value);
        found.high = Some(found.value);
        found.why = format!("table {} ({})", table.id, table.file);
    }
    out
}

type TableRow = (Date, f64, Option<Date>);

/// Reads an outside table: comma-separated with a head line.
pub(crate) fn rows_of(table: &crate::model::Table, text: &str) -> Result<Vec<TableRow>, String> {
    let mut lines = text.lines();
    let head = split(lines.next().unwrap_or(""));
    let at = |name: &str| {
        head.iter().position(|cell| cell == name).ok_or_else(|| {
            let known = crate::near::valid(name, &head);
            format!("{}:1: no column `{name}`{known}", table.file)
        })
    };
    let (month, value) = (at(&table.month)?, at(&table.value)?);
    let published = table.published.as_deref().map(at).transpose()?;
    let mut out = Vec::new();
    for (number, line) in lines.enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let cells = split(line);
        let wrong = |what: &str, cell: Option<&String>| {
            let cell = cell.map_or("", String::as_str);
            format!("{}:{}: `{cell}` is no {what}", table.file, number + 2)
        };
        let day = |at: usize| {
            let cell = cells.get(at);
            cell.and_then(|c| date(c))
                .ok_or_else(|| wrong("month or day", cell))
        };
        let cell = cells.get(value);
        // An empty cell is unknown, never zero.
        if cell.is_some_and(|c| c.is_empty()) {
            continue;
        }
        let number: Option<f64> = cell.and_then(|c| c.parse().ok());
        let number = number
            .filter(|n| (0.0..=MOST_VALUE).contains(n))
            .ok_or_else(|| wrong("number from 0 to 1e12", cell))?;
        out.push((day(month)?, number, published.map(day).transpose()?));
    }
    Ok(out)
}

fn date(cell: &str) -> Option<Date> {
    cell.get(..10)
        .and_then(|c| c.parse().ok())
        .or_else(|| match crate::query::when(cell) {
            Ok(crate::model::When::Days(from, to)) if month_of(from) == month_of(to) => {
                Some(first_day(month_of(from)))
            }
            _ => None,
        })
}

fn split(line: &str) -> Vec<String> {
    let cells = line.trim_start_matches('\u{feff}').split(',');
    cells
        .map(|c| c.trim().trim_matches('"').to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_where_it_is_wrong() {
        let table = crate::model::Table {
            id: "t".into(),
            file: "t.csv".into(),
            month: "month".into(),
            value: "n".into(),
            published: None,
            note: String::new(),
        };
        let read = |text| rows_of(&table, text);
        assert_eq!(read("month,n\n2024-01,4\n2024-02,\n").unwrap().len(), 1);
        assert!(read("month,m\n").unwrap_err().contains("did you mean `m`?"));
        assert!(
            read("month,n\n2024-01,x\n")
                .unwrap_err()
                .starts_with("t.csv:2: `x`")
        );
    }
}

//! Tasks of forecasting to whole sample paths. The series come from a folder of CSV tables:
//! `NAME,month,VALUE` (a month without a row is 0, between the first and the last month of the
//! table), `date,COLUMN,…` in `PREFIX_daily.csv` (the series `PREFIX_COLUMN`), and lists of one
//! column named `NAME`, whose names have a series even without a row.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rapporteur_base::Date;
use rapporteur_process::forecast::{Model, Options, Pool, Series, Step, Trained, sample_trained};
use serde_json::{Value, json};

use super::{field, lines};
use crate::cli::exit;

/// Arguments of `rapporteur pipe forecast`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder with the series
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Paths of each forecast
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    draws: u32,
    /// Seed of the generator
    #[arg(long, value_name = "N", default_value_t = 7)]
    seed: u64,
    /// mixture, conflictology, sticky, analog, level, negbin or trend
    #[arg(long, value_name = "MODEL", default_value_t = Model::Mixture)]
    model: Model,
}

/// Every series of the folder: months as series, days as they are.
#[derive(Debug, Default)]
struct Data {
    months: Vec<Series>,
    days: Vec<Series>,
}

pub(super) fn run(jobs: usize, args: &Args) -> u8 {
    let data = match Data::read(&args.data) {
        Ok(data) => data,
        Err(error) => {
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                format!("rapporteur: {error}\n").as_bytes(),
            );
            return exit::USAGE;
        }
    };
    let pools = [Pool::new(&data.months), Pool::new(&[])];
    let trained = Mutex::new(BTreeMap::new());
    lines(jobs, |row| filter(&data, &pools, &trained, args, row))
}

/// What a pool teaches at an origin and horizon, worked out once.
type Known<'p> = Mutex<BTreeMap<(usize, i32, usize), Arc<Trained<'p>>>>;

fn filter<'p>(
    data: &Data,
    pools: &'p [Pool; 2],
    known: &Known<'p>,
    args: &Args,
    row: &Value,
) -> Result<String, String> {
    let (task, name, origin) = (
        field(row, "task")?,
        field(row, "series")?,
        field(row, "origin")?,
    );
    let (series, pool, horizon) = match task {
        "cm" => (data.month(name, origin)?, 0, 12),
        "week" => (data.weeks(name, origin)?, 1, 8),
        other => return Err(format!("`task` is `cm` or `week`, not {other:?}")),
    };
    let horizon = match row.get("horizon") {
        None => horizon,
        Some(steps) => (steps.as_u64().filter(|n| (1..=120).contains(n)))
            .map(|n| n as usize)
            .ok_or("`horizon` is not a whole number of steps from 1 to 120")?,
    };
    let options = Options {
        horizon,
        draws: args.draws as usize,
        seed: args.seed,
        model: args.model,
    };
    let key = (pool, series.last(), horizon);
    let trained = Arc::clone(
        (known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key))
        .or_insert_with(|| Arc::new(pools[pool].at(series.last(), horizon))),
    );
    let paths = sample_trained(&series, &trained, &options);
    if paths.draws.is_empty() {
        return Err(format!("nothing is known of `{name}` up to {origin}"));
    }
    Ok(told(task, name, origin, &paths.draws))
}

/// One line; written by hand, since a value a number would cost more than the forecast.
fn told(task: &str, name: &str, origin: &str, draws: &[Vec<f64>]) -> String {
    let mut line = json!({"task": task, "series": name, "origin": origin}).to_string();
    line.pop();
    line.push_str(",\"draws\":[");
    for (i, draw) in draws.iter().enumerate() {
        line.push_str(if i == 0 { "[" } else { ",[" });
        for (h, value) in draw.iter().enumerate() {
            if h > 0 {
                line.push(',');
            }
            // A whole number has no point; neither writes anything that JSON could not read.
            let written = if value.fract() == 0.0 {
                write!(line, "{}", *value as u64)
            } else {
                write!(line, "{value}")
            };
            debug_assert!(written.is_ok(), "a text can always grow");
        }
        line.push(']');
    }
    line.push_str("]}");
    line
}

/// Index of a month written like `2024-02`.
fn month_index(text: &str) -> Option<i32> {
    let (year, month) = text.split_once('-')?;
    let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
    let known = (1..=12).contains(&month) && (1..=9999).contains(&year);
    known.then(|| year * 12 + month - 1)
}

/// Steps of all series of one table at most: a day far off would ask for all the memory.
const MOST_STEPS: usize = 50_000_000;

/// How many steps there are from the first to the last, if `series` of them may be held.
fn steps(first: i32, last: i32, series: usize) -> Result<(), String> {
    let steps = last.abs_diff(first) as usize + 1;
    if steps.saturating_mul(series) > MOST_STEPS {
        return Err(format!(
            "{series} series of {steps} steps: too many; look for a wrong year among the days"
        ));
    }
    Ok(())
}

/// Days since 1970-01-01.
fn day_index(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    (date - epoch).get_days()
}

fn cells(line: &str) -> Vec<&str> {
    line.split(',')
        .map(|cell| cell.trim().trim_matches('"'))
        .collect()
}

impl Data {
    fn read(folder: &Path) -> Result<Self, String> {
        let entries = fs::read_dir(folder).map_err(|e| {
            format!(
                "--data {}: {e}; name a folder with CSV tables",
                folder.display()
            )
        })?;
        let mut files: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "csv"))
            .collect();
        files.sort();
        let (mut data, mut names) = (Self::default(), Vec::new());
        for file in &files {
            let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
            let head = text.lines().next().map(cells).unwrap_or_default();
            let read = match head[..] {
                [_, "month", _] => data.read_months(&text),
                ["date", ..] => data.read_days(file, &text),
                [_] => {
                    names.extend(text.lines().skip(1).map(|l| cells(l).join(",")));
                    Ok(())
                }
                _ => Err("line 1: the columns are neither NAME,month,VALUE nor date,…".into()),
            };
            read.map_err(|e| format!("{}: {e}", file.display()))?;
        }
        if data.months.is_empty() && data.days.is_empty() {
            return Err(format!(
                "--data {}: no table of a series there",
                folder.display()
            ));
        }
        data.rest(names);
        Ok(data)
    }

    fn read_months(&mut self, text: &str) -> Result<(), String> {
        let mut found: BTreeMap<String, BTreeMap<i32, f64>> = BTreeMap::new();
        for (number, line) in text
            .lines()
            .enumerate()
            .skip(1)
            .filter(|(_, l)| !l.is_empty())
        {
            let mut cells = line.rsplitn(3, ',');
            let value = cells.next().and_then(|v| v.trim().parse::<f64>().ok());
            let month = cells.next().and_then(month_index);
            let name = cells.next().map(|n| n.trim_matches('"'));
            let (Some(value), Some(month), Some(name)) = (value, month, name) else {
                return Err(format!(
                    "line {}: not NAME,2024-02,VALUE: {line:?}",
                    number + 1
                ));
            };
            found.entry(name.into()).or_default().insert(month, value);
        }
        let months = || found.values().flat_map(BTreeMap::keys).copied();
        let (Some(first), Some(last)) = (months().min(), months().max()) else {
            return Ok(());
        };
        steps(first, last, found.len())?;
        self.months.extend(found.into_iter().map(|(unit, rows)| {
            Series {
                unit,
                step: Step::Month,
                start: first,
                values: (first..=last)
                    .map(|m| Some(rows.get(&m).copied().unwrap_or(0.0)))
                    .collect(),
            }
        }));
        Ok(())
    }

    fn read_days(&mut self, file: &Path, text: &str) -> Result<(), String> {
        let stem = file
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default();
        let prefix = stem.strip_suffix("_daily").unwrap_or(stem);
        let names = text.lines().next().map(cells).unwrap_or_default();
        let mut found: BTreeMap<i32, Vec<Option<f64>>> = BTreeMap::new();
        for (number, line) in text
            .lines()
            .enumerate()
            .skip(1)
            .filter(|(_, l)| !l.is_empty())
        {
            let row = cells(line);
            let day = row[0].parse().map(day_index).map_err(|_| {
                format!(
                    "line {}: not a day like 2024-02-15: {:?}",
                    number + 1,
                    row[0]
                )
            })?;
            found.insert(day, row[1..].iter().map(|v| v.parse().ok()).collect());
        }
        let (Some(first), Some(last)) = (found.keys().next(), found.keys().last()) else {
            return Ok(());
        };
        steps(*first, *last, names.len())?;
        for (at, name) in names.iter().skip(1).enumerate() {
            self.days.push(Series {
                unit: format!("{prefix}_{name}"),
                step: Step::Day,
                start: *first,
                values: (*first..=*last)
                    .map(|day| {
                        found
                            .get(&day)
                            .and_then(|row| row.get(at).copied().flatten())
                    })
                    .collect(),
            });
        }
        Ok(())
    }

    /// Gives every listed name without a row a series of nothing counted.
    fn rest(&mut self, names: Vec<String>) {
        let Some(model) = self.months.first().cloned() else {
            return;
        };
        for unit in names {
            if !unit.is_empty() && self.months.iter().all(|s| s.unit != unit) {
                let values = vec![Some(0.0); model.values.len()];
                self.months.push(Series {
                    unit,
                    values,
                    ..model.clone()
                });
            }
        }
    }

    /// A monthly series up to `origin`; months past the end of the table are unknown.
    fn month(&self, name: &str, origin: &str) -> Result<Series, String> {
        let last = month_index(origin).ok_or(format!("`origin` is not a month: {origin:?}"))?;
        let series = (self.months.iter())
            .find(|s| s.unit == name)
            .ok_or(format!("no monthly series `{name}` in the data"))?;
        let mut series = series.until(last);
        let missing = usize::try_from(last - series.last()).unwrap_or(0);
        let end = series.values.len() + missing.min(1200);
        series.values.resize(end, None);
        Ok(series)
    }

    /// Sums of seven days, the last of which is `origin`; a week with an unknown day is unknown.
    fn weeks(&self, name: &str, origin: &str) -> Result<Series, String> {
        let last: Date = origin
            .parse()
            .map_err(|_| format!("`origin` is not a day like 2024-02-15: {origin:?}"))?;
        let days = (self.days.iter())
            .find(|s| s.unit == name)
            .ok_or(format!("no daily series `{name}` in the data"))?
            .until(day_index(last));
        let skip = days.values.len() % 7;
        if days.last() != day_index(last) {
            return Err(format!("the days of `{name}` end before {origin}"));
        }
        Ok(Series {
            step: Step::Week,
            start: days.start + skip as i32,
            values: days.values[skip..]
                .chunks_exact(7)
                .map(|w| w.iter().copied().sum())
                .collect(),
            unit: days.unit,
        })
    }
}

/// A table of months, and the same as a table of days, for [`crate::probe`].
pub(crate) fn series_of(text: &str) -> Result<(), String> {
    let mut data = Data::default();
    let days = data.read_days(Path::new("x_daily.csv"), text);
    data.read_months(text).and(days)
}

//! `process`: declared processes, their conditions and the dates that follow.

mod files;
mod replay;

use std::path::{Path, PathBuf};

use rapporteur_base::Date;
use rapporteur_desk::process::{Ahead, Page, Part, process};
use rapporteur_desk::{Brief, html, ics, text};
use rapporteur_process::{HISTORY, Projection, Standing, WhatIf, calibrated, projected};
use rapporteur_record::{Filter, View};
use serde_json::json;

use super::{Stop, open, print, style};
use crate::cli::exit;
use files::File;
use replay::Replay;

/// Past month ends whose projections are scored.
const SCORED: usize = 24;

/// Arguments of `process`.
#[derive(Debug, clap::Args)]
pub(crate) struct Process {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Draft a process file from the record, for a person to edit
    New(New),
    /// Tell every fault of a process file at its line and column; keep the file as a version
    Check(Which),
    /// Where it stands: state, tracks, lights with their evidence, levels, windows, next dates
    Show(Show),
    /// When its phases may be done, what binds, and how past projections came out
    Project(Project),
    /// The kept versions of a process file
    Log(Which),
}

#[derive(Debug, clap::Args)]
struct New {
    /// Short name, also the file's name; made from the parties if not given
    id: Option<String>,
    /// Title
    #[arg(long)]
    title: Option<String>,
    /// Only what was known on that day
    #[arg(long, value_name = "DAY")]
    as_of: Option<Date>,
    /// Print the draft instead of writing it to the desk
    #[arg(long)]
    stdout: bool,
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Short name of the process, or its file; not needed when the desk has one
    process: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Show {
    #[command(flatten)]
    which: Which,
    /// What was known on that day; the day of the newest article if not given
    #[arg(long, value_name = "DAY")]
    as_of: Option<Date>,
    /// Write one self-contained page, with the projection, to a file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the deadlines as an iCalendar file
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Project {
    #[command(flatten)]
    show: Show,
    /// What more months of an indicator would do: a condition, with a value and a number of months
    /// if wanted, like attacks-low=40x2; the greatest month on record if none is given
    #[arg(long, value_name = "CONDITION[=VALUE[xMONTHS]]")]
    what_if: Option<String>,
    /// Draws instead of those of the file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=100_000))]
    draws: Option<u32>,
    /// Seed instead of that of the file
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
}

/// Short names of the processes of the desk in `dir`.
pub(crate) fn known(dir: &Path) -> Vec<String> {
    files::names(dir)
}

/// One process whole, for the desk in a browser.
pub(crate) fn page(dir: &Path, id: &str, as_of: Option<Date>) -> Result<Brief, Stop> {
    let file = files::load(Some(dir), Some(id))?;
    let replay = Replay::of(Some(dir), &file, as_of, SCORED)?;
    let (tables, past) = (&file.tables, &replay.past);
    let standing = Standing::of(&file.process, &replay.view, tables, replay.day, past);
    let made = Made::of(&file, &replay, None);
    let page = Page {
        process: &file.process,
        standing: &standing,
        ahead: Some(made.ahead()),
        view: &replay.view,
        version: &file.version,
    };
    Ok(process(page, Part::All))
}

impl Process {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        match &self.what {
            What::New(args) => args.run(desk),
            What::Check(args) => args.check(desk),
            What::Show(args) => args.run(desk),
            What::Project(args) => args.run(desk),
            What::Log(args) => files::log(desk, args.process.as_deref()),
        }
    }
}

impl New {
    fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let filter = Filter {
            as_of: self.as_of,
            ..Filter::default()
        };
        let view = super::view(desk, &filter)?;
        let draft = rapporteur_process::draft(&view, self.id.as_deref(), self.title.as_deref());
        if self.stdout {
            return print(draft.as_bytes());
        }
        let path = files::write_new(desk, &draft)?;
        print(
            format!(
                "A draft in {0}\nRead it against the passages quoted in it, then:\n  \
                 rapporteur process check\n  rapporteur process show\n",
                path.display()
            )
            .as_bytes(),
        )
    }
}

impl Which {
    fn check(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let path = files::choose(desk, self.process.as_deref())?;
        let store = open(desk)?;
        let view = View::load(&store, &Filter::default())?;
        let (said, faults) = files::check(&path, &view)?;
        let mut out = said;
        if faults == 0 {
            out.push_str(&files::keep(desk, &path)?);
        }
        print(out.as_bytes())?;
        Ok(if faults == 0 { exit::OK } else { exit::CHECK })
    }
}

impl Show {
    fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let file = files::load(desk, self.which.process.as_deref())?;
        let months = if self.html.is_some() { SCORED } else { HISTORY };
        let replay = Replay::of(desk, &file, self.as_of, months)?;
        let standing = Standing::of(
            &file.process,
            &replay.view,
            &file.tables,
            replay.day,
            &replay.past,
        );
        if self.json {
            return json_out(&json!({"process": file.process, "standing": standing}));
        }
        if self.html.is_some() {
            let made = Made::of(&file, &replay, None);
            self.write_page(&file, &replay, &standing, &made)?;
        }
        self.write_calendar(&file, &standing)?;
        if self.html.is_some() || self.ics.is_some() {
            return Ok(exit::OK);
        }
        let page = Page {
            process: &file.process,
            standing: &standing,
            ahead: None,
            view: &replay.view,
            version: &file.version,
        };
        print(text(&process(page, Part::Now), style()).as_bytes())
    }

    fn write_page(
        &self,
        file: &File,
        replay: &Replay,
        standing: &Standing,
        made: &Made,
    ) -> Result<(), Stop> {
        let Some(path) = &self.html else {
            return Ok(());
        };
        let page = Page {
            process: &file.process,
            standing,
            ahead: Some(made.ahead()),
            view: &replay.view,
            version: &file.version,
        };
        write(path, &html(&process(page, Part::All)))
    }

    fn write_calendar(&self, file: &File, standing: &Standing) -> Result<(), Stop> {
        match &self.ics {
            Some(path) => write(path, &ics::calendar(&file.process, standing)),
            None => Ok(()),
        }
    }
}

/// A projection with what is shown beside it.
struct Made {
    projection: Projection,
    calibration: rapporteur_process::Calibration,
    /// What is changed, the draws without it and with it.
    what_if: Option<(WhatIf, Projection, Projection)>,
}

impl Made {
    fn of(file: &File, replay: &Replay, what_if: Option<WhatIf>) -> Self {
        let project = |what: Option<&WhatIf>| {
            projected(&file.process, &replay.view, &file.tables, replay.day, what)
        };
        Self {
            projection: project(None),
            calibration: calibrated(
                &file.process,
                &replay.view,
                &file.tables,
                replay.day,
                &replay.past,
            ),
            what_if: what_if.map(|what| {
                let plain = project(Some(&WhatIf {
                    months: 0,
                    ..what.clone()
                }));
                let changed = project(Some(&what));
                (what, plain, changed)
            }),
        }
    }

    fn ahead(&self) -> Ahead<'_> {
        Ahead {
            projection: &self.projection,
            calibration: &self.calibration,
            what_if: self
                .what_if
                .as_ref()
                .map(|(what, plain, changed)| (what, plain, changed)),
        }
    }
}

impl Project {
    fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let mut file = files::load(desk, self.show.which.process.as_deref())?;
        if let Some(draws) = self.draws {
            file.process.settings.draws = draws as usize;
        }
        if let Some(seed) = self.seed {
            file.process.settings.seed = u64::from(seed);
        }
        let what = self
            .what_if
            .as_deref()
            .map(|w| what_if(&file, w))
            .transpose()?;
        let replay = Replay::of(desk, &file, self.show.as_of, SCORED)?;
        let standing = Standing::of(
            &file.process,
            &replay.view,
            &file.tables,
            replay.day,
            &replay.past,
        );
        let made = Made::of(&file, &replay, what);
        if self.show.json {
            let changed = made.what_if.as_ref().map(|(_, _, p)| p);
            return json_out(&json!({
                "projection": made.projection,
                "calibration": made.calibration,
                "what_if": changed,
            }));
        }
        self.show.write_page(&file, &replay, &standing, &made)?;
        self.show.write_calendar(&file, &standing)?;
        if self.show.html.is_some() || self.show.ics.is_some() {
            return Ok(exit::OK);
        }
        let page = Page {
            process: &file.process,
            standing: &standing,
            ahead: Some(made.ahead()),
            view: &replay.view,
            version: &file.version,
        };
        print(text(&process(page, Part::Ahead), style()).as_bytes())
    }
}

/// Reads `attacks-low=40x2`.
fn what_if(file: &File, text: &str) -> Result<WhatIf, Stop> {
    let (condition, rest) = text
        .split_once('=')
        .map_or((text, None), |(c, r)| (c, Some(r)));
    let measured: Vec<&str> = file
        .process
        .conditions
        .iter()
        .filter(|c| matches!(c.kind, rapporteur_process::Kind::Measured(_)))
        .map(|c| c.id.as_str())
        .collect();
    if !measured.contains(&condition) {
        return Err(Stop::usage(format!(
            "--what-if: `{condition}` is no measured condition of {}; there are: {}",
            file.process.id,
            if measured.is_empty() {
                "none".to_owned()
            } else {
                measured.join(", ")
            }
        )));
    }
    let wrong = || Stop::usage(format!("--what-if: `{text}` is not like {condition}=40x2"));
    let (value, months) = match rest {
        None => (None, 1),
        Some(rest) => {
            let (value, months) = rest.split_once('x').unwrap_or((rest, "1"));
            let value: f64 = value.trim().parse().map_err(|_| wrong())?;
            let months: usize = months.trim().parse().map_err(|_| wrong())?;
            if !value.is_finite() || value < 0.0 || !(1..=120).contains(&months) {
                return Err(wrong());
            }
            (Some(value), months)
        }
    };
    Ok(WhatIf {
        condition: condition.to_owned(),
        value,
        months,
    })
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    std::fs::write(path, text).map_err(|error| Stop::failed(format!("{}: {error}", path.display())))
}

fn json_out(value: &serde_json::Value) -> Result<u8, Stop> {
    print(format!("{value}\n").as_bytes())
}

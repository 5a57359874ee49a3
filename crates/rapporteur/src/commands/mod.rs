//! The commands: each asks the record and prints, nothing more.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use rapporteur_desk::Style;
use rapporteur_record::{Desk, Error, ErrorKind, Filter, Mode, View};
use serde::Serialize;

use crate::cli::exit;
use crate::desk_dir;

pub(crate) mod account;
pub(crate) mod arrange;
pub(crate) mod backup;
pub(crate) mod brief;
pub(crate) mod demo;
pub(crate) mod edit;
pub(crate) mod export;
pub(crate) mod lists;
pub(crate) mod mcp;
pub(crate) mod merge_blocks;
pub(crate) mod process;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod stories;
pub(crate) mod unit;
pub(crate) mod versions;
pub(crate) mod watch;
pub(crate) mod write;

/// Why a command ended early: a message for a person, and the exit code.
#[derive(Debug)]
pub(crate) struct Stop {
    code: u8,
    message: String,
}

impl Stop {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            code: exit::USAGE,
            message: message.into(),
        }
    }

    pub(crate) fn nothing(message: impl Into<String>) -> Self {
        Self {
            code: exit::NOTHING,
            message: message.into(),
        }
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self {
            code: exit::SOME_FAILED,
            message: message.into(),
        }
    }

    /// Standard output could not be written. A reader that went away is no failure.
    #[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
    pub(crate) fn output(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self {
                code: exit::OK,
                message: String::new(),
            };
        }
        Self::failed(format!("standard output: {error}"))
    }

    /// What it says.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Says it and gives the code.
    pub(crate) fn tell(&self) -> u8 {
        if !self.message.is_empty() {
            let _ = writeln!(io::stderr(), "rapporteur: {}", self.message);
        }
        self.code
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        let code = match error.kind() {
            ErrorKind::NotADesk
            | ErrorKind::Exists
            | ErrorKind::NewerSchema
            | ErrorKind::Invalid => exit::USAGE,
            ErrorKind::NotFound => exit::NOTHING,
            _ => exit::SOME_FAILED,
        };
        Self {
            code,
            message: error.to_string(),
        }
    }
}

/// Opens the desk to look.
pub(crate) fn open(desk: Option<&Path>) -> Result<Desk, Stop> {
    Ok(Desk::open(&desk_dir::dir(desk), Mode::Read)?)
}

/// Opens the desk to write.
pub(crate) fn open_to_write(desk: Option<&Path>) -> Result<Desk, Stop> {
    Ok(Desk::open(&desk_dir::dir(desk), Mode::Write)?)
}

/// Loads a view; a record without documents has nothing to show.
pub(crate) fn view(desk: Option<&Path>, filter: &Filter) -> Result<View, Stop> {
    let view = View::load(&open(desk)?, filter)?;
    if let Some(text) = left_out(&view) {
        let _ = writeln!(io::stderr(), "rapporteur: {text}");
    }
    if view.docs.is_empty() {
        return Err(match filter {
            f if *f == Filter::default() => {
                Stop::nothing("the record is empty; read something into it with `rapporteur add`")
            }
            _ => Stop::nothing("nothing in the record fits the filters"),
        });
    }
    Ok(view)
}

/// What a damaged desk leaves out, said before anything is shown.
pub(crate) fn left_out(view: &View) -> Option<String> {
    let names: Vec<&str> = view.damaged.iter().map(|d| d.doc.as_str()).collect();
    let (some, more) = names.split_at(names.len().min(5));
    let more = if more.is_empty() { "" } else { " …" };
    (!names.is_empty()).then(|| {
        format!(
            "{} cannot be read and {} left out: {}{more}\n  `rapporteur check` names what is wrong; \
             `rapporteur restore` makes a desk from a backup",
            rapporteur_desk::words::count(names.len(), "document", "documents"),
            if names.len() == 1 { "is" } else { "are" },
            some.join(", ")
        )
    })
}

/// Writes to standard output.
pub(crate) fn print(bytes: &[u8]) -> Result<u8, Stop> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(Stop::output)?;
    Ok(exit::OK)
}

/// Writes one JSON object a line.
pub(crate) fn print_rows<T: Serialize>(rows: &[T]) -> Result<u8, Stop> {
    let mut out = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut out, row)
            .map_err(|error| Stop::failed(format!("internal error, please report it: {error}")))?;
        out.push(b'\n');
    }
    print(&out)?;
    Ok(if rows.is_empty() {
        exit::NOTHING
    } else {
        exit::OK
    })
}

/// Width of the terminal (or `COLUMNS`, or 80) and whether it shows bold and dim.
pub(crate) fn style() -> Style {
    let terminal = io::stdout().is_terminal();
    let asked = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let width = match (asked, terminal) {
        (Some(columns), _) => columns,
        (None, true) => terminal_size::terminal_size().map_or(80, |(w, _)| usize::from(w.0)),
        (None, false) => 80,
    };
    let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style {
        width,
        color: terminal && !refused && !dumb,
    }
}

/// What part of the record is asked for.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filters {
    /// First day, like 2024-01-27
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<rapporteur_base::Date>,
    /// Last day
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<rapporteur_base::Date>,
    /// Name, other name or country code of an actor
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
    /// PLOVER type, with or without mode: consult, assault/aerial
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: Option<String>,
    /// Place
    #[arg(long, value_name = "NAME")]
    pub(crate) place: Option<String>,
    /// What the record said on that day
    #[arg(long, value_name = "DAY")]
    pub(crate) as_of: Option<rapporteur_base::Date>,
    /// Only the documents of this story (s-…) or saga (h-…)
    #[arg(long, value_name = "STORY")]
    pub(crate) process: Option<String>,
}

impl Filters {
    pub(crate) fn filter(&self) -> Filter {
        Filter {
            from: self.from,
            to: self.to,
            actor: self.actor.clone(),
            kind: self.kind.clone(),
            place: self.place.clone(),
            as_of: self.as_of,
            process: self.process.clone(),
        }
    }
}

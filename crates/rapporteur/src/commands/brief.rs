use std::path::Path;

use rapporteur_desk::{Room, docx, html, markdown, text};

use super::{Filters, Stop, print, style, view};

/// Forms of a brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For the terminal
    Text,
    /// Markdown with footnotes
    Md,
    /// One self-contained page, ready to print
    Html,
    /// A document of a word processor, one endnote a passage
    Docx,
}

/// Arguments of `brief`.
#[derive(Debug, clap::Args)]
pub(crate) struct Brief {
    #[command(flatten)]
    filters: Filters,
    /// Form
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Begin with what is new since this day, like 2024-02-10
    #[arg(long, value_name = "DAY")]
    since: Option<rapporteur_base::Date>,
    /// Everything, however long
    #[arg(long)]
    full: bool,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<std::path::PathBuf>,
}

impl Brief {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let view = view(desk, &self.filters.filter())?;
        let room = if self.full {
            Room {
                events: usize::MAX,
                rows: usize::MAX,
                since: self.since,
            }
        } else {
            Room {
                since: self.since,
                ..Room::default()
            }
        };
        let brief = rapporteur_desk::brief(&view, room);
        let out = match self.format {
            Format::Text => text(&brief, style()).into_bytes(),
            Format::Md => markdown(&brief).into_bytes(),
            Format::Html => html(&brief).into_bytes(),
            Format::Docx if self.output.is_none() => {
                return Err(Stop::usage(
                    "a .docx is no text: name a file with --output FILE",
                ));
            }
            Format::Docx => docx(&brief),
        };
        match &self.output {
            None => print(&out),
            Some(path) => std::fs::write(path, out)
                .map(|()| crate::cli::exit::OK)
                .map_err(|error| Stop::failed(format!("{}: {error}", path.display()))),
        }
    }
}

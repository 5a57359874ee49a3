use std::path::{Path, PathBuf};

use rapporteur_record::export::{self, Format};

use super::{Filters, Stop, print, view};
use crate::cli::exit;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    filters: Filters,
    /// json, csv, parquet, gdelt, acled, ucdp, timelinejs, geojson, ftm, annotations or ics; html, md or docx for
    /// the brief, whole; zip for everything in one archive
    #[arg(long, default_value = "json", value_parser = parse)]
    format: What,
    /// Folder for the files with their codebook, or the file of a brief or an archive; all but csv, parquet, docx and
    /// zip may go to standard output
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// The record in a format.
    Record(Format),
    /// A form of the brief, by the name of its file.
    Brief(&'static str),
    /// Everything, packed.
    Whole,
}

/// What [`parse`] reads beside the formats of the record.
const OTHERS: [(&str, What); 4] = [
    ("html", What::Brief("brief.html")),
    ("md", What::Brief("brief.md")),
    ("docx", What::Brief("brief.docx")),
    ("zip", What::Whole),
];

fn parse(name: &str) -> Result<What, String> {
    let other = OTHERS.iter().find(|(known, _)| *known == name);
    let format = Format::parse(name).map(What::Record);
    format.or(other.map(|(_, what)| *what)).ok_or_else(|| {
        let names = Format::ALL.map(Format::name).into_iter();
        let names: Vec<&str> = names.chain(OTHERS.map(|(name, _)| name)).collect();
        format!("the formats are {}", names.join(", "))
    })
}

impl Export {
    /// Writes one file: where the person said, or to standard output if a person can read it.
    fn one(&self, bytes: &[u8], is_binary: bool) -> Result<u8, Stop> {
        let Some(path) = &self.output else {
            return if is_binary {
                Err(Stop::usage(
                    "this is no text: name a file with --output FILE",
                ))
            } else {
                print(bytes)
            };
        };
        let written = std::fs::write(path, bytes);
        written.map_err(|error| {
            Stop::failed(format!("{}: {error}; name another file", path.display()))
        })?;
        print(format!("{}\n", path.display()).as_bytes())
    }

    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let view = view(desk, &self.filters.filter())?;
        let program = concat!("rapporteur ", env!("CARGO_PKG_VERSION"));
        let format = match self.format {
            What::Record(format) => format,
            What::Brief(name) => {
                let bytes = rapporteur_desk::brief_file(&view, name);
                return self.one(&bytes.unwrap_or_default(), name.ends_with(".docx"));
            }
            What::Whole => {
                let bytes = rapporteur_desk::bundle(&view, program).ok_or_else(|| {
                    Stop::failed("this is more than a zip holds: narrow it with a filter, or export one format")
                })?;
                return self.one(&bytes, true);
            }
        };
        let files = export::export(&view, format, program);
        let Some(dir) = &self.output else {
            if format.is_tables() {
                return Err(Stop::usage(format!(
                    "{} is several tables: name a folder with --output DIR",
                    format.name()
                )));
            }
            return match files.first() {
                Some(file) => print(&file.bytes),
                None => Ok(exit::NOTHING),
            };
        };
        let fail = |path: &Path, error: std::io::Error| {
            Stop::failed(format!("{}: {error}; name another folder", path.display()))
        };
        std::fs::create_dir_all(dir).map_err(|error| fail(dir, error))?;
        let mut out = String::new();
        for file in &files {
            let path = dir.join(&file.name);
            std::fs::write(&path, &file.bytes).map_err(|error| fail(&path, error))?;
            out.push_str(&format!("{}\n", path.display()));
        }
        print(out.as_bytes())
    }
}

use std::path::{Path, PathBuf};

use rapporteur_record::export::{self, Format};

use super::{Filters, Stop, print, view};
use crate::cli::exit;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    filters: Filters,
    /// json, csv, gdelt, acled, ucdp, timelinejs, geojson, ftm, annotations or ics
    #[arg(long, default_value = "json", value_parser = parse)]
    format: Format,
    /// Folder for the files with their codebook; all but csv may go to standard output
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

fn parse(name: &str) -> Result<Format, String> {
    Format::parse(name).ok_or_else(|| {
        let names = Format::ALL.map(Format::name);
        format!("the formats are {}", names.join(", "))
    })
}

impl Export {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let view = view(desk, &self.filters.filter())?;
        let program = concat!("rapporteur ", env!("CARGO_PKG_VERSION"));
        let files = export::export(&view, self.format, program);
        let Some(dir) = &self.output else {
            if self.format == Format::Csv {
                return Err(Stop::usage(
                    "csv is several tables: name a folder with --output DIR",
                ));
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

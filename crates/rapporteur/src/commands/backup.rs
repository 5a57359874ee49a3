//! `backup`, `restore`: a desk as a copy of its own, and the way back.

use std::path::{Path, PathBuf};

use rapporteur_desk::web::note_backup;
use rapporteur_desk::words::count;
use rapporteur_record::{Copied, Desk, Mode, Report};

use super::{Stop, open, print};
use crate::cli::exit;
use crate::pipeline::{OWN_ACTORS, OWN_PLACES};
use crate::{clock, desk_dir};

/// What belongs to a desk beside its record.
const BESIDE: [&str; 3] = [OWN_ACTORS, OWN_PLACES, "processes"];

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// A folder that is empty or not there yet
    to: PathBuf,
}

impl Backup {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let copied = open(desk)?.backup(&self.to, &BESIDE)?;
        // The list of backups is for people: a copy that is whole does not fail for want of it.
        let _ = note_backup(&desk_dir::dir(desk), &clock::now(), &self.to);
        told(
            &self.to,
            copied,
            &Desk::open(&self.to, Mode::Read)?.check()?,
        )
    }
}

/// Arguments of `restore`.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The folder of a backup; the desk is made in the folder that --desk names
    from: PathBuf,
}

impl Restore {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let to = desk_dir::dir(desk);
        if !Desk::is_desk(&self.from) {
            return Err(Stop::usage(format!(
                "{} is no backup: it holds no record; name the folder that `rapporteur backup` wrote",
                self.from.display()
            )));
        }
        let copied = Desk::copy(&self.from, &to, &BESIDE)?;
        // A backup of an older version is brought up to date, the backup itself is not touched.
        let restored = Desk::open(&to, Mode::Write)?;
        told(&to, copied, &restored.check()?)
    }
}

/// Says what was copied and whether all of the copy holds.
fn told(to: &Path, copied: Copied, report: &Report) -> Result<u8, Stop> {
    let mut out = format!(
        "{} and {} of pages in {}",
        count(copied.documents as usize, "document", "documents"),
        size(copied.bytes),
        to.display()
    );
    if report.findings.is_empty() {
        out.push_str(": all of it holds.\n");
        print(out.as_bytes())?;
        return Ok(exit::OK);
    }
    out.push_str(".\nThe copy has the damage of what it was copied from:\n");
    for finding in &report.findings {
        out.push_str(&format!(
            "{} {}: {}\n",
            finding.what, finding.at, finding.text
        ));
    }
    print(out.as_bytes())?;
    Ok(exit::CHECK)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes.div_ceil(1_000_000)),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

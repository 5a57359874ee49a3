use std::path::{Path, PathBuf};

use rapporteur_desk::{Room, html, text};
use rapporteur_record::{Desk, Filter, View};

use super::{Stop, print, style};
use crate::clock;
use crate::ingest::{self, Limits, Plan, Reach};
use crate::pipeline::Rules;

include!(concat!(env!("OUT_DIR"), "/example.rs"));

/// The example's process file and its outside table.
const PROCESS: [(&str, &str); 2] = [
    (
        "coalition-talks.toml",
        include_str!("../../../../examples/us-iraq-talks/process.toml"),
    ),
    (
        "incidents.csv",
        include_str!("../../../../examples/us-iraq-talks/incidents.csv"),
    ),
];

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Make the desk there instead of in the temporary folder
    #[arg(long, value_name = "DIR")]
    at: Option<PathBuf>,
}

impl Demo {
    pub(crate) fn run(&self) -> Result<u8, Stop> {
        let root = match &self.at {
            Some(dir) => dir.clone(),
            None => fresh_folder()?,
        };
        let (pages, desk_dir) = (root.join("pages"), root.join("desk"));
        write_pages(&pages).map_err(|error| {
            Stop::failed(format!(
                "{}: {error}; name another folder with --at",
                pages.display()
            ))
        })?;
        let mut desk = Desk::init(&desk_dir)?;
        let plan = Plan {
            given: Vec::new(),
            fetched: Vec::new(),
            skip_known: false,
            inputs: vec![pages.display().to_string()],
            jobs: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            reach: Reach::Anywhere,
            limits: Limits::default(),
            offline: true,
            quiet: true,
            today: clock::today(),
            now: clock::now,
        };
        ingest::add(&mut desk, &Rules::embedded(), &plan, &mut |_| {})?;
        write_process(&desk_dir)?;
        let view = View::load(&desk, &Filter::default())?;
        let brief = rapporteur_desk::brief(&view, Room::default());
        let page = root.join("brief.html");
        std::fs::write(&page, html(&brief))
            .map_err(|error| Stop::failed(format!("{}: {error}", page.display())))?;
        let mut out = text(&brief, style());
        out.push_str(&format!(
            "\nThe pages are examples written for this project. The desk stays in {0}:\n  \
             the brief as a page      {1}\n  \
             one event, and why       rapporteur --desk {0} events; rapporteur --desk {0} why ID\n  \
             the record on a past day rapporteur --desk {0} brief --as-of 2024-02-01\n  \
             its conditions           rapporteur --desk {0} process show\n  \
             and their dates          rapporteur --desk {0} process project --html process.html\n",
            desk_dir.display(),
            page.display(),
        ));
        print(out.as_bytes())
    }
}

/// A folder of its own: two demos do not meet.
fn fresh_folder() -> Result<PathBuf, Stop> {
    let base = std::env::temp_dir();
    for n in 0..1000 {
        let dir = base.join(format!("rapporteur-demo-{}-{n}", std::process::id()));
        match std::fs::create_dir(&dir) {
            Ok(()) => return Ok(dir),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(Stop::failed(format!(
                    "{}: {error}; name another folder with --at",
                    dir.display()
                )));
            }
        }
    }
    Err(Stop::failed(
        "the temporary folder is full of demos; name another folder with --at",
    ))
}

fn write_process(desk: &Path) -> Result<(), Stop> {
    let folder = desk.join("processes");
    let written = std::fs::create_dir_all(&folder).and_then(|()| {
        PROCESS
            .iter()
            .try_for_each(|(name, text)| std::fs::write(folder.join(name), text))
    });
    written.map_err(|error| Stop::failed(format!("{}: {error}", folder.display())))
}

fn write_pages(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, bytes) in PAGES {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

use std::path::PathBuf;

use super::lines;

/// Arguments of `rapporteur pipe events`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Further actors: phrase, code, valid from, to (tab-separated)
    #[arg(long, value_name = "FILE")]
    actors: Option<PathBuf>,
    /// Further agents: phrase, code (`~` joins a country)
    #[arg(long, value_name = "FILE")]
    agents: Option<PathBuf>,
}

/// `{"id","text","date"?,"pair"?}` -> events.
pub(super) fn run(jobs: usize, args: &Args) -> u8 {
    let _ = (&args.actors, &args.agents);
    lines(jobs, |_row| Err("not built yet".into()))
}

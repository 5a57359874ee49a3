use crate::cli::exit;

/// Arguments of `rapporteur pipe stories`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Near-duplicate pairs instead of clusters
    #[arg(long)]
    pairs: bool,
}

/// Articles in stream order -> clusters and families.
pub(super) fn run(args: &Args) -> u8 {
    let _ = args.pairs;
    exit::USAGE
}

//! Flags, once, with their docs; man page and completions come from here too.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands;

/// Reads coverage of talks, ceasefires, withdrawals and sanctions and keeps the cited record.
#[derive(Debug, Parser)]
#[command(
    name = "rapporteur",
    version,
    about,
    max_term_width = 100,
    after_help = "Begin with:\n  rapporteur demo                    the built-in example\n  rapporteur init DESK && cd DESK    a desk of your own\n  rapporteur add FILE FOLDER URL     read coverage into it\n  rapporteur brief                   what it comes to\n\nExit codes: 0 ok, 1 nothing found, 2 wrong usage, 3 some inputs failed, 4 `check` found something."
)]
pub struct Cli {
    /// The desk to work on; the current folder if not given
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) desk: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a desk: a folder that holds a record
    Init(commands::write::Init),
    /// Read coverage into the record: files, folders, feeds, archives, addresses, standard input
    Add(commands::write::Add),
    /// Read one unit, such as a WARC, to a result in a folder or object storage; any engine may start it, twice too
    Unit(commands::unit::Unit),
    /// Take results of `unit` into the desk, as if `add` had read them
    Import(commands::unit::Import),
    /// Families and stories of a record of any size, in blocks of days
    MergeBlocks(commands::merge_blocks::MergeBlocks),
    /// What was read, what failed, and what to do about it
    Inbox(commands::write::Inbox),
    /// The record in brief, every line cited
    Brief(commands::brief::Brief),
    /// Events in order of time, each as its source tells it
    Timeline(commands::lists::List),
    /// Events: who did or said what to whom, when and where
    Events(commands::lists::List),
    /// Actors, with their other names, offices and countries
    Actors(commands::lists::List),
    /// Numbers over sources: best, lowest and highest told
    Figures(commands::lists::List),
    /// Quotations with their speakers
    Quotes(commands::lists::List),
    /// Who wants what
    Positions(commands::lists::List),
    /// Who undertook what, by when, on what condition
    Commitments(commands::lists::List),
    /// Where sources contradict, refine, update or confirm each other
    Conflicts(commands::lists::Conflicts),
    /// Stories and sagas: which articles hang together, with articles, texts and origins counted
    Stories(commands::stories::Stories),
    /// Documents that hold the words
    Search(commands::lists::Search),
    /// One row of the record, whole
    Show(commands::show::Show),
    /// Addresses read more than once, and what changed in them
    Versions(commands::versions::Versions),
    /// Why a row says what it says: words, rule, weights
    Why(commands::show::Show),
    /// Prove that every span equals its source bytes and that all counts agree
    Check(commands::show::Check),
    /// Copy the desk to another folder, also while it is in use, and check the copy
    Backup(commands::backup::Backup),
    /// Make a desk from a backup; nothing is ever overwritten
    Restore(commands::backup::Restore),
    /// Declared processes: conditions judged by evidence, and the dates that follow
    Process(commands::process::Process),
    /// Files for other programs: JSON, CSV, GDELT, ACLED and UCDP columns, TimelineJS, GeoJSON, iCalendar …
    Export(commands::export::Export),
    /// Correct a field of a row; the old value is kept
    Correct(commands::edit::Correct),
    /// Join events that tell of the same: the others go into the first
    Merge(commands::arrange::Merge),
    /// Part an event: the reports named become an event of their own
    Split(commands::arrange::Split),
    /// Say that events were checked by a person
    Confirm(commands::arrange::Confirm),
    /// Take a correction back
    Undo(commands::edit::Undo),
    /// The corrections, in order
    Log(commands::edit::Log),
    /// Read old documents again with the rules of this program and show what differs
    Recode(commands::edit::Recode),
    /// Open the desk in a browser; nothing leaves this machine
    Serve(commands::serve::Serve),
    /// Who may open the desk in a browser, and what each may do
    Account(commands::account::Account),
    /// Read feeds and pages on a schedule; without a subcommand it reads until Ctrl-C
    Watch(commands::watch::Watch),
    /// Serve the record to a language model over standard input and output (Model Context Protocol)
    Mcp(commands::mcp::Mcp),
    /// Make a desk of the built-in example in a temporary folder and print its brief
    Demo(commands::demo::Demo),
    /// Completions for a shell
    Completions {
        /// bash, zsh, fish, elvish or powershell
        shell: clap_complete::Shell,
    },
    /// The manual page
    Man,
    /// Run one stage as a filter: JSON Lines in, JSON Lines out
    Pipe(crate::pipe::Args),
}

/// Exit codes of every command.
pub mod exit {
    /// Everything worked.
    pub const OK: u8 = 0;
    /// Nothing was found.
    pub const NOTHING: u8 = 1;
    /// The command line or a file it names is wrong.
    pub const USAGE: u8 = 2;
    /// Some inputs failed; the rest went through.
    pub const SOME_FAILED: u8 = 3;
    /// A `check` found something.
    pub const CHECK: u8 = 4;
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    crate::pipeline::quiet_guarded_panics();
    let cli = Cli::parse();
    let code = match run(&cli) {
        Ok(code) => code,
        Err(stop) => stop.tell(),
    };
    ExitCode::from(code)
}

fn run(cli: &Cli) -> Result<u8, commands::Stop> {
    let desk = cli.desk.as_deref();
    match &cli.command {
        Command::Init(args) => args.run(),
        Command::Add(args) => args.run(desk),
        Command::Unit(args) => args.run(desk),
        Command::Import(args) => args.run(desk),
        Command::MergeBlocks(args) => args.run(desk),
        Command::Inbox(args) => args.run(desk),
        Command::Brief(args) => args.run(desk),
        Command::Timeline(args) => args.run(desk, commands::lists::What::Timeline),
        Command::Events(args) => args.run(desk, commands::lists::What::Events),
        Command::Actors(args) => args.run(desk, commands::lists::What::Actors),
        Command::Figures(args) => args.run(desk, commands::lists::What::Figures),
        Command::Quotes(args) => args.run(desk, commands::lists::What::Quotes),
        Command::Positions(args) => args.run(desk, commands::lists::What::Positions),
        Command::Commitments(args) => args.run(desk, commands::lists::What::Commitments),
        Command::Conflicts(args) => args.run(desk),
        Command::Stories(args) => args.run(desk),
        Command::Search(args) => args.run(desk),
        Command::Show(args) => args.show(desk),
        Command::Versions(args) => args.run(desk),
        Command::Why(args) => args.why(desk),
        Command::Check(args) => args.run(desk),
        Command::Backup(args) => args.run(desk),
        Command::Restore(args) => args.run(desk),
        Command::Process(args) => args.run(desk),
        Command::Export(args) => args.run(desk),
        Command::Correct(args) => args.run(desk),
        Command::Merge(args) => args.run(desk),
        Command::Split(args) => args.run(desk),
        Command::Confirm(args) => args.run(desk),
        Command::Undo(args) => args.run(desk),
        Command::Log(args) => args.run(desk),
        Command::Recode(args) => args.run(desk),
        Command::Serve(args) => args.run(desk),
        Command::Account(args) => args.run(desk),
        Command::Watch(args) => args.run(desk),
        Command::Mcp(args) => args.run(desk),
        Command::Demo(args) => args.run(),
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "rapporteur", &mut out);
            commands::print(&out)
        }
        Command::Man => {
            let mut out = Vec::new();
            crate::man::page(&mut out).map_err(commands::Stop::output)?;
            commands::print(&out)
        }
        Command::Pipe(args) => Ok(crate::pipe::run(args)),
    }
}

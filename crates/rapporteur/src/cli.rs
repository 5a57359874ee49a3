//! Flags, once, with their docs; man page and completions come from here too.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reads coverage of talks, ceasefires, withdrawals and sanctions and keeps the cited record.
#[derive(Debug, Parser)]
#[command(name = "rapporteur", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
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
    let code = match Cli::parse().command {
        Command::Pipe(args) => crate::pipe::run(&args),
    };
    ExitCode::from(code)
}

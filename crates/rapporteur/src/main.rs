//! The command line: parses flags, calls one command, turns its result into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    rapporteur::cli::main()
}

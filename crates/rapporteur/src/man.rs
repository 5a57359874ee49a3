//! The manual page, from the same definitions as `--help`.

use std::io::{self, Write};

use clap::CommandFactory;

use crate::cli::Cli;

/// Writes one page for the program and all its commands.
pub(crate) fn page(out: &mut dyn Write) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let main = clap_mangen::Man::new(command.clone());
    main.render(out)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        if sub.get_name() == "help" {
            continue;
        }
        let man = clap_mangen::Man::new(sub.clone());
        writeln!(out, ".SH \"RAPPORTEUR {}\"", sub.get_name().to_uppercase())?;
        man.render_synopsis_section(out)?;
        man.render_description_section(out)?;
        man.render_options_section(out)?;
    }
    Ok(())
}

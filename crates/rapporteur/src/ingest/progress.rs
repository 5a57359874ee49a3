//! What is seen while pages are read: a bar on a terminal, a plain line now and then elsewhere.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Failure;

/// How often a plain line is written.
const EVERY: Duration = Duration::from_secs(5);

/// Shows progress on standard error.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    quiet: bool,
    begun: Instant,
    told: Instant,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        let now = Instant::now();
        let bar = (!quiet && io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {pos} pages · {per_sec} · {msg}")
            {
                bar.set_style(style);
            }
            bar
        });
        Self {
            bar,
            quiet,
            begun: now,
            told: now,
        }
    }

    /// A batch is safely on disk.
    pub(crate) fn done(&mut self, pages: u64, name: &str) {
        if let Some(bar) = &self.bar {
            bar.set_position(pages);
            bar.set_message(shorten(name));
        } else if !self.quiet && self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            let rate = pages as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
            let _ = writeln!(io::stderr(), "{pages} pages, {rate:.0} a second, at {name}");
        }
    }

    /// Something that a person should read: stands above the bar.
    pub(crate) fn failed(&self, failure: &Failure) {
        let tell = || {
            let _ = writeln!(io::stderr(), "{failure}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(tell),
            None => tell(),
        }
    }

    pub(crate) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// The end of a long name says more than its beginning.
fn shorten(name: &str) -> String {
    const MOST: usize = 48;
    let count = name.chars().count();
    if count <= MOST {
        return name.to_owned();
    }
    std::iter::once('…')
        .chain(name.chars().skip(count - MOST + 1))
        .collect()
}

//! `merge`, `split`, `confirm`: what people know about events that merging cannot; kept in the log
//! of corrections, so that it holds when documents are read again and can be taken back.

use std::path::Path;

use rapporteur_record::{Desk, Filter, NewCorrection, Store, View};

use super::edit::filled;
use super::{Stop, open_to_write, print};
use crate::clock;

/// Who does it, and why.
#[derive(Debug, clap::Args)]
struct Signed {
    /// Who does it
    #[arg(long, value_name = "NAME")]
    who: String,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
}

impl Signed {
    /// Appends corrections; their numbers, for `undo`.
    fn put(&self, desk: &mut Desk, proposed: Vec<NewCorrection>) -> Result<String, Stop> {
        let mut seqs = Vec::new();
        for proposed in proposed {
            let done = desk.correct(&NewCorrection {
                at: clock::now(),
                who: self.who.trim().to_owned(),
                why: self.why.trim().to_owned(),
                ..proposed
            })?;
            seqs.push(done.seq.to_string());
        }
        Ok(seqs.join(", "))
    }

    fn open(&self, desk: Option<&Path>) -> Result<(Desk, View), Stop> {
        filled(&[("--who", &self.who), ("--why", &self.why)])?;
        let desk = open_to_write(desk)?;
        let view = View::load(&desk, &Filter::default())?;
        Ok((desk, view))
    }
}

/// Arguments of `merge`.
#[derive(Debug, clap::Args)]
pub(crate) struct Merge {
    /// The event that stays (e-…)
    stays: String,
    /// The events that go into it
    #[arg(required = true)]
    goes: Vec<String>,
    #[command(flatten)]
    signed: Signed,
}

impl Merge {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let (mut desk, view) = self.signed.open(desk)?;
        let goes: Vec<&str> = self.goes.iter().map(String::as_str).collect();
        let proposed = view.propose_merge(&self.stays, &goes)?;
        let seqs = self.signed.put(&mut desk, proposed)?;
        let text = format!(
            "{seqs}: {} joined to {} (take it back with `rapporteur undo`)\n",
            self.goes.join(", "),
            self.stays
        );
        print(text.as_bytes())
    }
}

/// Arguments of `split`.
#[derive(Debug, clap::Args)]
pub(crate) struct Split {
    /// The event (e-…)
    id: String,
    /// Its reports that tell of something else (m-…); `show` lists them
    #[arg(required = true)]
    reports: Vec<String>,
    #[command(flatten)]
    signed: Signed,
}

impl Split {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let (mut desk, view) = self.signed.open(desk)?;
        let reports: Vec<&str> = self.reports.iter().map(String::as_str).collect();
        let proposed = view.propose_split(&self.id, &reports)?;
        let seqs = self.signed.put(&mut desk, proposed)?;
        let text = format!(
            "{seqs}: {} taken out of {} (take it back with `rapporteur undo`)\n",
            self.reports.join(", "),
            self.id
        );
        print(text.as_bytes())
    }
}

/// Arguments of `confirm`.
#[derive(Debug, clap::Args)]
pub(crate) struct Confirm {
    /// The events (e-…)
    #[arg(required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    signed: Signed,
}

impl Confirm {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let (mut desk, view) = self.signed.open(desk)?;
        let proposed: Result<Vec<_>, _> =
            self.ids.iter().map(|id| view.propose_confirm(id)).collect();
        let seqs = self.signed.put(&mut desk, proposed?)?;
        let text = format!(
            "{seqs}: {} confirmed by {} (take it back with `rapporteur undo`)\n",
            self.ids.join(", "),
            self.signed.who.trim()
        );
        print(text.as_bytes())
    }
}

//! `correct`, `undo`, `log`, `recode`: what people and newer rules change, nothing overwritten.

use std::path::Path;

use rapporteur_desk::{Line, Row, Section};
use rapporteur_record::{
    Desk, Diff, EventChange, Filter, Incoming, NewCorrection, Packed, Store, View, diff,
};

use super::{Stop, open, open_to_write, print, print_rows, style};
use crate::cli::exit;
use crate::clock;
use crate::pipeline::{RawPage, Rules, process_page};

/// Arguments of `correct`.
#[derive(Debug, clap::Args)]
pub(crate) struct Correct {
    /// Id of the row
    id: String,
    /// Field; a wrong name lists the right ones
    field: String,
    /// What it shall say; empty for unknown
    #[arg(allow_hyphen_values = true)]
    value: String,
    /// Who corrects
    #[arg(long, value_name = "NAME")]
    who: String,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
}

impl Correct {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        filled(&[("--who", &self.who), ("--why", &self.why)])?;
        let mut desk = open_to_write(desk)?;
        let view = View::load(&desk, &Filter::default())?;
        let proposed = view.propose(&self.id, &self.field, &self.value)?;
        if proposed.old == proposed.new {
            return Err(Stop::usage(format!(
                "{}: `{}` is {:?} already; nothing to correct",
                self.id, self.field, proposed.old
            )));
        }
        let done = desk.correct(&NewCorrection {
            at: clock::now(),
            who: self.who.trim().to_owned(),
            why: self.why.trim().to_owned(),
            ..proposed
        })?;
        let body = &done.body;
        let out = format!(
            "{}: {} was {:?}, is {:?} (take it back with `rapporteur undo {}`)\n",
            done.seq, body.field, body.old, body.new, done.seq
        );
        print(out.as_bytes())
    }
}

pub(super) fn filled(args: &[(&str, &str)]) -> Result<(), Stop> {
    match args.iter().find(|(_, value)| value.trim().is_empty()) {
        Some((name, _)) => Err(Stop::usage(format!("{name} must say something"))),
        None => Ok(()),
    }
}

/// Arguments of `undo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Undo {
    /// Number of the correction, as `log` shows it
    seq: u64,
    /// Who takes it back
    #[arg(long, value_name = "NAME")]
    who: String,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
}

impl Undo {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        filled(&[("--who", &self.who), ("--why", &self.why)])?;
        let mut desk = open_to_write(desk)?;
        let done = desk.correct(&NewCorrection {
            at: clock::now(),
            who: self.who.trim().to_owned(),
            why: self.why.trim().to_owned(),
            kind: "undo".into(),
            key: self.seq.to_string(),
            ..NewCorrection::default()
        })?;
        print(format!("{}: correction {} is taken back\n", done.seq, self.seq).as_bytes())
    }
}

/// Arguments of `log`.
#[derive(Debug, clap::Args)]
pub(crate) struct Log {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Log {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let corrections = open(desk)?.corrections()?;
        if self.json {
            return print_rows(&corrections);
        }
        if corrections.is_empty() {
            return Err(Stop::nothing("nobody has corrected anything"));
        }
        let mut section = Section::default();
        for correction in &corrections {
            let body = &correction.body;
            let line = if body.kind == "undo" {
                Line::new().strong(format!("takes back {}", body.key))
            } else {
                Line::new()
                    .strong(format!("{} {}", body.kind, body.field))
                    .text(format!(": {:?} → {:?}", body.old, body.new))
            };
            section.rows.push(Row {
                key: correction.seq.to_string(),
                line,
                below: vec![
                    Line::new().faint(format!("{} · {} · {}", body.at, body.who, body.why)),
                ],
                ..Row::default()
            });
        }
        let mut out = String::new();
        rapporteur_desk::rows(&mut out, style(), &section);
        print(out.as_bytes())
    }
}

/// Arguments of `recode`.
#[derive(Debug, clap::Args)]
pub(crate) struct Recode {
    /// Show what would differ and change nothing that is shown
    #[arg(long)]
    dry_run: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// Documents read again before they are written.
const ROUND: usize = 32;

impl Recode {
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let rules = Rules::for_desk(&crate::desk_dir::dir(desk)).map_err(Stop::usage)?;
        let mut desk = open_to_write(desk)?;
        let id = rules.set().id();
        desk.register(rules.set(), &clock::now())?;
        let stale = desk.stale(id)?;
        for round in stale.chunks(ROUND) {
            read_again(&mut desk, &rules, round)?;
        }
        let differs = diff(&desk, id)?;
        if !self.dry_run {
            desk.activate(id, &clock::now())?;
        }
        if self.json {
            return print_rows(&[differs]);
        }
        print(self.told(stale.len(), &differs).as_bytes())?;
        Ok(exit::OK)
    }

    fn told(&self, read: usize, differs: &Diff) -> String {
        let mut out = format!(
            "{} read again; events: {} gained, {} lost, {} changed; {} cleaned differently.\n",
            rapporteur_desk::words::count(read, "document", "documents"),
            differs.gained.len(),
            differs.lost.len(),
            differs.changed.len(),
            rapporteur_desk::words::count(differs.texts_changed.len(), "text", "texts"),
        );
        let mut section = Section::default();
        let kinds = [
            ("gained", &differs.gained),
            ("lost", &differs.lost),
            ("changed", &differs.changed),
        ];
        for (kind, changes) in kinds {
            section
                .rows
                .extend(changes.iter().map(|change| changed(kind, change)));
        }
        for (what, old, new) in differs.counts.iter().filter(|(_, old, new)| old != new) {
            section.rows.push(Row {
                key: what.clone(),
                line: Line::new().text(format!("{old} → {new}")),
                ..Row::default()
            });
        }
        rapporteur_desk::rows(&mut out, style(), &section);
        for correction in &differs.orphaned {
            out.push_str(&format!(
                "correction {} loses its row; it is kept\n",
                correction.seq
            ));
        }
        if self.dry_run {
            out.push_str("Nothing that is shown was changed (--dry-run).\n");
        }
        out
    }
}

fn changed(kind: &str, change: &EventChange) -> Row {
    let mut below = Vec::new();
    for (sign, values) in [("-", &change.old), ("+", &change.new)] {
        if !values.is_empty() {
            below.push(Line::new().faint(format!("{sign} {}", values.join(", "))));
        }
    }
    Row {
        key: kind.to_owned(),
        line: Line::new()
            .quote(change.text.as_str())
            .faint(format!(" {}", change.doc)),
        below,
        ..Row::default()
    }
}

fn read_again(
    desk: &mut Desk,
    rules: &Rules,
    round: &[rapporteur_record::RawRef],
) -> Result<(), Stop> {
    let mut items = Vec::with_capacity(round.len());
    for raw in round {
        let page = RawPage::stored(raw, desk.raw(&raw.sha256)?);
        let mut bundle = process_page(&page, rules);
        // The capture stays the one that the record has.
        bundle.raw = raw.clone();
        items.push(Incoming {
            page: Packed::new(raw, &page.bytes),
            bundle,
            receipt: None,
        });
    }
    desk.apply(&items, &clock::now())?;
    Ok(())
}

//! Faults made on purpose over the real binary. After each the check passes, nothing that was
//! reported is lost, nothing is there twice, and the same command again completes the work.

mod damage;
mod disk;
mod kills;
mod others;
mod served;
mod tools;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};
pub(crate) use tools::Chance;
use tools::{Lab, Row};

/// What to run.
pub(crate) struct Plan {
    /// The binary.
    pub(crate) bin: PathBuf,
    /// A folder of its own to work in; it is taken away.
    pub(crate) dir: PathBuf,
    /// Kills in all; the other faults follow it.
    pub(crate) kills: u64,
    /// Where chance begins.
    pub(crate) seed: u64,
    /// Only kinds whose name has these words.
    pub(crate) only: Option<String>,
}

/// Each kind of fault came to a row.
pub(crate) struct Outcome {
    rows: Vec<(Row, f64)>,
    seed: u64,
}

type Kind = (&'static str, fn(&mut Lab, u64) -> Result<Row, String>);

/// All kinds, each with the part that it has in the number of kills.
const KINDS: [Kind; 14] = [
    ("kill add", |lab, n| {
        kills::add(lab, part(n, 3), pages(n, 100))
    }),
    ("kill recode", |lab, n| {
        kills::recode(lab, part(n, 5), pages(n, 60))
    }),
    ("kill correct", |lab, n| kills::correct(lab, part(n, 4))),
    ("kill serve", |lab, n| kills::serve(lab, part(n, 5))),
    ("fail points", |lab, n| disk::steps(lab, 1 + n / 500)),
    ("disk full", |lab, n| {
        disk::full(lab, part(n, 25), pages(n, 100))
    }),
    ("failing calls", |lab, n| {
        disk::calls(lab, part(n, 10), pages(n, 80))
    }),
    ("torn tail of pages", |lab, n| {
        damage::tails(lab, part(n, 25), 20)
    }),
    ("torn log of the database", |lab, n| {
        damage::logs(lab, part(n, 25), pages(n, 100))
    }),
    ("flipped bits in pages", |lab, n| {
        damage::pages(lab, part(n, 5), 20)
    }),
    ("flipped bytes in the database", |lab, n| {
        damage::database(lab, part(n, 2), 20)
    }),
    ("two processes", |lab, n| {
        others::two(lab, part(n, 50), pages(n, 80))
    }),
    ("backup while written to", |lab, n| {
        others::copies(lab, part(n, 25), pages(n, 100))
    }),
    ("clock goes back", |lab, n| others::clock(lab, part(n, 25))),
];

/// What the kinds are called.
pub(crate) fn names() -> Vec<&'static str> {
    KINDS.iter().map(|(name, _)| *name).collect()
}

fn part(kills: u64, of: u64) -> u64 {
    (kills / of).max(2)
}

/// Fewer pages in the short form.
fn pages(kills: u64, most: u64) -> u64 {
    if kills < 100 { most / 5 } else { most }
}

/// Makes all the faults of a plan, telling each kind as it is done.
pub(crate) fn run(plan: &Plan, say: &mut dyn FnMut(&str)) -> Result<Outcome, String> {
    let mut out = Outcome {
        rows: Vec::new(),
        seed: plan.seed,
    };
    if let Some(only) = plan.only.as_deref()
        && !names().iter().any(|name| name.contains(only))
    {
        return Err(format!(
            "no fault is named {only:?}; there are: {}",
            names().join(", ")
        ));
    }
    for (at, (name, kind)) in KINDS.iter().enumerate() {
        if plan
            .only
            .as_ref()
            .is_some_and(|only| !name.contains(only.as_str()))
        {
            continue;
        }
        let mut lab = Lab {
            bin: plan.bin.clone(),
            dir: plan.dir.clone(),
            // Each kind has chances of its own: one of them alone repeats what it did among all.
            chance: Chance::new(plan.seed.wrapping_mul(1000).wrapping_add(at as u64)),
        };
        let begun = Instant::now();
        let row = match kind(&mut lab, plan.kills) {
            Ok(row) => row,
            Err(why) => {
                let mut row = Row::new(name);
                row.wrong(format!("the suite itself: {why}"));
                row
            }
        };
        say(&line(&row, begun.elapsed().as_secs_f64()));
        out.rows.push((row, begun.elapsed().as_secs_f64()));
    }
    let _ = std::fs::remove_dir_all(&plan.dir);
    Ok(out)
}

fn line(row: &Row, seconds: f64) -> String {
    if let Some(why) = &row.skipped {
        return format!("{}: skipped, {why}", row.name);
    }
    let mut out = format!(
        "{}: {} faults, {} kills, {} acknowledged, {} lost, {} doubled, {} wrong ({seconds:.0} s)",
        row.name,
        row.faults,
        row.kills,
        row.acknowledged,
        row.lost,
        row.doubled,
        row.wrong.len()
    );
    for wrong in row.wrong.iter().take(5) {
        let _ = write!(out, "\n    {}", wrong.trim_end().replace('\n', "\n    "));
    }
    out
}

impl Outcome {
    /// Whether anything went wrong.
    pub(crate) fn is_clean(&self) -> bool {
        let clean = |row: &Row| row.wrong.is_empty() && row.lost + row.doubled == 0;
        self.rows.iter().all(|(row, _)| clean(row))
    }

    /// A Markdown table.
    pub(crate) fn table(&self) -> String {
        let mut out = String::from(
            "| fault | made | kills | acknowledged | lost | doubled | wrong | seconds |\n|---|---|---|---|---|---|---|---|\n",
        );
        let mut sum = [0; 6];
        for (row, seconds) in &self.rows {
            if let Some(why) = &row.skipped {
                let _ = writeln!(out, "| {} | skipped: {why} | | | | | | |", row.name);
                continue;
            }
            let wrong = row.wrong.len() as u64;
            let numbers = [
                row.faults,
                row.kills,
                row.acknowledged,
                row.lost,
                row.doubled,
                wrong,
            ];
            sum.iter_mut().zip(numbers).for_each(|(s, n)| *s += n);
            let _ = writeln!(
                out,
                "| {} | {} | {seconds:.0} |",
                row.name,
                numbers.map(|n| n.to_string()).join(" | ")
            );
        }
        let _ = writeln!(
            out,
            "| **all** | {} | |",
            sum.map(|n| n.to_string()).join(" | ")
        );
        for (row, _) in self.rows.iter().filter(|(row, _)| !row.counts.is_empty()) {
            let counts: Vec<String> = row
                .counts
                .iter()
                .map(|(what, n)| format!("{what} {n}"))
                .collect();
            let _ = writeln!(out, "\n{}: {}.", row.name, counts.join(", "));
        }
        out
    }

    /// The same for machines.
    pub(crate) fn report(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|(row, seconds)| {
                json!({
                    "fault": row.name, "made": row.faults, "kills": row.kills, "acknowledged": row.acknowledged,
                    "lost": row.lost, "doubled": row.doubled, "wrong": row.wrong, "counts": row.counts,
                    "skipped": row.skipped, "seconds": (seconds * 10.0).round() / 10.0,
                })
            })
            .collect();
        json!({"seed": self.seed, "clean": self.is_clean(), "faults": rows})
    }
}

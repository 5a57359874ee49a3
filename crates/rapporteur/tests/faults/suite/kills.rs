//! SIGKILL at any moment of `add`, `recode`, `correct` and `serve`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::served::Served;
use super::tools::{Lab, Row, killed, objects, page, reported, text, title, write_pages};

/// Kills of one desk before it is let to its end.
const ON_ONE_DESK: u64 = 6;

/// `add` over a folder of pages, killed again and again; then let to its end.
pub(crate) fn add(lab: &mut Lab, kills: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("kill add");
    let dir = lab.fresh("kill-add")?;
    let input = dir.join("in");
    write_pages(&input, 0..pages)?;
    let args = ["add", "--json", "--jobs", "2", &text(&input)];
    let whole = dir.join("whole");
    lab.init(&whole)?;
    let begun = Instant::now();
    lab.run(&whole, &args)?;
    let time = begun.elapsed();
    let due = lab.export(&whole)?;
    while row.kills < kills {
        let desk = lab.fresh("kill-add/desk")?;
        lab.init(&desk)?;
        let mut done = BTreeSet::new();
        for _ in 0..ON_ONE_DESK {
            let after = lab.chance.moment(time);
            let (was_killed, lines) = killed(lab.command(&desk, &args), after)?;
            done.extend(reported(&lines));
            if !was_killed {
                break;
            }
            row.kills += 1;
            lab.clean(&mut row, &desk, "after a kill")?;
            lab.kept(&mut row, &desk, &done)?;
        }
        row.acknowledged += done.len() as u64;
        let ran = lab.run(&desk, &args)?;
        if ran.code != Some(0) {
            row.wrong(format!("the last run: {:?} {}", ran.code, ran.err));
        }
        lab.clean(&mut row, &desk, "at the end")?;
        lab.equal(&mut row, &desk, &due, "at the end")?;
    }
    row.faults = row.kills;
    Ok(row)
}

/// Another set of rules: actors of the desk's own.
const OWN: &str = "kind\tname\taliases\tcountry\tsector\ngroup\tJoint Border Commission\tborder commission;the commission\tFRA\tGOV\n";

/// A desk of some pages, with corrections.
fn prepared(lab: &Lab, dir: &Path, pages: u64) -> Result<PathBuf, String> {
    let input = dir.join("in");
    write_pages(&input, 0..pages)?;
    let desk = dir.join("ready");
    lab.init(&desk)?;
    lab.run(&desk, &["add", "--quiet", &text(&input)])?;
    for (n, id) in documents(lab, &desk)?.iter().take(3).enumerate() {
        let new = format!("Corrected title {n}");
        lab.run(
            &desk,
            &[
                "correct", id, "title", &new, "--who", "Ana", "--why", "misprint",
            ],
        )?;
    }
    Ok(desk)
}

/// Ids of the documents.
pub(crate) fn documents(lab: &Lab, desk: &Path) -> Result<Vec<String>, String> {
    let record: serde_json::Value =
        serde_json::from_str(&lab.export(desk)?).map_err(|e| e.to_string())?;
    let docs = record["docs"].as_array().cloned().unwrap_or_default();
    Ok(docs
        .iter()
        .filter_map(|d| Some(d["id"].as_str()?.to_owned()))
        .collect())
}

/// `recode` from one set of rules to another and back, killed on the way.
pub(crate) fn recode(lab: &mut Lab, kills: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("kill recode");
    let dir = lab.fresh("kill-recode")?;
    let desk = prepared(lab, &dir, pages)?;
    let own = desk.join("actors.tsv");
    let plain = (lab.export(&desk)?, false);
    fs::write(&own, OWN).map_err(|e| e.to_string())?;
    let begun = Instant::now();
    let ran = lab.run(&desk, &["recode"])?;
    let time = begun.elapsed();
    if ran.code != Some(0) {
        return Err(format!("recode: {}", ran.err));
    }
    let with_own = (lab.export(&desk)?, true);
    let log = lab.run(&desk, &["log", "--json"])?.out;
    let mut to = 0;
    while row.kills < kills {
        let (due, has_own) = if to == 0 { &plain } else { &with_own };
        to = 1 - to;
        if *has_own {
            fs::write(&own, OWN).map_err(|e| e.to_string())?;
        } else {
            fs::remove_file(&own).map_err(|e| e.to_string())?;
        }
        for _ in 0..3 {
            let after = lab.chance.moment(time);
            let (was_killed, lines) = killed(lab.command(&desk, &["recode"]), after)?;
            if lines
                .first()
                .is_some_and(|line| line.contains("read again"))
            {
                row.acknowledged += 1;
                lab.equal(&mut row, &desk, due, "after a reported reading")?;
            }
            if !was_killed {
                break;
            }
            row.kills += 1;
            lab.clean(&mut row, &desk, "after a kill")?;
        }
        let ran = lab.run(&desk, &["recode"])?;
        if ran.code != Some(0) {
            row.wrong(format!("the last run: {:?} {}", ran.code, ran.err));
        }
        lab.equal(&mut row, &desk, due, "at the end")?;
        if lab.run(&desk, &["log", "--json"])?.out != log {
            row.lost += 1;
            row.wrong("the corrections changed");
        }
    }
    lab.clean(&mut row, &desk, "at the end")?;
    row.faults = row.kills;
    Ok(row)
}

/// `correct`, killed; then said again.
pub(crate) fn correct(lab: &mut Lab, kills: u64) -> Result<Row, String> {
    let mut row = Row::new("kill correct");
    let dir = lab.fresh("kill-correct")?;
    let mut desk = prepared(lab, &dir, 8)?;
    let ids = documents(lab, &desk)?;
    // Kills fall anywhere in a run: how long one takes is measured, and follows the load.
    let begun = Instant::now();
    lab.run(
        &desk,
        &[
            "correct",
            &ids[0],
            "title",
            "A first title",
            "--who",
            "Ana",
            "--why",
            "misprint",
        ],
    )?;
    let mut time = begun.elapsed();
    let mut n = 0;
    while row.kills < kills {
        n += 1;
        if n % 100 == 0 {
            // A log of hundreds of lines is slow to load: begin anew.
            lab.clean(&mut row, &desk, "at the end")?;
            desk = dir.join(format!("ready-{n}"));
            lab.init(&desk)?;
            lab.run(&desk, &["add", "--quiet", &text(&dir.join("in"))])?;
        }
        let id = lab.chance.one_of(&ids).clone();
        let new = format!("Title number {n}");
        let args = [
            "correct",
            &id,
            "title",
            &new,
            "--who",
            "Ana",
            "--why",
            "read again",
        ];
        let begun = Instant::now();
        let (was_killed, lines) = killed(lab.command(&desk, &args), lab.chance.moment(time))?;
        row.kills += u64::from(was_killed);
        time = if was_killed {
            time + time / 50
        } else {
            begun.elapsed()
        };
        let is_said = lines.iter().any(|line| line.contains(&new));
        row.acknowledged += u64::from(is_said);
        said_again(lab, &mut row, (&desk, &new), &args, is_said)?;
    }
    lab.clean(&mut row, &desk, "at the end")?;
    row.faults = row.kills;
    Ok(row)
}

/// A correction is there if it was reported, and once when it is said again.
fn said_again(
    lab: &Lab,
    row: &mut Row,
    (desk, new): (&Path, &str),
    args: &[&str],
    is_said: bool,
) -> Result<(), String> {
    let before = written(lab, desk, new)?;
    if is_said && before == 0 {
        row.lost += 1;
        row.wrong(format!("{new} was reported and is gone"));
    }
    let again = lab.run(desk, args)?;
    let known = again.err.contains("already");
    if again.code != Some(0) && !known || known != (before > 0) {
        row.wrong(format!("said again: {:?} {}", again.code, again.err));
    }
    let after = written(lab, desk, new)?;
    row.doubled += after.saturating_sub(1);
    if after != 1 {
        row.wrong(format!("{new}: {after} lines in the log"));
    }
    Ok(())
}

/// Lines of the log that set this value.
fn written(lab: &Lab, desk: &Path, new: &str) -> Result<u64, String> {
    let log = lab.run(desk, &["log", "--json"])?;
    Ok(objects(&log.out).filter(|line| line["new"] == new).count() as u64)
}

/// `serve`, killed while pages and corrections are sent to it.
pub(crate) fn serve(lab: &mut Lab, kills: u64) -> Result<Row, String> {
    let mut row = Row::new("kill serve");
    lab.fresh("kill-serve")?;
    let (mut desk, mut ids) = (PathBuf::new(), Vec::new());
    let (mut next, mut sent, mut said) = (0, Sent::default(), Sent::default());
    for round in 0.. {
        let is_done = row.kills >= kills;
        if round % 12 == 0 || is_done {
            if round > 0 {
                settle(lab, &mut row, &desk, &sent, &said)?;
            }
            if is_done {
                break;
            }
            (sent, said) = Default::default();
            let home = lab.fresh(&format!("kill-serve/{}", round / 12 % 2))?;
            desk = prepared(lab, &home, 4)?;
            ids = documents(lab, &desk)?;
        }
        let served = Served::start(lab.command(&desk, &["serve", "--listen", "127.0.0.1:0"]))?;
        let after = lab.chance.moment(Duration::from_millis(400));
        let stop = served.kill_after(after);
        loop {
            next += 1;
            let is_page = lab.chance.below(3) > 0;
            let done = if is_page {
                sent.pages.insert(next);
                served.upload(&format!("{next}.html"), &page(10_000 + next))
            } else {
                sent.titles.insert(next);
                let id = lab.chance.one_of(&ids).clone();
                served.correct(&id, &format!("Served title {next}"))
            };
            match done {
                Some(303) if is_page => said.pages.insert(next),
                Some(303) => said.titles.insert(next),
                // Busy or refused: told as such, so nothing is owed.
                Some(_) => continue,
                None => break,
            };
        }
        stop.join().map_err(|_| "the killer fell".to_owned())?;
        row.kills += 1;
        if round % 4 == 3 {
            lab.clean(&mut row, &desk, "after a kill")?;
        }
    }
    row.faults = row.kills;
    Ok(row)
}

/// Numbers of pages and titles.
#[derive(Default)]
struct Sent {
    pages: BTreeSet<u64>,
    titles: BTreeSet<u64>,
}

/// What was acknowledged is there; what is sent again is there once.
fn settle(lab: &Lab, row: &mut Row, desk: &Path, sent: &Sent, said: &Sent) -> Result<(), String> {
    row.acknowledged += (said.pages.len() + said.titles.len()) as u64;
    let has = super::tools::titles(&lab.export(desk)?);
    // A correction may have given a page another title: count pages by the inbox.
    let inbox = lab.run(desk, &["inbox", "--all", "--json"])?.out;
    for n in &said.pages {
        if !inbox.contains(&format!("\"{n}.html\"")) {
            row.lost += 1;
            row.wrong(format!("page {n} was acknowledged and is gone"));
        }
    }
    for n in &said.titles {
        let lines = written(lab, desk, &format!("Served title {n}"))?;
        row.lost += u64::from(lines == 0);
        row.doubled += lines.saturating_sub(1);
        if lines != 1 {
            row.wrong(format!("title {n}: {lines} lines in the log"));
        }
    }
    let served = Served::start(lab.command(desk, &["serve", "--listen", "127.0.0.1:0"]))?;
    for n in &sent.pages {
        if served.upload(&format!("{n}.html"), &page(10_000 + n)) != Some(303) {
            row.wrong(format!("page {n} was not taken again"));
        }
    }
    drop(served);
    let after = super::tools::titles(&lab.export(desk)?);
    for n in &sent.pages {
        let title = title(10_000 + n);
        let found = after.get(&title).copied().unwrap_or(0);
        if found != 1 {
            row.doubled += found.saturating_sub(1) as u64;
            row.wrong(format!("page {n} stands {found} times"));
        }
    }
    if after.values().sum::<usize>() < has.values().sum::<usize>() {
        row.wrong("documents became fewer");
    }
    lab.clean(row, desk, "at the end")
}

//! Two processes on one desk, copies while it is written to, and a clock that goes back.

use std::time::Duration;

use super::tools::{Lab, Row, collected, finish, followed, killed, text, write_pages};

/// Two writers at once, with readers between them: one writes, the other says so, nothing is torn.
pub(crate) fn two(lab: &mut Lab, runs: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("two processes");
    let dir = lab.fresh("two")?;
    let input = text(&dir.join("in"));
    write_pages(&dir.join("in"), 0..pages)?;
    let whole = dir.join("whole");
    lab.init(&whole)?;
    lab.run(&whole, &["add", "--quiet", &input])?;
    let due = lab.export(&whole)?;
    let add = ["add", "--json", "--jobs", "1", input.as_str()];
    for _ in 0..runs {
        let desk = lab.fresh("two/desk")?;
        lab.init(&desk)?;
        let start = || lab.command(&desk, &add).spawn().map_err(|e| e.to_string());
        let both = [followed(start()?), followed(start()?)];
        let mut looked = 0;
        let mut codes = Vec::new();
        for (mut child, out, err) in both {
            while child.try_wait().map_err(|e| e.to_string())?.is_none() {
                let ran = lab.run(&desk, &["check"])?;
                looked += 1;
                if ran.code != Some(0) {
                    row.wrong(format!(
                        "read meanwhile: {:?} {}{}",
                        ran.code, ran.out, ran.err
                    ));
                }
            }
            let code = child.wait().map_err(|e| e.to_string())?.code();
            row.acknowledged += collected(&out).lines().count() as u64;
            let said = collected(&err);
            let locked = code == Some(3) && said.contains("already open for writing by process");
            if code != Some(0) && !locked {
                row.wrong(format!("a writer: {code:?} {said}"));
            }
            codes.push(code);
        }
        if !codes.contains(&Some(0)) {
            row.wrong("neither of two writers got through");
        }
        row.faults += 1;
        row.count("checks meanwhile", looked);
        lab.clean(&mut row, &desk, "afterwards")?;
        lab.equal(&mut row, &desk, &due, "afterwards")?;
    }
    Ok(row)
}

/// A copy made while pages are added, some of them cut short; a copy is the record of one moment.
pub(crate) fn copies(lab: &mut Lab, runs: u64, pages: u64) -> Result<Row, String> {
    let mut row = Row::new("backup while written to");
    let dir = lab.fresh("copies")?;
    let input = text(&dir.join("in"));
    write_pages(&dir.join("in"), 0..pages)?;
    for _ in 0..runs {
        let desk = lab.fresh("copies/desk")?;
        lab.init(&desk)?;
        let copy = dir.join("copy");
        let _ = std::fs::remove_dir_all(&copy);
        let args = ["add", "--json", "--jobs", "1", input.as_str()];
        let child = lab
            .command(&desk, &args)
            .spawn()
            .map_err(|e| e.to_string())?;
        let (mut child, out, _err) = followed(child);
        // From the first page on, so that there is something to copy.
        row.acknowledged += u64::from(out.recv().is_ok());
        std::thread::sleep(lab.chance.moment(Duration::from_millis(400)));
        let backup = ["backup", &text(&copy)];
        let after = lab.chance.moment(Duration::from_millis(60));
        let (was_killed, _) = killed(lab.command(&desk, &backup), after)?;
        row.kills += u64::from(was_killed);
        row.faults += 1;
        let again = lab.run(&desk, &backup)?;
        let is_there = again.code == Some(2) && again.err.contains("already");
        if again.code != Some(0) && !is_there {
            row.wrong(format!(
                "backup: {:?} {}{}",
                again.code, again.out, again.err
            ));
        }
        lab.clean(&mut row, &copy, "the copy")?;
        let restored = lab.fresh("copies/restored")?;
        let ran = lab.run(&restored, &["restore", &text(&copy)])?;
        if ran.code != Some(0) {
            row.wrong(format!("restore: {:?} {}", ran.code, ran.err));
        }
        let (one, two) = (
            lab.run(&copy, &["export"])?,
            lab.run(&restored, &["export"])?,
        );
        if one.out != two.out {
            row.wrong("a restored desk exports other bytes than its backup");
        }
        row.count(
            "documents copied",
            super::tools::titles(&two.out).len() as u64,
        );
        child.wait().map_err(|e| e.to_string())?;
        row.acknowledged += collected(&out).lines().count() as u64;
        lab.clean(&mut row, &desk, "the desk")?;
        let whole = lab.fresh("copies/whole")?;
        let _ = std::fs::remove_dir_all(&copy);
        lab.run(&desk, &backup)?;
        lab.run(&whole, &["restore", &text(&copy)])?;
        lab.equal(&mut row, &whole, &lab.export(&desk)?, "restored")?;
    }
    Ok(row)
}

/// The clock jumps back between commands: order is that of the writing, nothing is dropped.
pub(crate) fn clock(lab: &mut Lab, runs: u64) -> Result<Row, String> {
    let mut row = Row::new("clock goes back");
    let dir = lab.fresh("clock")?;
    let input = text(&dir.join("in"));
    write_pages(&dir.join("in"), 0..6)?;
    let desk = dir.join("desk");
    let at = |day: u64, args: &[&str]| {
        let mut command = lab.command(&desk, args);
        command.env(
            "RAPPORTEUR_CLOCK",
            format!("2024-06-{:02}T10:00:00Z", 1 + day % 28),
        );
        finish(command)
    };
    at(20, &["init", &text(&desk)])?;
    let added = at(19, &["add", "--json", &input])?;
    row.acknowledged += added.out.lines().count() as u64;
    let id = super::kills::documents(lab, &desk)?.swap_remove(0);
    let (mut day, mut lines) = (18, 0);
    for n in 0..runs {
        // To and fro between two titles, often at the very same second.
        let new = ["One title", "Another title"][(n % 2) as usize];
        let said = ["--who", "Ana", "--why", "to and fro"];
        let args = [&["correct", &id, "title", new], &said[..]].concat();
        let ran = at(day, &args)?;
        lines += u64::from(ran.code == Some(0));
        row.faults += 1;
        if ran.code != Some(0) {
            row.wrong(format!("correct at day {day}: {:?} {}", ran.code, ran.err));
        }
        let has = super::tools::titles(&lab.export(&desk)?);
        if !has.contains_key(new) {
            row.lost += 1;
            row.wrong(format!("{new} was reported and is not shown"));
        }
        if n % 3 == 2 {
            day = (day + 27) % 28;
        }
    }
    let log = lab.run(&desk, &["log", "--json"])?.out.lines().count() as u64;
    row.acknowledged += lines;
    if log != lines {
        row.wrong(format!("{log} lines in the log, {lines} were reported"));
    }
    let again = at(1, &["add", "--json", &input])?;
    if again.out.contains("\"new\"") {
        row.doubled += 1;
        row.wrong("a known page is new to an earlier clock");
    }
    lab.clean(&mut row, &desk, "at the end")?;
    Ok(row)
}

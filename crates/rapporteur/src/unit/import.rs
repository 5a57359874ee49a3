//! `rapporteur import`: results of units into a desk, as if `add` had read them there.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rapporteur_record::{Applied, Desk, Error, InboxRow, Incoming, Packed, Store};

use super::receipt::{self, BUNDLES, Key, PAGES, Receipt};
use super::{Row, Shelf, hash_of, in_order, rows};
use crate::ingest::{self, Failure, Tally};

/// Documents of one transaction.
const BATCH: usize = 256;
/// Largest member of an archive that a receipt may name.
const MOST_MEMBER: u64 = 64 << 20;

/// What is told of an import as it goes.
#[derive(Debug)]
pub(crate) enum Told<'a> {
    /// A unit is in the desk.
    Unit(&'a Receipt, Tally),
    /// A unit was in the desk already.
    Known(&'a Receipt),
    /// A unit is not taken in, or an input of it had failed.
    Failed(&'a Failure),
}

/// Takes every unit below a shelf into the desk, in the order of their names. A unit whose bytes
/// are not those of its receipt is told and left out. An error is one of the desk itself.
pub(crate) fn import(
    desk: &mut Desk,
    shelf: &dyn Shelf,
    jobs: usize,
    now: fn() -> String,
    tell: &mut dyn FnMut(&Told<'_>),
) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    let units = found(shelf, &mut |what, remedy, name| {
        tally.failed += 1;
        tell(&Told::Failed(&Failure::new(name, what, remedy)));
    });
    for (receipt, key) in units {
        let line = format!("unit:{}#{}", receipt.unit, receipt.bundles.sha256);
        if desk
            .journaled(&line)?
            .is_some_and(|row| row.result == "done")
        {
            tally.known += receipt.docs;
            tell(&Told::Known(&receipt));
            continue;
        }
        let files = match whole(shelf, &key, &receipt) {
            Ok(files) => files,
            Err(what) => {
                tally.failed += 1;
                let remedy = "nothing of the unit was taken in; take its folder away, do the unit again and import it";
                tell(&Told::Failed(&Failure::new(
                    shelf.name(&key.of("")),
                    what,
                    remedy,
                )));
                continue;
            }
        };
        desk.register(&receipt.rules, &now())?;
        let one = unit(desk, &receipt, files, jobs, now, tell)?;
        tally.new += one.new;
        tally.known += one.known;
        tally.failed += one.failed;
        if one.failed == receipt.errors {
            desk.journal(&done(line, &receipt, &now()))?;
        }
        tell(&Told::Unit(&receipt, one));
    }
    Ok(tally)
}

/// Every unit below a shelf, by name; `fail` is told what is wrong, what to do, and where.
fn found(shelf: &dyn Shelf, fail: &mut dyn FnMut(String, &str, String)) -> Vec<(Receipt, Key)> {
    let keys = match shelf.receipts() {
        Ok(keys) => keys,
        Err(what) => {
            fail(what, "check the name", shelf.name(""));
            return Vec::new();
        }
    };
    let mut units: Vec<(Receipt, Key)> = Vec::new();
    for at in keys {
        let key = Key::at(&at);
        match receipt::read(shelf, &key) {
            Ok(Some(receipt)) => units.push((receipt, key)),
            Ok(None) => {}
            Err(what) => fail(what, "do the unit again", shelf.name(&at)),
        }
    }
    units.sort_by(|(a, x), (b, y)| {
        (&a.name, &a.unit, x.folder()).cmp(&(&b.name, &b.unit, y.folder()))
    });
    units
}

fn done(key: String, receipt: &Receipt, now: &str) -> InboxRow {
    InboxRow {
        key,
        name: receipt.name.clone(),
        stage: "import".into(),
        result: "done".into(),
        at: now.to_owned(),
        ..InboxRow::default()
    }
}

/// The two files of a unit, if their bytes are those of the receipt.
fn whole(shelf: &dyn Shelf, key: &Key, receipt: &Receipt) -> Result<(File, File), String> {
    let open = |object: &str, said: &receipt::Object| {
        let at = key.of(object);
        let name = shelf.name(&at);
        let mut file = shelf
            .open(&at)?
            .ok_or_else(|| format!("{name} is not there"))?;
        let found = hash_of(&mut file).map_err(|e| format!("{name}: {e}"))?;
        if found != *said {
            return Err(format!(
                "{name} is not what the receipt says: {} bytes with SHA-256 {}, not {} with {}",
                found.bytes, found.sha256, said.bytes, said.sha256
            ));
        }
        file.rewind().map_err(|e| format!("{name}: {e}"))?;
        Ok(file)
    };
    Ok((
        open(BUNDLES, &receipt.bundles)?,
        open(PAGES, &receipt.members)?,
    ))
}

/// What a line becomes.
enum Ready {
    Document(Box<Incoming>),
    Failed(Failure),
}

fn unit(
    desk: &mut Desk,
    receipt: &Receipt,
    (bundles, pages): (File, File),
    jobs: usize,
    now: fn() -> String,
    tell: &mut dyn FnMut(&Told<'_>),
) -> Result<Tally, Error> {
    let (out, ready) = sync_channel::<Vec<Ready>>(2);
    std::thread::scope(|scope| {
        scope.spawn(move || read(&receipt.name, bundles, pages, jobs, &out));
        write(desk, &ready, now, tell)
    })
}

/// Reads lines and pages in rounds and gets them ready for the writer.
fn read(name: &str, bundles: File, pages: File, jobs: usize, out: &SyncSender<Vec<Ready>>) {
    let mut pages = BufReader::with_capacity(1 << 18, pages);
    let mut lines = rows(bundles);
    loop {
        let mut round = Vec::with_capacity(BATCH);
        let mut ended = None;
        for line in lines.by_ref().take(BATCH) {
            match line.and_then(|line| with_page(&line, &mut pages)) {
                Ok(pair) => round.push(pair),
                Err(error) => {
                    ended = Some(error);
                    break;
                }
            }
        }
        let last = round.is_empty() || ended.is_some();
        let mut ready = in_order(jobs, round, |(line, member)| made(name, &line, member));
        ready.extend(ended.map(|error| {
            Ready::Failed(Failure::new(
                name,
                format!("the result of the unit cannot be read: {error}"),
                "do the unit again with the program that imports it",
            ))
        }));
        if !ready.is_empty() && out.send(ready).is_err() || last {
            return;
        }
    }
}

/// The line's bytes and the member that it names. Only the length is read here; the rest is for
/// the workers.
fn with_page(line: &[u8], pages: &mut impl Read) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let length = member_of(line);
    if length > MOST_MEMBER {
        return Err(io::Error::other("a page larger than any that is kept"));
    }
    let mut member = vec![0; usize::try_from(length).unwrap_or_default()];
    pages.read_exact(&mut member)?;
    Ok((line.to_vec(), member))
}

/// `{"member":1234,…`: the length stands first in a line; a line without one has no page.
fn member_of(line: &[u8]) -> u64 {
    let digits = line.strip_prefix(b"{\"member\":").unwrap_or_default();
    let end = digits.iter().position(|b| !b.is_ascii_digit()).unwrap_or(0);
    let text = std::str::from_utf8(&digits[..end]).unwrap_or_default();
    text.parse().unwrap_or(0)
}

fn made(name: &str, line: &[u8], member: Vec<u8>) -> Ready {
    let row: Row = match serde_json::from_slice(line) {
        Ok(row) => row,
        Err(error) => {
            return Ready::Failed(Failure::new(
                name,
                format!("a line of the unit's result cannot be read: {error}"),
                "do the unit again with the program that imports it",
            ));
        }
    };
    if let Some(error) = row.page_error {
        let source = format!("{name}{}", error.source);
        return Ready::Failed(Failure::new(source, error.what, error.remedy));
    }
    let Some(mut bundle) = row.bundle else {
        return Ready::Failed(Failure::new(
            name,
            "a line of the unit's result holds nothing",
            "do the unit again",
        ));
    };
    bundle.raw.source = format!("{name}{}", bundle.raw.source);
    let receipt = ingest::taken(&bundle);
    Ready::Document(Box::new(Incoming {
        bundle,
        page: Packed::from_member(member),
        receipt: Some(receipt),
    }))
}

/// Applies what is ready; what went through before is not touched again.
fn write(
    desk: &mut Desk,
    ready: &Receiver<Vec<Ready>>,
    now: fn() -> String,
    tell: &mut dyn FnMut(&Told<'_>),
) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    for round in ready {
        let now = now();
        let mut incoming = Vec::with_capacity(round.len());
        for one in round {
            match one {
                Ready::Failed(failure) => {
                    tally.failed += 1;
                    desk.journal(&ingest::failed(&failure, &now))?;
                    tell(&Told::Failed(&failure));
                }
                Ready::Document(mut document) => {
                    if let Some(receipt) = &mut document.receipt {
                        receipt.at.clone_from(&now);
                        let before = desk.journaled(&receipt.key)?;
                        if before.is_some_and(|b| b.result != "failed" && b.doc == receipt.doc) {
                            tally.known += 1;
                            continue;
                        }
                    }
                    incoming.push(*document);
                }
            }
        }
        if incoming.is_empty() {
            continue;
        }
        for applied in desk.apply(&incoming, &now)? {
            match applied {
                Applied::New => tally.new += 1,
                _ => tally.known += 1,
            }
        }
    }
    Ok(tally)
}

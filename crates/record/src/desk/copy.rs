//! Copies of a desk, made while it is in use: a backup, and the way back from one.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{Desk, PAGES, RECORD, segments, sync_folder};
use crate::{Error, ErrorKind, fail};

/// Stands in a folder for as long as a copy into it is not whole.
const UNFINISHED: &str = "copy.unfinished";
/// The record under another name until all the rest is there: a folder without `record.db` is no desk.
const PART: &str = "record.db.part";

/// What a copy holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Documents.
    pub documents: u64,
    /// Files of pages.
    pub segments: u64,
    /// Bytes of pages.
    pub bytes: u64,
}

impl Desk {
    /// Copies the desk into `to`, also while other processes read it or one writes to it: the copy is
    /// the record as it stood at one moment. `beside` names files and folders of the desk's folder
    /// that belong to it; those that are not there are passed over.
    ///
    /// # Errors
    /// `to` holds a desk, or something that the copy would overwrite; the disk is full. An interrupted
    /// copy may be begun again in the same place.
    pub fn backup(&self, to: &Path, beside: &[&str]) -> Result<Copied, Error> {
        copy(&self.db, &self.root, to, beside)
    }

    /// The same of the desk in `from`, which may be of an older version.
    ///
    /// # Errors
    /// Those of [`Desk::backup`]; `from` holds no record, or one of a newer version.
    pub fn copy(from: &Path, to: &Path, beside: &[&str]) -> Result<Copied, Error> {
        let (db, _) = super::look(from)?;
        copy(&db, from, to, beside)
    }
}

fn copy(db: &Connection, from: &Path, to: &Path, beside: &[&str]) -> Result<Copied, Error> {
    make_room(to, beside)?;
    let mark = to.join(UNFINISHED);
    fs::write(&mark, b"").map_err(|e| Error::io(e, &mark))?;
    // Rows first: every page that they name is on the disk by then, and never changes.
    let part = to.join(PART);
    rows_into(db, &part)?;
    let copied = copy_pages(&part, &from.join(PAGES), &to.join(PAGES))?;
    for name in beside {
        copy_beside(&from.join(name), &to.join(name))?;
    }
    fail::point("copy-written")?;
    sync_folder(to)?;
    let record = to.join(RECORD);
    fs::rename(&part, &record).map_err(|e| Error::io(e, &record))?;
    fs::remove_file(&mark).map_err(|e| Error::io(e, &mark))?;
    sync_folder(to)?;
    Ok(copied)
}

/// Each segment up to its last member that a row of the copy names.
fn copy_pages(rows: &Path, from: &Path, to: &Path) -> Result<Copied, Error> {
    let db = Connection::open_with_flags(rows, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let documents = db.query_row("SELECT count(*) FROM document", [], |row| {
        row.get::<_, i64>(0)
    })?;
    let ends: Vec<(u32, i64)> = db
        .prepare(
            "SELECT segment, max(start + stored) FROM raw_page GROUP BY segment ORDER BY segment",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut copied = Copied {
        documents: documents as u64,
        ..Copied::default()
    };
    for (segment, end) in ends {
        let (from, to) = (segments::path(from, segment), segments::path(to, segment));
        // A file that lost its end is copied as it is: `check` names what is gone.
        copied.bytes += copy_file(&from, &to, end as u64)?;
        copied.segments += 1;
    }
    sync_folder(to)?;
    Ok(copied)
}

/// Writes the rows of a record into a file of their own, durably. What stood there is replaced.
pub(super) fn rows_into(db: &Connection, file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Error::io(e, file)),
        _ => {}
    }
    db.execute("VACUUM INTO ?1", [file.to_string_lossy()])?;
    // SQLite does not sync what VACUUM INTO writes.
    let synced = File::options()
        .write(true)
        .open(file)
        .and_then(|f| f.sync_all());
    synced.map_err(|e| Error::io(e, file))
}

/// Makes the folder ready; refuses one in which something would be overwritten.
fn make_room(to: &Path, beside: &[&str]) -> Result<(), Error> {
    let pages = to.join(PAGES);
    fs::create_dir_all(to).map_err(|e| Error::io(e, to))?;
    if Desk::is_desk(to) {
        return Err(Error::new(
            ErrorKind::Exists,
            format!("{} is a desk already", to.display()),
            "name another folder; a desk is never overwritten",
        ));
    }
    if to.join(UNFINISHED).exists() {
        // What an interrupted copy left is nobody's.
        clear(&pages)?;
        for name in beside {
            clear(&to.join(name))?;
        }
    }
    let taken = |path: &Path| match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => path.exists(),
    };
    let mut names = std::iter::once(PAGES).chain(beside.iter().copied());
    if let Some(name) = names.find(|name| taken(&to.join(name))) {
        return Err(Error::new(
            ErrorKind::Exists,
            format!("{} is there already", to.join(name).display()),
            "name an empty folder, or one that is not there yet",
        ));
    }
    fs::create_dir_all(&pages).map_err(|e| Error::io(e, &pages))
}

fn clear(path: &Path) -> Result<(), Error> {
    let done = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match done {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::io(e, path)),
        _ => Ok(()),
    }
}

/// Copies at most `most` bytes and makes them durable.
fn copy_file(from: &Path, to: &Path, most: u64) -> Result<u64, Error> {
    let source = match File::open(from) {
        Ok(source) => source,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(Error::io(e, from)),
    };
    let mut target = File::create(to).map_err(|e| Error::io(e, to))?;
    let copied = io::copy(&mut source.take(most), &mut target).map_err(|e| Error::io(e, to))?;
    target.sync_all().map_err(|e| Error::io(e, to))?;
    Ok(copied)
}

/// Copies a file or a folder with all that is in it. Links are not followed.
fn copy_beside(from: &Path, to: &Path) -> Result<(), Error> {
    let Ok(meta) = fs::symlink_metadata(from) else {
        return Ok(());
    };
    if meta.is_file() {
        return copy_file(from, to, u64::MAX).map(drop);
    }
    if !meta.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(to).map_err(|e| Error::io(e, to))?;
    let mut entries: Vec<PathBuf> = fs::read_dir(from)
        .and_then(|dir| dir.map(|entry| entry.map(|e| e.path())).collect())
        .map_err(|e| Error::io(e, from))?;
    entries.sort();
    for entry in entries {
        if let Some(name) = entry.file_name() {
            copy_beside(&entry, &to.join(name))?;
        }
    }
    sync_folder(to)
}

//! Numbered scripts, forward only. Thirty lines of our own rather than a migration crate: the two
//! that exist bring ten more crates each, or do not resolve with this rusqlite.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::{Error, ErrorKind};

/// In order; the position is the number of the schema they lead to. Never edit one that was released.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_record.sql")];

/// `RPTR`: marks the file as a record.
const APPLICATION: i32 = 0x5250_5452;

/// First SQLite without the checkpoint race of WAL files.
const LEAST_SQLITE: i32 = 3_051_003;

pub(super) fn version(db: &Connection) -> Result<usize, Error> {
    let found: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(usize::try_from(found).unwrap_or(usize::MAX))
}

fn has_tables(db: &Connection) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema)";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

/// Whether the file is what an interrupted `init` leaves: a database without a table.
pub(super) fn is_unmade(path: &Path) -> bool {
    let look = || -> Result<bool, Error> {
        let db = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(version(&db)? == 0 && !has_tables(&db)?)
    };
    look().unwrap_or(false)
}

/// Refuses what this program must not touch.
pub(super) fn admit(db: &Connection, path: &Path) -> Result<usize, Error> {
    if rusqlite::version_number() < LEAST_SQLITE {
        return Err(Error::invalid(
            format!(
                "SQLite {} can damage a record that two programs use",
                rusqlite::version()
            ),
            "build with the bundled SQLite (3.51.3 or newer)",
        ));
    }
    let found = version(db)?;
    let mark: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if found > 0 && mark != APPLICATION || found == 0 && has_tables(db)? {
        return Err(Error::new(
            ErrorKind::NotADesk,
            format!("{} is a database of another program", path.display()),
            "name another folder with --desk DIR",
        ));
    }
    if found > MIGRATIONS.len() {
        return Err(Error::new(
            ErrorKind::NewerSchema,
            format!(
                "{} was made by a newer version (schema {found}; this program knows {})",
                path.display(),
                MIGRATIONS.len()
            ),
            "install the newer version of rapporteur; nothing was changed",
        ));
    }
    Ok(found)
}

/// Brings the file to the newest schema; an older file is copied beside itself first.
pub(super) fn migrate(db: &mut Connection, path: &Path, scripts: &[&str]) -> Result<(), Error> {
    let found = version(db)?;
    if found > 0 && found < scripts.len() {
        let copy = path.with_extension(format!("before-{}.db", scripts.len()));
        if !copy.exists() {
            // Under another name until it is whole: a copy that was cut short is none.
            let part = copy.with_extension("part");
            super::copy::rows_into(db, &part)?;
            fs::rename(&part, &copy).map_err(|e| Error::io(e, &copy))?;
        }
    }
    for (at, script) in scripts.iter().enumerate().skip(found) {
        let tx = db.transaction()?;
        tx.execute_batch(script)?;
        tx.pragma_update(None, "application_id", APPLICATION)?;
        tx.pragma_update(None, "user_version", at as i64 + 1)?;
        tx.commit()?;
    }
    Ok(())
}

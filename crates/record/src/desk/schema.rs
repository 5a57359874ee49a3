//! Numbered scripts, forward only. Thirty lines of our own rather than a migration crate: the two
//! that exist bring ten more crates each, or do not resolve with this rusqlite.

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
    if found > 0 && mark != APPLICATION {
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
                "{} has schema {found}, this program knows {}",
                path.display(),
                MIGRATIONS.len()
            ),
            "install a newer version of rapporteur",
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
            db.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
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

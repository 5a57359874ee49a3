//! Numbered scripts, forward only. Thirty lines of our own rather than a migration crate: the two
//! that exist bring ten more crates each, or do not resolve with this rusqlite.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::{Error, ErrorKind};

/// In order; the position is the number of the schema they lead to. Never edit one that was released.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_record.sql"),
    include_str!("../migrations/0002_work.sql"),
];

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Desk, Kept, Mode};

    #[test]
    fn an_older_desk_is_brought_up_to_date_by_a_writer_and_refused_to_a_reader() {
        let dir = std::env::temp_dir().join(format!("rapporteur-older-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        let path = dir.join("record.db");
        let mut db = Connection::open(&path).unwrap();
        migrate(&mut db, &path, &MIGRATIONS[..1]).unwrap();
        db.execute("INSERT INTO meta VALUES ('note', 'of the older desk')", [])
            .unwrap();
        drop(db);
        assert!(Desk::open(&dir, Mode::Read).is_err());
        let mut desk = Desk::open(&dir, Mode::Write).unwrap();
        let new = Kept {
            kind: "brief".into(),
            id: "b-1".into(),
            body: "{}".into(),
            ..Kept::default()
        };
        assert_eq!(desk.keep(&new).unwrap().version, 1);
        drop(desk);
        assert!(dir.join("record.before-2.db").is_file());
        let db = Connection::open(&path).unwrap();
        let note: String = db
            .query_row("SELECT value FROM meta WHERE key = 'note'", [], |r| {
                r.get(0)
            })
            .unwrap();
        assert_eq!(note, "of the older desk");
        drop(db);
        assert!(Desk::open(&dir, Mode::Read).is_ok());
        let _ = fs::remove_dir_all(&dir);
    }

    #[test]
    fn a_version_follows_the_one_that_was_seen() {
        let dir = std::env::temp_dir().join(format!("rapporteur-kept-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        let mut desk = Desk::init(&dir).unwrap();
        let at = |version, body: &str| Kept {
            kind: "brief".into(),
            id: "b-1".into(),
            version,
            body: body.into(),
            ..Kept::default()
        };
        desk.keep(&at(0, "one")).unwrap();
        desk.keep(&at(1, "two")).unwrap();
        let late = desk.keep(&at(1, "lost?")).unwrap_err();
        assert_eq!(late.kind(), ErrorKind::Conflict);
        assert_eq!(desk.kept("brief", "b-1").unwrap().unwrap().body, "two");
        desk.keep(&at(2, "")).unwrap();
        assert!(desk.kept("brief", "b-1").unwrap().is_none());
        assert!(desk.all_kept("brief").unwrap().is_empty());
        assert_eq!(desk.history("brief", "b-1").unwrap().len(), 3);
        desk.set_state("feed", "a", "1").unwrap();
        desk.set_state("feed", "a", "2").unwrap();
        assert_eq!(desk.states("feed").unwrap()["a"], "2");
        drop(desk);
        let _ = fs::remove_dir_all(&dir);
    }
}

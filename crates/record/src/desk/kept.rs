//! What people keep beside the record: briefs of their own, saved queries, feeds that are watched.
//! A change never overwrites: it is the next version, and it must name the one that it was made
//! from, so that two people lose nothing.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::Desk;
use crate::{Error, ErrorKind};

/// One version of a thing that people keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What it is: `brief`, `saved`, `watch`.
    pub kind: String,
    /// Its id, the same for every version.
    pub id: String,
    /// From 1.
    pub version: u64,
    /// When it was written, RFC 3339.
    pub at: String,
    /// By whom.
    pub who: String,
    /// What it says, JSON; empty when it was taken away.
    pub body: String,
}

const COLUMNS: &str = "SELECT kind, id, version, at, who, body FROM kept";

fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        kind: row.get(0)?,
        id: row.get(1)?,
        version: row.get::<_, i64>(2)? as u64,
        at: row.get(3)?,
        who: row.get(4)?,
        body: row.get(5)?,
    })
}

impl Desk {
    /// Writes the next version of a thing. `new.version` is that of the version it was made from,
    /// 0 for a new thing; what is returned holds its own number.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when another version was written meanwhile: nothing is changed.
    pub fn keep(&mut self, new: &Kept) -> Result<Kept, Error> {
        let (_, tx) = self.writing()?;
        let last: i64 = tx.query_row(
            "SELECT COALESCE(MAX(version), 0) FROM kept WHERE kind = ?1 AND id = ?2",
            params![new.kind, new.id],
            |row| row.get(0),
        )?;
        if last as u64 != new.version {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "{} was changed meanwhile: it has version {last}, you saw {}",
                    new.id, new.version
                ),
                "look at the newer version and save again; nothing was changed",
            ));
        }
        let next = Kept {
            version: new.version + 1,
            ..new.clone()
        };
        tx.execute(
            "INSERT INTO kept VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                next.kind,
                next.id,
                next.version as i64,
                next.at,
                next.who,
                next.body
            ],
        )?;
        tx.commit()?;
        Ok(next)
    }

    /// The newest version of a thing; `None` when there is none or it was taken away.
    pub fn kept(&self, kind: &str, id: &str) -> Result<Option<Kept>, Error> {
        let newest = self
            .db
            .prepare_cached(&format!(
                "{COLUMNS} WHERE kind = ?1 AND id = ?2 ORDER BY version DESC LIMIT 1"
            ))?
            .query_row([kind, id], read)
            .optional()?;
        Ok(newest.filter(|kept| !kept.body.is_empty()))
    }

    /// The newest version of every thing of a kind that is there, by id.
    pub fn all_kept(&self, kind: &str) -> Result<Vec<Kept>, Error> {
        let mut rows = self.db.prepare_cached(&format!(
            "{COLUMNS} AS k WHERE kind = ?1 AND body <> '' AND version =
               (SELECT MAX(version) FROM kept WHERE kind = k.kind AND id = k.id) ORDER BY id"
        ))?;
        let found = rows.query_map([kind], read)?.collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// Every version of a thing, newest first.
    pub fn history(&self, kind: &str, id: &str) -> Result<Vec<Kept>, Error> {
        let mut rows = self.db.prepare_cached(&format!(
            "{COLUMNS} WHERE kind = ?1 AND id = ?2 ORDER BY version DESC"
        ))?;
        let found = rows
            .query_map([kind, id], read)?
            .collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// Writes the state of a thing over the one before; it has no history.
    pub fn set_state(&mut self, kind: &str, key: &str, body: &str) -> Result<(), Error> {
        let (_, tx) = self.writing()?;
        tx.execute(
            "INSERT OR REPLACE INTO state VALUES (?1, ?2, ?3)",
            [kind, key, body],
        )?;
        Ok(tx.commit()?)
    }

    /// States of a kind, by key.
    pub fn states(&self, kind: &str) -> Result<BTreeMap<String, String>, Error> {
        let mut rows = self
            .db
            .prepare_cached("SELECT key, body FROM state WHERE kind = ?1")?;
        let found = rows
            .query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// Number of the last line of the change log; 0 when it is empty.
    pub fn last_change(&self) -> Result<crate::Seq, Error> {
        let last: i64 = self
            .db
            .prepare_cached("SELECT COALESCE(MAX(seq), 0) FROM change_log")?
            .query_row([], |row| row.get(0))?;
        Ok(last as u64)
    }
}

//! What only a desk on a disk can be checked for.

use std::path::Path;

use super::Desk;
use super::segments::{self, Place};
use crate::{Error, ErrorKind, Report, Store};

impl Desk {
    /// Everything that [`crate::check`](crate::check()) checks, and the disk: database, rows, index,
    /// segments. What cannot be read is a finding, and the rest is checked all the same.
    pub fn check(&self) -> Result<Report, Error> {
        // All of it sees the record of one moment, also while another process writes.
        let _moment = self.db.unchecked_transaction()?;
        let mut report = crate::check(self as &dyn Store).or_else(|error| {
            let mut report = Report::default();
            unreadable(&mut report, "database", "record.db", Err(error)).map(|()| report)
        })?;
        let parts: [(&str, &str, Part); 5] = [
            ("database", "record.db", Self::check_database),
            ("rows", "record.db", Self::check_rows),
            ("index", "fts", Self::check_index),
            ("index", "fts", Self::check_words),
            ("segments", "record.db", Self::check_segments),
        ];
        for (what, at, check) in parts {
            let done = check(self, &mut report);
            unreadable(&mut report, what, at, done)?;
        }
        Ok(report)
    }

    fn check_database(&self, report: &mut Report) -> Result<(), Error> {
        let mut statement = self.db.prepare("PRAGMA integrity_check(100)")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            if text != "ok" {
                report.find("database", "record.db", format!("{text}: restore a backup"));
            }
        }
        report.count("database", 1);
        Ok(())
    }

    fn check_index(&self, report: &mut Report) -> Result<(), Error> {
        let one = |sql: &str| self.db.query_row(sql, [], |row| row.get::<_, i64>(0));
        let documents = one("SELECT count(*) FROM document")?;
        let indexed = one("SELECT count(*) FROM fts_docsize")?;
        let astray = one("SELECT count(*) FROM document d WHERE NOT EXISTS
            (SELECT 1 FROM fts_docsize s WHERE s.id = (d.known << 32 | d.n))")?;
        report.count("index", indexed as u64);
        if documents != indexed || astray > 0 {
            report.find(
                "index",
                "fts",
                format!(
                    "{documents} documents, {indexed} rows of the search index, {astray} not under their day: \
                     search may miss some; a backup or a fresh desk from the same pages repairs it"
                ),
            );
        }
        let counts = one("SELECT count(*) FROM coding c WHERE NOT EXISTS
            (SELECT 1 FROM document d WHERE d.doc_id = c.doc_id)")?
            + one("SELECT count(*) FROM document d WHERE NOT EXISTS
            (SELECT 1 FROM coding c WHERE c.coding_id = d.head AND c.doc_id = d.doc_id)")?
            + one("SELECT count(*) FROM document d WHERE NOT EXISTS
            (SELECT 1 FROM capture p WHERE p.sha256 = d.sha256 AND p.url = d.url)")?;
        if counts > 0 {
            report.find(
                "counts",
                "record.db",
                format!("{counts} rows point at rows that are not there: restore a backup"),
            );
        }
        Ok(())
    }

    fn check_segments(&self, report: &mut Report) -> Result<(), Error> {
        let mut statement = self
            .db
            .prepare("SELECT segment, start, stored FROM raw_page ORDER BY segment, start")?;
        let mut rows = statement.query([])?;
        let mut last: Option<Place> = None;
        let mut files = 0;
        while let Some(row) = rows.next()? {
            let place = Place {
                segment: row.get(0)?,
                start: row.get::<_, i64>(1)? as u64,
                stored: row.get::<_, i64>(2)? as u64,
            };
            let begins = match last {
                Some(before) if before.segment == place.segment => before.start + before.stored,
                _ => {
                    files += 1;
                    self.check_length(report, last);
                    0
                }
            };
            if place.start != begins {
                report.find(
                    "segments",
                    &name(&self.pages(), place.segment),
                    format!("bytes {begins} to {} belong to no page", place.start),
                );
            }
            last = Some(place);
        }
        self.check_length(report, last);
        report.count("segments", files);
        Ok(())
    }

    /// The file must end with its last page, or behind it after an interrupted write.
    fn check_length(&self, report: &mut Report, last: Option<Place>) {
        let Some(place) = last else { return };
        let path = segments::path(&self.pages(), place.segment);
        let found = std::fs::metadata(&path).map_or(0, |meta| meta.len());
        if found < place.start + place.stored {
            report.find(
                "segments",
                &name(&self.pages(), place.segment),
                format!(
                    "{found} bytes instead of {}: pages at its end are lost; restore the file from a backup",
                    place.start + place.stored
                ),
            );
        }
    }
}

/// One part of a check.
type Part = fn(&Desk, &mut Report) -> Result<(), Error>;

/// A part of a check that met damage found something.
fn unreadable(
    report: &mut Report,
    what: &str,
    at: &str,
    done: Result<(), Error>,
) -> Result<(), Error> {
    match done {
        Err(error) if error.kind() == ErrorKind::Corrupt => {
            report.find(
                what,
                at,
                format!(
                    "cannot be read to its end ({}): restore a backup",
                    error.what()
                ),
            );
            Ok(())
        }
        other => other,
    }
}

fn name(dir: &Path, segment: u32) -> String {
    let path = segments::path(dir, segment);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    format!("pages/{file}")
}

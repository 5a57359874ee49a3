//! Reading rows back.

use rapporteur_base::{Date, Id};
use rapporteur_page::Article;
use rapporteur_story::Digest;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::segments::{self, Place};
use super::write::{Kept, KeptOnly, Marks, page_key, put_inbox, put_rules};
use super::{Desk, Mode};
use crate::known::{day_from_number, day_number, known_at};
use crate::{
    Applied, Change, Correction, Damage, Error, ErrorKind, Hit, InboxRow, Incoming, NewCorrection,
    Packed, Query, RawRef, Reading, RuleSet, Seq, Store, StoredDoc, codec, fail,
};

pub(super) const COLUMNS: &str =
    "SELECT d.doc_id, hex(d.sha256), d.url, d.known, c.ruleset_id, a.article_z, a.text_z,
    c.marks_z, p.len, p.mime, p.charset
  FROM document d JOIN raw_page p ON p.sha256 = d.sha256";

pub(super) fn id(bytes: &[u8]) -> Result<Id, Error> {
    Id::from_bytes(bytes).ok_or_else(|| Error::corrupt("an id does not have 16 bytes"))
}

pub(super) fn stored(db: &Connection, row: &Row<'_>) -> Result<StoredDoc, Error> {
    let sha256 = row.get::<_, String>(1)?.to_lowercase();
    let url: String = row.get(2)?;
    let captures = captures(db, &sha256, &url)?;
    let mut article: Article = codec::from_row(&row.get::<_, Vec<u8>>(5)?)?;
    article.text = codec::expand_text(&row.get::<_, Vec<u8>>(6)?)?;
    let marks: Marks = codec::from_row(&row.get::<_, Vec<u8>>(7)?)?;
    let first = captures
        .iter()
        .find(|(at, _)| !at.is_empty())
        .or(captures.first());
    let published = article.published.as_ref().map(|p| p.date);
    Ok(StoredDoc {
        id: id(&row.get::<_, Vec<u8>>(0)?)?,
        known_at: known_at(published, captures.iter().map(|(at, _)| at.as_str())),
        raw: RawRef {
            sha256,
            len: row.get::<_, i64>(8)? as u64,
            mime: row.get(9)?,
            charset: row.get(10)?,
            url: (!url.is_empty()).then_some(url),
            captured_at: first.map(|(at, _)| at.clone()).filter(|at| !at.is_empty()),
            source: first.map(|(_, source)| source.clone()).unwrap_or_default(),
        },
        captures,
        ruleset: id(&row.get::<_, Vec<u8>>(4)?)?,
        article,
        sentences: marks.sentences,
        times: marks.times,
        coding: marks.coding,
        notes: marks.notes,
        digest: marks.digest.and_then(kept),
    })
}

/// A digest that is still what this program makes.
fn kept(kept: Kept) -> Option<Digest> {
    (kept.version == rapporteur_story::digest_version()).then_some(kept.digest)
}

fn captures(db: &Connection, sha256: &str, url: &str) -> Result<Vec<(String, String)>, Error> {
    let rows = db
        .prepare_cached(
            "SELECT captured_at, source FROM capture WHERE sha256 = ?1 AND url = ?2
             ORDER BY captured_at, source",
        )?
        .query_map(params![page_key(sha256)?, url], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// One document as it is shown.
pub(super) fn document(db: &Connection, doc: Id) -> Result<Option<StoredDoc>, Error> {
    let sql = format!(
        "{COLUMNS} JOIN coding c ON c.coding_id = d.head JOIN article a ON a.article_id = c.article_id
         WHERE d.doc_id = ?1"
    );
    let mut rows = db.prepare_cached(&sql)?;
    let mut rows = rows.query([doc.as_bytes()])?;
    match rows.next()? {
        Some(row) => Ok(Some(stored(db, row)?)),
        None => Ok(None),
    }
}

impl Desk {
    pub(super) fn all_corrections(&self) -> Result<Vec<Correction>, Error> {
        let rows = self
            .db
            .prepare_cached("SELECT * FROM correction ORDER BY seq")?
            .query_map([], |row| {
                Ok(Correction {
                    seq: row.get::<_, i64>(0)? as u64,
                    body: NewCorrection {
                        at: row.get(1)?,
                        who: row.get(2)?,
                        why: row.get(3)?,
                        kind: row.get(4)?,
                        key: row.get(5)?,
                        field: row.get(6)?,
                        old: row.get(7)?,
                        new: row.get(8)?,
                    },
                    prev: row.get(9)?,
                    hash: row.get(10)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    fn inbox_rows(&self, rest: &str, key: Option<&str>) -> Result<Vec<InboxRow>, Error> {
        let sql =
            format!("SELECT key, name, stage, result, error, remedy, doc_id, at FROM inbox {rest}");
        let mut rows = self.db.prepare_cached(&sql)?;
        let read = |row: &Row<'_>| {
            Ok(InboxRow {
                key: row.get(0)?,
                name: row.get(1)?,
                stage: row.get(2)?,
                result: row.get(3)?,
                error: row.get(4)?,
                remedy: row.get(5)?,
                doc: row
                    .get::<_, Option<Vec<u8>>>(6)?
                    .and_then(|b| Id::from_bytes(&b)),
                at: row.get(7)?,
            })
        };
        let rows = match key {
            Some(key) => rows.query_map([key], read)?.collect::<Result<_, _>>()?,
            None => rows.query_map([], read)?.collect::<Result<_, _>>()?,
        };
        Ok(rows)
    }

    /// Where a page stands.
    pub(super) fn place(&self, sha256: &str) -> Result<Option<(Place, u64)>, Error> {
        let found = self
            .db
            .prepare_cached("SELECT segment, start, stored, len FROM raw_page WHERE sha256 = ?1")?
            .query_row([page_key(sha256)?], |row| {
                let place = Place {
                    segment: row.get(0)?,
                    start: row.get::<_, i64>(1)? as u64,
                    stored: row.get::<_, i64>(2)? as u64,
                };
                Ok((place, row.get::<_, i64>(3)? as u64))
            })
            .optional()?;
        Ok(found)
    }

    /// How the desk is open.
    pub fn mode(&self) -> Mode {
        if self.writer.is_some() {
            Mode::Write
        } else {
            Mode::Read
        }
    }
}

impl Store for Desk {
    fn register(&mut self, rules: &RuleSet, now: &str) -> Result<(), Error> {
        let (_, tx) = self.writing()?;
        put_rules(&tx, rules, now)?;
        tx.commit()?;
        fail::point("rules-committed")
    }

    fn apply(&mut self, items: &[Incoming], now: &str) -> Result<Vec<Applied>, Error> {
        self.put_all(items, now)
    }

    fn visit(
        &self,
        reading: Reading,
        as_of: Option<Date>,
        each: &mut dyn FnMut(StoredDoc) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit_all(reading, as_of, each)
    }

    fn damaged(&self) -> Vec<Damage> {
        self.damaged.borrow().clone()
    }

    /// Only the digests are read of the rows, in the order in which they were written.
    fn digests(
        &self,
        as_of: Option<Date>,
        each: &mut dyn FnMut(Digest) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (from, to) = match as_of {
            Some(day) => (1, day_number(Some(day))),
            None => (0, i64::MAX),
        };
        let mut statement = self.db.prepare_cached(
            "SELECT d.doc_id, c.marks_z FROM document d JOIN coding c ON c.coding_id = d.head
             WHERE d.known BETWEEN ?1 AND ?2 ORDER BY d.n",
        )?;
        let mut rows = statement.query(params![from, to])?;
        while let Some(row) = rows.next()? {
            let marks: KeptOnly = codec::from_row(&row.get::<_, Vec<u8>>(1)?)?;
            let kept = marks.digest.and_then(kept);
            each(match kept {
                Some(digest) => digest,
                None => {
                    let doc = id(&row.get::<_, Vec<u8>>(0)?)?;
                    let stored = document(&self.db, doc)?
                        .ok_or_else(|| Error::corrupt(format!("document {doc} has no text")))?;
                    crate::bundle::digest(doc, &stored.article, &stored.coding)
                }
            })?;
        }
        Ok(())
    }

    fn document(&self, id: Id) -> Result<Option<StoredDoc>, Error> {
        document(&self.db, id)
    }

    fn raw(&self, sha256: &str) -> Result<Vec<u8>, Error> {
        let Some((place, len)) = self.place(sha256)? else {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("the desk has no page {sha256}"),
                "",
            ));
        };
        Packed::unpack(&segments::read(&self.pages(), place)?, len)
    }

    fn correct(&mut self, correction: &NewCorrection) -> Result<Correction, Error> {
        self.put_correction(correction)
    }

    fn corrections(&self) -> Result<Vec<Correction>, Error> {
        self.all_corrections()
    }

    fn changes(&self, after: Seq) -> Result<Vec<Change>, Error> {
        let rows = self
            .db
            .prepare_cached(
                "SELECT seq, at, kind, key FROM change_log WHERE seq > ?1 ORDER BY seq",
            )?
            .query_map([after as i64], |row| {
                Ok(Change {
                    seq: row.get::<_, i64>(0)? as u64,
                    at: row.get(1)?,
                    kind: row.get(2)?,
                    key: row.get(3)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    fn search(&self, query: &Query) -> Result<Vec<Hit>, Error> {
        self.find(query)
    }

    fn stale(&self, ruleset: Id) -> Result<Vec<RawRef>, Error> {
        let mut statement = self.db.prepare_cached(
            "SELECT hex(d.sha256), d.url, p.len, p.mime, p.charset
             FROM document d JOIN coding c ON c.coding_id = d.head JOIN raw_page p ON p.sha256 = d.sha256
             WHERE c.ruleset_id <> ?1 ORDER BY d.doc_id",
        )?;
        let mut rows = statement.query([ruleset.as_bytes()])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let sha256 = row.get::<_, String>(0)?.to_lowercase();
            let url: String = row.get(1)?;
            let first = captures(&self.db, &sha256, &url)?
                .into_iter()
                .min_by_key(|(at, source)| (at.is_empty(), at.clone(), source.clone()))
                .unwrap_or_default();
            out.push(RawRef {
                sha256,
                len: row.get::<_, i64>(2)? as u64,
                mime: row.get(3)?,
                charset: row.get(4)?,
                url: (!url.is_empty()).then_some(url),
                captured_at: Some(first.0).filter(|at| !at.is_empty()),
                source: first.1,
            });
        }
        Ok(out)
    }

    fn rulesets(&self) -> Result<Vec<(Id, RuleSet)>, Error> {
        let mut statement = self
            .db
            .prepare_cached("SELECT ruleset_id, label, parts FROM ruleset ORDER BY ruleset_id")?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let rules = RuleSet {
                label: row.get(1)?,
                parts: serde_json::from_str(&row.get::<_, String>(2)?)?,
            };
            out.push((id(&row.get::<_, Vec<u8>>(0)?)?, rules));
        }
        Ok(out)
    }

    fn activate(&mut self, ruleset: Id, now: &str) -> Result<usize, Error> {
        self.show_reading(ruleset, now)
    }

    fn journal(&mut self, row: &InboxRow) -> Result<(), Error> {
        let (_, tx) = self.writing()?;
        put_inbox(&tx, row)?;
        Ok(tx.commit()?)
    }

    fn journaled(&self, key: &str) -> Result<Option<InboxRow>, Error> {
        Ok(self.inbox_rows("WHERE key = ?1", Some(key))?.pop())
    }

    fn inbox(&self) -> Result<Vec<InboxRow>, Error> {
        self.inbox_rows("ORDER BY at, key", None)
    }
}

/// Day of an index row.
pub(super) fn day_of_row(row: i64) -> Option<Date> {
    day_from_number(row >> 32)
}

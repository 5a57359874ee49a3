//! Every document in turn, also of a damaged desk: what cannot be read is named and left out, and
//! keeps nobody from the rest.

use std::collections::BTreeMap;

use rapporteur_base::{Date, Id};
use rusqlite::{OptionalExtension, params};

use super::Desk;
use super::read::{COLUMNS, id, stored};
use crate::known::{day_number, short};
use crate::{Damage, Error, ErrorKind, Reading, StoredDoc};

type Each<'e> = dyn FnMut(StoredDoc) -> Result<(), Error> + 'e;

/// Which documents, by which reading.
struct Asked {
    reading: Reading,
    from: i64,
    to: i64,
}

impl Asked {
    fn join(&self) -> &'static str {
        match self.reading {
            Reading::Active => "c.coding_id = d.head",
            Reading::By(_) => "c.doc_id = d.doc_id AND c.ruleset_id = ?3",
        }
    }
}

/// How far a pass through the table came.
struct Pass {
    seen: u64,
    last: Option<Id>,
    /// Why it ended early.
    broken: Option<Error>,
}

impl Desk {
    pub(super) fn visit_all(
        &self,
        reading: Reading,
        as_of: Option<Date>,
        each: &mut Each<'_>,
    ) -> Result<(), Error> {
        // The bounds stand even without a day, so that one statement serves both.
        let (from, to) = match as_of {
            Some(day) => (1, day_number(Some(day))),
            None => (0, i64::MAX),
        };
        let asked = Asked { reading, from, to };
        let mut damaged = BTreeMap::new();
        self.damaged.borrow_mut().clear();
        let pass = self.pass(&asked, each, &mut damaged)?;
        match pass.broken {
            Some(error) if error.kind() != ErrorKind::Corrupt => return Err(error),
            Some(error) => self.one_by_one(&asked, pass.last, &error, each, &mut damaged)?,
            None => self.without_reading(&asked, pass.seen + damaged.len() as u64, &mut damaged)?,
        }
        let list = damaged.into_iter().map(|(doc, why)| Damage {
            doc: short('d', doc),
            why,
        });
        *self.damaged.borrow_mut() = list.collect();
        Ok(())
    }

    /// One walk in the order of the ids; a row that cannot be understood is passed over, a page of
    /// the database that cannot be read ends it.
    fn pass(
        &self,
        asked: &Asked,
        each: &mut Each<'_>,
        damaged: &mut BTreeMap<Id, String>,
    ) -> Result<Pass, Error> {
        let sql = format!(
            "{COLUMNS} JOIN coding c ON {} JOIN article a ON a.article_id = c.article_id
             WHERE d.known BETWEEN ?1 AND ?2 ORDER BY d.doc_id",
            asked.join()
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = match asked.reading {
            Reading::Active => statement.query(params![asked.from, asked.to])?,
            Reading::By(rules) => {
                statement.query(params![asked.from, asked.to, rules.as_bytes()])?
            }
        };
        let mut pass = Pass {
            seen: 0,
            last: None,
            broken: None,
        };
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(pass),
                Err(error) => {
                    pass.broken = Some(error.into());
                    return Ok(pass);
                }
            };
            let doc = row.get::<_, Vec<u8>>(0)?;
            pass.last = Id::from_bytes(&doc).or(pass.last);
            match stored(&self.db, row) {
                Ok(doc) => {
                    pass.seen += 1;
                    each(doc)?;
                }
                Err(error) if error.kind() == ErrorKind::Corrupt => {
                    damaged.insert(id(&doc)?, error.what().to_owned());
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The documents behind `last`, each looked up alone.
    fn one_by_one(
        &self,
        asked: &Asked,
        last: Option<Id>,
        broken: &Error,
        each: &mut Each<'_>,
        damaged: &mut BTreeMap<Id, String>,
    ) -> Result<(), Error> {
        let sql = format!(
            "{COLUMNS} JOIN coding c ON {} JOIN article a ON a.article_id = c.article_id
             WHERE d.known BETWEEN ?1 AND ?2 AND d.doc_id = ?4 AND ?3 IS ?3",
            asked.join()
        );
        let rules = match asked.reading {
            Reading::By(rules) => rules.as_bytes().to_vec(),
            Reading::Active => Vec::new(),
        };
        let ids = self.ids(asked)?;
        if ids.is_empty() {
            return Err(Error::corrupt(format!(
                "{}: no document can be found",
                broken.what()
            )));
        }
        for doc in ids {
            if last.is_some_and(|last| doc <= last) {
                continue;
            }
            let found: Result<Option<StoredDoc>, Error> = (|| {
                let mut statement = self.db.prepare_cached(&sql)?;
                let mut rows =
                    statement.query(params![asked.from, asked.to, rules, doc.as_bytes()])?;
                match rows.next()? {
                    Some(row) => Ok(Some(stored(&self.db, row)?)),
                    None => Ok(None),
                }
            })();
            match (found, asked.reading) {
                (Ok(Some(doc)), _) => each(doc)?,
                (Ok(None), Reading::By(_)) => {}
                (Ok(None), Reading::Active) => {
                    damaged.insert(doc, GONE.to_owned());
                }
                (Err(error), _) => {
                    damaged.insert(doc, error.what().to_owned());
                }
            }
        }
        Ok(())
    }

    /// Ids of all documents that can be found: by the index, or where that is damaged one number
    /// after the other.
    fn ids(&self, asked: &Asked) -> Result<Vec<Id>, Error> {
        let mut found = Vec::new();
        let whole = (|| -> Result<(), Error> {
            let mut statement = self.db.prepare(
                "SELECT doc_id FROM document WHERE known BETWEEN ?1 AND ?2 ORDER BY doc_id",
            )?;
            let mut rows = statement.query([asked.from, asked.to])?;
            while let Some(row) = rows.next()? {
                found.push(id(&row.get::<_, Vec<u8>>(0)?)?);
            }
            Ok(())
        })();
        if whole.is_err() {
            let most: i64 = self
                .db
                .query_row("SELECT max(n) FROM document", [], |row| row.get(0))
                .unwrap_or(0);
            let mut one = self
                .db
                .prepare("SELECT doc_id FROM document WHERE n = ?3 AND known BETWEEN ?1 AND ?2")?;
            for n in 1..=most.min(MOST) {
                let doc = one.query_row([asked.from, asked.to, n], |row| row.get::<_, Vec<u8>>(0));
                found.extend(doc.ok().and_then(|bytes| Id::from_bytes(&bytes)));
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Documents whose reading, text or page is not there: a walk over joined rows does not meet them.
    fn without_reading(
        &self,
        asked: &Asked,
        met: u64,
        damaged: &mut BTreeMap<Id, String>,
    ) -> Result<(), Error> {
        if asked.reading != Reading::Active {
            return Ok(());
        }
        let sql = "SELECT count(*) FROM document WHERE known BETWEEN ?1 AND ?2";
        let all: Option<i64> = self
            .db
            .query_row(sql, [asked.from, asked.to], |row| row.get(0))
            .optional()?;
        if all.is_none_or(|all| all as u64 == met) {
            return Ok(());
        }
        let mut statement = self.db.prepare(
            "SELECT doc_id FROM document d WHERE known BETWEEN ?1 AND ?2 AND NOT EXISTS
               (SELECT 1 FROM coding c JOIN article a ON a.article_id = c.article_id
                JOIN raw_page p ON p.sha256 = d.sha256 WHERE c.coding_id = d.head)",
        )?;
        let mut rows = statement.query([asked.from, asked.to])?;
        while let Some(row) = rows.next()? {
            damaged.insert(id(&row.get::<_, Vec<u8>>(0)?)?, GONE.to_owned());
        }
        Ok(())
    }
}

const GONE: &str = "its reading, its text or its page is not in the record";

/// Documents that are looked up by number: a damaged number must not ask for a walk without end.
const MOST: i64 = 50_000_000;

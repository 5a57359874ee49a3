//! What a desk can be checked for row by row: everything that follows from something else is
//! made again and compared, so that a changed byte has a name.

use std::collections::BTreeMap;

use rapporteur_base::{Id, sha256_hex};
use rusqlite::params;

use super::Desk;
use super::read::id;
use super::write::page_key;
use crate::known::{day_number, short, terms};
use crate::{Error, Reading, Report, Store, StoredDoc, Tokens, codec};

impl Desk {
    /// Rows that do not follow from what they were made of.
    pub(super) fn check_rows(&self, report: &mut Report) -> Result<(), Error> {
        let mut found = Vec::new();
        self.visit_all(Reading::Active, None, &mut |doc| {
            // A row that cannot be read at all is told by the walk that met it.
            let why = self
                .follows(&doc)
                .unwrap_or_else(|e| Some(e.what().to_owned()));
            found.extend(why.map(|why| (short('d', doc.id), why)));
            Ok(())
        })?;
        for (doc, why) in found {
            report.find("rows", &doc, format!("{why}: restore a backup"));
        }
        self.check_codings(report)?;
        for (known, rules) in self.rulesets()? {
            if rules.id() != known {
                let why = "a set of rules does not have the parts that its id stands for: restore a backup";
                report.find("rows", &known.to_string(), why);
            }
        }
        self.check_log(report)?;
        self.check_inbox(report)
    }

    /// Why a document's rows do not hold together, if they do not.
    fn follows(&self, doc: &StoredDoc) -> Result<Option<String>, Error> {
        let (n, known, head): (i64, i64, Vec<u8>) = self.db.query_row(
            "SELECT n, known, head FROM document WHERE doc_id = ?1",
            [doc.id.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        if known != day_number(doc.known_at) {
            return Ok(Some("its day is not that of its page and captures".into()));
        }
        let (article, columns, json): (Id, [Option<String>; 5], Vec<u8>) = self.db.query_row(
            "SELECT a.article_id, a.text_sha, a.title, a.site, a.published, a.lang, a.article_z
             FROM coding c JOIN article a ON a.article_id = c.article_id WHERE c.coding_id = ?1",
            [&head],
            |row| {
                let text = |at| row.get::<_, Option<String>>(at);
                let article = Id::from_bytes(&row.get::<_, Vec<u8>>(0)?);
                let columns = [text(1)?, text(2)?, text(3)?, text(4)?, text(5)?];
                Ok((article.unwrap_or(doc.id), columns, row.get(6)?))
            },
        )?;
        let about = &doc.article;
        let text_sha = sha256_hex(about.text.as_bytes());
        // The bytes as they were stored: another version of the program may write them otherwise.
        let json = codec::expand(&json)?;
        if Id::of([doc.id.as_bytes().as_slice(), text_sha.as_bytes(), &json]) != article {
            return Ok(Some(
                "its article is not the one that its id stands for".into(),
            ));
        }
        let published = about.published.as_ref().map(|p| p.date.to_string());
        let (title, site, lang) = (about.title.clone(), about.site.clone(), about.lang.clone());
        let same = [Some(text_sha), Some(title), site, published, lang];
        if columns != same {
            return Ok(Some(
                "title, outlet, day or language beside its article differ".into(),
            ));
        }
        let coding = Id::of([
            doc.id.as_bytes(),
            article.as_bytes(),
            doc.ruleset.as_bytes(),
        ]);
        if coding.as_bytes().as_slice() != head {
            return Ok(Some(
                "its reading is not the one that its id stands for".into(),
            ));
        }
        if !self.terms_follow(n, doc)? {
            return Ok(Some(
                "what searches filter by is not what its reading names".into(),
            ));
        }
        self.page_follows(doc)
    }

    /// What searches filter by is what the reading names.
    fn terms_follow(&self, n: i64, doc: &StoredDoc) -> Result<bool, Error> {
        let mut kept = self
            .db
            .prepare_cached("SELECT kind, value FROM term WHERE n = ?1 ORDER BY kind, value")?;
        let kept: Vec<(String, String)> = kept
            .query_map([n], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let made = terms(&doc.article, &doc.coding);
        let mut made: Vec<(&str, &str)> = made.iter().map(|(k, v)| (*k, v.as_str())).collect();
        made.sort_unstable();
        Ok(kept.iter().map(|(k, v)| (k.as_str(), v.as_str())).eq(made))
    }

    /// The page's own record says where it is from and when it was taken.
    fn page_follows(&self, doc: &StoredDoc) -> Result<Option<String>, Error> {
        let Some((place, len)) = self.place(&doc.raw.sha256)? else {
            return Ok(Some("its page is not in the record".into()));
        };
        let Ok(member) = super::segments::read(&self.pages(), place) else {
            return Ok(None); // told with the pages
        };
        let Ok(record) = crate::Packed::record(&member, len) else {
            return Ok(None);
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:+/".contains(c);
        let charset = doc.raw.charset.as_deref().unwrap_or("");
        let same = record.mime.eq_ignore_ascii_case(&doc.raw.mime)
            && (record.charset.as_deref().unwrap_or("") == charset || !charset.chars().all(plain));
        if !same {
            return Ok(Some(
                "type or encoding of its page differ from the archive's".into(),
            ));
        }
        // The page was kept at its first capture, by whichever document came first with it.
        let mut captures = self
            .db
            .prepare_cached("SELECT url, captured_at FROM capture WHERE sha256 = ?1")?;
        let mut rows = captures.query([page_key(&doc.raw.sha256)?])?;
        let bare = |text: &str| {
            let edge = |c: char| c.is_whitespace() || "<>".contains(c);
            text.replace(['\r', '\n'], " ")
                .trim_matches(edge)
                .to_owned()
        };
        let (url, at) = (
            bare(&record.url),
            bare(record.date.as_deref().unwrap_or("")),
        );
        while let Some(row) = rows.next()? {
            let captured = bare(&row.get::<_, String>(0)?);
            let named = captured == url || captured.is_empty() && url.starts_with("urn:sha256:");
            if named && bare(&row.get::<_, String>(1)?) == at {
                return Ok(None);
            }
        }
        Ok(Some(
            "none of its captures is the one that its archive tells".into(),
        ))
    }

    /// Readings that are not shown can be read as well.
    fn check_codings(&self, report: &mut Report) -> Result<(), Error> {
        let mut statement = self.db.prepare(
            "SELECT hex(c.coding_id), c.doc_id, c.marks_z, c.events FROM coding c
             WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.head = c.coding_id)",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let marks = codec::expand(&row.get::<_, Vec<u8>>(2)?);
            if let Err(error) = marks {
                let doc = short('d', id(&row.get::<_, Vec<u8>>(1)?)?);
                let coding = row.get::<_, String>(0)?.to_lowercase();
                report.find(
                    "rows",
                    &doc,
                    format!("its reading {coding}: {}", error.what()),
                );
            }
        }
        Ok(())
    }

    /// The change log has no gap and names only what is there.
    fn check_log(&self, report: &mut Report) -> Result<(), Error> {
        let log = self.changes(0)?;
        report.count("changes", log.len() as u64);
        let mut has = self.db.prepare(
            "SELECT EXISTS (SELECT 1 FROM document WHERE doc_id = ?1) OR EXISTS (SELECT 1 FROM coding WHERE coding_id = ?1)
               OR EXISTS (SELECT 1 FROM ruleset WHERE ruleset_id = ?1) OR EXISTS (SELECT 1 FROM coding WHERE ruleset_id = ?1)",
        )?;
        for (at, change) in log.iter().enumerate() {
            let named = match change.kind.as_str() {
                "correction" => {
                    let sql = "SELECT EXISTS (SELECT 1 FROM correction WHERE seq = ?1 AND at = ?2)";
                    let number: i64 = change.key.parse().unwrap_or(0);
                    self.db
                        .query_row(sql, params![number, change.at], |row| row.get(0))?
                }
                "document" | "capture" | "coding" | "ruleset" | "activate" => {
                    let key = Id::parse(&change.key);
                    match key {
                        Some(key) => has.query_row([key.as_bytes()], |row| row.get(0))?,
                        None => false,
                    }
                }
                _ => false,
            };
            if change.seq != at as u64 + 1 || !named {
                let why =
                    "the line is out of order or names nothing in the record: restore a backup";
                report.find("changes", &change.seq.to_string(), why);
            }
        }
        Ok(())
    }

    /// Lines of the inbox name documents that are there.
    fn check_inbox(&self, report: &mut Report) -> Result<(), Error> {
        for row in self.inbox()? {
            let is_known = ["done", "known", "failed", "ignored"].contains(&row.result.as_str());
            let sql = "SELECT EXISTS (SELECT 1 FROM document WHERE doc_id = ?1)";
            let is_there = match row.doc {
                Some(doc) => self
                    .db
                    .prepare_cached(sql)?
                    .query_row([doc.as_bytes()], |row| row.get(0))?,
                None => true,
            };
            if !is_known || !is_there {
                let why = "the line of the inbox says what nobody wrote: restore a backup";
                report.find("inbox", &row.name, why);
            }
        }
        Ok(())
    }
}

/// Sums of the places of words, by row of the index: the order of the sum does not matter.
type Words = BTreeMap<i64, u64>;

impl Desk {
    /// The search index holds the words of every text, each at its place, and no other.
    pub(super) fn check_words(&self, report: &mut Report) -> Result<(), Error> {
        let mut due = Words::new();
        let mut names = BTreeMap::new();
        self.visit_all(Reading::Active, None, &mut |doc| {
            let sql = "SELECT known << 32 | n FROM document WHERE doc_id = ?1";
            let row: i64 = self
                .db
                .query_row(sql, [doc.id.as_bytes()], |row| row.get(0))?;
            let tokens = Tokens::of(&doc.article);
            for (column, words) in [("title", &tokens.title), ("body", &tokens.body)] {
                for (at, word) in index_words(words).enumerate() {
                    put(&mut due, row, &word, column, at as i64);
                }
            }
            names.insert(row, short('d', doc.id));
            Ok(())
        })?;
        let mut kept = Words::new();
        self.db.execute_batch(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, fts, instance)",
        )?;
        let mut statement = self
            .db
            .prepare("SELECT term, doc, col, offset FROM temp.words")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let word = row.get_ref(0)?.as_bytes().unwrap_or_default();
            let column = row.get::<_, String>(2)?;
            put(&mut kept, row.get(1)?, word, &column, row.get(3)?);
        }
        for (row, name) in &names {
            if due.get(row) != kept.get(row) {
                let why = "the search index does not hold its words as its text has them: a backup or a fresh desk from the same pages repairs it";
                report.find("index", name, why);
            }
        }
        Ok(())
    }
}

/// The words as the index's own tokenizer parts and folds them.
fn index_words(tokens: &str) -> impl Iterator<Item = Vec<u8>> {
    let words = tokens.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(|word| word.to_ascii_lowercase().into_bytes())
}

fn put(words: &mut Words, row: i64, word: &[u8], column: &str, at: i64) {
    // FNV, stirred, so that sums of different places differ.
    let bytes = word.iter().chain(b" ").chain(column.as_bytes());
    let bytes = bytes.copied().chain(at.to_le_bytes());
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let sum = words.entry(row).or_default();
    *sum = sum.wrapping_add(hash ^ (hash >> 31));
}

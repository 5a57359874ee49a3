//! Writing: pages first, made durable, then all rows of a batch in one transaction.

use rapporteur_base::{Id, Note, Span, sha256_hex};
use rapporteur_coder::Coding;
use rapporteur_story::Digest;
use rapporteur_temporal::Timex;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use super::segments::Place;
use super::{Desk, Writer};
use crate::known::{chain, day_number, known_at, terms};
use crate::{
    Applied, Correction, DocBundle, Error, ErrorKind, InboxRow, Incoming, NewCorrection, RuleSet,
    Tokens, codec, fail, known,
};

/// What one set of rules says of one article, as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Marks {
    pub sentences: Vec<Span>,
    pub times: Vec<Timex>,
    pub coding: Coding,
    pub notes: Vec<Note>,
    #[serde(default)]
    pub digest: Option<Kept>,
}

/// A digest with what made it.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub version: Id,
    pub digest: Digest,
}

/// The digest of a row of marks; the rest is passed over.
#[derive(Deserialize)]
pub(super) struct KeptOnly {
    #[serde(default)]
    pub digest: Option<Kept>,
}

#[derive(Serialize)]
struct KeptRef<'a> {
    version: Id,
    digest: &'a Digest,
}

#[derive(Serialize)]
struct MarksRef<'a> {
    sentences: &'a [Span],
    times: &'a [Timex],
    coding: &'a Coding,
    notes: &'a [Note],
    digest: KeptRef<'a>,
}

pub(super) fn page_key(hex: &str) -> Result<Vec<u8>, Error> {
    let bad = || {
        Error::invalid(
            format!("{hex:?} is no SHA-256"),
            "make the reference with RawRef::of",
        )
    };
    if hex.len() != 64 || !hex.is_ascii() {
        return Err(bad());
    }
    (0..32)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).map_err(|_| bad()))
        .collect()
}

/// Row of the index: newest first is the index's own order.
fn rowid(known: i64, n: i64) -> i64 {
    known << 32 | n
}

pub(super) fn log(tx: &Transaction<'_>, now: &str, kind: &str, key: &str) -> Result<(), Error> {
    tx.prepare_cached("INSERT INTO change_log (at, kind, key) VALUES (?1, ?2, ?3)")?
        .execute(params![now, kind, key])?;
    Ok(())
}

pub(super) fn put_inbox(tx: &Transaction<'_>, row: &InboxRow) -> Result<(), Error> {
    let doc = row.doc.map(|id| id.as_bytes().to_vec());
    tx.prepare_cached("INSERT OR REPLACE INTO inbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
        .execute(params![
            row.key, row.name, row.stage, row.result, row.error, row.remedy, doc, row.at
        ])?;
    Ok(())
}

pub(super) fn put_rules(tx: &Transaction<'_>, rules: &RuleSet, now: &str) -> Result<(), Error> {
    let id = rules.id();
    let parts = serde_json::to_string(&rules.parts)?;
    let new = tx
        .prepare_cached("INSERT OR IGNORE INTO ruleset VALUES (?1, ?2, ?3)")?
        .execute(params![id.as_bytes(), rules.label, parts])?;
    if new == 1 {
        log(tx, now, "ruleset", &id.to_string())?;
    }
    Ok(())
}

impl Desk {
    pub(super) fn writing(&mut self) -> Result<(&mut Writer, Transaction<'_>), Error> {
        let Some(writer) = &mut self.writer else {
            return Err(Error::read_only());
        };
        if writer.doubtful {
            return Err(Error::new(
                ErrorKind::Io,
                "the write before this one failed, and whether it was kept shows when the desk is opened again",
                "run the same command again: what was kept is known, what was not is written",
            ));
        }
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok((writer, tx))
    }

    pub(super) fn put_all(&mut self, items: &[Incoming], now: &str) -> Result<Vec<Applied>, Error> {
        let (writer, tx) = self.writing()?;
        let before = writer.segments.end();
        let written =
            put_pages(writer, &tx, items).and_then(|places| put_rows(&tx, items, &places, now));
        let out = match written {
            Ok(out) => out,
            Err(error) => {
                // The rows go with the transaction, and then what they would have named. Where that
                // fails as well, the next writer cuts the tail.
                drop(tx);
                let _ = writer.segments.rewind(before);
                return Err(error);
            }
        };
        if let Err(error) = tx.commit() {
            // A commit that failed may be in the log all the same, and the next opening would find
            // it: the pages stay, and nothing more is written until then.
            writer.doubtful = true;
            return Err(error.into());
        }
        fail::point("rows-committed")?;
        Ok(out)
    }

    pub(super) fn put_correction(&mut self, body: &NewCorrection) -> Result<Correction, Error> {
        let all = self.all_corrections()?;
        if let Some(same) = known::repeated(&all, body) {
            return Ok(same.clone());
        }
        known::admit(body, all.len() as u64)?;
        let line = chain(all.last(), body);
        let (_, tx) = self.writing()?;
        tx.execute(
            "INSERT INTO correction VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                line.seq as i64,
                body.at,
                body.who,
                body.why,
                body.kind,
                body.key,
                body.field,
                body.old,
                body.new,
                line.prev,
                line.hash
            ],
        )?;
        log(&tx, &body.at, "correction", &line.seq.to_string())?;
        fail::point("correction-written")?;
        tx.commit()?;
        fail::point("correction-committed")?;
        Ok(line)
    }

    pub(super) fn show_reading(&mut self, ruleset: Id, now: &str) -> Result<usize, Error> {
        let (_, tx) = self.writing()?;
        let rows: Vec<(i64, Vec<u8>)> = tx
            .prepare(
                "SELECT d.n, c.coding_id FROM document d JOIN coding c ON c.doc_id = d.doc_id
                 WHERE c.ruleset_id = ?1 AND c.coding_id <> d.head ORDER BY d.n",
            )?
            .query_map([ruleset.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (n, coding) in &rows {
            tx.execute(
                "UPDATE document SET head = ?2 WHERE n = ?1",
                params![n, coding],
            )?;
            reindex(&tx, *n)?;
        }
        if !rows.is_empty() {
            log(&tx, now, "activate", &ruleset.to_string())?;
        }
        fail::point("reading-written")?;
        tx.commit()?;
        fail::point("reading-committed")?;
        Ok(rows.len())
    }

    /// Makes the index again when another analyser made it.
    pub(super) fn refresh_index(&mut self) -> Result<(), Error> {
        let version = crate::analyse::VERSION.to_string();
        let found: Option<String> = self
            .db
            .query_row("SELECT value FROM meta WHERE key = 'analyser'", [], |row| {
                row.get(0)
            })
            .optional()?;
        if found.as_deref() == Some(&version) {
            return Ok(());
        }
        let (_, tx) = self.writing()?;
        tx.execute("INSERT INTO fts (fts) VALUES ('delete-all')", [])?;
        let all: Vec<i64> = tx
            .prepare("SELECT n FROM document ORDER BY known, n")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for n in all {
            reindex(&tx, n)?;
        }
        tx.execute(
            "INSERT OR REPLACE INTO meta VALUES ('analyser', ?1)",
            [&version],
        )?;
        tx.commit()?;
        Ok(())
    }
}

/// Appends the pages that the record does not have and makes them durable.
fn put_pages(
    writer: &mut Writer,
    tx: &Transaction<'_>,
    items: &[Incoming],
) -> Result<Vec<Option<Place>>, Error> {
    let mut places = Vec::with_capacity(items.len());
    let mut seen = std::collections::BTreeSet::new();
    for item in items {
        let sha = &item.bundle.raw.sha256;
        let known = !seen.insert(sha)
            || tx
                .prepare_cached("SELECT 1 FROM raw_page WHERE sha256 = ?1")?
                .exists([page_key(sha)?])?;
        places.push(if known {
            None
        } else {
            let place = writer.segments.append(&item.page.member)?;
            fail::point("segment-appended")?;
            Some(place)
        });
    }
    if places.iter().any(Option::is_some) {
        writer.segments.sync()?;
    }
    fail::point("segment-synced")?;
    Ok(places)
}

/// A document that the index must learn: row, title tokens, body tokens.
struct Entry<'a> {
    row: i64,
    tokens: std::borrow::Cow<'a, Tokens>,
}

fn put_rows(
    tx: &Transaction<'_>,
    items: &[Incoming],
    places: &[Option<Place>],
    now: &str,
) -> Result<Vec<Applied>, Error> {
    let mut entries = Vec::new();
    let mut out = Vec::with_capacity(items.len());
    for (item, place) in items.iter().zip(places) {
        let bundle = &item.bundle;
        if let Some(place) = place {
            put_page(tx, bundle, *place)?;
        }
        out.push(put_document(tx, bundle, now, &mut entries)?);
        if let Some(receipt) = &item.receipt {
            put_inbox(tx, receipt)?;
        }
    }
    fail::point("rows-written")?;
    // The index writes a new piece whenever a row comes before the last one: give them in order.
    entries.sort_by_key(|entry: &Entry<'_>| entry.row);
    for entry in &entries {
        tx.prepare_cached("INSERT INTO fts (rowid, title, body) VALUES (?1, ?2, ?3)")?
            .execute(params![entry.row, entry.tokens.title, entry.tokens.body])?;
    }
    fail::point("index-written")?;
    Ok(out)
}

fn put_page(tx: &Transaction<'_>, bundle: &DocBundle, place: Place) -> Result<(), Error> {
    let raw = &bundle.raw;
    tx.prepare_cached("INSERT OR IGNORE INTO raw_page VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            page_key(&raw.sha256)?,
            place.segment,
            place.start as i64,
            place.stored as i64,
            raw.len as i64,
            raw.mime,
            raw.charset
        ])?;
    Ok(())
}

fn put_document<'a>(
    tx: &Transaction<'_>,
    bundle: &'a DocBundle,
    now: &str,
    entries: &mut Vec<Entry<'a>>,
) -> Result<Applied, Error> {
    let raw = &bundle.raw;
    let page = page_key(&raw.sha256)?;
    let url = raw.url.as_deref().unwrap_or("");
    let doc = bundle.doc_id();
    let old: Option<(i64, i64)> = tx
        .prepare_cached("SELECT n, known FROM document WHERE doc_id = ?1")?
        .query_row([doc.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let captured = raw.captured_at.as_deref().unwrap_or("");
    let new_capture = tx
        .prepare_cached("INSERT OR IGNORE INTO capture VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![page, url, captured, raw.source])?
        == 1;
    let (coding, new_coding) = put_coding(tx, bundle, doc, now)?;
    let Some((n, known)) = old else {
        let published = bundle.article.published.as_ref().map(|p| p.date);
        let known = day_number(known_at(published, [captured]));
        tx.prepare_cached(
            "INSERT INTO document (doc_id, sha256, url, known, head) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![doc.as_bytes(), page, url, known, coding.as_bytes()])?;
        let n = tx.last_insert_rowid();
        put_terms(tx, n, bundle)?;
        let tokens = if bundle.tokens.version == crate::analyse::VERSION {
            std::borrow::Cow::Borrowed(&bundle.tokens)
        } else {
            std::borrow::Cow::Owned(Tokens::of(&bundle.article))
        };
        entries.push(Entry {
            row: rowid(known, n),
            tokens,
        });
        log(tx, now, "document", &doc.to_string())?;
        return Ok(Applied::New);
    };
    if new_capture {
        log(tx, now, "capture", &doc.to_string())?;
        let seen = day_number(known_at(None, [captured]));
        // An entry of this very batch is not in the index yet: it moves there.
        if seen > 0 && (known == 0 || seen < known) {
            match entries.iter_mut().find(|e| e.row == rowid(known, n)) {
                Some(entry) => {
                    entry.row = rowid(seen, n);
                    tx.execute("UPDATE document SET known = ?2 WHERE n = ?1", [n, seen])?;
                }
                None => reindex(tx, n)?,
            }
        }
    }
    Ok(match (new_coding, new_capture) {
        (true, _) => Applied::NewCoding,
        (false, true) => Applied::NewCapture,
        (false, false) => Applied::Known,
    })
}

/// Article and coding; says whether the reading is new. The first reading of a document by a set
/// of rules stays: the same rules give the same reading.
fn put_coding(
    tx: &Transaction<'_>,
    bundle: &DocBundle,
    doc: Id,
    now: &str,
) -> Result<(Id, bool), Error> {
    let ruleset = bundle.ruleset.unwrap_or_else(|| RuleSet::default().id());
    let known: Option<Vec<u8>> = tx
        .prepare_cached("SELECT coding_id FROM coding WHERE doc_id = ?1 AND ruleset_id = ?2")?
        .query_row(params![doc.as_bytes(), ruleset.as_bytes()], |row| {
            row.get(0)
        })
        .optional()?;
    if let Some(id) = known {
        let id = Id::from_bytes(&id).ok_or_else(|| Error::corrupt("a coding without an id"))?;
        return Ok((id, false));
    }
    let article = put_article(tx, bundle, doc)?;
    let coding = Id::of([doc.as_bytes(), article.as_bytes(), ruleset.as_bytes()]);
    let made;
    let digest = match &bundle.digest {
        Some(digest) => digest,
        None => {
            made = crate::bundle::digest(doc, &bundle.article, &bundle.coding);
            &made
        }
    };
    let marks = codec::to_row(&MarksRef {
        sentences: &bundle.sentences,
        times: &bundle.times,
        coding: &bundle.coding,
        notes: &bundle.notes,
        digest: KeptRef {
            version: rapporteur_story::digest_version(),
            digest,
        },
    });
    tx.prepare_cached("INSERT INTO coding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            coding.as_bytes(),
            doc.as_bytes(),
            article.as_bytes(),
            ruleset.as_bytes(),
            now,
            bundle.coding.events.len() as i64,
            marks
        ])?;
    log(tx, now, "coding", &coding.to_string())?;
    Ok((coding, true))
}

/// The article of a bundle; its id.
fn put_article(tx: &Transaction<'_>, bundle: &DocBundle, doc: Id) -> Result<Id, Error> {
    let mut head = bundle.article.clone();
    let text = std::mem::take(&mut head.text);
    let text_sha = sha256_hex(text.as_bytes());
    let json = serde_json::to_vec(&head)?;
    let article = Id::of([doc.as_bytes().as_slice(), text_sha.as_bytes(), &json]);
    tx.prepare_cached("INSERT OR IGNORE INTO article VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .execute(params![
            article.as_bytes(),
            doc.as_bytes(),
            text_sha,
            head.title,
            head.site,
            head.published.as_ref().map(|p| p.date.to_string()),
            head.lang,
            codec::squeeze(&json),
            codec::squeeze(text.as_bytes())
        ])?;
    Ok(article)
}

fn put_terms(tx: &Transaction<'_>, n: i64, bundle: &DocBundle) -> Result<(), Error> {
    let mut put = tx.prepare_cached("INSERT OR IGNORE INTO term VALUES (?1, ?2, ?3)")?;
    for (kind, value) in terms(&bundle.article, &bundle.coding) {
        put.execute(params![n, kind, value])?;
    }
    Ok(())
}

/// Makes index row, day and terms of a stored document again, from what it shows now.
fn reindex(tx: &Transaction<'_>, n: i64) -> Result<(), Error> {
    let (doc, known): (Vec<u8>, i64) = tx.query_row(
        "SELECT doc_id, known FROM document WHERE n = ?1",
        [n],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let doc = Id::from_bytes(&doc).ok_or_else(|| Error::corrupt("a document without an id"))?;
    let stored = super::read::document(tx, doc)?
        .ok_or_else(|| Error::corrupt(format!("document {doc} has no text")))?;
    tx.prepare_cached("DELETE FROM fts WHERE rowid = ?1")?
        .execute([rowid(known, n)])?;
    let known = day_number(stored.known_at);
    tx.execute("UPDATE document SET known = ?2 WHERE n = ?1", [n, known])?;
    let tokens = Tokens::of(&stored.article);
    tx.prepare_cached("INSERT INTO fts (rowid, title, body) VALUES (?1, ?2, ?3)")?
        .execute(params![rowid(known, n), tokens.title, tokens.body])?;
    tx.execute("DELETE FROM term WHERE n = ?1", [n])?;
    for (kind, value) in terms(&stored.article, &stored.coding) {
        tx.prepare_cached("INSERT OR IGNORE INTO term VALUES (?1, ?2, ?3)")?
            .execute(params![n, kind, value])?;
    }
    Ok(())
}

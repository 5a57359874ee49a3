use rapporteur_base::{Date, Id, Note, Span};
use rapporteur_coder::Coding;
use rapporteur_page::Article;
use rapporteur_story::Digest;
use rapporteur_temporal::Timex;
use serde::{Deserialize, Serialize};

use crate::{DocBundle, Error, Hit, Packed, Query, RawRef, RuleSet};

/// One document on its way into the record.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// What the page became.
    pub bundle: DocBundle,
    /// Its bytes, packed by the worker (see [`Packed::new`]).
    pub page: Packed,
    /// The line of the inbox that this settles, written in the same transaction.
    pub receipt: Option<InboxRow>,
}

/// What applying a bundle did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applied {
    /// A document that the record did not have.
    New,
    /// Nothing changed: the record had all of it.
    Known,
    /// A known document, seen once more at another time or place.
    NewCapture,
    /// A known document, read by rules that had not read it yet; shown after
    /// [`Store::activate`].
    NewCoding,
}

/// Number of a row of the change log or of the correction log, from 1.
pub type Seq = u64;

/// One line of the change log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Position in the log.
    pub seq: Seq,
    /// When, RFC 3339, as the caller's clock said.
    pub at: String,
    /// `document`, `capture`, `coding`, `correction`, `ruleset`, `activate`.
    pub kind: String,
    /// Id of what changed: 32 hexadecimal digits, or the number of a correction.
    pub key: String,
}

/// A correction as a person makes it; [`crate::View::propose`] builds one from
/// a row's id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCorrection {
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub who: String,
    /// Why, in the person's words.
    pub why: String,
    /// Kind of thing: `document`, `entry`, `event`, `figure`, `quote`, `position`, `commitment`,
    /// `indicator`, `assessment`, `actor`, `comparison`, or `undo`.
    pub kind: String,
    /// Stable key of the thing: does not depend on rules or offsets. For `undo` the number of the
    /// correction taken back.
    pub key: String,
    /// Field.
    pub field: String,
    /// What it said.
    pub old: String,
    /// What it shall say.
    pub new: String,
}

/// A correction in the log. Append-only; each line holds the hash of the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Position in the log.
    pub seq: Seq,
    /// What was said.
    #[serde(flatten)]
    pub body: NewCorrection,
    /// Hash of the line before; 64 zeros for the first.
    pub prev: String,
    /// SHA-256 over `prev` and every field.
    pub hash: String,
}

/// What happened to one input. One row an input, the last state wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxRow {
    /// Key of the input: the caller's choice, the same for the same input (path and hash, URL, …).
    pub key: String,
    /// Name for a reader.
    pub name: String,
    /// Stage it reached: `read`, `page`, `code`, `store`.
    pub stage: String,
    /// `done`, `known`, `failed`, `ignored`.
    pub result: String,
    /// What went wrong.
    pub error: Option<String>,
    /// What to do about it.
    pub remedy: Option<String>,
    /// The document it became.
    pub doc: Option<Id>,
    /// When, RFC 3339.
    pub at: String,
}

/// A document as the record holds it, read by one set of rules.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDoc {
    /// Its id.
    pub id: Id,
    /// Its page, with the first capture.
    pub raw: RawRef,
    /// Every capture: `(captured_at, source)`, sorted; an unknown time is `""`.
    pub captures: Vec<(String, String)>,
    /// Day from which the record counts it as known: the day of publication, or of the first
    /// capture when that is earlier or the page has no date. `None`: nobody knows.
    pub known_at: Option<Date>,
    /// Rules that read it.
    pub ruleset: Id,
    /// The article.
    pub article: Article,
    /// Sentences.
    pub sentences: Vec<Span>,
    /// Time expressions.
    pub times: Vec<Timex>,
    /// What was coded.
    pub coding: Coding,
    /// Notes of the pipeline.
    pub notes: Vec<Note>,
    /// What merging reads of it, as kept; `None` when it has to be made again.
    pub digest: Option<Digest>,
}

/// A document that the store holds and cannot read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// `d-…`.
    pub doc: String,
    /// What is wrong.
    pub why: String,
}

/// Which reading of the documents is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The one that is shown.
    Active,
    /// The one by these rules, where there is one.
    By(Id),
}

/// The record, whatever holds it. One writer; every write is idempotent, every key a content hash.
///
/// `now` is the caller's clock as an RFC 3339 text: this crate has none.
pub trait Store {
    /// Makes a set of rules known, so that its id can be explained later.
    fn register(&mut self, rules: &RuleSet, now: &str) -> Result<(), Error>;

    /// Applies documents in one transaction, in order; what it returns is durable.
    fn apply(&mut self, items: &[Incoming], now: &str) -> Result<Vec<Applied>, Error>;

    /// Calls `each` with every document, by id, one in memory at a time; with `as_of` only those
    /// known by then. A damaged document keeps nobody from the others: see [`Store::damaged`].
    fn visit(
        &self,
        reading: Reading,
        as_of: Option<Date>,
        each: &mut dyn FnMut(StoredDoc) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// The documents that the last [`Store::visit`] could not read and left out, by id.
    fn damaged(&self) -> Vec<Damage> {
        Vec::new()
    }

    /// What was kept for merging of every document shown, in any order, one in memory at a time;
    /// corrections are not laid over it: see [`crate::visit_digests`].
    fn digests(
        &self,
        as_of: Option<Date>,
        each: &mut dyn FnMut(Digest) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit(Reading::Active, as_of, &mut |doc| {
            each(match doc.digest {
                Some(digest) => digest,
                None => crate::bundle::digest(doc.id, &doc.article, &doc.coding),
            })
        })
    }

    /// What [`Store::visit`] sees, at once.
    fn documents(&self, reading: Reading, as_of: Option<Date>) -> Result<Vec<StoredDoc>, Error> {
        let mut out = Vec::new();
        self.visit(reading, as_of, &mut |doc| {
            out.push(doc);
            Ok(())
        })?;
        Ok(out)
    }

    /// One document.
    fn document(&self, id: Id) -> Result<Option<StoredDoc>, Error>;

    /// The bytes of a page as they came.
    fn raw(&self, sha256: &str) -> Result<Vec<u8>, Error>;

    /// Appends a correction.
    fn correct(&mut self, correction: &NewCorrection) -> Result<Correction, Error>;

    /// The corrections, in order.
    fn corrections(&self) -> Result<Vec<Correction>, Error>;

    /// What changed after line `after` of the change log (0: everything).
    fn changes(&self, after: Seq) -> Result<Vec<Change>, Error>;

    /// Full-text search.
    fn search(&self, query: &Query) -> Result<Vec<Hit>, Error>;

    /// Pages of documents whose shown reading is not by `ruleset`, by document id.
    fn stale(&self, ruleset: Id) -> Result<Vec<RawRef>, Error>;

    /// Sets of rules known, by id.
    fn rulesets(&self) -> Result<Vec<(Id, RuleSet)>, Error>;

    /// Shows the readings by `ruleset` from now on, in one transaction; returns how many
    /// documents changed their reading.
    fn activate(&mut self, ruleset: Id, now: &str) -> Result<usize, Error>;

    /// Writes a line of the inbox that no document settles (a failure, a known input).
    fn journal(&mut self, row: &InboxRow) -> Result<(), Error>;

    /// The line of one input.
    fn journaled(&self, key: &str) -> Result<Option<InboxRow>, Error>;

    /// The inbox, by time then key.
    fn inbox(&self) -> Result<Vec<InboxRow>, Error>;
}

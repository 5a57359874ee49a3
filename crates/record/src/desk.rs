use std::path::{Path, PathBuf};

use rapporteur_base::{Date, Id};

use crate::{
    Applied, Change, Correction, Error, Hit, InboxRow, Incoming, Memory, NewCorrection, Query,
    RawRef, Reading, Report, RuleSet, Seq, Store, StoredDoc,
};

/// How a desk is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// To look only: any number of processes, also while one writes.
    Read,
    /// To write: one process.
    Write,
}

/// A desk: a folder with the record in it.
#[derive(Debug)]
pub struct Desk {
    root: PathBuf,
    stub: Memory,
}

impl Desk {
    /// Makes a desk of a folder that is empty or not there yet.
    pub fn init(dir: &Path) -> Result<Self, Error> {
        Self::open(dir, Mode::Write)
    }

    /// Opens the desk in `dir`.
    pub fn open(dir: &Path, mode: Mode) -> Result<Self, Error> {
        let _ = mode;
        Ok(Self {
            root: dir.to_path_buf(),
            stub: Memory::default(),
        })
    }

    /// Whether `dir` holds a desk.
    pub fn is_desk(dir: &Path) -> bool {
        dir.join("record.db").is_file()
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Everything that [`crate::check`] checks, and the disk: database, index, segments.
    pub fn check(&self) -> Result<Report, Error> {
        crate::check(self)
    }

    /// Writes a copy of the desk into `to`, an empty folder or one not there yet, while it is in use.
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        let _ = to;
        Ok(())
    }
}

impl Store for Desk {
    fn register(&mut self, rules: &RuleSet, now: &str) -> Result<(), Error> {
        self.stub.register(rules, now)
    }
    fn apply(&mut self, items: &[Incoming], now: &str) -> Result<Vec<Applied>, Error> {
        self.stub.apply(items, now)
    }
    fn documents(&self, reading: Reading, as_of: Option<Date>) -> Result<Vec<StoredDoc>, Error> {
        self.stub.documents(reading, as_of)
    }
    fn document(&self, id: Id) -> Result<Option<StoredDoc>, Error> {
        self.stub.document(id)
    }
    fn raw(&self, sha256: &str) -> Result<Vec<u8>, Error> {
        self.stub.raw(sha256)
    }
    fn correct(&mut self, correction: &NewCorrection) -> Result<Correction, Error> {
        self.stub.correct(correction)
    }
    fn corrections(&self) -> Result<Vec<Correction>, Error> {
        self.stub.corrections()
    }
    fn changes(&self, after: Seq) -> Result<Vec<Change>, Error> {
        self.stub.changes(after)
    }
    fn search(&self, query: &Query) -> Result<Vec<Hit>, Error> {
        self.stub.search(query)
    }
    fn stale(&self, ruleset: Id) -> Result<Vec<RawRef>, Error> {
        self.stub.stale(ruleset)
    }
    fn rulesets(&self) -> Result<Vec<(Id, RuleSet)>, Error> {
        self.stub.rulesets()
    }
    fn activate(&mut self, ruleset: Id, now: &str) -> Result<usize, Error> {
        self.stub.activate(ruleset, now)
    }
    fn journal(&mut self, row: &InboxRow) -> Result<(), Error> {
        self.stub.journal(row)
    }
    fn journaled(&self, key: &str) -> Result<Option<InboxRow>, Error> {
        self.stub.journaled(key)
    }
    fn inbox(&self) -> Result<Vec<InboxRow>, Error> {
        self.stub.inbox()
    }
}

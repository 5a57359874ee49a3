use rapporteur_base::{Date, Id};

use crate::{
    Applied, Change, Correction, Error, Hit, InboxRow, Incoming, NewCorrection, Query, RawRef,
    Reading, RuleSet, Seq, Store, StoredDoc,
};

/// A record in memory: for tests, dry runs and `read -`.
#[derive(Debug, Default)]
pub struct Memory {}

impl Store for Memory {
    fn register(&mut self, _: &RuleSet, _: &str) -> Result<(), Error> {
        Ok(())
    }
    fn apply(&mut self, _: &[Incoming], _: &str) -> Result<Vec<Applied>, Error> {
        Ok(Vec::new())
    }
    fn documents(&self, _: Reading, _: Option<Date>) -> Result<Vec<StoredDoc>, Error> {
        Ok(Vec::new())
    }
    fn document(&self, _: Id) -> Result<Option<StoredDoc>, Error> {
        Ok(None)
    }
    fn raw(&self, _: &str) -> Result<Vec<u8>, Error> {
        Err(Error::corrupt("no such page"))
    }
    fn correct(&mut self, _: &NewCorrection) -> Result<Correction, Error> {
        Err(Error::read_only())
    }
    fn corrections(&self) -> Result<Vec<Correction>, Error> {
        Ok(Vec::new())
    }
    fn changes(&self, _: Seq) -> Result<Vec<Change>, Error> {
        Ok(Vec::new())
    }
    fn search(&self, _: &Query) -> Result<Vec<Hit>, Error> {
        Ok(Vec::new())
    }
    fn stale(&self, _: Id) -> Result<Vec<RawRef>, Error> {
        Ok(Vec::new())
    }
    fn rulesets(&self) -> Result<Vec<(Id, RuleSet)>, Error> {
        Ok(Vec::new())
    }
    fn activate(&mut self, _: Id, _: &str) -> Result<usize, Error> {
        Ok(0)
    }
    fn journal(&mut self, _: &InboxRow) -> Result<(), Error> {
        Ok(())
    }
    fn journaled(&self, _: &str) -> Result<Option<InboxRow>, Error> {
        Ok(None)
    }
    fn inbox(&self) -> Result<Vec<InboxRow>, Error> {
        Ok(Vec::new())
    }
}

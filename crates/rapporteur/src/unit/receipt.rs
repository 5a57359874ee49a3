use std::io::Read as _;

use rapporteur_base::Id;
use rapporteur_record::RuleSet;
use serde::{Deserialize, Serialize};

use super::Shelf;

/// Version of the layout.
pub(crate) const VERSION: u32 = 1;

/// Names of the objects of a unit.
pub(crate) const BUNDLES: &str = "bundles.jsonl.gz";
pub(crate) const PAGES: &str = "pages.warc.gz";
pub(crate) const RECEIPT: &str = "receipt.json";

/// Largest receipt that is read.
const MOST: u64 = 1 << 20;

/// Where the result of a unit stands: a folder's name, made of the rules, the gate and the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    pub(crate) fn new(unit: &str, rules: Id, gate: Option<&str>) -> Self {
        let gate = gate
            .map(|id| format!("-gate={}", &id[..16]))
            .unwrap_or_default();
        Self(format!("rules={rules}{gate}/unit={unit}"))
    }

    /// The key whose receipt stands at `path`.
    pub(crate) fn at(path: &str) -> Self {
        let folder = path.strip_suffix(RECEIPT).unwrap_or(path);
        Self(folder.trim_end_matches('/').to_owned())
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &str {
        &self.0
    }

    /// An object in it.
    pub(crate) fn of(&self, object: &str) -> String {
        if self.0.is_empty() {
            return object.to_owned();
        }
        format!("{}/{object}", self.0)
    }
}

/// An object of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Object {
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// Says that a unit is done, and what came of it. Holds no time and no place: two runs write the
/// same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) version: u32,
    /// SHA-256 of the unit's bytes.
    pub(crate) unit: String,
    /// What it was called when it was done.
    pub(crate) name: String,
    /// The rules that read it.
    pub(crate) rules: RuleSet,
    /// SHA-256 of the gate.
    pub(crate) gate: Option<String>,
    /// Pages in it.
    pub(crate) pages: u64,
    /// Pages that became documents.
    pub(crate) docs: u64,
    /// Rows that say what could not be read.
    pub(crate) errors: u64,
    /// Pages that the gate kept out.
    pub(crate) passed_over: u64,
    /// The rows: `bundles.jsonl.gz`.
    pub(crate) bundles: Object,
    /// The pages of the documents, as archive members: `pages.warc.gz`.
    pub(crate) members: Object,
}

impl Receipt {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out =
            serde_json::to_vec_pretty(self).expect("invariant: plain data has a JSON form");
        out.push(b'\n');
        out
    }
}

/// The receipt under a key, if there is one.
pub(crate) fn read(shelf: &dyn Shelf, key: &Key) -> Result<Option<Receipt>, String> {
    let at = key.of(RECEIPT);
    let Some(file) = shelf.open(&at)? else {
        return Ok(None);
    };
    let name = shelf.name(&at);
    let mut bytes = Vec::new();
    file.take(MOST)
        .read_to_end(&mut bytes)
        .map_err(|e| format!("{name}: {e}"))?;
    let receipt: Receipt = serde_json::from_slice(&bytes)
        .map_err(|e| format!("{name} is no receipt: {e}; take it away and do the unit again"))?;
    if receipt.version != VERSION {
        return Err(format!(
            "{name} is of layout {}, this program knows {VERSION}; use the program that wrote it",
            receipt.version
        ));
    }
    Ok(Some(receipt))
}

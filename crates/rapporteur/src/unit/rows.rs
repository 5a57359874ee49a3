use std::io::{BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use rapporteur_record::DocBundle;
use serde::{Deserialize, Serialize};

/// One line of a unit's result: a document with the length of its page's archive member, or what
/// was wrong with an input.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Bytes of the page in `pages.warc.gz`: the members stand in the order of the lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) member: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bundle: Option<DocBundle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page_error: Option<PageError>,
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageError {
    /// Which input, without the name of the unit.
    pub(crate) source: String,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do.
    pub(crate) remedy: String,
}

impl Row {
    pub(crate) fn document(bundle: DocBundle, member: u64) -> Self {
        Self {
            member: Some(member),
            bundle: Some(bundle),
            page_error: None,
        }
    }

    pub(crate) fn error(error: PageError) -> Self {
        Self {
            page_error: Some(error),
            ..Self::default()
        }
    }
}

/// The lines of a `bundles.jsonl.gz`, not yet read as JSON.
pub(crate) fn rows(file: impl Read) -> impl Iterator<Item = std::io::Result<Vec<u8>>> {
    BufReader::with_capacity(1 << 18, MultiGzDecoder::new(file)).split(b'\n')
}

//! Files for other programs: plain bytes, the same every time.

use crate::View;

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Formats of [`export`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object, offsets in code points.
    Json,
    /// One table a kind of row, with `codebook.md`.
    Csv,
    /// One table in the columns of GDELT 2 Events.
    Gdelt,
    /// One table in the columns of ACLED.
    Acled,
    /// One table in the columns of UCDP GED.
    Ucdp,
}

impl Format {
    /// `json`, `csv`, `gdelt`, `acled`, `ucdp`.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "json" => Self::Json,
            "csv" => Self::Csv,
            "gdelt" => Self::Gdelt,
            "acled" => Self::Acled,
            "ucdp" => Self::Ucdp,
            _ => return None,
        })
    }
}

/// Writes a view in a format: the data first, then `codebook.md` and `manifest.json` (for
/// [`Format::Json`] the data alone). `program` is name and version, for the manifest.
pub fn export(view: &View, format: Format, program: &str) -> Vec<File> {
    let _ = (view, format, program);
    Vec::new()
}

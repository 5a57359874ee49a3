//! Files for other programs: plain bytes, the same every time.

mod codebook;
mod events;
mod json;
mod marks;
mod others;
mod parquet;
mod table;
mod tables;
mod zip;

use crate::View;
use table::Table;
pub use zip::zip;

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    fn new(name: impl Into<String>, text: String) -> Self {
        Self {
            name: name.into(),
            bytes: text.into_bytes(),
        }
    }
}

/// Formats of [`export`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object, offsets in code points.
    Json,
    /// One table a kind of row, with `codebook.md`.
    Csv,
    /// The same tables as Apache Parquet.
    Parquet,
    /// One table in the columns of GDELT 2 Events.
    Gdelt,
    /// One table in the columns of ACLED.
    Acled,
    /// One table in the columns of UCDP GED.
    Ucdp,
    /// Slides for TimelineJS 3.
    TimelineJs,
    /// Events with a position as GeoJSON (RFC 7946).
    GeoJson,
    /// Entities of FollowTheMoney, one a line.
    FollowTheMoney,
    /// Every passage as a W3C Web Annotation with its provenance.
    Annotations,
    /// Deadlines as iCalendar (RFC 5545).
    Calendar,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Json,
        Self::Csv,
        Self::Parquet,
        Self::Gdelt,
        Self::Acled,
        Self::Ucdp,
        Self::TimelineJs,
        Self::GeoJson,
        Self::FollowTheMoney,
        Self::Annotations,
        Self::Calendar,
    ];

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The word that [`Format::parse`] reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Gdelt => "gdelt",
            Self::Acled => "acled",
            Self::Ucdp => "ucdp",
            Self::TimelineJs => "timelinejs",
            Self::GeoJson => "geojson",
            Self::FollowTheMoney => "ftm",
            Self::Annotations => "annotations",
            Self::Calendar => "ics",
        }
    }

    /// Whether it is several tables: such an export needs a folder.
    pub fn is_tables(self) -> bool {
        matches!(self, Self::Csv | Self::Parquet)
    }

    /// Names of the files that [`export`] writes, in its order.
    pub fn files(self) -> Vec<String> {
        let whole = match self {
            Self::Csv => tables::NAMES.map(|name| format!("{name}.csv")).to_vec(),
            Self::Parquet => tables::NAMES.map(|name| format!("{name}.parquet")).to_vec(),
            Self::Gdelt | Self::Acled | Self::Ucdp => vec![format!("{}.csv", self.name())],
            Self::Json => vec!["record.json".into()],
            Self::TimelineJs => vec!["timeline.json".into()],
            Self::GeoJson => vec!["events.geojson".into()],
            Self::FollowTheMoney => vec!["entities.ftm.json".into()],
            Self::Annotations => vec!["annotations.jsonld".into()],
            Self::Calendar => vec!["deadlines.ics".into()],
        };
        let beside = ["codebook.md", "manifest.json"].map(str::to_owned);
        whole.into_iter().chain(beside).collect()
    }
}

/// Words beside every export that say whose the content is.
pub const LICENCE: &str = codebook::LICENCE;

/// How to cite an export.
pub const CITATION: &str = codebook::CITATION;

/// Writes a view in a format: the data first, then `codebook.md` and `manifest.json`. `program`
/// is name and version, for the manifest.
pub fn export(view: &View, format: Format, program: &str) -> Vec<File> {
    let tables: Vec<Table> = match format {
        Format::Csv | Format::Parquet => tables::all(view),
        Format::Gdelt => vec![events::gdelt(view)],
        Format::Acled => vec![events::acled(view)],
        Format::Ucdp => vec![events::ucdp(view)],
        _ => Vec::new(),
    };
    let mut files: Vec<File> = tables
        .iter()
        .map(|table| match format {
            Format::Parquet => File {
                name: format!("{}.parquet", table.name),
                bytes: parquet::parquet(table),
            },
            _ => File::new(format!("{}.csv", table.name), table.csv()),
        })
        .collect();
    let whole = match format {
        Format::Json => Some(("record.json", json::record(view))),
        Format::TimelineJs => Some(("timeline.json", others::timelinejs(view))),
        Format::GeoJson => Some(("events.geojson", others::geojson(view))),
        Format::FollowTheMoney => Some(("entities.ftm.json", others::followthemoney(view))),
        Format::Annotations => Some(("annotations.jsonld", others::annotations(view))),
        Format::Calendar => Some(("deadlines.ics", others::calendar(view))),
        _ => None,
    };
    files.extend(whole.map(|(name, text)| File::new(name, text)));
    files.push(File::new("codebook.md", codebook::page(format, &tables)));
    let manifest = codebook::manifest(view, format, program, &files);
    files.push(File::new("manifest.json", manifest));
    files
}

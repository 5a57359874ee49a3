use rapporteur_base::{Date, Id, Interval, Quantity, Span, Why};
use rapporteur_coder::{Actor, Coding, Modality};
use serde::{Deserialize, Serialize};

/// One article as this stage reads it.
#[derive(Clone, Copy, Debug)]
pub struct Doc<'a> {
    /// Its id in the record.
    pub id: Id,
    /// Title.
    pub title: &'a str,
    /// Cleaned text: what the spans of `coding` point into.
    pub text: &'a str,
    /// Publication date, or unknown.
    pub published: Option<Date>,
    /// Outlet (host or name), for counting origins.
    pub site: &'a str,
    /// Agency credit, when the copy names one.
    pub agency: Option<&'a str>,
    /// What was coded in it.
    pub coding: &'a Coding,
}

/// A place in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// The document.
    pub doc: Id,
    /// Bytes of its text.
    pub span: Span,
}

/// Texts that are copies of each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// Id: of its smallest member.
    pub id: Id,
    /// Members, sorted.
    pub docs: Vec<Id>,
    /// The probable origin: the agency credited, else the earliest, else the one contained in the
    /// others.
    pub origin: String,
}

/// Articles about the same happening over days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Stable id: of its earliest member, so that later ones never change it. When two stories
    /// become one, the id of each member still names it (see the record's lookup).
    pub id: Id,
    /// Members, sorted.
    pub docs: Vec<Id>,
    /// Families among them.
    pub families: Vec<Id>,
    /// Words for a reader: title of the most central member.
    pub title: String,
    /// Independent origins: families that rest on one wire are one.
    pub origins: usize,
    /// First day of publication.
    pub first: Option<Date>,
    /// Last day of publication.
    pub last: Option<Date>,
}

/// A process over months: stories that follow each other, with the same parties and matters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saga {
    /// Stable id: that of its earliest story.
    pub id: Id,
    /// Title of its largest story.
    pub title: String,
    /// Leading parties, by key, commonest first.
    pub parties: Vec<String>,
    /// What it is about: `talks`, `ceasefire`, `attack`, …, commonest first.
    pub matters: Vec<String>,
    /// Its stories, by first day.
    pub stories: Vec<Id>,
    /// Documents in them.
    pub articles: usize,
    /// Independent texts in them.
    pub families: usize,
    /// First day of publication.
    pub first: Date,
    /// Last day of publication.
    pub last: Date,
}

/// The same event in several reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Stable key: hash of its earliest member's document and trigger.
    pub id: Id,
    /// PLOVER type.
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// How it is told by most independent origins.
    pub modality: Modality,
    /// The narrowest days that the members agree on; `None` unknown.
    pub date: Option<Interval>,
    /// Who.
    pub source: Vec<Actor>,
    /// To whom.
    pub target: Vec<Actor>,
    /// Where.
    pub place: Option<String>,
    /// Reports: document and position in its [`Coding::events`].
    pub members: Vec<(Id, usize)>,
    /// Counts: members >= documents >= families >= independent origins.
    pub counts: Counts,
    /// `single-source`, `corroborated`, `disputed`, `superseded` (a later text tells the next turn),
    /// `retracted` (its own outlet took it back).
    pub status: String,
}

/// The four counts: ten reprints of one wire are one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Reports.
    pub mentions: usize,
    /// Documents.
    pub articles: usize,
    /// Independent texts.
    pub families: usize,
    /// Independent origins: families that rest on the same wire or the same official are one.
    pub origins: usize,
}

/// How two accounts stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// They cannot both hold: disjoint values of one thing at one time.
    Contradiction,
    /// One tells it, the other says that it is not so.
    Denies,
    /// One is more exact.
    Refines,
    /// One is later.
    Updates,
    /// The same, of independent origin.
    Confirmed,
    /// One tells it in its own voice, the other only as what somebody says.
    AttributesOnly,
    /// One has it, the other is silent.
    OnlyIn,
}

impl Relation {
    /// Whether the two sides cannot both hold.
    pub fn is_conflict(self) -> bool {
        matches!(self, Self::Contradiction | Self::Denies)
    }

    /// The relation in the five words of the exchange format: a denial is a contradiction there,
    /// a mere attribution a refinement.
    pub fn broad(self) -> Self {
        match self {
            Self::Denies => Self::Contradiction,
            Self::AttributesOnly => Self::Refines,
            other => other,
        }
    }
}

/// A comparison between two passages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Stable id.
    pub id: Id,
    /// How they stand to each other.
    pub kind: Relation,
    /// What is compared, for a reader ("number of US troops in Iraq").
    pub topic: String,
    /// One side.
    pub a: Vec<Evidence>,
    /// The other; for `OnlyIn` the same as nothing: empty.
    pub b: Vec<Evidence>,
    /// The values compared, as text.
    pub values: (String, String),
    /// Rule and reason.
    pub why: Why,
}

/// What several sources say of one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureEntry {
    /// Stable id.
    pub id: Id,
    /// What is counted.
    pub of: String,
    /// The best value: weighted by independent origins, newest as-of first.
    pub best: Quantity,
    /// Lowest and highest bound told.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
    /// Reports: document and position in its figures.
    pub members: Vec<(Id, usize)>,
    /// Counts.
    pub counts: Counts,
    /// `single-source`, `corroborated`, `disputed`.
    pub status: String,
}

/// The result over a set of documents. The same set gives the same result in any order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    /// Families, by id.
    pub families: Vec<Family>,
    /// Stories, by id.
    pub stories: Vec<Story>,
    /// Sagas of two stories and more, by first day.
    pub sagas: Vec<Saga>,
    /// Entries, by date then id.
    pub entries: Vec<Entry>,
    /// Figures over sources.
    pub figures: Vec<FigureEntry>,
    /// Comparisons, by id.
    pub comparisons: Vec<Comparison>,
}

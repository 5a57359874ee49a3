//! Views: the record as plain rows.

mod arrange;
mod brief;
mod build;
mod events;
pub(crate) mod fields;
mod find;
pub(crate) mod keys;
mod links;
mod load;
mod names;
mod narrow;
mod overlay;
mod regroup;
mod versions;

pub use load::visit_digests;
pub use overlay::standing;
pub use versions::{VersionChange, VersionRow, VersionsRow};

use std::collections::BTreeMap;

use rapporteur_base::{CodePoints, Date, Id, Note, Span, Why};
use serde::Serialize;

use crate::{
    ActorRow, AssessmentRow, Cite, CommitmentRow, ComparisonRow, Correction, DocRow, EventRow,
    FamilyRow, FigureRow, Filter, IndicatorRow, MentionRow, PlaceRow, PositionRow, QuoteRow,
    SagaRow, SeriesRow, StoryRow, TimeRow,
};

/// What the record says: rows, in a fixed order, each with its evidence. Plain data.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct View {
    /// What was asked for.
    pub filter: Filter,
    /// Documents, by publication then id; undated last.
    pub docs: Vec<DocRow>,
    /// Time expressions, by document and place in it.
    pub times: Vec<TimeRow>,
    /// Actors, most mentioned first.
    pub actors: Vec<ActorRow>,
    /// Places, most mentioned first.
    pub places: Vec<PlaceRow>,
    /// Events, by date then id; unknown dates last.
    pub events: Vec<EventRow>,
    /// Figures, by document and place in it.
    pub figures: Vec<FigureRow>,
    /// Figures over sources.
    pub series: Vec<SeriesRow>,
    /// Quotations.
    pub quotes: Vec<QuoteRow>,
    /// Positions.
    pub positions: Vec<PositionRow>,
    /// Commitments.
    pub commitments: Vec<CommitmentRow>,
    /// Indicators.
    pub indicators: Vec<IndicatorRow>,
    /// The authors' own judgements.
    pub assessments: Vec<AssessmentRow>,
    /// Comparisons, contradictions first.
    pub comparisons: Vec<ComparisonRow>,
    /// Families of copies.
    pub families: Vec<FamilyRow>,
    /// Stories.
    pub stories: Vec<StoryRow>,
    /// Sagas: stories that follow each other, by first day.
    pub sagas: Vec<SagaRow>,
    /// Corrections whose target is gone: listed, never dropped.
    pub orphaned: Vec<Correction>,
    /// Documents that cannot be read and are left out: the disk changed them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<crate::Damage>,
    /// Stable keys of the rows that a correction can name, by row id.
    #[serde(skip)]
    pub(crate) keys: BTreeMap<String, Id>,
    /// Events that a person joined to others: the id that they had, and the id that holds now.
    #[serde(skip)]
    pub(crate) joined: BTreeMap<String, String>,
}

/// A row of any kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "row", rename_all = "lowercase")]
#[expect(missing_docs, reason = "named like the rows they hold")]
#[expect(clippy::large_enum_variant, reason = "one at a time, never in a list")]
pub enum Item {
    Doc(DocRow),
    Time(TimeRow),
    Actor(ActorRow),
    Place(PlaceRow),
    Event(EventRow),
    Mention(MentionRow),
    Figure(FigureRow),
    Series(SeriesRow),
    Quote(QuoteRow),
    Position(PositionRow),
    Commitment(CommitmentRow),
    Indicator(IndicatorRow),
    Assessment(AssessmentRow),
    Comparison(ComparisonRow),
    Family(FamilyRow),
    Story(StoryRow),
    Saga(SagaRow),
}

/// Why a row says what it says: one passage, the rule and its weights.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WhyRow {
    /// The row or the report inside it.
    pub id: String,
    /// What is explained: `trigger`, `date`, `source`, `speaker`, …
    pub field: String,
    /// Its value, for a reader.
    pub value: String,
    /// The passage.
    pub cite: Option<Cite>,
    /// Rule, features, reason.
    pub why: Why,
    /// Rules that read the document.
    pub ruleset: Option<Id>,
}

impl View {
    /// Fields of a kind of row (`document`, `entry`, `event`, …) that may be corrected, with the form of their
    /// values.
    pub fn fields(kind: &str) -> &'static [(&'static str, &'static str)] {
        fields::fields(kind)
    }

    /// Notes of all documents: document row and note.
    pub fn notes(&self) -> impl Iterator<Item = (&str, &Note)> {
        self.docs
            .iter()
            .flat_map(|doc| doc.notes.iter().map(|note| (doc.id.as_str(), note)))
    }

    /// First and last day of publication.
    pub fn published(&self) -> Option<(Date, Date)> {
        let days = || {
            self.docs
                .iter()
                .filter_map(|d| d.published.as_ref().map(|p| p.date))
        };
        Some((days().min()?, days().max()?))
    }
}

impl DocRow {
    /// A passage of the document.
    pub fn cite(&self, span: Span) -> Cite {
        let fits = self.text.get(span.range()).is_some();
        let span = if fits { span } else { Span::default() };
        let (start, end) = CodePoints::new(&self.text).span(span);
        Cite {
            doc: self.id.clone(),
            start,
            end,
            bytes: span,
            text: span.of(&self.text).to_owned(),
        }
    }
}

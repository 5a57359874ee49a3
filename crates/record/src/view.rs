use rapporteur_base::{Date, Id, Note, Why};
use serde::Serialize;

use crate::{
    ActorRow, AssessmentRow, Brief, Cite, CommitmentRow, ComparisonRow, Correction, DocRow, Error,
    EventRow, FamilyRow, FigureRow, Filter, IndicatorRow, MentionRow, NewCorrection, PlaceRow,
    PositionRow, QuoteRow, SeriesRow, Store, StoryRow, TimeRow, TimelineRow,
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
    /// Corrections whose target is gone: listed, never dropped.
    pub orphaned: Vec<Correction>,
}

/// A row of any kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "row", rename_all = "lowercase")]
#[expect(missing_docs, reason = "named like the rows they hold")]
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
    /// Loads the part of the record that `filter` asks for.
    pub fn load(store: &dyn Store, filter: &Filter) -> Result<Self, Error> {
        let _ = store;
        Ok(Self {
            filter: filter.clone(),
            ..Self::default()
        })
    }

    /// The row with this id; any beginning of at least four digits that only one row has will do.
    pub fn find(&self, id: &str) -> Result<Item, Error> {
        Err(Error::invalid(format!("{id}: no such row"), ""))
    }

    /// Why the row with this id says what it says.
    pub fn why(&self, id: &str) -> Result<Vec<WhyRow>, Error> {
        self.find(id).map(|_| Vec::new())
    }

    /// Events in order of time, each as a cited sentence.
    pub fn timeline(&self) -> Vec<TimelineRow> {
        Vec::new()
    }

    /// The brief: sections of cited lines.
    pub fn brief(&self) -> Brief {
        Brief {
            title: String::new(),
            docs: 0,
            families: 0,
            published: None,
            undated: 0,
            as_of: self.filter.as_of,
            sections: Vec::new(),
        }
    }

    /// A correction of `field` of the row `id`, checked and ready for [`Store::correct`]; who,
    /// why and when are filled in by the caller. Fields and their forms: see
    /// [`View::fields`].
    pub fn propose(&self, id: &str, field: &str, new: &str) -> Result<NewCorrection, Error> {
        let _ = (field, new);
        self.find(id).map(|_| NewCorrection::default())
    }

    /// Fields of a row that may be corrected, with the form of their values.
    pub fn fields(kind: &str) -> &'static [(&'static str, &'static str)] {
        let _ = kind;
        &[]
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

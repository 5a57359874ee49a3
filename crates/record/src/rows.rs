//! Rows of the views: plain data. Ids are stable and short (`e-3f2a91c0d4b7`); evidence counts bytes and code points.

use rapporteur_base::{Date, Id, Interval, Note, Operator, Quantity, Span, Why};
use rapporteur_coder::{Actor, Counted, Event, Modality, QuoteKind, Scope, Strength};
use rapporteur_page::{Paragraph, Published};
use rapporteur_story::{Counts, Relation};
use rapporteur_temporal::{Anchor, TimexType};
use serde::Serialize;

/// A passage of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cite {
    /// Id of the document's row: `d-…`.
    pub doc: String,
    /// First code point in the document's text.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The same in bytes.
    pub bytes: Span,
    /// The words: always equal to that slice.
    pub text: String,
}

/// A correction that applies to a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Its number in the log.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
    /// Field.
    pub field: String,
    /// What the rules had said.
    pub old: String,
    /// What it says now.
    pub new: String,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocRow {
    /// `d-…`.
    pub id: String,
    /// Full id.
    pub key: Id,
    /// Title.
    pub title: String,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// Publication date with its evidence; `None`: unknown.
    pub published: Option<Published>,
    /// Day from which the record counts it as known.
    pub known_at: Option<Date>,
    /// Captures: time and source name.
    pub captures: Vec<(String, String)>,
    /// Outlet.
    pub site: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Language.
    pub lang: Option<String>,
    /// Agency credited.
    pub agency: Option<String>,
    /// Family of copies it belongs to: `w-…`, when there is more than one member.
    pub family: Option<String>,
    /// The text that every span of the document points into.
    pub text: String,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Its sentences.
    pub sentences: Vec<Span>,
    /// Rules that read it.
    pub ruleset: Id,
    /// SHA-256 of the page.
    pub sha256: String,
    /// What the stages noticed.
    pub notes: Vec<Note>,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// A time expression.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeRow {
    /// `t-…`.
    pub id: String,
    /// TIMEX3 type.
    pub kind: TimexType,
    /// TIMEX3 value.
    pub value: String,
    /// Second value of a range.
    pub value_to: Option<String>,
    /// TIMEX3 modifier.
    pub modifier: Option<String>,
    /// Days meant.
    pub interval: Option<Interval>,
    /// Governing word.
    pub relation: Option<String>,
    /// What it was counted from.
    pub anchor: Anchor,
    /// Where it stands.
    pub evidence: Vec<Cite>,
    /// Rule.
    pub why: Why,
}

/// An actor, merged over documents by canonical name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActorRow {
    /// `n-…`.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Other words used for it, sorted.
    pub aliases: Vec<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
    /// Country code.
    pub country: Option<String>,
    /// Offices and roles that the texts give, sorted.
    pub roles: Vec<String>,
    /// Number of mentions.
    pub mentions: usize,
    /// Documents, by id.
    pub docs: Vec<String>,
    /// Every mention that names it (pronouns and "the minister" are counted, not cited).
    pub evidence: Vec<Cite>,
    /// Rule of its first mention.
    pub why: Why,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// A place, merged by canonical name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceRow {
    /// `l-…`.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Country it lies in.
    pub country: Option<String>,
    /// 1 country … 5 below a city, 0 unknown.
    pub precision: u8,
    /// Degrees.
    pub position: Option<(f64, f64)>,
    /// Mentions.
    pub evidence: Vec<Cite>,
    /// Rule of its first mention.
    pub why: Why,
}

/// One report of an event: what one document says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MentionRow {
    /// `m-…`.
    pub id: String,
    /// Document row.
    pub doc: String,
    /// What was coded, corrections applied.
    pub event: Event,
    /// The clause.
    pub cite: Cite,
    /// The sentence.
    pub sentence: Cite,
    /// Words that name the event.
    pub trigger: Vec<Cite>,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// A context of an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ContextRow {
    /// PLOVER name.
    pub name: String,
    /// Sentence, paragraph or document.
    pub scope: Scope,
}

/// A figure of an event and what it counts of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TollRow {
    /// Killed, injured, arrested, size.
    pub of: Counted,
    /// The figure: `f-…`.
    pub figure: String,
}

/// How a later row bears on a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// It goes against what was undertaken.
    Breach,
    /// It is what was undertaken.
    Fulfilment,
    /// It is, after the deadline.
    Late,
}

/// A later row that keeps or breaks a commitment. No verdict: the passage and the rule are given, and
/// who claims it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommitmentLink {
    /// How.
    pub kind: LinkKind,
    /// The row: `e-…`, or `c-…` where it is told as done.
    pub row: String,
    /// Who says so; `None`: the author tells it.
    pub claimed_by: Option<String>,
    /// Where.
    pub evidence: Cite,
    /// Rule.
    pub why: Why,
}

/// An event of the record: one or more reports of the same happening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventRow {
    /// `e-…`.
    pub id: String,
    /// Full id.
    pub key: Id,
    /// PLOVER type.
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// PLOVER contexts, sorted, each with how near its words stand in the nearest report.
    pub contexts: Vec<ContextRow>,
    /// Quad class, 1 to 4.
    pub quad: u8,
    /// Score on the PLOVER scale, -10 to 10.
    pub scale: f32,
    /// How it is told.
    pub modality: Modality,
    /// Days; `None` unknown.
    pub date: Option<Interval>,
    /// What the date rests on, sorted.
    pub date_basis: Vec<String>,
    /// Who.
    pub source: Vec<Actor>,
    /// To whom.
    pub target: Vec<Actor>,
    /// Where.
    pub place: Option<String>,
    /// Figures of its reports: `f-…`.
    pub figures: Vec<String>,
    /// Which of them count its killed, injured and arrested, and how many took part or were moved.
    pub tolls: Vec<TollRow>,
    /// Reports, documents, families, independent origins.
    pub counts: Counts,
    /// `single-source`, `corroborated`, `disputed`.
    pub status: String,
    /// Best score among the reports.
    pub score: f32,
    /// Clause of each report.
    pub evidence: Vec<Cite>,
    /// The reports.
    pub members: Vec<MentionRow>,
    /// Corrections of the merged event.
    pub edits: Vec<Edit>,
}

impl EventRow {
    /// The last confirmation by a person who checked it.
    pub fn confirmed(&self) -> Option<&Edit> {
        self.edits.iter().rev().find(|e| e.field == "confirmed")
    }
}

/// One number in one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureRow {
    /// `f-…`.
    pub id: String,
    /// What is counted.
    pub of: String,
    /// Operator.
    pub op: Operator,
    /// Number written; `None` for a range.
    pub value: Option<f64>,
    /// Smallest value allowed.
    pub low: Option<f64>,
    /// Greatest value allowed.
    pub high: Option<f64>,
    /// Unit.
    pub unit: String,
    /// Where, in the text's words.
    pub place: Option<String>,
    /// As of when.
    pub as_of: Option<Interval>,
    /// Whose number it is.
    pub by: Option<Actor>,
    /// Operator, number and unit.
    pub evidence: Vec<Cite>,
    /// Clause or sentence.
    pub context: Cite,
    /// Rule.
    pub why: Why,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// What several sources say of one number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeriesRow {
    /// `g-…`.
    pub id: String,
    /// What is counted.
    pub of: String,
    /// Best value.
    pub best: Quantity,
    /// Lowest told.
    pub low: Option<f64>,
    /// Highest told.
    pub high: Option<f64>,
    /// Its figures: `f-…`.
    pub figures: Vec<String>,
    /// Counts.
    pub counts: Counts,
    /// `single-source`, `corroborated`, `disputed`.
    pub status: String,
    /// Where each stands.
    pub evidence: Vec<Cite>,
}

/// A quotation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuoteRow {
    /// `q-…`.
    pub id: String,
    /// Direct, indirect or mixed.
    pub kind: QuoteKind,
    /// Who is meant; `None`: the text does not say.
    pub speaker: Option<Actor>,
    /// The words for the speaker.
    pub speaker_cite: Option<Cite>,
    /// The words of saying.
    pub cue: Vec<Cite>,
    /// What is said; runs are joined by ` … `.
    pub text: String,
    /// The runs.
    pub evidence: Vec<Cite>,
    /// Rule.
    pub why: Why,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// Who wants what.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PositionRow {
    /// `p-…`.
    pub id: String,
    /// Whose.
    pub holder: Actor,
    /// The words for the holder.
    pub holder_cite: Cite,
    /// About what.
    pub issue: String,
    /// `for`, `against`, `conditional`, `open`.
    pub stance: String,
    /// How firmly: `soft`, `plain`, `firm`.
    pub strength: String,
    /// Day of the document that tells it; `None`: unknown.
    pub as_of: Option<Date>,
    /// Words that carry it.
    pub evidence: Vec<Cite>,
    /// Rule.
    pub why: Why,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// A deadline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Due {
    /// Its words; `None` when a correction gave it.
    pub cite: Option<Cite>,
    /// Days, where the words give any.
    pub interval: Option<Interval>,
}

/// Who undertook what.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommitmentRow {
    /// `c-…`.
    pub id: String,
    /// By whom.
    pub by: Vec<Actor>,
    /// What.
    pub what: String,
    /// Rung of the ladder.
    pub strength: Strength,
    /// By when; `None`: the text does not say.
    pub due: Option<Due>,
    /// On what condition.
    pub condition: Option<Cite>,
    /// Later rows that keep or break it.
    pub links: Vec<CommitmentLink>,
    /// Clause or sentence.
    pub evidence: Vec<Cite>,
    /// Rule.
    pub why: Why,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// Something measured or decisive.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndicatorRow {
    /// `i-…`.
    pub id: String,
    /// In the text's words.
    pub name: String,
    /// `stated` or `implied`.
    pub kind: String,
    /// Body that deals with it.
    pub track: Option<String>,
    /// What is said to depend on it, in the text's words.
    pub controls: Option<String>,
    /// Words, then the clause that holds them.
    pub evidence: Vec<Cite>,
    /// Rule.
    pub why: Why,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// The author's own judgement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AssessmentRow {
    /// `a-…`.
    pub id: String,
    /// The words.
    pub claim: String,
    /// Hedge.
    pub hedge: Option<String>,
    /// `author` or a name.
    pub voice: String,
    /// The words.
    pub evidence: Vec<Cite>,
    /// Rule.
    pub why: Why,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// Two passages set side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonRow {
    /// `x-…`.
    pub id: String,
    /// How they stand to each other.
    pub kind: Relation,
    /// What is compared.
    pub topic: String,
    /// One side.
    pub a: Vec<Cite>,
    /// The other; empty for `only-in`.
    pub b: Vec<Cite>,
    /// The values compared.
    pub values: (String, String),
    /// What a person decided: `stands`, `reconciled`, `error`, `later`.
    pub decision: Option<String>,
    /// Rule and reason.
    pub why: Why,
    /// Corrections.
    pub edits: Vec<Edit>,
}

/// Texts that are copies of each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FamilyRow {
    /// `w-…`.
    pub id: String,
    /// Members: `d-…`.
    pub docs: Vec<String>,
    /// Probable origin.
    pub origin: String,
}

/// Articles about the same happening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoryRow {
    /// `s-…`.
    pub id: String,
    /// Words for a reader.
    pub title: String,
    /// Members: `d-…`.
    pub docs: Vec<String>,
    /// Families among them: `w-…`; a document without copies is a family of its own.
    pub families: Vec<String>,
    /// Independent origins.
    pub origins: usize,
    /// First and last day of publication.
    pub published: Option<(Date, Date)>,
    /// The saga it is part of: `h-…`.
    pub saga: Option<String>,
}

/// A process over months: stories that follow each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SagaRow {
    /// `h-…`.
    pub id: String,
    /// Title of its largest story.
    pub title: String,
    /// Leading parties.
    pub parties: Vec<String>,
    /// What it is about.
    pub matters: Vec<String>,
    /// Its stories, by first day: `s-…`.
    pub stories: Vec<String>,
    /// Documents.
    pub articles: usize,
    /// Independent texts.
    pub families: usize,
    /// First and last day of publication.
    pub published: (Date, Date),
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelineRow {
    /// The event: `e-…`.
    pub event: String,
    /// Days; `None`: unknown, such lines come last.
    pub date: Option<Interval>,
    /// PLOVER type.
    pub kind: String,
    /// How it is told.
    pub modality: Modality,
    /// `single-source`, `corroborated`, `disputed`.
    pub status: String,
    /// Independent origins.
    pub origins: usize,
    /// The sentence of the best report, as it stands in its source.
    pub text: String,
    /// Where that sentence stands, then every other report.
    pub cites: Vec<Cite>,
}

/// One sentence of a brief. There is none without a citation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BriefLine {
    /// Days it is about, where it has any.
    pub date: Option<Interval>,
    /// The words: of the source, or put together from the values of the row.
    pub text: String,
    /// Whether `text` is the source's own sentence.
    pub verbatim: bool,
    /// Rows it rests on.
    pub rows: Vec<String>,
    /// Where it stands.
    pub cites: Vec<Cite>,
    /// `single-source`, `corroborated`, `disputed`, or empty.
    pub status: String,
}

/// A part of a brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BriefSection {
    /// Stable name: `state`, `events`, `ahead`, `positions`, `commitments`, `figures`,
    /// `conflicts`, `quotes`, `assessments`.
    pub name: String,
    /// Head for a reader.
    pub heading: String,
    /// Its lines.
    pub lines: Vec<BriefLine>,
}

/// A brief: sections of cited lines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Brief {
    /// What it is about: title of its central story, or empty.
    pub title: String,
    /// Documents, independent texts, first and last day of publication.
    pub docs: usize,
    /// Independent texts.
    pub families: usize,
    /// First and last day of publication.
    pub published: Option<(Date, Date)>,
    /// Documents without a date.
    pub undated: usize,
    /// What the record said on that day; `None`: today.
    pub as_of: Option<Date>,
    /// Its parts; an empty one is left out.
    pub sections: Vec<BriefSection>,
}

use rapporteur_base::{Interval, Quantity, Span, Why};
use serde::{Deserialize, Serialize};

/// Everything that was coded in one article. Lists are in text order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coding {
    /// Mentions of actors.
    pub actors: Vec<ActorMention>,
    /// Mentions of places (a capital used for its government is an actor, not a place).
    pub places: Vec<PlaceMention>,
    /// Counts and amounts.
    pub figures: Vec<Figure>,
    /// Quotations.
    pub quotes: Vec<Quote>,
    /// PLOVER events.
    pub events: Vec<Event>,
    /// Who wants what.
    pub positions: Vec<Position>,
    /// Who undertook what, by when.
    pub commitments: Vec<Commitment>,
    /// Things that the coverage names as measured or decisive.
    pub indicators: Vec<Indicator>,
    /// The author's own judgements: never events, never anybody's position.
    pub assessments: Vec<Assessment>,
    /// What the coder doubted.
    pub notes: Vec<rapporteur_base::Note>,
}

/// Who is meant, as far as the tables know.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Actor {
    /// Canonical name: `United States`, `Mohammed Shia al-Sudani`, or the words of the text when
    /// no table knows them.
    pub name: String,
    /// ISO 3166-1 alpha-3 or a PLOVER international code (`IGO`, `NGO`, …).
    pub country: Option<String>,
    /// Primary PLOVER sector (`GOV`, `MIL`, `REB`, …).
    pub sector: Option<String>,
    /// Secondary sector.
    pub sector_2: Option<String>,
    /// Office or role, as the text words it ("foreign affairs adviser").
    pub role: Option<String>,
}

/// One mention of an actor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActorMention {
    /// Its bytes (the whole noun phrase's core: name with title, not its relative clause).
    pub span: Span,
    /// Who is meant.
    pub actor: Actor,
    /// The mention that this one stands for ("the minister", "he", "the group"), if it does.
    pub antecedent: Option<Span>,
    /// Rule.
    pub why: Why,
}

/// An actor in a slot of an event, quote, position or commitment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// The words that fill the slot.
    pub span: Span,
    /// Who is meant.
    pub actor: Actor,
}

/// One mention of a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceMention {
    /// Its bytes.
    pub span: Span,
    /// Canonical name.
    pub name: String,
    /// ISO 3166-1 alpha-3 of the country it lies in, when known.
    pub country: Option<String>,
    /// 1 country, 2 province, 3 district or region, 4 city, 5 below (a base, a crossing); 0 unknown.
    pub precision: u8,
    /// Degrees, when the gazetteer has them.
    pub position: Option<(f64, f64)>,
    /// Rule.
    pub why: Why,
}

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Operator, number and unit ("about 2,500 US troops").
    pub span: Span,
    /// The value as worded.
    pub quantity: Quantity,
    /// What is counted, in the text's words ("US troops", "attacks targeting coalition troops").
    pub of: String,
    /// Where, when the text says so: index into [`Coding::places`] is not kept, the words are.
    pub place: Option<Span>,
    /// As of when: the time expression that dates it, and its days.
    pub as_of: Option<(Span, Interval)>,
    /// Whose number it is, when attributed.
    pub by: Option<Party>,
    /// Clause or sentence that holds it.
    pub context: Span,
    /// Rule.
    pub why: Why,
}

/// Kinds of quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuoteKind {
    /// Words between quote marks.
    Direct,
    /// Reported speech.
    Indirect,
    /// Both.
    Mixed,
}

/// A quotation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// Direct, indirect or mixed.
    pub kind: QuoteKind,
    /// What is said, one or more runs; quote marks are not part of it.
    pub content: Vec<Span>,
    /// The words of saying.
    pub cue: Vec<Span>,
    /// Speaker: the words ("Sudani's office", with role) and who is meant; `None` when the text
    /// does not say.
    pub speaker: Option<Party>,
    /// Rule.
    pub why: Why,
}

/// How an event is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// It happened or is happening.
    Actual,
    /// Somebody means to do it, or it is scheduled.
    Planned,
    /// Somebody asks for it.
    Demanded,
    /// Somebody offers it.
    Offered,
    /// It is said not to have happened, or will not.
    Denied,
    /// If, could, might.
    Hypothetical,
}

/// When an event was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventDate {
    /// The days.
    pub interval: Interval,
    /// The time expression it rests on; `None` when bounded by the publication date alone.
    pub span: Option<Span>,
    /// Rule: `timex-in-clause`, `timex-in-sentence`, `last-date`, `before-publication`, …
    pub basis: String,
}

/// How near the words of a context stand to the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// In its own sentence.
    Sentence,
    /// In its paragraph.
    Paragraph,
    /// All over the document: says nothing of the single event.
    Document,
}

/// A PLOVER context with its scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredContext")]
pub struct Context {
    /// PLOVER name: `military`, `election`, …
    pub name: String,
    /// How near.
    pub scope: Scope,
    /// Words that set it.
    pub span: Span,
}

/// Records made before contexts had a scope hold bare names.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredContext {
    Name(String),
    Full {
        name: String,
        scope: Scope,
        span: Span,
    },
}

impl From<StoredContext> for Context {
    fn from(stored: StoredContext) -> Self {
        match stored {
            StoredContext::Name(name) => Self {
                name,
                scope: Scope::Sentence,
                span: Span::default(),
            },
            StoredContext::Full { name, scope, span } => Self { name, scope, span },
        }
    }
}

/// What a figure counts of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counted {
    /// Dead.
    Killed,
    /// Wounded.
    Injured,
    /// Held.
    Arrested,
    /// Who took part, was moved, taken or freed.
    Size,
}

/// A figure bound to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What it counts.
    pub of: Counted,
    /// Position in [`Coding::figures`].
    pub figure: usize,
}

/// A PLOVER event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// PLOVER type, upper case: `CONSULT`.
    pub kind: String,
    /// PLOVER mode, lower case, when one is set.
    pub mode: Option<String>,
    /// PLOVER contexts, sorted by name, each with how near its words stand.
    pub contexts: Vec<Context>,
    /// Quad class, 1 to 4.
    pub quad: u8,
    /// Score of type and mode on the PLOVER scale, -10 (conflict) to 10 (cooperation).
    #[serde(default)]
    pub scale: f32,
    /// State of something that lasts (talks, a truce, a blockade) after this event: `agreed`,
    /// `begun`, `resumed`, `suspended`, `concluded`, `extended`; `None` when the words tell none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// How it is told.
    pub modality: Modality,
    /// The words that name the event.
    pub trigger: Vec<Span>,
    /// Clause that holds trigger and parties: the evidence.
    pub clause: Span,
    /// Sentence it stands in.
    pub sentence: Span,
    /// Who does it; all parties of a reciprocal event. Empty: not named.
    pub source: Vec<Party>,
    /// To whom.
    pub target: Vec<Party>,
    /// Where: the words and the name meant.
    pub place: Option<(Span, String)>,
    /// When; `None` is unknown.
    pub date: Option<EventDate>,
    /// Figures of its clause: positions in [`Coding::figures`].
    pub figures: Vec<usize>,
    /// Which of the sentence's figures count its killed, injured and arrested, and how many took
    /// part or were moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<Count>,
    /// Who reports or claims it, the nearest voice; `None` is the author's own telling.
    pub said_by: Option<Party>,
    /// Who in turn reports that voice ("the ministry said the group had claimed …"), from the inside out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relayed_by: Vec<Party>,
    /// Calibrated score, 0 to 1.
    pub score: f32,
    /// Rule, trigger lexicon entry, features.
    pub why: Why,
}

/// Strength of positions recorded before there was one.
fn plain() -> String {
    "plain".to_owned()
}

/// Who wants what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Whose position.
    pub holder: Party,
    /// About what, in the text's words ("a swift departure of foreign troops").
    pub issue: String,
    /// `for`, `against`, `conditional`, `open`.
    pub stance: String,
    /// How firmly: `soft` ("would prefer", "is open to"), `plain`, `firm` ("insists", "never").
    #[serde(default = "plain")]
    pub strength: String,
    /// Words that carry it, clause or sentence.
    pub span: Span,
    /// Words of the issue.
    pub issue_span: Span,
    /// Rule.
    pub why: Why,
}

/// Rungs of the commitment ladder, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Said to be wanted or held to.
    Declared,
    /// An aim or plan.
    Aim,
    /// A body was given the task.
    Mandate,
    /// Parties agreed.
    Agreed,
    /// Agreed with a date.
    Scheduled,
    /// Carried out.
    Done,
}

/// Who undertook what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// By whom.
    pub by: Vec<Party>,
    /// What, in the text's words.
    pub what: String,
    /// Words of the undertaking.
    pub what_span: Span,
    /// Rung of the ladder.
    pub strength: Strength,
    /// Deadline: the words and the days; `None` when the text gives none.
    pub due: Option<(Span, Option<Interval>)>,
    /// Condition in the text's words, when stated.
    pub condition: Option<Span>,
    /// Clause or sentence that holds it.
    pub span: Span,
    /// Rule.
    pub why: Why,
}

/// Something measured or decisive that the coverage names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// In the text's words ("the level of threat posed by ISIS").
    pub name: String,
    /// `stated` where something is said to depend on it, `implied` where it is the subject of a mandate.
    pub kind: String,
    /// Body or working group that deals with it, in the text's words.
    pub track: Option<String>,
    /// What is said to depend on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controls: Option<Span>,
    /// Words.
    pub span: Span,
    /// Clause or sentence.
    pub context: Span,
    /// Rule.
    pub why: Why,
}

/// The author's own judgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The words.
    pub span: Span,
    /// Hedge ("could", "likely"), when there is one.
    pub hedge: Option<Span>,
    /// `author`, or the name of the analyst it is credited to.
    pub voice: String,
    /// Rule.
    pub why: Why,
}

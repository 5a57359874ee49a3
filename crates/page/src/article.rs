use rapporteur_base::{Date, Note, Span};
use serde::{Deserialize, Serialize};

/// A page, cleaned: what the later stages read and cite.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Address, canonical where the page says so.
    pub url: Option<String>,
    /// The title chosen; empty when the page has none.
    pub title: String,
    /// Every form found, with its origin (`og:title`, `h1`, `json-ld`, `title`, `line`).
    pub title_forms: Vec<TitleForm>,
    /// Authors, in the page's order.
    pub authors: Vec<Author>,
    /// Publication date, or `None`: unknown stays unknown.
    pub published: Option<Published>,
    /// Every date the page shows, whatever it turned out to be.
    pub dates: Vec<DateEvidence>,
    /// Name of the outlet.
    pub site: Option<String>,
    /// Section or rubric.
    pub section: Option<String>,
    /// The summary that the page states of itself in its head; not part of the text.
    #[serde(default)]
    pub description: Option<String>,
    /// BCP 47 language, `en`, `ar`, …
    pub lang: Option<String>,
    /// Agency credit ("Reuters"), where the copy names one.
    pub agency: Option<String>,
    /// Place of the dateline, as written.
    pub dateline_place: Option<String>,
    /// Day of the dateline; without a year in it, by the publication date.
    #[serde(default)]
    pub dateline_date: Option<Date>,
    /// Where the dateline stands in the text.
    #[serde(default)]
    pub dateline: Option<Span>,
    /// The cleaned text: paragraphs parted by one blank line. **Every offset of every later
    /// stage points into this string.** The title is kept apart and is not part of it.
    pub text: String,
    /// The pieces of `text`, in order; they cover it except for the blank lines.
    pub paragraphs: Vec<Paragraph>,
    /// The entries of a live blog, each with its own time; empty for other pages.
    #[serde(default)]
    pub entries: Vec<LiveEntry>,
    /// Closing lines, kept apart from the text.
    #[serde(default)]
    pub credits: Vec<Credit>,
    /// Related, recent, previous and next lists: never part of the article.
    pub links: Vec<Link>,
    /// What was left out or doubted, and why.
    pub notes: Vec<Note>,
}

/// What a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParagraphKind {
    /// The standfirst under it.
    Standfirst,
    /// Running text.
    Body,
    /// A head between paragraphs.
    Subhead,
    /// A list item.
    Item,
    /// Words of the body set large: not a quotation by anyone.
    PullQuote,
    /// A post of a social network that the article shows: the words of its writer.
    Post,
    /// Caption of a picture.
    Caption,
    /// Time of an entry of a live blog.
    EntryTime,
}

/// One piece of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paragraph {
    /// Where it stands in [`Article::text`].
    pub span: Span,
    /// What it is.
    pub kind: ParagraphKind,
    /// Where it came from in the decoded source (bytes of the UTF-8 document), when that is one run.
    pub origin: Option<Span>,
}

/// One form of the title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TitleForm {
    /// `og:title`, `h1`, `json-ld`, `title`, `line`, …
    pub origin: String,
    /// The words.
    pub text: String,
}

/// What kind of byline it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthorKind {
    /// A person.
    Person,
    /// The outlet itself ("Staff", the site's name).
    House,
    /// A news agency.
    Agency,
}

/// One author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Author {
    /// The name alone: no "By", title or place.
    pub name: String,
    /// Person, house or agency.
    pub kind: AuthorKind,
    /// Where it was read: `json-ld`, `meta`, `byline`, …
    pub origin: String,
}

/// The publication date, with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    /// The day, in the page's own zone.
    pub date: Date,
    /// Time with zone, ISO 8601, where given.
    pub time: Option<String>,
    /// Where it was read: `json-ld:datePublished`, `meta:article:published_time`, `byline`, `feed`, `url`, …
    pub origin: String,
    /// Rank of that evidence: 1 is best (stated publication date), 9 worst (guessed from the URL).
    pub rank: u8,
}

/// One date seen on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateEvidence {
    /// The day.
    pub date: Date,
    /// Where it was read.
    pub origin: String,
    /// `published`, `modified`, `clock`, `related`, `copyright`, `url`, `feed`, `sitemap`, `unknown`.
    pub role: String,
    /// The words.
    pub text: String,
}

/// One entry of a live blog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveEntry {
    /// Its day, where the page gives one.
    pub date: Option<Date>,
    /// Its time as the page gives it: ISO 8601 with zone, or a bare clock ("18:27").
    pub time: Option<String>,
    /// Its own headline.
    pub title: Option<String>,
    /// Its paragraphs in [`Article::text`], the headline among them.
    pub span: Span,
    /// Where its time stands in the decoded source, when it stands in the page and not in its data.
    pub origin: Option<Span>,
}

/// What a closing line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CreditKind {
    /// Who else reported, edited or first published.
    Credit,
    /// Who the author is.
    Author,
    /// How to reach the writer or follow the outlet.
    Contact,
    /// Rights, money, disclaimers.
    Notice,
}

/// A line that closes the page's article without being part of its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    /// What it says.
    pub kind: CreditKind,
    /// The words.
    pub text: String,
    /// Where it stands in the decoded source.
    pub origin: Option<Span>,
}

/// A link to another article, kept apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Its title.
    pub title: String,
    /// Its date, when the list gives one.
    pub date: Option<Date>,
}

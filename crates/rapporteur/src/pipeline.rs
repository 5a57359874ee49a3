//! The seam: one page in, one bundle out.
//!
//! [`process_page`] is pure (no clock, no input or output, no randomness), bounded in time and
//! memory, and catches its own panics. It is the only thing that the threads of `add`, or one day
//! the workers of a cluster, call; everything it needs is in its two arguments.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rapporteur_base::{Date, Note, Span};
use rapporteur_coder::{BlockKind, Coder, Coding};
use rapporteur_page::{Article, Input, ParagraphKind, sniff};
use rapporteur_record::{DocBundle, RawRef, RuleSet};
use rapporteur_text::Reader;

mod row;

/// A page as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawPage {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// `text/html`, `text/plain`, `text/markdown`, or `application/json` for an article row (see
    /// `ingest`).
    pub mime: String,
    /// The charset that the transport named.
    pub charset: Option<String>,
    /// The address it was found under.
    pub url: Option<String>,
    /// The day of capture, where known.
    pub captured: Option<Date>,
    /// What a reader calls it: path, address, archive and record.
    pub source: String,
}

impl RawPage {
    /// The reference that the record keeps.
    pub fn reference(&self) -> RawRef {
        RawRef {
            charset: self.charset.clone(),
            url: self.url.clone(),
            captured_at: self.captured.map(|day| day.to_string()),
            ..RawRef::of(&self.bytes, self.mime.as_str(), self.source.as_str())
        }
    }

    /// The page that a record's reference and bytes stand for.
    pub fn stored(raw: &RawRef, bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            mime: raw.mime.clone(),
            charset: raw.charset.clone(),
            url: raw.url.clone(),
            captured: raw.captured_day(),
            source: raw.source.clone(),
        }
    }
}

/// The file in a desk's folder that adds actors of its own.
pub const OWN_ACTORS: &str = "actors.tsv";
/// The file in a desk's folder that adds places of its own.
pub const OWN_PLACES: &str = "places.tsv";

/// A table in the desk's folder; empty when there is none.
pub(crate) fn own(dir: &Path, file: &str) -> Result<String, String> {
    let path = dir.join(file);
    match std::fs::read_to_string(&path) {
        Ok(table) => Ok(table),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Reader, coder and the name of what they are made of. One for all threads.
#[derive(Debug)]
pub struct Rules {
    reader: Reader,
    coder: Coder,
    set: RuleSet,
}

include!(concat!(env!("OUT_DIR"), "/parts.rs"));

impl Rules {
    /// The rules that ship inside the binary.
    pub fn embedded() -> Self {
        Self {
            reader: Reader::embedded(),
            coder: Coder::embedded(),
            set: Self::name(),
        }
    }

    /// The embedded rules with the actors and places that the desk's own [`OWN_ACTORS`] and
    /// [`OWN_PLACES`] add, if it has them.
    ///
    /// # Errors
    /// Every fault of the files with its line.
    pub fn for_desk(dir: &Path) -> Result<Self, String> {
        let tables = [own(dir, OWN_ACTORS)?, own(dir, OWN_PLACES)?];
        Self::with_tables(dir, &tables[0], &tables[1])
    }

    /// The embedded rules with tables that may come to stand in the desk's folder; empty ones add
    /// nothing.
    ///
    /// # Errors
    /// Every fault of the tables with its line.
    pub fn with_tables(dir: &Path, actors: &str, places: &str) -> Result<Self, String> {
        let mut rules = Self::embedded();
        let named = |file: &str| dir.join(file).display().to_string();
        if !actors.is_empty() {
            rules.coder.actors = rules
                .coder
                .actors
                .with_table(&named(OWN_ACTORS), actors)
                .map_err(|faults| faults.join("\n"))?;
        }
        if !places.is_empty() {
            rules.coder.places = rules
                .coder
                .places
                .with_table(&named(OWN_PLACES), places)
                .map_err(|faults| faults.join("\n"))?;
        }
        for (part, table) in [("desk/actors", actors), ("desk/places", places)] {
            if !table.is_empty() {
                let hash = format!("sha256:{}", rapporteur_base::sha256_hex(table.as_bytes()));
                rules.set.parts.push((part.to_owned(), hash));
            }
        }
        rules.set.parts.sort();
        Ok(rules)
    }

    /// What the embedded rules are called, without loading them.
    pub fn name() -> RuleSet {
        RuleSet {
            label: concat!("rapporteur ", env!("CARGO_PKG_VERSION")).to_owned(),
            parts: PARTS
                .iter()
                .map(|(name, version)| ((*name).to_owned(), (*version).to_owned()))
                .collect(),
        }
    }

    /// Their name and hash.
    pub fn set(&self) -> &RuleSet {
        &self.set
    }
}

/// Most bytes of cleaned text that are read closely; what follows is kept and can be searched,
/// but not coded. About 16,000 words: no article is longer, a dump of a data base is.
const MAX_CODED: usize = 96 << 10;

/// Reads one page with `rules`.
pub fn process_page(raw: &RawPage, rules: &Rules) -> DocBundle {
    let mut notes = Vec::new();
    let article = guarded("page", &mut notes, || article(raw)).unwrap_or_default();
    let mut bundle = DocBundle::new(raw.reference(), &rules.set, article);
    let end = coded_end(&bundle.article);
    if end < bundle.article.text.len() {
        notes.push(Note::new(
            "pipeline/long-text",
            format!(
                "only the first {end} bytes of the text are coded; the rest is kept and searched"
            ),
        ));
    }
    let article = &bundle.article;
    let text = &article.text[..end];
    let published = article.published.as_ref().map(|p| p.date);
    let sentences = guarded("text", &mut notes, || rules.reader.read(text)).unwrap_or_default();
    let times = guarded("temporal", &mut notes, || {
        rapporteur_temporal::tag(text, published)
    })
    .unwrap_or_default();
    let blocks = blocks(article, end);
    let input = rapporteur_coder::Input {
        text,
        blocks: &blocks,
        sentences: &sentences,
        times: &times,
        published,
    };
    let coding: Coding =
        guarded("coder", &mut notes, || rules.coder.code(&input)).unwrap_or_default();
    bundle.sentences = sentences.iter().map(|s| s.span).collect();
    bundle.times = times;
    bundle.coding = coding;
    bundle.notes = notes;
    let mut notes = Vec::new();
    guarded("story", &mut notes, || bundle.digested());
    bundle.notes.extend(notes);
    bundle
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a stage; if it stops, the page goes on without it and says so.
fn guarded<T>(stage: &str, notes: &mut Vec<Note>, work: impl FnOnce() -> T) -> Option<T> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    if result.is_err() {
        notes.push(Note::new(
            format!("pipeline/{stage}-stopped"),
            format!(
                "the stage `{stage}` stopped on this page: a fault of the program, please report it"
            ),
        ));
    }
    result.ok()
}

/// Keeps the message of a caught panic from the terminal: the page's note tells it.
pub fn quiet_guarded_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            usual(info);
        }
    }));
}

fn article(raw: &RawPage) -> Article {
    let url = raw.url.as_deref();
    match raw.mime.as_str() {
        "text/plain" => {
            let decoded = sniff::decode(&raw.bytes, raw.charset.as_deref());
            rapporteur_page::extract(Input::Text(&decoded.text), url, raw.captured)
        }
        "text/markdown" => {
            let decoded = sniff::decode(&raw.bytes, raw.charset.as_deref());
            let text = without_heading_marks(&decoded.text);
            rapporteur_page::extract(Input::Text(&text), url, raw.captured)
        }
        "application/json" => row::article(&raw.bytes, url, raw.captured),
        _ => {
            let input = Input::Html {
                bytes: &raw.bytes,
                charset: raw.charset.as_deref(),
            };
            rapporteur_page::extract(input, url, raw.captured)
        }
    }
}

/// The lines of a Markdown text without the marks of its headings.
fn without_heading_marks(text: &str) -> String {
    let line = |line: &str| {
        let bare = line.trim_start_matches('#');
        let level = line.len() - bare.len();
        if (1..=6).contains(&level) && bare.starts_with(' ') {
            bare.trim_start().to_owned()
        } else {
            line.to_owned()
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Where close reading ends: the end of the last paragraph that fits.
fn coded_end(article: &Article) -> usize {
    let text = &article.text;
    if text.len() <= MAX_CODED {
        return text.len();
    }
    let whole = article
        .paragraphs
        .iter()
        .map(|p| p.span.end as usize)
        .take_while(|end| *end <= MAX_CODED)
        .last()
        .unwrap_or(0);
    let mut end = if whole == 0 { MAX_CODED } else { whole };
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// What each block is, for the coder.
fn blocks(article: &Article, end: usize) -> Vec<(Span, BlockKind)> {
    article
        .paragraphs
        .iter()
        .filter(|p| p.span.end as usize <= end)
        .map(|p| {
            let kind = match p.kind {
                ParagraphKind::Body => BlockKind::Body,
                ParagraphKind::Subhead => BlockKind::Head,
                ParagraphKind::PullQuote => BlockKind::Repeat,
                ParagraphKind::Standfirst if said_again(article, p.span) => BlockKind::Repeat,
                ParagraphKind::Standfirst => BlockKind::Body,
                _ => BlockKind::Other,
            };
            (p.span, kind)
        })
        .collect()
}

/// Whether a standfirst only says what the body says in the same words.
fn said_again(article: &Article, span: Span) -> bool {
    let words = span.of(&article.text).trim().trim_end_matches(['.', '…']);
    let rest = article.text.get(span.end as usize..).unwrap_or("");
    !words.is_empty() && rest.contains(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_stops_leaves_a_note() {
        quiet_guarded_panics();
        let mut notes = Vec::new();
        let result: Option<u8> = guarded("coder", &mut notes, || panic!("for the test"));
        assert!(result.is_none());
        assert_eq!(notes[0].rule, "pipeline/coder-stopped");
    }

    #[test]
    fn rules_have_a_name_that_their_content_decides() {
        let set = Rules::name();
        assert_eq!(set.id(), Rules::name().id());
        assert!(
            set.parts
                .iter()
                .all(|(_, hash)| hash.starts_with("sha256:"))
        );
    }
}

//! HTML pages: document, blocks, metadata, article.

mod blocks;
mod classes;
mod coda;
mod furniture;
mod guide;
mod judge;
mod lead;
mod live;
mod region;

use rapporteur_base::{Date, Note};

use crate::article::{Article, Link, ParagraphKind};
use crate::html::{self, Dom};
use crate::meta;
use crate::phrases::{self, Kinds};
use crate::shape::{self, Piece};
use crate::sniff;
use crate::when;

pub(crate) use blocks::{Block, Blocks};
pub(crate) use classes::Flags;
pub use furniture::{PageBlock, blocks};

/// Longest document that is read whole; the rest is left out with a note.
const MAX_BYTES: usize = 24 << 20;
/// Shorter texts than this, in words, are looked at for walls and errors.
const SHORT: usize = 80;

/// Reads an HTML document.
pub(crate) fn extract(
    bytes: &[u8],
    charset: Option<&str>,
    url: Option<&str>,
    crawled: Option<Date>,
) -> Article {
    let cut = &bytes[..bytes.len().min(MAX_BYTES)];
    let decoded = sniff::decode(cut, charset);
    let mut article = Article::default();
    if cut.len() < bytes.len() {
        article.notes.push(Note::new(
            "page/too-long",
            format!(
                "only the first {MAX_BYTES} of {} bytes were read",
                bytes.len()
            ),
        ));
    }
    if decoded.damaged {
        article.notes.push(Note::new(
            "page/encoding",
            format!("some bytes are no {} and were replaced", decoded.charset),
        ));
    }
    let dom = html::parse(&decoded.text);
    if let Some(limit) = dom.limit {
        article.notes.push(Note::new("page/limit", limit));
    }
    let mut found = blocks::blocks(&dom);
    judge::judge_flags(&dom, &mut found);
    let schema = meta::schema(&dom);
    let choice = region::choose(&dom, &found, schema.body.as_deref());
    let first = choice.as_ref().and_then(|c| c.blocks.first().copied());
    meta::read(&dom, &found, &schema, first, url, crawled, &mut article);
    match choice {
        Some(choice) => {
            let marks = live::marks(&dom, &found, choice.root);
            body(&dom, &found, &choice, !marks.is_empty(), &mut article);
            article.entries = live::entries(&dom, choice.root, &marks, &schema, &article);
            links(&found.list, &choice.blocks, &mut article);
        }
        None => article
            .notes
            .push(Note::new("page/no-body", reason(&dom, &found))),
    }
    refuse_walls(&found, &mut article);
    article.lang = article
        .lang
        .take()
        .or_else(|| shape::script_language(&article.text));
    article
}

/// How the blocks of a document were judged, as text for those who write rules.
pub(crate) fn explain(bytes: &[u8], charset: Option<&str>) -> String {
    let decoded = sniff::decode(bytes, charset);
    let dom = html::parse(&decoded.text);
    let mut found = blocks::blocks(&dom);
    judge::judge_flags(&dom, &mut found);
    region::explain(&dom, &found, meta::schema(&dom).body.as_deref())
}

/// The text. In a page of `timed` entries their times are no text.
fn body(
    dom: &Dom<'_>,
    found: &Blocks,
    choice: &region::Choice,
    timed: bool,
    article: &mut Article,
) {
    let mut pieces: Vec<Piece> = Vec::new();
    let list = &found.list;
    for at in lead::find(dom, list, choice, article) {
        pieces.push(Piece {
            text: list[at].text.clone(),
            kind: ParagraphKind::Standfirst,
            origin: Some(list[at].origin),
        });
    }
    let leads = pieces.len();
    for &at in &choice.blocks {
        let block = &list[at];
        if pieces.len() < leads + 2 && is_date_line(block) || timed && live::is_time(block) {
            continue;
        }
        let again =
            block.text == article.title || pieces[..leads].iter().any(|p| p.text == block.text);
        if !again {
            pieces.push(Piece {
                text: block.text.clone(),
                kind: kind(block),
                origin: Some(block.origin),
            });
        }
    }
    shape::drop_edge_heads(&mut pieces);
    coda::part(&mut pieces, article);
    if !shape::mark_repeats(&mut pieces) {
        let text = "the text is too long to look for paragraphs that repeat others";
        article.notes.push(Note::new("page/limit", text));
    }
    shape::assemble(pieces, article);
}

/// A line over the text that gives the day and no sentence: "3 March 2031 - by A. Writer".
fn is_date_line(block: &Block) -> bool {
    let said = block.start.has(Kinds::DATED.or(Kinds::UPDATED));
    block.words <= 16
        && (!block.stop || said)
        && !block
            .flags
            .has(Flags::HEADING.or(Flags::ITEM).or(Flags::TABLE))
        && !block.text.ends_with(['-', '–', '—', ':'])
        && !when::find(&block.text).is_empty()
}

fn kind(block: &Block) -> ParagraphKind {
    let bold = block.bold > 0.95 && block.words <= 14 && !block.stop;
    if block.flags.has(Flags::HEADING) || bold {
        ParagraphKind::Subhead
    } else if block.flags.has(Flags::POST) {
        ParagraphKind::Post
    } else if block.flags.has(Flags::ITEM) {
        ParagraphKind::Item
    } else {
        ParagraphKind::Body
    }
}

/// Linked titles outside the article, each with the date that follows it.
fn links(list: &[Block], kept: &[usize], article: &mut Article) {
    for (at, block) in list.iter().enumerate() {
        let title = block.links > 0.8
            && (4..=30).contains(&block.words)
            && !block.flags.has(Flags::HIDDEN.or(Flags::COMMENT));
        if !title
            || kept.binary_search(&at).is_ok()
            || article.links.len() >= 200
            || block.text == article.title
        {
            continue;
        }
        if !article.links.iter().any(|l| l.title == block.text) {
            let dated = |b: &&Block| b.words <= 6 && b.links < 0.5;
            let own = when::find(&block.text).first().map(|f| f.date);
            let next = list
                .get(at + 1)
                .filter(dated)
                .and_then(|b| when::find(&b.text).first().map(|f| f.date));
            article.links.push(Link {
                title: block.text.clone(),
                date: own.or(next),
            });
        }
    }
}

/// Why there is no text.
fn reason(dom: &Dom<'_>, found: &Blocks) -> String {
    let scripts = dom
        .all()
        .filter(|id| dom.tag(*id) == html::Tag::Script)
        .count();
    if found.list.is_empty() && dom.nodes.len() < 3 {
        "the document is empty".into()
    } else if found.list.len() < 5 && scripts > 0 {
        "the page holds no text of its own: a script loads it".into()
    } else if found.list.iter().filter(|b| b.links > 0.5).count() * 2 > found.list.len() {
        "a page of links: no running text was found".into()
    } else {
        "no running text was found".into()
    }
}

/// A consent dialog or an error message is no article.
fn refuse_walls(found: &Blocks, article: &mut Article) {
    let words = article.text.split_whitespace().count();
    // A brief may speak of denied access; a page that states its day of publication is no error.
    if words > SHORT || words > 0 && article.published.is_some() {
        return;
    }
    let lower = format!("{} {}", article.title, article.text).to_lowercase();
    let (mut walls, errors) = phrases::walls(&lower);
    if words == 0 {
        let page: String = found
            .list
            .iter()
            .take(40)
            .map(|b| b.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        walls += phrases::walls(&page.to_lowercase()).0;
    }
    let (rule, text) = if errors > 0 {
        (
            "page/error-page",
            "the page reports an error instead of an article",
        )
    } else if walls > 0 {
        (
            "page/consent-wall",
            "the page asks for consent or a check instead of giving an article",
        )
    } else {
        return;
    };
    article.text.clear();
    article.paragraphs.clear();
    article.entries.clear();
    article.notes.push(Note::new(rule, text));
}

//! Pasted page text: lines are weighed, the contiguous run of greatest weight is the article, the
//! lines around it give title, byline and date.

mod header;
mod keep;
mod lines;
mod links;
mod notice;
mod region;

use rapporteur_base::{Date, Note, Span};

use crate::article::{Article, ParagraphKind};
use crate::{language, shape};

use lines::Line;
pub(crate) use lines::{count_words, ends_sentence};

/// Longest text that is read whole; the rest is left out with a note.
const MAX_BYTES: usize = 8 << 20;

fn bounded<'t>(source: &'t str, article: &mut Article) -> &'t str {
    if source.len() <= MAX_BYTES {
        return source;
    }
    let mut end = MAX_BYTES;
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    article.notes.push(Note::new(
        "page/too-long",
        format!("only the first {end} of {} bytes were read", source.len()),
    ));
    &source[..end]
}

/// Reads pasted text.
pub(crate) fn extract(source: &str, url: Option<&str>, crawled: Option<Date>) -> Article {
    let mut article = Article {
        url: url.map(str::to_owned),
        ..Article::default()
    };
    let source = bounded(source, &mut article);
    let lines = lines::lines(source);
    let heads = header::heads(&lines);
    let Some(mut region) = region::find(&lines, &heads) else {
        article.notes.push(Note::new(
            "page/no-body",
            "no running text was found among the lines",
        ));
        header::read(&lines, None, crawled, &mut article);
        return article;
    };
    let title = header::anchor(&lines, &mut region);
    header::read(&lines, Some((&region, title)), crawled, &mut article);
    keep::without_life(&lines, &mut region, &article);
    let mut pieces = Vec::new();
    for &at in &region.lines {
        let line = &lines[at];
        if header::is_part(line, at, &region, &article) {
            continue;
        }
        pieces.push(shape::Piece {
            text: line.text.split_whitespace().collect::<Vec<_>>().join(" "),
            kind: kind(&lines, at, title, region.first),
            origin: Some(Span::new(line.from, line.from + line.text.len())),
        });
    }
    shape::drop_edge_heads(&mut pieces);
    shape::mark_repeats(&mut pieces);
    shape::assemble(pieces, &mut article);
    links::read(&lines, &region, title, &mut article);
    article.lang = article
        .lang
        .take()
        .or_else(|| shape::script_language(&article.text))
        .or_else(|| language::of(&article.text));
    article
}

/// The lines with what was thought of them, for [`crate::explain_text`].
pub(crate) fn explain(source: &str) -> String {
    use std::fmt::Write as _;
    let article = extract(source, None, None);
    let mut out = String::new();
    let lines = lines::lines(source);
    let region = region::find(&lines, &header::heads(&lines));
    let titles = region.map_or_else(Vec::new, |r| header::title::scores(&lines, &r));
    for (at, line) in lines.iter().enumerate() {
        let kept = article
            .paragraphs
            .iter()
            .find(|p| p.origin.is_some_and(|o| o.start as usize == line.from));
        let kind = kept.map_or("-".to_owned(), |p| format!("{:?}", p.kind));
        let head: String = line.text.chars().take(100).collect();
        let title = titles.iter().find(|t| t.0 == at);
        let title = title.map_or(String::new(), |t| format!("[title {:.2}] ", t.1));
        let _ = writeln!(
            out,
            "{:6.2} {:>3}w {} {kind:10} {:?} {title}{head}",
            line.weight,
            line.words,
            if line.stop { '.' } else { ' ' },
            line.marks
        );
    }
    out
}

/// The kind of a line; prose between headline and text is the standfirst.
fn kind(lines: &[Line<'_>], at: usize, title: Option<usize>, first: usize) -> ParagraphKind {
    let line = &lines[at];
    let over = title.is_some_and(|t| at > t && (line.stop || at == t + 1)) && at < first;
    if over && line.words <= 60 && line.words > 2 {
        return ParagraphKind::Standfirst;
    }
    region::paragraph_kind(lines, at)
}

#[cfg(test)]
mod tests;

//! From pieces to the article's text: order kept, one blank line between, offsets noted.

use std::collections::BTreeSet;

use rapporteur_base::Span;

use crate::article::{Article, Paragraph, ParagraphKind};

/// A paragraph before it has its place.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) kind: ParagraphKind,
    pub(crate) origin: Option<Span>,
}

/// Joins the pieces into [`Article::text`].
pub(crate) fn assemble(pieces: Vec<Piece>, article: &mut Article) {
    for piece in pieces {
        if piece.text.is_empty() {
            continue;
        }
        if !article.text.is_empty() {
            article.text.push_str("\n\n");
        }
        let start = article.text.len();
        article.text.push_str(&piece.text);
        article.paragraphs.push(Paragraph {
            span: Span::new(start, article.text.len()),
            kind: piece.kind,
            origin: piece.origin,
        });
    }
}

/// Subheads with nothing under them are not part of the article.
pub(crate) fn drop_edge_heads(pieces: &mut Vec<Piece>) {
    while pieces
        .last()
        .is_some_and(|p| p.kind == ParagraphKind::Subhead)
    {
        pieces.pop();
    }
}

const GRAM: usize = 5;

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// A short paragraph whose words stand again in a later one is a standfirst when it opens the
/// text, else a pull-quote. Linear: all five-word runs of the text are looked up in one set.
pub(crate) fn mark_repeats(pieces: &mut [Piece]) {
    if pieces.len() < 3 {
        return;
    }
    let split: Vec<Vec<String>> = pieces.iter().map(|p| words(&p.text)).collect();
    let mut seen: Vec<(&[String], usize)> = Vec::new();
    for (at, words) in split.iter().enumerate() {
        seen.extend(words.windows(GRAM).map(|w| (w, at)));
    }
    seen.sort_unstable();
    let elsewhere = |gram: &[String], at: usize| {
        let from = seen.partition_point(|(g, _)| *g < gram);
        seen[from..]
            .iter()
            .take_while(|(g, _)| *g == gram)
            .take(8)
            .any(|(_, other)| *other != at)
    };
    let longest: BTreeSet<usize> = (0..split.len())
        .filter(|at| split[*at].len() > 60)
        .collect();
    for at in 0..pieces.len() {
        let n = split[at].len();
        if pieces[at].kind != ParagraphKind::Body
            || !(GRAM + 1..=60).contains(&n)
            || longest.contains(&at)
        {
            continue;
        }
        let grams = split[at].windows(GRAM);
        let total = grams.len();
        let again = grams.filter(|g| elsewhere(g, at)).count();
        if again * 10 >= total * 6 {
            pieces[at].kind = if at == 0 {
                ParagraphKind::Standfirst
            } else {
                ParagraphKind::PullQuote
            };
        }
    }
}

/// A language that the script alone tells, for pages that do not say theirs.
pub(crate) fn script_language(text: &str) -> Option<String> {
    let mut counts = [0usize; 6];
    let mut letters = 0usize;
    for c in text.chars().take(4000).filter(|c| c.is_alphabetic()) {
        letters += 1;
        let at = match c as u32 {
            0x3040..=0x30ff => 0,
            0xac00..=0xd7af => 1,
            0x0590..=0x05ff => 2,
            0x0370..=0x03ff => 3,
            0x0e00..=0x0e7f => 4,
            0x0600..=0x06ff => 5,
            _ => continue,
        };
        counts[at] += 1;
    }
    // Kana are a third of Japanese text at least; Arabic script is Persian or Urdu where their own letters stand.
    let names = ["ja", "ko", "he", "el", "th", "ar"];
    let at = (0..6).find(|at| counts[*at] * if *at == 0 { 5 } else { 2 } > letters)?;
    let persian = at == 5
        && text
            .chars()
            .take(4000)
            .filter(|c| matches!(c, 'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' | 'ٹ' | 'ے'))
            .count()
            * 50
            > letters;
    (!persian).then(|| names[at].to_owned())
}

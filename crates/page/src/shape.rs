//! From pieces to the article's text: order kept, one blank line between, offsets noted.

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
/// Words of a text in which repeats are looked for; a longer one is a book, not an article.
const MOST: usize = 200_000;

/// The words of every piece as numbers, the same for the same word without case.
#[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
fn numbered(pieces: &[Piece]) -> Vec<Vec<u32>> {
    let mut numbers: std::collections::HashMap<String, u32> = std::collections::HashMap::new();
    let mut lower = String::new();
    let mut number = |word: &str| {
        lower.clear();
        if word.is_ascii() {
            lower.push_str(word);
            lower.make_ascii_lowercase();
        } else {
            lower = word.to_lowercase();
        }
        let next = numbers.len() as u32;
        match numbers.get(&lower) {
            Some(number) => *number,
            None => *numbers.entry(lower.clone()).or_insert(next),
        }
    };
    pieces
        .iter()
        .map(|piece| {
            piece
                .text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|w| !w.is_empty())
                .map(&mut number)
                .collect()
        })
        .collect()
}

/// Where a run of words stands: its first piece, whether another piece is among its first eight
/// places, and how many of them were seen.
#[derive(Clone, Copy)]
struct Places {
    first: u32,
    other: bool,
    seen: u8,
}

/// A run as one number: no source has 2^25 words, so nothing is lost.
fn key(run: &[u32]) -> u128 {
    run.iter()
        .fold(0, |key, word| key << 25 | u128::from(*word & 0x1ff_ffff))
}

/// A short paragraph whose words stand again in a later one is a standfirst when it opens the
/// text, else a pull-quote. Linear: all five-word runs of the text are looked up in one table.
/// False when the text is too long to be looked through.
pub(crate) fn mark_repeats(pieces: &mut [Piece]) -> bool {
    if pieces.len() < 3 {
        return true;
    }
    let split = numbered(pieces);
    let runs = split.iter().map(Vec::len).sum();
    if runs > MOST {
        return false;
    }
    #[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
    let mut table: std::collections::HashMap<u128, Places> =
        std::collections::HashMap::with_capacity(runs);
    for (at, words) in split.iter().enumerate() {
        let at = at as u32;
        for run in words.windows(GRAM) {
            let places = table.entry(key(run)).or_insert(Places {
                first: at,
                other: false,
                seen: 0,
            });
            if places.seen < 8 {
                places.seen += 1;
                places.other |= places.first != at;
            }
        }
    }
    let elsewhere = |run: &[u32], at: usize| {
        table
            .get(&key(run))
            .is_some_and(|places| places.other || places.first as usize != at)
    };
    for at in 0..pieces.len() {
        let n = split[at].len();
        if pieces[at].kind != ParagraphKind::Body || !(GRAM + 1..=60).contains(&n) {
            continue;
        }
        let runs = split[at].windows(GRAM);
        let total = runs.len();
        let again = runs.filter(|run| elsewhere(run, at)).count();
        if again * 10 >= total * 6 {
            pieces[at].kind = if at == 0 {
                ParagraphKind::Standfirst
            } else {
                ParagraphKind::PullQuote
            };
        }
    }
    true
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

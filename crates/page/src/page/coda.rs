//! Closing lines: who else wrote, how to reach the writer, notices of rights and money. They follow
//! an article and are none of its text, but an agency's credit is worth keeping.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::article::{Article, Author, Credit, CreditKind, ParagraphKind};
use crate::shape::Piece;

const TABLE: &str = include_str!("../../../../data/page/codas.tsv");
/// Paragraphs at the end that are looked at.
const REACH: usize = 8;
/// Longer paragraphs are text.
const LONGEST: usize = 90;

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Start,
    Any,
    /// Only beside a mail address, in a short paragraph.
    Address,
}

struct Codas {
    finder: Option<AhoCorasick>,
    rows: Vec<(CreditKind, How)>,
}

fn row(line: &'static str) -> Option<(&'static str, CreditKind, How)> {
    let mut cells = line.split('\t');
    let kind = match cells.next()? {
        "credit" => CreditKind::Credit,
        "contact" => CreditKind::Contact,
        "notice" => CreditKind::Notice,
        _ => return None,
    };
    let how = match cells.next()? {
        "start" => How::Start,
        "any" => How::Any,
        "address" => How::Address,
        _ => return None,
    };
    Some((cells.next()?, kind, how))
}

fn codas() -> &'static Codas {
    static CODAS: OnceLock<Codas> = OnceLock::new();
    CODAS.get_or_init(|| {
        let rows: Vec<_> = TABLE
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(row)
            .collect();
        Codas {
            finder: AhoCorasick::new(rows.iter().map(|r| r.0)).ok(),
            rows: rows.iter().map(|r| (r.1, r.2)).collect(),
        }
    })
}

/// What a closing line says, if the paragraph is one.
fn of(text: &str) -> Option<CreditKind> {
    let lower = text.to_lowercase();
    let codas = codas();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let found = codas.finder.as_ref()?.find_overlapping_iter(&lower);
    found
        .filter(|m| {
            let before = &lower[..m.start()];
            // A phrase that ends in a mark or a space asks nothing of what follows.
            let open_end = !letter(lower[..m.end()].chars().next_back());
            (open_end || !letter(lower[m.end()..].chars().next()))
                && match codas.rows[m.pattern().as_usize()].1 {
                    How::Start => !before.contains(char::is_alphanumeric),
                    How::Any => !letter(before.chars().next_back()),
                    How::Address => {
                        lower.split_whitespace().count() <= 40
                            && !letter(before.chars().next_back())
                            && addressed(&lower)
                    }
                }
        })
        .map(|m| codas.rows[m.pattern().as_usize()].0)
        .next()
}

/// Whether a mail address stands in a text.
fn addressed(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        word.split_once('@').is_some_and(|(name, host)| {
            name.ends_with(char::is_alphanumeric)
                && host.starts_with(char::is_alphanumeric)
                && host.trim_end_matches('.').contains('.')
        })
    })
}

/// Whether a paragraph tells who an author is: his name, then "is" or a comma.
fn biography(text: &str, authors: &[Author]) -> bool {
    authors.iter().filter(|a| a.name.contains(' ')).any(|a| {
        let rest = text
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .strip_prefix(a.name.as_str());
        rest.is_some_and(|r| {
            [
                " is ", ", ", " covers ", " writes ", " ist ", " est ", " es ", " è ", " é ",
            ]
            .iter()
            .any(|verb| r.starts_with(verb))
        })
    })
}

/// Takes the closing lines from the end of the text into [`Article::credits`].
pub(super) fn part(pieces: &mut Vec<Piece>, article: &mut Article) {
    let from = pieces.len().saturating_sub(REACH).max(1).min(pieces.len());
    let mut at = from;
    while at < pieces.len() {
        let piece = &pieces[at];
        let read = matches!(piece.kind, ParagraphKind::Body | ParagraphKind::Item)
            && piece.text.split_whitespace().count() <= LONGEST;
        let kind = if read {
            of(&piece.text).or_else(|| {
                let last = at + 3 >= pieces.len();
                (last && biography(&piece.text, &article.authors)).then_some(CreditKind::Author)
            })
        } else {
            None
        };
        if let Some(kind) = kind {
            let piece = pieces.remove(at);
            article.credits.push(Credit {
                kind,
                text: piece.text,
                origin: piece.origin,
            });
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_fits_its_example_and_not_its_counter_example() {
        for (at, line) in TABLE
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.starts_with('#'))
        {
            let cells: Vec<&str> = line.split('\t').collect();
            let place = format!("data/page/codas.tsv:{}", at + 1);
            assert_eq!(cells.len(), 6, "{place}: six columns");
            let (phrase, kind, _) = row(line).unwrap_or_else(|| panic!("{place}: kind or how"));
            assert_eq!(phrase, phrase.to_lowercase(), "{place}: lower case");
            assert_eq!(of(cells[4]), Some(kind), "{place}: the example");
            assert_eq!(of(cells[5]), None, "{place}: the counter-example");
        }
    }

    #[test]
    fn addresses() {
        assert!(addressed("to a.lind@courier.example."));
        assert!(!addressed("on the network @alind") && !addressed("a@b"));
    }
}

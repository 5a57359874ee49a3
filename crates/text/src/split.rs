//! Sentences: where a text is cut, and the words of each piece.

use std::sync::LazyLock;

use rapporteur_base::Span;

use crate::dateline;
use crate::token::{self, Stop, abbreviation};

/// One sentence: its bytes and its words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cut {
    pub span: Span,
    pub tokens: Vec<Span>,
}

/// Most words of a sentence: what is longer is no sentence of prose and is cut.
pub(crate) const LONGEST: usize = 240;

/// A line shorter than this, in bytes, was not wrapped: its end is the end of a headline or item.
const SHORT_LINE: usize = 60;

static STARTERS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut all: Vec<&str> = include_str!("../../../data/text/starters.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect();
    all.sort_unstable();
    all
});

/// Cuts a text into sentences and words.
pub(crate) fn cut(text: &str) -> Vec<Cut> {
    let mut cutter = Cutter {
        text,
        done: Vec::new(),
        tokens: Vec::new(),
        straight_open: false,
    };
    let mut chunks = Chunks { text, at: 0 }.peekable();
    let mut line_start = 0;
    while let Some(chunk) = chunks.next() {
        let next = chunks.peek();
        let follow = next.map_or("", |n| n.span.of(text));
        let first = cutter.tokens.len();
        let word = chunk.span.of(text);
        token::cut(word, chunk.span.start as usize, follow, &mut cutter.tokens);
        cutter.inner_ends(first);
        cutter.straight_open ^= word.bytes().filter(|b| *b == b'"').count() % 2 == 1;
        let line = chunk.span.end as usize - line_start;
        let breaks = next.map_or(2, |n| n.newlines);
        if let Some(next) = next.filter(|n| n.newlines > 0) {
            line_start = next.span.start as usize;
        }
        let lower = follow.starts_with(char::is_lowercase);
        if breaks > 1
            || cutter.ends_before(follow)
            || (breaks == 1 && !lower && (line < SHORT_LINE || cutter.terminal().is_some()))
        {
            cutter.finish();
            cutter.straight_open &= breaks <= 1;
        } else if cutter.tokens.len() > LONGEST {
            cutter.shorten();
        }
    }
    cutter.finish();
    cutter.done
}

/// A run without white space, and how many line ends stand before it.
#[derive(Clone, Copy, Debug)]
struct Run {
    span: Span,
    newlines: usize,
}

struct Chunks<'t> {
    text: &'t str,
    at: usize,
}

/// Longest run read as one: what is longer is no word and is cut.
const LONGEST_RUN: usize = 1000;

impl Iterator for Chunks<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let rest = &self.text[self.at..];
        let space = rest.find(|c: char| !is_space(c))?;
        let newlines = rest[..space]
            .matches(['\n', '\u{2028}', '\u{2029}'])
            .count();
        let start = self.at + space;
        let body = &self.text[start..];
        let mut bound = body.len().min(LONGEST_RUN);
        while !body.is_char_boundary(bound) {
            bound -= 1;
        }
        let length = body[..bound].find(is_space).unwrap_or(bound);
        self.at = start + length;
        Some(Run {
            span: Span::new(start, self.at),
            newlines,
        })
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{FEFF}' | '\u{200B}')
        || (c.is_control() && !c.is_ascii_graphic())
}

fn is_closer(word: &str) -> bool {
    matches!(
        word,
        "\"" | "\u{201D}" | "\u{2019}" | "'" | "''" | ")" | "]" | "}" | "\u{00BB}"
    )
}

struct Cutter<'t> {
    text: &'t str,
    done: Vec<Cut>,
    tokens: Vec<Span>,
    /// An odd number of straight double quotes stands in the paragraph so far.
    straight_open: bool,
}

impl<'t> Cutter<'t> {
    fn word(&self, at: usize) -> &'t str {
        self.tokens[at].of(self.text)
    }

    /// The last word before closing marks, if it can end a sentence.
    fn terminal(&self) -> Option<&'t str> {
        let mut words = (0..self.tokens.len()).rev().map(|at| self.word(at));
        let word = words.find(|word| !is_closer(word) && !token::is_face(word))?;
        let ends = word.ends_with([
            '.', '!', '?', '\u{2026}', '\u{061F}', '\u{06D4}', '\u{3002}',
        ]);
        ends.then_some(word)
    }

    /// Whether the sentence ends here when `next` is what follows.
    fn ends_before(&self, next: &str) -> bool {
        let Some(word) = self.terminal() else {
            return false;
        };
        if next.is_empty() {
            return true;
        }
        let lone_quote =
            matches!(next, "\"" | "\u{201D}" | "''") && (self.straight_open || next != "\"");
        if lone_quote || next.starts_with(['\u{201D}', ')', ',', ';', '.']) || token::is_face(next)
        {
            return false;
        }
        let first = next
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .chars()
            .next();
        let lower = first.is_some_and(char::is_lowercase);
        let marked = !next.starts_with(|c: char| c.is_alphanumeric());
        if lower && !marked {
            return self.careless_end(word);
        }
        if lower && word.ends_with("..") {
            return false;
        }
        let stop = word.len() > 1 && word.ends_with('.') && !word.starts_with('.');
        if stop {
            return self.abbreviation_ends(word, next);
        }
        // "1." at the head of an item belongs to the item.
        let item = self.tokens.len() == 2
            && word == "."
            && self.word(0).bytes().all(|b| b.is_ascii_digit());
        !item
    }

    /// A stop of its own right after a plain word ends a sentence even where the next begins with
    /// a small letter: careless writing is commoner than an abbreviation that no table knows. Not
    /// behind a closing mark: \"Why?\" she asked.
    fn careless_end(&self, word: &str) -> bool {
        let plain = |at: usize| {
            let before = self.word(at);
            before.len() > 2 && before.chars().all(|c| c.is_lowercase())
        };
        match self.tokens.len() {
            0 | 1 => false,
            count if self.word(count - 1) != word => false,
            count if word == "." => plain(count - 2),
            _ => word.starts_with(['!', '?']),
        }
    }

    fn abbreviation_ends(&self, word: &str, next: &str) -> bool {
        if abbreviation(word) == Some(Stop::Title) {
            return false;
        }
        let bare = next.trim_start_matches(|c: char| !c.is_alphanumeric());
        let bare = &bare[..bare
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(bare.len())];
        STARTERS.binary_search(&bare).is_ok()
    }

    /// Ends sentences inside one run: "ended.The talks".
    fn inner_ends(&mut self, first: usize) {
        let mut at = first + 1;
        while at + 1 < self.tokens.len() {
            let glued = self.word(at) == "."
                && self.tokens[at - 1].end == self.tokens[at].start
                && self.word(at - 1).ends_with(|c: char| c.is_lowercase())
                && self.word(at + 1).starts_with(char::is_uppercase);
            if glued {
                let rest = self.tokens.split_off(at + 1);
                self.finish();
                self.tokens = rest;
                at = 1;
            } else {
                at += 1;
            }
        }
    }

    fn finish(&mut self) {
        let mut tokens = std::mem::take(&mut self.tokens);
        while let Some(length) = self.dateline(&tokens) {
            let rest = tokens.split_off(length);
            self.done.push(Cut {
                span: tokens[0].cover(tokens[length - 1]),
                tokens,
            });
            tokens = rest;
        }
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            self.done.push(Cut {
                span: first.cover(*last),
                tokens,
            });
        }
    }

    /// How many words of a sentence are the dateline in front of it.
    fn dateline(&self, tokens: &[Span]) -> Option<usize> {
        let first = tokens.first()?.of(self.text);
        if !first.starts_with(|c: char| !c.is_lowercase()) {
            return None;
        }
        let mut end = tokens[0].start;
        let words: Vec<(&str, bool)> = tokens
            .iter()
            .take(dateline::LONGEST + 1)
            .map(|token| {
                let apart = token.start > end;
                end = token.end;
                (token.of(self.text), apart)
            })
            .collect();
        dateline::length(&words)
    }

    /// Cuts a run of words that is too long, after its last clause mark if there is one.
    fn shorten(&mut self) {
        while self.tokens.len() > LONGEST {
            let mark = (LONGEST / 2..LONGEST)
                .rev()
                .find(|at| matches!(self.word(*at), "," | ";" | ":"));
            let rest = self.tokens.split_off(mark.map_or(LONGEST, |at| at + 1));
            self.finish();
            self.tokens = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        cut(text)
            .iter()
            .map(|s| {
                s.tokens
                    .iter()
                    .map(|t| t.of(text))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    #[test]
    fn abbreviations_and_initials_hold() {
        assert_eq!(
            words(
                "Gen. A. B. Harlan met Mr. Okafor in the U.S. on Monday. He left at 5 p.m. The rest stayed."
            ),
            [
                "Gen. A. B. Harlan met Mr. Okafor in the U.S. on Monday .",
                "He left at 5 p.m.",
                "The rest stayed ."
            ]
        );
    }

    #[test]
    fn clitics_and_names() {
        assert_eq!(
            words("They don't trust Iraq's al-Sudani, who can’t visit Sana'a or Ain al-Asad."),
            ["They do n't trust Iraq 's al - Sudani , who ca n’t visit Sana'a or Ain al - Asad ."]
        );
    }

    #[test]
    fn careless_ends() {
        assert_eq!(
            words("the rest went home. nobody asked why? it was late. :) They slept."),
            [
                "the rest went home .",
                "nobody asked why ?",
                "it was late . :)",
                "They slept ."
            ]
        );
        assert_eq!(
            words("“Who signed?” he asked. Costs fell... and rose again. All fine. :) Next."),
            [
                "“ Who signed ? ” he asked .",
                "Costs fell ... and rose again .",
                "All fine . :)",
                "Next ."
            ]
        );
    }

    #[test]
    fn groups_of_figures() {
        assert_eq!(
            words("Call 555-010-0199 by 2024-02-12, not in 1990-1994, #3 of the 1980's ''list''."),
            [
                "Call 555-010-0199 by 2024-02-12 , not in 1990 - 1994 , # 3 of the 1980's '' list '' ."
            ]
        );
    }

    #[test]
    fn figures() {
        assert_eq!(
            words("It cost $1.2bn, or 2,500 a head; up 3.5% by 10:30."),
            ["It cost $ 1.2 bn , or 2,500 a head ; up 3.5 % by 10:30 ."]
        );
    }

    #[test]
    fn quotes_stay_with_their_sentence() {
        assert_eq!(
            words("“We will go.” He said no more. \"Why?\" she asked. \"Later.\" They left."),
            [
                "“ We will go . ”",
                "He said no more .",
                "\" Why ? \" she asked .",
                "\" Later . \"",
                "They left ."
            ]
        );
    }

    #[test]
    fn headlines_and_lines() {
        assert_eq!(
            words("Talks resume in Oslo\n\nThe parties met\nagain. Then\nthey left.\nNext item"),
            [
                "Talks resume in Oslo",
                "The parties met again .",
                "Then they left .",
                "Next item"
            ]
        );
    }

    #[test]
    fn arabic_is_cut_too() {
        assert_eq!(
            words("وصل الوفد إلى بغداد. هل يعود؟ نعم، غدا."),
            ["وصل الوفد إلى بغداد .", "هل يعود ؟", "نعم ، غدا ."]
        );
    }
}

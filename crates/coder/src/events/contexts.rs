//! PLOVER contexts with their scope, and the score of an event on the PLOVER scale.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rapporteur_base::Span;
use rapporteur_text::Sentence;
use serde::Deserialize;

use crate::{Context, Event, Input, Scope};

use super::rules::{RuleError, parse};

const CONTEXTS: &str = include_str!("../../../../data/events/contexts.toml");
const SCALE: &str = include_str!("../../../../data/events/scale.tsv");

/// Sentences with the words of a context that make it one of the whole document, and their share.
const DOCUMENT: usize = 3;
const DOCUMENT_SHARE: usize = 5;

#[derive(Deserialize)]
struct File {
    context: Vec<Row>,
}

/// One rule of `contexts.toml`.
#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    words: Vec<String>,
    /// One of these stands in the same sentence.
    #[serde(default)]
    with: Vec<String>,
    /// Types of event that alone may have it.
    #[serde(default)]
    kinds: Vec<String>,
    /// `TYPE mode` that has it by itself.
    #[serde(default)]
    modes: Vec<String>,
    #[serde(default)]
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    good: String,
    #[serde(default)]
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    bad: String,
}

/// The contexts, and the scale.
#[derive(Debug)]
pub(super) struct Contexts {
    rows: Vec<Row>,
    /// First word of a phrase: its row and the words that follow.
    first: BTreeMap<String, Vec<(usize, Vec<String>)>>,
    /// Quad class and score by type and mode.
    scale: BTreeMap<(String, String), f32>,
}

/// A context's words in a sentence.
struct Hit {
    row: usize,
    span: Span,
}

impl Contexts {
    pub(super) fn read() -> Result<Self, RuleError> {
        let rows = parse::<File>("contexts.toml", CONTEXTS)?.context;
        let mut first: BTreeMap<String, Vec<(usize, Vec<String>)>> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            for phrase in &row.words {
                let mut words = phrase.split(' ').map(str::to_owned);
                let lead = words.next().unwrap_or_default();
                first.entry(lead).or_default().push((at, words.collect()));
            }
        }
        Ok(Self {
            rows,
            first,
            scale: scale()?,
        })
    }

    /// Sets contexts and score of the events of one text.
    pub(super) fn mark(&self, input: &Input<'_>, events: &mut [Event]) {
        if events.is_empty() {
            return;
        }
        let (mut hits, mut paragraphs, mut paragraph) = (Vec::new(), Vec::new(), 0);
        let mut end = 0;
        for sentence in input.sentences {
            let gap = Span {
                start: end,
                end: sentence.span.start.max(end),
            };
            paragraph += usize::from(gap.of(input.text).contains("\n\n"));
            end = sentence.span.end;
            paragraphs.push(paragraph);
            hits.push(self.hits(input.text, sentence));
        }
        let everywhere = self.document(&hits);
        for event in events {
            let own = input
                .sentences
                .partition_point(|s| s.span.end <= event.sentence.start)
                .min(hits.len().saturating_sub(1));
            event.scale = self.score(&event.kind, event.mode.as_deref());
            event.contexts = self.of(event, own, &hits, &paragraphs, &everywhere);
        }
    }

    fn of(
        &self,
        event: &Event,
        own: usize,
        hits: &[Vec<Hit>],
        paragraphs: &[usize],
        everywhere: &[Hit],
    ) -> Vec<Context> {
        let mut found: BTreeMap<&str, (Scope, Span)> = BTreeMap::new();
        let mut add = |row: usize, scope: Scope, span: Span| {
            let row = &self.rows[row];
            let fits = row.kinds.is_empty() || scope == Scope::Sentence;
            if fits && (row.kinds.is_empty() || row.kinds.contains(&event.kind)) {
                let slot = found.entry(&row.name).or_insert((scope, span));
                if scope < slot.0 {
                    *slot = (scope, span);
                }
            }
        };
        let kind = format!("{} {}", event.kind, event.mode.as_deref().unwrap_or(""));
        for (at, _) in self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, r)| r.modes.contains(&kind))
        {
            let span = event.trigger.first().copied().unwrap_or(event.clause);
            add(at, Scope::Sentence, span);
        }
        for (at, line) in hits.iter().enumerate() {
            if at == own || paragraphs[at] == paragraphs[own] {
                let scope = if at == own {
                    Scope::Sentence
                } else {
                    Scope::Paragraph
                };
                for hit in line {
                    add(hit.row, scope, hit.span);
                }
            }
        }
        for hit in everywhere {
            add(hit.row, Scope::Document, hit.span);
        }
        found
            .into_iter()
            .map(|(name, (scope, span))| Context {
                name: name.to_owned(),
                scope,
                span,
            })
            .collect()
    }

    /// Contexts whose words stand all over the text, each with its first words.
    fn document(&self, hits: &[Vec<Hit>]) -> Vec<Hit> {
        let mut seen: BTreeMap<&str, (usize, usize, Span)> = BTreeMap::new();
        for line in hits {
            let mut here: Vec<&str> = Vec::new();
            for hit in line.iter().filter(|h| self.rows[h.row].kinds.is_empty()) {
                let name = self.rows[hit.row].name.as_str();
                if !here.contains(&name) {
                    here.push(name);
                    let slot = seen.entry(name).or_insert((0, hit.row, hit.span));
                    slot.0 += 1;
                }
            }
        }
        seen.into_values()
            .filter(|(n, _, _)| *n >= DOCUMENT && *n * DOCUMENT_SHARE >= hits.len())
            .map(|(_, row, span)| Hit { row, span })
            .collect()
    }

    /// The contexts whose words stand in one sentence.
    fn hits(&self, text: &str, sentence: &Sentence) -> Vec<Hit> {
        let tokens = &sentence.tokens;
        let is = |at: usize, word: &str| {
            tokens.get(at).is_some_and(|t| {
                t.lemma.eq_ignore_ascii_case(word) || t.span.of(text).eq_ignore_ascii_case(word)
            })
        };
        let mut found: Vec<Hit> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let lemma = lower(&token.lemma);
            let form = token.span.of(text);
            let same = form.eq_ignore_ascii_case(&lemma);
            let by_form = (!same)
                .then(|| self.first.get(lower(form).as_ref()))
                .flatten();
            let phrases = self.first.get(lemma.as_ref()).into_iter().chain(by_form);
            for (row, rest) in phrases.flatten() {
                let whole = rest.iter().enumerate().all(|(i, w)| is(at + 1 + i, w));
                if whole && !found.iter().any(|h| h.row == *row) {
                    let span = token.span.cover(tokens[at + rest.len()].span);
                    found.push(Hit { row: *row, span });
                }
            }
        }
        found.retain(|h| {
            let with = &self.rows[h.row].with;
            with.is_empty()
                || with.iter().any(|phrase| {
                    (0..tokens.len())
                        .any(|at| phrase.split(' ').enumerate().all(|(i, w)| is(at + i, w)))
                })
        });
        found
    }

    /// Score of a type and mode.
    fn score(&self, kind: &str, mode: Option<&str>) -> f32 {
        let at = |mode: &str| self.scale.get(&(kind.to_owned(), mode.to_owned()));
        mode.and_then(at).or_else(|| at("")).copied().unwrap_or(0.0)
    }
}

/// Lower case; borrowed where it is so already.
fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|b| b.is_ascii_uppercase() || b >= 0x80) {
        Cow::Owned(word.to_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}

fn scale() -> Result<BTreeMap<(String, String), f32>, RuleError> {
    let mut out = BTreeMap::new();
    for (number, line) in SCALE.lines().enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells[..] {
            _ if line.starts_with('#') || cells[0] == "type" => {}
            [kind, mode, _, score] => {
                let score = score.parse().map_err(|_| {
                    RuleError::whole(&format!("data/events/scale.tsv:{}: score", number + 1))
                })?;
                out.insert((kind.to_owned(), mode.to_owned()), score);
            }
            _ => {
                return Err(RuleError::whole(&format!(
                    "data/events/scale.tsv:{}: four cells",
                    number + 1
                )));
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_context_holds_its_examples() {
        let contexts = Contexts::read().unwrap_or_else(|e| panic!("{e}"));
        let reader = rapporteur_text::Reader::embedded();
        let mut wrong = Vec::new();
        for row in &contexts.rows {
            for (text, want) in [(&row.good, true), (&row.bad, false)] {
                let sentences = reader.read(text);
                let got = sentences.iter().any(|s| {
                    contexts
                        .hits(text, s)
                        .iter()
                        .any(|h| contexts.rows[h.row].name == row.name)
                });
                if got != want {
                    wrong.push(format!("{}: want {want}: {text}", row.name));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        let names: std::collections::BTreeSet<&str> =
            contexts.rows.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(names.len(), 37, "PLOVER 2.0 has 37 contexts");
    }

    #[test]
    fn the_scale_has_every_type_with_its_quad() {
        let contexts = Contexts::read().unwrap_or_else(|e| panic!("{e}"));
        let types: std::collections::BTreeSet<&str> = contexts
            .scale
            .keys()
            .map(|(kind, _)| kind.as_str())
            .collect();
        assert_eq!(types.len(), 16);
        for line in SCALE.lines().filter(|l| !l.starts_with('#')).skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let quad = super::super::extract::quad(cells[0]);
            assert_eq!(cells[2], quad.to_string(), "{line}");
        }
    }
}

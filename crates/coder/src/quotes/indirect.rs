//! Reported speech: the clause that a word of saying governs.

use rapporteur_base::{Span, Why};
use rapporteur_text::{Deprel, Sentence, Upos};

use super::cues::{self, Cue, CueClass};
use super::{Paragraph, speaker_of};
use crate::{Coding, Quote, QuoteKind};

/// The quotation of a cue that owns no quoted run, if it governs a clause.
pub(super) fn quote(p: &Paragraph<'_>, cue: &Cue, coding: &Coding) -> Option<Quote> {
    if cue.negated || cue.class == CueClass::Label {
        return None;
    }
    let sentence = p.sentences.get(cue.sentence)?;
    // "The cells continue to threaten the town": an infinitive is no clause that somebody says.
    let next = sentence.tokens.get(cue.token + 1);
    if cue.class == CueClass::Say && next.is_some_and(|t| t.xpos == "TO") {
        return None;
    }
    let party = speaker_of(p, cue, coding)?;
    if matches!(cue.class, CueClass::Mind)
        && !coding.actors.iter().any(|m| party.span.overlaps(m.span))
    {
        return None;
    }
    let (content, rule) = if cue.class == CueClass::According {
        (
            beside(p.text, sentence, cue.span.cover(party.span)),
            "quotes/according-to",
        )
    } else {
        (
            clause(p, sentence, cue, party.span)?,
            "quotes/reported-clause",
        )
    };
    let content: Vec<Span> = content
        .into_iter()
        .map(|s| strip(p.text, s))
        .filter(|s| s.of(p.text).split_whitespace().count() >= 2)
        .collect();
    if content.is_empty()
        || content
            .iter()
            .map(|s| s.of(p.text).split_whitespace().count())
            .sum::<usize>()
            < 3
    {
        return None;
    }
    let marked = p
        .runs
        .iter()
        .any(|r| content.iter().any(|c| c.contains(r.inner)));
    Some(Quote {
        kind: if marked {
            QuoteKind::Mixed
        } else {
            QuoteKind::Indirect
        },
        content,
        cue: vec![cue.span],
        speaker: Some(party),
        why: Why::rule(rule, "a clause under a word of saying"),
    })
}

/// The sentence without `attribution` ("according to X").
fn beside(text: &str, sentence: &Sentence, attribution: Span) -> Vec<Span> {
    let before = Span {
        start: sentence.span.start,
        end: attribution.start.max(sentence.span.start),
    };
    let after = Span {
        start: attribution.end.min(sentence.span.end),
        end: sentence.span.end,
    };
    // A clause before the attribution and none after it: the rest is an appendix.
    [before, after]
        .into_iter()
        .map(|s| strip(text, s))
        .filter(|s| {
            let word = s.of(text).split_whitespace().next().unwrap_or("");
            !matches!(word, "which" | "who" | "whose" | "where")
        })
        .filter(|s| s.of(text).split_whitespace().count() >= 3)
        .collect()
}

/// The clause that a verb of saying governs.
fn clause(p: &Paragraph<'_>, sentence: &Sentence, cue: &Cue, speaker: Span) -> Option<Vec<Span>> {
    let tokens = &sentence.tokens;
    let verb = cue.token;
    // "As the envoy stressed, …"
    let as_word = tokens
        .iter()
        .rev()
        .find(|t| t.span.end <= speaker.start && !matches!(t.upos, Upos::Det))
        .filter(|t| t.span.of(p.text).eq_ignore_ascii_case("as") && speaker.start < cue.span.start);
    if let Some(lead) = as_word {
        return Some(beside(p.text, sentence, lead.span.cover(cue.span)));
    }
    // "The truce will hold, said Jan Bakker, a spokesman": what was said stands before the verb.
    let behind = cues::inverted(p.text, sentence, verb, verb).is_some();
    if behind
        && speaker.start >= cue.span.end
        && matches!(cue.class, CueClass::Say | CueClass::Claim)
    {
        let said = strip(
            p.text,
            Span {
                start: sentence.span.start,
                end: cue.span.start,
            },
        );
        return (said.of(p.text).split_whitespace().count() >= 3).then(|| vec![said]);
    }
    let complement = sentence
        .children(verb)
        .find(|c| tokens[*c].deprel == Deprel::Ccomp && !speaker.contains(tokens[*c].span));
    if let Some(head) = complement {
        if head < verb {
            return Some(beside_cue(p.text, sentence, cue, speaker));
        }
        let first = first_after(sentence, head, verb);
        if cue.class == CueClass::Mind && !has_finite(sentence, first) {
            return None;
        }
        return Some(vec![onward(sentence, cue, first)]);
    }
    // "The deal is dead, the minister said": the verb hangs on the clause.
    if tokens[verb].deprel == Deprel::Parataxis
        && matches!(cue.class, CueClass::Say | CueClass::Claim | CueClass::Tell)
    {
        return Some(beside_cue(p.text, sentence, cue, speaker));
    }
    // A parse that lost the clause: "that" close by, or a clause right after "said".
    let after = (verb + 1..tokens.len().min(verb + 9)).find(|i| {
        tokens[*i].span.of(p.text).eq_ignore_ascii_case("that") && tokens[*i].upos == Upos::Sconj
    });
    if let Some(that) = after.filter(|that| {
        cue.class != CueClass::Mind && tokens[verb + 1..*that].iter().all(|t| t.upos != Upos::Verb)
    }) {
        return Some(vec![onward(sentence, cue, that)]);
    }
    if cue.class == CueClass::Say && ends_sentence(sentence, cue, speaker) {
        let content = beside_cue(p.text, sentence, cue, speaker);
        let long = content
            .iter()
            .any(|s| s.of(p.text).split_whitespace().count() >= 4);
        return (long && comma_before(p.text, speaker.cover(cue.span))).then_some(content);
    }
    if tokens[verb].lemma == "say"
        && speaker.end <= cue.span.start
        && has_finite(sentence, verb + 1)
    {
        return Some(vec![onward(sentence, cue, verb + 1)]);
    }
    None
}

/// Only punctuation follows the cue and its speaker.
fn ends_sentence(sentence: &Sentence, cue: &Cue, speaker: Span) -> bool {
    let end = cue.span.end.max(speaker.end);
    sentence
        .tokens
        .iter()
        .filter(|t| t.span.start >= end)
        .all(|t| t.upos == Upos::Punct)
}

fn comma_before(text: &str, span: Span) -> bool {
    text.get(..span.start as usize)
        .is_some_and(|t| t.trim_end().ends_with([',', '”', '"', '—']))
}

/// The words of the clause after the verb: its complementizer first.
fn first_after(sentence: &Sentence, head: usize, verb: usize) -> usize {
    sentence
        .subtree(head)
        .into_iter()
        .find(|i| *i > verb)
        .unwrap_or(head)
}

/// From `first` to the end of the sentence, or to a joined verb that says something else.
fn onward(sentence: &Sentence, cue: &Cue, first: usize) -> Span {
    let tokens = &sentence.tokens;
    let start = tokens[first.min(tokens.len() - 1)].span.start;
    let mut end = sentence.span.end;
    for child in sentence.children(cue.token) {
        if child > first && matches!(tokens[child].deprel, Deprel::Conj | Deprel::Advcl) {
            let from = sentence
                .subtree(child)
                .into_iter()
                .find(|i| *i > first)
                .unwrap_or(child);
            let adds = matches!(
                tokens[child].lemma.as_str(),
                "add"
                    | "say"
                    | "warn"
                    | "note"
                    | "stress"
                    | "insist"
                    | "call"
                    | "urge"
                    | "tell"
                    | "announce"
                    | "claim"
                    | "describe"
                    | "accuse"
            );
            if adds
                || (tokens[child].deprel == Deprel::Conj
                    && sentence
                        .children(child)
                        .any(|c| tokens[c].deprel == Deprel::Nsubj))
            {
                end = end.min(tokens[from].span.start);
            }
        }
    }
    Span {
        start,
        end: end.max(start),
    }
}

/// What stands before and after "X said" in the same sentence.
fn beside_cue(text: &str, sentence: &Sentence, cue: &Cue, speaker: Span) -> Vec<Span> {
    let tokens = &sentence.tokens;
    let mut core = cue.span.cover(speaker);
    // "…, X said in a statement on Monday.": what hangs on the verb is not said.
    for child in sentence.children(cue.token) {
        let loose = matches!(
            tokens[child].deprel,
            Deprel::Obl | Deprel::OblUnmarked | Deprel::Advmod | Deprel::Advcl | Deprel::Aux
        );
        if loose && child > cue.token {
            for inside in sentence.subtree(child) {
                core = core.cover(tokens[inside].span);
            }
        }
    }
    if core.start <= sentence.span.start {
        return vec![Span {
            start: core.end,
            end: sentence.span.end.max(core.end),
        }];
    }
    beside(text, sentence, core)
}

fn has_finite(sentence: &Sentence, from: usize) -> bool {
    sentence.tokens[from.min(sentence.tokens.len())..]
        .iter()
        .any(|t| {
            matches!(t.xpos.as_str(), "VBD" | "VBZ" | "VBP" | "MD")
                || (t.xpos.is_empty() && matches!(t.upos, Upos::Verb | Upos::Aux))
        })
}

/// Outer punctuation, quote marks and joining words go.
fn strip(text: &str, span: Span) -> Span {
    let slice = span.of(text);
    let lead = slice.len()
        - slice
            .trim_start_matches([' ', '\n', ',', ':', ';', '—', '–', '\u{a0}'])
            .len();
    let tail = slice
        .trim_end_matches([' ', '\n', ',', '.', ';', '—', '–', ':', '\u{a0}'])
        .len();
    if lead >= tail {
        return Span {
            start: span.start,
            end: span.start,
        };
    }
    Span::new(span.start as usize + lead, span.start as usize + tail)
}

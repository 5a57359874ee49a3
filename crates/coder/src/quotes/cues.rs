//! Words of saying, and who is their subject.

use rapporteur_base::Span;
use rapporteur_text::{Deprel, Sentence, Upos};

use crate::actors::words::{hash, join};

/// What a word of saying takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CueClass {
    /// Quotes and clauses, "that" or not.
    Say,
    /// Clauses and quotes.
    Claim,
    /// With an addressee.
    Tell,
    Ask,
    /// Thoughts: clauses with "that".
    Mind,
    /// Only with quoted words.
    Label,
    /// "according to".
    According,
}

#[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
type Table = std::collections::HashMap<u64, CueClass>;

const CUES: &str = include_str!("../../../../data/quotes/cues.tsv");

fn table() -> &'static Table {
    static TABLE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(|| {
        crate::actors::rows(CUES)
            .filter_map(|row| {
                let key = row.first()?.split(' ').fold(0, |key, w| join(key, hash(w)));
                let class = match *row.get(2)? {
                    "say" => CueClass::Say,
                    "claim" => CueClass::Claim,
                    "tell" => CueClass::Tell,
                    "ask" => CueClass::Ask,
                    "mind" => CueClass::Mind,
                    _ => CueClass::Label,
                };
                Some((key, class))
            })
            .collect()
    });
    &TABLE
}

/// A cue in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Cue {
    pub(super) sentence: usize,
    /// Its verb (or "to" of "according to").
    pub(super) token: usize,
    pub(super) span: Span,
    pub(super) class: CueClass,
    /// "did not say", "declined to say".
    pub(super) negated: bool,
    /// Head token of the speaker.
    pub(super) subject: Option<usize>,
}

/// Every cue of a sentence outside `quoted`.
pub(super) fn find(
    text: &str,
    number: usize,
    sentence: &Sentence,
    quoted: &dyn Fn(Span) -> bool,
) -> Vec<Cue> {
    let mut out = Vec::new();
    let tokens = &sentence.tokens;
    for at in 0..tokens.len() {
        let span = tokens[at].span;
        let word = span.of(text).to_lowercase();
        if quoted(span) {
            continue;
        }
        if word == "to"
            && at > 0
            && tokens[at - 1]
                .span
                .of(text)
                .eq_ignore_ascii_case("according")
        {
            out.push(Cue {
                sentence: number,
                token: at,
                span: tokens[at - 1].span.cover(span),
                class: CueClass::According,
                negated: false,
                subject: according(sentence, at, text),
            });
            continue;
        }
        if !matches!(tokens[at].upos, Upos::Verb | Upos::X) {
            continue;
        }
        let one = join(0, hash(&word));
        let two = tokens
            .get(at + 1)
            .map(|n| join(one, hash(&n.span.of(text).to_lowercase())));
        let (class, last) = match (two.and_then(|k| table().get(&k)), table().get(&one)) {
            (Some(class), _) => (*class, at + 1),
            (None, Some(class)) => (*class, at),
            _ => continue,
        };
        if is_noun_use(sentence, at) {
            continue;
        }
        let (span, negated) = extent(text, sentence, at, last);
        out.push(Cue {
            sentence: number,
            token: at,
            span,
            class,
            negated,
            subject: Some(class)
                .filter(|c| matches!(c, CueClass::Say | CueClass::Claim))
                .and_then(|_| inverted(text, sentence, at, last))
                .or_else(|| subject(sentence, at))
                .or_else(|| fronted(text, sentence, at)),
        });
    }
    out
}

/// A participle before its noun ("the announced deal", "said ministry").
fn is_noun_use(sentence: &Sentence, at: usize) -> bool {
    let token = &sentence.tokens[at];
    matches!(token.deprel, Deprel::Amod | Deprel::Compound | Deprel::Case)
}

/// The verb with its auxiliaries ("has said"); and whether it is denied.
fn extent(text: &str, sentence: &Sentence, at: usize, last: usize) -> (Span, bool) {
    let tokens = &sentence.tokens;
    let mut negated = false;
    let mut first = at;
    for child in sentence.children(at) {
        let word = tokens[child].span.of(text).to_lowercase();
        if matches!(word.as_str(), "not" | "n't" | "n’t" | "never") {
            negated = true;
        }
        if matches!(tokens[child].deprel, Deprel::Aux | Deprel::AuxPass)
            && child < at
            && at - child <= 3
        {
            first = first.min(child);
        }
    }
    if tokens[at].deprel == Deprel::Xcomp
        && let Some(head) = tokens[at].head
        && matches!(
            tokens[head].lemma.as_str(),
            "decline" | "refuse" | "fail" | "stop" | "avoid"
        )
    {
        negated = true;
    }
    let span = tokens[at].span.cover(tokens[last].span);
    if first < at
        && tokens[first..at]
            .iter()
            .all(|t| matches!(t.upos, Upos::Aux | Upos::Adv | Upos::Part))
    {
        return (tokens[first].span.cover(span), negated);
    }
    (span, negated)
}

/// The subject of a verb: its own, that of the verb it is joined to, or the noun it describes.
fn subject(sentence: &Sentence, verb: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let mut at = verb;
    for _ in 0..4 {
        // A verb has one subject: of two that a parse gives it the nearest before it is its own, the
        // other that of a clause which the parse lost.
        let own = sentence
            .children(at)
            .filter(|c| matches!(tokens[*c].deprel, Deprel::Nsubj | Deprel::NsubjOuter))
            .reduce(|far, near| if near < at { near } else { far });
        if let Some(found) = own {
            let relative = matches!(
                tokens[found].lemma.to_lowercase().as_str(),
                "who" | "which" | "that"
            );
            return if relative {
                tokens[at].head.filter(|h| tokens[*h].upos != Upos::Verb)
            } else {
                Some(found)
            };
        }
        match tokens[at].deprel {
            Deprel::Conj | Deprel::Xcomp | Deprel::Advcl => at = tokens[at].head?,
            Deprel::Acl | Deprel::AclRelcl => {
                let head = tokens[at].head?;
                return (tokens[head].upos != Upos::Verb).then_some(head);
            }
            _ => return None,
        }
    }
    None
}

/// "…, said Jan Bakker, a spokesman": a word of saying between a comma or quote mark and a noun
/// phrase has its subject behind it, whatever the parse makes of it. Gives the phrase's head.
pub(super) fn inverted(text: &str, sentence: &Sentence, verb: usize, last: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let before = tokens[verb.checked_sub(1)?].span.of(text);
    // "…, Captain Osei, the commander, told reporters": who is told stands behind it, not who tells.
    let told = matches!(
        tokens[verb].lemma.as_str(),
        "tell" | "inform" | "assure" | "remind"
    );
    if !matches!(before, "," | "\"" | "”" | "’" | "''") || tokens[verb].xpos == "VBG" || told {
        return None;
    }
    let mut end = last + 1;
    while tokens.get(end).is_some_and(|t| {
        matches!(
            t.upos,
            Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num
        ) || t.span.of(text).starts_with(['\'', '’'])
    }) {
        end += 1;
    }
    let phrase = last + 1..end;
    let stands_alone = tokens
        .get(end)
        .is_none_or(|t| t.upos == Upos::Punct || t.upos == Upos::Adp);
    phrase
        .clone()
        .find(|i| {
            is_nominal(tokens[*i].upos) && tokens[*i].head.is_none_or(|h| !phrase.contains(&h))
        })
        .filter(|_| stands_alone)
}

/// "…" General Maas, the commander, told reporters: a verb that the parse leaves without a subject has
/// the noun between the closing mark and itself.
fn fronted(text: &str, sentence: &Sentence, verb: usize) -> Option<usize> {
    let tokens = &sentence.tokens;
    let close = (0..verb)
        .rev()
        .find(|i| matches!(tokens[*i].span.of(text), "\"" | "”" | "’’" | "''"))?;
    let between = close + 1..verb;
    if between.len() > 16
        || tokens[between.clone()]
            .iter()
            .any(|t| matches!(t.upos, Upos::Verb | Upos::Aux | Upos::Sconj))
    {
        return None;
    }
    between.clone().find(|i| {
        is_nominal(tokens[*i].upos) && tokens[*i].head.is_none_or(|h| !between.contains(&h))
    })
}

/// The noun after "according to".
fn according(sentence: &Sentence, to: usize, text: &str) -> Option<usize> {
    let tokens = &sentence.tokens;
    // The head of the phrase is the noun that both words hang on, when the parse has it so.
    if let Some(head) = tokens[to - 1]
        .head
        .filter(|h| *h > to && is_nominal(tokens[*h].upos))
    {
        return Some(head);
    }
    if let Some(head) = tokens[to]
        .head
        .filter(|h| *h > to && is_nominal(tokens[*h].upos))
    {
        return Some(head);
    }
    let from = to + 1;
    (from..tokens.len().min(from + 8))
        .take_while(|i| !matches!(tokens[*i].span.of(text), "," | "." | ";"))
        .filter(|i| is_nominal(tokens[*i].upos))
        .last()
}

pub(super) fn is_nominal(upos: Upos) -> bool {
    matches!(upos, Upos::Noun | Upos::Propn | Upos::Pron)
}

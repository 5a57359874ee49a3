//! Quotations: direct, indirect and mixed, with cue and speaker.
//!
//! Quote marks are paired first, inside one paragraph; each quoted run goes to the nearest word of
//! saying, before or after it; runs split by "he said" are one quotation. What is left of the words
//! of saying may govern a clause: reported speech. Scare quotes, titles and pull-quotes are nobody's
//! words. Saying that is denied ("declined to say") is none.

mod cues;
mod indirect;
mod marks;
mod speaker;

use rapporteur_base::{Span, Why};
use rapporteur_text::{Deprel, Sentence, Upos};

use crate::{BlockKind, Coding, Input, Party, Quote, QuoteKind};
use cues::{Cue, CueClass};
use marks::Run;

/// One paragraph with what was found in it.
struct Paragraph<'a> {
    text: &'a str,
    span: Span,
    sentences: &'a [Sentence],
    runs: Vec<Run>,
    cues: Vec<Cue>,
}

/// Every quotation, in text order. `coding` holds the actors found before.
pub fn find(input: &Input<'_>, coding: &Coding) -> Vec<Quote> {
    let mut out: Vec<Quote> = Vec::new();
    // Speech whose closing mark is missing goes on in the next paragraph.
    let mut carried: Option<usize> = None;
    for (span, kind) in blocks(input) {
        if matches!(kind, BlockKind::Repeat | BlockKind::Head) {
            continue;
        }
        let paragraph = read(input, span);
        let from = out.len();
        let mut given: Vec<Option<usize>> = vec![None; paragraph.runs.len()];
        if let (Some(before), Some(run)) = (carried, paragraph.runs.first())
            && span
                .of(input.text)
                .trim_start()
                .starts_with(['“', '"', '‘'])
            && let Some(quote) = out.get_mut(before)
        {
            quote.content.push(run.inner);
            given[0] = Some(before);
        }
        let used = direct(&paragraph, coding, &mut given, &mut out);
        for (at, cue) in paragraph.cues.iter().enumerate() {
            if !used.contains(&at)
                && let Some(quote) = indirect::quote(&paragraph, cue, coding)
            {
                out.push(quote);
            }
        }
        carried = match (paragraph.runs.last(), given.last()) {
            (Some(run), Some(Some(quote))) if run.open => Some(*quote),
            _ => None,
        };
        let _ = from;
    }
    out.sort_by_key(|q| q.content.first().map_or(0, |s| s.start));
    drop_inner(&mut out);
    out
}

/// A quotation inside another of the same words is the same quotation.
fn drop_inner(quotes: &mut Vec<Quote>) {
    let mut keep = vec![true; quotes.len()];
    for (at, keep) in keep.iter_mut().enumerate() {
        let (before, rest) = quotes.split_at(at);
        let Some(inner) = rest.first() else { break };
        let double = before.iter().rev().take(4).any(|outer| {
            inner
                .content
                .iter()
                .all(|s| outer.content.iter().any(|o| o.contains(*s)))
                && (outer.kind == QuoteKind::Mixed && inner.kind != QuoteKind::Indirect
                    || inner.cue == outer.cue)
        });
        *keep = !double;
    }
    let mut at = 0;
    quotes.retain(|_| {
        at += 1;
        keep[at - 1]
    });
}

fn blocks(input: &Input<'_>) -> Vec<(Span, BlockKind)> {
    if !input.blocks.is_empty() {
        return input.blocks.to_vec();
    }
    let mut out = Vec::new();
    let mut from = 0;
    for part in input.text.split("\n\n") {
        out.push((Span::new(from, from + part.len()), BlockKind::Body));
        from += part.len() + 2;
    }
    out
}

fn read<'a>(input: &Input<'a>, span: Span) -> Paragraph<'a> {
    let first = input
        .sentences
        .partition_point(|s| s.span.end <= span.start);
    let after = input.sentences.partition_point(|s| s.span.start < span.end);
    let sentences = &input.sentences[first.min(after)..after];
    let runs = marks::runs(input.text, span);
    let quoted = |word: Span| runs.iter().any(|r| r.inner.overlaps(word));
    let cues = sentences
        .iter()
        .enumerate()
        .flat_map(|(number, s)| cues::find(input.text, number, s, &quoted))
        .collect();
    Paragraph {
        text: input.text,
        span,
        sentences,
        runs,
        cues,
    }
}

/// Gives quoted runs to cues; fills `given` with the quotation of each run; gives the cues used.
fn direct(
    p: &Paragraph<'_>,
    coding: &Coding,
    given: &mut [Option<usize>],
    out: &mut Vec<Quote>,
) -> Vec<usize> {
    let mut used: Vec<usize> = Vec::new();
    let mut owner: Vec<(usize, usize)> = Vec::new();
    for at in 0..p.runs.len() {
        if given[at].is_some() {
            continue;
        }
        let run = p.runs[at];
        let Some(cue_at) = cue_for(p, at) else {
            given[at] = loose_run(p, at, given, coding, out);
            continue;
        };
        if let Some((_, quote)) = owner.iter().find(|(cue, _)| *cue == cue_at) {
            out[*quote].content.push(run.inner);
            given[at] = Some(*quote);
            continue;
        }
        let cue = &p.cues[cue_at];
        if cue.negated {
            continue;
        }
        if words(run.inner.of(p.text)) < 3 && cue.class != CueClass::Label && !whole(p, run) {
            continue;
        }
        // A clause that only partly stands between marks is read as reported speech.
        if let Some(quote) = partly(p, cue, run, coding) {
            used.push(cue_at);
            out.push(quote);
            owner.push((cue_at, out.len() - 1));
            given[at] = Some(out.len() - 1);
            continue;
        }
        let Some(quote) = beside(p, cue, run, coding) else {
            continue;
        };
        used.push(cue_at);
        out.push(quote);
        owner.push((cue_at, out.len() - 1));
        given[at] = Some(out.len() - 1);
    }
    // One content a run; a mixed clause already holds its runs.
    for (_, quote) in owner {
        tidy(&mut out[quote].content);
    }
    used
}

/// The words between marks beside a cue, as a quotation.
fn beside(p: &Paragraph<'_>, cue: &Cue, run: Run, coding: &Coding) -> Option<Quote> {
    if cue.class == CueClass::Mind && words(run.inner.of(p.text)) < 5 {
        return None;
    }
    let kind = if whole(p, run) {
        QuoteKind::Direct
    } else {
        QuoteKind::Mixed
    };
    let speaker = speaker_of(p, cue, coding);
    if speaker.is_none() && kind == QuoteKind::Mixed {
        return None;
    }
    Some(Quote {
        kind,
        content: vec![run.inner],
        cue: vec![cue.span],
        speaker,
        why: Why::rule(
            "quotes/marks-and-cue",
            "words between quote marks beside a word of saying",
        ),
    })
}

/// The reported speech that a cue before the run opens and the run only partly covers.
fn partly(p: &Paragraph<'_>, cue: &Cue, run: Run, coding: &Coding) -> Option<Quote> {
    let reports = matches!(
        cue.class,
        CueClass::Say
            | CueClass::Claim
            | CueClass::Tell
            | CueClass::Mind
            | CueClass::According
            | CueClass::Ask
    );
    if !reports || cue.span.end > run.outer.start || plain_bridge(p, cue, run) {
        return None;
    }
    indirect::quote(p, cue, coding).filter(|q| q.content.iter().any(|c| c.overlaps(run.inner)))
}

/// Contents inside a longer one of the same quotation go.
fn tidy(content: &mut Vec<Span>) {
    content.sort_unstable();
    content.dedup();
    let all = content.clone();
    content.retain(|s| !all.iter().any(|o| o != s && o.contains(*s)));
}

/// The cue that a quoted run belongs to.
fn cue_for(p: &Paragraph<'_>, at: usize) -> Option<usize> {
    let run = p.runs[at];
    let inner = run.inner.of(p.text);
    let after = p
        .cues
        .iter()
        .position(|c| c.span.start >= run.outer.end)
        .filter(|c| {
            let cue = &p.cues[*c];
            let gap = Span {
                start: run.outer.end,
                end: cue.span.start,
            };
            let clean = gap.len() <= 140
                && !ends_sentence(gap.of(p.text))
                && !p.runs.iter().skip(at + 1).any(|r| gap.overlaps(r.outer));
            let leads = inner.ends_with([',', '?', '!', '—', '…'])
                || gap.of(p.text).trim_start().starts_with([',', '—', '–']);
            clean && leads && !matches!(cue.class, CueClass::Label | CueClass::Mind)
        });
    let before = p
        .cues
        .iter()
        .enumerate()
        .rev()
        .find(|(_, c)| c.span.end <= run.outer.start)
        .filter(|(_, cue)| {
            let gap = Span {
                start: cue.span.end,
                end: run.outer.start,
            };
            let between = p.runs[..at]
                .iter()
                .filter(|r| gap.overlaps(r.outer))
                .any(|r| {
                    ends_sentence(
                        Span {
                            start: r.inner.end.saturating_sub(1),
                            end: r.outer.end,
                        }
                        .of(p.text),
                    )
                });
            !ends_sentence(gap.of(p.text)) && !between && gap.len() < 400
        })
        .map(|(i, _)| i);
    let closes = inner.ends_with([',', '?', '!']);
    let start = sentence_start(p, run);
    match (before, after) {
        (Some(_), Some(a)) if closes && start => Some(a),
        (Some(b), _) => Some(b),
        (None, a) => a,
    }
}

/// Whether nothing of its sentence stands before the run.
fn sentence_start(p: &Paragraph<'_>, run: Run) -> bool {
    let before = Span {
        start: p.span.start,
        end: run.outer.start,
    }
    .of(p.text)
    .trim_end();
    before.is_empty() || before.ends_with(['.', '?', '!', '”', '"', ':'])
}

fn ends_sentence(gap: &str) -> bool {
    let bytes = gap.as_bytes();
    (0..bytes.len()).any(|i| {
        matches!(bytes[i], b'?' | b'!' | b';')
            || (bytes[i] == b'.'
                && bytes
                    .get(i + 1)
                    .is_none_or(|b| b.is_ascii_whitespace() || *b >= 0x80 || *b == b'"')
                && !abbreviation(&gap[..i]))
    })
}

fn abbreviation(before: &str) -> bool {
    let word = before.rsplit([' ', '\n', '(', '.']).next().unwrap_or("");
    word.chars().count() <= 1
        || matches!(
            word,
            "Mr" | "Mrs"
                | "Ms"
                | "Dr"
                | "Gen"
                | "Lt"
                | "Col"
                | "Sen"
                | "Rep"
                | "Gov"
                | "Maj"
                | "Adm"
                | "St"
                | "Jr"
                | "Brig"
                | "Capt"
                | "Sgt"
                | "No"
        )
}

/// A run that is a sentence or a clause of its own.
fn whole(p: &Paragraph<'_>, run: Run) -> bool {
    let inner = run.inner.of(p.text);
    let starts = inner
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c == '…');
    let n = words(inner);
    let verb = has_verb(p, run.inner);
    // The president replied: "Soon."
    let before = Span {
        start: p.span.start,
        end: run.outer.start,
    };
    let after_colon = before.of(p.text).trim_end().ends_with(':');
    let closed = inner.ends_with([',', '.', '!', '?']);
    (starts && (verb || closed && (n >= 2 || after_colon)))
        || (n >= 6 && verb && inner.ends_with([',', '.', '!', '?']))
}

fn has_verb(p: &Paragraph<'_>, span: Span) -> bool {
    p.sentences
        .iter()
        .filter(|s| s.span.overlaps(span))
        .any(|s| {
            s.tokens
                .iter()
                .any(|t| span.contains(t.span) && matches!(t.upos, Upos::Verb | Upos::Aux))
        })
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Between a cue and its run stand only "that", an addressee or a time: the run is the speech.
fn plain_bridge(p: &Paragraph<'_>, cue: &Cue, run: Run) -> bool {
    let gap = Span {
        start: cue.span.end,
        end: run.outer.start,
    };
    let bridge = gap.of(p.text).trim();
    if bridge.is_empty() || bridge.ends_with([':', ',']) {
        return true;
    }
    let n = words(bridge);
    (n <= 1 && matches!(bridge, "that" | "that:" | "as"))
        || (n <= 8
            && matches!(cue.class, CueClass::Tell)
            && !bridge.contains(" that")
            && !has_verb(p, gap)
            && whole(p, run))
}

/// A run without a cue: the same speaker goes on, a part of somebody's wording, or scare quotes.
fn loose_run(
    p: &Paragraph<'_>,
    at: usize,
    given: &[Option<usize>],
    coding: &Coding,
    out: &mut Vec<Quote>,
) -> Option<usize> {
    let run = p.runs[at];
    let inner = run.inner.of(p.text);
    let n = words(inner);
    let own_sentence = sentence_start(p, run) && whole(p, run);
    if own_sentence
        && n >= 2
        && let Some(Some(before)) = at.checked_sub(1).map(|b| given[b])
    {
        out[before].content.push(run.inner);
        return Some(before);
    }
    if own_sentence && n >= 6 && (inner.ends_with(['.', '!', '?', ',', '…']) || run.open) {
        out.push(Quote {
            kind: QuoteKind::Direct,
            content: vec![run.inner],
            cue: Vec::new(),
            speaker: None,
            why: Why::rule(
                "quotes/marks",
                "a sentence between quote marks; the text does not say whose",
            ),
        });
        return Some(out.len() - 1);
    }
    if n < 3 || !inner.chars().any(char::is_lowercase) || title_case(inner) {
        return None;
    }
    let (verb, party) = clause_owner(p, run, coding)?;
    out.push(Quote {
        kind: QuoteKind::Mixed,
        content: vec![run.inner],
        cue: vec![verb],
        speaker: Some(party),
        why: Why::rule(
            "quotes/partial",
            "words between quote marks in what an actor does or wants",
        ),
    });
    Some(out.len() - 1)
}

/// "The Long War Ahead": a title, not speech.
fn title_case(inner: &str) -> bool {
    let long: Vec<&str> = inner.split_whitespace().filter(|w| w.len() > 3).collect();
    long.len() >= 2
        && long
            .iter()
            .all(|w| w.chars().next().is_some_and(|c| !c.is_lowercase()))
}

/// The actor whose doing the quoted words are part of.
fn clause_owner(p: &Paragraph<'_>, run: Run, coding: &Coding) -> Option<(Span, Party)> {
    let sentence = p.sentences.iter().find(|s| s.span.overlaps(run.inner))?;
    let tokens = &sentence.tokens;
    let (first, last) = sentence.tokens_in(run.inner)?;
    // The verb over the quoted words.
    let mut at = (first..=last).find(|i| tokens[*i].head.is_none_or(|h| h < first || h > last))?;
    for _ in 0..tokens.len().min(12) {
        let own = sentence
            .children(at)
            .find(|c| tokens[*c].deprel == Deprel::Nsubj && !(first..=last).contains(c));
        if let Some(subject) = own.filter(|_| !(first..=last).contains(&at)) {
            let party = speaker::party(p.text, sentence, subject, &coding.actors, &|s| {
                run.outer.overlaps(s)
            })?;
            let known = coding.actors.iter().any(|m| m.span.overlaps(party.span));
            return known.then_some((tokens[at].span, party));
        }
        at = tokens[at].head?;
    }
    None
}

/// Who speaks at a cue: its subject, or the actor right beside it.
fn speaker_of(p: &Paragraph<'_>, cue: &Cue, coding: &Coding) -> Option<Party> {
    let sentence = p.sentences.get(cue.sentence)?;
    let stop = |s: Span| s.overlaps(cue.span) || p.runs.iter().any(|r| r.inner.overlaps(s));
    if let Some(head) = cue.subject
        && !p
            .runs
            .iter()
            .any(|r| r.inner.overlaps(sentence.tokens[head].span))
        && let Some(party) = speaker::party(p.text, sentence, head, &coding.actors, &stop)
    {
        let outer = past_relative(p.text, sentence, party.span, cue.span)
            .and_then(|head| speaker::party(p.text, sentence, head, &coding.actors, &stop));
        return Some(outer.unwrap_or(party));
    }
    let beside = |m: &&crate::ActorMention| {
        let right = m.span.start >= cue.span.end && m.span.start - cue.span.end <= 5;
        let left = m.span.end <= cue.span.start && cue.span.start - m.span.end <= 2;
        (right || left) && !p.runs.iter().any(|r| r.inner.overlaps(m.span))
    };
    let mention = coding
        .actors
        .iter()
        .filter(|m| sentence.span.contains(m.span))
        .filter(beside)
        .max_by_key(|m| m.span.len())?;
    Some(Party {
        span: mention.span,
        actor: mention.actor.clone(),
    })
}

/// "The group, which has 40 fighters, said": a noun that a comma parts from the verb belongs to the
/// relative clause; the noun before that clause speaks.
fn past_relative(text: &str, sentence: &Sentence, speaker: Span, cue: Span) -> Option<usize> {
    if speaker.end > cue.start
        || (Span {
            start: speaker.end,
            end: cue.start,
        })
        .of(text)
        .trim()
            != ","
    {
        return None;
    }
    let tokens = &sentence.tokens;
    let who = tokens.iter().rposition(|t| {
        t.span.end <= speaker.end
            && matches!(
                t.span.of(text).to_lowercase().as_str(),
                "which" | "who" | "whose"
            )
    })?;
    let comma = who
        .checked_sub(1)
        .filter(|c| tokens[*c].span.of(text) == ",")?;
    comma
        .checked_sub(1)
        .filter(|n| cues::is_nominal(tokens[*n].upos))
}

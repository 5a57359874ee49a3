//! The one relation of a pair of parties in a text, half-known ones included.

use rapporteur_base::Why;

use crate::{Event, Modality, Party};

use super::extract::{Found, quad};
use super::rank::{CLASSES, Model, softmax};
use super::rules::{Frame, Frames, OPEN};
use super::tree::Tree;

/// A relation by its verb alone, for a pair that no frame fits: the verb's first frame names the
/// type, a verb between the two names first.
pub(super) fn loose(tree: &Tree<'_>, frames: &Frames, source: &str, target: &str) -> Option<Event> {
    let text = tree.sentence.span.of(tree.text);
    let offset = |name: &str| {
        text.find(name)
            .map(|i| i + tree.sentence.span.start as usize)
    };
    let (from, to) = (offset(source)?, offset(target)?);
    let between = |at: usize| {
        let start = tree.span(at).start as usize;
        from.min(to) < start && start < from.max(to)
    };
    let candidate = |at: usize| {
        let lemma = tree.lemma(at);
        let frame = frames
            .of_verb(lemma)
            .iter()
            .map(|(particle, f)| (particle, &frames.frames[usize::from(*f)]))
            .filter(|(_, f)| f.kind != OPEN)
            .filter(|(p, _)| p.is_empty() || at + 1 < tree.len() && tree.form(at + 1) == p.as_str())
            .max_by_key(|(p, f)| (!p.is_empty(), f.theme.is_empty() && f.obj.is_empty()))
            .map(|(_, f)| f)
            .or_else(|| {
                frames
                    .of_noun(lemma)
                    .iter()
                    .map(|f| &frames.frames[usize::from(*f)])
                    .find(|f| f.kind != OPEN)
            })?;
        Some((at, frame))
    };
    let (at, frame) = (0..tree.len())
        .filter(|at| !tree.words.has("say", tree.lemma(*at)))
        .filter_map(candidate)
        .max_by_key(|(at, f)| {
            (
                between(*at),
                tree.is_verb(*at),
                f.theme.is_empty(),
                std::cmp::Reverse(*at),
            )
        })?;
    Some(bare(tree, frame, at))
}

/// The type of a frame and its word, nothing else known.
fn bare(tree: &Tree<'_>, frame: &Frame, at: usize) -> Event {
    Event {
        kind: frame.kind.clone(),
        mode: frame.mode.clone(),
        contexts: Vec::new(),
        scale: 0.0,
        quad: quad(&frame.kind),
        phase: None,
        modality: Modality::Actual,
        trigger: vec![tree.span(at)],
        clause: tree.sentence.span,
        sentence: tree.sentence.span,
        source: Vec::new(),
        target: Vec::new(),
        place: None,
        date: None,
        figures: Vec::new(),
        counts: Vec::new(),
        said_by: None,
        relayed_by: Vec::new(),
        score: 0.2,
        why: Why::rule(
            format!("events/{}", frame.id),
            format!("\"{}\" alone: no frame fits the pair", tree.form(at)),
        ),
    }
}

/// The one relation of `source` to `target` among the candidates: the event whose parties fit best,
/// then the one that is no other's content, then the better scored, then the first.
pub(super) fn relation(found: &[Found], source: &str, target: &str) -> Option<Event> {
    let rank = |f: &Found| {
        let fit = fits(&f.event.source, source) + fits(&f.event.target, target);
        let crossed = fits(&f.event.target, source) + fits(&f.event.source, target);
        fit - 0.7 * crossed + f.event.score
            - if f.content { 1.2 } else { 0.0 }
            - if f.nominal { 0.2 } else { 0.0 }
    };
    let mut best: Option<(f32, &Event)> = None;
    for f in found {
        let score = rank(f);
        if best.is_none_or(|(b, _)| score > b) {
            best = Some((score, &f.event));
        }
    }
    best.map(|(_, event)| event.clone())
}

/// What is known of a pair before the ranker is asked.
pub(super) struct Seen {
    /// What frames alone take.
    pub(super) event: Option<Event>,
    /// All candidates of the text.
    pub(super) found: Vec<Found>,
    /// What the ranker looks at.
    pub(super) features: Option<Vec<String>>,
}

/// The class that the ranker gives a pair, and its chance; a pair that is asked about always has a
/// relation, so "none" is no answer. The quad class is settled first, by all its types together: of
/// several that are near each other one alone may fall behind a single type of another class.
pub(super) fn ranked(model: &Model, features: &[String]) -> (usize, f32) {
    let mut scores = model.scores(features);
    scores[CLASSES.len() - 1] = f32::MIN;
    let chances = softmax(&scores);
    let types = || (0..CLASSES.len() - 1).map(|class| (class, quad(CLASSES[class])));
    let mut quads = [0_f32; 5];
    for (class, quad) in types() {
        quads[usize::from(quad)] += chances[class];
    }
    let most = (1..5).fold(1, |best, q| if quads[q] > quads[best] { q } else { best });
    types()
        .filter(|(_, quad)| usize::from(*quad) == most)
        .map(|(class, _)| (class, chances[class]))
        .fold(
            (0, -1.0),
            |best, next| if next.1 > best.1 { next } else { best },
        )
}

/// The event of a pair as the ranker has it: the candidate of that type that fits, else what the
/// frames took, its type changed and the change told.
pub(super) fn settle(
    seen: Seen,
    features: &[String],
    (class, chance): (usize, f32),
    model: &Model,
) -> Option<Event> {
    let kind = CLASSES[class];
    let event = seen.event?;
    let mut chosen = if event.kind == kind {
        event
    } else {
        let other = seen.found.iter().find(|f| f.event.kind == kind);
        match other {
            Some(other) => other.event.clone(),
            None => {
                let was = event.kind.clone();
                let reason = format!("{}; the ranker makes {was} a {kind}", event.why.reason);
                Event {
                    kind: kind.to_owned(),
                    mode: None,
                    phase: None,
                    quad: quad(kind),
                    why: Why {
                        reason,
                        ..event.why
                    },
                    ..event
                }
            }
        }
    };
    chosen.score = chance;
    for (name, weight) in model.reasons(features, class, 6) {
        chosen
            .why
            .features
            .push((["ranker:", &name].concat(), weight));
    }
    Some(chosen)
}

/// Share of words that a party has in common with a name.
fn fits(parties: &[Party], name: &str) -> f32 {
    let words = |s: &str| -> Vec<String> {
        s.split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() > 2 && !matches!(*w, "the" | "The" | "and" | "for"))
            .map(str::to_lowercase)
            .collect()
    };
    let wanted = words(name);
    parties
        .iter()
        .map(|p| {
            let got = words(&p.actor.name);
            let shared = wanted.iter().filter(|w| got.contains(w)).count();
            #[expect(clippy::cast_precision_loss, reason = "a few words")]
            let share = 2.0 * shared as f32 / (wanted.len() + got.len()).max(1) as f32;
            share
        })
        .fold(0.0, f32::max)
}

//! What the coverage names as measured or decisive, and what is said to depend on it.

use rapporteur_base::{Span, Why};
use rapporteur_text::{Deprel, Upos};
use serde::Deserialize;

use crate::Indicator;

use super::rules::{RuleError, parse};
use super::stances::{Stance, words};
use super::tree::Tree;
use super::views::why;

#[derive(Deserialize)]
struct File {
    conditions: Conditions,
}

/// Lists of `indicators.toml` beside its rules.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Conditions {
    /// Words that open a clause on which the main clause waits.
    marks: Vec<String>,
    /// Those that do so only after "only", "not".
    after_only: Vec<String>,
    /// Verbs of a state that lets something happen ("when security allows it"): their subject is what
    /// decides.
    allow: Vec<String>,
    /// What only a process may depend on: no statue.
    processes: Vec<String>,
    /// Ends of nouns that name what is done or how it stands.
    endings: Vec<String>,
    /// "as a measure of hunger".
    measures: Vec<String>,
}

impl Conditions {
    pub(super) fn read() -> Result<Self, RuleError> {
        let text = include_str!("../../../../data/events/indicators.toml");
        Ok(parse::<File>("indicators.toml", text)?.conditions)
    }

    /// Whether something can be said to hang on an indicator: a process or a state, not a thing.
    fn process(&self, tree: &Tree<'_>, at: usize) -> bool {
        let lemma = tree.lemma(at);
        matches!(tree.upos(at), Upos::Verb | Upos::Aux)
            || self.processes.iter().any(|w| w == lemma)
            || self
                .endings
                .iter()
                .any(|e| lemma.len() > e.len() + 2 && lemma.ends_with(e.as_str()))
            || tree.words.content_noun(lemma).is_some()
            || tree.upos(at) == Upos::Pron
            || tree.actor_at(at).is_some()
            || tree.children(at).any(|c| {
                tree.rel(c) == Deprel::Nmod && tree.case(c) == Some("of") && self.process(tree, c)
            })
    }

    /// "only when security allows it", "until the army can guard the border", "as a measure of …".
    pub(super) fn find(&self, tree: &Tree<'_>, out: &mut Vec<Indicator>) {
        for at in 0..tree.len() {
            if let Some(found) = self.clause(tree, at).or_else(|| self.measure(tree, at)) {
                out.push(found);
            }
        }
    }

    fn clause(&self, tree: &Tree<'_>, at: usize) -> Option<Indicator> {
        if tree.rel(at) != Deprel::Advcl {
            return None;
        }
        let opens = self.opens(tree, at)?;
        let word = tree.lemma(opens);
        let main = tree.head(at).filter(|h| tree.is_verb(*h))?;
        let ahead = tree.children(main).any(|c| {
            tree.rel(c) == Deprel::Aux
                && matches!(
                    tree.lemma(c),
                    "will" | "would" | "can" | "shall" | "must" | "could"
                )
        });
        let subject = tree
            .children(at)
            .find(|c| matches!(tree.rel(*c), Deprel::Nsubj | Deprel::NsubjPass))
            .or_else(|| tree.subject(at).filter(|s| *s > opens));
        let lets = self.allow.iter().any(|w| w == tree.lemma(at));
        let able = tree.has_aux(at, "can") || tree.lemma(at) == "able";
        let vague = subject.is_some_and(|s| tree.upos(s) == Upos::Pron);
        if !ahead || !(lets || able) || vague {
            return None;
        }
        let clause = tree.cover(&tree.under(at, false));
        let name = match subject {
            Some(subject) if lets => words(tree, subject, true),
            _ if able => Span {
                start: tree.span(opens).end,
                end: clause.end,
            }
            .trim(tree.text),
            _ => return None,
        };
        let controls = waiting(tree, main, opens);
        Some(Indicator {
            name: name.of(tree.text).to_owned(),
            kind: "stated".to_owned(),
            track: None,
            controls,
            span: name,
            context: tree.sentence.span,
            why: Why::rule(
                "events/indicator.condition",
                format!(
                    "\"{word}\" makes the main clause wait on \"{}\"",
                    tree.form(at)
                ),
            ),
        })
    }

    /// The word that opens a clause on which another waits.
    fn opens(&self, tree: &Tree<'_>, at: usize) -> Option<usize> {
        let opens = tree.children(at).find(|c| {
            *c < at
                && matches!(tree.rel(*c), Deprel::Mark | Deprel::Advmod | Deprel::Case)
                && (self
                    .marks
                    .iter()
                    .chain(&self.after_only)
                    .any(|m| m == tree.lemma(*c)))
        })?;
        let word = tree.lemma(opens);
        let only =
            (1..=2).any(|back| opens >= back && matches!(tree.lemma(opens - back), "only" | "not"));
        if !self.marks.iter().any(|m| m == word) && !only {
            return None;
        }
        Some(opens)
    }

    /// "the price of sorghum as a measure of hunger".
    fn measure(&self, tree: &Tree<'_>, at: usize) -> Option<Indicator> {
        if !tree.is_noun(at) || !self.measures.iter().any(|m| m == tree.lemma(at)) {
            return None;
        }
        let of = tree.by_prep(at, "of").into_iter().find(|n| *n > at)?;
        let of = words(tree, of, false);
        let named = if tree.child(at, &[Deprel::Cop]).is_some() {
            tree.child(at, &[Deprel::Nsubj])
        } else if tree.case(at) == Some("as") {
            let verb = tree.head(at)?;
            tree.object(verb)
                .or_else(|| tree.is_noun(verb).then_some(verb))
        } else {
            None
        };
        let named =
            named.filter(|n| tree.is_noun(*n) && *n != at && tree.actor_at(*n).is_none())?;
        let name = words(tree, named, true);
        (!name.overlaps(of)).then(|| Indicator {
            name: name.of(tree.text).to_owned(),
            kind: "stated".to_owned(),
            track: None,
            controls: Some(of),
            span: name,
            context: tree.sentence.span,
            why: Why::rule(
                "events/indicator.measure",
                format!("called a \"{}\"", tree.form(at)),
            ),
        })
    }
}

/// The words of the main clause, up to what opens the condition.
fn waiting(tree: &Tree<'_>, main: usize, opens: usize) -> Option<Span> {
    let subject = tree.child(main, &[Deprel::Nsubj, Deprel::NsubjPass])?;
    let from = words(tree, subject, false);
    let only = opens > 0 && matches!(tree.lemma(opens - 1), "only" | "not");
    let to = (opens - usize::from(only))
        .checked_sub(1)
        .map_or(from.end, |b| tree.span(b).end.max(from.end));
    let span = Span {
        start: from.start,
        end: to,
    };
    Some(span.trim(tree.text))
}

/// The indicators of one fit of a rule: an item of a list each.
pub(super) fn indicators(
    tree: &Tree<'_>,
    stance: &Stance<'_>,
    lists: &Conditions,
    out: &mut Vec<Indicator>,
) {
    if tree.parties(stance.issue).len() == 1 && tree.actor_at(stance.issue).is_some() {
        return;
    }
    let stated = stance.rule.kind == "stated";
    if stated && stance.subject.is_some_and(|s| !lists.process(tree, s)) {
        return;
    }
    let controls = stance
        .subject
        .filter(|s| stated && tree.upos(*s) != Upos::Pron)
        .map(|s| words(tree, s, false));
    for item in tree.conjuncts(stance.issue) {
        if !tree.is_noun(item) || tree.upos(item) == Upos::Pron {
            continue;
        }
        let span = words(tree, item, true);
        out.push(Indicator {
            name: span.of(tree.text).to_owned(),
            kind: stance.rule.kind.clone(),
            controls,
            track: stance.body.map(|b| tree.phrase(b).of(tree.text).to_owned()),
            span,
            context: tree.sentence.span,
            why: why(stance, tree),
        });
    }
}

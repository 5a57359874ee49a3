//! Positions, commitments, indicators and the author's assessments of one sentence.

use rapporteur_base::{Span, Why};
use rapporteur_temporal::{Timex, TimexType};
use rapporteur_text::{Deprel, Upos};
use serde::Deserialize;

use crate::{
    Assessment, Coding, Commitment, Indicator, Input, Modality, Party, Position, Strength,
};

use super::firmness::Firmness;
use super::indicators::{Conditions, indicators};
use super::rules::{RuleError, parse};
use super::stances::{Stance, StanceRule, find, read, words};
use super::telling::{Telling, telling};
use super::tree::{Tree, within};

#[derive(Deserialize)]
struct AssessmentFile {
    words: AssessmentWords,
}

/// Word lists of `assessments.toml`.
#[derive(Clone, Debug, Deserialize)]
struct AssessmentWords {
    hedges: Vec<String>,
    verbs: Vec<String>,
    adjectives: Vec<String>,
    nouns: Vec<String>,
    analysts: Vec<String>,
}

/// The rules of positions, commitments, indicators and assessments.
#[derive(Debug)]
pub(super) struct Views {
    pub(super) positions: Vec<StanceRule>,
    pub(super) commitments: Vec<StanceRule>,
    pub(super) indicators: Vec<StanceRule>,
    pub(super) conditions: Conditions,
    firmness: Firmness,
    judgements: AssessmentWords,
}

impl Views {
    pub(super) fn read() -> Result<Self, RuleError> {
        Ok(Self {
            positions: read(
                "positions.toml",
                include_str!("../../../../data/events/positions.toml"),
            )?,
            commitments: read(
                "commitments.toml",
                include_str!("../../../../data/events/commitments.toml"),
            )?,
            indicators: read(
                "indicators.toml",
                include_str!("../../../../data/events/indicators.toml"),
            )?,
            conditions: Conditions::read()?,
            firmness: Firmness::read(
                "positions.toml",
                include_str!("../../../../data/events/positions.toml"),
            )?,
            judgements: parse::<AssessmentFile>(
                "assessments.toml",
                include_str!("../../../../data/events/assessments.toml"),
            )?
            .words,
        })
    }

    /// Words that trigger a rule.
    pub(super) fn code(&self, tree: &Tree<'_>, input: &Input<'_>, coding: &mut Found) {
        for stance in find(tree, &self.positions) {
            coding.positions.extend(self.position(tree, &stance));
        }
        let mut covered = Span::default();
        for stance in find(tree, &self.commitments) {
            if covered.contains(tree.span(stance.head)) {
                continue;
            }
            if stance.rule.strength.is_some() && !stance.rule.id.ends_with("aim-noun") {
                covered = words(tree, stance.issue, false);
                if stance.rule.id == "commitment.will" {
                    covered = Span::default();
                }
            }
            coding
                .commitments
                .extend(self.commitment(tree, input, &stance));
        }
        for stance in find(tree, &self.indicators) {
            indicators(tree, &stance, &self.conditions, &mut coding.indicators);
        }
        self.conditions.find(tree, &mut coding.indicators);
        coding
            .assessments
            .extend(self.assessment(tree, coding.quoted));
    }

    /// The author's own judgement, or one credited to an analyst.
    fn assessment(&self, tree: &Tree<'_>, quoted: bool) -> Option<Assessment> {
        let root = (0..tree.len()).find(|i| tree.head(*i).is_none())?;
        let (claim, voice, credited) = self.voice(tree, root)?;
        if quoted && !credited {
            return None;
        }
        let (rule, weight) = self.judges(tree, claim)?;
        let hedge = tree
            .under(claim, false)
            .into_iter()
            .find(|i| self.judgements.hedges.iter().any(|h| h == tree.lemma(*i)));
        Some(Assessment {
            span: tree.sentence.span,
            hedge: hedge.map(|h| tree.span(h)),
            voice,
            why: Why {
                rule: format!("events/assessment.{rule}"),
                features: Vec::new(),
                reason: format!("\"{}\" judges, it does not report", tree.form(weight)),
            },
        })
    }

    /// Clause that may judge and whose voice it is; `None` when a party says it.
    fn voice(&self, tree: &Tree<'_>, root: usize) -> Option<(usize, String, bool)> {
        let told = telling(tree, root, &[root], false);
        if tree.words.has("say", tree.lemma(root))
            && let Some(content) = tree.complement(root)
        {
            let subject = tree.subject(root)?;
            let analyst = self
                .judgements
                .analysts
                .iter()
                .any(|a| a == tree.lemma(subject))
                || tree
                    .children(subject)
                    .any(|c| self.judgements.analysts.iter().any(|a| a == tree.lemma(c)));
            return analyst.then(|| (content, tree.phrase(subject).of(tree.text).to_owned(), true));
        }
        (!told.said).then(|| (root, "author".to_owned(), false))
    }

    fn judges(&self, tree: &Tree<'_>, claim: usize) -> Option<(&'static str, usize)> {
        let lemma = tree.lemma(claim);
        let has = |list: &[String], l: &str| list.iter().any(|w| w == l);
        let j = &self.judgements;
        let subject = tree.child(claim, &[Deprel::Nsubj, Deprel::NsubjPass]);
        let person = subject.is_some_and(|s| {
            tree.actor_at(s).is_some()
                || tree.upos(s) == Upos::Pron && !matches!(tree.lemma(s), "it" | "this" | "that")
        });
        let cop = tree.children(claim).any(|c| tree.rel(c) == Deprel::Cop);
        if cop && has(&j.adjectives, lemma) && tree.upos(claim) == Upos::Adj {
            return Some(("adjective", claim));
        }
        if cop && tree.is_noun(claim) && has(&j.nouns, lemma) {
            return Some(("noun", claim));
        }
        if tree.is_verb(claim) && !person && subject.is_some() {
            let object = tree.child(claim, &[Deprel::Obj, Deprel::Xcomp, Deprel::Obl]);
            if let Some(o) = object
                .filter(|o| has(&j.nouns, tree.lemma(*o)) || has(&j.adjectives, tree.lemma(*o)))
            {
                return Some(("object", o));
            }
            if has(&j.verbs, lemma) {
                return Some(("verb", claim));
            }
            if tree.children(claim).any(|c| {
                tree.rel(c) == Deprel::Aux && matches!(tree.lemma(c), "could" | "may" | "might")
            }) {
                return Some(("hedge", claim));
            }
        }
        let likely = tree.lemma(claim) == "likely" || tree.lemma(claim) == "unlikely";
        likely.then_some(("hedge", claim))
    }
}

/// What one sentence yields.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) positions: Vec<Position>,
    pub(super) commitments: Vec<Commitment>,
    pub(super) indicators: Vec<Indicator>,
    pub(super) assessments: Vec<Assessment>,
    /// The sentence stands inside a quotation.
    pub(super) quoted: bool,
}

impl Found {
    /// Moves everything into the coding.
    pub(super) fn pour(self, coding: &mut Coding) {
        coding.positions.extend(self.positions);
        coding.commitments.extend(self.commitments);
        coding.indicators.extend(self.indicators);
        coding.assessments.extend(self.assessments);
    }
}

impl Views {
    /// Holders that can hold: known to a table or a side of the process; no analyst, no crowd of words.
    fn holder(&self, tree: &Tree<'_>, parties: &[Party]) -> Vec<Party> {
        let singular = |w: &str| w.strip_suffix('s').unwrap_or(w).to_owned();
        parties
            .iter()
            .filter(|p| {
                let last = p.actor.name.rsplit(' ').next().unwrap_or("").to_lowercase();
                let one = last
                    .strip_suffix("ies")
                    .map_or_else(|| singular(&last), |stem| format!("{stem}y"));
                let known =
                    p.actor.country.is_some() || p.actor.sector.is_some() || p.actor.role.is_some();
                let side = self.firmness.sides.contains(&one);
                let analyst = self.judgements.analysts.contains(&one);
                (known || side) && !analyst && !tree.words.has("media_words", &last)
            })
            .cloned()
            .collect()
    }

    fn position(&self, tree: &Tree<'_>, stance: &Stance<'_>) -> Option<Position> {
        let told = telling(
            tree,
            stance.head,
            &[stance.head],
            tree.upos(stance.head) == Upos::Noun,
        );
        let wish = stance.rule.would && told.by.is_some_and(|b| tree.form(b) == "would");
        if matches!(
            told.modality,
            Modality::Hypothetical | Modality::Planned | Modality::Demanded
        ) && !tree.is_noun(stance.head)
            && !wish
            && !stance.rule.negated
        {
            return None;
        }
        let holder = self.holder(tree, &stance.holders).into_iter().next()?;
        let mut value = stance.rule.stance.clone();
        if told.modality == Modality::Denied && tree.negated(stance.head) && !stance.rule.negated {
            value = match value.as_str() {
                "for" | "open" => "against".to_owned(),
                "against" => "open".to_owned(),
                other => other.to_owned(),
            };
        }
        let negated = tree.is_verb(stance.issue) && tree.negated(stance.issue);
        if negated && value == "for" {
            "against".clone_into(&mut value);
        }
        if condition(tree, stance).is_some() {
            "conditional".clone_into(&mut value);
        }
        let issue = words(tree, stance.issue, false);
        let span = issue
            .cover(tree.span(stance.head))
            .cover(holder_span(tree, &holder));
        Some(Position {
            issue: issue.of(tree.text).to_owned(),
            issue_span: issue,
            strength: self.firmness.of(tree, stance).to_owned(),
            stance: value,
            span,
            why: why(stance, tree),
            holder,
        })
    }
}

/// The holder's words where they stand in the sentence (an antecedent elsewhere widens nothing).
fn holder_span(tree: &Tree<'_>, holder: &Party) -> Span {
    if tree.sentence.span.contains(holder.span) {
        holder.span
    } else {
        tree.sentence.span
    }
}

pub(super) fn why(stance: &Stance<'_>, tree: &Tree<'_>) -> Why {
    Why::rule(
        format!("events/{}", stance.rule.id),
        format!("\"{}\" by {}", tree.form(stance.head), stance.rule.id),
    )
}

impl Views {
    fn commitment(
        &self,
        tree: &Tree<'_>,
        input: &Input<'_>,
        stance: &Stance<'_>,
    ) -> Option<Commitment> {
        let mut strength = stance.rule.strength?;
        let noun = tree.is_noun(stance.head);
        let told: Telling = telling(tree, stance.head, &[stance.head], noun);
        let laid_down = stance.rule.under;
        if unbound(told.modality, laid_down) {
            return None;
        }
        // "plans to agree" is an aim at most.
        if !laid_down
            && told.modality == Modality::Planned
            && strength >= Strength::Agreed
            && !stance.rule.unnamed
            && !matches!(strength, Strength::Scheduled)
        {
            strength = Strength::Aim;
        }
        let by = if stance.body.is_some() {
            stance.holders.clone()
        } else {
            self.holder(tree, &stance.holders)
        };
        let unnamed =
            stance.rule.id == "commitment.aim-noun" || stance.rule.dated || stance.rule.unnamed;
        if by.is_empty() && !unnamed && stance.body.is_none() {
            return None;
        }
        let what = words(tree, stance.issue, false);
        let due = due(tree, input, stance, what);
        if stance.rule.dated && due.is_none() {
            return None;
        }
        if due.is_some() && strength == Strength::Agreed
            || due.is_some() && stance.rule.id == "commitment.will"
        {
            strength = Strength::Scheduled;
        }
        let span = what.cover(tree.span(stance.head));
        let span = by
            .first()
            .map_or(span, |p| span.cover(holder_span(tree, p)));
        Some(Commitment {
            what: what.of(tree.text).to_owned(),
            what_span: what,
            strength,
            due,
            condition: condition(tree, stance),
            span,
            why: why(stance, tree),
            by,
        })
    }
}

/// Told in a way that binds nobody; what an agreement lays down binds though it is told as "would".
fn unbound(told: Modality, laid_down: bool) -> bool {
    match told {
        Modality::Denied => true,
        Modality::Hypothetical | Modality::Demanded | Modality::Offered => !laid_down,
        Modality::Actual | Modality::Planned => false,
    }
}

/// A deadline or day inside the undertaking.
fn due(
    tree: &Tree<'_>,
    input: &Input<'_>,
    stance: &Stance<'_>,
    what: Span,
) -> Option<(Span, Option<rapporteur_base::Interval>)> {
    let mut wide = what.cover(tree.cover(&tree.under(stance.issue, false)));
    if stance.rule.dated {
        wide = wide.cover(tree.cover(&tree.under(stance.head, false)));
    }
    within(input.times, tree.sentence.span, |t| t.span)
        .iter()
        .filter(|t| {
            wide.contains(t.span) && matches!(t.kind, TimexType::Date | TimexType::Duration)
        })
        .find(|t| deadline(t))
        .map(|t: &Timex| (t.span, t.interval))
}

fn deadline(t: &Timex) -> bool {
    match t.relation.as_deref() {
        Some("by" | "before" | "until" | "within" | "no later than") => true,
        _ => t.kind == TimexType::Date && t.interval.is_some() && !t.value.contains("_REF"),
    }
}

/// "if", "once", "provided that" on the undertaking or the issue.
fn condition(tree: &Tree<'_>, stance: &Stance<'_>) -> Option<Span> {
    [stance.head, stance.issue]
        .into_iter()
        .flat_map(|h| tree.children(h))
        .find(|c| {
            tree.rel(*c) == Deprel::Advcl
                && matches!(
                    tree.mark(*c),
                    Some("if" | "unless" | "once" | "provided" | "until")
                )
                || tree.rel(*c) == Deprel::Advcl && matches!(tree.lemma(*c), "provide" | "provided")
        })
        .map(|c| tree.cover(&tree.under(c, false)))
}

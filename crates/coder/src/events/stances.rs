//! Rules for what parties want and undertake: positions, commitments, indicators. One small matcher
//! reads all three files: a verb or noun, its holder, its issue.

use rapporteur_base::Span;
use rapporteur_text::{Deprel, Upos};
use serde::Deserialize;

use crate::Party;

use super::rules::{RuleError, parse};
use super::tree::{Tree, closed};

/// One rule of `positions.toml`, `commitments.toml` or `indicators.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StanceRule {
    pub(super) id: String,
    /// Stance of a position.
    #[serde(default)]
    pub(super) stance: String,
    /// Rung of a commitment.
    #[serde(default)]
    pub(super) strength: Option<crate::Strength>,
    /// Kind of an indicator.
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    /// The verbs may be adjectives.
    #[serde(default)]
    adjs: bool,
    #[serde(default)]
    verbs_only_adj: Vec<String>,
    /// A word that the verb needs beside it ("ruled out").
    #[serde(default)]
    particle: String,
    /// The verb is denied ("will never accept").
    #[serde(default)]
    pub(super) negated: bool,
    /// "Would" is no condition here: a wish ("would prefer").
    #[serde(default)]
    pub(super) would: bool,
    /// How firm a position is: `soft`, `plain`, `firm`; empty: as its words say.
    #[serde(default)]
    pub(super) firmness: String,
    /// Verbs over the noun that end what it names ("dropped its objection").
    #[serde(default)]
    not_under: Vec<String>,
    /// An adjective that the noun needs, in a sentence that says what it is ("is a red line").
    #[serde(default)]
    adjective: String,
    /// "Under the deal, X must …".
    #[serde(default)]
    pub(super) under: bool,
    /// Done "as the treaty required", "in line with the agreement".
    #[serde(default)]
    keeps: bool,
    /// Where the issue stands: `comp`, `obj`, a preposition.
    #[serde(default)]
    take: Vec<String>,
    #[serde(default)]
    not_issue: Vec<String>,
    /// The object must be one of these.
    #[serde(default)]
    theme: Vec<String>,
    /// The content says "must", "should".
    #[serde(default)]
    needs_modal: bool,
    /// "will" with a party as subject.
    #[serde(default)]
    will: bool,
    /// The subject is a body: a commission, a working group.
    #[serde(default)]
    body: bool,
    /// The passive subject or object undertakes it ("was tasked").
    #[serde(default)]
    by_object: bool,
    /// Needs a day.
    #[serde(default)]
    pub(super) dated: bool,
    /// "are to be disarmed", "must be handed over".
    #[serde(default)]
    be_to: bool,
    /// Holds though nobody is named.
    #[serde(default)]
    pub(super) unnamed: bool,
    /// "The aim is to …".
    #[serde(default)]
    copula: bool,
    #[serde(default)]
    passive: bool,
    /// Participles before a noun ("X's proposed timetable").
    #[serde(default)]
    proposed: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(super) good: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(super) bad: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    rule: Vec<StanceRule>,
}

/// Reads one of the three files.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<StanceRule>, RuleError> {
    Ok(parse::<File>(file, text)?.rule)
}

/// A rule that fits: who, what, which words.
#[derive(Clone, Debug)]
pub(super) struct Stance<'r> {
    pub(super) rule: &'r StanceRule,
    pub(super) head: usize,
    pub(super) holders: Vec<Party>,
    /// Head of the issue.
    pub(super) issue: usize,
    /// The word that names the body, for `body` rules.
    pub(super) body: Option<usize>,
    /// Subject of the head, whoever or whatever it is.
    pub(super) subject: Option<usize>,
}

const BODIES: &[&str] = &[
    "commission",
    "committee",
    "group",
    "panel",
    "team",
    "mission",
    "mechanism",
    "body",
    "council",
    "taskforce",
    "force",
    "commissioner",
    "secretariat",
    "track",
    "subcommittee",
    "monitor",
    "observer",
];

/// Every fit of the rules in one sentence: the first rule wins at each word.
pub(super) fn find<'r>(tree: &Tree<'_>, rules: &'r [StanceRule]) -> Vec<Stance<'r>> {
    let mut found = Vec::new();
    for at in 0..tree.len() {
        if let Some(stance) = rules.iter().find_map(|rule| fit(tree, rule, at)) {
            found.push(stance);
        }
    }
    found
}

fn fit<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    let lemma = tree.lemma(at);
    let listed = |list: &[String]| list.iter().any(|w| w == lemma);
    if rule.will {
        return will(tree, rule, at);
    }
    if rule.be_to {
        return be_to_fit(tree, rule, at);
    }
    if rule.under || rule.keeps {
        return super::bound::fit(tree, rule, at);
    }
    if !rule.proposed.is_empty() {
        return proposed(tree, rule, at);
    }
    if listed(&rule.nouns) && tree.upos(at) == Upos::Noun {
        return noun(tree, rule, at);
    }
    if rule.verbs.is_empty() {
        return None;
    }
    let verbal = match tree.upos(at) {
        Upos::Verb | Upos::Aux => !rule.verbs_only_adj.iter().any(|w| w == lemma),
        // "The lifting hinges on": a plural noun with a subject and no copula is a verb misread.
        Upos::Noun => {
            tree.xpos(at) == "NNS"
                && tree.child(at, &[Deprel::Nsubj]).is_some_and(|s| s < at)
                && tree.child(at, &[Deprel::Cop, Deprel::Det]).is_none()
        }
        Upos::Adj => {
            rule.adjs || matches!(tree.rel(at), Deprel::Root | Deprel::Ccomp | Deprel::Conj)
        }
        _ => false,
    };
    if !listed(&rule.verbs) || !verbal {
        return None;
    }
    verb(tree, rule, at)
}

fn verb<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    let passive = tree.passive(at);
    if rule.passive && !passive || rule.negated && !tree.negated(at) {
        return None;
    }
    if !rule.particle.is_empty() && !tree.children(at).any(|c| tree.lemma(c) == rule.particle) {
        return None;
    }
    let object = || tree.object(at).filter(|o| passive || *o > at);
    let subject = if rule.by_object && passive || rule.passive {
        tree.object(at)
    } else if rule.by_object && tree.complement(at).is_some() {
        // "Parliament instructed the government to …": the government is bound.
        object().or_else(|| tree.subject(at))
    } else {
        tree.subject(at)
    };
    let subject = subject.or_else(|| light_subject(tree, at));
    let body = subject.and_then(|s| body(tree, s));
    if rule.body && body.is_none() {
        return None;
    }
    if !rule.theme.is_empty() {
        let object = tree.object(at)?;
        if !rule.theme.iter().any(|t| t == tree.lemma(object)) {
            return None;
        }
    }
    let mut issue = issue(tree, rule, at)?;
    if rule.dated && !tree.is_verb(issue) {
        // "The handover is scheduled for May": what is due is the subject.
        issue = subject?;
    }
    if rule.needs_modal && !modal(tree, issue) {
        return None;
    }
    Some(Stance {
        rule,
        head: at,
        holders: subject.map_or_else(Vec::new, |s| tree.parties(s)),
        issue,
        body,
        subject,
    })
}

/// "is aiming to", "will focus": the subject of the auxiliary's clause when control hides it.
fn light_subject(tree: &Tree<'_>, at: usize) -> Option<usize> {
    tree.child(at, &[Deprel::Nsubj, Deprel::NsubjPass])
}

/// Who holds what a noun names: its owner, who it is by or from, else the subject of its verb.
fn holders_of(tree: &Tree<'_>, rule: &StanceRule, at: usize) -> Option<Vec<Party>> {
    let mut holders = tree.before(at);
    for prep in ["by", "from", "of"] {
        if holders.is_empty() && !rule.take.iter().any(|t| t == prep) {
            holders = tree
                .by_prep(at, prep)
                .into_iter()
                .flat_map(|n| tree.parties(n))
                .collect();
        }
    }
    if holders.is_empty() {
        let verb = tree.head(at).filter(|h| {
            tree.is_verb(*h)
                && matches!(tree.rel(at), Deprel::Obj | Deprel::Obl | Deprel::NsubjPass)
        })?;
        if tree.negated(verb) {
            return None;
        }
        let subject = tree.subject(verb)?;
        holders = tree.parties(subject);
    }
    (!holders.is_empty()).then_some(holders)
}

fn noun<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    if !rule.adjective.is_empty() {
        return said_to_be(tree, rule, at);
    }
    let ended = tree.head(at).is_some_and(|h| {
        matches!(tree.rel(at), Deprel::Obj | Deprel::NsubjPass)
            && rule.not_under.iter().any(|w| w == tree.lemma(h))
    });
    if ended {
        return None;
    }
    if rule.copula {
        return aim_is(tree, rule, at);
    }
    let holders = holders_of(tree, rule, at)?;
    let clause = tree
        .children(at)
        .find(|c| {
            let that = tree.mark(*c) == Some("that");
            *c > at
                && match tree.rel(*c) {
                    Deprel::Acl | Deprel::Ccomp => {
                        that || tree.mark(*c) == Some("to") || tree.case(*c).is_some()
                    }
                    // "Expectations that it would end": no relative clause, since "that" has no part in it.
                    Deprel::AclRelcl => that,
                    _ => false,
                }
        })
        .or_else(|| {
            // "an agreement to open …" that the parser hung on the verb.
            (at + 2 < tree.len() && tree.lemma(at + 1) == "to" && tree.xpos(at + 2) == "VB")
                .then_some(at + 2)
        });
    let issue = clause.or_else(|| {
        rule.take
            .iter()
            .filter(|t| t.as_str() != "comp_only")
            .find_map(|p| tree.by_prep(at, p).into_iter().find(|i| *i > at))
    })?;
    (!rule.not_issue.iter().any(|w| w == tree.lemma(issue))).then_some(Stance {
        rule,
        head: at,
        holders,
        issue,
        body: None,
        subject: None,
    })
}

/// "The aim is to …": the noun is the subject of the clause that follows.
fn aim_is<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    let root = tree.head(at)?;
    let clause = (matches!(tree.rel(at), Deprel::Nsubj | Deprel::NsubjOuter)
        && root > at
        && tree.is_verb(root)
        && tree
            .children(root)
            .any(|c| matches!(tree.rel(c), Deprel::Cop | Deprel::Mark | Deprel::Aux)))
    .then_some(root)
    .or_else(|| {
        tree.complement(root)
            .filter(|_| tree.lemma(root) == "be" && tree.rel(at) == Deprel::Nsubj)
    });
    clause.map(|issue| Stance {
        rule,
        head: at,
        holders: tree.before(at),
        issue,
        body: None,
        subject: None,
    })
}

/// "For X, immunity is a red line", "immunity is X's red line".
fn said_to_be<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    let fits = tree
        .children(at)
        .any(|c| tree.rel(c) == Deprel::Amod && tree.lemma(c) == rule.adjective)
        && tree.child(at, &[Deprel::Cop]).is_some();
    let issue = tree
        .child(at, &[Deprel::Nsubj, Deprel::Csubj])
        .filter(|_| fits)?;
    let mut holders = tree.before(at);
    if holders.is_empty() {
        let named = rule.take.iter().flat_map(|prep| tree.by_prep(at, prep));
        holders = named.flat_map(|n| tree.parties(n)).collect();
    }
    (!holders.is_empty()).then_some(Stance {
        rule,
        head: at,
        holders,
        issue,
        body: None,
        subject: None,
    })
}

/// "X's proposed timetable", "the timetable proposed by X".
fn proposed<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    if !rule.proposed.iter().any(|w| w == tree.lemma(at))
        || !matches!(tree.rel(at), Deprel::Amod | Deprel::Acl)
    {
        return None;
    }
    let noun = tree.head(at).filter(|h| tree.is_noun(*h))?;
    let mut holders = tree.before(noun);
    if holders.is_empty() {
        holders = tree
            .by_prep(at, "by")
            .into_iter()
            .flat_map(|n| tree.parties(n))
            .collect();
    }
    (!holders.is_empty()).then_some(Stance {
        rule,
        head: at,
        holders,
        issue: noun,
        body: None,
        subject: None,
    })
}

/// "The fighters are to be disarmed": laid down for somebody, often unnamed.
fn be_to_fit<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    if tree.upos(at) != Upos::Verb {
        return None;
    }
    let must = tree.passive(at) && tree.has_aux(at, "must");
    if !must && super::telling::be_to(tree, at).is_none() || tree.negated(at) {
        return None;
    }
    // "The goal is to halve it" says what the goal is.
    if tree.child(at, &[Deprel::NsubjOuter]).is_some() {
        return None;
    }
    let holders = tree.subject(at).map_or_else(Vec::new, |s| tree.parties(s));
    Some(Stance {
        rule,
        head: at,
        holders,
        issue: at,
        body: None,
        subject: None,
    })
}

/// "X will withdraw its soldiers": X is a party, the verb is an act.
fn will<'r>(tree: &Tree<'_>, rule: &'r StanceRule, at: usize) -> Option<Stance<'r>> {
    if tree.upos(at) != Upos::Verb
        || tree.passive(at)
        || tree
            .children(at)
            .any(|c| matches!(tree.lemma(c), "how" | "when" | "where" | "whether"))
    {
        return None;
    }
    let future = tree.children(at).any(|c| {
        tree.rel(c) == Deprel::Aux
            && matches!(tree.lemma(c), "will" | "shall" | "'ll" | "’ll" | "wo")
            || tree.rel(c) == Deprel::Aux
                && tree.form(c) == "would"
                && tree.rel(at) == Deprel::Ccomp
    });
    if !future
        || tree.negated(at)
        || tree
            .children(at)
            .any(|c| tree.rel(c) == Deprel::Advcl && tree.mark(c) == Some("if"))
    {
        return None;
    }
    let lemma = tree.lemma(at);
    if tree.words.content_verb(lemma).is_none()
        || matches!(
            tree.words.content_verb(lemma),
            Some(
                "violence"
                    | "relations"
                    | "restrict"
                    | "arrest"
                    | "expel"
                    | "dissent"
                    | "territory"
            )
        )
    {
        return None;
    }
    let subject = tree.subject(at)?;
    let holders: Vec<Party> = tree.parties(subject);
    let acts = tree.actor_at(subject).is_some() && !holders.is_empty();
    acts.then_some(Stance {
        rule,
        head: at,
        holders,
        issue: at,
        body: body(tree, subject),
        subject: Some(subject),
    })
}

/// A commission or group, perhaps under "three of the".
fn body(tree: &Tree<'_>, at: usize) -> Option<usize> {
    tree.conjuncts(at)
        .into_iter()
        .find(|i| BODIES.contains(&tree.lemma(*i)))
        .filter(|i| {
            !matches!(
                tree.lemma(*i),
                "group" | "force" | "team" | "mission" | "body"
            ) || tree.children(*i).any(|c| {
                matches!(tree.rel(c), Deprel::Compound | Deprel::Amod)
                    && matches!(
                        tree.lemma(c),
                        "work"
                            | "working"
                            | "joint"
                            | "expert"
                            | "technical"
                            | "task"
                            | "monitoring"
                            | "verification"
                            | "observer"
                            | "study"
                            | "military"
                            | "bilateral"
                            | "special"
                    )
            })
        })
}

fn issue(tree: &Tree<'_>, rule: &StanceRule, at: usize) -> Option<usize> {
    let issue = rule.take.iter().find_map(|take| match take.as_str() {
        "comp" => tree.complement(at).filter(|c| {
            let clause = tree.is_verb(*c) || tree.child(*c, &[Deprel::Cop]).is_some();
            clause && (tree.rel(*c) != Deprel::Advcl || tree.mark(*c) == Some("to"))
        }),
        "obj" => tree.object(at).filter(|o| {
            (*o > at || rule.passive) && tree.is_noun(*o) && tree.upos(*o) != Upos::Pron
        }),
        prep => tree
            .by_prep(at, prep)
            .into_iter()
            .chain(tree.children(at).filter(|c| {
                tree.mark(*c) == Some(prep)
                    && matches!(tree.rel(*c), Deprel::Advcl | Deprel::Xcomp | Deprel::Ccomp)
            }))
            .find(|i| *i > at),
    })?;
    (!rule.not_issue.iter().any(|w| w == tree.lemma(issue))).then_some(issue)
}

/// "must", "should", "needs to" on the clause.
fn modal(tree: &Tree<'_>, at: usize) -> bool {
    tree.children(at).any(|c| {
        tree.rel(c) == Deprel::Aux
            && matches!(
                tree.lemma(c),
                "must" | "should" | "ought" | "cannot" | "need"
            )
    }) || tree.lemma(at) == "need"
        || tree.negated(at)
            && (tree.has_aux(at, "will") || tree.has_aux(at, "would") || tree.has_aux(at, "wo"))
}

/// The words of an issue: its phrase without a trailing clause of its own and without other items
/// of a list when `alone`.
pub(super) fn words(tree: &Tree<'_>, at: usize, alone: bool) -> Span {
    let mut skip: Vec<usize> = Vec::new();
    for c in tree.children(at) {
        let drop = match tree.rel(c) {
            Deprel::Case | Deprel::Punct | Deprel::Cc | Deprel::Nsubj if tree.is_noun(at) => true,
            Deprel::Case | Deprel::Punct | Deprel::Cc => true,
            Deprel::Mark => tree.lemma(c) == "that" || tree.lemma(c) == "on",
            Deprel::Conj => alone,
            Deprel::Parataxis | Deprel::AclRelcl => true,
            Deprel::Advcl => !matches!(tree.mark(c), Some("to")),
            _ => false,
        };
        if drop {
            skip.extend(tree.under(c, false));
        }
    }
    let kept: Vec<usize> = tree
        .under(at, true)
        .into_iter()
        .filter(|i| !skip.contains(i))
        .collect();
    // Only the run around the head: a phrase that a broken parse tore apart is not glued together.
    let place = kept.iter().position(|i| *i == at).unwrap_or(0);
    let mut first = place;
    let gap = |a: usize, b: usize| b - a > 2;
    while first > 0 && !gap(kept[first - 1], kept[first]) {
        first -= 1;
    }
    let mut last = place;
    while last + 1 < kept.len() && !gap(kept[last], kept[last + 1]) {
        last += 1;
    }
    let end = (first..=last)
        .rev()
        .find(|i| tree.rel(kept[*i]) != Deprel::Punct)
        .unwrap_or(last);
    closed(
        tree.text,
        tree.span(kept[first]).cover(tree.span(kept[end])),
    )
}

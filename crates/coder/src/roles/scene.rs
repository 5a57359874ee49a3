//! A sentence as the rules of roles see it, and the noun phrases that could fill a role.

use rapporteur_base::Span;
use rapporteur_text::{EntityKind, Sentence, Token, Upos};

use super::Role;
use super::lexicon::{GROUP_NAMES, Trigger, bare, head_classes, list, singular, trigger};

/// A sentence with what is asked of it again and again.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub tokens: &'a [Token],
    /// Forms, small.
    pub low: Vec<String>,
    /// Lemmas, small.
    pub lemma: Vec<String>,
    /// Forms in the singular where a class of heads has them.
    pub one: Vec<String>,
    pub kids: Vec<Vec<usize>>,
    pub triggers: Vec<Option<Trigger>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(text: &str, sentence: &'a Sentence) -> Self {
        let tokens = sentence.tokens.as_slice();
        let low: Vec<String> = tokens
            .iter()
            .map(|t| t.span.of(text).to_lowercase())
            .collect();
        let lemma: Vec<String> = tokens.iter().map(|t| t.lemma.to_lowercase()).collect();
        let one = low.iter().map(|w| singular(w)).collect();
        let mut kids = vec![Vec::new(); tokens.len()];
        for (at, token) in tokens.iter().enumerate() {
            if let Some(head) = token.head {
                kids[head].push(at);
            }
        }
        let triggers = (0..tokens.len())
            .map(|at| trigger_at(&tokens[at], &lemma[at], &low[at]))
            .collect();
        Self {
            tokens,
            low,
            lemma,
            one,
            kids,
            triggers,
        }
    }

    /// Relation to the head, as CoNLL-U names it.
    pub(super) fn rel(&self, at: usize) -> &'static str {
        self.tokens[at].deprel.name()
    }

    /// The first preposition of a phrase, or nothing.
    pub(super) fn preposition(&self, at: usize) -> &str {
        self.kids[at]
            .iter()
            .find(|k| self.rel(**k) == "case")
            .map_or("", |k| self.lemma[*k].as_str())
    }

    pub(super) fn classes(&self, at: usize) -> &'static [&'static str] {
        head_classes(&self.one[at])
    }
}

fn trigger_at(token: &Token, lemma: &str, low: &str) -> Option<Trigger> {
    let verb = match token.upos {
        Upos::Verb | Upos::Aux => true,
        Upos::Noun | Upos::Propn | Upos::Adj => false,
        _ => return None,
    };
    // A participle may stand in the table as the noun that it looks like; the tag decides what it is.
    trigger(lemma, verb).or_else(|| {
        let participle = matches!(token.xpos.as_str(), "VBG" | "VBN");
        let noun = trigger(low, false).filter(|_| participle)?;
        Some(Trigger { verb, ..noun })
    })
}

/// What a mention is by its name, or a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Organisation,
    Place,
    Other,
    Described,
}

/// A phrase that could fill a role.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// Number of its sentence.
    pub sentence: usize,
    /// First token, last token, head.
    pub first: usize,
    pub last: usize,
    pub head: usize,
    pub kind: Kind,
    pub span: Span,
    /// Roles that it could fill by its class.
    pub roles: Vec<Role>,
    /// Classes of its head.
    pub classes: &'static [&'static str],
}

/// The phrases of a sentence, in order.
pub(super) fn phrases(
    text: &str,
    sentence: &Sentence,
    scene: &Scene<'_>,
    number: usize,
) -> Vec<Phrase> {
    let mut out = Vec::new();
    let mut owner = vec![None; scene.tokens.len()];
    for name in &sentence.names {
        let kind = match name.kind {
            EntityKind::Per => Kind::Person,
            EntityKind::Org => Kind::Organisation,
            EntityKind::Loc => Kind::Place,
            EntityKind::Misc => Kind::Other,
        };
        owner[name.first..=name.last].fill(Some(kind));
        out.push(phrase(scene, number, kind, (name.first, name.last)));
    }
    groups(text, scene, number, &mut out);
    for (at, owner) in owner.iter().enumerate() {
        let classed = !scene.classes(at).is_empty();
        let free = match owner {
            None => true,
            Some(Kind::Person) => false,
            Some(_) => classed,
        };
        if free && (is_head(scene, at) || is_doer(scene, at)) {
            let first = if is_head(scene, at) {
                first_of(scene, at)
            } else {
                at
            };
            let mut described = phrase(scene, number, Kind::Described, (first, at));
            described.head = at;
            out.push(described);
        }
    }
    for found in &mut out {
        let at = if found.kind == Kind::Described {
            found.head
        } else {
            found.last
        };
        found.classes = if found.kind == Kind::Person {
            &[]
        } else {
            scene.classes(at)
        };
        found.roles = roles(found);
    }
    out.retain(|found| !found.roles.is_empty());
    out.sort_by_key(|found| (found.first, found.last));
    out
}

fn phrase(scene: &Scene<'_>, sentence: usize, kind: Kind, (first, last): (usize, usize)) -> Phrase {
    let outside = |at: &usize| {
        scene.tokens[*at]
            .head
            .is_none_or(|head| head < first || head > last)
    };
    Phrase {
        sentence,
        first,
        last,
        head: (first..=last).find(outside).unwrap_or(last),
        kind,
        span: scene.tokens[first].span.cover(scene.tokens[last].span),
        roles: Vec::new(),
        classes: &[],
    }
}

/// Names of groups from the table that no name covers.
fn groups(text: &str, scene: &Scene<'_>, number: usize, out: &mut Vec<Phrase>) {
    /// Most words of a name of a group.
    const MOST: usize = 8;
    let mut at = 0;
    while at < scene.tokens.len() {
        let longest = (at..scene.tokens.len().min(at + MOST)).rev().find(|last| {
            let words = scene.tokens[at]
                .span
                .cover(scene.tokens[*last].span)
                .of(text);
            let short = words.len() < 5 && words.chars().any(char::is_lowercase);
            let whole =
                words.starts_with(char::is_alphanumeric) && words.ends_with(char::is_alphanumeric);
            whole && !short && GROUP_NAMES.contains_key(&bare(words))
        });
        let Some(last) = longest else {
            at += 1;
            continue;
        };
        let covered = out.iter().any(|found| {
            matches!(found.kind, Kind::Organisation | Kind::Other)
                && found.first <= at
                && last <= found.last
        });
        if !covered {
            out.push(phrase(scene, number, Kind::Organisation, (at, last)));
        }
        at = last + 1;
    }
}

/// Whether a token heads a noun phrase.
fn is_head(scene: &Scene<'_>, at: usize) -> bool {
    let token = &scene.tokens[at];
    let nominal = matches!(token.upos, Upos::Noun | Upos::Propn)
        || (matches!(token.upos, Upos::Adj | Upos::Verb)
            && token.xpos.starts_with("NN")
            && !scene.classes(at).is_empty());
    let part = matches!(scene.rel(at), "compound" | "flat") && token.head.is_some_and(|h| h > at);
    nominal && (!part || scene.classes(at).contains(&"weapon"))
}

/// A fighter named before what was done: "a guerrilla attack".
fn is_doer(scene: &Scene<'_>, at: usize) -> bool {
    matches!(scene.rel(at), "compound" | "amod")
        && scene.classes(at).contains(&"fighter")
        && scene.tokens[at]
            .head
            .is_some_and(|h| scene.triggers[h].is_some())
}

/// The first word of the phrase of a head, determiners left out.
fn first_of(scene: &Scene<'_>, head: usize) -> usize {
    let glue = |at: usize| matches!(scene.low[at].as_str(), "'s" | "-" | "\"");
    let mut first = head;
    while first > 0 {
        let before = first - 1;
        let token = &scene.tokens[before];
        let next = scene.tokens[first].upos;
        let argument = token.upos == Upos::Noun
            && ["nsubj", "obj", "obl"]
                .iter()
                .any(|r| scene.rel(before).starts_with(r))
            && token.head != Some(head);
        let joins = match token.upos {
            Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num | Upos::Det => true,
            Upos::Verb if scene.rel(before) == "amod" => true,
            Upos::Adv => first < head && matches!(next, Upos::Adj | Upos::Verb),
            _ => {
                glue(before)
                    && before > 0
                    && matches!(
                        scene.tokens[before - 1].upos,
                        Upos::Noun | Upos::Propn | Upos::Adj
                    )
            }
        };
        if !joins || argument {
            break;
        }
        first = before;
    }
    while first < head && (scene.tokens[first].upos == Upos::Det || glue(first)) {
        first += 1;
    }
    first
}

fn roles(found: &Phrase) -> Vec<Role> {
    let any = |classes: &[&str]| found.classes.iter().any(|c| classes.contains(c));
    let thing = any(&["building", "vehicle", "works"]);
    let doer = any(&["fighter", "band", "soldier"]);
    let mut out = Vec::new();
    let mut push = |role, fits: bool| {
        if fits {
            out.push(role);
        }
    };
    match found.kind {
        Kind::Person => {
            push(Role::Perpetrator, true);
            push(Role::Victim, true);
        }
        Kind::Place if found.classes.is_empty() => {}
        Kind::Described => {
            push(Role::Perpetrator, doer || any(&["person"]));
            push(Role::Organisation, any(&["body"]));
            push(Role::Target, thing);
            push(Role::Weapon, any(&["weapon"]));
        }
        kind => {
            push(Role::Perpetrator, doer);
            push(Role::Organisation, kind != Kind::Place || any(&["body"]));
            push(Role::Target, thing || kind == Kind::Organisation);
            push(Role::Weapon, any(&["weapon"]));
        }
    }
    out
}

/// Whether a word heads a collective: "a group of rebels".
pub(super) fn collective(scene: &Scene<'_>, at: usize) -> bool {
    list("collective").contains(&scene.one[at].as_str())
}

//! Fills the slots of a frame with actors.

use crate::Party;

use super::matching::Match;
use super::rules::{Args, Frame, Slot};
use super::tree::Tree;

/// Source and target of a match, with the slots that filled them.
#[derive(Debug, Default)]
pub(super) struct Roles {
    pub(super) source: Vec<Party>,
    pub(super) target: Vec<Party>,
    /// `source<subj`, `target<obj_by`: goes into the features of `why`.
    pub(super) filled: Vec<String>,
}

/// First slot of each side that holds an actor wins; nobody is on both sides.
pub(super) fn roles(tree: &Tree<'_>, frame: &Frame, m: &Match) -> Roles {
    let args: &Args = if m.nominal { &frame.nargs } else { &frame.args };
    let mut roles = Roles::default();
    for slot in &args.source {
        let parties = fill(tree, m, slot, true);
        if !parties.is_empty() {
            roles.filled.push(format!("source<{}", name(slot)));
            roles.source = parties;
            break;
        }
    }
    for slot in &args.target {
        let mut parties = fill(tree, m, slot, false);
        parties.retain(|p| {
            !roles
                .source
                .iter()
                .any(|s| s.span.overlaps(p.span) || s.actor.name == p.actor.name)
        });
        if !parties.is_empty() {
            roles.filled.push(format!("target<{}", name(slot)));
            roles.target = parties;
            break;
        }
    }
    if roles.target.is_empty() && matches!(frame.kind.as_str(), "ASSAULT" | "THREATEN") {
        thing(tree, m, &mut roles);
    }
    roles
}

/// What was struck when nobody's name stands there: "the airport", in the text's words.
fn thing(tree: &Tree<'_>, m: &Match, roles: &mut Roles) {
    let struck = m
        .obj
        .or_else(|| m.comp.and_then(|c| tree.object(c)))
        .or_else(|| {
            ["on", "against", "at"]
                .iter()
                .find_map(|p| m.trigger.iter().flat_map(|t| tree.by_prep(*t, p)).next())
        });
    if let Some(at) = struck.filter(|at| tree.words.has("damage_goods", tree.lemma(*at))) {
        roles.filled.push("target<thing".to_owned());
        roles.target.push(tree.unknown(at));
    }
}

fn name(slot: &Slot) -> String {
    match slot {
        Slot::Prep(p) => p.clone(),
        Slot::PrepAny(p) => format!("{p}_any"),
        Slot::ObjPrep(p) => format!("obj_{p}"),
        Slot::HeadPrep(p) => format!("prep_{p}"),
        Slot::SubjPrep(p) => format!("subj_{p}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn fill(tree: &Tree<'_>, m: &Match, slot: &Slot, source: bool) -> Vec<Party> {
    let nominals = |at: Option<usize>, prep: &str| -> Vec<usize> {
        at.map_or_else(Vec::new, |at| tree.by_prep(at, prep))
    };
    match slot {
        Slot::Subj => m.subj.map_or_else(Vec::new, |s| people(tree, s, source)),
        Slot::Obj => m.obj.map_or_else(Vec::new, |o| people(tree, o, source)),
        Slot::Iobj => tree
            .child(m.head, &[rapporteur_text::Deprel::Iobj])
            .map_or_else(Vec::new, |o| people(tree, o, source)),
        Slot::By => on_trigger(tree, m, "by", source),
        Slot::Pre => m.theme.map_or_else(Vec::new, |t| tree.before(t)),
        Slot::Prep(p) => on_trigger(tree, m, p, source),
        Slot::PrepAny(p) => m
            .trigger
            .iter()
            .flat_map(|t| tree.by_prep(*t, p))
            .map(|n| first_any(tree, m, n))
            .find(|found| !found.is_empty())
            .unwrap_or_default(),
        Slot::ObjPrep(p) => all(tree, nominals(m.obj, p), source),
        Slot::ObjPre => m.obj.map_or_else(Vec::new, |o| tree.before(o)),
        Slot::ObjAny => any(tree, m, m.obj),
        Slot::Comp => m
            .comp
            .and_then(|c| {
                tree.child(
                    c,
                    &[
                        rapporteur_text::Deprel::Nsubj,
                        rapporteur_text::Deprel::NsubjPass,
                    ],
                )
            })
            .map_or_else(Vec::new, |s| people(tree, s, source)),
        Slot::CompAny => any(tree, m, m.comp),
        Slot::ThemeAny => any(tree, m, m.theme),
        Slot::ThemeSelf => m.theme.map_or_else(Vec::new, |t| tree.parties(t)),
        Slot::HeadPrep(p) => all(tree, nominals(m.prep_head, p), source),
        Slot::HeadAny => any(tree, m, m.prep_head),
        Slot::HeadPre => m.prep_head.map_or_else(Vec::new, |h| tree.before(h)),
        Slot::SubjPrep(p) => all(tree, nominals(m.subj, p), source),
        Slot::SubjPre => m.subj.map_or_else(Vec::new, |s| tree.before(s)),
        Slot::Acl => m.theme.map_or_else(Vec::new, |t| {
            tree.children(t)
                .filter(|c| tree.rel(*c) == rapporteur_text::Deprel::Acl)
                .filter_map(|c| tree.child(c, &[rapporteur_text::Deprel::Obj]))
                .flat_map(|o| people(tree, o, false))
                .collect()
        }),
    }
}

/// Actors of a noun phrase; as a target a place stands for who is there.
fn people(tree: &Tree<'_>, at: usize, source: bool) -> Vec<Party> {
    let parties = tree.parties(at);
    if parties.is_empty() && !source {
        return tree.place_party(at).into_iter().collect();
    }
    parties
}

fn all(tree: &Tree<'_>, heads: Vec<usize>, source: bool) -> Vec<Party> {
    heads
        .into_iter()
        .flat_map(|h| people(tree, h, source))
        .collect()
}

fn on_trigger(tree: &Tree<'_>, m: &Match, prep: &str, source: bool) -> Vec<Party> {
    let mut found: Vec<Party> = Vec::new();
    for t in &m.trigger {
        for party in all(tree, tree.by_prep(*t, prep), source) {
            if !found.iter().any(|f| f.span == party.span) {
                found.push(party);
            }
        }
    }
    found
}

fn any(tree: &Tree<'_>, m: &Match, at: Option<usize>) -> Vec<Party> {
    at.map_or_else(Vec::new, |at| first_any(tree, m, at))
}

/// Steps down the tree within which a party is looked for.
const FAR: usize = 6;

/// The first actor under `at` that is not the subject, with those joined to it; else the first place.
fn first_any(tree: &Tree<'_>, m: &Match, at: usize) -> Vec<Party> {
    let own: Vec<Party> = m.subj.map_or_else(Vec::new, |s| tree.parties(s));
    let under = tree.under(at, true);
    let fresh = |p: &Party| {
        !own.iter()
            .any(|o| o.span.overlaps(p.span) || o.actor.name == p.actor.name)
    };
    // What stands far below has parties of its own: "a commitment to … with respect for Iraqi rights".
    let near = |i: usize| {
        std::iter::successors(Some(i), |up| tree.head(*up).filter(|_| *up != at))
            .take(FAR + 1)
            .any(|up| up == at)
    };
    let first = |party: &dyn Fn(usize) -> Option<Party>| {
        under
            .iter()
            .filter(|i| near(**i))
            .find_map(|i| party(*i).filter(fresh).map(|p| (*i, p)))
    };
    let known = first(&|i| tree.actor_at(i).and_then(|_| tree.party(i, 0)));
    let found = known
        .or_else(|| first(&|i| agent(tree, i)))
        .or_else(|| first(&|i| tree.place_party(i)));
    let Some((at, party)) = found else {
        return Vec::new();
    };
    let mut found = vec![party];
    for joined in tree
        .conjuncts(tree.outer(at, found[0].span))
        .into_iter()
        .skip(1)
    {
        let other = tree
            .party(joined, 0)
            .or_else(|| tree.place_party(joined))
            .filter(fresh)
            .filter(|p| !found.iter().any(|f| f.span.overlaps(p.span)));
        found.extend(other);
    }
    found
}

/// Somebody whom no table knows. What is set up or founded is made by the act: no party to it.
fn agent(tree: &Tree<'_>, at: usize) -> Option<Party> {
    let made = tree.head(at).is_some_and(|verb| {
        tree.words.has("found", tree.lemma(verb)) && tree.object(verb) == Some(at)
    });
    (tree.words.has("agents", tree.lemma(at)) && tree.is_noun(at) && !made)
        .then(|| tree.party(at, 0))
        .flatten()
}

//! Named features: of a phrase in its sentence, and of an entity in its document.

use std::collections::BTreeSet;

use rapporteur_text::Upos;

use super::Role;
use super::entities::Entity;
use super::lexicon::list;
use super::relation::relations;
use super::scene::{Kind, Phrase, Scene};

pub(super) type Features = BTreeSet<String>;

/// What a phrase shows, and whether it has a part in violence.
pub(super) fn of_phrase(scene: &Scene<'_>, phrase: &Phrase) -> (Features, bool) {
    let mut out = Features::new();
    if phrase.kind == Kind::Person {
        person(scene, phrase, &mut out);
    } else {
        description(scene, phrase, &mut out);
    }
    if let Some(kind) = kind_name(phrase.kind) {
        out.insert(format!("kind={kind}"));
    }
    modifiers(scene, phrase, &mut out);
    window(scene, phrase, &mut out);
    let stage = match phrase.sentence {
        0 => 0,
        1..3 => 1,
        3..8 => 2,
        _ => 3,
    };
    out.insert(format!("spos={stage}"));
    let violent = parts(scene, phrase, &mut out);
    (out, violent)
}

fn kind_name(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Person => Some("PER"),
        Kind::Organisation => Some("ORG"),
        Kind::Place => Some("LOC"),
        Kind::Other => Some("MISC"),
        Kind::Described => None,
    }
}

fn description(scene: &Scene<'_>, phrase: &Phrase, out: &mut Features) {
    let at = if phrase.kind == Kind::Described {
        phrase.head
    } else {
        phrase.last
    };
    out.insert(format!("w={}", scene.one[at]));
    out.extend(phrase.classes.iter().map(|class| format!("c={class}")));
    if scene.tokens[phrase.head].xpos.ends_with('S') {
        out.insert("plural".to_owned());
    }
}

/// Length of a name, titles before it, what stands in apposition.
fn person(scene: &Scene<'_>, phrase: &Phrase, out: &mut Features) {
    out.insert(format!("len={}", (phrase.last - phrase.first + 1).min(4)));
    for at in phrase.first.saturating_sub(3)..=phrase.first {
        if list("military").contains(&scene.low[at].as_str()) {
            out.insert("title=mil".to_owned());
        }
        out.extend(
            scene
                .classes(at)
                .iter()
                .map(|class| format!("title={class}")),
        );
    }
    let after = phrase.last + 1..scene.tokens.len().min(phrase.last + 6);
    if let Some(comma) = after.into_iter().find(|at| scene.low[*at] == ",") {
        for at in comma + 1..scene.tokens.len().min(comma + 6) {
            out.extend(scene.classes(at).iter().map(|class| format!("app={class}")));
        }
    }
}

/// Numbers, determiners, clauses on the head, the words beside the phrase.
fn modifiers(scene: &Scene<'_>, phrase: &Phrase, out: &mut Features) {
    if (phrase.first..phrase.head).any(|at| scene.tokens[at].upos == Upos::Num) {
        out.insert("num".to_owned());
    }
    for kid in &scene.kids[phrase.head] {
        let rel = scene.rel(*kid);
        let trigger = scene.triggers[*kid];
        if rel == "det" {
            out.insert(format!("det={}", scene.lemma[*kid]));
        }
        if rel.starts_with("acl") {
            out.insert(trigger.map_or_else(
                || format!("acl={}", scene.lemma[*kid]),
                |t| format!("acl=*{}", t.class),
            ));
        }
        if let Some(trigger) = trigger {
            out.insert(format!("down={rel}>{}", trigger.class));
        }
    }
    before(scene, phrase.first, out);
}

fn before(scene: &Scene<'_>, first: usize, out: &mut Features) {
    let Some(mut at) = first.checked_sub(1) else {
        out.insert("prev=^".to_owned());
        return;
    };
    let nominal = matches!(scene.tokens[at].upos, Upos::Noun | Upos::Propn);
    let word = scene.low[at].as_str();
    if matches!(word, "the" | "a" | "an" | "some" | "several") && at > 0 {
        out.insert(format!("prev={word}"));
        at -= 1;
    }
    if !nominal {
        out.insert(format!("prev={}", scene.low[at]));
    }
}

/// Which words of violence stand near.
fn window(scene: &Scene<'_>, phrase: &Phrase, out: &mut Features) {
    /// Words that count as beside, and as near.
    const BESIDE: usize = 3;
    const NEAR: usize = 8;
    let mut any = false;
    for (at, trigger) in scene.triggers.iter().enumerate() {
        let Some(trigger) = trigger else { continue };
        any = true;
        let side = if at > phrase.head { '+' } else { '-' };
        let feature = match at.abs_diff(phrase.head) {
            0 => format!("self={}", trigger.class),
            d if d <= BESIDE => format!("win{side}{BESIDE}={}", trigger.class),
            d if d <= NEAR => format!("win{side}{NEAR}={}", trigger.class),
            _ => continue,
        };
        out.insert(feature);
    }
    out.insert(if any { "trig" } else { "notrig" }.to_owned());
}

/// The relations of a phrase, also by the sort of deed and the class of the phrase.
fn parts(scene: &Scene<'_>, phrase: &Phrase, out: &mut Features) -> bool {
    let mut violent = false;
    for relation in relations(scene, phrase.head) {
        if let Some((part, class)) = relation.split_once('.').filter(|_| !relation.contains('>')) {
            let sort = sort_of(class);
            violent = true;
            out.insert(format!("Ra:{part}"));
            out.insert(format!("Rb:{part}.{sort}"));
            let classes = kind_name(phrase.kind)
                .into_iter()
                .chain(phrase.classes.iter().copied());
            out.extend(classes.map(|name| format!("Rbc:{part}.{sort}+{name}")));
        }
        if relation == "BLAME" {
            out.insert("violent".to_owned());
        }
        out.insert(format!("R:{relation}"));
    }
    if violent {
        out.insert("violent".to_owned());
    }
    violent
}

/// Classes of triggers, brought together.
fn sort_of(class: &str) -> char {
    let class = class.trim_end_matches(['L', 'N']);
    match class {
        "kill" | "die" | "kidnap" => 'K',
        "wound" => 'W',
        "attack" => 'A',
        "bomb" | "burn" | "damage" => 'B',
        "threat" => 'T',
        "use" => 'U',
        "claim" => 'C',
        "suspect" => 'S',
        "hold" => 'H',
        "order" => 'O',
        _ => '?',
    }
}

/// Counts of an entity, then its place among those of its role.
pub(super) fn of_entities(entities: &mut [Entity]) {
    for entity in entities.iter_mut() {
        let first = match entity.first_sentence {
            0 => 0,
            1..3 => 1,
            3..8 => 2,
            _ => 3,
        };
        let (count, violent) = (entity.phrases.len().min(4), entity.violent.min(3));
        entity.features.insert(format!("n={count}"));
        entity.features.insert(format!("nv={violent}"));
        entity.features.insert(format!("first={first}"));
        if entity.known {
            entity.features.insert("known".to_owned());
        }
    }
    for role in Role::ALL {
        let mut own: Vec<&mut Entity> = entities.iter_mut().filter(|e| e.role == role).collect();
        own.sort_by_key(|e| std::cmp::Reverse(e.phrases.len()));
        among(&mut own);
    }
}

/// `own` are the entities of a role, the most often named first.
fn among(own: &mut [&mut Entity]) {
    let top = own.iter().map(|e| e.violent).max().unwrap_or(0);
    let known = own.iter().filter(|e| e.known).count();
    let (mut at_known, mut at_fighter) = (0, 0);
    for (at, entity) in own.iter_mut().enumerate() {
        if at < 3 && entity.phrases.len() > 1 {
            entity.features.insert(format!("rank={at}"));
        }
        if top > 0 && entity.violent == top {
            entity.features.insert("vtop".to_owned());
        }
        if entity.known {
            entity
                .features
                .insert(if at_known == 0 { "known1" } else { "known2" }.to_owned());
            if known == 1 {
                entity.features.insert("knownonly".to_owned());
            }
            at_known += 1;
        }
        if entity.features.contains("c=fighter") {
            entity.features.insert(format!("fg{}", at_fighter.min(2)));
            at_fighter += 1;
        }
    }
}

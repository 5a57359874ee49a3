//! How a phrase stands to what tells of violence: who acts, who suffers, by what means, where.
//!
//! A relation is a label such as `AG.kill` (does a killing), `PAT.bomb` (is blown up), `INS.attack`
//! (means of an attack), `LOCat.bomb`, `TGTagainst.attackN` (after the noun), `MOD.attack` ("a guerrilla
//! attack"), `AG2.burn` (does it by way of another verb), or the governing word where it tells of none.

use rapporteur_text::Upos;

use super::lexicon::list;
use super::scene::{Scene, collective};

/// Deeds that a light verb carries: "carry out an attack".
const DEEDS: [&str; 6] = ["kill", "attack", "bomb", "kidnap", "damage", "burn"];

/// The class of a verb, that of its light object before its own; `L` marks a light verb.
fn verb_class(scene: &Scene<'_>, verb: usize) -> Option<String> {
    let own = scene.triggers[verb];
    let light = list("light").contains(&scene.lemma[verb].as_str())
        || own.is_some_and(|t| matches!(t.class, "order" | "use"));
    if light {
        let carried = scene.kids[verb].iter().find_map(|k| {
            let object = matches!(scene.rel(*k), "obj" | "nsubj:pass")
                || (scene.rel(*k) == "obl" && matches!(scene.preposition(*k), "in" | "out"));
            let deed = scene.triggers[*k].filter(|t| DEEDS.contains(&t.class))?;
            object.then(|| format!("{}L", deed.class))
        });
        if carried.is_some() {
            return carried;
        }
    }
    own.filter(|t| t.verb).map(|t| t.class.to_owned())
}

fn passive(scene: &Scene<'_>, verb: usize) -> bool {
    scene.kids[verb]
        .iter()
        .any(|k| matches!(scene.rel(*k), "aux:pass" | "nsubj:pass"))
        || (scene.tokens[verb].xpos == "VBN" && matches!(scene.rel(verb), "acl" | "amod"))
}

/// The relations of the phrase whose head is `head`, in no order, each once.
pub(super) fn relations(scene: &Scene<'_>, head: usize) -> Vec<String> {
    let mut out = Vec::new();
    above(scene, head, &mut out);
    below(scene, head, &mut out);
    out.sort();
    out.dedup();
    out
}

/// What the words over a phrase make of it.
fn above(scene: &Scene<'_>, head: usize, out: &mut Vec<String>) {
    /// Most steps up.
    const STEPS: usize = 5;
    let (mut at, mut climbed) = (head, false);
    for _ in 0..STEPS {
        let Some(over) = scene.tokens[at].head else {
            return;
        };
        let rel = scene.rel(at);
        let preposition = scene.preposition(at);
        if passes(scene, at, over) {
            at = over;
            continue;
        }
        let trigger = scene.triggers[over];
        if matches!(scene.tokens[over].upos, Upos::Verb | Upos::Aux)
            || trigger.is_some_and(|t| t.verb)
        {
            return of_verb(scene, at, over, out);
        }
        if let Some(trigger) = trigger {
            return of_noun(rel, preposition, trigger.class, out);
        }
        if rel.starts_with("nmod") || matches!(rel, "amod" | "acl") {
            let main = rel.split(':').next().unwrap_or(rel);
            out.push(format!("{main}:{preposition}>{}", scene.one[over]));
            if climbed {
                return;
            }
            (at, climbed) = (over, true);
            continue;
        }
        if rel.starts_with("nsubj") {
            out.push(format!("cop>{}", scene.lemma[over]));
        }
        return;
    }
}

/// Whether a phrase stands for the one over it: joined, in apposition, in a collective or a list.
fn passes(scene: &Scene<'_>, at: usize, over: usize) -> bool {
    let (rel, preposition) = (scene.rel(at), scene.preposition(at));
    let nominal = matches!(scene.tokens[over].upos, Upos::Noun | Upos::Propn);
    matches!(rel, "conj" | "appos" | "flat")
        || (rel == "compound" && scene.triggers[over].is_none())
        || (rel.starts_with("nmod") && preposition == "of" && collective(scene, over))
        || (list("listing").contains(&preposition)
            && (rel.starts_with("nmod") || rel.starts_with("obl"))
            && nominal)
}

const PLACES: [&str; 14] = [
    "against", "at", "on", "near", "in", "into", "inside", "outside", "to", "under", "from",
    "toward", "towards", "of",
];

fn of_verb(scene: &Scene<'_>, at: usize, verb: usize, out: &mut Vec<String>) {
    let (rel, preposition) = (scene.rel(at), scene.preposition(at));
    let Some(class) = verb_class(scene, verb) else {
        return of_other_verb(scene, at, verb, out);
    };
    let passive = passive(scene, verb);
    let label = match rel {
        "nsubj" if class == "die" => "PAT.kill".to_owned(),
        "nsubj"
            if matches!(scene.lemma[verb].as_str(), "explode" | "detonate" | "blow")
                && !scene.kids[verb].iter().any(|k| scene.rel(*k) == "obj") =>
        {
            "INS.bomb".to_owned()
        }
        "nsubj" if !passive => format!("AG.{class}"),
        "nsubj" | "nsubj:pass" | "obj" | "iobj" => format!("PAT.{class}"),
        _ if rel.starts_with("obl") => {
            if preposition == "by" || rel == "obl:agent" {
                format!("{}.{class}", if passive { "AG" } else { "BY" })
            } else if matches!(preposition, "with" | "using") {
                format!("INS.{class}")
            } else if matches!(preposition, "to" | "on")
                && matches!(class.as_str(), "claim" | "suspect")
            {
                "BLAME".to_owned()
            } else if PLACES.contains(&preposition) {
                out.push(format!("LOC{preposition}.{class}"));
                format!("LOC.{class}")
            } else {
                format!("OBL.{class}")
            }
        }
        "nmod" | "nmod:unmarked" => format!("OBL.{class}"),
        _ => format!("OTH.{class}"),
    };
    out.push(label);
}

/// The subject of a harmless verb may do the deed of its complement: "entered and burned".
fn of_other_verb(scene: &Scene<'_>, at: usize, verb: usize, out: &mut Vec<String>) {
    let (rel, preposition) = (scene.rel(at), scene.preposition(at));
    if matches!(rel, "nsubj" | "nsubj:pass") {
        for kid in &scene.kids[verb] {
            let complement = matches!(scene.rel(*kid), "xcomp" | "advcl" | "conj" | "ccomp");
            let own = scene.kids[*kid]
                .iter()
                .any(|k| scene.rel(*k).starts_with("nsubj"));
            if complement
                && !own
                && let Some(class) = verb_class(scene, *kid)
            {
                let side = if passive(scene, *kid) { "PAT" } else { "AG" };
                out.push(format!("{side}2.{class}"));
            }
        }
    }
    let lemma = &scene.lemma[verb];
    out.push(if preposition.is_empty() {
        format!("{rel}>{lemma}")
    } else {
        format!("{rel}:{preposition}>{lemma}")
    });
}

fn of_noun(rel: &str, preposition: &str, class: &str, out: &mut Vec<String>) {
    match rel {
        "nmod:poss" => out.push(format!("POSS.{class}")),
        "compound" | "amod" | "nmod:desc" => out.push(format!("MOD.{class}")),
        "nsubj" => out.push(format!("COP.{class}")),
        _ if rel.starts_with("nmod") || rel.starts_with("obl") => match preposition {
            "of" => out.push(format!("PAT.{class}N")),
            "by" => out.push(format!("AG.{class}N")),
            "with" => out.push(format!("INS.{class}N")),
            _ => {
                out.push(format!("TGT.{class}N"));
                out.push(format!("TGT{preposition}.{class}N"));
            }
        },
        _ => {}
    }
}

/// What clauses and adjectives under a phrase tell of it: "men who attacked", "the murdered priest".
fn below(scene: &Scene<'_>, head: usize, out: &mut Vec<String>) {
    for kid in &scene.kids[head] {
        let rel = scene.rel(*kid);
        if rel == "amod" {
            let verb = super::lexicon::trigger(&scene.lemma[*kid], true);
            if let Some(trigger) = scene.triggers[*kid].or(verb) {
                out.push(format!("APAT.{}", trigger.class));
            }
        }
        if !rel.starts_with("acl") && rel != "advcl:relcl" {
            continue;
        }
        let Some(class) = verb_class(scene, *kid) else {
            continue;
        };
        let subject = |name: &str| {
            scene.kids[*kid]
                .iter()
                .copied()
                .find(|k| scene.rel(*k) == name)
        };
        let relative = subject("nsubj")
            .is_some_and(|k| matches!(scene.low[k].as_str(), "who" | "which" | "that"));
        let dies = class == "die";
        if scene.tokens[*kid].xpos == "VBN" && subject("nsubj").is_none() {
            out.push(format!(
                "PAT.{}",
                if dies { "kill" } else { class.as_str() }
            ));
            out.push("RPAT".to_owned());
        } else if relative || scene.tokens[*kid].xpos == "VBG" {
            out.push(if dies {
                "PAT.kill".to_owned()
            } else {
                format!("AG.{class}")
            });
            out.push("RAG".to_owned());
        } else if subject("nsubj:pass").is_some() {
            out.push(format!("PAT.{class}"));
        } else {
            out.push(format!("REL.{class}"));
        }
    }
}

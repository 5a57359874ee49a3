//! How an event is told: modality from auxiliaries, negation, conditionals and governors; who says
//! it; and whether it is only the content of another event.

use rapporteur_text::{Deprel, Upos};

use crate::{Modality, Party};

use super::tree::Tree;
use super::words::Hold;

/// How one clause is told.
#[derive(Debug)]
pub(super) struct Telling {
    pub(super) modality: Modality,
    /// The verb itself is future: "will", "is to", "plans to".
    pub(super) future: bool,
    /// The word that decided, for `why`.
    pub(super) by: Option<usize>,
    /// Its lemma, or empty.
    pub(super) word: String,
    pub(super) said_by: Option<Party>,
    /// "Said" without a speaker that is an actor ("analysts say").
    pub(super) said: bool,
    /// Only somebody's purpose ("formed to fight"): not told as done or meant at a time.
    pub(super) purpose: bool,
    /// Heads that hold this clause as their content, nearest first.
    pub(super) holders: Vec<usize>,
}

/// Reads the telling of the clause that hangs on `head`.
pub(super) fn telling(tree: &Tree<'_>, head: usize, trigger: &[usize], nominal: bool) -> Telling {
    let mut t = Telling {
        modality: Modality::Actual,
        future: false,
        by: None,
        word: String::new(),
        said_by: None,
        said: false,
        purpose: false,
        holders: Vec::new(),
    };
    own(tree, head, trigger, &mut t);
    climb(tree, head, nominal, &mut t);
    if topic(tree, head) {
        set(&mut t, Modality::Hypothetical, head);
        t.purpose = true;
    }
    attribution(tree, &mut t, head);
    // "must" in the author's own telling of a text is what the text lays down; "should" is advice.
    if let (Modality::Demanded, Some(by)) = (t.modality, t.by)
        && tree.rel(by) == Deprel::Aux
        && !t.said
    {
        if tree.lemma(by) == "must" {
            t.modality = Modality::Planned;
        } else {
            t.purpose = true;
        }
    }
    if nominal && t.modality == Modality::Actual {
        let modal = (head + 1..tree.len().min(head + 14))
            .take_while(|i| tree.form(*i) != ",")
            .find(|i| matches!(tree.form(*i), "could" | "may" | "might"));
        if let Some(by) = modal {
            set(&mut t, Modality::Hypothetical, by);
        }
    }
    t.word = t.by.map_or_else(String::new, |b| tree.lemma(b).to_owned());
    t
}

/// "Talks about ending the mission", "a timeline for reducing it": what is spoken of or planned, not
/// told as done. "Condemned it for attacking" is told: there "for" hangs on a verb.
fn topic(tree: &Tree<'_>, head: usize) -> bool {
    let before = head.checked_sub(1).map_or("", |i| tree.form(i));
    let on_noun = tree.head(head).is_some_and(|h| !tree.is_verb(h));
    tree.xpos(head) == "VBG"
        && match before {
            "about" | "toward" | "towards" => true,
            "for" | "on" => on_noun,
            _ => false,
        }
}

fn set(t: &mut Telling, modality: Modality, by: usize) {
    if t.modality == Modality::Actual || modality == Modality::Denied {
        t.modality = modality;
        t.by = Some(by);
    }
}

/// What the clause's own words say.
fn own(tree: &Tree<'_>, head: usize, trigger: &[usize], t: &mut Telling) {
    auxiliaries(tree, head, t);
    if tree.rel(head) == Deprel::Conj
        && !tree
            .children(head)
            .any(|c| matches!(tree.rel(c), Deprel::Nsubj | Deprel::NsubjPass | Deprel::Aux))
        && let Some(first) = tree.head(head).filter(|h| tree.is_verb(*h))
        && (tree.xpos(head) == tree.xpos(first) || tree.xpos(head) == "VB")
    {
        auxiliaries(tree, first, t);
    }
    if let Some(by) = be_to(tree, head) {
        set(t, Modality::Planned, by);
        t.future = true;
    }
    if let Some(by) = not_yet(tree, head) {
        set(t, Modality::Denied, by);
    }
    let negated = trigger
        .iter()
        .copied()
        .find(|i| {
            // "Promised not to attack": the promise stands.
            tree.negated(*i) && (*i == head || tree.mark(*i) != Some("to"))
        })
        .or_else(|| {
            tree.child(head, &[Deprel::Nsubj, Deprel::NsubjPass])
                .filter(|s| {
                    tree.children(*s)
                        .any(|c| matches!(tree.lemma(c), "no" | "neither"))
                })
        });
    if let Some(by) = negated {
        t.modality = Modality::Denied;
        t.by = Some(by);
    }
    if matches!(tree.mark(head), Some("if" | "unless" | "whether" | "lest")) {
        set(t, Modality::Hypothetical, head);
    }
    adverbs_and_adjectives(tree, head, trigger, t);
}

/// "Reportedly", "perhaps", "a planned raid".
fn adverbs_and_adjectives(tree: &Tree<'_>, head: usize, trigger: &[usize], t: &mut Telling) {
    for c in tree.children(head) {
        if tree.rel(c) == Deprel::Advmod
            && matches!(
                tree.lemma(c),
                "allegedly"
                    | "reportedly"
                    | "possibly"
                    | "perhaps"
                    | "maybe"
                    | "likely"
                    | "probably"
                    | "potentially"
            )
        {
            match tree.lemma(c) {
                "allegedly" | "reportedly" => t.said = true,
                _ => set(t, Modality::Hypothetical, c),
            }
        }
    }
    for i in trigger {
        for c in tree.children(*i) {
            if tree.rel(c) == Deprel::Amod {
                match tree.lemma(c) {
                    "planned" | "plan" | "upcoming" | "forthcoming" | "future" | "scheduled"
                    | "expected" | "imminent" | "eventual" | "promised" => {
                        set(t, Modality::Planned, c);
                        t.future = true;
                    }
                    "proposed" | "suggested" => set(t, Modality::Offered, c),
                    "possible" | "potential" | "likely" | "threatened" | "hypothetical"
                    | "prospective" => set(t, Modality::Hypothetical, c),
                    _ => {}
                }
            }
        }
    }
}

/// "are to be disarmed", "is to meet": the form of "be" that makes it a plan.
pub(super) fn be_to(tree: &Tree<'_>, head: usize) -> Option<usize> {
    let mut at = head.checked_sub(1)?;
    while matches!(tree.lemma(at), "be" | "been") && tree.form(at).eq_ignore_ascii_case("be") {
        at = at.checked_sub(1)?;
    }
    let be = at.checked_sub(1).filter(|_| tree.lemma(at) == "to")?;
    // "The objective was to end the mission" says what is wanted, not what is laid down.
    let aim = |i: usize| tree.words.has("aims", tree.lemma(i));
    if be.checked_sub(1).is_some_and(aim)
        || tree
            .child(
                head,
                &[Deprel::Nsubj, Deprel::NsubjPass, Deprel::NsubjOuter],
            )
            .or_else(|| tree.child(be, &[Deprel::Nsubj]))
            .is_some_and(aim)
    {
        return None;
    }
    matches!(
        tree.form(be).to_lowercase().as_str(),
        "is" | "are" | "was" | "were"
    )
    .then_some(be)
}

/// "has yet to ratify", "stopped short of vetoing", "instead of leaving": it was not done.
fn not_yet(tree: &Tree<'_>, head: usize) -> Option<usize> {
    let words = |back: usize| head.checked_sub(back).map_or("", |i| tree.form(i));
    let yet = words(1) == "to" && words(2) == "yet";
    let short = tree.xpos(head) == "VBG"
        && words(1) == "of"
        && matches!(words(2), "short" | "instead" | "lieu");
    (yet || short).then(|| head - 2)
}

fn auxiliaries(tree: &Tree<'_>, head: usize, t: &mut Telling) {
    for c in tree
        .children(head)
        .filter(|c| matches!(tree.rel(*c), Deprel::Aux | Deprel::AuxPass | Deprel::Cop))
    {
        match (tree.lemma(c), tree.form(c).to_lowercase().as_str()) {
            (
                "will" | "shall" | "wo" | "'ll" | "’ll",
                "will" | "shall" | "wo" | "'ll" | "’ll" | "ll",
            )
            | ("'ll" | "wo" | "’ll", _) => {
                set(t, Modality::Planned, c);
                t.future = true;
            }
            (_, "would" | "'d" | "’d") => {
                // "said it would withdraw" is a plan told in the past; "would withdraw if" is not.
                let reported = reported(tree, head);
                let conditional = tree.children(head).any(|x| {
                    tree.rel(x) == Deprel::Advcl && matches!(tree.mark(x), Some("if" | "unless"))
                });
                if tree.xpos(c) != "VBD" && tree.form(c) != "'d" || reported {
                    set(
                        t,
                        if reported && !conditional {
                            Modality::Planned
                        } else {
                            Modality::Hypothetical
                        },
                        c,
                    );
                    t.future = true;
                }
            }
            (_, "could" | "may" | "might" | "can" | "ca") => {
                set(t, Modality::Hypothetical, c);
                t.future = true;
            }
            (_, "should" | "must" | "ought") => set(t, Modality::Demanded, c),
            _ => {}
        }
    }
}

fn reported(tree: &Tree<'_>, head: usize) -> bool {
    matches!(tree.rel(head), Deprel::Ccomp | Deprel::Parataxis)
        || tree.children(head).any(|c| {
            matches!(tree.rel(c), Deprel::Parataxis | Deprel::Ccomp)
                && tree.words.has("say", tree.lemma(c))
        })
        || tree.rel(head) == Deprel::Conj
            && tree
                .head(head)
                .is_some_and(|h| tree.rel(h) == Deprel::Ccomp)
}

/// What stands above: governors, conditions, speakers.
fn climb(tree: &Tree<'_>, head: usize, mut noun: bool, t: &mut Telling) {
    let mut at = head;
    for _ in 0..10 {
        let Some(up) = tree.head(at) else { break };
        match tree.rel(at) {
            Deprel::Conj | Deprel::Appos | Deprel::Dep | Deprel::List => {}
            Deprel::Acl | Deprel::AclRelcl | Deprel::Ccomp if alleged(tree, at, up, t) => break,
            Deprel::Xcomp | Deprel::Ccomp | Deprel::Csubj | Deprel::CsubjPass => {
                t.holders.push(up);
                if tree.words.has("say", tree.lemma(up)) && tree.rel(at) != Deprel::Xcomp {
                    say(tree, up, t);
                    break;
                }
                govern(tree, Hold::Clause, up, t);
                if tree.rel(at) == Deprel::Ccomp && !tree.is_verb(up) && tree.upos(up) != Upos::Adj
                {
                    break;
                }
                noun = false;
            }
            Deprel::Advcl => {
                adverbial(tree, at, up, at == head || !noun, t);
                break;
            }
            Deprel::Acl => {
                if !content_of_noun(tree, at, up, t) {
                    break;
                }
                noun = true;
            }
            Deprel::Obj | Deprel::NsubjPass if noun => {
                t.holders.push(up);
                govern(tree, Hold::Object, up, t);
                if modal_of(tree, up) && tree.words.governor(Hold::Object, tree.lemma(up)).is_none()
                {
                    govern_self(tree, up, t);
                }
                noun = false;
            }
            Deprel::Nmod | Deprel::Compound | Deprel::NmodPoss if noun => {
                t.holders.push(up);
                if tree.case(at) != Some("after") {
                    govern(tree, Hold::Noun, up, t);
                }
            }
            Deprel::Obl | Deprel::OblAgent if noun => {
                if !oblique(tree, at, up, t) {
                    break;
                }
                noun = false;
            }
            Deprel::Nsubj if noun => {
                govern_self(tree, up, t);
                break;
            }
            _ => break,
        }
        at = up;
    }
}

/// "Denied charges by the bishops that it tortured a priest": the clause is what is alleged, and is
/// denied with the charges.
fn alleged(tree: &Tree<'_>, at: usize, up: usize, t: &mut Telling) -> bool {
    let outer = tree.head(up).filter(|_| tree.rel(up) == Deprel::Nmod);
    let noun = [Some(up), outer]
        .into_iter()
        .flatten()
        .find(|n| tree.is_noun(*n) && tree.words.has("allegations", tree.lemma(*n)));
    // A "that" beside an object of the verb is no relative pronoun, whatever the parse calls it.
    let objects = tree
        .children(at)
        .filter(|c| tree.rel(*c) == Deprel::Obj)
        .count();
    let that = tree.mark(at) == Some("that")
        || tree.rel(at) == Deprel::Ccomp
        || objects > 1 && tree.children(at).any(|c| tree.lemma(c) == "that");
    let Some(noun) = noun.filter(|_| that) else {
        return false;
    };
    t.said = true;
    t.holders.push(noun);
    if let Some(verb) = tree
        .head(noun)
        .filter(|_| matches!(tree.rel(noun), Deprel::Obj | Deprel::NsubjPass))
    {
        govern(tree, Hold::Object, verb, t);
    }
    true
}

/// A clause of condition, time or purpose: what it says of how its event is told. `own` is false
/// for a noun inside a clause of purpose.
fn adverbial(tree: &Tree<'_>, at: usize, up: usize, own: bool, t: &mut Telling) {
    match tree.mark(at) {
        Some("if" | "unless" | "whether" | "lest" | "until") => set(t, Modality::Hypothetical, at),
        Some("when" | "once" | "after" | "before" | "as")
            if matches!(tree.xpos(at), "VBP" | "VBZ" | "VB") && ahead(tree, up) =>
        {
            set(t, Modality::Planned, up);
            t.future = true;
        }
        Some("to") if own => {
            govern(tree, Hold::Clause, up, t);
            if t.modality == Modality::Actual {
                t.purpose = true;
            }
            set(t, Modality::Planned, up);
            t.future = true;
            t.holders.push(up);
        }
        _ => {}
    }
}

/// "The plan to leave", "the aim of leaving": whether the clause is the content of the noun.
fn content_of_noun(tree: &Tree<'_>, at: usize, up: usize, t: &mut Telling) -> bool {
    let content = matches!(tree.mark(at), Some("to" | "of"))
        || matches!(tree.case(at), Some("of" | "for" | "to"));
    if content {
        govern(tree, Hold::Noun, up, t);
        if t.modality == Modality::Actual {
            t.purpose = true;
        }
        set(t, Modality::Planned, up);
        t.holders.push(up);
    }
    content
}

/// A noun behind a preposition of the verb; false where the verb says nothing of it any more.
fn oblique(tree: &Tree<'_>, at: usize, up: usize, t: &mut Telling) -> bool {
    let case = tree.case(at).unwrap_or("");
    if matches!(
        case,
        "for" | "to" | "on" | "about" | "of" | "over" | "in" | "with" | "against"
    ) {
        t.holders.push(up);
        govern(tree, Hold::Clause, up, t);
    }
    !matches!(
        case,
        "after" | "since" | "during" | "following" | "before" | "amid" | "despite"
    )
}

/// "Will", "would": what is told lies ahead.
fn ahead(tree: &Tree<'_>, verb: usize) -> bool {
    tree.children(verb).any(|c| {
        tree.rel(c) == Deprel::Aux && matches!(tree.lemma(c), "will" | "would" | "shall" | "wo")
    })
}

fn modal_of(tree: &Tree<'_>, verb: usize) -> bool {
    tree.children(verb).any(|c| tree.rel(c) == Deprel::Aux)
}

/// A noun under a verb takes the verb's own modality ("a raid could follow").
fn govern_self(tree: &Tree<'_>, verb: usize, t: &mut Telling) {
    auxiliaries(tree, verb, t);
    if tree.negated(verb) {
        set(t, Modality::Denied, verb);
    }
}

fn govern(tree: &Tree<'_>, hold: Hold, up: usize, t: &mut Telling) {
    if let Some(modality) = tree.words.governor(hold, tree.lemma(up)) {
        if hold == Hold::Clause && tree.lemma(up) == "go" && tree.form(up) != "going" {
            return;
        }
        let negated = tree.negated(up);
        let modality = match modality {
            Modality::Denied if negated => return,
            Modality::Planned | Modality::Offered if negated => Modality::Denied,
            m => m,
        };
        if matches!(
            modality,
            Modality::Planned | Modality::Offered | Modality::Denied
        ) {
            t.future = true;
        }
        set(t, modality, up);
    } else if hold == Hold::Clause && tree.is_verb(up) {
        govern_self(tree, up, t);
    }
}

fn say(tree: &Tree<'_>, verb: usize, t: &mut Telling) {
    t.said = true;
    if t.said_by.is_none() {
        t.said_by = tree
            .subject(verb)
            .and_then(|s| tree.parties(s).into_iter().next());
    }
}

/// "…, the minister said." and "according to the ministry".
fn attribution(tree: &Tree<'_>, t: &mut Telling, head: usize) {
    let mut at = head;
    for _ in 0..10 {
        for c in tree.children(at) {
            if matches!(tree.rel(c), Deprel::Parataxis | Deprel::Ccomp)
                && tree.words.has("say", tree.lemma(c))
                && !tree
                    .children(c)
                    .any(|x| matches!(tree.rel(x), Deprel::Ccomp | Deprel::Obj | Deprel::Xcomp))
            {
                say(tree, c, t);
            }
            if t.said_by.is_none() && tree.case(c) == Some("accord")
                || tree.case(c) == Some("according")
            {
                t.said = true;
                t.said_by = tree.parties(c).into_iter().next();
            }
        }
        match (tree.head(at), tree.rel(at)) {
            (
                Some(up),
                Deprel::Conj
                | Deprel::Advcl
                | Deprel::Xcomp
                | Deprel::Obl
                | Deprel::Obj
                | Deprel::Nsubj
                | Deprel::NsubjPass
                | Deprel::Nmod
                | Deprel::Acl
                | Deprel::AclRelcl
                | Deprel::Ccomp,
            ) => at = up,
            _ => break,
        }
    }
}

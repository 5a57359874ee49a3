//! Finds where a frame fits a sentence: trigger words, the nouns and clauses the frame asks for.

use rapporteur_text::{Deprel, EntityKind, Upos};

use super::rules::{Frame, Frames, Terms};
use super::tree::Tree;

/// A frame that fits.
#[derive(Clone, Debug)]
pub(super) struct Match {
    /// Index into the frames.
    pub(super) frame: usize,
    /// Verb or noun that the clause hangs on.
    pub(super) head: usize,
    /// The trigger is a noun of its own, without a verb.
    pub(super) nominal: bool,
    /// Words of the trigger, in order.
    pub(super) trigger: Vec<usize>,
    /// The noun that says what is held, begun, imposed.
    pub(super) theme: Option<usize>,
    /// The nominal that the frame's preposition found.
    pub(super) prep_head: Option<usize>,
    /// Content clause.
    pub(super) comp: Option<usize>,
    /// Subject, unless it is the theme.
    pub(super) subj: Option<usize>,
    /// Object, unless it is the theme.
    pub(super) obj: Option<usize>,
    weight: u32,
}

/// Every fitting frame, at most one a trigger word, in text order.
pub(super) fn matches(tree: &Tree<'_>, frames: &Frames) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    for at in 0..tree.len() {
        let lemma = tree.lemma(at);
        if matches!(tree.upos(at), Upos::Verb | Upos::Aux | Upos::Adj) || verbal(tree, at) {
            let tells = ["say", "empty", "static"]
                .iter()
                .any(|set| tree.words.has(set, lemma));
            let any = frames
                .of_any_verb()
                .iter()
                .filter(|_| tree.upos(at) == Upos::Verb && !tells);
            let best = frames
                .of_verb(lemma)
                .iter()
                .chain(any)
                .filter_map(|(particle, f)| verb(tree, frames, usize::from(*f), at, particle))
                .max_by_key(|m| (m.weight, std::cmp::Reverse(m.frame)));
            found.extend(best);
        }
    }
    for at in 0..tree.len() {
        if tree.upos(at) == Upos::Noun && !found.iter().any(|m| m.trigger.contains(&at)) {
            let best = frames
                .of_noun(tree.lemma(at))
                .iter()
                .filter_map(|f| noun(tree, frames, usize::from(*f), at))
                .max_by_key(|m| (m.weight, std::cmp::Reverse(m.frame)));
            found.extend(best);
        }
    }
    drop_overlaps(found)
}

/// A tagger may call a past participle or a headline's present a noun; its arguments tell.
fn verbal(tree: &Tree<'_>, at: usize) -> bool {
    matches!(tree.upos(at), Upos::Noun | Upos::Propn)
        && tree
            .children(at)
            .any(|c| matches!(tree.rel(c), Deprel::Nsubj | Deprel::Obj | Deprel::NsubjPass))
        && !tree
            .children(at)
            .any(|c| matches!(tree.rel(c), Deprel::Cop | Deprel::Det | Deprel::Case))
}

/// Two matches that share a word: the one with more of it, the verb before the noun.
fn drop_overlaps(mut found: Vec<Match>) -> Vec<Match> {
    found.sort_by_key(|m| (std::cmp::Reverse(m.weight), m.nominal, m.head));
    let mut kept: Vec<Match> = Vec::new();
    for m in found {
        if !kept
            .iter()
            .any(|k| k.trigger.contains(&m.head) || m.trigger.contains(&k.head))
        {
            kept.push(m);
        }
    }
    kept.sort_by_key(|m| m.trigger.first().copied());
    kept
}

fn verb(tree: &Tree<'_>, frames: &Frames, f: usize, at: usize, particle: &str) -> Option<Match> {
    let frame = &frames.frames[f];
    let mut m = Match {
        frame: f,
        head: at,
        nominal: false,
        trigger: vec![at],
        theme: None,
        prep_head: None,
        comp: tree.complement(at),
        subj: tree.subject(at),
        obj: tree.object(at),
        weight: frame.weight,
    };
    if frame.not_participle && tree.rel(at) == Deprel::Acl || attribute(tree, at) {
        return None;
    }
    if !particle.is_empty() {
        m.trigger.extend(find_particle(tree, at, particle)?);
        m.weight += 3;
    }
    if !frame.theme.is_empty() {
        find_theme(tree, frame, &mut m)?;
    } else if frame.theme_subj {
        let subj = m.subj.or_else(|| tree.object(at)).and_then(|s| {
            let all = tree.conjuncts(s);
            all.into_iter().find(|c| fits(tree, &frame.subj, *c))
        })?;
        if m.obj == Some(subj) {
            m.obj = None;
        }
        m.trigger.push(subj);
        m.theme = Some(subj);
        m.subj = None;
    }
    if m.theme.is_some_and(|t| !fits_modifiers(tree, frame, t)) {
        return None;
    }
    parties_fit(tree, frame, &m).then_some(())?;
    find_prep(tree, frame, &mut m)?;
    find_comp(tree, frame, &mut m)?;
    m.trigger.sort_unstable();
    m.trigger.dedup();
    Some(m)
}

/// "The occupied town", "the US-led war": what a participle before its noun says is known, not told.
fn attribute(tree: &Tree<'_>, at: usize) -> bool {
    tree.rel(at) == Deprel::Amod && tree.is_verb(at) && tree.head(at).is_some_and(|noun| noun > at)
}

fn noun(tree: &Tree<'_>, frames: &Frames, f: usize, at: usize) -> Option<Match> {
    let frame = &frames.frames[f];
    if tree.rel(at) == Deprel::Compound || !fits_modifiers(tree, frame, at) {
        return None;
    }
    Some(Match {
        frame: f,
        head: at,
        nominal: true,
        trigger: vec![at],
        theme: Some(at),
        prep_head: None,
        comp: tree
            .children(at)
            .find(|c| tree.rel(*c) == Deprel::Acl && tree.mark(*c) == Some("to")),
        // "are in talks": the noun is the predicate.
        subj: tree
            .child(at, &[Deprel::Nsubj])
            .filter(|_| tree.child(at, &[Deprel::Cop]).is_some() && tree.case(at) == Some("in")),
        obj: None,
        weight: frame.weight,
    })
}

fn find_particle(tree: &Tree<'_>, verb: usize, particle: &str) -> Option<Vec<usize>> {
    let mut words = particle.split(' ');
    let first = words.next()?;
    let at = tree
        .children(verb)
        .find(|c| *c > verb && tree.form(*c).eq_ignore_ascii_case(first))
        .or_else(|| {
            let next = verb + 1;
            (next < tree.len() && tree.form(next).eq_ignore_ascii_case(first)).then_some(next)
        })?;
    let mut found = vec![at];
    for (i, word) in words.enumerate() {
        let next = at + 1 + i;
        if next >= tree.len() || !tree.form(next).eq_ignore_ascii_case(word) {
            return None;
        }
        found.push(next);
    }
    Some(found)
}

/// Sets the theme and its words; `None` when the frame's noun is not there.
fn find_theme(tree: &Tree<'_>, frame: &Frame, m: &mut Match) -> Option<()> {
    let mut candidates = Vec::new();
    if frame.theme_prep.is_empty() || frame.theme_prep.iter().any(String::is_empty) {
        candidates.extend(m.obj);
        if m.obj.is_none() && !frame.theme_obj {
            candidates.extend(m.subj);
        }
    }
    for prep in frame.theme_prep.iter().filter(|p| !p.is_empty()) {
        candidates.extend(tree.by_prep(m.head, prep));
    }
    for candidate in candidates {
        for at in tree.conjuncts(candidate) {
            if let Some(theme) = theme_at(tree, frame, at) {
                if m.obj == Some(candidate) {
                    m.obj = None;
                } else if m.subj == Some(candidate) {
                    m.subj = None;
                }
                m.trigger.push(at);
                m.trigger.push(theme);
                m.theme = Some(theme);
                return Some(());
            }
        }
    }
    None
}

/// The theme at a noun, or under "round of", "series of".
fn theme_at(tree: &Tree<'_>, frame: &Frame, at: usize) -> Option<usize> {
    let fits = |t: usize| {
        frame.theme.has(tree.lemma(t)) && !frame.not_theme.has(tree.lemma(t))
            || class_fits(tree, &frame.theme, t)
    };
    let of = tree.by_prep(at, "of");
    if !frame.theme_of.is_empty() {
        return of
            .iter()
            .find(|o| fits(at) && frame.theme_of.iter().any(|w| w == tree.lemma(**o)))
            .copied();
    }
    if let Some(inner) = of.iter().find(|o| fits(**o)) {
        let outer = tree.lemma(at);
        if matches!(
            outer,
            "round"
                | "series"
                | "set"
                | "wave"
                | "number"
                | "spate"
                | "string"
                | "day"
                | "session"
                | "package"
                | "part"
                | "phase"
        ) || tree.words.has("quantities", outer)
            || tree.words.has("measures", outer)
        {
            return Some(*inner);
        }
    }
    fits(at).then_some(at)
}

fn fits_modifiers(tree: &Tree<'_>, frame: &Frame, at: usize) -> bool {
    let before = || {
        tree.children(at)
            .filter(|c| {
                *c < at
                    && matches!(
                        tree.rel(*c),
                        Deprel::Amod
                            | Deprel::Compound
                            | Deprel::NmodDesc
                            | Deprel::Nmod
                            | Deprel::Dep
                    )
            })
            .flat_map(|c| {
                tree.children(c)
                    .chain(std::iter::once(c))
                    .collect::<Vec<_>>()
            })
    };
    (frame.theme_pre.is_empty()
        || before().any(|c| frame.theme_pre.iter().any(|w| w == tree.lemma(c))))
        && !before().any(|c| frame.not_pre.iter().any(|w| w == tree.lemma(c)))
}

fn parties_fit(tree: &Tree<'_>, frame: &Frame, m: &Match) -> bool {
    let passive = tree.passive(m.head);
    if !frame.theme_subj && !frame.subj.is_empty() {
        match m.subj {
            Some(s) if !any_fits(tree, &frame.subj, s) => return false,
            None if !passive && (m.theme.is_none() || m.obj.is_some()) => return false,
            _ => {}
        }
    }
    if m.subj.is_some_and(|s| frame.not_subj.has(tree.lemma(s)))
        || m.theme
            .is_some_and(|t| frame.theme_subj && frame.not_subj.has(tree.lemma(t)))
    {
        return false;
    }
    if !frame.obj.is_empty() && !m.obj.is_some_and(|o| any_fits(tree, &frame.obj, o)) {
        return false;
    }
    if let Some(o) = m.obj.filter(|o| frame.not_obj.has(tree.lemma(*o)))
        && tree.actor_at(o).is_none()
    {
        return false;
    }
    if frame
        .verbs_need_actor
        .iter()
        .any(|v| v == tree.lemma(m.head))
    {
        return m.obj.map_or_else(
            || m.trigger.len() > 1,
            |o| {
                !tree.parties(o).is_empty()
                    || tree.place_party(o).is_some()
                    || tree.words.has("damage_goods", tree.lemma(o))
                    || tree.words.has("belongings", tree.lemma(o))
            },
        );
    }
    true
}

fn find_prep(tree: &Tree<'_>, frame: &Frame, m: &mut Match) -> Option<()> {
    let nominals = |p: &String| {
        let mut all = tree.by_prep(m.head, p);
        for at in m.obj.into_iter().chain(m.theme) {
            all.extend(tree.by_prep(at, p));
        }
        all
    };
    if frame.not_prep_head.iter().any(|w| {
        tree.children(m.head)
            .any(|c| tree.case(c).is_some() && tree.lemma(c) == w.as_str())
    }) {
        return None;
    }
    if frame.prep.is_empty() {
        return Some(());
    }
    for prep in &frame.prep {
        for at in nominals(prep) {
            if frame.prep_head.is_empty() || any_fits(tree, &frame.prep_head, at) {
                m.prep_head = Some(at);
                if frame.prep_head.has(tree.lemma(at)) {
                    m.trigger.push(at);
                }
                m.trigger.extend(
                    tree.children(at)
                        .filter(|c| tree.rel(*c) == Deprel::Case && *c == m.head + 1),
                );
                return Some(());
            }
        }
    }
    None
}

fn find_comp(tree: &Tree<'_>, frame: &Frame, m: &mut Match) -> Option<()> {
    if !frame.comp_words.is_empty() {
        let word = tree
            .children(m.head)
            .flat_map(|c| tree.under(c, true))
            .find(|i| frame.comp_words.iter().any(|w| w == tree.lemma(*i)))?;
        m.trigger.push(word);
    }
    if let Some(comp) = m.comp
        && !tree.negated(comp)
        && let Some(class) = content(tree, comp)
        && frame.not_content.iter().any(|c| c == class)
    {
        return None;
    }
    if frame.comp.is_empty() {
        return Some(());
    }
    let comp = m.comp?;
    if frame.comp_to && tree.mark(comp) != Some("to") {
        return None;
    }
    let class = content(tree, comp).filter(|_| !tree.negated(comp));
    if !frame
        .comp
        .iter()
        .any(|c| c == "any" || Some(c.as_str()) == class)
    {
        return None;
    }
    if !frame.comp_verbs.is_empty() && !frame.comp_verbs.iter().any(|v| v == tree.lemma(comp)) {
        return None;
    }
    if frame.comp != ["any"] {
        m.trigger.push(comp);
    }
    Some(())
}

/// What a clause or noun is about, as `content.toml` sorts it.
pub(super) fn content<'t>(tree: &'t Tree<'_>, at: usize) -> Option<&'t str> {
    let lemma = tree.lemma(at);
    if !tree.is_verb(at) {
        return tree.words.content_noun(lemma).or_else(|| {
            tree.by_prep(at, "of")
                .first()
                .and_then(|o| tree.words.content_noun(tree.lemma(*o)))
        });
    }
    let object = tree.child(at, &[Deprel::Obj, Deprel::NsubjPass]);
    let by_noun = || object.and_then(|o| tree.words.content_noun(tree.lemma(o)));
    // Light verbs say little: their noun decides.
    if matches!(
        lemma,
        "launch"
            | "take"
            | "make"
            | "hold"
            | "have"
            | "impose"
            | "resume"
            | "begin"
            | "start"
            | "attend"
            | "join"
            | "do"
            | "give"
            | "offer"
            | "open"
            | "carry"
            | "use"
            | "deal"
    ) && let Some(class) = by_noun()
    {
        return Some(class);
    }
    tree.words.content_verb(lemma).or_else(by_noun).or_else(|| {
        tree.complement(at)
            .and_then(|c| tree.words.content_verb(tree.lemma(c)))
    })
}

/// Whether the noun or one joined to it by "and" is meant by the terms.
fn any_fits(tree: &Tree<'_>, terms: &Terms, at: usize) -> bool {
    tree.conjuncts(at).into_iter().any(|i| fits(tree, terms, i))
}

fn fits(tree: &Tree<'_>, terms: &Terms, at: usize) -> bool {
    let lemma = tree.lemma(at);
    terms.has(lemma)
        || class_fits(tree, terms, at)
        || (tree.words.has("quantities", lemma)
            && tree
                .by_prep(at, "of")
                .iter()
                .any(|o| terms.has(tree.lemma(*o))))
}

fn class_fits(tree: &Tree<'_>, terms: &Terms, at: usize) -> bool {
    terms.classes.iter().any(|class| match class.as_str() {
        "actor" | "force_actor" => !tree.parties(at).is_empty(),
        "place" => tree.place_at(at).is_some(),
        "official" => official(tree, at),
        "person" => {
            tree.actor_at(at).is_some()
                || tree.words.has("people", tree.lemma(at))
                || tree.name(at).is_some_and(|n| n.kind == EntityKind::Per)
                || tree.upos(at) == Upos::Num
        }
        "people_actor" => tree.words.has("people", tree.lemma(at)),
        _ => false,
    })
}

/// Somebody who speaks for a party: a name, an office, a delegation.
fn official(tree: &Tree<'_>, at: usize) -> bool {
    let lemma = tree.lemma(at);
    tree.words.has("office", lemma)
        || matches!(
            lemma,
            "delegation"
                | "negotiator"
                | "mediator"
                | "diplomat"
                | "official"
                | "representative"
                | "team"
                | "he"
                | "she"
                | "they"
        ) && !tree.parties(at).is_empty()
        || tree.actor_at(at).is_some_and(|m| m.actor.role.is_some())
        || tree.name(at).is_some_and(|n| n.kind == EntityKind::Per)
}

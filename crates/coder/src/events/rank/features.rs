//! What the ranker looks at: the words that join a pair of parties in the tree and between them,
//! what the frames know of those words, and how the clause is told. Every feature has a name that a
//! person can read.

use rapporteur_base::Span;

use crate::Modality;

use super::super::extract::Found;
use super::super::rules::{Frames, OPEN};
use super::super::telling::telling;
use super::super::tree::{DEPTH, Tree};

/// The words of one party in a sentence: first and last token, and the one that hangs outside.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Side {
    first: usize,
    last: usize,
    head: usize,
}

impl Side {
    /// The tokens of `span`; `None` where it covers none.
    pub(in super::super) fn new(tree: &Tree<'_>, span: Span) -> Option<Self> {
        let (first, last) = tree.sentence.tokens_in(span)?;
        let outside = |at: &usize| {
            tree.head(*at)
                .is_none_or(|head| head < first || head > last)
        };
        let head = (first..=last).rev().find(outside).unwrap_or(last);
        Some(Self { first, last, head })
    }

    fn holds(self, at: usize) -> bool {
        (self.first..=self.last).contains(&at)
    }
}

struct Gathered<'t, 'a> {
    tree: &'t Tree<'a>,
    frames: &'t Frames,
    sides: [Option<Side>; 2],
    out: Vec<String>,
}

/// The features of a pair, either side of which may be unknown; `found` are the candidates of the
/// frames in the sentence, `chosen` the one that the frames alone would take.
pub(in super::super) fn pair(
    tree: &Tree<'_>,
    frames: &Frames,
    sides: [Option<Side>; 2],
    found: &[&Found],
    chosen: Option<&crate::Event>,
) -> Vec<String> {
    gather(tree, frames, sides, found, chosen, &[])
}

fn gather(
    tree: &Tree<'_>,
    frames: &Frames,
    sides: [Option<Side>; 2],
    found: &[&Found],
    chosen: Option<&crate::Event>,
    trigger: &[usize],
) -> Vec<String> {
    let mut all = Gathered {
        tree,
        frames,
        sides,
        out: vec!["bias".to_owned()],
    };
    all.rules(found, chosen);
    all.paths();
    all.between();
    all.sentence();
    if let Some(head) = trigger.first() {
        all.done_to("trigger", *head);
        all.clause("trigger", *head);
    }
    all.out.sort();
    all.out.dedup();
    all.out
}

/// What the ranker looks at of a candidate among those of its sentence.
pub(in super::super) fn of_candidate(
    tree: &Tree<'_>,
    frames: &Frames,
    found: &[Found],
    at: usize,
) -> Vec<String> {
    let event = &found[at].event;
    let side = |party: Option<&crate::Party>| {
        let party = party.filter(|party| tree.sentence.span.contains(party.span))?;
        Side::new(tree, party.span)
    };
    let sides = match (&event.source[..], &event.target[..]) {
        // Equals of a meeting are all sources.
        ([first, second, ..], []) => [side(Some(first)), side(Some(second))],
        (source, target) => [side(source.first()), side(target.first())],
    };
    let others: Vec<&Found> = found.iter().collect();
    let heads = &found[at].heads;
    let mut features = gather(tree, frames, sides, &others, Some(event), heads);
    for trigger in heads {
        let lemma = tree.lemma(*trigger);
        features.push(["trigger:", lemma].concat());
        let told = format!("{:?}", event.modality).to_lowercase();
        features.push(["trigger-told:", lemma, "/", &told].concat());
        if let Some(class) = tree.class(*trigger) {
            features.push(format!("trigger-class:{class}"));
        }
    }
    features.extend(manner(tree, &found[at]));
    features.push("candidate".to_owned());
    features.sort();
    features.dedup();
    features
}

/// How a candidate stands in its sentence: by whom it is told, who is known of it.
fn manner(tree: &Tree<'_>, found: &Found) -> Vec<String> {
    let event = &found.event;
    let mut out = Vec::new();
    let mut add = |what: &str| {
        out.push(["manner:", what].concat());
        out.push(["manner:", what, "/", &event.kind].concat());
    };
    if event.said_by.is_some() {
        add("said");
    }
    if event.date.is_some() {
        add("dated");
    }
    if found.nominal {
        add("noun");
    }
    for (name, side) in [("source", &event.source), ("target", &event.target)] {
        let sign = match side.first() {
            None => "nobody",
            Some(party) if party.actor.country.is_some() => "country",
            Some(party) if party.actor.sector.is_some() => "sector",
            Some(_) => "unknown",
        };
        add(&[name, "-", sign].concat());
        if let Some(at) = side.first().and_then(|p| Side::new(tree, p.span)) {
            add(&[name, "-is-", tree.rel(at.head).name()].concat());
        }
    }
    if let Some(head) = found.heads.first() {
        add(&["tag-", tree.xpos(*head)].concat());
        add(&["rel-", tree.rel(*head).name()].concat());
        if tree.sentence.root() == Some(*head) {
            add("root");
        }
    }
    out
}

impl Gathered<'_, '_> {
    fn add(&mut self, kind: &str, value: &str) {
        self.out.push([kind, ":", value].concat());
    }

    fn inside(&self, at: usize) -> bool {
        self.sides.iter().flatten().any(|side| side.holds(at))
    }

    /// What the frames say.
    fn rules(&mut self, found: &[&Found], chosen: Option<&crate::Event>) {
        match chosen {
            Some(event) => {
                let told = format!("{:?}", event.modality).to_lowercase();
                self.add("rule", &event.kind);
                self.add("rule-id", &event.why.rule);
                self.add("rule-told", &[&event.kind, "/", &told].concat());
                if let Some(mode) = &event.mode {
                    self.add("rule-mode", &[&event.kind, "/", mode].concat());
                }
                if event.source.is_empty() {
                    self.add("rule-open", &event.kind);
                }
            }
            None => self.add("rule", "none"),
        }
        for other in found {
            let kind = other.event.kind.clone();
            self.add("frame", &kind);
            if !other.content {
                self.add("frame-own", &kind);
            }
        }
    }

    /// The chain of heads from a word up, itself first.
    fn up(&self, from: usize) -> Vec<usize> {
        let mut chain = vec![from];
        let mut at = from;
        while let Some(head) = self.tree.head(at) {
            if chain.len() > DEPTH || chain.contains(&head) {
                break;
            }
            chain.push(head);
            at = head;
        }
        chain
    }

    /// The way from source to target through the tree.
    fn paths(&mut self) {
        let [source, target] = self.sides.map(|side| side.map(|s| s.head));
        for (name, head) in [("source", source), ("target", target)] {
            if let Some(head) = head {
                self.governors(name, head);
            } else {
                self.add("unknown", name);
            }
        }
        let (Some(s), Some(t)) = (source, target) else {
            return;
        };
        let (up, down) = (self.up(s), self.up(t));
        let Some(meet) = up.iter().copied().find(|at| down.contains(at)) else {
            self.add("path", "broken");
            return;
        };
        let rise = up.iter().copied().take_while(|at| *at != meet);
        let fall = down.iter().copied().take_while(|at| *at != meet);
        let (rise, fall): (Vec<usize>, Vec<usize>) = (rise.collect(), fall.collect());
        let mut words = Vec::new();
        let mut shape = String::new();
        for at in rise.iter().chain([&meet]).chain(fall.iter().rev()) {
            if !self.inside(*at) {
                words.push(*at);
            }
        }
        for (sign, way) in [("<", &rise), (">", &fall)] {
            for at in way {
                shape.push_str(sign);
                shape.push_str(self.tree.rel(*at).name());
            }
        }
        self.add("shape", &shape);
        for at in &words {
            self.word("path", *at);
        }
        self.pivot(s, meet, &fall);
        let lemmas: Vec<&str> = words.iter().map(|at| self.tree.lemma(*at)).collect();
        let joined = lemmas.join(">");
        self.add("path-words", &joined);
        if !self.inside(meet) {
            self.clause("meet", meet);
            let prep = self.tree.case(t).unwrap_or("-").to_owned();
            let rel = self.tree.rel(t).name();
            let lemma = self.tree.lemma(meet).to_owned();
            self.add("meet-target", &[&lemma, "|", rel, "|", &prep].concat());
        }
    }

    /// The act between two parties: the word where their ways meet or, below a verb of saying, the
    /// verb of what is said; what it is done to, and whether the source is its subject.
    fn pivot(&mut self, source: usize, meet: usize, fall: &[usize]) {
        let says = |at: usize| self.tree.words.has("say", self.tree.lemma(at));
        let below = fall
            .iter()
            .rev()
            .copied()
            .find(|at| self.tree.is_verb(*at) && !self.inside(*at));
        let pivot = if says(meet) {
            below.unwrap_or(meet)
        } else {
            meet
        };
        if self.inside(pivot) {
            return;
        }
        let lemma = self.tree.lemma(pivot).to_owned();
        self.add("pivot", &lemma);
        self.class("pivot", pivot);
        self.known("pivot-lex", pivot);
        if pivot != meet {
            self.clause("pivot", pivot);
            let own = match self.tree.subject(pivot) {
                Some(subject) if subject == source => "source",
                Some(subject) if self.tree.upos(subject) == rapporteur_text::Upos::Pron => {
                    "pronoun"
                }
                Some(_) => "other",
                None => "nobody",
            };
            self.add("pivot-subject", own);
            self.add("pivot-subject", &[own, "/", &lemma].concat());
        }
        self.done_to("pivot", pivot);
    }

    /// What a verb takes: object, content clause, with the word and with its class.
    fn done_to(&mut self, kind: &str, verb: usize) {
        if !self.tree.is_verb(verb) {
            return;
        }
        let lemma = self.tree.lemma(verb).to_owned();
        let class = self.tree.class(verb).map(|c| c.to_string());
        let parts = [
            ("-object", self.tree.object(verb)),
            ("-content", self.tree.complement(verb)),
        ];
        for (part, at) in parts {
            let kind = [kind, part].concat();
            let Some(at) = at.filter(|at| !self.inside(*at)) else {
                self.add(&kind, &[&lemma, ">-"].concat());
                continue;
            };
            let taken = self.tree.lemma(at).to_owned();
            self.add(&kind, &taken);
            self.class(&kind, at);
            self.add(&kind, &[&lemma, ">", &taken].concat());
            for set in self.tree.words.sets_of(&taken) {
                self.add(&kind, &["@", set].concat());
                self.add(&kind, &[&lemma, ">@", set].concat());
                if let Some(class) = &class {
                    self.add(&kind, &[class, ">@", set].concat());
                }
            }
        }
    }

    /// The words that a party hangs on.
    fn governors(&mut self, name: &str, head: usize) {
        let chain = self.up(head);
        for (distance, at) in chain.iter().skip(1).take(3).enumerate() {
            if self.inside(*at) {
                continue;
            }
            let kind = [name, "-", ["1", "2", "3"][distance]].concat();
            let lemma = self.tree.lemma(*at).to_owned();
            let below = chain[distance];
            let rel = self.tree.rel(below).name();
            self.add(&kind, &lemma);
            self.add(&kind, &[&lemma, "|", rel].concat());
            self.class(&kind, *at);
            if distance == 0 {
                let prep = self.tree.case(head).unwrap_or("-").to_owned();
                self.add(&kind, &[&lemma, "|", rel, "|", &prep].concat());
                self.known(&[name, "-lex"].concat(), *at);
                self.clause(name, *at);
            }
        }
    }

    /// A word, what the frames know of it, and its class of content.
    fn word(&mut self, kind: &str, at: usize) {
        let lemma = self.tree.lemma(at).to_owned();
        self.add(kind, &lemma);
        self.class(kind, at);
        self.known(&[kind, "-lex"].concat(), at);
    }

    /// The class that a word shares with words of like use.
    fn class(&mut self, kind: &str, at: usize) {
        if let Some(class) = self.tree.class(at) {
            self.add(&[kind, "-class"].concat(), &class.to_string());
        }
    }

    fn known(&mut self, kind: &str, at: usize) {
        let lemma = self.tree.lemma(at).to_owned();
        let mut kinds: Vec<String> = self
            .frames
            .of_verb(&lemma)
            .iter()
            .map(|(_, frame)| *frame)
            .chain(self.frames.of_noun(&lemma).iter().copied())
            .map(|frame| self.frames.frames[usize::from(frame)].kind.clone())
            .filter(|kind| kind != OPEN)
            .collect();
        kinds.sort();
        kinds.dedup();
        let single = kinds.len() == 1;
        for name in kinds {
            self.add(kind, &name);
            if single {
                self.add(&[kind, "-only"].concat(), &name);
            }
        }
        let words = self.tree.words;
        let class = words.content_verb(&lemma).or(words.content_noun(&lemma));
        if let Some(class) = class.map(str::to_owned) {
            self.add(&[kind, "-content"].concat(), &class);
        }
    }

    /// How the clause of a word is told, with the word and without.
    fn clause(&mut self, kind: &str, at: usize) {
        let told = telling(self.tree, at, &[at], self.tree.is_noun(at));
        let mut signs = vec![format!("{:?}", told.modality).to_lowercase()];
        if told.future {
            signs.push("future".to_owned());
        }
        if self.tree.negated(at) {
            signs.push("negated".to_owned());
        }
        if self.tree.is_verb(at) && self.tree.passive(at) {
            signs.push("passive".to_owned());
        }
        if matches!(told.modality, Modality::Actual) && signs.len() == 1 {
            return;
        }
        let lemma = self.tree.lemma(at).to_owned();
        if signs.len() > 1 {
            signs.push(signs.join("+"));
        }
        for sign in signs {
            self.add(&[kind, "-told"].concat(), &sign);
            self.add(&[kind, "-told"].concat(), &[&lemma, "/", &sign].concat());
        }
    }

    /// The words between the two, alone and in pairs.
    fn between(&mut self) {
        let [Some(a), Some(b)] = self.sides else {
            return;
        };
        let (from, to, order) = if a.last < b.first {
            (a.last + 1, b.first, "source-first")
        } else if b.last < a.first {
            (b.last + 1, a.first, "target-first")
        } else {
            return;
        };
        self.add("order", order);
        if to.saturating_sub(from) > 40 {
            return;
        }
        self.run("between", from, to);
        if to == from {
            self.add("between", "nothing");
        }
        if let Some(next) = (to..self.tree.len()).find(|at| !self.inside(*at)) {
            self.add("after", self.tree.lemma(next).to_owned().as_str());
        }
    }

    fn run(&mut self, kind: &str, from: usize, to: usize) {
        let lemmas: Vec<String> = (from..to)
            .filter(|at| !self.inside(*at))
            .map(|at| self.tree.lemma(at).to_owned())
            .collect();
        for pair in lemmas.windows(2) {
            self.add(&[kind, "-2"].concat(), &pair.join(" "));
        }
        for three in lemmas.windows(3) {
            self.add(&[kind, "-3"].concat(), &three.join(" "));
        }
        for lemma in lemmas {
            self.add(kind, &lemma);
        }
    }

    /// All words of the sentence that carry content, and what stands out in it.
    fn sentence(&mut self) {
        let content: Vec<usize> = (0..self.tree.len())
            .filter(|at| !self.inside(*at))
            .filter(|at| self.tree.is_verb(*at) || self.tree.is_noun(*at))
            .collect();
        for at in content {
            let lemma = self.tree.lemma(at).to_owned();
            self.add("word", &lemma);
            self.known("word-lex", at);
        }
        if let Some(root) = self.tree.sentence.root() {
            self.add("root", self.tree.lemma(root).to_owned().as_str());
        }
    }
}

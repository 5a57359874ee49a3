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
    let mut features = pair(tree, frames, sides, &others, Some(event));
    for trigger in &found[at].heads {
        let lemma = tree.lemma(*trigger);
        features.push(["trigger:", lemma].concat());
        let told = format!("{:?}", event.modality).to_lowercase();
        features.push(["trigger-told:", lemma, "/", &told].concat());
    }
    features.push("candidate".to_owned());
    features
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
        self.known(&[kind, "-lex"].concat(), at);
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
            self.word("word", at);
        }
        if let Some(root) = self.tree.sentence.root() {
            self.add("root", self.tree.lemma(root).to_owned().as_str());
        }
    }
}

//! One parsed sentence as the frames read it: children by head, lower-case lemmas, the actors and
//! places that stand on its tokens, subjects and objects across control, relatives and conjunction.

use rapporteur_base::Span;
use rapporteur_text::{Deprel, Sentence, Upos};

use crate::{ActorMention, Coding, PlaceMention};

use super::repair::Graph;
use super::words::Words;

/// Longest chain of heads that is followed: a broken parse cannot hold the coder up.
pub(super) const DEPTH: usize = 12;

/// A sentence with what was found in it.
pub(super) struct Tree<'a> {
    pub(super) text: &'a str,
    pub(super) sentence: &'a Sentence,
    pub(super) words: &'a Words,
    graph: Graph,
    children: Vec<Vec<u32>>,
    lemmas: Vec<String>,
    classes: Vec<Option<u16>>,
    actors: Vec<Option<&'a ActorMention>>,
    places: Vec<Option<&'a PlaceMention>>,
    /// Second mentions of words that stand for two parties ("both sides").
    pub(super) twins: Vec<&'a ActorMention>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(
        text: &'a str,
        sentence: &'a Sentence,
        coding: &'a Coding,
        words: &'a Words,
    ) -> Self {
        let n = sentence.tokens.len();
        let lemmas = lemmas(text, sentence, words);
        let classes = lemmas.iter().map(|lemma| words.class(lemma)).collect();
        let mut graph = Graph::new(sentence);
        graph.mend(&lemmas, words);
        let mut children = vec![Vec::new(); n];
        for (i, head) in graph.head.iter().enumerate() {
            if let Some(head) = head {
                children[*head].push(u32::try_from(i).unwrap_or(u32::MAX));
            }
        }
        let mut tree = Self {
            text,
            sentence,
            words,
            graph,
            children,
            lemmas,
            classes,
            actors: vec![None; n],
            places: vec![None; n],
            twins: Vec::new(),
        };
        // A longer mention wins over one inside it: "Iraqi army" over "Iraqi".
        let mut last: Option<&ActorMention> = None;
        for mention in within(&coding.actors, sentence.span, |m| m.span) {
            if last.is_some_and(|l| l.span == mention.span) {
                tree.twins.push(mention);
            }
            last = Some(mention);
            tree.mark_actor(mention);
        }
        for place in within(&coding.places, sentence.span, |p| p.span) {
            if let Some((first, last)) = sentence.tokens_in(place.span) {
                for slot in &mut tree.places[first..=last] {
                    *slot = Some(place);
                }
            }
        }
        tree
    }

    fn mark_actor(&mut self, mention: &'a ActorMention) {
        if let Some((first, last)) = self.sentence.tokens_in(mention.span) {
            for slot in &mut self.actors[first..=last] {
                if slot.is_none_or(|old| old.span.len() < mention.span.len()) {
                    *slot = Some(mention);
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lemmas.len()
    }

    pub(super) fn lemma(&self, at: usize) -> &str {
        &self.lemmas[at]
    }

    /// Class of the word among words of like use.
    pub(super) fn class(&self, at: usize) -> Option<u16> {
        self.classes[at]
    }

    pub(super) fn form(&self, at: usize) -> &str {
        self.sentence.tokens[at].span.of(self.text)
    }

    pub(super) fn span(&self, at: usize) -> Span {
        self.sentence.tokens[at].span
    }

    pub(super) fn upos(&self, at: usize) -> Upos {
        self.graph.upos[at]
    }

    pub(super) fn xpos(&self, at: usize) -> &str {
        &self.graph.xpos[at]
    }

    pub(super) fn rel(&self, at: usize) -> Deprel {
        self.graph.rel[at]
    }

    pub(super) fn head(&self, at: usize) -> Option<usize> {
        self.graph.head[at]
    }

    pub(super) fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.children[at].iter().map(|c| *c as usize)
    }

    pub(super) fn child(&self, at: usize, rels: &[Deprel]) -> Option<usize> {
        self.children(at).find(|c| rels.contains(&self.rel(*c)))
    }

    pub(super) fn is_noun(&self, at: usize) -> bool {
        matches!(
            self.upos(at),
            Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::Sym | Upos::X
        )
    }

    pub(super) fn is_verb(&self, at: usize) -> bool {
        matches!(self.upos(at), Upos::Verb | Upos::Aux)
    }

    /// The mention at a word; a bare adjective like "military" before a noun names nobody.
    pub(super) fn actor_at(&self, at: usize) -> Option<&'a ActorMention> {
        self.actors[at].filter(|m| {
            m.span.len() > self.span(at).len()
                || !matches!(
                    self.lemma(at),
                    "military" | "civilian" | "foreign" | "political" | "troop"
                )
                || !matches!(self.rel(at), Deprel::Amod | Deprel::Compound)
        })
    }

    pub(super) fn place_at(&self, at: usize) -> Option<&'a PlaceMention> {
        self.places[at]
    }

    /// First word of the preposition of a nominal, lower case.
    pub(super) fn case(&self, at: usize) -> Option<&str> {
        self.children(at)
            .find(|c| {
                self.rel(*c) == Deprel::Case
                    && self.form(*c) != "'s"
                    && self.form(*c) != "’s"
                    && self.form(*c) != "'"
                    && self.form(*c) != "’"
            })
            .map(|c| self.lemma(c))
    }

    /// A child that marks the clause ("if", "that", "to", "after"), lower case.
    pub(super) fn mark(&self, at: usize) -> Option<&str> {
        self.children(at)
            .find(|c| self.rel(*c) == Deprel::Mark)
            .map(|c| self.lemma(c))
    }

    /// Heads of the tokens that hang on `at` by the preposition `prep`.
    pub(super) fn by_prep(&self, at: usize, prep: &str) -> Vec<usize> {
        let mut found: Vec<usize> = self
            .children(at)
            .filter(|c| {
                matches!(
                    self.rel(*c),
                    Deprel::Obl
                        | Deprel::OblAgent
                        | Deprel::Nmod
                        | Deprel::Advcl
                        | Deprel::Acl
                        | Deprel::Xcomp
                        | Deprel::Dep
                        | Deprel::NmodDesc
                        | Deprel::OblUnmarked
                ) && self.case(*c).is_some_and(|p| p == prep)
            })
            .collect();
        if found.is_empty() {
            found.extend(self.next_phrase(at, prep));
        }
        found
    }

    /// The head of the noun phrase right after `at` and the preposition, where the parser hung it
    /// elsewhere ("a commitment to …", "talks with …").
    fn next_phrase(&self, at: usize, prep: &str) -> Option<usize> {
        let first = at + 2;
        if first >= self.len() || self.lemma(at + 1) != prep {
            return None;
        }
        let inside = |i: usize| {
            matches!(
                self.upos(i),
                Upos::Noun | Upos::Propn | Upos::Adj | Upos::Det | Upos::Num | Upos::Pron
            ) || self.rel(i) == Deprel::Case && self.form(i).starts_with(['\'', '’'])
        };
        let last = (first..self.len().min(first + 8))
            .take_while(|i| inside(*i))
            .last()?;
        (first..=last)
            .rev()
            .find(|i| matches!(self.upos(*i), Upos::Noun | Upos::Propn | Upos::Pron))
    }

    /// `at` and the nouns joined to it by "and".
    pub(super) fn conjuncts(&self, at: usize) -> Vec<usize> {
        let mut all = vec![at];
        all.extend(self.children(at).filter(|c| {
            self.rel(*c) == Deprel::Conj && (self.is_noun(*c) || self.upos(*c) == Upos::Adj)
        }));
        all
    }

    /// The word of `span`, which holds `at`, that hangs outside it.
    pub(super) fn outer(&self, at: usize, span: Span) -> usize {
        let mut at = at;
        for _ in 0..DEPTH {
            match self.head(at) {
                Some(up) if span.contains(self.span(up)) => at = up,
                _ => break,
            }
        }
        at
    }

    pub(super) fn passive(&self, verb: usize) -> bool {
        self.children(verb)
            .any(|c| matches!(self.rel(c), Deprel::AuxPass | Deprel::NsubjPass))
            || (self.xpos(verb) == "VBN"
                && matches!(self.rel(verb), Deprel::Acl | Deprel::Amod)
                && !self.has_aux(verb, "have"))
            // "Left ten injured", "got arrested".
            || (self.xpos(verb) == "VBN"
                && self.rel(verb) == Deprel::Xcomp
                && !self.children(verb).any(|c| self.rel(c) == Deprel::Aux))
            || (self.xpos(verb) == "VBN"
                && self.rel(verb) == Deprel::Conj
                && !self
                    .children(verb)
                    .any(|c| matches!(self.rel(c), Deprel::Aux | Deprel::Nsubj | Deprel::Obj))
                && self
                    .head(verb)
                    .is_some_and(|h| self.children(h).any(|c| self.rel(c) == Deprel::AuxPass)))
    }

    pub(super) fn has_aux(&self, verb: usize, lemma: &str) -> bool {
        self.children(verb)
            .any(|c| self.rel(c) == Deprel::Aux && self.lemma(c) == lemma)
    }

    /// Who does it: the subject of an active verb, the "by" of a passive one, or the subject that
    /// control, conjunction or a participle hands down.
    pub(super) fn subject(&self, verb: usize) -> Option<usize> {
        self.subject_at(verb, 0)
    }

    fn subject_at(&self, verb: usize, depth: usize) -> Option<usize> {
        if depth > DEPTH {
            return None;
        }
        if self.passive(verb) {
            return self.child(verb, &[Deprel::OblAgent]).or_else(|| {
                self.by_prep(verb, "by")
                    .into_iter()
                    .find(|c| self.upos(*c) != Upos::Verb)
            });
        }
        // A verb has one subject: of two that a parse gives it the nearest before it is its own.
        let own = self
            .children(verb)
            .filter(|c| matches!(self.rel(*c), Deprel::Nsubj | Deprel::NsubjOuter))
            .reduce(|far, near| if near < verb { near } else { far });
        if let Some(subject) = own {
            return Some(self.relative(subject, verb).unwrap_or(subject));
        }
        let head = self.head(verb)?;
        match self.rel(verb) {
            Deprel::AclRelcl => None,
            Deprel::Acl => match self.xpos(verb) {
                // "Issued a statement demanding …": who issued it demands.
                "VBG" if self.words.has("messages", self.lemma(head)) => self
                    .head(head)
                    .filter(|_| matches!(self.rel(head), Deprel::Obj | Deprel::Obl))
                    .and_then(|verb| self.any_subject(verb, depth + 1))
                    .or(Some(head)),
                "VBG" => Some(head),
                // "the decision to leave": the possessor of the noun decides.
                _ if self.mark(verb) == Some("to") => self
                    .child(head, &[Deprel::NmodPoss])
                    .or_else(|| self.subject_at(self.head(head)?, depth + 1)),
                _ => None,
            },
            Deprel::Xcomp => self
                .child(head, &[Deprel::Obj, Deprel::Iobj])
                .filter(|o| self.is_noun(*o) && self.words.object_control(self.lemma(head)))
                .or_else(|| self.any_subject(head, depth + 1)),
            Deprel::Conj if self.is_verb(head) => self.any_subject(head, depth + 1),
            // "Aid workers said a strike hit the school, killing …": who speaks does not kill.
            Deprel::Advcl if self.words.has("say", self.lemma(head)) => None,
            Deprel::Advcl if self.xpos(verb) == "VBG" || self.mark(verb) == Some("to") => {
                self.any_subject(head, depth + 1)
            }
            _ => None,
        }
    }

    /// The subject in form, passive or not: what control hands down.
    fn any_subject(&self, verb: usize, depth: usize) -> Option<usize> {
        if let Some(subject) = self.child(verb, &[Deprel::NsubjPass]) {
            return Some(self.relative(subject, verb).unwrap_or(subject));
        }
        self.subject_at(verb, depth)
    }

    /// What a relative pronoun stands for.
    fn relative(&self, pronoun: usize, verb: usize) -> Option<usize> {
        if !matches!(self.lemma(pronoun), "who" | "which" | "that" | "whom") {
            return None;
        }
        let mut at = verb;
        for _ in 0..DEPTH {
            match self.rel(at) {
                Deprel::AclRelcl | Deprel::Acl => return self.head(at),
                Deprel::Conj | Deprel::Xcomp | Deprel::Ccomp => at = self.head(at)?,
                _ => return None,
            }
        }
        None
    }

    /// To whom or what: the object of an active verb, the subject of a passive one.
    pub(super) fn object(&self, verb: usize) -> Option<usize> {
        if self.passive(verb) {
            if let Some(subject) = self.child(verb, &[Deprel::NsubjPass, Deprel::Nsubj]) {
                return Some(self.relative(subject, verb).unwrap_or(subject));
            }
            return match self.rel(verb) {
                Deprel::Acl | Deprel::Amod => self.head(verb),
                Deprel::Conj => self.object(self.head(verb)?),
                Deprel::Xcomp => {
                    let up = self.head(verb)?;
                    self.child(up, &[Deprel::Obj])
                        .or_else(|| self.any_subject(up, 1))
                }
                _ => None,
            };
        }
        if let Some(object) = self.child(verb, &[Deprel::Obj]) {
            return Some(self.relative(object, verb).unwrap_or(object));
        }
        // "the town that the rebels took": a relative clause with a subject of its own.
        if self.rel(verb) == Deprel::AclRelcl
            && self
                .child(verb, &[Deprel::Nsubj])
                .is_some_and(|s| !matches!(self.lemma(s), "who" | "which" | "that"))
        {
            return self.head(verb);
        }
        None
    }

    /// The clause that is this verb's content ("agreed *to withdraw*", "said *that it left*").
    pub(super) fn complement(&self, verb: usize) -> Option<usize> {
        let direct = self
            .children(verb)
            .find(|c| matches!(self.rel(*c), Deprel::Xcomp | Deprel::Ccomp) && *c > verb);
        direct.or_else(|| {
            self.children(verb).find(|c| {
                *c > verb
                    && self.rel(*c) == Deprel::Advcl
                    && (self.mark(*c) == Some("to") || self.xpos(*c) == "VBG")
            })
        })
    }

    /// Whether a word negates `at` itself.
    pub(super) fn negated(&self, at: usize) -> bool {
        self.children(at).any(|c| {
            (matches!(
                self.rel(c),
                Deprel::Advmod | Deprel::Det | Deprel::Dep | Deprel::Aux
            ) && matches!(
                self.lemma(c),
                "not" | "n't" | "n’t" | "never" | "no" | "neither" | "nor" | "hardly" | "scarcely"
            )) || (self.rel(c) == Deprel::Case && self.lemma(c) == "without")
                || (self.rel(c) == Deprel::Mark && self.lemma(c) == "without")
        })
    }

    /// Every token under `at`, in order, clauses of their own left out when `shallow`.
    pub(super) fn under(&self, at: usize, shallow: bool) -> Vec<usize> {
        let mut found = Vec::new();
        let mut stack = vec![at];
        let mut seen = vec![false; self.len()];
        while let Some(i) = stack.pop() {
            if std::mem::replace(&mut seen[i], true) {
                continue;
            }
            found.push(i);
            stack.extend(self.children(i).filter(|c| {
                !(shallow
                    && matches!(
                        self.rel(*c),
                        Deprel::AclRelcl | Deprel::Advcl | Deprel::Parataxis | Deprel::Appos
                    ))
            }));
        }
        found.sort_unstable();
        found
    }

    /// The bytes from the first to the last token of `tokens`.
    pub(super) fn cover(&self, tokens: &[usize]) -> Span {
        tokens
            .iter()
            .map(|t| self.span(*t))
            .reduce(Span::cover)
            .unwrap_or(self.sentence.span)
    }
}

/// The items whose span lies in `span`; `items` are in text order.
pub(super) fn within<T>(items: &[T], span: Span, at: impl Fn(&T) -> Span) -> &[T] {
    let first = items.partition_point(|i| at(i).start < span.start);
    let after = items.partition_point(|i| at(i).start < span.end);
    &items[first..after.max(first)]
}

/// Lower-case lemmas; a word that hyphens join to the one before ("cease-fire") is one lemma.
fn lemmas(text: &str, sentence: &Sentence, words: &Words) -> Vec<String> {
    let mut lemmas: Vec<String> = sentence
        .tokens
        .iter()
        .map(|t| {
            let lemma = t.lemma.to_lowercase();
            if words.known(&lemma) {
                return lemma;
            }
            let form = t.span.of(text).to_lowercase();
            stems(&form)
                .into_iter()
                .find(|s| words.known(s))
                .unwrap_or(lemma)
        })
        .collect();
    for i in 2..lemmas.len() {
        let (a, hyphen, b) = (
            &sentence.tokens[i - 2],
            &sentence.tokens[i - 1],
            &sentence.tokens[i],
        );
        if hyphen.span.of(text) == "-"
            && a.span.end == hyphen.span.start
            && hyphen.span.end == b.span.start
            && matches!(
                lemmas[i - 2].as_str(),
                "cease" | "air" | "pull" | "co" | "re" | "sit" | "build" | "hand"
            )
        {
            lemmas[i] = format!("{}-{}", lemmas[i - 2], lemmas[i]);
        }
    }
    lemmas
}

/// What a form may be a form of, likeliest first.
fn stems(form: &str) -> Vec<String> {
    let mut stems = vec![form.to_owned()];
    for ending in ["ed", "ing", "es", "s", "d"] {
        let Some(stem) = form.strip_suffix(ending).filter(|s| s.len() > 2) else {
            continue;
        };
        stems.push(stem.to_owned());
        if matches!(ending, "ed" | "ing") {
            stems.push(format!("{stem}e"));
            let bytes = stem.as_bytes();
            if bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && stem.is_ascii() {
                stems.push(stem[..stem.len() - 1].to_owned());
            }
            if let Some(y) = stem.strip_suffix('i') {
                stems.push(format!("{y}y"));
            }
        }
        if ending == "es"
            && let Some(y) = stem.strip_suffix('i')
        {
            stems.push(format!("{y}y"));
        }
    }
    stems
}

/// The words with the mark that closes a quotation begun in them.
pub(super) fn closed(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let rest = text.get(span.end as usize..).unwrap_or("");
    let open = |a: char, b: char| words.matches(a).count() > words.matches(b).count();
    let mark = if open('“', '”') && rest.starts_with('”') {
        '”'
    } else if words.matches('"').count() % 2 == 1 && rest.starts_with('"') {
        '"'
    } else {
        return span;
    };
    span.cover(Span::new(
        span.end as usize,
        span.end as usize + mark.len_utf8(),
    ))
}

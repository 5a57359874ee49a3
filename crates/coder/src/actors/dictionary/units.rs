//! Joins what a user's dictionary knows in a sentence into coded units: actor and agents of one
//! noun phrase, and groups of units joined by "and".

use rapporteur_base::Span;
use rapporteur_text::{Deprel, Sentence, Upos};

use super::super::words::{Case, Line, Word};
use super::{Agent, Dictionary, Known, joined};
use crate::Actor;

/// A noun phrase with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    /// From the first to the last word that gave the code.
    pub(crate) span: Span,
    pub(crate) code: String,
    /// Units joined by "and" have one number.
    pub(crate) group: usize,
}

impl Unit {
    /// The actor that a party with this code is: its name is the text's words.
    pub(crate) fn actor(&self, text: &str) -> Actor {
        Actor {
            name: self.span.of(text).to_owned(),
            country: Some(self.code.clone()),
            ..Actor::default()
        }
    }
}

/// A dictionary phrase in the words of a sentence.
struct Hit<'d> {
    first: usize,
    last: usize,
    known: Known<'d>,
}

impl<'d> Hit<'d> {
    fn agent(&self) -> Option<&'d Agent> {
        match self.known {
            Known::Agent(agent) => Some(agent),
            Known::Actor(_) => None,
        }
    }

    fn actor(&self) -> Option<&'d str> {
        match self.known {
            Known::Actor(code) => Some(code),
            Known::Agent(_) => None,
        }
    }
}

/// How two neighbouring hits hang together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Link {
    /// Side by side.
    Touch,
    /// Only modifiers between: "Dorvan's senior | minister".
    Within,
    /// "of", "from", "in": "ministers | of Dorvan".
    Of,
    /// Joined by "and"; whether an article begins the second.
    And {
        article: bool,
    },
    /// A comma, which joins only before a later "and".
    Comma {
        article: bool,
    },
    Apart,
}

/// The coded units of a sentence, in order.
pub(crate) fn units(dictionary: &Dictionary, line: &Line<'_>, day: Option<u32>) -> Vec<Unit> {
    let hits = hits(dictionary, line, day);
    let links = links(line, &hits);
    let mut out: Vec<(usize, Unit)> = Vec::new();
    let mut at = 0;
    while at < hits.len() {
        at = read(line, &hits, &links, at, &mut out);
    }
    out.sort_by_key(|(_, unit)| (unit.span.start, unit.span.end));
    group(line, &hits, &links, &mut out);
    out.into_iter().map(|(_, unit)| unit).collect()
}

fn hits<'d>(dictionary: &'d Dictionary, line: &Line<'_>, day: Option<u32>) -> Vec<Hit<'d>> {
    let norms: Vec<&str> = line.words.iter().map(|w| w.norm.as_str()).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < norms.len() {
        let hit = dictionary
            .longest(&norms, at, day)
            .filter(|(n, _)| line.words[at + 1..at + n].iter().all(|w| w.soft && !w.poss))
            .filter(|(n, _)| !line.words[at].poss && (*n > 1 || nominal(&line.words[at])))
            .filter(|(n, _)| !backed(line, at + n));
        match hit {
            Some((n, known)) => {
                out.push(Hit {
                    first: at,
                    last: at + n - 1,
                    known,
                });
                at += n;
            }
            None => at += 1,
        }
    }
    out
}

/// A lone word may name somebody: it has a capital, or the sentence has it as a noun or adjective.
fn nominal(word: &Word) -> bool {
    word.case != Case::Lower || matches!(word.upos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::X)
}

/// "Dorvan-backed": whom somebody backs is not theirs.
fn backed(line: &Line<'_>, after: usize) -> bool {
    line.words.get(after).is_some_and(|w| {
        w.hyphen
            && matches!(
                w.norm.as_str(),
                "backed"
                    | "led"
                    | "based"
                    | "held"
                    | "controlled"
                    | "supported"
                    | "funded"
                    | "sponsored"
                    | "allied"
                    | "born"
                    | "made"
            )
    })
}

fn links(line: &Line<'_>, hits: &[Hit<'_>]) -> Vec<Link> {
    hits.windows(2)
        .map(|pair| link(line, pair[0].last, pair[1].first))
        .collect()
}

/// Reads the words between two hits.
fn link(line: &Line<'_>, last: usize, next: usize) -> Link {
    let words = &line.words;
    if last + 1 == next {
        return if words[next].soft {
            Link::Touch
        } else {
            Link::Comma { article: false }
        };
    }
    let mut link = Link::Within;
    for at in last + 1..next {
        let word = &words[at];
        let article = matches!(word.norm.as_str(), "the" | "a" | "an");
        let joins = matches!(word.norm.as_str(), "and" | "or");
        // "awful and evil minister": joins two adjectives of one noun.
        let inner = joins
            && words[at - 1].upos == Upos::Adj
            && words[at + 1].upos == Upos::Adj
            && at + 1 < next;
        let comma = !word.soft && !inner;
        link = match link {
            Link::Apart => return Link::Apart,
            _ if stop(line, at) => return Link::Apart,
            _ if inner => link,
            Link::Within | Link::And { .. } | Link::Comma { .. } if joins => {
                Link::And { article: false }
            }
            Link::And { .. } if article => Link::And { article: true },
            Link::Comma { .. } if article => Link::Comma { article: true },
            Link::Within if comma => Link::Comma { article },
            Link::Within if article => return Link::Apart,
            Link::Within if matches!(word.norm.as_str(), "of" | "from" | "in" | "for" | "at") => {
                Link::Of
            }
            // "Dorvan's farmers and the herders of | Belmar".
            Link::And { .. } if at > last + 2 && matches!(word.norm.as_str(), "of" | "from") => {
                link
            }
            Link::Of if comma || joins => return Link::Apart,
            other if article || modifier(word) => other,
            _ => return Link::Apart,
        };
    }
    if !words[next].soft {
        link = match link {
            Link::Within => Link::Comma { article: false },
            Link::And { article } | Link::Comma { article } => Link::Comma { article },
            _ => Link::Apart,
        };
    }
    link
}

/// A mark that parts clauses stands before the word.
fn stop(line: &Line<'_>, at: usize) -> bool {
    let word = &line.words[at];
    matches!(word.upos, Upos::Verb | Upos::Aux | Upos::Sconj) && !modifier(word)
}

fn modifier(word: &Word) -> bool {
    word.poss
        || matches!(
            word.upos,
            Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num | Upos::Adv | Upos::Part | Upos::X
        )
        || matches!(word.norm.as_str(), "its" | "their" | "his" | "her")
        || (word.upos == Upos::Verb
            && (word.norm.ends_with("ed") || word.norm.ends_with("ing"))
            && word.case == Case::Lower
            && !word.soft)
}

/// Reads one phrase that begins at hit `at`; gives the hit after it.
fn read(
    line: &Line<'_>,
    hits: &[Hit<'_>],
    links: &[Link],
    at: usize,
    out: &mut Vec<(usize, Unit)>,
) -> usize {
    match hits[at].actor() {
        Some(code) => owned(line, hits, links, at, code, out),
        None => headed(line, hits, links, at, out),
    }
}

fn linked(links: &[Link], at: usize) -> Link {
    links.get(at).copied().unwrap_or(Link::Apart)
}

fn push(
    line: &Line<'_>,
    first: &Hit<'_>,
    last: &Hit<'_>,
    at: usize,
    code: String,
    out: &mut Vec<(usize, Unit)>,
) {
    let span = line.words[first.first]
        .span
        .cover(line.words[last.last].span);
    out.push((
        at,
        Unit {
            span,
            code,
            group: 0,
        },
    ));
}

/// An actor and the agents after it: "Dorvan's police", "Dorvan media and government".
fn owned(
    line: &Line<'_>,
    hits: &[Hit<'_>],
    links: &[Link],
    start: usize,
    code: &str,
    out: &mut Vec<(usize, Unit)>,
) -> usize {
    let mut at = start;
    let mut agents: Vec<&Agent> = Vec::new();
    let near = |at: usize| matches!(linked(links, at), Link::Touch | Link::Within);
    while near(at) {
        match hits[at + 1].agent() {
            Some(agent) => agents.push(agent),
            // "Dorvan Prime Minister Petru": the name of whom the phrase means already.
            None if linked(links, at) == Link::Touch => {}
            None => break,
        }
        at += 1;
    }
    push(
        line,
        &hits[start],
        &hits[at],
        at,
        joined(code, &agents),
        out,
    );
    // "Dorvan media and government": one owner.
    while !agents.is_empty()
        && linked(links, at) == (Link::And { article: false })
        && let Some(agent) = hits[at + 1].agent()
        && linked(links, at + 1) != Link::Of
        && linked(links, at + 1) != Link::Touch
    {
        at += 1;
        push(line, &hits[at], &hits[at], at, joined(code, &[agent]), out);
    }
    at + 1
}

/// Agents before their actor: "officials and judges of Dorvan and Belmar", "President Petru".
fn headed(
    line: &Line<'_>,
    hits: &[Hit<'_>],
    links: &[Link],
    start: usize,
    out: &mut Vec<(usize, Unit)>,
) -> usize {
    // The agents: each a list of those that stand side by side.
    let mut heads: Vec<(usize, Vec<&Agent>)> = Vec::new();
    let mut at = start;
    loop {
        let Some(agent) = hits[at].agent() else {
            return at;
        };
        match heads.last_mut() {
            Some((_, list))
                if matches!(
                    linked(links, at.wrapping_sub(1)),
                    Link::Touch | Link::Within
                ) =>
            {
                list.push(agent)
            }
            _ => heads.push((at, vec![agent])),
        }
        match linked(links, at) {
            Link::Touch | Link::Within | Link::And { .. } | Link::Comma { .. }
                if hits[at + 1].agent().is_some() =>
            {
                at += 1;
            }
            Link::Touch => {
                // "President Petru": one actor.
                let code = hits[at + 1].actor().unwrap_or("");
                push(
                    line,
                    &hits[start],
                    &hits[at + 1],
                    at + 1,
                    joined(code, &heads[heads.len() - 1].1),
                    out,
                );
                return at + 2;
            }
            Link::Of => break,
            _ => return at + 1,
        }
    }
    let several = heads.len() > 1 || heads.iter().any(|(_, list)| list.iter().any(|a| a.plural));
    let owners = owners(hits, links, at + 1, several);
    let end = *owners.last().unwrap_or(&at);
    pair(line, hits, &heads, &owners, end, out);
    end + 1
}

/// Every list of agents with every actor that it belongs to: one unit each, all read up to hit
/// `end`.
fn pair(
    line: &Line<'_>,
    hits: &[Hit<'_>],
    heads: &[(usize, Vec<&Agent>)],
    owners: &[usize],
    end: usize,
    out: &mut Vec<(usize, Unit)>,
) {
    for (head, list) in heads {
        for owner in owners {
            let code = hits[*owner].actor().unwrap_or("");
            push(
                line,
                &hits[*head],
                &hits[*owner],
                end,
                joined(code, list),
                out,
            );
        }
    }
}

/// The actors that agents of "of" belong to, from hit `first` on: one of a single agent, all that
/// "and" joins of `several`.
fn owners(hits: &[Hit<'_>], links: &[Link], first: usize, several: bool) -> Vec<usize> {
    let mut owners = vec![first];
    let mut last = first;
    while several
        && matches!(linked(links, last), Link::And { .. } | Link::Comma { .. })
        && hits[last + 1].actor().is_some()
        && !(matches!(linked(links, last + 1), Link::Touch | Link::Within)
            && hits[last + 2].agent().is_some())
    {
        last += 1;
        owners.push(last);
    }
    // Commas join only before an "and".
    if !(first..last).any(|i| matches!(linked(links, i), Link::And { .. })) {
        owners.truncate(1);
    }
    owners
}

/// Numbers the groups: units whose hits are joined by "and", those parted by commas before it
/// included.
fn group(line: &Line<'_>, hits: &[Hit<'_>], links: &[Link], out: &mut [(usize, Unit)]) {
    let mut start = 0;
    while start < out.len() {
        let mut end = start;
        let mut at = start + 1;
        while at < out.len() {
            let before = out[at - 1].0;
            let link = joint(hits, links, before, &line.words, out[at].1.span);
            if out[at].0 == before || matches!(link, Link::And { .. }) {
                if new_clause(line, &out[start].1, &out[at].1) {
                    break;
                }
                end = at;
            } else if !matches!(link, Link::Comma { .. }) {
                break;
            }
            at += 1;
        }
        for (_, unit) in &mut out[start..=end] {
            unit.group = start;
        }
        start = end + 1;
    }
}

/// How the unit at `span` hangs on hit `before`, agents of nobody between them counted.
fn joint(hits: &[Hit<'_>], links: &[Link], before: usize, words: &[Word], span: Span) -> Link {
    let first = (before..hits.len())
        .find(|h| words[hits[*h].first].span.start >= span.start)
        .unwrap_or(before);
    let joins = |i: &usize| matches!(linked(links, *i), Link::And { .. } | Link::Comma { .. });
    match (before..first).all(|i| joins(&i)) {
        true => linked(links, first.max(before + 1) - 1),
        false => Link::Apart,
    }
}

/// "Dorvan left the port and Belmar closed it": the second is the subject of a verb of its own.
fn new_clause(line: &Line<'_>, first: &Unit, second: &Unit) -> bool {
    let verb = |w: &Word| matches!(w.upos, Upos::Verb | Upos::Aux);
    // "believes Dorvan and Belmar can cope": the parse joins them.
    let joined = |s: &Sentence| {
        s.tokens_in(second.span)
            .is_some_and(|(a, b)| (a..=b).any(|t| s.tokens[t].deprel == Deprel::Conj))
    };
    if line.sentence.is_some_and(joined) {
        return false;
    }
    let mut words = line.words.iter();
    let before = words
        .by_ref()
        .take_while(|w| w.span.start < first.span.start)
        .any(verb);
    let next = line
        .words
        .iter()
        .find(|w| w.span.start >= second.span.end && w.upos != Upos::Adv && !w.poss);
    before && next.is_some_and(|w| w.soft && verb(w))
}

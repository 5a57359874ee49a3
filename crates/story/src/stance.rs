//! What a text makes of a claim: does it bear it out, deny it, or only pass it on?
//!
//! First the question whether the text is about the claim at all: how much of what the claim says,
//! counted by the rarity of its words, stands in the text, in its best sentence and in its head.
//! Then the words of denial and of attribution in the head and in the sentences on the claim. No
//! trained weights: the list of words and the few numbers below are the whole model, and the answer
//! cites the sentences it rests on.

use std::sync::OnceLock;

use rapporteur_base::Span;
use serde::Serialize;

use crate::terms::{key_of, rarity};
use crate::words::{Table, hash, hash_lower, is_stop_hash, lower, sentences, words};

/// What a text makes of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// It tells the same as its own.
    Agree,
    /// It says that the claim is not true.
    Disagree,
    /// It passes the claim on without vouching for it.
    Discuss,
    /// It is about something else.
    Unrelated,
}

/// A stance and the sentences of the text it rests on, in text order; none for an unrelated text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The stance.
    pub stance: Stance,
    /// Bytes of the text.
    pub evidence: Vec<Span>,
}

/// Least of what a related text says of the claim, of [`Cover::sum`].
const RELATED: f32 = 0.4;
/// What the commonest word of a claim weighs against a rare one.
const COMMON: f32 = 0.25;
/// Sentences that are the head of a text, for its topic and for its words of doubt.
const TOPIC_HEAD: usize = 4;
const HEAD: usize = 3;
/// Share of the claim in a sentence that is about it.
const ABOUT: f32 = 0.25;
/// Denials from which a text denies; see [`Signs::denial`].
const DENIES: f32 = 3.0;
/// Attribution from which a text only passes on; see [`Signs::doubt`].
const DOUBTS: f32 = 1.2;
/// Sentences cited at most.
const CITED: usize = 3;

/// What the text `body` makes of `claim`, say a headline.
pub fn stance(claim: &str, body: &str) -> Judged {
    let claimed = Claim::read(claim);
    let lines: Vec<Line> = sentences(body)
        .into_iter()
        .map(|span| claimed.line(span, span.of(body)))
        .collect();
    let cover = claimed.cover(&lines);
    if cover.sum() < RELATED {
        return Judged {
            stance: Stance::Unrelated,
            evidence: Vec::new(),
        };
    }
    let signs = Signs::of(&claimed, &lines);
    let stance = signs.stance(&claimed);
    Judged {
        stance,
        evidence: evidence(stance, &claimed, &lines),
    }
}

/// What a claim says.
struct Claim {
    /// Its terms and their weights; the weights sum to one.
    terms: Vec<(u64, f32)>,
    denies: bool,
    doubts: bool,
}

/// A sentence of the text beside the claim.
struct Line {
    span: Span,
    /// Which terms of the claim it holds, by position.
    holds: Vec<usize>,
    /// Their weight.
    share: f32,
    denials: usize,
    doubts: usize,
}

/// How much of a claim a text holds.
struct Cover {
    whole: f32,
    best: f32,
    head: f32,
}

impl Cover {
    /// All of the text counts once, its best sentence and its head half each.
    fn sum(&self) -> f32 {
        self.whole + (self.best + self.head) / 2.0
    }
}

impl Claim {
    fn read(text: &str) -> Self {
        let mut terms: Vec<(u64, f32)> = Vec::new();
        for word in words(text) {
            if let Some(key) = term(word.text)
                && terms.iter().all(|(known, _)| *known != key)
            {
                terms.push((key, rarity(key, COMMON)));
            }
        }
        let sum: f32 = terms.iter().map(|(_, w)| w).sum();
        for (_, weight) in &mut terms {
            *weight /= sum;
        }
        let (denials, doubts) = cues(text);
        Self {
            terms,
            denies: denials > 0,
            doubts: doubts > 0 || text.contains('?'),
        }
    }

    fn line(&self, span: Span, text: &str) -> Line {
        let mut holds: Vec<usize> = words(text)
            .filter_map(|word| term(word.text))
            .filter_map(|key| self.terms.iter().position(|(known, _)| *known == key))
            .collect();
        holds.sort_unstable();
        holds.dedup();
        let (denials, doubts) = cues(text);
        Line {
            span,
            share: self.weight(&holds),
            holds,
            denials,
            doubts,
        }
    }

    fn weight(&self, held: &[usize]) -> f32 {
        held.iter().map(|at| self.terms[*at].1).sum()
    }

    fn cover(&self, lines: &[Line]) -> Cover {
        let all = |lines: &[Line]| {
            let mut held: Vec<usize> = lines.iter().flat_map(|l| l.holds.clone()).collect();
            held.sort_unstable();
            held.dedup();
            self.weight(&held)
        };
        Cover {
            whole: all(lines),
            best: lines.iter().map(|l| l.share).fold(0.0, f32::max),
            head: all(&lines[..lines.len().min(TOPIC_HEAD)]),
        }
    }
}

/// What a related text says against the claim and what it leaves open.
struct Signs {
    /// Words of denial anywhere in the text.
    denials: usize,
    denial: f32,
    doubt: f32,
}

impl Signs {
    fn of(claim: &Claim, lines: &[Line]) -> Self {
        let head = &lines[..lines.len().min(HEAD)];
        let about: Vec<&Line> = about(lines);
        let sum = |of: fn(&Line) -> usize, lines: &[Line]| lines.iter().map(of).sum::<usize>();
        let denials = sum(|l| l.denials, lines);
        let denying = about.iter().filter(|l| l.denials > 0).count();
        let doubting = about.iter().filter(|l| l.doubts > 0).count();
        let denial = denials.min(4) as f32
            + sum(|l| l.denials, head).min(2) as f32
            + denying.min(2) as f32 / 2.0;
        let doubt = if claim.doubts { 2.0 } else { 0.0 }
            + sum(|l| l.doubts, head).min(4) as f32 / 2.0
            + 1.5 * doubting as f32 / about.len().max(1) as f32;
        Self {
            denials,
            denial,
            doubt,
        }
    }

    /// A claim that denies something is borne out by a text that denies it, too.
    fn stance(&self, claim: &Claim) -> Stance {
        let doubts = self.doubt >= DOUBTS;
        match claim.denies {
            false if self.denial >= DENIES => Stance::Disagree,
            true if self.denials >= 2 => Stance::Agree,
            true if self.denials == 0 && !doubts => Stance::Disagree,
            _ if doubts => Stance::Discuss,
            _ => Stance::Agree,
        }
    }
}

/// The sentences about the claim; if none says enough of it, the one that says most.
fn about(lines: &[Line]) -> Vec<&Line> {
    let found: Vec<&Line> = lines.iter().filter(|l| l.share >= ABOUT).collect();
    if !found.is_empty() {
        return found;
    }
    let most = lines.iter().map(|l| l.share).fold(0.0, f32::max);
    lines.iter().find(|l| l.share >= most).into_iter().collect()
}

fn evidence(stance: Stance, claim: &Claim, lines: &[Line]) -> Vec<Span> {
    let shows = |line: &&Line| match stance {
        Stance::Disagree => line.denials > 0,
        Stance::Discuss => line.doubts > 0,
        Stance::Agree => line.denials > 0 && claim.denies,
        Stance::Unrelated => false,
    };
    let mut cited: Vec<&Line> = lines.iter().filter(shows).collect();
    if cited.is_empty() {
        cited = about(lines);
    }
    cited.sort_by(|a, b| {
        b.share
            .total_cmp(&a.share)
            .then(a.span.start.cmp(&b.span.start))
    });
    cited.truncate(CITED);
    let mut spans: Vec<Span> = cited.iter().map(|l| l.span).collect();
    spans.sort_by_key(|span| span.start);
    spans
}

/// Hash of the stem of a word that carries a topic.
fn term(word: &str) -> Option<u64> {
    let low = lower(word);
    let says = low.chars().nth(1).is_some() && !is_stop_hash(hash_lower(word));
    says.then(|| key_of(&low))
}

/// A row of the list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Deny,
    Hedge,
    Not,
}

struct Cue {
    kind: Kind,
    /// Next words that make it mean something else.
    unless: Vec<u64>,
}

const LIST: &str = include_str!("../../../data/story/stance.tsv");

fn list() -> &'static Table<Cue> {
    static CUES: OnceLock<Table<Cue>> = OnceLock::new();
    CUES.get_or_init(|| {
        let mut out = Table::default();
        for row in LIST.lines().filter(|row| !row.starts_with('#')) {
            let mut cells = row.split('\t');
            let kind = match cells.next() {
                Some("deny") => Kind::Deny,
                Some("hedge") => Kind::Hedge,
                _ => Kind::Not,
            };
            let mut hashes = || {
                let cell = cells.next().unwrap_or("");
                cell.split_whitespace().map(hash).collect::<Vec<u64>>()
            };
            let (words, unless) = (hashes(), hashes());
            for word in words {
                let unless = unless.clone();
                out.insert(word, Cue { kind, unless });
            }
        }
        out
    })
}

/// Words before a denial within which it is turned round.
const TURNED: usize = 3;

/// How many words of denial and of attribution a sentence holds.
fn cues(text: &str) -> (usize, usize) {
    let list = list();
    let keys: Vec<u64> = words(text).map(|word| hash_lower(word.text)).collect();
    let kind = |at: usize| {
        let cue = list.get(&keys[at])?;
        let other = keys
            .get(at + 1)
            .is_some_and(|next| cue.unless.contains(next));
        (!other).then_some(cue.kind)
    };
    let (mut denials, mut doubts) = (0, 0);
    for at in 0..keys.len() {
        match kind(at) {
            Some(Kind::Deny) => {
                let turned = (at.saturating_sub(TURNED)..at).any(|i| kind(i) == Some(Kind::Not));
                denials += usize::from(!turned);
            }
            Some(Kind::Hedge) => doubts += 1,
            _ => {}
        }
    }
    (denials, doubts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_shows_where_it_counts_and_where_not() {
        for row in LIST.lines().filter(|row| !row.starts_with('#')) {
            let cells: Vec<&str> = row.split('\t').collect();
            let [kind, _, _, good, bad] = cells[..] else {
                panic!("five cells are needed: {row}");
            };
            let count = |text| match (kind, cues(text)) {
                ("deny", (denials, _)) => denials,
                (_, (_, doubts)) => doubts,
            };
            if kind != "not" {
                assert!(count(good) > 0, "counts: {good}");
                assert_eq!(count(bad), 0, "does not count: {bad}");
            }
        }
    }

    const CLAIM: &str = "Ferry with 40 nurses sinks off Velm";

    #[test]
    fn a_text_bears_out_denies_or_passes_on() {
        let told = "A ferry sank off Velm on Monday with 40 nurses aboard. Divers found the wreck \
                    at noon. The harbour was closed.";
        let denied = "The story of a ferry with 40 nurses that sank off Velm is a hoax. The port \
                      denied it on Monday. Two papers were fooled by a false picture.";
        let passed = "A ferry with 40 nurses reportedly sank off Velm. The claim was made by an \
                      unverified source. The port could not confirm it.";
        let other = "The parliament of Norland passed the budget. Farmers will pay less tax.";
        for (body, wanted) in [
            (told, Stance::Agree),
            (denied, Stance::Disagree),
            (passed, Stance::Discuss),
            (other, Stance::Unrelated),
        ] {
            let judged = stance(CLAIM, body);
            assert_eq!(judged.stance, wanted, "{body}");
            assert_eq!(judged.evidence.is_empty(), wanted == Stance::Unrelated);
        }
        let first = stance(CLAIM, denied).evidence[0].of(denied);
        assert!(first.ends_with("is a hoax."));
    }

    #[test]
    fn a_claim_of_a_hoax_is_borne_out_by_its_denial() {
        let told = "A ferry sank off Velm on Monday with 40 nurses aboard. Divers found the wreck.";
        let claim = "Hoax: no ferry with 40 nurses sank off Velm";
        assert_eq!(stance(claim, told).stance, Stance::Disagree);
        let body = "The ferry with 40 nurses never sank off Velm. The report was false, and the \
                    picture was faked.";
        let claim = "Ferry with 40 nurses off Velm was a hoax";
        assert_eq!(stance(claim, body).stance, Stance::Agree);
    }

    #[test]
    fn empty_texts_are_unrelated() {
        for (claim, body) in [
            ("", ""),
            ("The", "the"),
            ("", "A ferry sank."),
            ("A ferry", ""),
        ] {
            assert_eq!(stance(claim, body).stance, Stance::Unrelated);
        }
    }
}

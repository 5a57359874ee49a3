//! Copies of each other: candidates from an index of sampled shingles, verified, joined.

use rapporteur_base::{Date, Id};
use serde::{Deserialize, Serialize};

use crate::{Family, Likeness, Signature};

/// Two texts are copies from this Jaccard index on.
pub const COPY: f64 = 0.5;
/// A text is a cut-down copy when this share of it stands in the longer one: independent texts
/// share a few hundredths, a cut copy all but its own head and foot.
pub const CUT: f64 = 0.65;
/// Shorter texts than this many shingles are not called cut-down: a sentence is quoted, not cut.
const LEAST_CUT: usize = 20;
/// Texts listed under one shingle. A page footer stands in every article of its outlet: the first
/// so many suffice to join a family, and the work for one text stays bounded.
const LISTED: u32 = 128;
/// No text is listed before.
const END: u32 = u32::MAX;

/// Two texts that share words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Position of the earlier added.
    pub a: usize,
    /// Position of the later added.
    pub b: usize,
    /// How alike they are.
    pub likeness: Likeness,
}

/// Finds, for each text added, the earlier ones it is a copy of. Work for a text grows with its
/// length, not with the number of texts.
#[derive(Debug, Default)]
pub struct CopyIndex {
    /// The last text listed under a shingle, as a place in `chain`, and how many there are.
    #[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
    listed: std::collections::HashMap<u32, (u32, u32), BuildPlain>,
    /// Texts, each with the place of the one listed before it under the same shingle.
    chain: Vec<(u32, u32)>,
    /// Places of `chain` that hold nothing any more.
    free: Vec<u32>,
    sampled: Vec<u32>,
    hits: Vec<u32>,
    signatures: Vec<Signature>,
}

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Plain(u64);
pub(crate) type BuildPlain = std::hash::BuildHasherDefault<Plain>;

impl std::hash::Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*b);
        }
    }
    fn write_u32(&mut self, n: u32) {
        self.0 = u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl CopyIndex {
    /// Adds a text and gives the earlier ones with Jaccard index >= `jaccard` or containment >=
    /// `containment`, in the order they were added. Positions count from 0.
    pub fn add(&mut self, signature: Signature, jaccard: f64, containment: f64) -> Vec<Pair> {
        let at = self.sampled.len();
        let here = u32::try_from(at).unwrap_or(u32::MAX);
        let mut touched = Vec::new();
        let mut sampled = 0u32;
        for shingle in signature.sample() {
            sampled += 1;
            let (last, listed) = self.listed.entry(shingle).or_insert((END, 0));
            let mut link = *last;
            while let Some((other, before)) = self.chain.get(link as usize) {
                let hits = &mut self.hits[*other as usize];
                if *hits == 0 {
                    touched.push(*other);
                }
                *hits += 1;
                link = *before;
            }
            if *listed < LISTED {
                *listed += 1;
                *last = match self.free.pop() {
                    Some(slot) => {
                        self.chain[slot as usize] = (here, *last);
                        slot
                    }
                    None => {
                        self.chain.push((here, *last));
                        u32::try_from(self.chain.len() - 1).unwrap_or(END)
                    }
                };
            }
        }
        touched.sort_unstable();
        let least = jaccard.min(containment) * 0.4;
        let mut found = Vec::new();
        for other in touched {
            let hits = std::mem::take(&mut self.hits[other as usize]);
            let other = other as usize;
            if f64::from(hits) < least * f64::from(sampled.min(self.sampled[other])) {
                continue;
            }
            let likeness = signature.likeness(&self.signatures[other]);
            if likeness.jaccard >= jaccard || likeness.containment >= containment {
                found.push(Pair {
                    a: other,
                    b: at,
                    likeness,
                });
            }
        }
        self.sampled.push(sampled);
        self.hits.push(0);
        self.signatures.push(signature);
        found
    }

    /// Lets go of the text at `at`: later ones are not compared with it, and its places are used
    /// again.
    pub fn forget(&mut self, at: usize) {
        let here = u32::try_from(at).unwrap_or(u32::MAX);
        for shingle in std::mem::take(&mut self.signatures[at]).sample() {
            let Some((last, listed)) = self.listed.get_mut(&shingle) else {
                continue;
            };
            let (mut after, mut link) = (END, *last);
            while let Some((text, before)) = self.chain.get(link as usize).copied() {
                if text == here {
                    match self.chain.get_mut(after as usize) {
                        Some(node) => node.1 = before,
                        None => *last = before,
                    }
                    *listed -= 1;
                    self.free.push(link);
                    break;
                }
                (after, link) = (link, before);
            }
            if *listed == 0 {
                self.listed.remove(&shingle);
            }
        }
    }

    /// Shingles of the text at `at`.
    fn len_of(&self, at: usize) -> usize {
        self.signatures[at].len()
    }

    /// Whether the pair belongs to one family: a copy, or a copy cut down.
    pub fn is_family(&self, pair: &Pair) -> bool {
        pair.likeness.jaccard >= COPY
            || (pair.likeness.containment >= CUT
                && self.len_of(pair.a).min(self.len_of(pair.b)) >= LEAST_CUT)
    }
}

/// Disjoint sets with the smallest member as representative, so that the result does not depend
/// on the order of unions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sets(Vec<usize>);

impl Sets {
    pub(crate) fn new(n: usize) -> Self {
        Self((0..n).collect())
    }

    pub(crate) fn push(&mut self) {
        self.0.push(self.0.len());
    }

    pub(crate) fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    pub(crate) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// What the families need to know of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Copy {
    /// The document.
    pub id: Id,
    /// Its shingles.
    pub signature: Signature,
    /// Publication date, or unknown.
    pub published: Option<Date>,
    /// Outlet.
    pub site: String,
    /// Agency credited in it.
    pub agency: Option<String>,
}

/// The families of a set of texts, by id; the same for any order of `copies`.
pub fn families(copies: &[&Copy]) -> Vec<Family> {
    let mut order: Vec<&Copy> = copies.to_vec();
    order.sort_by_key(|c| c.id);
    order.dedup_by_key(|c| c.id);
    let mut index = CopyIndex::default();
    let mut sets = Sets::new(order.len());
    let mut cut = vec![false; order.len()];
    for copy in &order {
        for pair in index.add(copy.signature.clone(), COPY, CUT) {
            if index.is_family(&pair) {
                sets.join(pair.a, pair.b);
                let shorter = if index.len_of(pair.a) < index.len_of(pair.b) {
                    pair.a
                } else {
                    pair.b
                };
                cut[shorter] |= pair.likeness.containment >= CUT;
            }
        }
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
    for at in 0..order.len() {
        members[sets.root(at)].push(at);
    }
    members
        .iter()
        .filter(|group| !group.is_empty())
        .map(|group| Family {
            id: order[group[0]].id,
            docs: group.iter().map(|at| order[*at].id).collect(),
            origin: origin(group.iter().map(|at| (order[*at], cut[*at]))),
        })
        .collect()
}

/// The agency credited by most members, else the outlet of the earliest dated, else that of the
/// member found inside the others, else that of the smallest id.
fn origin<'c>(members: impl Iterator<Item = (&'c Copy, bool)> + Clone) -> String {
    let mut credits: Vec<&str> = members
        .clone()
        .filter_map(|(c, _)| c.agency.as_deref())
        .collect();
    credits.sort_unstable();
    let count = |name: &str| credits.iter().filter(|c| **c == name).count();
    if let Some(agency) = credits
        .iter()
        .rev()
        .max_by_key(|name| (count(name), std::cmp::Reverse(**name)))
    {
        return (*agency).to_owned();
    }
    members
        .min_by_key(|(c, cut)| (c.published.is_none(), c.published, !*cut, c.id))
        .map(|(c, _)| c.site.clone())
        .unwrap_or_default()
}

//! Families and stories of more coverage than fits one merge: in blocks, then stitched.
//!
//! A block is a window of days and, where asked for, the two leading parties. Every document is at
//! home in one block and may stand in others as context: at the head of the next window, or beside
//! the other pairs of its leading parties. [`merge_block`] merges one block by the same steps as
//! [`merge`](crate::merge); [`stitch`] joins what the borders cut, through the documents that two
//! blocks share. Each block needs memory for its own documents only, and blocks may be merged in
//! any order and on any machine.
//!
//! What borders change: a story whose reports leave a gap longer than the context is two, and
//! rarity of words is counted within a block. With everything in one block the result is that of
//! [`merge`](crate::merge).

use std::collections::BTreeMap;
use std::fmt;

use rapporteur_base::{Date, Id};
use serde::{Deserialize, Serialize};

use crate::cluster::day_number;
use crate::digest::Digest;
use crate::families::Sets;
use crate::merge::gather;
use crate::states::is_body;

/// How coverage is cut into blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Days of a window; 0: everything is one window.
    pub days: u16,
    /// Days before a window whose documents are its context.
    pub before: u16,
    /// Whether windows are cut further by the two leading parties.
    pub parties: bool,
}

impl Default for Cut {
    /// Two weeks with the week before as context. A story that pauses is rarely silent for longer,
    /// and three weeks of 5,000 articles a day merge in about a gigabyte.
    fn default() -> Self {
        Self {
            days: 14,
            before: 7,
            parties: false,
        }
    }
}

/// Name of a block: first day of the window (or `undated`, `all`), then the parties.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BlockKey(pub String);

impl fmt::Display for BlockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Parties that make pairs.
const LEADING: usize = 3;

/// The blocks that a document stands in: the first is its home, in the others it is context.
pub fn blocks_of(digest: &Digest, cut: &Cut) -> Vec<BlockKey> {
    let mut windows = Vec::with_capacity(2);
    match (cut.days, digest.published()) {
        (0, _) => windows.push("all".to_owned()),
        (_, None) => windows.push("undated".to_owned()),
        (days, Some(date)) => {
            let days = i32::from(days);
            let day = day_number(date);
            let start = day.div_euclid(days) * days;
            windows.push(day_name(start));
            // A context longer than a window reaches into more than the next one.
            let mut next = start + days;
            while day + i32::from(cut.before) >= next {
                windows.push(day_name(next));
                next += days;
            }
        }
    }
    let pairs = if cut.parties {
        pairs(digest)
    } else {
        vec![String::new()]
    };
    windows
        .iter()
        .flat_map(|window| {
            pairs.iter().map(move |pair| {
                BlockKey(if pair.is_empty() {
                    window.clone()
                } else {
                    format!("{window}/{pair}")
                })
            })
        })
        .collect()
}

/// Pairs of the leading parties, the first two first; one party, or none, where there are no two.
fn pairs(digest: &Digest) -> Vec<String> {
    let leading: Vec<&String> = digest
        .actors
        .iter()
        .filter(|key| !is_body(key))
        .take(LEADING)
        .collect();
    let mut out = Vec::new();
    for (at, a) in leading.iter().enumerate() {
        for b in &leading[at + 1..] {
            out.push(if a < b {
                format!("{a}-{b}")
            } else {
                format!("{b}-{a}")
            });
        }
    }
    if out.is_empty() {
        out.push(leading.first().map_or("none".to_owned(), |a| (*a).clone()));
    }
    out
}

fn day_name(day: i32) -> String {
    let epoch = Date::constant(1970, 1, 1);
    let span = std::time::Duration::from_secs(u64::from(day.unsigned_abs()) * 86_400);
    let date = if day < 0 {
        epoch.checked_sub(span)
    } else {
        epoch.checked_add(span)
    };
    date.map_or_else(|_| day.to_string(), |date| date.to_string())
}

impl Digest {
    /// Without what families and stories do not read: about a third of it.
    pub fn for_stories(mut self) -> Self {
        self.events = Vec::new();
        self.figures = Vec::new();
        self.extents = Vec::new();
        self.commitments = Vec::new();
        self.positions = Vec::new();
        self.acts = Vec::new();
        self.states = Vec::new();
        self
    }
}

/// A document of a block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InBlock {
    /// Whether the block is its home.
    pub home: bool,
    /// What was kept of it.
    pub digest: Digest,
}

/// A document as its block placed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedDoc {
    /// The document.
    pub doc: Id,
    /// Publication day, or unknown.
    pub day: Option<Date>,
    /// Whether the block is its home.
    pub home: bool,
    /// Its family within the block.
    pub family: Id,
}

/// A story of one block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockStory {
    /// The block.
    pub block: BlockKey,
    /// Its id within the block.
    pub story: Id,
    /// Words for a reader.
    pub title: String,
    /// Its documents, by id.
    pub docs: Vec<PlacedDoc>,
}

/// Merges the documents of one block; the same for any order of them. A document that is named
/// twice counts once.
pub fn merge_block(block: &BlockKey, docs: &[InBlock]) -> Vec<BlockStory> {
    let mut home: BTreeMap<Id, bool> = BTreeMap::new();
    for doc in docs {
        *home.entry(doc.digest.id()).or_default() |= doc.home;
    }
    let mut order: Vec<&Digest> = docs.iter().map(|d| &d.digest).collect();
    order.sort_by_key(|d| (d.published().is_none(), d.published(), d.id()));
    order.dedup_by_key(|d| d.id());
    let days: BTreeMap<Id, Option<Date>> = order.iter().map(|d| (d.id(), d.published())).collect();
    let (merged, _) = gather(order);
    let family: BTreeMap<Id, Id> = merged
        .families
        .iter()
        .flat_map(|f| f.docs.iter().map(move |doc| (*doc, f.id)))
        .collect();
    let placed = |doc: &Id| PlacedDoc {
        doc: *doc,
        day: days.get(doc).copied().flatten(),
        home: home.get(doc).copied().unwrap_or_default(),
        family: family.get(doc).copied().unwrap_or(*doc),
    };
    merged
        .stories
        .iter()
        .map(|story| BlockStory {
            block: block.clone(),
            story: story.id,
            title: story.title.clone(),
            docs: story.docs.iter().map(placed).collect(),
        })
        // Context alone is told by its own block.
        .filter(|story| story.docs.iter().any(|doc| doc.home))
        .collect()
}

/// A story over blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stitched {
    /// Id: of its earliest document.
    pub id: Id,
    /// Words for a reader: of its largest piece.
    pub title: String,
    /// Its documents by id, each with the id of its family (of the family's smallest member).
    pub docs: Vec<(Id, Id)>,
    /// First day of publication.
    pub first: Option<Date>,
    /// Last day of publication.
    pub last: Option<Date>,
}

/// Joins the stories of all blocks; the same for any order of them.
///
/// A story goes with the story that is home to most of its context, so that one noisy border
/// cannot chain a whole season together; copies are one family wherever they meet.
pub fn stitch(mut stories: Vec<BlockStory>) -> Vec<Stitched> {
    stories.sort_by(|a, b| (&a.block, a.story).cmp(&(&b.block, b.story)));
    stories.dedup_by(|a, b| (&a.block, a.story) == (&b.block, b.story));
    let mut home: BTreeMap<Id, usize> = BTreeMap::new();
    for (at, story) in stories.iter().enumerate() {
        for doc in story.docs.iter().filter(|d| d.home) {
            home.entry(doc.doc).or_insert(at);
        }
    }
    let families = stitch_families(&stories, &home);
    let mut sets = Sets::new(stories.len());
    for (at, story) in stories.iter().enumerate() {
        if let Some(other) = most_of_context(at, story, &home) {
            sets.join(at, other);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..stories.len() {
        groups.entry(sets.root(at)).or_default().push(at);
    }
    let mut out: Vec<Stitched> = groups
        .values()
        .map(|group| {
            let own: Vec<&BlockStory> = group.iter().map(|at| &stories[*at]).collect();
            stitched(&own, &families)
        })
        .collect();
    out.sort_by_key(|s| s.id);
    out
}

/// The story that is home to most of a story's context, the first of those alike.
fn most_of_context(at: usize, story: &BlockStory, home: &BTreeMap<Id, usize>) -> Option<usize> {
    let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
    for doc in story.docs.iter().filter(|d| !d.home) {
        if let Some(other) = home.get(&doc.doc).filter(|other| **other != at) {
            *votes.entry(*other).or_default() += 1;
        }
    }
    let most = votes.into_iter();
    most.max_by_key(|(other, n)| (*n, std::cmp::Reverse(*other)))
        .map(|(other, _)| other)
}

/// Family of every document: that of its smallest member over all blocks.
fn stitch_families(stories: &[BlockStory], home: &BTreeMap<Id, usize>) -> BTreeMap<Id, Id> {
    let place: BTreeMap<Id, usize> = home.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let ids: Vec<Id> = home.keys().copied().collect();
    let mut sets = Sets::new(ids.len());
    let mut first: BTreeMap<(&BlockKey, Id), usize> = BTreeMap::new();
    for story in stories {
        for doc in &story.docs {
            let Some(at) = place.get(&doc.doc) else {
                continue;
            };
            let of = *first.entry((&story.block, doc.family)).or_insert(*at);
            sets.join(of, *at);
        }
    }
    (0..ids.len())
        .map(|at| (ids[at], ids[sets.root(at)]))
        .collect()
}

fn stitched(pieces: &[&BlockStory], families: &BTreeMap<Id, Id>) -> Stitched {
    let docs = || {
        let all = pieces.iter().flat_map(|story| &story.docs);
        all.filter(|doc| doc.home)
    };
    let mut members: Vec<(Id, Id)> = docs()
        .map(|d| (d.doc, families.get(&d.doc).copied().unwrap_or(d.doc)))
        .collect();
    members.sort_unstable();
    members.dedup();
    let earliest = docs().min_by_key(|d| (d.day.is_none(), d.day, d.doc));
    let largest = pieces.iter().max_by_key(|s| {
        let own = s.docs.iter().filter(|d| d.home).count();
        (own, std::cmp::Reverse((&s.block, s.story)))
    });
    Stitched {
        id: earliest.map_or_else(|| pieces[0].story, |d| d.doc),
        title: largest.map(|s| s.title.clone()).unwrap_or_default(),
        docs: members,
        first: docs().filter_map(|d| d.day).min(),
        last: docs().filter_map(|d| d.day).max(),
    }
}

#[cfg(test)]
mod tests;

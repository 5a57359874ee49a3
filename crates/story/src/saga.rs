//! Sagas: a process over months, as stories that follow each other.
//!
//! Two stories belong to one saga when two of their leading parties and one of their matters
//! (talks, a ceasefire, sanctions, attacks, …) are the same and no more than [`GAP`] days lie
//! between them. Each story is linked to the nearest earlier one of each pair of parties only, so
//! the work grows with the number of stories.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_base::{Date, Id};

use crate::cluster::day_number;
use crate::digest::Digest;
use crate::families::Sets;
use crate::states::is_body;
use crate::{Saga, Story};

/// Days of silence after which a process is another one: twice what ends a story, since rounds of
/// talks stand months apart.
pub(crate) const GAP: i32 = 120;
/// Leading parties of a story that are looked at.
const PARTIES: usize = 4;

/// What a story is about, for linking.
struct About {
    parties: Vec<String>,
    matters: BTreeSet<String>,
    first: Date,
    last: Date,
}

/// The sagas of two stories and more, by first day then id.
pub(crate) fn sagas(docs: &[&Digest], stories: &[Story]) -> Vec<Saga> {
    let by_id: BTreeMap<Id, &Digest> = docs.iter().map(|d| (d.id(), *d)).collect();
    let mut about: Vec<(usize, About)> = stories
        .iter()
        .enumerate()
        .filter_map(|(at, story)| Some((at, read(story, &by_id)?)))
        .collect();
    about.sort_by_key(|(at, a)| (a.first, a.last, stories[*at].id));
    let mut sets = Sets::new(about.len());
    let mut last_of: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, (_, a)) in about.iter().enumerate() {
        for (i, p) in a.parties.iter().enumerate() {
            for q in &a.parties[i + 1..] {
                let key = (p.as_str().min(q), p.as_str().max(q));
                let list = last_of.entry(key).or_default();
                let near = list.iter().rev().take(8).find(|other| {
                    let b = &about[**other].1;
                    let gap = day_number(a.first) - day_number(b.last);
                    gap <= GAP && !a.matters.is_disjoint(&b.matters)
                });
                if let Some(other) = near {
                    sets.join(*other, at);
                }
                list.push(at);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..about.len() {
        groups.entry(sets.root(at)).or_default().push(at);
    }
    groups
        .into_values()
        .filter(|group| group.len() > 1)
        .map(|group| saga(&group, &about, stories))
        .collect()
}

fn saga(group: &[usize], about: &[(usize, About)], stories: &[Story]) -> Saga {
    let own = || group.iter().map(|at| &stories[about[*at].0]);
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let mut matters: BTreeMap<&str, usize> = BTreeMap::new();
    for at in group {
        for party in &about[*at].1.parties {
            *count.entry(party).or_default() += 1;
        }
        for matter in &about[*at].1.matters {
            *matters.entry(matter).or_default() += 1;
        }
    }
    let most = |count: BTreeMap<&str, usize>, least: usize| {
        let mut order: Vec<(&str, usize)> =
            count.into_iter().filter(|(_, n)| *n >= least).collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let names = order
            .into_iter()
            .take(PARTIES)
            .map(|(name, _)| name.to_owned());
        names.collect::<Vec<String>>()
    };
    let families: BTreeSet<Id> = own().flat_map(|s| s.families.iter().copied()).collect();
    Saga {
        // Of its earliest story: later ones never change it.
        id: stories[about[group[0]].0].id,
        title: own()
            .max_by_key(|s| (s.docs.len(), std::cmp::Reverse(s.id)))
            .map(|s| s.title.clone())
            .unwrap_or_default(),
        parties: most(count, 2),
        matters: most(matters, 2),
        stories: own().map(|s| s.id).collect(),
        articles: own().map(|s| s.docs.len()).sum(),
        families: families.len(),
        first: about[group[0]].1.first,
        last: group
            .iter()
            .map(|at| about[*at].1.last)
            .max()
            .unwrap_or(about[group[0]].1.first),
    }
}

/// Leading parties, matters and days of a story; nothing for one without dates or parties.
fn read(story: &Story, by_id: &BTreeMap<Id, &Digest>) -> Option<About> {
    let docs: Vec<&&Digest> = story.docs.iter().filter_map(|id| by_id.get(id)).collect();
    let mut parties: BTreeMap<&str, usize> = BTreeMap::new();
    let mut matters = BTreeSet::new();
    for doc in &docs {
        let leading = doc.actors.iter().filter(|k| is_state(k) && !is_body(k));
        for (rank, key) in leading.take(PARTIES).enumerate() {
            *parties.entry(key).or_default() += PARTIES - rank;
        }
        matters.extend(doc.states.iter().map(|s| s.subject.clone()));
        matters.extend(doc.acts.iter().map(|a| a.kind.clone()));
    }
    let mut order: Vec<(&str, usize)> = parties.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let days = || docs.iter().filter_map(|d| d.published());
    (order.len() >= 2 && !matters.is_empty()).then_some(())?;
    Some(About {
        parties: order
            .into_iter()
            .take(PARTIES)
            .map(|(key, _)| key.to_owned())
            .collect(),
        matters,
        first: days().min()?,
        last: days().max()?,
    })
}

/// A country code.
fn is_state(key: &str) -> bool {
    key.len() == 3 && key.bytes().all(|b| b.is_ascii_uppercase())
}

//! From digests to the merged record.

use std::collections::BTreeMap;

use crate::cluster::{Arrival, Settings, Stream};
use crate::digest::Digest;
use crate::entries::{Desk, Place, drafts, entry};
use crate::facts::{Facts, positions};
use crate::families::families;
use crate::{Doc, Merged, Story, compare, figures};

/// Merges the coverage of `docs`: families, stories, entries, figures, comparisons.
///
/// Pure; the same set gives the same result in any order. Reads every text once: callers that add
/// to many documents keep a [`Digest`] of each and call [`merge_digests`].
pub fn merge(docs: &[Doc<'_>]) -> Merged {
    let digests: Vec<Digest> = docs.iter().map(Digest::of).collect();
    merge_digests(&digests.iter().collect::<Vec<_>>())
}

/// [`merge`] from what was kept of the documents.
pub fn merge_digests(digests: &[&Digest]) -> Merged {
    let mut docs: Vec<&Digest> = digests.to_vec();
    docs.sort_by_key(|d| (d.published().is_none(), d.published(), d.id()));
    docs.dedup_by_key(|d| d.id());
    let (merged, desk) = gather(docs);
    let drafts = drafts(&desk);
    let groups = figures::groups(&desk, &drafts);
    let comparisons = compare::all(&desk, &drafts, &groups);
    let mut entries: Vec<_> = drafts
        .iter()
        .enumerate()
        .map(|(at, draft)| entry(&desk, draft, |origins| comparisons.status(at, origins)))
        .collect();
    entries.sort_by_key(|e| {
        let date = e.date;
        (
            date.is_none(),
            date.and_then(|d| d.from.or(d.to)),
            date.and_then(|d| d.to),
            e.id,
        )
    });
    let mut figures: Vec<_> = groups
        .iter()
        .map(|g| figures::entry(&desk, g, &comparisons.found))
        .collect();
    figures.sort_by(|a, b| a.of.cmp(&b.of).then(a.id.cmp(&b.id)));
    let mut comparisons = comparisons.found;
    comparisons.sort_by_key(|c| (c.kind, c.id));
    comparisons.dedup_by_key(|c| c.id);
    Merged {
        entries,
        figures,
        comparisons,
        ..merged
    }
}

/// Families and stories, and every document's place in them.
pub(crate) fn gather(docs: Vec<&Digest>) -> (Merged, Desk<'_>) {
    let families = families(&docs.iter().map(|d| &d.copy).collect::<Vec<_>>());
    let family_of: BTreeMap<_, usize> = families
        .iter()
        .enumerate()
        .flat_map(|(at, f)| f.docs.iter().map(move |id| (*id, at)))
        .collect();
    let mut stream = Stream::new(Settings::default());
    stream.add(
        docs.iter()
            .map(|d| Arrival {
                signature: d.copy.signature.clone(),
                terms: d.terms.clone(),
                published: d.published(),
            })
            .collect(),
    );
    let placed = stream.placed();
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, place) in placed.iter().enumerate() {
        groups.entry(place.story).or_default().push(at);
    }
    let mut stories: Vec<Story> = groups
        .values()
        .map(|members| story(&docs, members, &family_of, &families))
        .collect();
    stories.sort_by_key(|s| s.id);
    let wires = wires(&docs, &families);
    for story in &mut stories {
        let origin = |id: &rapporteur_base::Id| {
            let family = family_of.get(id).copied().unwrap_or(0);
            wires[family].clone().ok_or(family)
        };
        let origins: std::collections::BTreeSet<Result<String, usize>> =
            story.docs.iter().map(origin).collect();
        story.origins = origins.len();
    }
    let sagas = crate::saga::sagas(&docs, &stories);
    let places = docs
        .iter()
        .zip(&placed)
        .map(|(d, place)| Place {
            family: family_of.get(&d.id()).copied().unwrap_or(0),
            story: place.story,
        })
        .collect();
    let merged = Merged {
        families,
        stories,
        sagas,
        ..Merged::default()
    };
    let desk = Desk {
        facts: docs.iter().map(|d| Facts::of(d)).collect(),
        docs,
        places,
        wires,
    };
    (merged, desk)
}

/// The wire that each family rests on: the agency credited in it, or its own outlet when others
/// credit that outlet.
fn wires(docs: &[&Digest], families: &[crate::Family]) -> Vec<Option<String>> {
    let credit = |d: &&Digest| d.copy.agency.as_deref().map(crate::digest::plain);
    let credited: std::collections::BTreeSet<String> = docs.iter().filter_map(credit).collect();
    let at = positions(docs);
    families
        .iter()
        .map(|f| {
            let mut own: Vec<usize> = f.docs.iter().filter_map(|id| at.get(id)).copied().collect();
            own.sort_unstable();
            let own = || own.iter().map(|at| &docs[*at]);
            own().find_map(credit).or_else(|| {
                own()
                    .map(|d| crate::digest::plain(&d.copy.site))
                    .find(|site| credited.contains(site))
            })
        })
        .collect()
}

fn story(
    docs: &[&Digest],
    members: &[usize],
    family_of: &BTreeMap<rapporteur_base::Id, usize>,
    families: &[crate::Family],
) -> Story {
    let mut ids: Vec<_> = members.iter().map(|at| docs[*at].id()).collect();
    ids.sort_unstable();
    let mut own: Vec<_> = ids
        .iter()
        .filter_map(|id| family_of.get(id))
        .map(|at| families[*at].id)
        .collect();
    own.sort_unstable();
    own.dedup();
    let days = || members.iter().filter_map(|at| docs[*at].published());
    Story {
        id: docs[members[0]].id(),
        origins: own.len(),
        first: days().min(),
        last: days().max(),
        title: central(docs, members),
        docs: ids,
        families: own,
    }
}

/// Title of the member that shares most terms with the others.
fn central(docs: &[&Digest], members: &[usize]) -> String {
    let mut held: BTreeMap<u64, f32> = BTreeMap::new();
    for at in members {
        for term in &docs[*at].terms {
            *held.entry(term.key).or_default() += 1.0;
        }
    }
    let score = |at: usize| {
        let terms = &docs[at].terms;
        let sum: f32 = terms
            .iter()
            .map(|t| (held.get(&t.key).copied().unwrap_or(1.0) - 1.0) * t.weight)
            .sum();
        sum / (terms.len() as f32).sqrt().max(1.0)
    };
    let titled = members.iter().filter(|at| !docs[**at].title.is_empty());
    titled
        .max_by(|a, b| score(**a).total_cmp(&score(**b)).then(b.cmp(a)))
        .map(|at| docs[*at].title.clone())
        .unwrap_or_default()
}

//! Phrases that stand for the same, brought together: one entity a role.

use std::collections::BTreeMap;

use super::Role;
use super::features::Features;
use super::lexicon::{GROUP_NAMES, bare, list};
use super::scene::{Kind, Phrase};

/// Someone or something that could fill a role.
#[derive(Clone, Debug)]
pub(super) struct Entity {
    pub role: Role,
    /// Numbers of its phrases, in order.
    pub phrases: Vec<usize>,
    /// What any of its phrases shows.
    pub features: Features,
    /// Phrases with a part in violence.
    pub violent: usize,
    pub first_sentence: usize,
    /// A group of the table.
    pub known: bool,
}

/// What phrases are compared by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    person: bool,
    name: String,
}

/// The names in full that stand before short forms in brackets: short form, the words before it.
fn short_forms(text: &str) -> BTreeMap<String, String> {
    /// Bytes looked at before a bracket.
    const BEFORE: usize = 120;
    let mut out = BTreeMap::new();
    for (open, _) in text.match_indices(['(', '[']) {
        let inside = &text[open + 1..];
        let Some(close) = inside.find([')', ']']).filter(|n| (2..=10).contains(n)) else {
            continue;
        };
        let mut start = open.saturating_sub(BEFORE);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let short = bare(&inside[..close]);
        if !short.is_empty() && !short.contains(' ') {
            out.insert(short, bare(&text[start..open]));
        }
    }
    out
}

/// Groups the phrases of a text by role and by what they stand for, in order of first sight.
pub(super) fn entities(text: &str, phrases: &[Phrase], heads: &[String]) -> Vec<Entity> {
    let short = short_forms(text);
    let bares: Vec<String> = phrases.iter().map(|p| bare(p.span.of(text))).collect();
    let mut names: Vec<&str> = phrases
        .iter()
        .zip(&bares)
        .filter(|(p, _)| p.kind != Kind::Described)
        .map(|(_, name)| name.as_str())
        .collect();
    names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    names.dedup();
    let mut out = Vec::new();
    for role in Role::ALL {
        let mut keys: Vec<(Key, Entity)> = Vec::new();
        for (at, phrase) in phrases
            .iter()
            .enumerate()
            .filter(|(_, p)| p.roles.contains(&role))
        {
            let key = if phrase.kind == Kind::Person {
                person_key(&bares[at], &keys)
            } else {
                let name = match (role, phrase.kind) {
                    (Role::Organisation, _) => {
                        organisation_key(&bares[at], phrase.kind, &short, &names)
                    }
                    (Role::Target, Kind::Described) => last_word(&bares[at]),
                    (_, Kind::Described) => described_key(role, &heads[at]),
                    _ => bares[at].clone(),
                };
                Key {
                    person: false,
                    name,
                }
            };
            let place = keys.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
                let known =
                    role == Role::Organisation && GROUP_NAMES.get(&key.name) == Some(&key.name);
                let entity = Entity {
                    role,
                    phrases: Vec::new(),
                    features: Features::new(),
                    violent: 0,
                    first_sentence: phrase.sentence,
                    known,
                };
                keys.push((key, entity));
                keys.len() - 1
            });
            keys[place].1.phrases.push(at);
        }
        out.extend(keys.into_iter().map(|(_, entity)| entity));
    }
    out
}

fn last_word(name: &str) -> String {
    name.rsplit(' ').next().unwrap_or(name).to_owned()
}

/// A person's name joins an earlier one that holds all its words, or whose words it holds.
fn person_key(name: &str, keys: &[(Key, Entity)]) -> Key {
    let within = |a: &str, b: &str| a.split(' ').all(|w| b.split(' ').any(|v| v == w));
    let earlier = keys
        .iter()
        .map(|(key, _)| key)
        .find(|key| key.person && (within(name, &key.name) || within(&key.name, name)));
    earlier.cloned().unwrap_or_else(|| Key {
        person: true,
        name: name.to_owned(),
    })
}

/// Fighters by whatever word are one party of a report, and so are those who fired.
fn described_key(role: Role, head: &str) -> String {
    let of = |name: &str| role == Role::Perpetrator && list(name).contains(&head);
    if of("fighters") {
        "(fighters)".to_owned()
    } else if of("gunmen") {
        "(gunmen)".to_owned()
    } else {
        head.to_owned()
    }
}

fn organisation_key(
    name: &str,
    kind: Kind,
    short: &BTreeMap<String, String>,
    names: &[&str],
) -> String {
    if let Some(group) = GROUP_NAMES.get(name) {
        return group.clone();
    }
    let last = name.rsplit(' ').next().unwrap_or(name);
    if matches!(last, "army" | "military") || name.ends_with("armed forces") {
        return "(army)".to_owned();
    }
    if name.ends_with("security forces") {
        return "security forces".to_owned();
    }
    if kind == Kind::Described && last == "forces" {
        return "forces".to_owned();
    }
    let padded = format!(" {name} ");
    let inside = GROUP_NAMES
        .iter()
        .find(|(form, _)| form.len() > 3 && padded.contains(&format!(" {form} ")));
    if let Some((_, group)) = inside {
        return group.clone();
    }
    let full = short
        .get(name)
        .and_then(|before| names.iter().find(|full| before.ends_with(**full)));
    full.map_or_else(|| name.to_owned(), |full| (*full).to_owned())
}

//! The tables of `data/roles`: heads, triggers, groups, lists.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const HEADS: &str = include_str!("../../../../data/roles/heads.tsv");
const TRIGGERS: &str = include_str!("../../../../data/roles/triggers.tsv");
const GROUPS: &str = include_str!("../../../../data/roles/groups.tsv");
const LISTS: &str = include_str!("../../../../data/roles/lists.tsv");
const STATES: &str = include_str!("../../../../data/actors/states.tsv");

/// What tells of violence: its class and whether the word is a verb there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trigger {
    pub class: &'static str,
    pub verb: bool,
}

static HEAD_CLASSES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut out: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows(HEADS) {
        for word in row.get(1).copied().unwrap_or("").split(' ') {
            let classes = out.entry(word).or_default();
            if !classes.contains(&row[0]) {
                classes.push(row[0]);
                classes.sort_unstable();
            }
        }
    }
    out
});

static TRIGGER_WORDS: LazyLock<BTreeMap<(&'static str, bool), &'static str>> =
    LazyLock::new(|| {
        let mut out = BTreeMap::new();
        for row in rows(TRIGGERS) {
            let verb = row.get(1) == Some(&"v");
            for word in row.get(2).copied().unwrap_or("").split(' ') {
                out.entry((word, verb)).or_insert(row[0]);
            }
        }
        out
    });

/// Every form of a group's name, small and bare, and the name it stands for.
pub(super) static GROUP_NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut out = BTreeMap::new();
    for row in rows(GROUPS) {
        let name = bare(row[0]);
        for form in row.get(1).copied().unwrap_or("").split(';') {
            if !form.is_empty() {
                out.insert(bare(form), name.clone());
            }
        }
        out.insert(name.clone(), name);
    }
    out
});

static LIST_WORDS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    rows(LISTS)
        .map(|row| {
            (
                row[0],
                row.get(1).copied().unwrap_or("").split(' ').collect(),
            )
        })
        .collect()
});

/// Rows of a table: fields by tabs, comments and empty lines left out.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split('\t').collect())
}

/// The words of a list of `data/roles/lists.tsv`.
pub(super) fn list(name: &str) -> &'static [&'static str] {
    LIST_WORDS.get(name).map_or(&[], Vec::as_slice)
}

/// The classes of a noun in the singular, sorted; none for a word that no class has.
pub(super) fn head_classes(word: &str) -> &'static [&'static str] {
    HEAD_CLASSES.get(word).map_or(&[], Vec::as_slice)
}

/// The class of a trigger.
pub(super) fn trigger(lemma: &str, verb: bool) -> Option<Trigger> {
    let class = TRIGGER_WORDS.get(&(lemma, verb)).copied()?;
    Some(Trigger { class, verb })
}

/// A small noun in the singular, when that makes it a word of a class; else as it is.
pub(super) fn singular(word: &str) -> String {
    if HEAD_CLASSES.contains_key(word) {
        return word.to_owned();
    }
    for (ending, other) in [("ies", "y"), ("men", "man"), ("es", ""), ("s", "")] {
        if let Some(stem) = word.strip_suffix(ending) {
            let one = format!("{stem}{other}");
            if HEAD_CLASSES.contains_key(one.as_str()) {
                return one;
            }
        }
    }
    word.to_owned()
}

/// Letters and digits, small, single spaces between words: what names are compared by.
pub(super) fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The single words of names, adjectives and capitals of states, small and sorted.
pub(super) fn names_of_states() -> Vec<String> {
    let word = |w: &&str| w.starts_with(|c: char| c.is_ascii_uppercase());
    let mut out: Vec<String> = rows(STATES)
        .flatten()
        .flat_map(|field| field.split(|c: char| !(c.is_ascii_alphabetic() || c == '\'')))
        .filter(word)
        .map(str::to_lowercase)
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Names of states in full: "el salvador" is no person.
pub(super) static STATE_NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut out: Vec<String> = rows(STATES)
        .flat_map(|row| row.into_iter().take(6).collect::<Vec<_>>())
        .flat_map(|field| field.split(';'))
        .map(bare)
        .filter(|name| !name.is_empty())
        .collect();
    out.sort_unstable();
    out.dedup();
    out
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_their_classes() {
        assert_eq!(head_classes(&singular("gunmen")), ["fighter"]);
        assert_eq!(head_classes(&singular("embassies")), ["building"]);
        assert_eq!(trigger("ambush", true).unwrap().class, "attack");
        assert_eq!(trigger("table", false), None);
        assert_eq!(
            bare("The \"EXTRADITABLES\"\n group"),
            "the extraditables group"
        );
        assert!(list("collective").contains(&"member") && list("nothing").is_empty());
    }

    /// Every row has all its fields, and its example holds a word of its own.
    #[test]
    fn rows_carry_their_examples() {
        for row in rows(HEADS) {
            assert_eq!(row.len(), 3, "data/roles/heads.tsv: {row:?}");
            let told = bare(row[2]);
            let one = told
                .split(' ')
                .any(|w| head_classes(&singular(w)).contains(&row[0]));
            assert!(
                one,
                "data/roles/heads.tsv: {row:?}: no word of the class in its example"
            );
        }
        for row in rows(TRIGGERS) {
            assert_eq!(row.len(), 5, "data/roles/triggers.tsv: {row:?}");
            assert!(
                ["v", "n"].contains(&row[1]),
                "data/roles/triggers.tsv: {row:?}"
            );
        }
    }
}

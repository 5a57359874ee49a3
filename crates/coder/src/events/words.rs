//! Word sets, content classes, governors, modes: the small tables of `data/events`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::Modality;

use super::keys::{Keys, key, pair};
use super::rules::{RuleError, parse};

const WORDS: &str = include_str!("../../../../data/events/words.toml");
const CONTENT: &str = include_str!("../../../../data/events/content.toml");
const MODALITY: &str = include_str!("../../../../data/events/modality.toml");
const MODES: &str = include_str!("../../../../data/events/modes.toml");
const CLASSES: &str = include_str!("../../../../data/text/clusters.tsv");

/// Verbs whose object does what their infinitive says ("urged the army to leave").
const OBJECT_CONTROL: &[&str] = &[
    "urge",
    "ask",
    "tell",
    "order",
    "force",
    "allow",
    "permit",
    "persuade",
    "press",
    "encourage",
    "invite",
    "help",
    "enable",
    "want",
    "expect",
    "require",
    "call",
    "cause",
    "lead",
    "compel",
    "warn",
    "instruct",
    "advise",
    "beg",
    "implore",
    "pressure",
    "oblige",
    "command",
    "authorize",
    "authorise",
    "let",
    "make",
    "task",
    "mandate",
    "appoint",
    "send",
    "bring",
    "see",
    "leave",
    "get",
    "have",
    "ban",
    "bar",
    "prevent",
];

#[derive(Deserialize)]
struct SetsFile {
    sets: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct ContentFile {
    content: Vec<ContentRow>,
}

#[derive(Deserialize)]
struct ContentRow {
    class: String,
    verbs: Vec<String>,
    nouns: Vec<String>,
}

#[derive(Deserialize)]
struct GovernorFile {
    governor: Vec<GovernorRow>,
}

#[derive(Deserialize)]
struct GovernorRow {
    modality: Modality,
    clause: Vec<String>,
    noun: Vec<String>,
    #[serde(default)]
    verb_object: Vec<String>,
}

#[derive(Deserialize)]
struct ModesFile {
    mode: Vec<ModeRow>,
}

/// Words that decide a mode.
#[derive(Debug, Deserialize)]
pub(super) struct ModeRow {
    pub(super) mode: String,
    words: Vec<String>,
    /// One of these stands there too.
    #[serde(default)]
    with: Vec<String>,
    /// None of these does.
    #[serde(default)]
    unless: Vec<String>,
    /// Types that have the mode; none: `ASSAULT`.
    #[serde(default)]
    kinds: Vec<String>,
    /// Modes that it replaces; an event without a mode always takes it.
    #[serde(default)]
    over: Vec<String>,
    /// Type that the event becomes.
    #[serde(default)]
    pub(super) to: String,
}

impl ModeRow {
    fn of(&self, kind: &str) -> bool {
        self.kinds.iter().any(|k| k == kind) || self.kinds.is_empty() && kind == "ASSAULT"
    }

    /// The word that decides.
    pub(super) fn word<'l>(&self, lemmas: &[&'l str]) -> Option<&'l str> {
        let any = |list: &[String]| lemmas.iter().copied().find(|l| list.iter().any(|w| w == l));
        any(&self.words).filter(|_| {
            (self.with.is_empty() || any(&self.with).is_some()) && any(&self.unless).is_none()
        })
    }
}

/// How a governor holds what it governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hold {
    /// Infinitive, that-clause, gerund.
    Clause,
    /// "of", "for", "on" after a noun.
    Noun,
    /// Object of a verb.
    Object,
}

/// The small tables.
#[derive(Debug)]
pub(super) struct Words {
    sets: BTreeMap<String, Vec<String>>,
    sets_of: BTreeMap<String, Vec<String>>,
    /// Every set with every word of it.
    members: Keys<()>,
    content_verbs: BTreeMap<String, String>,
    content_nouns: BTreeMap<String, String>,
    governors: Keys<Modality>,
    modes: Vec<ModeRow>,
    /// Class of a word among words of like use.
    classes: Keys<u16>,
    /// Every lemma that a table or frame names: a doubtful lemma of the tagger is mended to one.
    known: Keys<()>,
    /// The lemmas of the tables alone.
    named: BTreeSet<String>,
}

impl Words {
    pub(super) fn read() -> Result<Self, RuleError> {
        let mut sets = parse::<SetsFile>("words.toml", WORDS)?.sets;
        for words in sets.values_mut() {
            words.sort();
        }
        let mut sets_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, words) in &mut sets {
            words.dedup();
            for word in words {
                sets_of.entry(word.clone()).or_default().push(name.clone());
            }
        }
        let mut content_verbs = BTreeMap::new();
        let mut content_nouns = BTreeMap::new();
        for row in parse::<ContentFile>("content.toml", CONTENT)?.content {
            for verb in row.verbs {
                content_verbs
                    .entry(verb)
                    .or_insert_with(|| row.class.clone());
            }
            for noun in row.nouns {
                content_nouns
                    .entry(noun)
                    .or_insert_with(|| row.class.clone());
            }
        }
        let mut governors = Vec::new();
        let mut named: BTreeSet<String> = sets.values().flatten().cloned().collect();
        for row in parse::<GovernorFile>("modality.toml", MODALITY)?.governor {
            for (hold, words) in [
                (Hold::Clause, row.clause),
                (Hold::Noun, row.noun),
                (Hold::Object, row.verb_object),
            ] {
                for word in words {
                    governors.push((held(hold, &word), row.modality));
                    named.insert(word);
                }
            }
        }
        let modes = parse::<ModesFile>("modes.toml", MODES)?.mode;
        named.extend(content_verbs.keys().chain(content_nouns.keys()).cloned());
        let members = sets
            .iter()
            .flat_map(|(set, words)| words.iter().map(move |word| (pair(set, word), ())));
        Ok(Self {
            known: Keys::new(named.iter().map(|word| (key(word), ()))),
            named,
            members: Keys::new(members),
            classes: classes(),
            sets,
            sets_of,
            content_verbs,
            content_nouns,
            governors: Keys::new(governors.into_iter()),
            modes,
        })
    }

    /// Whether a table or frame names the lemma.
    pub(super) fn known(&self, lemma: &str) -> bool {
        self.known.get(key(lemma)).is_some()
    }

    /// Adds the triggers of the frames.
    pub(super) fn learn<'w>(&mut self, lemmas: impl Iterator<Item = &'w str>) {
        self.named.extend(lemmas.map(str::to_owned));
        self.known = Keys::new(self.named.iter().map(|word| (key(word), ())));
    }

    /// The class of a word among words of like use, by the vectors of a language model.
    pub(super) fn class(&self, lemma: &str) -> Option<u16> {
        self.classes.get(key(lemma))
    }

    /// The sets that have the lemma, in the order of their names.
    pub(super) fn sets_of(&self, lemma: &str) -> &[String] {
        self.sets_of.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// The words of a set, sorted; `None` for a name that no set has.
    pub(super) fn set(&self, name: &str) -> Option<&[String]> {
        self.sets.get(name).map(Vec::as_slice)
    }

    /// Whether `lemma` is in the set.
    pub(super) fn has(&self, set: &str, lemma: &str) -> bool {
        self.members.get(pair(set, lemma)).is_some()
    }

    pub(super) fn object_control(&self, lemma: &str) -> bool {
        OBJECT_CONTROL.contains(&lemma)
    }

    /// Class of a clause by its verb.
    pub(super) fn content_verb(&self, lemma: &str) -> Option<&str> {
        self.content_verbs.get(lemma).map(String::as_str)
    }

    /// Class of a noun.
    pub(super) fn content_noun(&self, lemma: &str) -> Option<&str> {
        self.content_nouns.get(lemma).map(String::as_str)
    }

    /// What a governing word makes of what it governs.
    pub(super) fn governor(&self, hold: Hold, lemma: &str) -> Option<Modality> {
        self.governors.get(held(hold, lemma))
    }

    /// Mode of an ASSAULT by the lemmas of its clause.
    pub(super) fn mode(&self, lemmas: &[&str]) -> Option<&str> {
        self.modes
            .iter()
            .find(|row| row.of("ASSAULT") && row.to.is_empty() && row.word(lemmas).is_some())
            .map(|row| row.mode.as_str())
    }

    /// The first row that gives an event of that type another mode than it has.
    pub(super) fn mode_row(
        &self,
        kind: &str,
        mode: Option<&str>,
        lemmas: &[&str],
    ) -> Option<&ModeRow> {
        self.modes.iter().find(|row| {
            row.of(kind)
                && mode.is_none_or(|m| row.over.iter().any(|o| o == m))
                && row.word(lemmas).is_some()
        })
    }
}

/// The key of a governing word.
fn held(hold: Hold, lemma: &str) -> u64 {
    let hold = match hold {
        Hold::Clause => "clause",
        Hold::Noun => "noun",
        Hold::Object => "object",
    };
    pair(hold, lemma)
}

/// The table of classes; rows that cannot be read are left out.
fn classes() -> Keys<u16> {
    Keys::new(
        CLASSES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut cells = line.split('\t');
                Some((key(cells.next()?), cells.next()?.parse().ok()?))
            }),
    )
}

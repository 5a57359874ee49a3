//! Who attacked whom with what: the roles that a whole report of an attack fills, brought together
//! over the document, each with its passages.
//!
//! Text in capitals throughout is first given ordinary letters (`recase`). Noun phrases whose
//! head could fill a role (`scene`; classes in `data/roles/heads.tsv`) are set against the words
//! that tell of violence (`relation`; `data/roles/triggers.tsv`), those that stand for the same are joined
//! (`entities`), and a small linear model with named features says which of them fill their role.
//! The roles and what counts follow the templates of the fourth Message Understanding Conference (MUC-4).

mod entities;
mod features;
mod lexicon;
mod model;
mod recase;
mod relation;
mod scene;
pub mod train;

use rapporteur_base::{Span, Why};
use rapporteur_text::Reader;
use serde::{Deserialize, Serialize};

use entities::{Entity, entities};
use lexicon::{STATE_NAMES, bare};
use model::Model;
use scene::{Kind, Phrase, Scene, phrases};

const WEIGHTS: &str = include_str!("../../../../data/roles/weights.tsv");

/// Heaviest features that a filler's `why` names.
const REASONS: usize = 5;

/// What someone or something is in an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The persons who did it, named or described.
    Perpetrator,
    /// The organisation behind them.
    Organisation,
    /// The thing attacked.
    Target,
    /// A named person attacked, killed or taken.
    Victim,
    /// What it was done with.
    Weapon,
}

impl Role {
    /// Every role, in the order of the weights.
    pub const ALL: [Self; 5] = [
        Self::Perpetrator,
        Self::Organisation,
        Self::Target,
        Self::Victim,
        Self::Weapon,
    ];
}

/// Someone or something that fills a role of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Filler {
    /// The role.
    pub role: Role,
    /// Its wordings, each once: the phrases as written (white space as single spaces) and, for a description,
    /// the bare noun.
    pub forms: Vec<String>,
    /// Its passages, in order.
    pub evidence: Vec<Span>,
    /// What spoke for it.
    pub why: Why,
}

/// What could fill a role, for training.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The role.
    pub role: Role,
    /// Its wordings, as in [`Filler`].
    pub forms: Vec<String>,
    /// Its named features, sorted.
    pub features: Vec<String>,
}

/// The rules and weights, read once.
#[derive(Debug)]
pub struct Roles {
    model: Model,
}

/// A text read for roles: its phrases and entities.
struct Reading {
    phrases: Vec<Phrase>,
    /// Bytes of the heads of the phrases.
    heads: Vec<Span>,
    entities: Vec<Entity>,
}

impl Roles {
    /// The weights inside the binary.
    pub fn embedded() -> Self {
        Self {
            model: Model::read(WEIGHTS).expect("invariant: a test reads the shipped weights"),
        }
    }

    /// Other weights, as [`train::train`] writes them.
    ///
    /// # Errors
    /// The line that is wrong, and the remedy.
    pub fn from_table(table: &str) -> Result<Self, String> {
        Ok(Self {
            model: Model::read(table)?,
        })
    }

    /// What fills the roles of a report; spans point into `text`. Pure, never fails.
    pub fn find(&self, reader: &Reader, text: &str) -> Vec<Filler> {
        let reading = read(reader, text);
        let mut out = Vec::new();
        for entity in &reading.entities {
            let sum = self.model.sum(entity.role, &entity.features);
            if self.model.fills(entity.role, sum) {
                let mut evidence: Vec<Span> = entity
                    .phrases
                    .iter()
                    .map(|at| reading.phrases[*at].span)
                    .collect();
                evidence.dedup();
                out.push(Filler {
                    role: entity.role,
                    forms: reading.forms(text, entity),
                    evidence,
                    why: Why {
                        rule: "roles/linear".to_owned(),
                        features: self.model.reasons(entity.role, &entity.features, REASONS),
                        reason: String::new(),
                    },
                });
            }
        }
        out
    }

    /// All that could fill a role of a text, for training.
    pub fn candidates(reader: &Reader, text: &str) -> Vec<Candidate> {
        let reading = read(reader, text);
        let candidate = |entity: &Entity| Candidate {
            role: entity.role,
            forms: reading.forms(text, entity),
            features: entity.features.iter().cloned().collect(),
        };
        reading.entities.iter().map(candidate).collect()
    }

    /// Which of the candidates of a text fill their role.
    pub fn choose(&self, candidates: &[Candidate]) -> Vec<bool> {
        candidates
            .iter()
            .map(|candidate| {
                let features = candidate.features.iter().cloned().collect();
                let sum = self.model.sum(candidate.role, &features);
                self.model.fills(candidate.role, sum)
            })
            .collect()
    }
}

impl Reading {
    fn forms(&self, text: &str, entity: &Entity) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut push = |span: Span| {
            let form = span
                .of(text)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            if !out.contains(&form) {
                out.push(form);
            }
        };
        for at in &entity.phrases {
            push(self.phrases[*at].span);
            if self.phrases[*at].kind == Kind::Described {
                push(self.heads[*at]);
            }
        }
        out
    }
}

/// Reads a text: sentences, phrases, entities with their features.
fn read(reader: &Reader, text: &str) -> Reading {
    let cased = recase::recase(text);
    let readable = cased.as_deref().unwrap_or(text);
    let sentences = reader.read(readable);
    let scenes: Vec<Scene<'_>> = sentences.iter().map(|s| Scene::new(readable, s)).collect();
    let mut found = Vec::new();
    for (number, (sentence, scene)) in sentences.iter().zip(&scenes).enumerate() {
        found.extend(phrases(readable, sentence, scene, number));
    }
    found.retain(|phrase| {
        phrase.kind != Kind::Person
            || STATE_NAMES
                .binary_search(&bare(phrase.span.of(readable)))
                .is_err()
    });
    let heads: Vec<String> = found
        .iter()
        .map(|p| scenes[p.sentence].one[p.head].clone())
        .collect();
    let mut grouped = entities(readable, &found, &heads);
    let shown: Vec<_> = found
        .iter()
        .map(|phrase| features::of_phrase(&scenes[phrase.sentence], phrase))
        .collect();
    for entity in &mut grouped {
        for at in &entity.phrases {
            let (features, violent) = &shown[*at];
            entity.features.extend(features.iter().cloned());
            entity.violent += usize::from(*violent);
        }
    }
    features::of_entities(&mut grouped);
    Reading {
        heads: found
            .iter()
            .map(|p| scenes[p.sentence].tokens[p.head].span)
            .collect(),
        phrases: found,
        entities: grouped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Role, Vec<String>)> {
        let fillers = Roles::embedded().find(&Reader::embedded(), text);
        for filler in &fillers {
            assert!(!filler.evidence.is_empty() && !filler.why.features.is_empty());
        }
        fillers.into_iter().map(|f| (f.role, f.forms)).collect()
    }

    #[test]
    fn a_report_of_an_attack_fills_its_roles() {
        let text = "Gunmen killed the mayor of Tarapaya, Julio Ansaldo, on Tuesday with a burst from a submachine gun. The Sierra Liberation Front (SLF) claimed responsibility. Rebels also blew up a power pylon near the town.";
        for text in [text.to_owned(), text.to_uppercase()] {
            let found = found(&text);
            let has = |role: Role, word: &str| {
                found.iter().any(|(r, forms)| {
                    *r == role && forms.iter().any(|f| f.to_lowercase().contains(word))
                })
            };
            assert!(has(Role::Perpetrator, "gunmen"), "{found:?}");
            assert!(has(Role::Target, "pylon"), "{found:?}");
            assert!(has(Role::Victim, "ansaldo"), "{found:?}");
        }
    }

    #[test]
    fn a_text_without_violence_fills_none() {
        assert_eq!(
            found("The two ministers met in Geneva on Tuesday to talk about fishing quotas."),
            []
        );
        assert_eq!(found(""), []);
    }
}

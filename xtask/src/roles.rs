//! Learns the weights of roles from documents with gold roles, and says what to expect elsewhere.

use std::fs;

use rapporteur_coder::roles::train::{Example, labels, same, train};
use rapporteur_coder::roles::{Candidate, Role, Roles};
use rapporteur_text::Reader;
use serde_json::Value;

use crate::{option, say};

/// Keys of the data by role.
const KEYS: [(&str, Role); 5] = [
    ("perp_individual_id", Role::Perpetrator),
    ("perp_organization_id", Role::Organisation),
    ("phys_tgt_id", Role::Target),
    ("hum_tgt_name", Role::Victim),
    ("incident_instrument_id", Role::Weapon),
];

/// A document: its candidates and, by role, the entities of the gold in all their wordings.
struct Document {
    id: String,
    candidates: Vec<Candidate>,
    gold: Vec<(Role, Vec<Vec<String>>)>,
}

/// Right, given and asked for.
#[derive(Clone, Copy, Default)]
struct Counts {
    right: f64,
    given: f64,
    asked: f64,
}

impl Counts {
    fn f1(self) -> f64 {
        2.0 * self.right / (self.given + self.asked).max(1.0)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.given += other.given;
        self.asked += other.asked;
    }
}

/// `train-roles --data FILE [--out FILE] [--folds N]`: with folds, the F1 of each role over documents
/// that the weights were not learnt from is printed first.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let data = option(args, "--data")
        .ok_or("train-roles: give --data FILE, JSON Lines with `id`, `text` and `roles`")?;
    let out = option(args, "--out").unwrap_or("data/roles/weights.tsv");
    let documents = read(data)?;
    if let Some(folds) = option(args, "--folds") {
        let folds: usize = folds
            .parse()
            .ok()
            .filter(|folds| *folds > 1)
            .ok_or("train-roles: --folds is a number above 1")?;
        crosswise(&documents, folds)?;
    }
    let all: Vec<&Document> = documents.iter().collect();
    let table = learn(&all);
    fs::write(out, &table).map_err(|error| format!("{out}: {error}"))?;
    say(&format!("{} documents, {} bytes", all.len(), table.len()));
    Ok(())
}

fn read(path: &str) -> Result<Vec<Document>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let reader = Reader::embedded();
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty());
    lines
        .map(|(number, line)| {
            let broken = |what: &str| format!("{path}:{}: {what}", number + 1);
            let row: Value = serde_json::from_str(line).map_err(|e| broken(&e.to_string()))?;
            let field = |name: &str| row.get(name).and_then(Value::as_str);
            let text = field("text").ok_or_else(|| broken("`text` is missing"))?;
            Ok(Document {
                id: field("id").unwrap_or_default().to_owned(),
                candidates: Roles::candidates(&reader, text),
                gold: KEYS
                    .iter()
                    .map(|(key, role)| (*role, entities(&row["roles"][*key])))
                    .collect(),
            })
        })
        .collect()
}

fn entities(list: &Value) -> Vec<Vec<String>> {
    let strings = |entity: &Value| -> Vec<String> {
        let forms = entity.as_array().map_or(&[][..], Vec::as_slice);
        forms
            .iter()
            .filter_map(|form| form.as_str().map(str::to_owned))
            .collect()
    };
    let entities = list.as_array().map_or(&[][..], Vec::as_slice);
    entities.iter().map(strings).collect()
}

fn learn(documents: &[&Document]) -> String {
    let mut examples = Vec::new();
    for document in documents {
        for (role, gold) in &document.gold {
            let told = labels(&document.candidates, *role, gold);
            for (candidate, fills) in document.candidates.iter().zip(told) {
                if let Some(fills) = fills.filter(|_| candidate.role == *role) {
                    examples.push(Example {
                        role: *role,
                        features: candidate.features.clone(),
                        fills,
                    });
                }
            }
        }
    }
    train(&examples)
}

/// Which part a document is in: by its id alone, so that new documents move no other.
fn part(id: &str, folds: usize) -> usize {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    ((hash ^ (hash >> 32)) % folds as u64) as usize
}

fn crosswise(documents: &[Document], folds: usize) -> Result<(), String> {
    let mut by_role = [Counts::default(); Role::ALL.len()];
    for fold in 0..folds {
        let (held, kept): (Vec<&Document>, Vec<&Document>) = documents
            .iter()
            .partition(|document| part(&document.id, folds) == fold);
        let roles = Roles::from_table(&learn(&kept))?;
        for document in held {
            let chosen = roles.choose(&document.candidates);
            for (role, gold) in &document.gold {
                by_role[*role as usize].add(score(document, *role, gold, &chosen));
            }
        }
    }
    let mut all = Counts::default();
    for (role, counts) in Role::ALL.iter().zip(by_role) {
        say(&format!("{role:?}: F1 {:.3}", counts.f1()));
        all.add(counts);
    }
    say(&format!(
        "all roles, {folds} parts: precision {:.3}, recall {:.3}, F1 {:.3}",
        all.right / all.given.max(1.0),
        all.right / all.asked.max(1.0),
        all.f1()
    ));
    Ok(())
}

/// Entities of the gold that some answer words alike; an answer counts once.
fn score(document: &Document, role: Role, gold: &[Vec<String>], chosen: &[bool]) -> Counts {
    let answers: Vec<&Candidate> = document
        .candidates
        .iter()
        .zip(chosen)
        .filter(|(candidate, chosen)| **chosen && candidate.role == role)
        .map(|(candidate, _)| candidate)
        .collect();
    let mut used = vec![false; answers.len()];
    let mut right = 0.0;
    for entry in gold {
        let hit = (0..answers.len()).find(|at| !used[*at] && same(entry, &answers[*at].forms));
        if let Some(at) = hit {
            used[at] = true;
            right += 1.0;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    Counts {
        right,
        given: answers.len() as f64,
        asked: gold.len() as f64,
    }
}

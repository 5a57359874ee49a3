//! Learns the weights: one logistic regression a role, with a Gaussian prior, by Newton's step on one
//! weight after the other. The same bytes on every machine: only the four operations are used.

use std::collections::BTreeMap;

use super::lexicon::bare;
use super::model::{BIAS, CUT};
use super::{Candidate, Role};

/// An entity of a document, and whether the gold gives it its role.
#[derive(Clone, Debug)]
pub struct Example {
    /// The role it could fill.
    pub role: Role,
    /// Its named features.
    pub features: Vec<String>,
    /// Whether it does.
    pub fills: bool,
}

/// Variance of the prior: how far a weight may leave zero.
const VARIANCE: f64 = 0.15;

/// How often a feature must be seen, in one role, to be kept.
const SEEN: usize = 5;

/// Rounds over all weights.
const ROUNDS: usize = 60;

/// Chance from which on a role is filled, by role: about half of the F1 that is reached.
const CHANCE_CUT: [f64; Role::ALL.len()] = [0.18, 0.22, 0.18, 0.18, 0.25];

/// Whether two wordings are of the same, as the MUC-4 figure counts it: by letters and digits alone,
/// one holds the other.
pub fn same(gold: &[String], forms: &[String]) -> bool {
    let gold: Vec<String> = gold.iter().map(|form| bare(form)).collect();
    forms.iter().map(|form| bare(form)).any(|form| {
        let within = |gold: &String| gold.contains(&form) || form.contains(gold.as_str());
        !form.is_empty() && gold.iter().any(|gold| !gold.is_empty() && within(gold))
    })
}

/// Whether each candidate fills its role by the gold: one for each of its entries, the one worded alike
/// before others. `None` for a further candidate of the same entry, which is no example.
pub fn labels(candidates: &[Candidate], role: Role, gold: &[Vec<String>]) -> Vec<Option<bool>> {
    let mut out = vec![Some(false); candidates.len()];
    for entry in gold {
        let matching: Vec<usize> = (0..candidates.len())
            .filter(|at| candidates[*at].role == role && same(entry, &candidates[*at].forms))
            .collect();
        let free = |at: &&usize| out[**at] != Some(true);
        let alike = |at: &&usize| {
            let forms = &candidates[**at].forms;
            forms
                .iter()
                .any(|f| entry.iter().any(|g| bare(f) == bare(g)))
        };
        let best = matching.iter().filter(free).find(alike);
        let Some(best) = best.or_else(|| matching.iter().find(free)).copied() else {
            continue;
        };
        for at in matching {
            if out[at] == Some(false) {
                out[at] = None;
            }
        }
        out[best] = Some(true);
    }
    out
}

/// Weights by feature.
type Table = BTreeMap<String, [i32; Role::ALL.len()]>;

/// Learns the weights and returns their table (see `data/roles/weights.tsv`).
pub fn train(examples: &[Example]) -> String {
    let mut table = Table::new();
    for role in Role::ALL {
        let own: Vec<&Example> = examples.iter().filter(|e| e.role == role).collect();
        learn(role, &own, &mut table);
    }
    write(&table)
}

fn learn(role: Role, examples: &[&Example], table: &mut Table) {
    let mut columns: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, example) in examples.iter().enumerate() {
        columns.entry(BIAS).or_default().push(row);
        for feature in &example.features {
            columns.entry(feature).or_default().push(row);
        }
    }
    columns.retain(|_, rows| rows.len() >= SEEN);
    let mut sums = vec![0.0_f64; examples.len()];
    let mut weights = vec![0.0_f64; columns.len()];
    for _ in 0..ROUNDS {
        for (weight, rows) in weights.iter_mut().zip(columns.values()) {
            let (mut slope, mut bend) = (*weight, 1.0);
            for row in rows {
                let chance = chance(sums[*row]);
                let told = if examples[*row].fills { 1.0 } else { 0.0 };
                slope += VARIANCE * (chance - told);
                bend += VARIANCE * chance * (1.0 - chance);
            }
            let step = (slope / bend).clamp(-1.0, 1.0);
            *weight -= step;
            for row in rows {
                sums[*row] -= step;
            }
        }
    }
    for (feature, weight) in columns.keys().zip(&weights) {
        #[expect(clippy::cast_possible_truncation, reason = "weights are small")]
        let hundredths = (weight * 100.0).round() as i32;
        if hundredths != 0 {
            table.entry((*feature).to_owned()).or_default()[role as usize] = hundredths;
        }
    }
}

/// The logistic function.
fn chance(sum: f64) -> f64 {
    let raised = exp(-sum.abs());
    if sum >= 0.0 {
        1.0 / (1.0 + raised)
    } else {
        raised / (1.0 + raised)
    }
}

/// The exponential of a number that is not above 0, the same bits everywhere.
fn exp(x: f64) -> f64 {
    if x < -40.0 {
        return 0.0;
    }
    // exp(x) = exp(x / 1024) to the power 1024.
    let y = x / 1024.0;
    let small = 1.0 + y * (1.0 + y * (0.5 + y * (1.0 / 6.0 + y / 24.0)));
    (0..10).fold(small, |value, _| value * value)
}

/// The sum, in hundredths, whose chance is the cut: the first that reaches it.
fn cut(least: f64) -> i32 {
    (-1000..1000)
        .find(|sum| chance(f64::from(*sum) / 100.0) >= least)
        .unwrap_or(0)
}

fn write(table: &Table) -> String {
    let mut out = String::from(
        "# Weights of features by role, in hundredths; made by `cargo xtask train-roles --data FILE`, do not edit.\n# feature\tperpetrator\torganisation\ttarget\tvictim\tweapon\n",
    );
    let mut row = |feature: &str, weights: &[i32]| {
        out.push_str(feature);
        for weight in weights {
            out.push('\t');
            out.push_str(&weight.to_string());
        }
        out.push('\n');
    };
    row(CUT, &CHANCE_CUT.map(cut));
    for (feature, weights) in table {
        row(feature, weights);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_is_learnt_and_written_the_same_twice() {
        let example = |word: &str, fills| Example {
            role: Role::Weapon,
            features: vec![format!("w={word}"), "trig".to_owned()],
            fills,
        };
        let rows: Vec<Example> = (0..20)
            .flat_map(|_| [example("bomb", true), example("stick", false)])
            .collect();
        let table = train(&rows);
        assert_eq!(table, train(&rows));
        let model = super::super::model::Model::read(&table).unwrap();
        let sum = |word: &str| model.sum(Role::Weapon, &[format!("w={word}")].into());
        assert!(model.fills(Role::Weapon, sum("bomb")) && sum("bomb") > sum("stick"));
    }

    #[test]
    fn exp_is_near() {
        for x in [0.0_f64, -0.01, -1.0, -7.5, -30.0] {
            assert!((exp(x) - x.exp()).abs() < 1e-9, "{x}");
        }
    }
}

//! Learns the ranker: multinomial logistic regression by AdaGrad, the same bytes on every machine
//! (only the four operations of arithmetic and the square root are used).

use std::collections::BTreeMap;

use super::CLASSES;
use super::model::{MAGIC, hash};

/// What one pair of a sentence shows, and what its gold says.
#[derive(Clone, Debug)]
pub struct Example {
    /// Named features.
    pub features: Vec<String>,
    /// Number of the class.
    pub class: usize,
}

const N: usize = CLASSES.len();

/// Rounds over the examples.
const ROUNDS: usize = 24;

/// Orders of the examples: the mean of their models depends less on what was seen last.
const SEEDS: &[u64] = &[
    0x9e37_79b9_7f4a_7c15,
    0xbf58_476d_1ce4_e5b9,
    0x94d0_49bb_1331_11eb,
];

/// Step of AdaGrad.
const RATE: f32 = 0.25;

/// Pull of each weight towards zero, over one round: that of a Gaussian prior of variance 1 / `PRIOR`.
/// A step takes the share that falls to one sight of the feature.
const PRIOR: f32 = 10.0;

/// How often a feature must be seen to be kept.
const SEEN: u32 = 2;

/// Weights smaller than this in every class are left out.
const SMALLEST: f32 = 0.02;

/// Learns a model and returns its file. The order of the examples decides the last bits: give them
/// in the order of the data files.
pub fn train(examples: &[Example]) -> Vec<u8> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    let hashed: Vec<(Vec<u32>, usize)> = examples
        .iter()
        .map(|example| {
            let mut keys: Vec<u32> = example.features.iter().map(|f| hash(f)).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in &keys {
                *counts.entry(*key).or_default() += 1;
            }
            (keys, example.class)
        })
        .collect();
    let keys: Vec<u32> = counts
        .iter()
        .filter(|(_, seen)| **seen >= SEEN)
        .map(|(key, _)| *key)
        .collect();
    let rows: Vec<(Vec<usize>, usize)> = hashed
        .into_iter()
        .map(|(row, class)| {
            let known = row.iter().filter_map(|k| keys.binary_search(k).ok());
            (known.collect(), class)
        })
        .collect();
    let mut weights = vec![0_f32; keys.len() * N];
    for seed in SEEDS {
        for (sum, weight) in weights.iter_mut().zip(descend(&rows, keys.len(), *seed)) {
            *sum += weight;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a few orders")]
    let orders = SEEDS.len() as f32;
    for weight in &mut weights {
        *weight /= orders;
    }
    write(&keys, &weights)
}

/// The averaged weights after all rounds over the examples, shuffled from `seed` on.
fn descend(rows: &[(Vec<usize>, usize)], features: usize, mut seed: u64) -> Vec<f32> {
    let mut weights = vec![0_f32; features * N];
    let mut squares = vec![0_f32; features * N];
    let mut sums = vec![0_f32; features * N];
    let mut sights = vec![0_f32; features];
    for feature in rows.iter().flat_map(|(row, _)| row) {
        sights[*feature] += 1.0;
    }
    let share = balance(rows);
    let mut averaged = 0_f32;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    for round in 0..ROUNDS {
        shuffle(&mut order, &mut seed);
        for at in &order {
            let (row, class) = &rows[*at];
            let chances = chances(row, &weights);
            for (k, chance) in chances.iter().enumerate() {
                let error = chance - f32::from(u8::from(k == *class));
                for feature in row {
                    let slot = feature * N + k;
                    let slope = error * share[*class] + PRIOR / sights[*feature] * weights[slot];
                    squares[slot] += slope * slope;
                    weights[slot] -= RATE * slope / (squares[slot].sqrt() + 1e-4);
                }
            }
        }
        if round >= ROUNDS / 2 {
            averaged += 1.0;
            for (sum, weight) in sums.iter_mut().zip(&weights) {
                *sum += weight;
            }
        }
    }
    sums.iter().map(|sum| sum / averaged.max(1.0)).collect()
}

/// How much an example of each class counts: rare classes more, within bounds.
fn balance(rows: &[(Vec<usize>, usize)]) -> [f32; N] {
    let mut counts = [0_f32; N];
    for (_, class) in rows {
        counts[*class] += 1.0;
    }
    let seen = counts.iter().filter(|c| **c > 0.0).count().max(1);
    #[expect(clippy::cast_precision_loss, reason = "thousands of examples")]
    let mean = rows.len() as f32 / seen as f32;
    counts.map(|count| (mean / count.max(1.0)).sqrt().clamp(0.5, 2.0))
}

/// The chance of each class.
fn chances(row: &[usize], weights: &[f32]) -> [f32; N] {
    let mut scores = [0_f32; N];
    for feature in row {
        let at = feature * N;
        for (score, weight) in scores.iter_mut().zip(&weights[at..at + N]) {
            *score += weight;
        }
    }
    softmax(&scores)
}

/// Scores to chances.
pub(in super::super) fn softmax(scores: &[f32; N]) -> [f32; N] {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let raised = scores.map(|score| exp(score - top));
    let sum: f32 = raised.iter().sum();
    raised.map(|value| value / sum)
}

/// The exponential of a number that is not above 0, the same bits everywhere (a mathematics library
/// of the system may differ in the last one).
fn exp(x: f32) -> f32 {
    if x < -30.0 {
        return 0.0;
    }
    // exp(x) = exp(x / 64) to the power 64.
    let y = x / 64.0;
    let small = 1.0 + y * (1.0 + y * (0.5 + y * (1.0 / 6.0 + y / 24.0)));
    (0..6).fold(small, |value, _| value * value)
}

/// Fisher and Yates with a fixed generator (xorshift64*).
fn shuffle(order: &mut [usize], seed: &mut u64) {
    for at in (1..order.len()).rev() {
        *seed ^= *seed >> 12;
        *seed ^= *seed << 25;
        *seed ^= *seed >> 27;
        let number = seed.wrapping_mul(0x2545_f491_4f6c_dd1d);
        let to = (number % (at as u64 + 1)) as usize;
        order.swap(at, to);
    }
}

/// The file: magic, count, scale, keys, weights.
fn write(keys: &[u32], weights: &[f32]) -> Vec<u8> {
    let kept: Vec<usize> = (0..keys.len())
        .filter(|row| {
            weights[row * N..(row + 1) * N]
                .iter()
                .any(|w| w.abs() >= SMALLEST)
        })
        .collect();
    let top = weights.iter().fold(0_f32, |top, w| top.max(w.abs()));
    let scale = (top / 127.0).max(f32::MIN_POSITIVE);
    let mut out = MAGIC.to_vec();
    out.extend((kept.len() as u32).to_le_bytes());
    out.extend(scale.to_le_bytes());
    for row in &kept {
        out.extend(keys[*row].to_le_bytes());
    }
    for row in &kept {
        for weight in &weights[row * N..(row + 1) * N] {
            let step = (weight / scale).round().clamp(-127.0, 127.0) as i8;
            out.push(step as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_near() {
        for x in [-0.001_f32, -0.5, -1.0, -4.0, -12.0] {
            assert!((exp(x) - x.exp()).abs() < 1e-4, "{x}");
        }
    }

    #[test]
    fn a_word_is_learnt() {
        let example = |word: &str, class| Example {
            features: vec!["bias".into(), format!("word:{word}")],
            class,
        };
        let rows: Vec<Example> = (0..40)
            .map(|i| {
                if i % 2 == 0 {
                    example("met", 1)
                } else {
                    example("struck", 15)
                }
            })
            .collect();
        let file = train(&rows);
        assert_eq!(file, train(&rows));
        let model = super::super::Model::read(&file).unwrap();
        let scores = model.scores(&["bias".into(), "word:met".into()]);
        assert!(scores[1] > scores[15]);
        assert_eq!(model.reasons(&["word:met".into()], 1, 3).len(), 1);
    }
}

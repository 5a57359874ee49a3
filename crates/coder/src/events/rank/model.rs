//! The model file: which features it knows, and a small integer weight for each class.

use super::super::keys::Keys;
use super::CLASSES;

/// First bytes of a model file.
pub(super) const MAGIC: &[u8; 8] = b"RPRANK01";

/// Weights by feature and class.
#[derive(Debug)]
pub(in super::super) struct Model {
    /// Row of each feature, by its hash.
    rows: Keys<u32>,
    /// One row a feature, one weight a class, in steps of `scale`.
    weights: Vec<i8>,
    scale: f32,
}

/// The hash by which a feature is found: FNV-1a, its halves joined.
pub(super) fn hash(feature: &str) -> u32 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for byte in feature.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (state ^ (state >> 32)) as u32
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(in super::super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let broken = || {
            "data/events/ranker.bin: not a model of this version; train it again with `cargo xtask train-events`".to_owned()
        };
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(broken)?;
        let word = |at: usize| -> Option<[u8; 4]> { rest.get(at..at + 4)?.try_into().ok() };
        let count = word(0).map(u32::from_le_bytes).ok_or_else(broken)? as usize;
        let scale = word(4).map(f32::from_le_bytes).ok_or_else(broken)?;
        let keys: Option<Vec<u32>> = (0..count)
            .map(|row| word(8 + 4 * row).map(u32::from_le_bytes))
            .collect();
        let keys = keys.ok_or_else(broken)?;
        let weights: Vec<i8> = rest
            .get(8 + 4 * count..)
            .unwrap_or(&[])
            .iter()
            .map(|byte| *byte as i8)
            .collect();
        if weights.len() != count * CLASSES.len() || !keys.is_sorted() {
            return Err(broken());
        }
        Ok(Self {
            rows: Keys::new(keys.into_iter().map(u64::from).zip(0..)),
            weights,
            scale,
        })
    }

    fn row(&self, feature: &str) -> Option<&[i8]> {
        let row = self.rows.get(u64::from(hash(feature)))? as usize;
        let n = CLASSES.len();
        self.weights.get(row * n..(row + 1) * n)
    }

    /// The score of each class.
    pub(in super::super) fn scores(&self, features: &[String]) -> [f32; CLASSES.len()] {
        let mut sums = [0_i32; CLASSES.len()];
        for feature in features {
            if let Some(row) = self.row(feature) {
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum += i32::from(*weight);
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "small sums")]
        sums.map(|sum| sum as f32 * self.scale)
    }

    /// The features that speak most for a class, with their weights.
    pub(in super::super) fn reasons(
        &self,
        features: &[String],
        class: usize,
        most: usize,
    ) -> Vec<(String, f32)> {
        let mut rows: Vec<(String, f32)> = features
            .iter()
            .filter_map(|feature| {
                let weight = f32::from(*self.row(feature)?.get(class)?) * self.scale;
                (weight > 0.0).then(|| (feature.clone(), weight))
            })
            .collect();
        rows.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        rows.truncate(most);
        rows
    }
}

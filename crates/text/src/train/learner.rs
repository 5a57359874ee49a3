use crate::table::{Row, Score};

/// An averaged perceptron over exact features: rows are made when a feature is first part of a
/// mistake for the second time.
#[derive(Debug)]
pub(super) struct Learner {
    width: usize,
    /// Open addressing: feature and row (0: none yet); `seen` counts mistakes until a row is made.
    slots: Vec<(u64, u32)>,
    used: usize,
    weights: Vec<f32>,
    totals: Vec<f32>,
    step: f32,
    /// Mistakes a feature must be part of before it gets weights.
    patience: u32,
}

/// Marks a slot whose feature has no row yet; the low bits count.
const WAITING: u32 = 1 << 31;

impl Learner {
    pub(super) fn new(width: usize, patience: u32) -> Self {
        Self {
            width,
            slots: vec![(0, 0); 1 << 20],
            used: 0,
            weights: Vec::new(),
            totals: Vec::new(),
            step: 1.0,
            patience,
        }
    }

    fn find(&self, feature: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (feature >> 20) as usize & mask;
        while self.slots[at].0 != 0 && self.slots[at].0 != feature {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let larger = vec![(0, 0); self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, larger);
        for slot in old.into_iter().filter(|s| s.0 != 0) {
            let at = self.find(slot.0);
            self.slots[at] = slot;
        }
    }

    /// The row of a feature, made when it is due.
    fn row_for_update(&mut self, feature: u64) -> Option<usize> {
        if self.used * 2 > self.slots.len() {
            self.grow();
        }
        let at = self.find(feature);
        if self.slots[at].0 == 0 {
            self.slots[at] = (feature, WAITING);
            self.used += 1;
        }
        let state = self.slots[at].1;
        if state & WAITING == 0 {
            return Some(state as usize);
        }
        let seen = (state & !WAITING) + 1;
        if seen < self.patience {
            self.slots[at].1 = WAITING | seen;
            return None;
        }
        let row = self.weights.len() / self.width;
        self.weights.resize(self.weights.len() + self.width, 0.0);
        self.totals.resize(self.weights.len(), 0.0);
        self.slots[at].1 = row as u32;
        Some(row)
    }

    /// Moves weight from one class to another.
    pub(super) fn update(&mut self, features: &[u64], right: usize, wrong: usize, by: f32) {
        for feature in features {
            let Some(row) = self.row_for_update(*feature) else {
                continue;
            };
            for (class, by) in [(right, by), (wrong, -by)] {
                let at = row * self.width + class;
                self.weights[at] += by;
                self.totals[at] += by * self.step;
            }
        }
    }

    /// Adds to one class alone.
    pub(super) fn bump(&mut self, feature: u64, class: usize, by: f32) {
        if let Some(row) = self.row_for_update(feature) {
            let at = row * self.width + class;
            self.weights[at] += by;
            self.totals[at] += by * self.step;
        }
    }

    /// One example is over.
    pub(super) fn tick(&mut self) {
        self.step += 1.0;
    }

    /// The averaged weights, in the order of the features' hashes.
    pub(super) fn averaged(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = self
            .slots
            .iter()
            .filter(|(feature, state)| *feature != 0 && state & WAITING == 0)
            .map(|(feature, row)| {
                let at = *row as usize * self.width;
                let weights = (at..at + self.width)
                    .map(|i| self.weights[i] - self.totals[i] / self.step)
                    .collect();
                Row {
                    feature: *feature,
                    weights,
                }
            })
            .collect();
        rows.sort_by_key(|row| row.feature);
        rows
    }
}

impl Score for Learner {
    fn score(&self, features: &[u64], into: &mut [f32]) {
        for feature in features {
            let (found, row) = self.slots[self.find(*feature)];
            if found != 0 && row & WAITING == 0 {
                let at = row as usize * self.width;
                for (score, weight) in into.iter_mut().zip(&self.weights[at..at + self.width]) {
                    *score += weight;
                }
            }
        }
    }
}

/// A fixed stream of numbers: the order of examples must not depend on anything else.
#[derive(Debug)]
pub(super) struct Stream(pub(super) u64);

impl Stream {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// Below one.
    pub(super) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, (self.next() % (at as u64 + 1)) as usize);
        }
    }
}

//! A sparse linear model laid out for look-ups: feature hash -> one row of `i8` weights.
//!
//! Keys stand in buckets of four 16-bit tags, found by one 64-bit read; a feature that training
//! never kept costs that read alone. Rows follow in a block of their own.

/// Scores classes from features.
pub(crate) trait Score {
    /// Adds the weights of every feature; `into` is as long as there are classes.
    fn score(&self, features: &[u64], into: &mut [f32]);
}

/// Keys in a bucket.
const BUCKET: usize = 4;

/// Features whose keys are read before the first row is.
const AHEAD: usize = 64;

/// A read-only table inside the model.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Table {
    keys: &'static [u8],
    rows: &'static [u8],
    width: usize,
    /// Weight of one unit.
    unit: f32,
}

/// Bit of a key that says that its row counts [`HEAVY`] times.
const SCALE: u16 = 1;

/// Few rows weigh much more than the rest: they get a coarser unit of their own.
const HEAVY: i16 = 8;

/// Where a feature lives: bucket and tag; the tag leaves [`SCALE`] free and is never zero.
#[inline]
fn place(feature: u64, buckets: usize) -> (usize, u16) {
    (
        (feature >> 20) as usize & (buckets - 1),
        (feature as u16 & !SCALE).max(2),
    )
}

impl Table {
    /// Takes the blocks of a model apart; an unusable block makes an empty table.
    pub(crate) fn new(keys: &'static [u8], rows: &'static [u8], width: usize, unit: f32) -> Self {
        let slots = keys.len() / 2;
        let usable = slots.is_power_of_two() && slots >= BUCKET && rows.len() == slots * width;
        if usable {
            Self {
                keys,
                rows,
                width,
                unit,
            }
        } else {
            Self::default()
        }
    }

    /// The slot of a feature and how often its row counts; 0: the model does not know it.
    /// Without a branch, so that the reads of many features overlap.
    #[inline]
    fn slot(&self, feature: u64, buckets: usize) -> (usize, i16) {
        let (bucket, tag) = place(feature, buckets);
        let at = bucket * 2 * BUCKET;
        let bytes: [u8; 8] = self
            .keys
            .get(at..at + 8)
            .and_then(|bytes| bytes.try_into().ok())
            .unwrap_or_default();
        // A 16-bit lane is zero where the tags agree; the lowest zero lane is exact.
        let keys = u64::from_le_bytes(bytes);
        let lanes = (keys & 0xFFFE_FFFE_FFFE_FFFE) ^ (u64::from(tag) * 0x0001_0001_0001_0001);
        let zero = lanes.wrapping_sub(0x0001_0001_0001_0001) & !lanes & 0x8000_8000_8000_8000;
        let lane = (zero.trailing_zeros() as usize / 16).min(BUCKET - 1);
        let heavy = (keys >> (16 * lane) & u64::from(SCALE)) as i16;
        let times = (1 + heavy * (HEAVY - 1)) * i16::from(zero != 0);
        (bucket * BUCKET + lane, times)
    }

    fn buckets(&self) -> usize {
        self.keys.len() / (2 * BUCKET)
    }

    /// Sums whole-number weights into `into`, which is as long as a row.
    #[inline]
    pub(crate) fn sum<const W: usize>(&self, features: &[u64], into: &mut [i16; W]) {
        let buckets = self.buckets();
        if buckets == 0 {
            return;
        }
        for features in features.chunks(AHEAD) {
            let mut known = [(0usize, 0i16); AHEAD];
            let mut count = 0;
            for feature in features {
                let found = self.slot(*feature, buckets);
                known[count] = found;
                count += usize::from(found.1 != 0);
            }
            for (slot, times) in &known[..count] {
                if let Some(row) = self.rows.get(slot * W..(slot + 1) * W) {
                    for (sum, weight) in into.iter_mut().zip(row) {
                        *sum = sum.saturating_add(i16::from(*weight as i8) * times);
                    }
                }
            }
        }
    }
}

impl Score for Table {
    #[inline]
    fn score(&self, features: &[u64], into: &mut [f32]) {
        match self.width {
            24 => self.spread::<24>(features, into),
            9 => self.spread::<9>(features, into),
            18 => self.spread::<18>(features, into),
            56 => self.spread::<56>(features, into),
            64 => self.spread::<64>(features, into),
            _ => {}
        }
    }
}

impl Table {
    #[inline]
    fn spread<const W: usize>(&self, features: &[u64], into: &mut [f32]) {
        let mut sums = [0i16; W];
        self.sum(features, &mut sums);
        for (score, sum) in into.iter_mut().zip(sums) {
            *score = f32::from(sum) * self.unit;
        }
    }
}

/// What training knows of a feature.
#[cfg(feature = "train")]
#[derive(Debug)]
pub(crate) struct Row {
    pub feature: u64,
    pub weights: Vec<f32>,
}

#[cfg(feature = "train")]
impl Row {
    fn heaviest(&self) -> f32 {
        self.weights.iter().fold(0f32, |a, w| a.max(w.abs()))
    }
}

/// Quantises rows and lays them out; when a bucket is full the lightest features stay out.
#[cfg(feature = "train")]
pub(crate) fn lay_out(rows: &[Row], width: usize, slots: usize) -> (Vec<u8>, Vec<u8>, f32) {
    let mut order: Vec<&Row> = rows.iter().collect();
    order.sort_by(|a, b| {
        b.heaviest()
            .total_cmp(&a.heaviest())
            .then(a.feature.cmp(&b.feature))
    });
    // Rows heavier than all but a hundredth take the coarse unit: they would cost the others
    // their resolution.
    let most = order.first().map_or(1.0, |row| row.heaviest());
    let usual = order
        .get(order.len() / 100)
        .map_or(1.0, |row| row.heaviest());
    let unit = (usual / 127.0)
        .max(most / (127.0 * f32::from(HEAVY)))
        .max(1e-9);
    let mut keys = vec![0u16; slots];
    let mut block = vec![0u8; slots * width];
    for row in order {
        let heavy = row.heaviest() > 127.4 * unit;
        let unit = if heavy { unit * f32::from(HEAVY) } else { unit };
        let quantised: Vec<i8> = row
            .weights
            .iter()
            .map(|w| (w / unit).round().clamp(-127.0, 127.0) as i8)
            .collect();
        if quantised.iter().all(|w| *w == 0) {
            continue;
        }
        let (bucket, tag) = place(row.feature, slots / BUCKET);
        let bucket = bucket * BUCKET..(bucket + 1) * BUCKET;
        if keys[bucket.clone()].iter().any(|k| k & !SCALE == tag) {
            continue;
        }
        let Some(slot) = bucket.into_iter().find(|s| keys[*s] == 0) else {
            continue;
        };
        keys[slot] = tag | if heavy { SCALE } else { 0 };
        for (to, from) in block[slot * width..].iter_mut().zip(&quantised) {
            *to = *from as u8;
        }
    }
    let keys = keys.iter().flat_map(|k| k.to_le_bytes()).collect();
    (keys, block, unit)
}

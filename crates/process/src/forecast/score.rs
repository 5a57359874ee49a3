//! Scores of samples against what came: proper scores, coverage, and whether chances said were met.
//!
//! Definitions as in the VIEWS prediction challenge 2023/24 (CRPS, ignorance on bins, coverage of
//! central intervals); each is tested against values worked out by hand.

use super::math::{ln, ln1p};

/// Upper edges of the bins of monthly deaths in the VIEWS challenge.
pub const VIEWS_BINS: [f64; 10] = [0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5];

/// Continuous ranked probability score of a sample, in the unit of the values; 0 is best
/// (`E|X - y| - E|X - X'| / 2`, Gneiting and Raftery 2007). NaN for an empty sample.
pub fn crps(sample: &[f64], truth: f64) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let (mut off, mut spread) = (0.0, 0.0);
    for (i, x) in sorted.iter().enumerate() {
        off += (x - truth).abs();
        spread += (2.0 * i as f64 + 1.0 - n) * x;
    }
    off / n - spread / (n * n)
}

/// The same after `ln(1 + x)`: small and large series count alike.
pub fn crps_log(sample: &[f64], truth: f64) -> f64 {
    let logs: Vec<f64> = sample.iter().map(|x| ln1p(*x)).collect();
    crps(&logs, ln1p(truth))
}

/// Ignorance in bits: minus the binary logarithm of the share of the sample in the bin of the
/// truth, with one draw added to each bin. `edges` are the upper edges, ascending.
pub fn ignorance(sample: &[f64], truth: f64, edges: &[f64]) -> f64 {
    let bin = |x: f64| edges.partition_point(|edge| x > *edge);
    let hit = sample.iter().filter(|x| bin(**x) == bin(truth)).count() as f64;
    -ln((hit + 1.0) / (sample.len() + edges.len() + 1) as f64) / std::f64::consts::LN_2
}

/// Quantile `q` of a sorted sample, between two values by share of the way. NaN when empty.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = last as f64 * q.clamp(0.0, 1.0);
    let low = (at as usize).min(last);
    match sorted.get(low + 1) {
        Some(next) => sorted[low] + (at - low as f64) * (next - sorted[low]),
        None => sorted[low],
    }
}

/// Whether the central interval with the share `level` of the sample holds the truth.
pub fn covers(sample: &[f64], truth: f64, level: f64) -> bool {
    let mut sorted = sample.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    quantile(&sorted, tail) <= truth && truth <= quantile(&sorted, 1.0 - tail)
}

/// CRPS of a date, in steps: `mass` is as from [`condition_dates`](super::condition_dates), `truth`
/// the step (from 1) at which the condition held, `None` when it did not.
pub fn crps_date(mass: &[f64], truth: Option<usize>) -> f64 {
    let mut said = 0.0;
    let mut score = 0.0;
    for (at, share) in mass.iter().take(mass.len().saturating_sub(1)).enumerate() {
        said += share;
        let came = f64::from(u8::from(truth.is_some_and(|t| t <= at + 1)));
        score += (said - came) * (said - came);
    }
    score
}

/// A chance that was said, and whether it was met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// The chance, 0 to 1.
    pub chance: f64,
    /// What came.
    pub met: bool,
}

impl Said {
    fn came(self) -> f64 {
        f64::from(u8::from(self.met))
    }
}

/// Brier score: mean square of what was said less what came; NaN when nothing was said.
pub fn brier(said: &[Said]) -> f64 {
    let sum: f64 = said
        .iter()
        .map(|s| (s.chance - s.came()) * (s.chance - s.came()))
        .sum();
    sum / said.len() as f64
}

/// One tenth of a reliability table.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tenth {
    /// How often a chance in this tenth was said.
    pub count: usize,
    /// Mean chance said.
    pub said: f64,
    /// Share met.
    pub met: f64,
}

/// The reliability table: chances said, by tenths, beside the share that was met.
pub fn reliability(said: &[Said]) -> [Tenth; 10] {
    let mut table = [Tenth::default(); 10];
    for s in said {
        let tenth = &mut table[((s.chance * 10.0) as usize).min(9)];
        tenth.count += 1;
        tenth.said += s.chance;
        tenth.met += s.came();
    }
    for tenth in table.iter_mut().filter(|t| t.count > 0) {
        tenth.said /= tenth.count as f64;
        tenth.met /= tenth.count as f64;
    }
    table
}

/// Mean distance between said and met over the tenths, weighted by how often each was said.
pub fn calibration_gap(said: &[Said]) -> f64 {
    let gaps = reliability(said)
        .iter()
        .map(|t| t.count as f64 * (t.said - t.met).abs())
        .sum::<f64>();
    gaps / said.len() as f64
}

/// A map from chances said to chances met that never falls, learnt on past forecasts by pooling
/// adjacent violators (Ayer et al. 1955).
#[derive(Clone, Debug, PartialEq)]
pub struct Isotonic {
    /// Ascending chances said, each with the chance met.
    knots: Vec<(f64, f64)>,
}

impl Isotonic {
    /// Learns the map; with nothing to learn from it changes nothing.
    pub fn fit(said: &[Said]) -> Self {
        let mut sorted = said.to_vec();
        sorted.sort_by(|a, b| a.chance.total_cmp(&b.chance));
        // Blocks: weight, sum said, sum met.
        let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
        for s in sorted {
            blocks.push((1.0, s.chance, s.came()));
            while let [.., a, b] = blocks[..] {
                if a.2 / a.0 < b.2 / b.0 {
                    break;
                }
                blocks.truncate(blocks.len() - 2);
                blocks.push((a.0 + b.0, a.1 + b.1, a.2 + b.2));
            }
        }
        let knots = blocks.iter().map(|(n, s, m)| (s / n, m / n)).collect();
        Self { knots }
    }

    /// The chance met for a chance said; between two knots by share of the way.
    pub fn apply(&self, chance: f64) -> f64 {
        let next = self.knots.partition_point(|(said, _)| *said < chance);
        match (
            next.checked_sub(1).map(|i| self.knots[i]),
            self.knots.get(next).copied(),
        ) {
            (Some((x0, y0)), Some((x1, y1))) if x1 > x0 => {
                y0 + (y1 - y0) * (chance - x0) / (x1 - x0)
            }
            (_, Some((_, met))) | (Some((_, met)), None) => met,
            (None, None) => chance,
        }
    }

    /// Learns the map only where it lowers the Brier score of chances it did not learn from:
    /// `folds` are origins or other groups, each left out in turn.
    pub fn where_it_helps(folds: &[Vec<Said>]) -> Option<Self> {
        let all: Vec<Said> = folds.iter().flatten().copied().collect();
        let mapped: Vec<Said> = (0..folds.len())
            .flat_map(|out| {
                let rest = folds.iter().enumerate().filter(|(i, _)| *i != out);
                let map = Self::fit(&rest.flat_map(|(_, f)| f.clone()).collect::<Vec<_>>());
                folds[out].iter().map(move |s| Said {
                    chance: map.apply(s.chance),
                    ..*s
                })
            })
            .collect();
        (brier(&mapped) < brier(&all)).then(|| Self::fit(&all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn scores_are_those_worked_out_by_hand() {
        // E|X-2| = (2+1+1)/3, E|X-X'|/2 = (2*(1+3+2)/9)/2
        assert!(near(crps(&[3.0, 0.0, 1.0], 2.0), 4.0 / 3.0 - 6.0 / 9.0));
        assert!(near(crps(&[5.0], 5.0), 0.0));
        assert!(near(crps_log(&[0.0], 1.0), std::f64::consts::LN_2));
        // two of four draws and one more of four plus two bins: 3/6
        assert!(near(ignorance(&[0.0, 0.0, 9.0, 9.0], 0.0, &[0.5]), 1.0));
        assert!(near(quantile(&[0.0, 10.0], 0.25), 2.5));
        assert!(covers(&[0.0, 1.0, 2.0, 3.0, 4.0], 1.0, 0.5));
        assert!(!covers(&[0.0, 1.0, 2.0, 3.0, 4.0], 0.0, 0.5));
        assert!(near(crps_date(&[0.5, 0.25, 0.25], Some(2)), 0.25 + 0.0625));
        assert!(near(crps_date(&[0.0, 0.0, 1.0], None), 0.0));
    }

    #[test]
    fn chances_said_stand_beside_what_came() {
        let said = [(0.05, false), (0.05, true), (0.95, true), (0.95, true)]
            .map(|(chance, met)| Said { chance, met });
        assert!(near(brier(&said), (0.0025 * 3.0 + 0.9025) / 4.0));
        let table = reliability(&said);
        assert_eq!((table[0].count, table[9].count), (2, 2));
        assert!(near(table[0].met, 0.5) && near(table[9].met, 1.0));
        assert!(near(
            calibration_gap(&said),
            (2.0 * 0.45 + 2.0 * 0.05) / 4.0
        ));
    }

    #[test]
    fn the_map_never_falls_and_helps_only_where_it_helps() {
        let too_sure: Vec<Said> = (0..40)
            .map(|i| Said {
                chance: f64::from(i % 2),
                met: i % 4 == u8::from(i % 2 == 1).into(),
            })
            .collect();
        let map = Isotonic::fit(&too_sure);
        assert!(near(map.apply(0.0), 0.5) && near(map.apply(1.0), 0.5));
        let folds: Vec<Vec<Said>> = too_sure.chunks(4).map(<[Said]>::to_vec).collect();
        assert!(Isotonic::where_it_helps(&folds).is_some());
        let sure: Vec<Vec<Said>> = (0..4)
            .map(|_| {
                vec![
                    Said {
                        chance: 1.0,
                        met: true,
                    },
                    Said {
                        chance: 0.0,
                        met: false,
                    },
                ]
            })
            .collect();
        assert!(Isotonic::where_it_helps(&sure).is_none());
        assert!(near(Isotonic::fit(&[]).apply(0.3), 0.3));
    }

    proptest::proptest! {
        #[test]
        fn a_map_is_monotone(rows in proptest::collection::vec((0.0..1.0f64, proptest::bool::ANY), 0..60)) {
            let said: Vec<Said> = rows.into_iter().map(|(chance, met)| Said { chance, met }).collect();
            let map = Isotonic::fit(&said);
            let mapped: Vec<f64> = (0..=20).map(|i| map.apply(f64::from(i) / 20.0)).collect();
            proptest::prop_assert!(mapped.windows(2).all(|w| w[0] <= w[1] + 1e-12));
        }

        #[test]
        fn crps_is_the_sum_over_pairs(xs in proptest::collection::vec(0.0..50.0f64, 1..20), y in 0.0..50.0f64) {
            let n = xs.len() as f64;
            let off = xs.iter().map(|x| (x - y).abs()).sum::<f64>() / n;
            let pairs: f64 = xs.iter().flat_map(|a| xs.iter().map(move |b| (a - b).abs())).sum();
            proptest::prop_assert!((crps(&xs, y) - (off - pairs / (2.0 * n * n))).abs() < 1e-9);
        }
    }
}

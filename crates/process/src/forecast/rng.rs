//! The seeded generator: PCG (O'Neill 2014), whose stream is fixed by its definition.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// Random numbers of one forecast.
#[derive(Clone, Debug)]
pub(crate) struct Random(Pcg64);

impl Random {
    /// One stream a seed, name and step, so that two series do not share their luck.
    pub(crate) fn new(seed: u64, name: &str, step: i32) -> Self {
        // FNV-1a over the name: fixed by its definition too.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes().chain(step.to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(Pcg64::new(u128::from(seed), u128::from(hash)))
    }

    /// Uniform in `0..1`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in `0..n`; 0 for `n = 0`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// `n` uniforms, one in each `n`-th of `0..1`, in random order: a Latin hypercube when used
    /// once a step (McKay, Beckman and Conover 1979). Shares of a sample so come out as meant.
    pub(crate) fn strata(&mut self, n: usize, out: &mut Vec<f64>) {
        out.clear();
        for i in 0..n {
            let u = (i as f64 + self.unit()) / n as f64;
            out.push(u);
        }
        for i in (1..n).rev() {
            let j = self.below(i + 1);
            out.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_fixed() {
        let mut random = Random::new(7, "a", 3);
        let first: Vec<u64> = (0..3).map(|_| random.0.next_u64()).collect();
        let mut again = Random::new(7, "a", 3);
        assert_eq!(
            first,
            (0..3).map(|_| again.0.next_u64()).collect::<Vec<_>>()
        );
        assert_ne!(first[0], Random::new(7, "b", 3).0.next_u64());
        assert_ne!(first[0], Random::new(8, "a", 3).0.next_u64());
    }

    #[test]
    fn strata_fill_every_share_once() {
        let mut out = Vec::new();
        Random::new(1, "", 0).strata(100, &mut out);
        let mut seen: Vec<usize> = out.iter().map(|u| (u * 100.0) as usize).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
    }
}

//! One seeded generator for every draw: the same seed gives the same bytes on every machine.

/// xoshiro256++ (Blackman and Vigna 2019), seeded by splitmix64.
#[derive(Clone, Debug)]
pub(crate) struct Rng([u64; 4]);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }))
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Uniform in `0..1`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in `0..n`; 0 for `n = 0`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// Standard normal (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Gamma of shape `a > 0` and scale 1 (Marsaglia and Tsang 2000).
    pub(crate) fn gamma(&mut self, a: f64) -> f64 {
        if a < 1.0 {
            let boost = (1.0 - self.unit()).powf(1.0 / a.max(1e-6));
            return self.gamma(a + 1.0) * boost;
        }
        let d = a - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            let u = 1.0 - self.unit();
            if v > 0.0 && u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Beta of `a`, `b > 0`.
    pub(crate) fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        if x + y > 0.0 { x / (x + y) } else { 0.5 }
    }

    /// Beta-PERT: a three-point estimate with weight 4 on the likeliest value (Malcolm et al. 1959).
    pub(crate) fn pert(&mut self, low: f64, likely: f64, high: f64) -> f64 {
        if high <= low {
            return low;
        }
        let width = high - low;
        let likely = likely.clamp(low, high);
        let a = 1.0 + 4.0 * (likely - low) / width;
        let b = 1.0 + 4.0 * (high - likely) / width;
        low + width * self.beta(a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_draws() {
        let draws = |seed| {
            let mut rng = Rng::new(seed);
            (0..4).map(|_| rng.unit()).collect::<Vec<_>>()
        };
        assert_eq!(draws(7), draws(7));
        assert_ne!(draws(7), draws(8));
    }

    #[test]
    fn a_three_point_estimate_has_its_mean() {
        let mut rng = Rng::new(1);
        let mean = (0..20_000).map(|_| rng.pert(3.0, 6.0, 18.0)).sum::<f64>() / 20_000.0;
        assert!(
            (mean - (3.0 + 4.0 * 6.0 + 18.0) / 6.0).abs() < 0.1,
            "{mean}"
        );
        assert_eq!(rng.pert(2.0, 2.0, 2.0), 2.0);
    }
}

//! Draws from the distributions that a walk of the phases needs, over the generator of
//! [`forecast`](crate::forecast).

use crate::forecast::math::{exp, ln};
use crate::forecast::rng::Random;

/// Random numbers of one projection.
#[derive(Clone, Debug)]
pub(crate) struct Rng(Random);

impl Rng {
    /// One stream a seed and purpose.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        Self(Random::new(seed, purpose, 0))
    }

    /// Uniform in `0..1`.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0.unit()
    }

    /// Uniform in `0..n`; 0 for `n = 0`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0.below(n)
    }

    /// Standard normal (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * ln(1.0 - self.unit())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// Gamma of shape `a > 0` and scale 1 (Marsaglia and Tsang 2000).
    pub(crate) fn gamma(&mut self, a: f64) -> f64 {
        if a < 1.0 {
            let boost = exp(ln(1.0 - self.unit()) / a.max(1e-6));
            return self.gamma(a + 1.0) * boost;
        }
        let d = a - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
            let u = 1.0 - self.unit();
            if v > 0.0 && ln(u) < 0.5 * x * x + d - d * v + d * ln(v) {
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
            let mut rng = Rng::new(seed, "test");
            (0..4).map(|_| rng.unit()).collect::<Vec<_>>()
        };
        assert_eq!(draws(7), draws(7));
        assert_ne!(draws(7), draws(8));
    }

    #[test]
    fn a_three_point_estimate_has_its_mean() {
        let mut rng = Rng::new(1, "test");
        let mean = (0..20_000).map(|_| rng.pert(3.0, 6.0, 18.0)).sum::<f64>() / 20_000.0;
        assert!(
            (mean - (3.0 + 4.0 * 6.0 + 18.0) / 6.0).abs() < 0.1,
            "{mean}"
        );
        assert_eq!(rng.pert(2.0, 2.0, 2.0), 2.0);
    }
}

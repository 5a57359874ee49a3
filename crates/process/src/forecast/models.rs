//! The single path models. Each appends whole paths; each step of a model is sampled in strata, so
//! that few draws already show its shares.

use super::math::{decay, exp, expm1, ln, pick, shares};
use super::past::{NINE, Past};
use super::pool::{Donor, Trained};
use super::rng::Random;

/// Steps that are recalled.
const MEMORY: usize = 60;
/// Half-life of the weights of plain conflictology.
const PLAIN: f64 = 4.0;
/// Half-life of the weights of the conflictology that stays, and its chance to go on.
const STICKY: (f64, f64) = (6.0, 0.7);
/// Residuals of the level model: steps, half-life.
const RESIDUALS: (usize, f64) = (48, 12.0);
/// Own past windows: steps, half-life.
const OWN: (usize, f64) = (180, 36.0);
/// A copied future is moved in log level by so much at most.
const MOVED: f64 = 1.0;
/// An empty step of a copied future stays empty when it would be moved by less.
const STAYS_EMPTY: f64 = 0.3;
/// Log spread of a step of a series of which little is known.
const BLIND: f64 = 0.45;
/// No path leaves this.
const CEILING: f64 = 1e9;

/// Samples paths of one series.
#[derive(Debug)]
pub(crate) struct Sampler<'a> {
    pub(crate) past: &'a Past,
    pub(crate) trained: &'a Trained<'a>,
    pub(crate) horizon: usize,
    pub(crate) random: Random,
    expected: Vec<f64>,
    donors: Option<Donors>,
    u: Vec<f64>,
    v: Vec<f64>,
}

#[derive(Clone, Debug)]
struct Donors {
    found: Vec<Donor>,
    shares: Vec<f64>,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(past: &'a Past, trained: &'a Trained<'a>, random: Random) -> Self {
        let mut expected = Vec::new();
        if let Some(now) = past.at.last() {
            trained.expected(&now.x, &mut expected);
        }
        Self {
            past,
            trained,
            horizon: trained.horizon(),
            random,
            expected,
            donors: None,
            u: Vec::new(),
            v: Vec::new(),
        }
    }

    /// A count near `x`: up or down by chance, so that the mean stays.
    pub(crate) fn round(&mut self, x: f64) -> f64 {
        let x = x.clamp(0.0, CEILING);
        if self.past.whole {
            (x + self.random.unit()).floor()
        } else {
            x
        }
    }

    /// Steps since the last known value.
    pub(crate) fn behind(&self) -> usize {
        self.past
            .count
            .iter()
            .rev()
            .take_while(|v| v.is_nan())
            .count()
    }

    /// Ages of the known steps among the last ones, with their shares.
    fn recalled(&self, half_life: f64) -> (Vec<usize>, Vec<f64>) {
        let len = self.past.len();
        let behind = self.behind();
        let ages: Vec<usize> = (behind..len.min(behind + MEMORY))
            .filter(|age| !self.past.count[len - 1 - age].is_nan())
            .collect();
        let shares = shares(
            ages.iter()
                .map(|age| decay((age - behind) as f64, half_life)),
        );
        (ages, shares)
    }

    fn ago(&self, age: usize) -> f64 {
        self.past.count[self.past.len() - 1 - age]
    }

    /// Room for `n` more paths; the place of the first value.
    fn room(&self, n: usize, out: &mut Vec<f64>) -> usize {
        let from = out.len();
        out.resize(from + n * self.horizon, 0.0);
        from
    }

    /// Conflictology: each step is a past step, recent ones more often (reference model of the
    /// field: what was, will be).
    pub(crate) fn conflictology(&mut self, n: usize, out: &mut Vec<f64>) {
        let (ages, shares) = self.recalled(PLAIN);
        let from = self.room(n, out);
        for h in 0..self.horizon {
            self.random.strata(n, &mut self.u);
            for i in 0..n {
                out[from + i * self.horizon + h] = self.ago(ages[pick(&shares, self.u[i])]);
            }
        }
    }

    /// Conflictology in runs: with a fixed chance the step after the drawn one follows
    /// (a stationary bootstrap, Politis and Romano 1994, with weights).
    pub(crate) fn sticky(&mut self, n: usize, out: &mut Vec<f64>) {
        let (ages, shares) = self.recalled(STICKY.0);
        let stay = STICKY.1;
        let from = self.room(n, out);
        let mut at = vec![0usize; n];
        for h in 0..self.horizon {
            self.random.strata(n, &mut self.u);
            for i in 0..n {
                let u = self.u[i];
                let next = at[i].checked_sub(1).filter(|age| !self.ago(*age).is_nan());
                at[i] = match next {
                    Some(next) if h > 0 && u < stay => next,
                    _ if h == 0 => ages[pick(&shares, u)],
                    _ if u < stay => ages[pick(&shares, u / stay)],
                    _ => ages[pick(&shares, (u - stay) / (1.0 - stay))],
                };
                out[from + i * self.horizon + h] = self.ago(at[i]);
            }
        }
    }

    /// Futures of the nearest past situations of the pool, moved by the difference of what was
    /// expected then and is expected now.
    pub(crate) fn analog(&mut self, n: usize, out: &mut Vec<f64>) {
        let donors = self.donors.take().unwrap_or_else(|| {
            let found = self.trained.donors(self.past);
            let median = found
                .get(found.len() / 2)
                .map_or(1.0, |d| d.distance.max(1e-9));
            let shares = shares(found.iter().map(|d| exp(-2.0 * d.distance / median)));
            Donors { found, shares }
        });
        let from = self.room(n, out);
        let mut u = std::mem::take(&mut self.u);
        self.random.strata(n, &mut u);
        let mut theirs = Vec::new();
        for (i, u) in u.iter().enumerate() {
            let donor = donors.found[pick(&donors.shares, *u)];
            let trained = self.trained;
            let (past, t) = trained.donor(self.past, donor);
            trained.expected(&past.at[t].x, &mut theirs);
            let path = &mut out[from + i * self.horizon..from + (i + 1) * self.horizon];
            self.copy(past, t, &theirs, path);
        }
        self.u = u;
        self.donors = Some(donors);
    }

    fn copy(&mut self, past: &Past, t: usize, theirs: &[f64], path: &mut [f64]) {
        for (h, value) in path.iter_mut().enumerate() {
            let moved = (self.expected[h] - theirs[h]).clamp(-MOVED, MOVED);
            let log = past.log[t + 1 + h];
            *value = if log == 0.0 && moved < STAYS_EMPTY {
                0.0
            } else {
                self.round(expm1(log + moved))
            };
        }
    }

    /// Windows of the own past, moved likewise; `false` when there is none.
    pub(crate) fn own(&mut self, n: usize, out: &mut Vec<f64>) -> bool {
        let end = self.past.len().saturating_sub(self.horizon);
        let mut theirs = Vec::new();
        let (mut windows, mut weights) = (Vec::new(), Vec::new());
        for t in end.saturating_sub(OWN.0).max(12)..end {
            if self.past.future(t, self.horizon).is_none() {
                continue;
            }
            self.trained.expected(&self.past.at[t].x, &mut theirs);
            let squares = self
                .expected
                .iter()
                .zip(&theirs)
                .map(|(a, b)| (a - b) * (a - b));
            let apart = (squares.sum::<f64>() / self.horizon as f64).sqrt();
            let age = (self.past.len() - 1 - t) as f64;
            windows.push(t);
            weights.push(decay(age, OWN.1) * exp(-apart));
        }
        if windows.len() < 12 {
            return false;
        }
        let shares = shares(weights);
        let from = self.room(n, out);
        let mut u = std::mem::take(&mut self.u);
        self.random.strata(n, &mut u);
        let past = self.past;
        for (i, u) in u.iter().enumerate() {
            let t = windows[pick(&shares, *u)];
            self.trained.expected(&past.at[t].x, &mut theirs);
            let path = &mut out[from + i * self.horizon..from + (i + 1) * self.horizon];
            self.copy(past, t, &theirs, path);
        }
        self.u = u;
        true
    }

    /// Log residuals of one step around the level, with their shares.
    fn residuals(&self) -> (Vec<f64>, Vec<f64>) {
        let len = self.past.len();
        let found: Vec<(f64, f64)> = (0..RESIDUALS.0.min(len.saturating_sub(1)))
            .map(|age| {
                let t = len - 1 - age;
                (age as f64, self.past.log[t] - self.past.at[t - 1].level)
            })
            .filter(|(_, residual)| !residual.is_nan())
            .collect();
        if found.is_empty() {
            return (vec![-BLIND, 0.0, BLIND], vec![0.3, 0.7, 1.0]);
        }
        let shares = shares(found.iter().map(|(age, _)| decay(*age, RESIDUALS.1)));
        (found.into_iter().map(|(_, r)| r).collect(), shares)
    }

    /// Local level in logarithms: `step` of a residual moves the level, one more is the noise.
    /// With `trend`, the level also goes on by half its recent slope, damped (a scenario: a trend
    /// costs in the tail).
    pub(crate) fn level(&mut self, n: usize, step: f64, trend: bool, out: &mut Vec<f64>) {
        let (residuals, shares) = self.residuals();
        let now = &self.past.at[self.past.len() - 1];
        let mut slope = if trend {
            0.5 * (now.level - now.x[NINE]) / 4.0
        } else {
            0.0
        };
        let mut level = vec![now.level; n];
        let from = self.room(n, out);
        for _ in 0..self.behind() {
            self.random.strata(n, &mut self.u);
            for (x, u) in level.iter_mut().zip(&self.u) {
                *x += step * residuals[pick(&shares, *u)];
            }
        }
        for h in 0..self.horizon {
            slope *= 0.75;
            self.random.strata(n, &mut self.u);
            self.random.strata(n, &mut self.v);
            for i in 0..n {
                level[i] += slope + step * residuals[pick(&shares, self.u[i])];
                let noise = residuals[pick(&shares, self.v[i])];
                out[from + i * self.horizon + h] = self.round(expm1(level[i] + noise));
            }
        }
    }

    /// A wide walk from the last level, for a series of which little is known: each unknown step
    /// since the last known one has widened it already.
    pub(crate) fn blind(&mut self, n: usize, out: &mut Vec<f64>) {
        let level = self.past.at[self.past.len() - 1].x[NINE];
        let behind = self.behind();
        let from = self.room(n, out);
        for i in 0..n {
            let mut x = level;
            for _ in 0..behind {
                x += BLIND * self.normal();
            }
            for h in 0..self.horizon {
                x += BLIND * self.normal();
                out[from + i * self.horizon + h] = self.round(expm1(x));
            }
        }
    }

    /// Negative binomial around the running mean, dispersion by moments of the last steps: a
    /// scenario without memory.
    pub(crate) fn negbin(&mut self, n: usize, out: &mut Vec<f64>) {
        let (ages, weights) = self.recalled(9.0);
        let mut before = 0.0;
        let (mut mean, mut square) = (0.0, 0.0);
        for (age, upto) in ages.iter().zip(&weights) {
            let value = self.ago(*age);
            mean += (upto - before) * value;
            square += (upto - before) * value * value;
            before = *upto;
        }
        let excess = square - mean * mean - mean;
        let from = self.room(n, out);
        for value in &mut out[from..] {
            let rate = if mean > 0.0 && excess > 0.0 {
                let size = mean * mean / excess;
                self.gamma(size) * mean / size
            } else {
                mean
            };
            *value = self.poisson(rate);
        }
    }

    /// Standard normal (Box and Muller 1958).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * ln(1.0 - self.random.unit())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.random.unit())
    }

    /// Gamma with scale 1 (Marsaglia and Tsang 2000).
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = exp(ln(1.0 - self.random.unit()) / shape.max(1e-6));
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            let v = v * v * v;
            if v > 0.0 && ln(1.0 - self.random.unit()) < 0.5 * x * x + d - d * v + d * ln(v) {
                return d * v;
            }
        }
    }

    /// Poisson by inversion; above 30 the normal beside it, which errs by less than a count.
    fn poisson(&mut self, rate: f64) -> f64 {
        if rate > 30.0 {
            let value = (rate + rate.sqrt() * self.normal() + 0.5).floor();
            return value.clamp(0.0, CEILING);
        }
        let (mut k, mut mass, mut left) = (0.0, exp(-rate), self.random.unit());
        while left > mass && k < 200.0 {
            left -= mass;
            k += 1.0;
            mass *= rate / k;
        }
        k
    }
}

//! A pool of series, what it teaches at an origin, and past situations like the present one.
//!
//! The analog of the literature compares features by weights set by hand. Here the features are
//! first read through a pooled regression of what came after them, and situations are near when the
//! regression expects the same of them: predictive mean matching (Little 1988), with whole futures
//! as donors.

use super::past::{EMPTY, FEATURES, LAST, LONG, Past, VOLATILE};
use super::series::Series;

/// Steps a situation must have behind it.
const WARM: usize = 24;
/// Fewer past situations than this teach no regression and lend no futures.
const ENOUGH: usize = 120;
/// Ridge added to the squares of each feature but the constant.
const RIDGE: f64 = 5.0;
/// Donors kept for one situation.
pub(crate) const DONORS: usize = 300;
/// Weights of the differences in expected log level: two steps, up to six, and after.
const NEAR_FAR: [f64; 3] = [1.5, 1.0, 0.5];
/// Weight of the difference in volatility, empty steps, last value and long mean.
const TRAITS: [f64; 4] = [1.5, 2.0, 0.1, 0.1];
/// A series' own past counts as nearer by this factor, and again by it at the same time of year.
const OWN: f64 = 0.3;
/// Squared distance added for each step of age.
const AGE: f64 = 0.0005;

/// Series that teach each other: their situations are worked out once and serve every origin.
#[derive(Clone, Debug)]
pub struct Pool {
    pasts: Vec<Past>,
}

/// What the pool teaches up to one origin, for one horizon.
#[derive(Clone, Debug)]
pub struct Trained<'p> {
    pool: &'p Pool,
    origin: i32,
    horizon: usize,
    /// Horizon x features; empty when there was too little to learn from.
    slopes: Vec<[f64; FEATURES]>,
    candidates: Vec<Candidate>,
}

#[derive(Clone, Debug)]
struct Candidate {
    /// Place in the pool.
    past: u32,
    t: u32,
    step: i32,
    key: [f64; 7],
}

/// A past situation and how far it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Donor {
    pub(crate) distance: f64,
    /// Place in the pool; `None` is the target itself.
    past: Option<u32>,
    t: u32,
}

impl Pool {
    /// Works out the situations of every series. Series of another step than the first are left
    /// out: a week teaches nothing about months.
    pub fn new(series: &[Series]) -> Self {
        let step = series.first().map(|s| s.step);
        let pasts = series
            .iter()
            .filter(|s| Some(s.step) == step)
            .map(Past::new)
            .collect();
        Self { pasts }
    }

    /// Learns from every step up to `origin` and from none after it.
    pub fn at(&self, origin: i32, horizon: usize) -> Trained<'_> {
        let mut rows: Vec<(u32, u32)> = Vec::new();
        for (p, past) in self.pasts.iter().enumerate() {
            let known = past.steps_until(origin);
            for t in WARM..known.saturating_sub(horizon) {
                if past.at[t].active && past.future(t, horizon).is_some() {
                    rows.push((p as u32, t as u32));
                }
            }
        }
        let mut trained = Trained {
            pool: self,
            origin,
            horizon,
            slopes: Vec::new(),
            candidates: Vec::new(),
        };
        if rows.len() >= ENOUGH && horizon > 0 {
            trained.slopes = slopes(&self.pasts, &rows, horizon);
            trained.candidates = rows
                .iter()
                .map(|&(p, t)| {
                    let past = &self.pasts[p as usize];
                    Candidate {
                        past: p,
                        t,
                        step: past.step(t as usize),
                        key: trained.key(&past.at[t as usize].x),
                    }
                })
                .collect();
        }
        trained
    }
}

impl Trained<'_> {
    /// Last step that was read.
    pub fn origin(&self) -> i32 {
        self.origin
    }

    pub(crate) fn horizon(&self) -> usize {
        self.horizon
    }

    /// Whether there is enough past to lend futures.
    pub(crate) fn lends(&self) -> bool {
        !self.candidates.is_empty()
    }

    /// Expected log value of each step ahead; the recent mean where nothing was learnt.
    pub(crate) fn expected(&self, x: &[f64; FEATURES], out: &mut Vec<f64>) {
        out.clear();
        if self.slopes.is_empty() {
            out.resize(self.horizon, x[super::past::NINE]);
        } else {
            out.extend(self.slopes.iter().map(|slope| dot(slope, x)));
        }
    }

    /// What is compared: expected level near, middle and far, and four traits as they are.
    fn key(&self, x: &[f64; FEATURES]) -> [f64; 7] {
        let (mut sums, mut counts) = ([0.0; 3], [0.0; 3]);
        for (h, slope) in self.slopes.iter().enumerate() {
            let part = usize::from(h >= 2) + usize::from(h >= 6);
            sums[part] += dot(slope, x);
            counts[part] += 1.0;
        }
        let mean = |part: usize| {
            if counts[part] > 0.0 {
                sums[part] / counts[part]
            } else {
                0.0
            }
        };
        let traits = [x[VOLATILE], x[EMPTY], x[LAST], x[LONG]];
        [
            mean(0),
            mean(1),
            mean(2),
            traits[0],
            traits[1],
            traits[2],
            traits[3],
        ]
    }

    /// The nearest past situations, nearest first.
    pub(crate) fn donors(&self, target: &Past) -> Vec<Donor> {
        if !self.lends() || target.len() == 0 {
            return Vec::new();
        }
        let key = self.key(&target.at[target.len() - 1].x);
        let itself: Vec<bool> = self
            .pool
            .pasts
            .iter()
            .map(|p| target.is_start_of(p))
            .collect();
        let mut found: Vec<Donor> = self
            .candidates
            .iter()
            .filter(|c| !itself[c.past as usize])
            .map(|c| Donor {
                distance: apart(&key, &c.key) + self.aged(c.step),
                past: Some(c.past),
                t: c.t,
            })
            .collect();
        for t in WARM..target.steps_until(self.origin).saturating_sub(self.horizon) {
            if target.at[t].active && target.future(t, self.horizon).is_some() {
                let age = (self.origin - target.step(t)) / target.stride;
                let near = if age % 12 == 0 { OWN * OWN } else { OWN };
                found.push(Donor {
                    distance: apart(&key, &self.key(&target.at[t].x)) * near
                        + self.aged(target.step(t)),
                    past: None,
                    t: t as u32,
                });
            }
        }
        let order = |a: &Donor, b: &Donor| {
            (a.distance.total_cmp(&b.distance)).then_with(|| (a.past, a.t).cmp(&(b.past, b.t)))
        };
        if found.len() > DONORS {
            found.select_nth_unstable_by(DONORS, order);
            found.truncate(DONORS);
        }
        found.sort_unstable_by(order);
        for donor in &mut found {
            donor.distance = donor.distance.sqrt();
        }
        found
    }

    fn aged(&self, step: i32) -> f64 {
        AGE * f64::from(self.origin - step)
    }

    /// The series a donor is of, and the step of its situation.
    pub(crate) fn donor<'a>(&'a self, target: &'a Past, donor: Donor) -> (&'a Past, usize) {
        let past = donor.past.map_or(target, |p| &self.pool.pasts[p as usize]);
        (past, donor.t as usize)
    }
}

fn apart(a: &[f64; 7], b: &[f64; 7]) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        sum += NEAR_FAR[i] * (a[i] - b[i]) * (a[i] - b[i]);
    }
    for i in 0..4 {
        sum += TRAITS[i] * (a[3 + i] - b[3 + i]) * (a[3 + i] - b[3 + i]);
    }
    sum
}

fn dot(a: &[f64; FEATURES], b: &[f64; FEATURES]) -> f64 {
    let mut sum = 0.0;
    for i in 0..FEATURES {
        sum += a[i] * b[i];
    }
    sum
}

/// Ridge regression of the log value of each step ahead on the features, all series together.
fn slopes(pasts: &[Past], rows: &[(u32, u32)], horizon: usize) -> Vec<[f64; FEATURES]> {
    let mut squares = vec![[0.0; FEATURES]; FEATURES];
    let mut products = vec![vec![0.0; horizon]; FEATURES];
    for &(p, t) in rows {
        let (past, t) = (&pasts[p as usize], t as usize);
        let x = &past.at[t].x;
        let future = &past.log[t + 1..=t + horizon];
        for i in 0..FEATURES {
            for j in 0..FEATURES {
                squares[i][j] += x[i] * x[j];
            }
            for (sum, y) in products[i].iter_mut().zip(future) {
                *sum += x[i] * y;
            }
        }
    }
    for (i, row) in squares.iter_mut().enumerate().skip(1) {
        row[i] += RIDGE;
    }
    solve(&mut squares, &mut products);
    (0..horizon)
        .map(|h| std::array::from_fn(|i| products[i][h]))
        .collect()
}

/// Gauss and Jordan with the largest pivot; a column without one gets no weight.
fn solve(squares: &mut [[f64; FEATURES]], products: &mut [Vec<f64>]) {
    for i in 0..FEATURES {
        let pivot = (i..FEATURES)
            .max_by(|a, b| squares[*a][i].abs().total_cmp(&squares[*b][i].abs()))
            .unwrap_or(i);
        squares.swap(i, pivot);
        products.swap(i, pivot);
        if squares[i][i].abs() < 1e-9 {
            squares[i] = [0.0; FEATURES];
            squares[i][i] = 1.0;
            products[i].fill(0.0);
        }
        let (row, right) = (squares[i], products[i].clone());
        for j in (0..FEATURES).filter(|j| *j != i) {
            let factor = squares[j][i] / row[i];
            if factor != 0.0 {
                for k in i..FEATURES {
                    squares[j][k] -= factor * row[k];
                }
                for (value, r) in products[j].iter_mut().zip(&right) {
                    *value -= factor * r;
                }
            }
        }
    }
    for i in 0..FEATURES {
        for value in &mut products[i] {
            *value /= squares[i][i];
        }
    }
}

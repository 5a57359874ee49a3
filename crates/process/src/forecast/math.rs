//! Logarithms and exponentials with the same bits on every machine: `libm` is plain Rust built
//! from the four operations, where the standard library calls the platform (both err by less than
//! one unit in the last place).

/// `ln(1 + x)`.
pub(crate) fn ln1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// `exp(x) - 1`.
pub(crate) fn expm1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Natural logarithm.
pub(crate) fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Exponential.
pub(crate) fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Weight of a step `age` steps old when weights halve every `half_life` steps.
pub(crate) fn decay(age: f64, half_life: f64) -> f64 {
    libm::exp2(-age / half_life)
}

/// Running sums of weights, ending at 1; empty when no weight is above zero.
pub(crate) fn shares(weights: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    let mut out: Vec<f64> = weights
        .into_iter()
        .map(|weight| {
            sum += weight;
            sum
        })
        .collect();
    if sum <= 0.0 {
        return Vec::new();
    }
    for share in &mut out {
        *share /= sum;
    }
    out
}

/// Which weight the quantile `u` falls on.
pub(crate) fn pick(shares: &[f64], u: f64) -> usize {
    shares
        .partition_point(|share| *share <= u)
        .min(shares.len().saturating_sub(1))
}

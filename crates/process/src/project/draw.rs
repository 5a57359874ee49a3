//! Paths of the measured conditions: together where their histories are, else each alone.

use super::{Source, WhatIf};
use crate::forecast::{Options, Paths, Series, sample_paths, sample_paths_joint};
use crate::light::number;
use crate::world::World;

/// Months that series must both know to be drawn together: in a draw they then use the same past
/// months. Fewer do not say how the months of a path hang together.
const COMMON: usize = 24;

/// Paths of all measured conditions, in their order.
pub(super) fn paths(
    world: &World<'_>,
    sources: &[Source<'_>],
    what_if: Option<&WhatIf>,
    told: &mut Vec<String>,
) -> Vec<Paths> {
    let settings = &world.process.settings;
    let opts = Options {
        horizon: settings.horizon,
        draws: settings.draws,
        seed: settings.seed,
        model: settings.model.parse().unwrap_or_default(),
    };
    let series = aligned(sources);
    let what = what_if.and_then(|w| Some((w, index(world, sources, &w.condition)?)));
    // Months that only one of them has part the series: a comparison draws each alone, twice.
    let group = if what.is_some() {
        Vec::new()
    } else {
        group(&series)
    };
    let mut out: Vec<Option<Paths>> = vec![None; series.len()];
    if group.len() > 1 {
        let members: Vec<Series> = group.iter().map(|at| series[*at].clone()).collect();
        let drawn = sample_paths_joint(&members, &series, &opts);
        for (at, paths) in group.iter().zip(drawn) {
            out[*at] = Some(paths);
        }
        told.push(format!(
            "{} indicators are drawn together, from the same past months.",
            group.len()
        ));
    }
    let alone = out.iter().filter(|p| p.is_none()).count();
    if alone > 1 {
        told.push(format!(
            "{alone} indicators are drawn each alone: they share too few known months."
        ));
    }
    let mut out: Vec<Paths> = out
        .into_iter()
        .zip(&series)
        .map(|(drawn, own)| drawn.unwrap_or_else(|| sample_paths(own, &series, &opts)))
        .collect();
    if let Some((what, at)) = what.filter(|(w, _)| w.months > 0) {
        change(&mut out[at], &series, at, what, &opts, told);
    }
    out
}

/// Sets the first months of a series and draws the rest as if they had been.
fn change(
    paths: &mut Paths,
    series: &[Series],
    at: usize,
    what: &WhatIf,
    opts: &Options,
    told: &mut Vec<String>,
) {
    let known = series[at].values.iter().flatten().copied();
    let value = what.value.unwrap_or_else(|| known.fold(0.0, f64::max));
    let months = what.months.min(opts.horizon);
    told.push(format!(
        "What if: {} has {months} more months of {} from here on.",
        what.condition,
        number(value)
    ));
    let mut longer = series[at].clone();
    longer
        .values
        .extend(std::iter::repeat_n(Some(value), months));
    let rest = Options {
        horizon: opts.horizon - months,
        ..opts.clone()
    };
    let after = sample_paths(&longer, series, &rest);
    for (path, after) in paths.draws.iter_mut().zip(&after.draws) {
        path.fill(value);
        path[months..].copy_from_slice(after);
    }
}

/// The most series that know enough months in common: of all, the one that knows least is left out
/// until they do.
fn group(series: &[Series]) -> Vec<usize> {
    let mut all: Vec<usize> = (0..series.len()).collect();
    let known = |at: usize| series[at].values.iter().flatten().count();
    while all.len() > 1 {
        let length = all
            .iter()
            .map(|at| series[*at].values.len())
            .min()
            .unwrap_or(0);
        let common = (0..length)
            .filter(|step| all.iter().all(|at| series[*at].values[*step].is_some()))
            .count();
        if common >= COMMON {
            return all;
        }
        let least = (0..all.len()).min_by_key(|i| known(all[*i])).unwrap_or(0);
        all.remove(least);
    }
    Vec::new()
}

/// The series of the measured conditions, all from the same first month.
fn aligned(sources: &[Source<'_>]) -> Vec<Series> {
    let all: Vec<Series> = sources
        .iter()
        .filter_map(|source| match source {
            Source::Paths(_, observed, _) => Some(observed.series()),
            _ => None,
        })
        .collect();
    let start = all.iter().map(|s| s.start).min().unwrap_or(0);
    all.into_iter()
        .map(|mut series| {
            let missing = usize::try_from(series.start - start).unwrap_or(0);
            let unknown = std::iter::repeat_n(None, missing);
            series.values.splice(0..0, unknown);
            series.start = start;
            series
        })
        .collect()
}

/// Number of the paths of a condition.
fn index(world: &World<'_>, sources: &[Source<'_>], id: &str) -> Option<usize> {
    let at = world.process.conditions.iter().position(|c| c.id == id)?;
    match sources.get(at)? {
        Source::Paths(.., at) => Some(*at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::Step;

    #[test]
    fn series_with_too_little_in_common_are_drawn_alone() {
        let of = |known: usize| Series {
            unit: "n".into(),
            step: Step::Month,
            start: 0,
            values: (0..40).map(|m| (m >= 40 - known).then_some(1.0)).collect(),
        };
        assert_eq!(group(&[of(40), of(4), of(30)]), [0, 2]);
        assert!(group(&[of(40), of(4)]).is_empty());
        assert!(group(&[of(40)]).is_empty());
    }
}

//! What every forecast keeps to.

use proptest::prelude::*;

use super::*;

fn series(unit: &str, values: impl IntoIterator<Item = Option<f64>>) -> Series {
    Series {
        unit: unit.into(),
        step: Step::Month,
        start: 2010 * 12,
        values: values.into_iter().collect(),
    }
}

/// A made-up war: quiet and loud years by turns.
fn war(unit: &str, months: usize, beat: usize) -> Series {
    let value = |m: usize| {
        let loud = (m / beat) % 2 == 1;
        ((m * 7 + beat) % 5 + if loud { 20 + (m * 13) % 17 } else { 0 }) as f64
    };
    series(unit, (0..months).map(|m| Some(value(m))))
}

fn options(draws: usize, model: Model) -> Options {
    Options {
        draws,
        model,
        ..Options::default()
    }
}

fn spread(paths: &Paths, h: usize) -> f64 {
    let mut column: Vec<f64> = paths.draws.iter().map(|d| d[h]).collect();
    column.sort_unstable_by(f64::total_cmp);
    score::quantile(&column, 0.95) - score::quantile(&column, 0.05)
}

#[test]
fn the_same_seed_gives_the_same_paths_and_another_does_not() {
    let pool: Vec<Series> = (3..8).map(|b| war(&format!("w{b}"), 120, b * 3)).collect();
    for model in Model::ALL {
        let one = sample_paths(&pool[0], &pool, &options(60, model));
        assert_eq!(one, sample_paths(&pool[0], &pool, &options(60, model)));
        let other = Options {
            seed: 8,
            ..options(60, model)
        };
        assert_ne!(
            one.draws,
            sample_paths(&pool[0], &pool, &other).draws,
            "{model}"
        );
        assert_eq!((one.draws.len(), one.draws[0].len()), (60, 12));
        assert_eq!(one.trained_to, 2010 * 12 + 119);
        assert!(
            one.draws
                .iter()
                .flatten()
                .all(|v| *v >= 0.0 && v.fract() == 0.0)
        );
    }
}

/// The bytes are fixed: whoever changes them changes every stored projection.
#[test]
fn the_bytes_are_those_of_every_machine() {
    let pool: Vec<Series> = (3..8).map(|b| war(&format!("w{b}"), 120, b * 3)).collect();
    let paths = sample_paths(&pool[1], &pool, &options(40, Model::Mixture));
    let hash = paths
        .draws
        .iter()
        .flatten()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, v| {
            (h ^ v.to_bits()).wrapping_mul(0x0000_0100_0000_01b3)
        });
    assert_eq!(format!("{hash:016x}"), FIXED);
}

const FIXED: &str = "8a48e4c07d71b8a5";

#[test]
fn unknown_months_widen_and_are_no_zeros() {
    let steady = |unknown: usize| {
        let values =
            (0..48).map(move |m| (m < 48 - unknown).then_some(20.0 + f64::from(m as u8 % 3)));
        series("steady", values)
    };
    let wide = |s: &Series| {
        let paths = sample_paths(s, &[], &options(400, Model::Mixture));
        let mut last: Vec<f64> = paths.draws.iter().map(|d| d[11]).collect();
        last.sort_unstable_by(f64::total_cmp);
        let median = score::quantile(&last, 0.5);
        assert!((15.0..30.0).contains(&median), "{median}");
        spread(&paths, 11)
    };
    let (none, some, many) = (wide(&steady(0)), wide(&steady(6)), wide(&steady(18)));
    assert!(none < some && some < many, "{none} {some} {many}");
}

#[test]
fn a_series_without_a_known_value_has_no_paths() {
    let nothing = series("nothing", vec![None; 30]);
    assert!(
        sample_paths(&nothing, &[], &Options::default())
            .draws
            .is_empty()
    );
    let empty = series("empty", []);
    assert!(
        sample_paths(&empty, &[], &Options::default())
            .draws
            .is_empty()
    );
    let one = series("one", [Some(4.0)]);
    for model in Model::ALL {
        assert_eq!(sample_paths(&one, &[], &options(50, model)).draws.len(), 50);
    }
}

#[test]
fn series_of_one_process_move_together() {
    let a = war("a", 96, 9);
    let mut b = a.clone();
    b.unit = "b".into();
    let alone = sample_paths_joint(std::slice::from_ref(&a), &[], &options(300, Model::Mixture));
    assert_eq!(
        alone[0],
        sample_paths(&a, &[], &options(300, Model::Mixture))
    );
    let both = sample_paths_joint(&[a, b], &[], &options(300, Model::Mixture));
    let (mut same, mut pairs) = (0, 0);
    for (i, j) in (0..300).zip(1..300) {
        let (x, y) = (&both[0].draws, &both[1].draws);
        if x[i][5] != x[j][5] && y[i][5] != y[j][5] {
            pairs += 1;
            same += usize::from((x[i][5] < x[j][5]) == (y[i][5] < y[j][5]));
        }
    }
    assert!(same * 10 > pairs * 8, "{same} of {pairs}");
}

#[test]
fn months_of_a_path_hang_together() {
    let paths = sample_paths(
        &war("w", 120, 18),
        &[war("v", 120, 15)],
        &Options::default(),
    );
    let mean = |h: usize| paths.draws.iter().map(|d| d[h]).sum::<f64>() / 1000.0;
    let (m, n) = (mean(8), mean(9));
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for d in &paths.draws {
        let (x, y) = (d[8] - m, d[9] - n);
        (xy, xx, yy) = (xy + x * y, xx + x * x, yy + y * y);
    }
    assert!(xy / (xx * yy).sqrt() > 0.4, "{}", xy / (xx * yy).sqrt());
}

#[test]
fn weeks_walk_and_keep_their_level() {
    let weeks = Series {
        step: Step::Week,
        ..war("w", 100, 200)
    };
    let paths = sample_paths(
        &weeks,
        &[],
        &Options {
            horizon: 8,
            ..Options::default()
        },
    );
    assert_eq!(paths.trained_to, weeks.start + 7 * 99);
    let mean = paths.draws.iter().map(|d| d[7]).sum::<f64>() / 1000.0;
    assert!(mean < 60.0, "{mean}");
    assert!(spread(&paths, 7) > spread(&paths, 0));
}

#[test]
fn a_score_card_reads_only_the_past() {
    let pool: Vec<Series> = (3..8).map(|b| war(&format!("w{b}"), 120, b * 3)).collect();
    let test = Test {
        threshold: 8.0,
        sustain: 3,
    };
    let card = calibrate(
        &pool[0],
        &pool,
        &options(100, Model::Mixture),
        (3, 8),
        Some(test),
    );
    let card = card.expect("ten years hold eight origins");
    assert_eq!((card.origins.len(), card.steps), (8, 96));
    assert_eq!(card.origins.last(), Some(&(2010 * 12 + 107)));
    assert!(card.cov90 >= card.cov50);
    let condition = card.condition.expect("a test was asked for");
    assert_eq!(condition.table.iter().map(|t| t.count).sum::<usize>(), 8);
    assert_eq!(
        calibrate(
            &series("new", vec![Some(1.0); 20]),
            &[],
            &Options::default(),
            (3, 8),
            None
        ),
        None
    );
}

#[test]
fn a_condition_first_holds_when_its_mean_does() {
    assert_eq!(first_holding(&[9.0, 3.0, 3.0, 3.0], 3.0, 3), Some(4));
    assert_eq!(first_holding(&[3.0, 3.0, 3.0], 3.0, 3), Some(3));
    assert_eq!(first_holding(&[3.0, 3.0], 3.0, 3), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever comes after the origin, in any series, changes nothing.
    #[test]
    fn nothing_after_the_origin_is_read(
        later in proptest::collection::vec(proptest::option::of(0.0..500.0f64), 40),
        at in 40usize..90,
    ) {
        let pool: Vec<Series> = (3..6).map(|b| war(&format!("w{b}"), 120, b * 3)).collect();
        let mut changed = pool.clone();
        for s in &mut changed {
            for (value, new) in s.values[at..].iter_mut().zip(&later) {
                *value = new.map(f64::round);
            }
        }
        let target = pool[0].until(2010 * 12 + at as i32 - 1);
        let opts = options(50, Model::Mixture);
        prop_assert_eq!(sample_paths(&target, &pool, &opts), sample_paths(&target, &changed, &opts));
    }

    /// No series makes a model stop or leave the counts.
    #[test]
    fn any_series_has_paths(
        values in proptest::collection::vec(proptest::option::of(0.0..1e7f64), 0..80),
        horizon in 0usize..30,
        which in 0usize..7,
    ) {
        let target = series("any", values);
        let opts = Options { horizon, draws: 50, seed: 1, model: Model::ALL[which] };
        let paths = sample_paths(&target, std::slice::from_ref(&target), &opts);
        prop_assert!(paths.draws.iter().flatten().all(|v| v.is_finite() && *v >= 0.0));
        let weeks = Series { step: Step::Week, ..target };
        let paths = sample_paths(&weeks, &[], &opts);
        prop_assert!(paths.draws.iter().flatten().all(|v| v.is_finite() && *v >= 0.0));
    }
}

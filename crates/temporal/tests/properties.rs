//! Whatever the bytes: no panic, spans in order on character boundaries, the same answer twice.

use proptest::prelude::*;
use rapporteur_temporal::tag;

fn sound(text: &str) {
    for dct in [None, "2024-02-29".parse().ok()] {
        let found = tag(text, dct);
        let mut last = 0;
        for timex in &found {
            let (start, end) = (timex.span.start as usize, timex.span.end as usize);
            assert!(start >= last && end > start, "order in {text:?}");
            assert!(text.get(start..end).is_some(), "boundary in {text:?}");
            assert!(!timex.value.is_empty() && !timex.why.rule.is_empty());
            if let Some(interval) = timex.interval
                && let (Some(from), Some(to)) = (interval.from, interval.to)
            {
                assert!(
                    from <= to,
                    "interval of {:?} in {text:?}",
                    timex.span.of(text)
                );
            }
            last = end;
        }
        assert_eq!(found, tag(text, dct));
    }
}

/// Words and signs of which hostile texts are made.
const PIECES: &[&str] = &[
    "January",
    "May",
    "mid-",
    "the ",
    "last ",
    "next ",
    "year",
    "years",
    " of ",
    "12",
    "31",
    "2024",
    "1st",
    "-",
    "–",
    "/",
    ":",
    ".",
    ",",
    " ",
    "\n\n",
    "a.m.",
    "twenty",
    "hundred",
    "ago",
    "later",
    "first",
    "quarter",
    "century",
    "BC",
    "9999",
    "0000-00-00",
    "2024-02-30",
    "25:61",
    "99/99/99",
    "'",
    "’",
    "s",
    "Monday",
    "night",
    "since ",
    "by ",
    "fall",
    "خلال ",
    "شهرين",
    "كانون ",
    "الثاني",
    "١٢",
    "٢٠٢٤",
    "و",
    "لل",
    "é",
    "½",
    "\u{200f}",
    "two to five ",
    "half a ",
    "and a half ",
    "every ",
    "Ramadan ",
    "1445",
    "999999999999",
    "earlier",
    "decades",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text(text in any::<String>()) {
        sound(&text);
    }

    #[test]
    fn any_pieces(picks in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = picks.iter().map(|pick| PIECES[*pick]).collect();
        sound(&text);
    }

    #[test]
    fn any_spaced_pieces(picks in prop::collection::vec(0..PIECES.len(), 0..30)) {
        let text: Vec<&str> = picks.iter().map(|pick| PIECES[*pick]).collect();
        sound(&text.join(" "));
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    // Far above the cost of any sane build; quadratic time would take hours.
    let texts = [
        "1",
        "1.",
        "1-2-",
        "twenty ",
        "the very the last ",
        "May",
        "1:2:",
        "January 1 ",
        "a.",
        "وال",
    ];
    let start = std::time::Instant::now();
    for piece in texts {
        let text = piece.repeat(400_000 / piece.len());
        std::hint::black_box(tag(&text, "2024-02-15".parse().ok()));
    }
    assert!(start.elapsed().as_secs() < 60);
}

/// What the fuzzer found.
#[test]
fn huge_numbers_of_units_do_not_overflow() {
    for text in [
        "Within 00252025450252025 8 hours",
        "2147483 1/2 hours",
        "999999999.5 hours ago",
        "for 2000000000 centuries",
        "every 99999999 decades",
    ] {
        sound(text);
    }
}

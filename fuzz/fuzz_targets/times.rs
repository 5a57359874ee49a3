//! Any text to time expressions: in order, on boundaries, the same twice.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for dct in [None, "2024-02-29".parse().ok()] {
        let found = rapporteur_temporal::tag(text, dct);
        let mut last = 0;
        for timex in &found {
            let (start, end) = (timex.span.start as usize, timex.span.end as usize);
            assert!(start >= last && end > start && text.get(start..end).is_some());
            assert!(!timex.value.is_empty());
            if let Some(interval) = timex.interval
                && let (Some(from), Some(to)) = (interval.from, interval.to)
            {
                assert!(from <= to);
            }
            last = end;
        }
        assert_eq!(found, rapporteur_temporal::tag(text, dct));
    }
});

//! Any bytes as an archive: records or errors, and an end.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut seen = 0;
    for record in rapporteur_page::warc::Reader::new(bytes).with_limit(1 << 20) {
        seen += 1;
        assert!(seen <= bytes.len() + 2, "more records than bytes");
        if let Ok(record) = record {
            let _ = format!("{record:?}");
        }
    }
});

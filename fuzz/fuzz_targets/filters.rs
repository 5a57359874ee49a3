//! Any line to each filter of `pipe`: an answer or an error, the same twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rapporteur::probe;

fuzz_target!(|bytes: &[u8]| {
    let Some((which, line)) = bytes.split_first() else {
        return;
    };
    let name = probe::FILTERS[usize::from(*which) % probe::FILTERS.len()];
    let answer = probe::filter(name, line);
    assert_eq!(answer, probe::filter(name, line));
    // Most bytes are no JSON: as the text of a row they reach the stage itself.
    let text = String::from_utf8_lossy(line);
    let row = serde_json::json!({"id": 1, "text": text, "headline": text, "body": text, "date": "2024-02-29"});
    let _ = probe::filter(name, row.to_string().as_bytes());
});

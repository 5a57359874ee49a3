//! Any text as tables of a user's own actors, and as tables of series.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rapporteur::probe;

fuzz_target!(|text: &str| {
    let _ = probe::series(text);
    let _ = probe::dictionary(text);
});

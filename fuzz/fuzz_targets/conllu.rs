//! Any text as CoNLL-U.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for block in rapporteur_text::conllu::blocks(text) {
        assert!(block.words.len() <= text.len());
    }
});

//! Any bytes as a feed: entries or an error, each entry an article.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entries) = rapporteur_page::feed::read(bytes) {
        for entry in entries.iter().take(20) {
            let _ = rapporteur_page::extract_entry(entry, None, None);
        }
    }
});

//! Any text as the rules of a host, and any text as an address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rapporteur::probe;

fuzz_target!(|text: &str| {
    let (rules, path) = text.rsplit_once('\n').unwrap_or((text, "/"));
    assert_eq!(probe::robots(rules, path), probe::robots(rules, path));
    if let Ok(address) = probe::address(path) {
        assert_eq!(probe::address(&address).as_ref(), Ok(&address), "normalised once is normalised");
    }
});

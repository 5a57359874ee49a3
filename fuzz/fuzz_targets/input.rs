//! Any bytes as an input of `add`: pages or failures, never neither.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let names = ["a.jsonl", "b.json", "c.xml", "d.warc.gz", "e.html", "f.md", "g"];
    let Some((which, rest)) = bytes.split_first() else {
        return;
    };
    let name = names[usize::from(*which) % names.len()];
    let (pages, failures) = rapporteur::probe::input(name, rest);
    let (again, failed) = rapporteur::probe::input(name, rest);
    assert_eq!((pages, failures), (again, failed));
});

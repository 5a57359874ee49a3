//! Any text as a process file: read, or refused with faults at places inside it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = rapporteur_process::parse(text);
    assert_eq!(read, rapporteur_process::parse(text));
    if let Err(faults) = read {
        assert!(!faults.is_empty());
        let lines = text.matches('\n').count() + 1;
        assert!(faults.iter().all(|f| (1..=lines).contains(&f.line) && f.column >= 1));
    }
});

//! Any bytes as a form that a browser sends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rapporteur_desk::web::probe;

fuzz_target!(|bytes: &[u8]| {
    let kinds = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"];
    for kind in kinds {
        assert_eq!(probe(kind, bytes), probe(kind, bytes));
    }
});

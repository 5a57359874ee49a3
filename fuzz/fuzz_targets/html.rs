//! Any bytes as a page: an article whose places are real, the same twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rapporteur_page::{Input, extract};

fuzz_target!(|bytes: &[u8]| {
    let input = Input::Html { bytes, charset: None };
    // The address comes from outside as well: its path is the beginning of the page.
    let path = String::from_utf8_lossy(&bytes[..bytes.len().min(48)]).into_owned();
    let url = ["https://example.org/2024/02/15/", &path].concat();
    let read = || extract(input, Some(&url), None);
    let article = read();
    for paragraph in &article.paragraphs {
        let (start, end) = (paragraph.span.start as usize, paragraph.span.end as usize);
        assert!(article.text.get(start..end).is_some());
    }
    assert_eq!(article, read());
});

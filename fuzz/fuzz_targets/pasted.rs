//! Any text as a paste: an article whose places are real, the same twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rapporteur_page::{Input, extract};

fuzz_target!(|text: &str| {
    let input = Input::Text(text);
    let read = || extract(input, Some("https://example.org/2024/02/15/a-page.html"), None);
    let article = read();
    for paragraph in &article.paragraphs {
        let (start, end) = (paragraph.span.start as usize, paragraph.span.end as usize);
        assert!(article.text.get(start..end).is_some());
    }
    assert_eq!(article, read());
});

use rapporteur_text::Reader;

use super::Events;
use crate::{Coder, Coding, Input};

fn code(reader: &Reader, coder: &Coder, text: &str) -> Coding {
    let sentences = reader.read(text);
    let published = "2031-05-20".parse().ok();
    let times = rapporteur_temporal::tag(text, published);
    coder.code(&Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &times,
        published,
    })
}

#[test]
fn rule_files_load() {
    if let Err(error) = Events::read() {
        panic!("{error}");
    }
}

/// Every frame finds its `good` sentences and leaves its `bad` ones.
#[test]
fn frames_hold_their_examples() {
    let (reader, coder) = (Reader::embedded(), Coder::embedded());
    let mut wrong = Vec::new();
    for frame in &coder.events.frames.frames {
        let rule = format!("events/{}", frame.id);
        for (list, want) in [(&frame.good, true), (&frame.bad, false)] {
            for text in list {
                let coding = code(&reader, &coder, text);
                let got = coding.events.iter().any(|e| {
                    e.why.rule == rule
                        || e.why
                            .features
                            .iter()
                            .any(|(f, _)| *f == format!("merged:{rule}"))
                });
                if got != want {
                    let events: Vec<_> = coding
                        .events
                        .iter()
                        .map(|e| (&e.kind, &e.why.rule, &e.source, &e.target))
                        .collect();
                    wrong.push(format!("{rule}: want {want}: {text}\n    {events:?}"));
                }
            }
        }
    }
    assert!(wrong.len() < 50, "{}:\n{}", wrong.len(), wrong.join("\n"));
}

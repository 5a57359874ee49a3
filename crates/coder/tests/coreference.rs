//! Who a later mention stands for: names in full, surnames, offices, pronouns, initials.

use rapporteur_coder::{Coder, Input};
use rapporteur_text::Reader;

/// The actor meant by `words` where they stand last in `text`.
fn meant(text: &str, words: &str) -> Option<String> {
    let (reader, coder) = (Reader::embedded(), Coder::embedded());
    let sentences = reader.read(text);
    let times = rapporteur_temporal::tag(text, None);
    let coding = coder.code(&Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &times,
        published: None,
    });
    let at = text.rfind(words)?;
    coding
        .actors
        .iter()
        .find(|m| (m.span.start as usize) < at + words.len() && m.span.end as usize > at)
        .map(|m| m.actor.name.clone())
}

#[test]
fn later_mentions_stand_for_earlier_ones() {
    let mut wrong = Vec::new();
    for (text, words, name) in [
        (
            "The River Congress Party (RCP) left the talks. The RCP wants the bases closed.",
            "RCP",
            "River Congress Party",
        ),
        (
            "Foreign Minister Adan Warsame flew to Nairobi. Warsame met the Kenyan president.",
            "Warsame",
            "Adan Warsame",
        ),
        (
            "Defence Minister Karim Haddad visited the base. The minister said it would close.",
            "The minister",
            "Karim Haddad",
        ),
        (
            "President Lena Okoye addressed parliament. She promised to sign the accord.",
            "She",
            "Lena Okoye",
        ),
        (
            "Saudi Arabia invited the delegations. The kingdom will pay for the talks.",
            "The kingdom",
            "Saudi Arabia",
        ),
        (
            "Al-Shabaab attacked the convoy. The group said it had seized two trucks.",
            "The group",
            "Al-Shabaab",
        ),
    ] {
        let found = meant(text, words);
        if !found.as_deref().is_some_and(|f| f.contains(name)) {
            wrong.push(format!("{words} in {text:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

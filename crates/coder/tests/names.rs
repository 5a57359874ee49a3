//! Whole articles of our own through actors, places, figures and quotations; and what must hold
//! for any text.

use proptest::prelude::*;
use rapporteur_coder::{Coder, Coding, Input, figures, quotes};
use rapporteur_text::Reader;

fn coder() -> &'static (Reader, Coder) {
    static READY: std::sync::LazyLock<(Reader, Coder)> =
        std::sync::LazyLock::new(|| (Reader::embedded(), Coder::embedded()));
    &READY
}

fn read(text: &str, published: Option<&str>) -> Coding {
    let (reader, coder) = coder();
    let published = published.and_then(|d| d.parse().ok());
    let sentences = reader.read(text);
    let times = rapporteur_temporal::tag(text, published);
    let input = Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &times,
        published,
    };
    let mut coding = Coding {
        actors: coder.actors.find(&input),
        ..Coding::default()
    };
    coding.places = coder.places.find(&input, &coding.actors);
    coding.quotes = quotes::find(&input, &coding);
    coding.figures = figures::find(&input, &coding);
    coding
}

/// Name of the actor that `words` stand for, if they stand for any.
fn who(text: &str, words: &str) -> Vec<String> {
    read(text, None)
        .actors
        .iter()
        .filter(|m| m.span.of(text) == words)
        .map(|m| m.actor.name.clone())
        .collect()
}

/// Figures as `operator value unit of`.
fn counts(text: &str) -> Vec<String> {
    read(text, Some("2024-05-16"))
        .figures
        .iter()
        .map(|f| {
            let q = &f.quantity;
            let value = q.value.map_or_else(
                || format!("{}..{}", q.low.unwrap_or(0.0), q.high.unwrap_or(0.0)),
                |v| v.to_string(),
            );
            format!("{} {value} {}: {}", q.op.sign(), q.unit, f.of)
        })
        .collect()
}

#[test]
fn one_actor_has_one_name() {
    for (text, words) in [
        ("Washington and Kabul signed the pact.", "Washington"),
        (
            "The Biden administration signed the pact.",
            "Biden administration",
        ),
        ("America and Qatar signed the pact.", "America"),
        ("The U.S. government signed the pact.", "U.S. government"),
    ] {
        assert_eq!(who(text, words), ["United States"], "{text}");
    }
    assert_eq!(
        who("American troops left.", "American troops"),
        ["US forces"]
    );
}

#[test]
fn a_capital_is_its_government_only_where_it_acts() {
    assert_eq!(
        who("The envoys met in Baghdad.", "Baghdad"),
        Vec::<String>::new()
    );
    assert_eq!(who("Baghdad rejected the offer.", "Baghdad"), ["Iraq"]);
    assert_eq!(
        who("He travelled to Tehran.", "Tehran"),
        Vec::<String>::new()
    );
    assert_eq!(
        who("Talks between Kyiv and Moscow stalled.", "Moscow"),
        ["Russia"]
    );
    let text = "The envoys met in Baghdad. Baghdad rejected the offer.";
    let places = read(text, None).places;
    assert_eq!(places.len(), 1, "{places:?}");
}

#[test]
fn ties_are_not_ownership() {
    let text = "Iran-backed militias attacked the base.";
    let actors = read(text, None).actors;
    assert!(
        actors.iter().all(|m| m.actor.country.is_none()),
        "{actors:?}"
    );
    let text = "An alliance of Iran-linked groups opposed the deal.";
    let actors = read(text, None).actors;
    assert!(
        actors
            .iter()
            .all(|m| m.actor.country.as_deref() != Some("IRN")),
        "{actors:?}"
    );
}

#[test]
fn offices_and_surnames_point_back() {
    let text = "Kenyan President William Ruto opened the round. The president said it would be short. Ruto left.";
    assert_eq!(who(text, "president"), ["William Ruto"]);
    assert_eq!(who(text, "Ruto"), ["William Ruto"]);
    let text = "Egypt and Ethiopia resumed talks. Both sides were hopeful.";
    assert_eq!(who(text, "Both sides"), ["Egypt", "Ethiopia"]);
}

#[test]
fn dictionaries_go_first() {
    let actors = coder()
        .1
        .actors
        .clone()
        .with_dictionary(
            "phrase\tcode\tfrom\tto\nnarnia\tNAR\t\t\n",
            "president\t~GOV\t\t\n",
        )
        .unwrap();
    let found = actors.resolve("Narnia's president", "", None);
    assert_eq!(found.country.as_deref(), Some("NARGOV"));
    let error = coder().1.actors.clone().with_dictionary("no tab here", "");
    assert!(error.unwrap_err().contains("line 1"));
}

#[test]
fn numbers_keep_their_wording() {
    for (text, expected) in [
        (
            "About 2,500 US troops remain.",
            vec!["~ 2500 troops: US troops"],
        ),
        (
            "The plan runs two to five years.",
            vec!["range 2..5 years: years"],
        ),
        (
            "At least 40 people were killed and more than 100 wounded.",
            vec!["> 40 people: people killed", "> 100 people: people wounded"],
        ),
        (
            "It pledged $1.2 billion in aid.",
            vec!["= 1200000000 USD: aid"],
        ),
        ("A dozen trucks crossed.", vec!["= 12 trucks: trucks"]),
        (
            "Up to 60 fighters surrendered.",
            vec!["< 60 fighters: fighters"],
        ),
        (
            "One hundred and fifty prisoners were freed.",
            vec!["= 150 prisoners: prisoners"],
        ),
        ("They agreed on a 60-day truce.", vec!["= 60 days: truce"]),
    ] {
        assert_eq!(counts(text), expected, "{text}");
    }
}

#[test]
fn what_counts_nothing_is_no_figure() {
    for text in [
        "Hundreds of people fled.",
        "Resolution 1701 ended the war.",
        "The Group of Seven met.",
        "An F-16 crossed the border.",
        "The talks began on 27 January 2024.",
        "They met at 8:30 am.",
        "The two sides met again.",
        "A 42-year-old man spoke.",
        "It ended ten years ago.",
        "Several thousand marched.",
    ] {
        assert_eq!(counts(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn scare_quotes_and_refusals_are_no_quotations() {
    for text in [
        "The so-called “green line” was crossed.",
        "The envoy declined to say when the talks would end.",
        "They watched “The Long Road Home” in silence.",
    ] {
        assert_eq!(read(text, None).quotes, Vec::new(), "{text}");
    }
}

#[test]
fn split_speech_is_one_quotation() {
    let text = "“The first point,” the negotiator said, “is the return of prisoners.”";
    let quotes = read(text, None).quotes;
    assert_eq!(quotes.len(), 1, "{quotes:?}");
    assert_eq!(quotes[0].content.len(), 2);
}

/// One line an item: what a reviewer reads.
fn digest(name: &str, published: &str) -> String {
    let path = format!("{}/tests/articles/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("an article of the tests");
    let coding = read(&text, Some(published));
    let mut out = String::new();
    for m in &coding.actors {
        let a = &m.actor;
        let or = |o: &Option<String>| o.clone().unwrap_or_else(|| "-".into());
        out += &format!(
            "actor  {} = {} ({} {}) {}\n",
            m.span.of(&text),
            a.name,
            or(&a.country),
            or(&a.sector),
            m.why.rule
        );
    }
    for p in &coding.places {
        out += &format!(
            "place  {} = {} ({} {})\n",
            p.span.of(&text),
            p.name,
            p.country.as_deref().unwrap_or("-"),
            p.precision
        );
    }
    for f in &coding.figures {
        out += &format!(
            "figure {} = {} [{}] by {}\n",
            f.span.of(&text),
            f.quantity.op.sign(),
            f.of,
            f.by.as_ref().map_or("-", |p| p.actor.name.as_str())
        );
    }
    for q in &coding.quotes {
        let content: Vec<&str> = q.content.iter().map(|s| s.of(&text)).collect();
        out += &format!(
            "quote  {:?} {} : {}\n",
            q.kind,
            q.speaker.as_ref().map_or("-", |p| p.actor.name.as_str()),
            content.join(" … ")
        );
    }
    out
}

#[test]
fn articles() {
    for (name, published) in [
        ("sahel", "2024-08-27"),
        ("colombia", "2024-05-16"),
        ("donbas", "2025-02-08"),
    ] {
        insta::assert_snapshot!(name, digest(name, published));
    }
}

fn spans_fit(text: &str, coding: &Coding) -> bool {
    let whole = |s: rapporteur_base::Span| text.get(s.range()).is_some_and(|t| !t.is_empty());
    coding.actors.iter().all(|m| whole(m.span))
        && coding.places.iter().all(|p| whole(p.span))
        && coding
            .figures
            .iter()
            .all(|f| whole(f.span) && whole(f.context))
        && coding
            .quotes
            .iter()
            .all(|q| q.content.iter().chain(&q.cue).all(|s| whole(*s)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "(?s).{0,160}") {
        let coding = read(&text, None);
        prop_assert!(spans_fit(&text, &coding));
    }

    #[test]
    fn any_mix_of_our_words_is_read(words in prop::collection::vec(prop::sample::select(vec![
        "Iraq", "’s", "“", "”", "said", "that", "Baghdad", ",", ".", "2,500", "two", "to", "$", "troops", "the", "and", "US-led",
        "coalition", "(RSF)", "both", "sides", "he", "according", "in", "President", "Ruto", "العراق", "\n\n", "killed", "é", "million", "-",
    ]), 0..40)) {
        let text = words.join(" ");
        let coding = read(&text, None);
        prop_assert!(spans_fit(&text, &coding));
        prop_assert_eq!(coding, read(&text, None));
    }
}

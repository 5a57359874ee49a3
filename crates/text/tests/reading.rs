//! What every reader of the parse may rely on, and plain sentences that must come out right.

use std::sync::LazyLock;

use proptest::prelude::*;
use rapporteur_text::{Deprel, EntityKind, Reader, Sentence, Upos};

static READER: LazyLock<Reader> = LazyLock::new(Reader::embedded);

fn check_sound(text: &str, sentences: &[Sentence]) {
    let mut end = 0;
    for sentence in sentences {
        assert!(!sentence.tokens.is_empty());
        assert_eq!(
            sentence.tokens.iter().filter(|t| t.head.is_none()).count(),
            1,
            "one root"
        );
        let root = sentence.root().expect("every sentence has a root");
        assert_eq!(
            sentence.subtree(root).len(),
            sentence.tokens.len(),
            "a tree"
        );
        for token in &sentence.tokens {
            assert!(token.span.start as usize >= end, "in order");
            end = token.span.end as usize;
            assert!(text.get(token.span.range()).is_some_and(|t| !t.is_empty()));
        }
        for name in &sentence.names {
            assert!(name.first <= name.last && name.last < sentence.tokens.len());
            assert!((0.0..=1.0).contains(&name.score));
            assert_eq!(name.span.start, sentence.tokens[name.first].span.start);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_text_gives_trees(text in "\\PC{0,200}") {
        let read = READER.read(&text);
        check_sound(&text, &read);
        prop_assert_eq!(&read, &READER.read(&text));
    }

    #[test]
    fn marks_and_words_give_trees(text in "([A-Za-z]{1,6}|[.,'\"’“”$%/:;-]{1,3}|[0-9]{1,3}|\\s|ال|م)*") {
        check_sound(&text, &READER.read(&text));
    }
}

#[test]
fn a_text_without_end_is_cut() {
    let text = "and the delegates went on, ".repeat(4000);
    let read = READER.read(&text);
    check_sound(&text, &read);
    assert!(read.iter().all(|s| s.tokens.len() <= 300));
    let run = "x".repeat(300_000);
    check_sound(&run, &READER.read(&run));
}

#[test]
fn a_sentence_without_end_is_one_tree() {
    let forms = ["wheat", ",", "rice"].repeat(300);
    let text = forms.join(" ");
    let sentence = READER.read_words(&forms);
    assert_eq!(sentence.tokens.len(), 900);
    check_sound(&text, &[sentence]);
    assert!(!READER.explain_head(&forms, 700).is_empty());
    let heads = READER.heads(&forms, 700);
    assert!(
        heads
            .iter()
            .all(|(head, _)| head.is_none_or(|h| (512..768).contains(&h)))
    );
}

#[test]
fn subject_verb_object() {
    let text = "The rebels attacked the airport on Friday.";
    let sentence = &READER.read(text)[0];
    let root = sentence.root().unwrap();
    assert_eq!(sentence.tokens[root].span.of(text), "attacked");
    assert_eq!(
        (
            sentence.tokens[root].xpos.as_str(),
            sentence.tokens[root].lemma.as_str()
        ),
        ("VBD", "attack")
    );
    assert_eq!(
        (sentence.tokens[1].deprel, sentence.tokens[1].head),
        (Deprel::Nsubj, Some(root))
    );
    assert_eq!(
        (sentence.tokens[4].deprel, sentence.tokens[4].head),
        (Deprel::Obj, Some(root))
    );
    assert_eq!(sentence.tokens[4].upos, Upos::Noun);
}

#[test]
fn passive_and_agent() {
    let text = "The bridge was destroyed by the army.";
    let sentence = &READER.read(text)[0];
    assert_eq!(sentence.tokens[1].deprel, Deprel::NsubjPass);
    assert_eq!(sentence.tokens[2].deprel, Deprel::AuxPass);
    assert_eq!(sentence.tokens[3].xpos, "VBN");
}

#[test]
fn names_have_kinds() {
    let text = "President John Carter met officials of the United Nations in Baghdad.";
    let names: Vec<(&str, EntityKind)> = READER.read(text)[0]
        .names
        .iter()
        .map(|n| (n.span.of(text), n.kind))
        .collect();
    assert!(names.contains(&("Baghdad", EntityKind::Loc)), "{names:?}");
    assert!(
        names
            .iter()
            .any(|(text, kind)| text.contains("Carter") && *kind == EntityKind::Per),
        "{names:?}"
    );
}

#[test]
fn a_tag_says_why() {
    let why = READER.explain(&["They", "attacked", "the", "airport"], 1);
    assert!(!why.is_empty());
    assert!(why.windows(2).all(|w| w[0].1.abs() >= w[1].1.abs()));
}

#[test]
fn a_head_says_why_and_what_else_it_could_be() {
    let forms = ["They", "attacked", "the", "airport", "on", "Friday", "."];
    let sentence = READER.read_words(&forms);
    let heads = READER.heads(&forms, 3);
    assert_eq!(heads.len(), forms.len());
    assert_eq!(heads[0].0, sentence.tokens[3].head);
    let sum: f32 = heads.iter().map(|(_, share)| share).sum();
    assert!((sum - 1.0).abs() < 1e-3);
    let why = READER.explain_head(&forms, 3);
    assert!(why.windows(2).all(|w| w[0].1.abs() >= w[1].1.abs()));
    assert!(
        why.iter().any(|(what, _)| what == "\"attacked\" at -2"),
        "{why:?}"
    );
    assert!(READER.explain_head(&forms, 7).is_empty() && READER.heads(&forms, 7).is_empty());
}

#[test]
fn lists_and_relative_clauses() {
    let text = "The general, who had led the talks in Geneva, told reporters and diplomats that both sides would withdraw.";
    let sentence = &READER.read(text)[0];
    let word = |form: &str| {
        let found = sentence.tokens.iter().position(|t| t.span.of(text) == form);
        found.expect("a word of the sentence")
    };
    let arc = |form: &str| {
        let token = &sentence.tokens[word(form)];
        (token.deprel, token.head)
    };
    assert_eq!(arc("told"), (Deprel::Root, None));
    assert_eq!(arc("general"), (Deprel::Nsubj, Some(word("told"))));
    assert_eq!(arc("led"), (Deprel::AclRelcl, Some(word("general"))));
    assert_eq!(arc("diplomats"), (Deprel::Conj, Some(word("reporters"))));
    assert_eq!(arc("withdraw"), (Deprel::Ccomp, Some(word("told"))));
    assert_eq!(arc("sides"), (Deprel::Nsubj, Some(word("withdraw"))));
}

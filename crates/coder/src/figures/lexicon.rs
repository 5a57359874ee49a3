//! The words that numbers are read with, from `data/figures/words.tsv`.

use crate::actors::words::{Word, hash, join};

/// What a phrase does to a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Class {
    Number(f64),
    Scale(f64),
    About,
    Over,
    Least,
    Under,
    Most,
    Equal,
    AfterLeast,
    AfterAbout,
    Label,
    Vague,
    Currency(&'static str),
}

#[expect(clippy::disallowed_types, reason = "lookup only, never iterated")]
type Table = std::collections::HashMap<u64, Class>;

const WORDS: &str = include_str!("../../../../data/figures/words.tsv");

fn table() -> &'static Table {
    static TABLE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(|| {
        crate::actors::rows(WORDS)
            .filter_map(|row| {
                let value = row.get(2).copied().unwrap_or("");
                let number = || value.parse().unwrap_or(0.0);
                let class = match *row.get(1)? {
                    "number" => Class::Number(number()),
                    "scale" => Class::Scale(number()),
                    "about" => Class::About,
                    "over" => Class::Over,
                    "least" => Class::Least,
                    "under" => Class::Under,
                    "most" => Class::Most,
                    "equal" => Class::Equal,
                    "after-least" => Class::AfterLeast,
                    "after-about" => Class::AfterAbout,
                    "label" => Class::Label,
                    "vague" => Class::Vague,
                    "currency" => Class::Currency(value),
                    _ => return None,
                };
                let key = row.first()?.split(' ').fold(0, |k, w| join(k, hash(w)));
                Some((key, class))
            })
            .collect()
    });
    &TABLE
}

/// The class of these words, if they are a phrase of the table.
pub(super) fn class(words: &[Word]) -> Option<Class> {
    let key = words.iter().fold(0, |k, w| join(k, w.hash));
    table().get(&key).copied()
}

/// The longest phrase that ends before word `at`: its first word and class.
pub(super) fn before(words: &[Word], at: usize) -> Option<(usize, Class)> {
    (1..=4)
        .rev()
        .filter_map(|n| {
            let first = at.checked_sub(n)?;
            let run = &words[first..at];
            if run[1..].iter().any(|w| !w.soft) {
                return None;
            }
            let class = class(run)?;
            (!matches!(class, Class::Number(_) | Class::Scale(_))).then_some((first, class))
        })
        .next()
}

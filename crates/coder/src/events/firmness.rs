//! How firmly a position is held, by its words.

use rapporteur_text::Deprel;
use serde::Deserialize;

use super::rules::{RuleError, parse};
use super::stances::Stance;
use super::tree::Tree;

/// Which words make a position firm or soft, and which holders need no table to be one.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Firmness {
    firm: Vec<String>,
    soft: Vec<String>,
    firm_adverbs: Vec<String>,
    soft_adverbs: Vec<String>,
    /// Last words of a holder's name, in the singular.
    pub(super) sides: Vec<String>,
}

#[derive(Deserialize)]
struct FirmnessFile {
    firmness: Firmness,
}

impl Firmness {
    pub(super) fn read(file: &str, text: &str) -> Result<Self, RuleError> {
        Ok(parse::<FirmnessFile>(file, text)?.firmness)
    }

    /// `firm`, `soft` or `plain`.
    pub(super) fn of(&self, tree: &Tree<'_>, stance: &Stance<'_>) -> &'static str {
        let has = |list: &[String], w: &str| list.iter().any(|l| l == w);
        let head = tree.lemma(stance.head);
        let adverb = |list: &[String], at: usize| {
            tree.children(at)
                .any(|c| tree.rel(c) != Deprel::Conj && has(list, &tree.form(c).to_lowercase()))
        };
        let aux = |word: &str| tree.has_aux(stance.head, word);
        let laid_down = tree.has_aux(stance.issue, "must")
            || tree.has_aux(stance.issue, "cannot")
            || adverb(&["never".to_owned()], stance.issue);
        match stance.rule.firmness.as_str() {
            "firm" => "firm",
            "soft" => "soft",
            _ if adverb(&self.firm_adverbs, stance.head) || laid_down => "firm",
            _ if adverb(&self.soft_adverbs, stance.head) || aux("would") || aux("could") => "soft",
            _ if has(&self.firm, head) => "firm",
            _ if has(&self.soft, head) => "soft",
            _ => "plain",
        }
    }
}

//! Word lists of the actor grammar, from `data/actors/lists.tsv`.

use std::sync::LazyLock;

const LISTS: &str = include_str!("../../../../data/actors/lists.tsv");

/// The words of a list, as the file has them.
fn read(name: &str) -> Vec<&'static str> {
    crate::actors::rows(LISTS)
        .find(|row| row.first() == Some(&name))
        .and_then(|row| row.get(1).copied())
        .map(|words| words.split(' ').collect())
        .unwrap_or_default()
}

macro_rules! lists {
    ($($id:ident = $name:literal;)*) => {
        $(#[doc = $name] pub(super) static $id: LazyLock<Vec<&'static str>> = LazyLock::new(|| read($name));)*

        #[test]
        fn every_list_has_words() {
            $(assert!(!$id.is_empty(), "list {} is missing or empty", $name);)*
        }
    };
}

lists! {
    AFFILIATED = "affiliated";
    TIED = "tied";
    TITLES = "titles";
    PARTICLES = "particles";
    BREAKS = "breaks";
    LOCATIVE = "locative";
    PREPOSITIONS = "prepositions";
    PASSABLE = "passable";
    MOTION = "motion";
    MESSAGE = "message";
    STRIKE = "strike";
    VENUE = "venue";
    GROUND = "ground";
    STRUCK = "struck";
    EXIT = "exit";
    GROUP_NOUNS = "group-nouns";
    FORCES = "forces";
    BLOC_NOUNS = "bloc-nouns";
    PERSON_NOUNS = "person-nouns";
    BOTH = "both";
    KINGDOM = "kingdom";
    EMIRATE = "emirate";
    SULTANATE = "sultanate";
}

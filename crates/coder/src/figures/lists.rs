//! Word lists of the figures, from `data/figures/lists.tsv`.

use std::sync::LazyLock;

const LISTS: &str = include_str!("../../../../data/figures/lists.tsv");

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
    POINT_AFTER = "point-after";
    POINT_BEFORE = "point-before";
    PEOPLE = "people";
    LENGTHS = "lengths";
    HARM = "harm";
    STOPS = "stops";
    FALLEN = "fallen";
}

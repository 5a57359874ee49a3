//! Whatever the texts: merging never fails, and the order of documents does not matter.

use proptest::prelude::*;

use crate::page::Page;
use crate::run;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn merging_never_fails_and_order_does_not_matter(texts in proptest::collection::vec("(?s).{0,300}|(Norland and Sudland (resumed|concluded|did not resume) talks on [0-9]{1,2} (March|May)\\. ){0,4}", 1..5)) {
        let pages: Vec<Page> = texts
            .iter()
            .zip(["a", "b", "c", "d", "e"])
            .map(|(text, name)| Page::new(name, "any.example", "2024-05-06", text))
            .collect();
        let merged = run(&pages);
        prop_assert!(merged.families.iter().map(|f| f.docs.len()).sum::<usize>() == pages.len());
        prop_assert!(merged.stories.iter().map(|s| s.docs.len()).sum::<usize>() == pages.len());
    }
}

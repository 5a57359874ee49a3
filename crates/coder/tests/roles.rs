//! Roles of an attack over any text: no panic, the same twice, evidence that slices the text.

use proptest::prelude::*;
use rapporteur_coder::roles::Roles;
use rapporteur_text::Reader;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn any_text(text in "([A-Za-z]{1,8}|GUERRILLAS|bombed|the|embassy|killed|two|mayors|with|dynamite|Front|for|National|Liberation|said|,|\\.|\u{2019}s|of|in|Lima|هجوم|—|\n\n| ){0,60}") {
        let (reader, roles) = (Reader::embedded(), Roles::embedded());
        let found = roles.find(&reader, &text);
        prop_assert_eq!(&found, &roles.find(&reader, &text));
        for filler in &found {
            prop_assert!(!filler.forms.is_empty());
            prop_assert!(!filler.evidence.is_empty());
            for span in &filler.evidence {
                prop_assert!(!span.of(&text).is_empty());
            }
        }
    }
}

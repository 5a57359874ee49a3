//! Words of the interface, in English and Arabic, from `data/desk/interface.tsv`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const TABLE: &str = include_str!("../../../../data/desk/interface.tsv");

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ui {
    /// `en` or `ar`.
    pub(crate) lang: &'static str,
    /// `ltr` or `rtl`.
    pub(crate) dir: &'static str,
}

const ENGLISH: Ui = Ui {
    lang: "en",
    dir: "ltr",
};
const ARABIC: Ui = Ui {
    lang: "ar",
    dir: "rtl",
};

fn table() -> &'static BTreeMap<&'static str, [&'static str; 2]> {
    static WORDS: OnceLock<BTreeMap<&'static str, [&'static str; 2]>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let lines = TABLE.lines().filter(|l| !l.starts_with('#'));
        lines
            .filter_map(|line| {
                let mut cells = line.split('\t');
                let (key, en) = (cells.next()?, cells.next()?);
                Some((key, [en, cells.next().unwrap_or(en)]))
            })
            .collect()
    })
}

impl Ui {
    /// The language asked for, else the first that the browser accepts, else English.
    pub(crate) fn choose(asked: Option<&str>, accepted: &str) -> Self {
        let first = accepted.split(',').next().unwrap_or_default();
        match asked.unwrap_or(first) {
            lang if lang.trim().starts_with("ar") => ARABIC,
            _ => ENGLISH,
        }
    }

    /// Words for a key; an unknown key shows itself.
    pub(crate) fn t(&self, key: &'static str) -> &'static str {
        let at = usize::from(self.lang == "ar");
        table().get(key).map_or(key, |words| words[at])
    }

    /// The other language: code and its own name.
    pub(crate) fn other(&self) -> (&'static str, &'static str) {
        match self.lang {
            "ar" => ("en", "English"),
            _ => ("ar", "العربية"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_code_and_templates_has_words_in_both_languages() {
        let mut asked = Vec::new();
        for folder in ["src/web", "src/web/pages", "templates"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for file in std::fs::read_dir(path).unwrap() {
                let path = file.unwrap().path();
                if path.is_file() {
                    let text = std::fs::read_to_string(path).unwrap();
                    for piece in text.split("ui.t(\"").skip(1) {
                        asked.push(piece.split('"').next().unwrap_or_default().to_owned());
                    }
                }
            }
        }
        assert!(asked.len() > 50);
        for key in asked {
            let words = table().get(key.as_str());
            assert!(words.is_some(), "interface.tsv lacks {key:?}");
        }
        for (key, words) in table() {
            assert!(
                words[1] != words[0] || key.starts_with('='),
                "{key} is not translated"
            );
        }
    }
}

//! The gate before the parse: which pages can be about what is asked for at all.

use aho_corasick::{AhoCorasick, MatchKind};

/// Words to look for in the bytes of a page, before anything of it is parsed.
///
/// A page passes when it holds a term of every group. Terms stand one a line; a line in brackets
/// begins a group (`[actors]`, `[topics]`), `#` a remark. Letter case counts for nothing in ASCII.
/// A term of several words is there when each of its words is: markup or a line's end may stand
/// between them. So the gate errs towards letting in, never towards keeping out what the text has.
#[derive(Debug)]
pub(crate) struct Gate {
    id: String,
    search: AhoCorasick,
    /// Word of each pattern.
    words: Vec<usize>,
    word_count: usize,
    /// Words of each term of each group.
    groups: Vec<Vec<Vec<usize>>>,
}

impl Gate {
    /// Reads a gate's file, called `name` in messages.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        let mut words: Vec<String> = Vec::new();
        let mut groups: Vec<Vec<Vec<usize>>> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            let fault = |what: &str| format!("{name}:{}: {what}", at + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(head) = line.strip_prefix('[') {
                head.strip_suffix(']')
                    .ok_or_else(|| fault("a group is written `[name]`"))?;
                groups.push(Vec::new());
                continue;
            }
            if groups.is_empty() {
                groups.push(Vec::new());
            }
            let mut term = Vec::new();
            for word in line.split_whitespace() {
                if word.chars().count() < 2 {
                    return Err(fault(
                        "a word of one letter stands on every page; leave it out",
                    ));
                }
                let low = word.to_lowercase();
                let place = words.iter().position(|w| *w == low);
                term.push(place.unwrap_or_else(|| {
                    words.push(low);
                    words.len() - 1
                }));
            }
            if let Some(group) = groups.last_mut() {
                group.push(term);
            }
        }
        if groups.is_empty() || groups.iter().any(Vec::is_empty) {
            return Err(format!(
                "{name}: every group needs a term, one a line; a file has one group or more"
            ));
        }
        Self::build(&words, groups).map_err(|e| format!("{name}: {e}"))
    }

    fn build(words: &[String], groups: Vec<Vec<Vec<usize>>>) -> Result<Self, String> {
        let mut patterns: Vec<Vec<u8>> = Vec::new();
        let mut of = Vec::new();
        for (at, word) in words.iter().enumerate() {
            for spelling in spellings(word) {
                patterns.push(spelling);
                of.push(at);
            }
        }
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .map_err(|e| e.to_string())?;
        // What it lets in depends on words and groups alone, not on remarks or the file's name.
        let canon = serde_json::json!([1, words, groups]).to_string();
        Ok(Self {
            id: rapporteur_base::sha256_hex(canon.as_bytes()),
            search,
            words: of,
            word_count: words.len(),
            groups,
        })
    }

    /// SHA-256 of what it looks for, 64 hexadecimal digits.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Whether a page may be about it.
    pub(crate) fn lets_in(&self, bytes: &[u8]) -> bool {
        // Two bytes a letter: nothing is found in them.
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return true;
        }
        let mut seen = vec![false; self.word_count];
        let mut missing = self.word_count;
        for found in self.search.find_overlapping_iter(bytes) {
            let word = self.words[found.pattern().as_usize()];
            if !std::mem::replace(&mut seen[word], true) {
                missing -= 1;
                if missing == 0 || self.passes(&seen) {
                    return true;
                }
            }
        }
        false
    }

    fn passes(&self, seen: &[bool]) -> bool {
        self.groups.iter().all(|group| {
            let mut terms = group.iter();
            terms.any(|term| term.iter().all(|word| seen[*word]))
        })
    }
}

/// How a word may stand in a page: in UTF-8, in the one-byte charsets of its script, as references
/// of HTML or escapes of JSON; each in small letters and with a capital.
fn spellings(word: &str) -> Vec<Vec<u8>> {
    if word.is_ascii() {
        return vec![word.as_bytes().to_vec()];
    }
    let mut capital: String = String::new();
    let mut letters = word.chars();
    capital.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    capital.extend(letters);
    let mut out = Vec::new();
    for form in [word.to_owned(), capital, word.to_uppercase()] {
        out.push(form.as_bytes().to_vec());
        for charset in [
            encoding_rs::WINDOWS_1252,
            encoding_rs::WINDOWS_1250,
            encoding_rs::WINDOWS_1251,
            encoding_rs::KOI8_R,
            encoding_rs::WINDOWS_1255,
            encoding_rs::WINDOWS_1256,
            encoding_rs::ISO_8859_6,
            encoding_rs::WINDOWS_1254,
        ] {
            let (bytes, _, lost) = charset.encode(&form);
            if !lost {
                out.push(bytes.into_owned());
            }
        }
        let escaped = |one: &dyn Fn(char) -> String| -> Vec<u8> {
            let all = form
                .chars()
                .map(|c| if c.is_ascii() { c.to_string() } else { one(c) });
            all.collect::<String>().into_bytes()
        };
        out.push(escaped(&|c| format!("&#{};", u32::from(c))));
        out.push(escaped(&|c| format!("&#x{:x};", u32::from(c))));
        out.push(escaped(&|c| {
            let mut units = [0; 2];
            c.encode_utf16(&mut units)
                .iter()
                .map(|u| format!("\\u{u:04x}"))
                .collect()
        }));
    }
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "# who\n[actors]\nOstrey\nLowland Republic\nالعراق\n[topics]\ntalks\nTreaty\n";

    fn gate() -> Gate {
        Gate::parse("gate.txt", LIST).unwrap()
    }

    #[test]
    fn a_term_of_every_group_is_asked_for() {
        let gate = gate();
        assert!(gate.lets_in(b"<p>TALKS with ostrey</p>"));
        assert!(!gate.lets_in(b"<p>Talks with nobody</p>"));
        assert!(!gate.lets_in(b"<p>Ostrey had rain</p>"));
        assert!(gate.lets_in(b"Republic of the <b>Lowland</b>: a treaty"));
    }

    #[test]
    fn other_charsets_and_escapes_are_let_in() {
        let gate = gate();
        let word = "العراق";
        let (old, _, _) = encoding_rs::WINDOWS_1256.encode(word);
        let mut page = b"talks ".to_vec();
        page.extend_from_slice(&old);
        assert!(gate.lets_in(&page));
        let references: String = word
            .chars()
            .map(|c| format!("&#{};", u32::from(c)))
            .collect();
        assert!(gate.lets_in(format!("talks {references}").as_bytes()));
        let escapes: String = word
            .chars()
            .map(|c| format!("\\u{:04X}", u32::from(c)))
            .collect();
        assert!(gate.lets_in(format!("talks {escapes}").as_bytes()));
        assert!(gate.lets_in(&[0xff, 0xfe, b'a', 0]));
    }

    #[test]
    fn remarks_change_no_name_and_faults_are_told() {
        let other = Gate::parse("x", &format!("# remark\n\n{LIST}")).unwrap();
        assert_eq!(other.id(), gate().id());
        assert!(Gate::parse("x", "# nothing\n").is_err());
        assert!(Gate::parse("x", "[actors]\n[topics]\ntalks").is_err());
        assert!(
            Gate::parse("x", "[actors\na")
                .unwrap_err()
                .starts_with("x:1:")
        );
    }
}

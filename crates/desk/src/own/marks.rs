//! Citations as they are typed: `[@d-3f2a91c0d4b7:120-180]`, a document and code points of its text.

use super::anchor::Evidence;
use super::{Piece, Quoted, Sentence};

/// A mark as it is typed.
pub fn mark(doc: &str, start: usize, end: usize) -> String {
    format!("[@{doc}:{start}-{end}]")
}

/// Document, first code point and one past the last of a mark, without its brackets or with them.
pub fn read_mark(text: &str) -> Option<(String, usize, usize)> {
    let text = text.trim();
    let text = text.strip_prefix("[@").unwrap_or(text);
    let text = text.strip_suffix(']').unwrap_or(text);
    let (doc, place) = text.split_once(':')?;
    let digits = doc.strip_prefix("d-")?;
    let is_id = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let (start, end) = place.split_once('-')?;
    let (start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
    (is_id && start < end).then(|| (doc.to_lowercase(), start, end))
}

impl Sentence {
    /// Reads a typed sentence. A mark that the sentence had before keeps the words that it was made
    /// with; a mark that names nothing stays, so that nothing typed is lost, and holds no more.
    pub fn read(typed: &str, before: &[Quoted], evidence: &Evidence<'_>) -> Self {
        let mut pieces = Vec::new();
        let mut rest = typed.trim();
        while let Some(at) = rest.find("[@") {
            let (words, from) = rest.split_at(at);
            let Some(close) = from.find(']') else {
                break;
            };
            let (inside, after) = from.split_at(close + 1);
            match read_mark(inside) {
                Some((doc, start, end)) => {
                    push_words(&mut pieces, words);
                    let known = before
                        .iter()
                        .find(|q| (q.doc.as_str(), q.start, q.end) == (&doc, start, end));
                    let cite = known
                        .cloned()
                        .unwrap_or_else(|| evidence.quoted(&doc, start, end));
                    pieces.push(Piece::Cite(cite));
                    rest = after;
                }
                None => {
                    // No mark: the sign is one of the writer's own.
                    push_words(&mut pieces, &rest[..at + 2]);
                    rest = &rest[at + 2..];
                }
            }
        }
        push_words(&mut pieces, rest);
        Self { pieces }
    }
}

fn push_words(pieces: &mut Vec<Piece>, words: &str) {
    let clean: String = words
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match pieces.last_mut() {
        Some(Piece::Words(last)) => last.push_str(&clean),
        _ if clean.is_empty() => {}
        _ => pieces.push(Piece::Words(clean)),
    }
}

#[cfg(test)]
mod tests {
    use rapporteur_record::View;

    use super::*;

    #[test]
    fn what_is_typed_comes_back_as_it_was() {
        let view = View::default();
        let evidence = Evidence::of(&view, &[]);
        for typed in [
            "The two sides met [@d-00ff00ff00ff:1-9], it was said.",
            "[@d-00ff00ff00ff:1-9][@d-00ff00ff00ff:20-31]",
            "An open [@ sign, an [@odd] one and [@d-xyz:1-2].",
            "No mark at all",
            "",
        ] {
            let read = Sentence::read(typed, &[], &evidence);
            assert_eq!(read.typed(), typed);
        }
        let two = Sentence::read("a [@d-0a:1-2] b [@d-0a:3-9]", &[], &evidence);
        assert_eq!((two.cites().count(), two.words().as_str()), (2, "a b"));
    }

    #[test]
    fn a_mark_names_a_document_and_a_stretch() {
        assert_eq!(read_mark("[@d-0A:1-2]"), Some(("d-0a".into(), 1, 2)));
        for bad in ["d-:1-2", "e-0a:1-2", "d-0a:2-2", "d-0a:x-2", "d-0a", ""] {
            assert_eq!(read_mark(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(typed in "\\PC{0,60}|(\\[@|d-0a:1-2|\\]|x){0,9}") {
            let view = View::default();
            let read = Sentence::read(&typed, &[], &Evidence::of(&view, &[]));
            let again = Sentence::read(&read.typed(), &[], &Evidence::of(&view, &[]));
            proptest::prop_assert_eq!(read.typed(), again.typed());
        }
    }
}

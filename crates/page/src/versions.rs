//! Two readings of one address: which paragraphs came, went or changed.
//!
//! ```
//! use rapporteur_page::versions::{Step, compare};
//! let steps = compare(&["Envoys met.", "Nine were held."], &["Envoys met.", "Eleven were held."]);
//! assert_eq!(steps, [Step::Kept(0, 0), Step::Changed(1, 1)]);
//! ```

use std::collections::BTreeMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// What became of one paragraph; the numbers are places in the old and in the new text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The same words, white space aside.
    Kept(usize, usize),
    /// Mostly the same words.
    Changed(usize, usize),
    /// Only in the new text.
    Added(usize),
    /// Only in the old text.
    Removed(usize),
}

/// Paragraphs of one text that are compared; what follows counts as kept, added or removed by place.
const MOST: usize = 4000;
/// Old and new paragraphs of one run of changes that are tried against each other.
const RUN: usize = 50;

/// Compares two texts, given by their paragraphs. The steps are in the order of the new text; what
/// was removed stands where it stood. Never fails, and is bounded for any input.
pub fn compare(old: &[&str], new: &[&str]) -> Vec<Step> {
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut number = |text: &&str| {
        let bare = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let next = numbers.len() as u32;
        *numbers.entry(bare).or_insert(next)
    };
    let a: Vec<u32> = old.iter().take(MOST).map(&mut number).collect();
    let b: Vec<u32> = new.iter().take(MOST).map(&mut number).collect();
    let mut steps = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &a, &b) {
        match op {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => steps.extend((0..len).map(|n| Step::Kept(old_index + n, new_index + n))),
            DiffOp::Delete {
                old_index, old_len, ..
            } => steps.extend((old_index..old_index + old_len).map(Step::Removed)),
            DiffOp::Insert {
                new_index, new_len, ..
            } => steps.extend((new_index..new_index + new_len).map(Step::Added)),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => replaced(
                (old_index, &old[old_index..old_index + old_len]),
                (new_index, &new[new_index..new_index + new_len]),
                &mut steps,
            ),
        }
    }
    steps.extend((a.len()..old.len()).map(Step::Removed));
    steps.extend((b.len()..new.len()).map(Step::Added));
    steps
}

/// Pairs what was replaced with what is most like it, in order.
fn replaced(old: (usize, &[&str]), new: (usize, &[&str]), steps: &mut Vec<Step>) {
    let words = |texts: &[&str]| -> Vec<Vec<String>> { texts.iter().map(|t| words(t)).collect() };
    let (a, b) = (words(old.1), words(new.1));
    let mut from = 0;
    for (at, text) in b.iter().enumerate() {
        let like = (from..a.len().min(from + RUN))
            .map(|n| (share(&a[n], text), n))
            .filter(|(share, _)| *share >= 50)
            .max_by_key(|(share, n)| (*share, std::cmp::Reverse(*n)));
        if let Some((_, found)) = like {
            steps.extend((from..found).map(|n| Step::Removed(old.0 + n)));
            steps.push(Step::Changed(old.0 + found, new.0 + at));
            from = found + 1;
        } else {
            steps.push(Step::Added(new.0 + at));
        }
    }
    steps.extend((from..a.len()).map(|n| Step::Removed(old.0 + n)));
}

/// The words of a paragraph, sorted.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(2000)
        .map(str::to_lowercase)
        .collect();
    words.sort_unstable();
    words
}

/// How much of two lists of sorted words is the same, in hundredths.
fn share(a: &[String], b: &[String]) -> usize {
    let (mut i, mut j, mut same) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                same += 1;
                i += 1;
                j += 1;
            }
        }
    }
    200 * same / (a.len() + b.len()).max(1)
}

/// What an address is told apart by: scheme, `www.`, fragment, campaign marks and a last slash do
/// not make another page.
pub fn address(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let kept: Vec<&str> = query
        .split('&')
        .filter(|p| !p.is_empty() && !p.starts_with("utm_") && !is_mark(p))
        .collect();
    let mut out = format!("{host}{}", path.trim_end_matches('/'));
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    out
}

/// Parameters by which networks follow a click.
fn is_mark(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or("");
    matches!(name, "fbclid" | "gclid" | "mc_cid" | "mc_eid" | "igshid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_went_and_changed() {
        let old = [
            "Envoys of both sides met on Monday.",
            "Nine people were held, the harbour police said.",
            "A curfew is in force.",
        ];
        let new = [
            "Envoys of both sides met on Monday.",
            "Eleven people were held, the harbour police said later.",
            "The mayor asked for calm.",
        ];
        assert_eq!(
            compare(&old, &new),
            [
                Step::Kept(0, 0),
                Step::Changed(1, 1),
                Step::Added(2),
                Step::Removed(2)
            ]
        );
        assert_eq!(compare(&[], &["x"]), [Step::Added(0)]);
        assert_eq!(compare(&["a  b"], &["a b"]), [Step::Kept(0, 0)]);
    }

    #[test]
    fn one_page_has_many_addresses() {
        for url in [
            "http://www.courier.example/a/",
            "https://courier.example/a#top",
            "https://Courier.example/a?utm_source=x&fbclid=1",
        ] {
            assert_eq!(address(url), "courier.example/a");
        }
        assert_eq!(address("courier.example/a?id=4"), "courier.example/a?id=4");
    }

    proptest::proptest! {
        #[test]
        fn every_paragraph_has_one_step(old in proptest::collection::vec("[ab ]{0,6}", 0..12), new in proptest::collection::vec("[ab ]{0,6}", 0..12)) {
            let (a, b): (Vec<&str>, Vec<&str>) = (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
            let (mut seen, mut shown) = (Vec::new(), Vec::new());
            for step in compare(&a, &b) {
                match step {
                    Step::Kept(i, j) | Step::Changed(i, j) => { seen.push(i); shown.push(j); }
                    Step::Added(j) => shown.push(j),
                    Step::Removed(i) => seen.push(i),
                }
            }
            proptest::prop_assert_eq!(seen, (0..a.len()).collect::<Vec<_>>());
            proptest::prop_assert_eq!(shown, (0..b.len()).collect::<Vec<_>>());
        }

        #[test]
        fn any_address_has_a_key(url in ".{0,40}") { address(&url); }
    }
}

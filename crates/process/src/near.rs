//! The nearest known name: what a mistyped one was meant to be.

/// Edits between two words, a swap of neighbours counted once.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut best = (rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1)
                    .min(rows[i - 1][j - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

/// `; did you mean X?`, or nothing.
pub(crate) fn nearest<S: AsRef<str>>(word: &str, known: &[S]) -> String {
    // A mistyped name is short; anything longer is no name.
    if word.chars().count() > 60 {
        return String::new();
    }
    let low = word.to_lowercase();
    let most = (low.chars().count() / 3).max(1);
    known
        .iter()
        .map(|k| (distance(&low, &k.as_ref().to_lowercase()), k.as_ref()))
        .filter(|(far, _)| *far <= most)
        .min()
        .map_or_else(String::new, |(_, k)| format!("; did you mean `{k}`?"))
}

/// The nearest and all valid names.
pub(crate) fn valid<S: AsRef<str>>(word: &str, known: &[S]) -> String {
    let mut all: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        return "; none is declared".to_owned();
    }
    format!("{}; valid: {}", nearest(word, known), all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let known = ["window", "windows", "test"];
        assert_eq!(nearest("widnow", &known), "; did you mean `window`?");
        assert_eq!(nearest("colour", &known), "");
        assert!(valid("colour", &known).ends_with("valid: test, window, windows"));
    }
}

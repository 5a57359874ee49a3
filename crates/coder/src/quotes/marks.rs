//! Runs between quote marks, paired inside one paragraph.

use rapporteur_base::Span;

/// A run between quote marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Without the marks.
    pub(super) inner: Span,
    /// With the marks.
    pub(super) outer: Span,
    /// The closing mark is missing: the speech goes on in the next paragraph.
    pub(super) open: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
    Straight,
}

/// Quoted runs of a paragraph, in order, without overlap; marks inside a run do not nest.
pub(super) fn runs(text: &str, within: Span) -> Vec<Run> {
    let slice = within.of(text);
    let base = within.start as usize;
    let single = uses_single_marks(slice);
    let mut out = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut before = ' ';
    let mut chars = slice.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, n)| *n);
        let mark = match c {
            '“' | '„' | '«' | '‟' => Some(Mark::Open),
            '”' | '»' => Some(Mark::Close),
            '"' => Some(Mark::Straight),
            '‘' if single => Some(Mark::Open),
            '’' if single && open.is_some() && !next.is_alphanumeric() && before != 's' => {
                Some(Mark::Close)
            }
            _ => None,
        };
        before = c;
        let after = at + c.len_utf8();
        match (mark, open) {
            (Some(Mark::Open), None) => open = Some((at, after)),
            (Some(Mark::Straight), None) if !next.is_whitespace() => open = Some((at, after)),
            (Some(Mark::Close | Mark::Straight), Some((from, inner))) => {
                push(&mut out, text, base, (from, inner, at, after), false);
                open = None;
            }
            _ => {}
        }
    }
    if let Some((from, inner)) = open {
        push(
            &mut out,
            text,
            base,
            (from, inner, slice.len(), slice.len()),
            true,
        );
    }
    out
}

fn push(out: &mut Vec<Run>, text: &str, base: usize, at: (usize, usize, usize, usize), open: bool) {
    let (from, inner, end, after) = at;
    let inner = Span::new(base + inner, base + end).trim(text);
    if !inner.is_empty() {
        out.push(Run {
            inner,
            outer: Span::new(base + from, base + after),
            open,
        });
    }
}

/// Single marks are quote marks only where a paragraph has no double ones.
fn uses_single_marks(slice: &str) -> bool {
    slice.contains('‘') && !slice.contains(['“', '"', '«', '„'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inner(text: &str) -> Vec<&str> {
        runs(text, Span::new(0, text.len()))
            .into_iter()
            .map(|r| r.inner.of(text))
            .collect()
    }

    #[test]
    fn pairs_marks() {
        assert_eq!(inner("“One,” he said. \"Two.\""), ["One,", "Two."]);
        assert_eq!(inner("‘It’s over,’ he said."), ["It’s over,"]);
        assert_eq!(inner("the rebels’ camp"), Vec::<&str>::new());
        assert!(runs("“It goes on", Span::new(0, 13))[0].open);
    }
}

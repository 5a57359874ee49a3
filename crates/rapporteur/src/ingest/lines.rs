use std::io::{self, BufRead};

/// One line of an input whose lines may be of any length.
#[derive(Debug)]
pub(crate) enum Line {
    /// A line without its end.
    Text(Vec<u8>),
    /// Longer than the limit; its bytes were passed over, not kept.
    TooLong,
    /// The input cannot be read further.
    Failed(io::Error),
}

/// Lines with a bound on the memory that one may take.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: R,
    limit: usize,
    done: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, limit: usize) -> Self {
        Self {
            input,
            limit,
            done: false,
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.done {
            return None;
        }
        let mut line = Vec::new();
        let (mut long, mut any) = (false, false);
        loop {
            let piece = match self.input.fill_buf() {
                Ok(piece) => piece,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.done = true;
                    return Some(Line::Failed(error));
                }
            };
            if piece.is_empty() {
                self.done = true;
                break;
            }
            any = true;
            let end = piece.iter().position(|b| *b == b'\n');
            let part = &piece[..end.unwrap_or(piece.len())];
            long |= line.len() + part.len() > self.limit;
            if long {
                line = Vec::new();
            } else {
                line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        match (any, long) {
            (false, _) => None,
            (true, true) => Some(Line::TooLong),
            (true, false) => Some(Line::Text(line)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_passed_over() {
        let text = b"one\n0123456789\n\nlast";
        let input = io::BufReader::with_capacity(4, &text[..]);
        let kinds: Vec<String> = Lines::new(input, 6)
            .map(|line| match line {
                Line::Text(t) => String::from_utf8(t).unwrap(),
                Line::TooLong => "(long)".into(),
                Line::Failed(e) => e.to_string(),
            })
            .collect();
        assert_eq!(kinds, ["one", "(long)", "", "last"]);
    }
}

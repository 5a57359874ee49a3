//! What is new since the reader's last visit.
//!
//! The marker is the reader's own: a cookie that holds numbers of the change log and nothing about
//! the reader. A visit ends when half an hour passes without a request, so that looking at a list
//! twice does not make its news old.

use std::collections::BTreeSet;

use rapporteur_record::{Desk, Error, Seq, Store};

/// Minutes after which a further request is another visit.
const PAUSE: u64 = 30;

/// Lines of the change log that are looked at: who was away longer sees the last of them marked.
const MOST: Seq = 20_000;

/// A reader's marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    /// Last line of the change log that the visit before had seen.
    pub(crate) from: Seq,
    /// Last line that was seen.
    seen: Seq,
    /// When, in minutes.
    at: u64,
}

impl Visit {
    /// Reads the cookie.
    pub(crate) fn read(cookie: &str) -> Option<Self> {
        let mut parts = cookie.split('-').map(|part| part.parse().ok());
        let (from, seen, at) = (parts.next()??, parts.next()??, parts.next()??);
        (parts.next().is_none() && from <= seen).then_some(Self { from, seen, at })
    }

    /// As a cookie.
    pub(crate) fn cookie(self) -> String {
        format!("{}-{}-{}", self.from, self.seen, self.at)
    }

    /// The marker after a request at minute `now`, when the log ends at `last`. Who comes first has
    /// seen everything.
    pub(crate) fn next(before: Option<Self>, last: Seq, now: u64) -> Self {
        let seen = last;
        let from = match before {
            Some(v) if v.seen > last => last,
            Some(v) if now.saturating_sub(v.at) > PAUSE => v.seen,
            Some(v) => v.from,
            None => last,
        };
        Self {
            from,
            seen,
            at: now,
        }
    }
}

/// Minutes since 1970 of an RFC 3339 time.
pub(crate) fn minutes(now: &str) -> u64 {
    let second = now.parse::<jiff::Timestamp>().map(|t| t.as_second());
    second.map_or(0, |s| u64::try_from(s / 60).unwrap_or(0))
}

/// Documents that came in and rows that were corrected since a line of the change log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fresh {
    /// Ids of documents, `d-…`.
    pub(crate) docs: BTreeSet<String>,
    /// Corrections made.
    pub(crate) corrections: usize,
}

impl Fresh {
    /// What changed after `from`.
    pub(crate) fn since(desk: &Desk, from: Seq) -> Result<Self, Error> {
        let mut out = Self::default();
        let last = desk.last_change()?;
        if last <= from {
            return Ok(out);
        }
        let from = from.max(last.saturating_sub(MOST));
        for change in desk.changes(from)? {
            match change.kind.as_str() {
                "document" => {
                    out.docs.insert(doc_id(&change.key));
                }
                "correction" => out.corrections += 1,
                _ => {}
            }
        }
        Ok(out)
    }

    /// Whether any of these documents is new.
    pub(crate) fn has<'d>(&self, mut docs: impl Iterator<Item = &'d str>) -> bool {
        !self.docs.is_empty() && docs.any(|doc| self.docs.contains(doc))
    }
}

/// Id of a document's row from its full id.
pub(crate) fn doc_id(key: &str) -> String {
    format!("d-{}", key.get(..12).unwrap_or(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_lasts_while_the_reader_stays() {
        let first = Visit::next(None, 10, 100);
        assert_eq!(first.from, 10);
        let same = Visit::next(Some(first), 14, 120);
        assert_eq!(same.from, 10);
        let later = Visit::next(Some(same), 20, 200);
        assert_eq!(later.from, 14);
        assert_eq!(Visit::read(&later.cookie()), Some(later));
        // Another desk on the same address: its log is shorter.
        assert_eq!(Visit::next(Some(later), 3, 201).from, 3);
        for odd in ["", "1-2", "a-b-c", "9-2-1", "1-2-3-4"] {
            assert_eq!(Visit::read(odd), None, "{odd}");
        }
        assert_eq!(minutes("1970-01-01T02:00:30Z"), 120);
        assert_eq!(minutes("never"), 0);
    }
}

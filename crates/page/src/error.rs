use std::fmt;

/// Why a container (WARC, feed) could not be read, and where.
#[derive(Debug)]
pub struct Error {
    offset: u64,
    kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Io(std::io::Error),
    Damaged(String),
    TooLarge { limit: u64 },
    NotAFeed(String),
}

impl Error {
    pub(crate) fn new(offset: u64, kind: Kind) -> Self {
        Self { offset, kind }
    }

    pub(crate) fn damaged(offset: u64, what: impl Into<String>) -> Self {
        Self::new(offset, Kind::Damaged(what.into()))
    }

    /// Byte of the file (compressed where it is compressed) at which the trouble begins.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the record was left out for its size alone.
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind, Kind::TooLarge { .. })
    }

    /// Whether the input ended in the middle of something.
    pub fn is_truncated(&self) -> bool {
        matches!(&self.kind, Kind::Io(e) if e.kind() == std::io::ErrorKind::UnexpectedEof)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Io(_) if self.is_truncated() => {
                write!(
                    f,
                    "the input ends in the middle of a record that begins at byte {}; fetch the file again",
                    self.offset
                )
            }
            Kind::Io(e) => write!(f, "cannot be read at byte {}: {e}", self.offset),
            Kind::Damaged(what) => write!(f, "damaged record at byte {}: {what}", self.offset),
            Kind::TooLarge { limit } => write!(
                f,
                "the record at byte {} is larger than the limit of {limit} bytes and was left out",
                self.offset
            ),
            Kind::NotAFeed(what) => write!(f, "not a readable RSS, Atom or JSON feed: {what}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Io(e) => Some(e),
            _ => None,
        }
    }
}

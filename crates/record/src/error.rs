use std::fmt;
use std::path::Path;

/// What kind of trouble it was; the command line turns it into an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The folder holds no desk.
    NotADesk,
    /// The folder holds a desk already, or something else.
    Exists,
    /// A newer program wrote it.
    NewerSchema,
    /// The desk cannot be written to, or was opened for reading.
    ReadOnly,
    /// Another process writes to it.
    Locked,
    /// No space left.
    DiskFull,
    /// Stored bytes are not what was written.
    Corrupt,
    /// No such id, or more than one.
    NotFound,
    /// Somebody changed it meanwhile.
    Conflict,
    /// What was asked for makes no sense.
    Invalid,
    /// The system refused something else.
    Io,
}

/// What happened, where, and what to do about it.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    what: String,
    remedy: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            what: what.into(),
            remedy: remedy.into(),
            source: None,
        }))
    }

    pub(crate) fn invalid(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, what, remedy)
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::new(
            ErrorKind::Corrupt,
            what,
            "run `rapporteur check` to see what is affected, and restore the desk from a backup",
        )
    }

    pub(crate) fn read_only() -> Self {
        Self::new(
            ErrorKind::ReadOnly,
            "the desk is open for reading only",
            "make the folder writable, or copy the desk to a place where you may write",
        )
    }

    /// An error of the file system, at `path`.
    pub(crate) fn io(error: std::io::Error, path: &Path) -> Self {
        use std::io::ErrorKind as Io;
        let (kind, remedy) = match error.kind() {
            Io::StorageFull | Io::QuotaExceeded => (ErrorKind::DiskFull, FULL),
            Io::PermissionDenied | Io::ReadOnlyFilesystem => (
                ErrorKind::ReadOnly,
                "make the folder writable, or copy the desk to a place where you may write",
            ),
            _ => (ErrorKind::Io, "see whether the path exists and may be used"),
        };
        let mut out = Self::new(kind, format!("{}: {error}", path.display()), remedy);
        out.0.source = Some(Box::new(error));
        out
    }

    /// What kind of trouble it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, without the remedy.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// What to do about it.
    pub fn remedy(&self) -> &str {
        &self.0.remedy
    }
}

const FULL: &str = "free some space and run the same command again: everything reported as done is \
                    safe";

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.what)?;
        if !self.0.remedy.is_empty() {
            write!(f, "; {}", self.0.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let code = error.sqlite_error_code();
        let (kind, remedy) = match code {
            Some(Code::DiskFull) => (ErrorKind::DiskFull, FULL),
            Some(Code::ReadOnly | Code::PermissionDenied | Code::CannotOpen) => (
                ErrorKind::ReadOnly,
                "make the folder writable, or copy the desk to a place where you may write",
            ),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => (
                ErrorKind::Locked,
                "another program uses the record; wait for it to end and try again",
            ),
            Some(Code::DatabaseCorrupt | Code::NotADatabase) | None if is_damage(&error) => (
                ErrorKind::Corrupt,
                "run `rapporteur check` to see what is affected, and restore the desk from a backup",
            ),
            _ => (ErrorKind::Io, "run `rapporteur check`"),
        };
        let mut out = Self::new(kind, format!("record.db: {error}"), remedy);
        out.0.source = Some(Box::new(error));
        out
    }
}

/// Whether the file holds what nobody wrote: a broken page, or a value of another type.
fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error as Sql;
    match error {
        Sql::SqliteFailure(..) => true,
        other => matches!(
            other,
            Sql::InvalidColumnType(..)
                | Sql::FromSqlConversionFailure(..)
                | Sql::IntegralValueOutOfRange(..)
                | Sql::Utf8Error(..)
        ),
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::corrupt(format!("a stored row cannot be read: {error}"))
    }
}

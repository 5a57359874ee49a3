//! Which folder is the desk.

use std::path::{Path, PathBuf};

use rapporteur_record::Desk;

/// The folder named, or the current one.
pub(crate) fn dir(named: Option<&Path>) -> PathBuf {
    named.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Whether a folder holds a desk.
pub(crate) fn is_desk(dir: &Path) -> bool {
    Desk::is_desk(dir)
}

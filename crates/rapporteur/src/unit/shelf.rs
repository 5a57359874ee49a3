//! Where units come from and results go to: folders, or object storage where it is built in.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{RECEIPT, hash_of, told};

/// What putting did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// Nothing was there.
    New,
    /// The same bytes were there.
    Same,
    /// Something else was there, and stays.
    Differs,
}

/// A place for results that is only ever added to. Keys are relative paths.
pub(crate) trait Shelf: std::fmt::Debug {
    /// A key for a reader.
    fn name(&self, key: &str) -> String;
    /// What stands under a key, if anything.
    fn open(&self, key: &str) -> Result<Option<File>, String>;
    /// Puts a whole file under a key unless something is there; nobody ever sees half of it.
    fn put_new(&self, key: &str, file: &Path) -> Result<Put, String>;
    /// A local folder for files in the making.
    fn stage(&self) -> Result<PathBuf, String>;
    /// Keys of all receipts, sorted.
    fn receipts(&self) -> Result<Vec<String>, String>;
}

/// The shelf of a path or address.
pub(crate) fn open(uri: &str) -> Result<Box<dyn Shelf>, String> {
    match scheme(uri) {
        None => Ok(Box::new(Folder(PathBuf::from(uri)))),
        Some("file") => Ok(Box::new(Folder(file_path(uri)))),
        Some(_) => far(uri),
    }
}

#[cfg(feature = "objects")]
fn far(uri: &str) -> Result<Box<dyn Shelf>, String> {
    Ok(Box::new(super::objects::Objects::open(uri)?))
}

#[cfg(not(feature = "objects"))]
fn far(uri: &str) -> Result<Box<dyn Shelf>, String> {
    Err(no_objects(uri))
}

#[cfg(not(feature = "objects"))]
fn no_objects(uri: &str) -> String {
    format!(
        "{uri}: this program was built without object storage; build it with \
         `cargo build --release --features rapporteur/objects`, or name a folder"
    )
}

/// The bytes of a unit in a local file.
#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) path: PathBuf,
    /// It was fetched, and goes away.
    fetched: bool,
}

impl Drop for Local {
    fn drop(&mut self) {
        if self.fetched {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Brings a unit here.
pub(crate) fn local(uri: &str) -> Result<Local, String> {
    let near = |path: PathBuf| Local {
        path,
        fetched: false,
    };
    match scheme(uri) {
        None => Ok(near(PathBuf::from(uri))),
        Some("file") => Ok(near(file_path(uri))),
        #[cfg(feature = "objects")]
        Some(_) => Ok(Local {
            path: super::objects::fetch(uri)?,
            fetched: true,
        }),
        #[cfg(not(feature = "objects"))]
        Some(_) => Err(no_objects(uri)),
    }
}

/// The scheme of an address; a path has none.
fn scheme(uri: &str) -> Option<&str> {
    let (scheme, _) = uri.split_once("://")?;
    let plain = scheme
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    (plain && scheme.len() > 1).then_some(scheme)
}

fn file_path(uri: &str) -> PathBuf {
    PathBuf::from(uri.strip_prefix("file://").unwrap_or(uri))
}

/// A folder. A file is written aside, made durable, and linked under its name: the link fails where
/// the name is taken.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

/// Files in the making, within the folder so that they lie on one file system.
const STAGE: &str = ".part";

impl Shelf for Folder {
    fn name(&self, key: &str) -> String {
        self.0.join(key).display().to_string()
    }

    fn open(&self, key: &str) -> Result<Option<File>, String> {
        let path = self.0.join(key);
        match File::open(&path) {
            Ok(file) => Ok(Some(file)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(told(&path, &e)),
        }
    }

    fn put_new(&self, key: &str, file: &Path) -> Result<Put, String> {
        let path = self.0.join(key);
        let folder = path.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder).map_err(|e| told(folder, &e))?;
        File::open(file)
            .and_then(|file| file.sync_all())
            .map_err(|e| told(file, &e))?;
        match fs::hard_link(file, &path) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                return same(File::open(&path), file).map_err(|e| told(&path, &e));
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(told(file, &e)),
            // A file system without links: two runs at once put the same bytes.
            Err(_) if path.exists() => {
                return same(File::open(&path), file).map_err(|e| told(&path, &e));
            }
            Err(_) => fs::rename(file, &path).map_err(|e| told(&path, &e))?,
        }
        // The name must be as durable as the bytes.
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(Put::New)
    }

    fn stage(&self) -> Result<PathBuf, String> {
        let path = self.0.join(STAGE);
        fs::create_dir_all(&path).map_err(|e| told(&path, &e))?;
        Ok(path)
    }

    fn receipts(&self) -> Result<Vec<String>, String> {
        let mut out = Vec::new();
        walk(&self.0, "", &mut out)?;
        out.sort();
        Ok(out)
    }
}

/// Whether two files are the same.
pub(super) fn same(there: io::Result<File>, here: &Path) -> io::Result<Put> {
    let (mut there, mut here) = (there?, File::open(here)?);
    Ok(if hash_of(&mut there)? == hash_of(&mut here)? {
        Put::Same
    } else {
        Put::Differs
    })
}

fn walk(folder: &Path, prefix: &str, out: &mut Vec<String>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|e| told(folder, &e))?;
    for entry in entries {
        let entry = entry.map_err(|e| told(folder, &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let key = format!("{prefix}{name}");
        if name == RECEIPT {
            out.push(key);
        } else if !name.starts_with('.') && entry.path().is_dir() {
            walk(&entry.path(), &format!("{key}/"), out)?;
        }
    }
    Ok(())
}

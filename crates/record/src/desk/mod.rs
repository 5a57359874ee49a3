//! A desk in a folder: `record.db` (SQLite), `pages/` (WARC segments), `desk.lock`.

mod check;
mod copy;
mod find;
mod kept;
mod read;
mod schema;
mod segments;
mod verify;
mod visit;
mod write;

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::{Damage, Error, ErrorKind};
pub use copy::Copied;
pub use kept::Kept;
use segments::Segments;

const RECORD: &str = "record.db";
const LOCK: &str = "desk.lock";
const PAGES: &str = "pages";

/// How a desk is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// To look only: any number of processes, also while one writes.
    Read,
    /// To write: one process.
    Write,
}

/// A desk: a folder with the record in it.
#[derive(Debug)]
pub struct Desk {
    root: PathBuf,
    db: Connection,
    /// What only the writer has.
    writer: Option<Writer>,
    /// What the last walk over the documents could not read.
    damaged: RefCell<Vec<Damage>>,
}

#[derive(Debug)]
struct Writer {
    segments: Segments,
    /// A commit failed: whether it was kept shows when the desk is opened again.
    doubtful: bool,
    /// Held for as long as the desk is open; the system lets go of it when the process ends.
    _lock: File,
}

impl Desk {
    /// Makes a desk of a folder, which may hold other things but no desk, and opens it for writing.
    /// A desk whose making was interrupted is made to its end.
    pub fn init(dir: &Path) -> Result<Self, Error> {
        if Self::is_desk(dir) && !schema::is_unmade(&dir.join(RECORD)) {
            return Err(Error::new(
                ErrorKind::Exists,
                format!("{} is a desk already", dir.display()),
                "add pages to it with `rapporteur add`, or name another folder",
            ));
        }
        let pages = dir.join(PAGES);
        fs::create_dir_all(&pages).map_err(|e| Error::io(e, &pages))?;
        sync_folder(dir)?;
        Self::open_writer(dir)
    }

    /// Opens the desk in `dir`.
    pub fn open(dir: &Path, mode: Mode) -> Result<Self, Error> {
        if !Self::is_desk(dir) {
            return Err(Error::new(
                ErrorKind::NotADesk,
                format!("{} is not a desk", dir.display()),
                "make one with `rapporteur init DIR`, or name one with --desk DIR",
            ));
        }
        match mode {
            Mode::Write => Self::open_writer(dir),
            Mode::Read => Self::open_reader(dir),
        }
    }

    /// Whether `dir` holds a desk.
    pub fn is_desk(dir: &Path) -> bool {
        dir.join(RECORD).is_file()
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn open_writer(dir: &Path) -> Result<Self, Error> {
        let lock = lock(dir)?;
        let path = dir.join(RECORD);
        let mut db = Connection::open(&path)?;
        let found = schema::admit(&db, &path)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.set_prepared_statement_cache_capacity(64);
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "mmap_size", 0)?;
        db.pragma_update(None, "cache_size", -16_000)?;
        if found < schema::MIGRATIONS.len() {
            schema::migrate(&mut db, &path, schema::MIGRATIONS)?;
        }
        let (segment, end) = db.query_row(
            "SELECT segment, start + stored FROM raw_page ORDER BY segment DESC, start DESC LIMIT 1",
            [],
            |row| Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)? as u64)),
        )
        .or_else(|e| match e {
            rusqlite::Error::QueryReturnedNoRows => Ok((1, 0)),
            e => Err(e),
        })?;
        let pages = dir.join(PAGES);
        fs::create_dir_all(&pages).map_err(|e| Error::io(e, &pages))?;
        let segments = Segments::open(pages, segment, end)?;
        let mut desk = Self {
            root: dir.to_path_buf(),
            db,
            writer: Some(Writer {
                segments,
                doubtful: false,
                _lock: lock,
            }),
            damaged: RefCell::default(),
        };
        desk.refresh_index()?;
        Ok(desk)
    }

    fn open_reader(dir: &Path) -> Result<Self, Error> {
        let (db, found) = look(dir)?;
        if found == 0 {
            return Err(Error::new(
                ErrorKind::NotADesk,
                format!(
                    "the making of the desk in {} was interrupted",
                    dir.display()
                ),
                "make it with `rapporteur init DIR`",
            ));
        }
        if found < schema::MIGRATIONS.len() {
            return Err(Error::invalid(
                format!(
                    "{} was made by an older version",
                    dir.join(RECORD).display()
                ),
                "run a command that writes, such as `rapporteur add`, once: it brings the desk up to date",
            ));
        }
        Ok(Self {
            root: dir.to_path_buf(),
            db,
            writer: None,
            damaged: RefCell::default(),
        })
    }

    /// Lets the database grow to so many pages and no further (0: as many as it has); returns how
    /// many it has. A budget for a desk, and a full disk for tests.
    pub fn limit_pages(&self, most: u64) -> Result<u64, Error> {
        let has: i64 = self
            .db
            .query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let most = if most == 0 { has as u64 } else { most };
        self.db
            .query_row(&format!("PRAGMA max_page_count = {most}"), [], |_| Ok(()))?;
        Ok(has as u64)
    }

    fn pages(&self) -> PathBuf {
        self.root.join(PAGES)
    }
}

/// Opens the record in `dir` for reading; with the number of its schema.
fn look(dir: &Path) -> Result<(Connection, usize), Error> {
    let path = dir.join(RECORD);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let open = |name: &str| -> Result<(Connection, usize), Error> {
        let db = Connection::open_with_flags(name, flags)?;
        db.busy_timeout(Duration::from_secs(5))?;
        let found = schema::admit(&db, &path)?;
        Ok((db, found))
    };
    let plain = format!("file:{}", escape(&path));
    match open(&plain) {
        // A folder that cannot be written, or a full disk, has no place for the files that readers
        // share: what no writer can touch may be read as it stands.
        Err(e) if NO_PLACE.contains(&e.kind()) && whole(&path) => {
            open(&format!("{plain}?immutable=1"))
        }
        other => other,
    }
}

/// What a reader meets where it cannot make a file.
const NO_PLACE: [ErrorKind; 3] = [ErrorKind::ReadOnly, ErrorKind::DiskFull, ErrorKind::Io];

/// Makes the names in a folder as durable as the bytes of its files, where the system can.
fn sync_folder(dir: &Path) -> Result<(), Error> {
    use std::io::ErrorKind as Io;
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(dir).and_then(|dir| dir.sync_all()) {
        // Some file systems know no such call.
        Err(e) if !matches!(e.kind(), Io::InvalidInput | Io::Unsupported) => Err(Error::io(e, dir)),
        _ => Ok(()),
    }
}

/// A path inside a `file:` address.
fn escape(path: &Path) -> String {
    path.to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}

/// Whether the database has no pages waiting in its log.
fn whole(path: &Path) -> bool {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    fs::metadata(PathBuf::from(wal)).map_or(true, |meta| meta.len() == 0)
}

/// Takes the desk for this process.
fn lock(dir: &Path) -> Result<File, Error> {
    let path = dir.join(LOCK);
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(|e| Error::io(e, &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            return Err(Error::new(
                ErrorKind::Locked,
                format!(
                    "{} is already open for writing by process {}",
                    dir.display(),
                    holder.trim()
                ),
                "wait for that process to end; reading commands work meanwhile",
            ));
        }
        Err(TryLockError::Error(e)) => return Err(Error::io(e, &path)),
    }
    file.set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| write!(file, "{}", std::process::id()))
        .map_err(|e| Error::io(e, &path))?;
    Ok(file)
}

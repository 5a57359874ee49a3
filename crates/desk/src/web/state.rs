//! What all requests share: the desk's folder, the views loaded last, the pen.

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use axum::http::StatusCode;
use rapporteur_record::{Desk, Filter, Mode};
use tokio::sync::Semaphore;

use super::accounts::{self, Book};
use super::limits::Limits;
use super::session::Sessions;
use super::views::{Loaded, Views};
use super::{Config, Failure};

/// Long works at once.
const HEAVY: usize = 4;

/// State of a served desk.
#[derive(Debug)]
pub struct Shared {
    pub(crate) config: Config,
    /// Made anew at each start: tokens of forms hang on it.
    pub(crate) secret: [u8; 32],
    /// The desk is about to close: nobody waits any more.
    pub(crate) closing: Arc<AtomicBool>,
    /// Readers that wait for news.
    pub(crate) waiting: AtomicUsize,
    views: Arc<Views>,
    pen: Mutex<()>,
    pub(crate) sessions: Sessions,
    pub(crate) limits: Limits,
    /// Places for long work.
    pub(crate) heavy: Arc<Semaphore>,
    /// The accounts as they were read last, with what told that reading apart from others.
    book: Mutex<Option<(Stamp, Arc<Book>)>>,
}

/// Length, time and number of a file: one that was replaced has another.
type Stamp = (u64, Option<SystemTime>, u64);

impl Shared {
    /// The state of a desk that is served.
    pub fn new(config: Config) -> Self {
        Self {
            secret: config.world.random(),
            config,
            closing: Arc::default(),
            waiting: AtomicUsize::new(0),
            views: Arc::default(),
            pen: Mutex::default(),
            sessions: Sessions::default(),
            limits: Limits::default(),
            heavy: Arc::new(Semaphore::new(HEAVY)),
            book: Mutex::default(),
        }
    }

    /// Whether others than this machine's user can reach the desk.
    pub(crate) fn is_public(&self) -> bool {
        self.config.is_public()
    }

    /// Whether browsers reach the desk over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.config.access.tls.is_some() || self.config.access.proxy.is_some()
    }

    /// Name of the session's cookie. Over TLS browsers guard the prefix: no other host and no
    /// page without TLS can set it.
    pub(crate) fn cookie(&self) -> &'static str {
        if self.is_secure() {
            "__Host-rapporteur"
        } else {
            "rapporteur"
        }
    }

    /// The clock in seconds. Limits and sessions need no finer one.
    pub(crate) fn seconds(&self) -> i64 {
        let now = self.config.world.now().parse::<jiff::Timestamp>();
        now.map_or(0, jiff::Timestamp::as_second)
    }

    /// The accounts as they stand now. The command line may change them while the desk is served.
    pub(crate) fn accounts(&self) -> Result<Arc<Book>, Failure> {
        let stamp = stamp(&self.config.dir.join(accounts::FILE));
        let mut kept = held(&self.book);
        if let (Some(stamp), Some((known, book))) = (&stamp, kept.as_ref())
            && stamp == known
        {
            return Ok(Arc::clone(book));
        }
        // What cannot be read lets nobody in.
        let book = Arc::new(Book::read(&self.config.dir).map_err(|_| {
            Failure::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the accounts of this desk cannot be read",
                "`rapporteur account list` says why",
            )
        })?);
        *kept = stamp.map(|stamp| (stamp, Arc::clone(&book)));
        Ok(book)
    }

    /// The desk, to look.
    pub(crate) fn desk(&self) -> Result<Desk, Failure> {
        Ok(Desk::open(&self.config.dir, Mode::Read)?)
    }

    /// A view, as the record stands now; a large one that has just changed, as it stood before.
    pub(crate) fn view(&self, filter: &Filter) -> Result<Arc<Loaded>, Failure> {
        self.views.view(&self.config.dir, filter)
    }

    /// Changes the record, one request at a time.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&mut Desk) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let _pen = held(&self.pen);
        let mut desk = Desk::open(&self.config.dir, Mode::Write)?;
        change(&mut desk)
    }

    /// Lets one request at a time read inputs into the desk.
    pub(crate) fn alone<T>(&self, work: impl FnOnce() -> T) -> T {
        let _pen = held(&self.pen);
        work()
    }
}

/// A lock, also after a panic of whoever held it: what it guards is replaced whole, never changed
/// halfway.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn stamp(path: &std::path::Path) -> Option<Stamp> {
    let meta = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&meta);
    #[cfg(not(unix))]
    let number = 0;
    Some((meta.len(), meta.modified().ok(), number))
}

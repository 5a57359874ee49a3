//! What all requests share: the desk's folder, the views loaded last, the pen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use axum::http::StatusCode;
use rapporteur_record::{Desk, Filter, Mode, Seq, Store, View};
use tokio::sync::Semaphore;

use super::accounts::{self, Book};
use super::limits::Limits;
use super::session::Sessions;
use super::{Config, Failure};
use crate::sections::Numbers;

/// Long works at once.
const HEAVY: usize = 4;

/// Views kept; the one asked for longest ago goes first.
const KEPT: usize = 6;

/// A view with what the screens ask of it.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) view: View,
    pub(crate) numbers: Numbers,
    /// Last line of the change log that it holds.
    pub(crate) seq: Seq,
}

/// State of a served desk.
#[derive(Debug)]
pub struct Shared {
    pub(crate) config: Config,
    /// Made anew at each start: tokens of forms hang on it.
    pub(crate) secret: [u8; 32],
    views: Mutex<Vec<(Filter, Arc<Loaded>)>>,
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
            views: Mutex::default(),
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

    /// A view, as the record stands now. Unchanged records are not loaded again.
    pub(crate) fn view(&self, filter: &Filter) -> Result<Arc<Loaded>, Failure> {
        let desk = self.desk()?;
        let known = self.kept(filter);
        let after = known.as_ref().map_or(0, |loaded| loaded.seq);
        let changes = desk.changes(after)?;
        if let (Some(known), true) = (known, changes.is_empty()) {
            return Ok(known);
        }
        let view = View::load(&desk, filter)?;
        let loaded = Arc::new(Loaded {
            numbers: Numbers::of(&view),
            view,
            seq: changes.last().map_or(after, |change| change.seq),
        });
        let mut views = held(&self.views);
        views.retain(|(kept, _)| kept != filter);
        views.insert(0, (filter.clone(), Arc::clone(&loaded)));
        views.truncate(KEPT);
        Ok(loaded)
    }

    fn kept(&self, filter: &Filter) -> Option<Arc<Loaded>> {
        let mut views = held(&self.views);
        let at = views.iter().position(|(kept, _)| kept == filter)?;
        let found = views.remove(at);
        let loaded = Arc::clone(&found.1);
        views.insert(0, found);
        Some(loaded)
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

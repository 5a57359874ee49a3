//! What all requests share: the desk's folder, the views loaded last, the pen.

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rapporteur_record::{Desk, Filter, Mode, Seq, Store, View};

use super::{Config, Failure};
use crate::sections::Numbers;

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
    /// The desk is about to close: nobody waits any more.
    pub(crate) closing: Arc<AtomicBool>,
    /// Readers that wait for news.
    pub(crate) waiting: AtomicUsize,
    views: Mutex<Vec<(Filter, Arc<Loaded>)>>,
    pen: Mutex<()>,
}

impl Shared {
    /// The state of a desk that is served.
    pub fn new(config: Config) -> Self {
        Self {
            secret: config.world.random(),
            config,
            closing: Arc::default(),
            waiting: AtomicUsize::new(0),
            views: Mutex::default(),
            pen: Mutex::default(),
        }
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
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

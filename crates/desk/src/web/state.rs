//! What all requests share: the desk's folder, the views loaded last, the pen.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rapporteur_record::{Desk, Filter, Mode, Seq, Store, View};

use super::{Config, Failure};
use crate::sections::Numbers;

/// Views kept; the one asked for longest ago goes first.
const KEPT: usize = 6;
/// A view of more documents is read again beside its readers, who see the one before meanwhile.
const AT_ONCE: usize = 300;

/// A view with what the screens ask of it.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) view: View,
    pub(crate) numbers: Numbers,
    /// Last line of the change log that it holds.
    pub(crate) seq: Seq,
}

/// Views that were loaded, the last asked for first, and those that are being loaded.
#[derive(Debug, Default)]
struct Views {
    kept: Mutex<Vec<(Filter, Arc<Loaded>)>>,
    loading: Mutex<Vec<Filter>>,
    /// Told when one has been loaded.
    done: Condvar,
}

/// State of a served desk.
#[derive(Debug)]
pub struct Shared {
    pub(crate) config: Config,
    /// Made anew at each start: tokens of forms hang on it.
    pub(crate) secret: [u8; 32],
    views: Arc<Views>,
    pen: Mutex<()>,
}

impl Views {
    fn get(&self, filter: &Filter) -> Option<Arc<Loaded>> {
        let mut views = held(&self.kept);
        let at = views.iter().position(|(kept, _)| kept == filter)?;
        let found = views.remove(at);
        let loaded = Arc::clone(&found.1);
        views.insert(0, found);
        Some(loaded)
    }

    fn put(&self, filter: &Filter, loaded: &Arc<Loaded>) {
        let mut views = held(&self.kept);
        views.retain(|(kept, _)| kept != filter);
        views.insert(0, (filter.clone(), Arc::clone(loaded)));
        views.truncate(KEPT);
    }

    /// Whether the caller is the one who loads it.
    fn begin(&self, filter: &Filter) -> bool {
        let mut loading = held(&self.loading);
        let free = !loading.contains(filter);
        if free {
            loading.push(filter.clone());
        }
        free
    }

    fn end(&self, filter: &Filter) {
        held(&self.loading).retain(|other| other != filter);
        self.done.notify_all();
    }

    /// Until nobody loads it.
    fn wait(&self, filter: &Filter) {
        let mut loading = held(&self.loading);
        while loading.contains(filter) {
            loading = self
                .done
                .wait(loading)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Reads the record and keeps the view.
    fn load(&self, desk: &Desk, filter: &Filter, seq: Seq) -> Result<Arc<Loaded>, Failure> {
        let view = View::load(desk, filter)?;
        let loaded = Arc::new(Loaded {
            numbers: Numbers::of(&view),
            view,
            seq,
        });
        self.put(filter, &loaded);
        Ok(loaded)
    }
}

/// Ends the loading of a view however it ends.
struct Load<'v>(&'v Views, &'v Filter);

impl Drop for Load<'_> {
    fn drop(&mut self) {
        self.0.end(self.1);
    }
}

impl Shared {
    /// The state of a desk that is served.
    pub fn new(config: Config) -> Self {
        Self {
            secret: config.world.random(),
            config,
            views: Arc::default(),
            pen: Mutex::default(),
        }
    }

    /// The desk, to look.
    pub(crate) fn desk(&self) -> Result<Desk, Failure> {
        Ok(Desk::open(&self.config.dir, Mode::Read)?)
    }

    /// A view, as the record stands now. Unchanged records are not loaded again, and nobody loads
    /// what another request is loading. A large one that has changed is read anew beside its
    /// readers: they see the state before the change for those seconds.
    pub(crate) fn view(&self, filter: &Filter) -> Result<Arc<Loaded>, Failure> {
        let desk = self.desk()?;
        loop {
            let known = self.views.get(filter);
            let after = known.as_ref().map_or(0, |loaded| loaded.seq);
            let last = desk.changes(after)?.last().map(|change| change.seq);
            match (known, last) {
                (Some(known), None) => return Ok(known),
                (Some(known), Some(_)) if known.view.docs.len() > AT_ONCE => {
                    self.renew(filter);
                    return Ok(known);
                }
                (_, last) if self.views.begin(filter) => {
                    let _load = Load(&self.views, filter);
                    return self.views.load(&desk, filter, last.unwrap_or(after));
                }
                _ => self.views.wait(filter),
            }
        }
    }

    /// Reads a view anew on a thread of its own, unless one does.
    fn renew(&self, filter: &Filter) {
        if !self.views.begin(filter) {
            return;
        }
        let (views, dir) = (Arc::clone(&self.views), self.config.dir.clone());
        let filter = filter.clone();
        std::thread::spawn(move || {
            let _load = Load(&views, &filter);
            // A desk that cannot be read now is read by the next request, which says why.
            if let Ok(desk) = Desk::open(&dir, Mode::Read) {
                let seq = desk.changes(0).map(|all| all.last().map_or(0, |c| c.seq));
                if let Ok(seq) = seq {
                    let _ = views.load(&desk, &filter, seq);
                }
            }
        });
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

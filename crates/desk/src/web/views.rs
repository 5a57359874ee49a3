//! The views that were loaded last, and who loads the next.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use rapporteur_record::{Desk, Filter, Mode, Seq, Store, View};

use super::Failure;
use super::state::held;
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
pub(super) struct Views {
    kept: Mutex<Vec<(Filter, Arc<Loaded>)>>,
    loading: Mutex<Vec<Filter>>,
    /// Told when one has been loaded.
    done: Condvar,
}

impl Views {
    /// A view, as the record stands now. Unchanged records are not loaded again, and nobody loads
    /// what another request is loading. A large one that has changed is read anew beside its
    /// readers: they see the state before the change for those seconds.
    pub(crate) fn view(
        self: &Arc<Self>,
        dir: &Path,
        filter: &Filter,
    ) -> Result<Arc<Loaded>, Failure> {
        let desk = Desk::open(dir, Mode::Read)?;
        loop {
            let known = self.get(filter);
            let after = known.as_ref().map_or(0, |loaded| loaded.seq);
            let last = desk.changes(after)?.last().map(|change| change.seq);
            match (known, last) {
                (Some(known), None) => return Ok(known),
                (Some(known), Some(_)) if known.view.docs.len() > AT_ONCE => {
                    self.renew(dir, filter);
                    return Ok(known);
                }
                (_, last) if self.begin(filter) => {
                    let _load = Load(self, filter);
                    return self.load(&desk, filter, last.unwrap_or(after));
                }
                _ => self.wait(filter),
            }
        }
    }

    /// Reads a view anew on a thread of its own, unless one does.
    fn renew(self: &Arc<Self>, dir: &Path, filter: &Filter) {
        if !self.begin(filter) {
            return;
        }
        let (views, dir) = (Arc::clone(self), dir.to_owned());
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

use std::sync::{Condvar, Mutex};

/// Bounds the bytes that are on their way between reader and writer: memory stays flat however
/// slow one page is and however many there are.
#[derive(Debug)]
pub(crate) struct Gate {
    budget: usize,
    used: Mutex<Used>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Used {
    bytes: usize,
    shut: bool,
}

impl Gate {
    pub(crate) fn new(budget: usize) -> Self {
        Self {
            budget,
            used: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Waits until `bytes` fit, or nothing else is under way. False when the gate was shut.
    pub(crate) fn enter(&self, bytes: usize) -> bool {
        let Ok(mut used) = self.used.lock() else {
            return false;
        };
        while !used.shut && used.bytes > 0 && used.bytes + bytes > self.budget {
            used = match self.freed.wait(used) {
                Ok(used) => used,
                Err(_) => return false,
            };
        }
        used.bytes += bytes;
        !used.shut
    }

    pub(crate) fn leave(&self, bytes: usize) {
        if let Ok(mut used) = self.used.lock() {
            used.bytes = used.bytes.saturating_sub(bytes);
        }
        self.freed.notify_all();
    }

    /// Lets nobody in any more.
    pub(crate) fn shut(&self) {
        if let Ok(mut used) = self.used.lock() {
            used.shut = true;
        }
        self.freed.notify_all();
    }
}

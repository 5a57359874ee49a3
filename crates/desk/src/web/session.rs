//! Sessions: who is signed in, in memory only. A desk that starts anew has none.

use std::collections::BTreeMap;
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use super::state::held;

/// A session that nobody used for so long ends, in seconds.
pub(crate) const IDLE: i64 = 2 * 3600;
/// No session lasts longer, in seconds.
pub(crate) const ABSOLUTE: i64 = 12 * 3600;
/// Sessions of one account; the oldest goes first.
const MOST: usize = 20;

/// Who a session belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// Name of the account.
    pub(crate) name: String,
    /// Generation of the account when the session began: a later one ends it.
    pub(crate) generation: u64,
}

#[derive(Clone, Debug)]
struct Session {
    owner: Owner,
    began: i64,
    seen: i64,
}

impl Session {
    fn lasts(&self, now: i64) -> bool {
        now - self.seen <= IDLE && now - self.began <= ABSOLUTE
    }
}

/// Every session, by the hash of its id: what is read out of the memory opens nothing.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<BTreeMap<[u8; 32], Session>>);

impl Sessions {
    /// Begins a session under a new id. Times are in seconds.
    pub(crate) fn begin(&self, id: &str, owner: Owner, now: i64) {
        let mut all = held(&self.0);
        all.retain(|_, session| session.lasts(now));
        let mut own: Vec<(i64, [u8; 32])> = all
            .iter()
            .filter(|(_, session)| session.owner.name == owner.name)
            .map(|(key, session)| (session.seen, *key))
            .collect();
        own.sort_unstable();
        for (_, key) in own.iter().take((own.len() + 1).saturating_sub(MOST)) {
            all.remove(key);
        }
        let session = Session {
            owner,
            began: now,
            seen: now,
        };
        all.insert(hash(id), session);
    }

    /// Whose session it is; it is used with that.
    pub(crate) fn find(&self, id: &str, now: i64) -> Option<Owner> {
        let mut all = held(&self.0);
        let key = hash(id);
        let session = all.get_mut(&key)?;
        if !session.lasts(now) {
            all.remove(&key);
            return None;
        }
        session.seen = session.seen.max(now);
        Some(session.owner.clone())
    }

    /// Ends a session.
    pub(crate) fn end(&self, id: &str) {
        held(&self.0).remove(&hash(id));
    }
}

fn hash(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ana() -> Owner {
        Owner {
            name: "Ana".into(),
            generation: 1,
        }
    }

    #[test]
    fn a_session_ends_when_unused_and_after_its_longest_time() {
        let sessions = Sessions::default();
        sessions.begin("a", ana(), 0);
        assert_eq!(sessions.find("a", IDLE), Some(ana()));
        assert_eq!(sessions.find("a", 2 * IDLE + 1), None);
        sessions.begin("b", ana(), 0);
        let mut now = 0;
        while now + IDLE <= ABSOLUTE {
            now += IDLE;
            assert_eq!(sessions.find("b", now), Some(ana()), "{now}");
        }
        assert_eq!(sessions.find("b", ABSOLUTE + 1), None);
    }

    #[test]
    fn a_session_is_ended_and_only_so_many_are_kept() {
        let sessions = Sessions::default();
        sessions.begin("a", ana(), 0);
        sessions.end("a");
        assert_eq!(sessions.find("a", 0), None);
        for n in 0..50 {
            sessions.begin(&n.to_string(), ana(), n);
        }
        assert_eq!(held(&sessions.0).len(), MOST);
        assert_eq!(sessions.find("0", 50), None);
        assert_eq!(sessions.find("49", 50), Some(ana()));
    }

    #[test]
    fn the_id_is_not_kept() {
        let sessions = Sessions::default();
        sessions.begin("secret-id", ana(), 0);
        assert!(!format!("{sessions:?}").contains("secret-id"));
    }
}

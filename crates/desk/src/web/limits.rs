//! How much one asker may ask: token buckets per account or address, a slow-down after wrong
//! passwords, room for heavy work.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::state::held;

/// What a request costs beside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cost {
    /// A request like any other.
    Plain,
    /// A try at a password.
    SignIn,
    /// A try at the password of one name, from wherever.
    Name,
    /// A search.
    Search,
    /// Something to read.
    Upload,
    /// A file of a selection, or another long work.
    Heavy,
}

/// How many at once, and how many more in a thousand seconds.
#[derive(Clone, Copy, Debug)]
struct Rate {
    burst: i64,
    per_1000_s: i64,
}

impl Cost {
    fn rate(self) -> Rate {
        let (burst, per_1000_s) = match self {
            Self::Plain => (300, 20_000),
            Self::SignIn => (30, 300),
            // Wide enough that one stranger alone cannot shut the owner out.
            Self::Name => (100, 500),
            Self::Search => (60, 2_000),
            Self::Upload => (30, 200),
            Self::Heavy => (40, 200),
        };
        Rate { burst, per_1000_s }
    }

    /// Whether it takes one of the few places for long work.
    pub(crate) fn is_heavy(self) -> bool {
        matches!(self, Self::SignIn | Self::Upload | Self::Heavy)
    }
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Thousandths of a request that are left.
    left: i64,
    at: i64,
}

/// Wrong passwords that cost nothing.
const FREE: u32 = 4;
/// Longest pause after wrong passwords, in seconds.
const PAUSE: i64 = 900;
/// Askers that are remembered. Beyond it those who asked longest ago are forgotten.
const REMEMBERED: usize = 20_000;

#[derive(Clone, Copy, Debug)]
struct Failed {
    count: u32,
    last: i64,
}

/// Who asked how much.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    buckets: Mutex<BTreeMap<(Cost, String), Bucket>>,
    failed: Mutex<BTreeMap<String, Failed>>,
}

impl Limits {
    /// Takes one from the asker's bucket, or says after how many seconds there is one.
    pub(crate) fn take(&self, cost: Cost, who: &str, now: i64) -> Result<(), u64> {
        let rate = cost.rate();
        let mut buckets = held(&self.buckets);
        if buckets.len() >= REMEMBERED {
            forget(&mut buckets, |bucket| bucket.at);
        }
        let full = rate.burst * 1000;
        let bucket = buckets.entry((cost, who.to_owned())).or_insert(Bucket {
            left: full,
            at: now,
        });
        let passed = (now - bucket.at).clamp(0, 1_000_000);
        bucket.left = (bucket.left + passed * rate.per_1000_s).min(full);
        bucket.at = now;
        if bucket.left >= 1000 {
            bucket.left -= 1000;
            return Ok(());
        }
        Err(((1000 - bucket.left) as u64)
            .div_ceil(rate.per_1000_s as u64)
            .max(1))
    }

    /// Whether a password may be tried, or after how many seconds.
    pub(crate) fn may_try(&self, who: &str, now: i64) -> Result<(), u64> {
        let failed = held(&self.failed);
        let Some(known) = failed.get(who) else {
            return Ok(());
        };
        let wait = known.last + pause(known.count) - now;
        if wait > 0 { Err(wait as u64) } else { Ok(()) }
    }

    /// A wrong password.
    pub(crate) fn failed(&self, who: &str, now: i64) {
        let mut failed = held(&self.failed);
        if failed.len() >= REMEMBERED {
            forget(&mut failed, |failed| failed.last);
        }
        let known = failed.entry(who.to_owned()).or_insert(Failed {
            count: 0,
            last: now,
        });
        // Who kept still for a day begins anew.
        if now - known.last > 86_400 {
            known.count = 0;
        }
        known.count = known.count.saturating_add(1);
        known.last = now;
    }

    /// The right password.
    pub(crate) fn succeeded(&self, who: &str) {
        held(&self.failed).remove(who);
    }
}

/// The pause after so many wrong passwords: none, then 2, 4, 8 … seconds.
fn pause(count: u32) -> i64 {
    match count.checked_sub(FREE) {
        None | Some(0) => 0,
        Some(over) => 1_i64.checked_shl(over.min(20)).unwrap_or(PAUSE).min(PAUSE),
    }
}

/// Forgets the older half.
fn forget<K: Ord + Clone, V>(all: &mut BTreeMap<K, V>, at: impl Fn(&V) -> i64) {
    let mut times: Vec<i64> = all.values().map(&at).collect();
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or(0);
    all.retain(|_, value| at(value) > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let limits = Limits::default();
        for _ in 0..60 {
            assert_eq!(limits.take(Cost::Search, "ana", 0), Ok(()));
        }
        let wait = limits.take(Cost::Search, "ana", 0).unwrap_err();
        assert_eq!(limits.take(Cost::Search, "bea", 0), Ok(()));
        assert_eq!(limits.take(Cost::Plain, "ana", 0), Ok(()));
        assert_eq!(limits.take(Cost::Search, "ana", wait as i64), Ok(()));
        // A clock that goes back gives nothing and takes nothing.
        assert!(limits.take(Cost::Search, "ana", -50).is_ok() || wait >= 1);
    }

    #[test]
    fn wrong_passwords_make_slow_and_the_right_one_ends_it() {
        let limits = Limits::default();
        for _ in 0..FREE {
            limits.failed("ana@192.0.2.1", 0);
            assert!(limits.may_try("ana@192.0.2.1", 0).is_ok());
        }
        let mut last = 0;
        for _ in 0..12 {
            limits.failed("ana@192.0.2.1", 0);
            let wait = limits.may_try("ana@192.0.2.1", 0).unwrap_err();
            assert!(wait >= last && wait <= PAUSE as u64, "{wait}");
            last = wait;
        }
        assert_eq!(last, PAUSE as u64);
        assert!(limits.may_try("ana@192.0.2.2", 0).is_ok());
        limits.succeeded("ana@192.0.2.1");
        assert!(limits.may_try("ana@192.0.2.1", 0).is_ok());
    }

    #[test]
    fn the_memory_of_askers_is_bounded() {
        let limits = Limits::default();
        for n in 0..(3 * REMEMBERED as i64) {
            let _ = limits.take(Cost::Plain, &n.to_string(), n);
            limits.failed(&n.to_string(), n);
        }
        assert!(held(&limits.buckets).len() <= REMEMBERED);
        assert!(held(&limits.failed).len() <= REMEMBERED);
    }
}

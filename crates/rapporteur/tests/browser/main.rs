//! The desk in a real browser, every screen and every main action.
//!
//! These tests need Chromium and chromedriver and take minutes, so they run only when asked for:
//!
//! ```text
//! cargo test --workspace --test browser -- --ignored
//! ```
//!
//! Where chromedriver is missing they say so and pass. `AXE_JS` names the file `axe.min.js` of the
//! npm package axe-core (not part of this repository: another licence); without it the rules of
//! accessibility are skipped with a line. `RAPPORTEUR_SCREENS=DIR` keeps pictures of the screens.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]
#![expect(clippy::print_stderr, reason = "a skipped test says why")]

mod actions;
mod driver;
mod keyboard;
mod screens;
mod served;

use std::sync::{Mutex, MutexGuard, PoisonError};

use driver::{Browser, Mode, chromedriver};
use served::Served;

/// One browser at a time: they are heavy.
static TURN: Mutex<()> = Mutex::new(());

/// A served example desk and a browser on it.
pub(crate) struct Room {
    pub(crate) browser: Browser,
    pub(crate) served: Served,
    _turn: MutexGuard<'static, ()>,
}

/// A room of one's own, or `None` with a printed reason.
pub(crate) fn room(mode: Mode) -> Option<Room> {
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let program = match chromedriver() {
        Ok(program) => program,
        Err(why) => {
            eprintln!("skipped: {why}");
            return None;
        }
    };
    let served = Served::example();
    let browser = Browser::start(&program, &served.address, mode);
    Some(Room {
        browser,
        served,
        _turn: turn,
    })
}

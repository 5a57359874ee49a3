//! The binary as a person uses it: every test makes a desk of invented pages in a folder of its
//! own and runs commands on it.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod api;
mod bad_input;
mod claims;
mod exports;
mod fetch;
mod golden;
mod own_actors;
mod process;
mod record;
mod resume;
mod serve;
mod versions;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder that goes away with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("rapporteur-test-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Makes the desk `desk` and gives its path.
    pub(crate) fn desk(&self) -> PathBuf {
        let desk = self.path("desk");
        let out = run(&["init", desk.to_str().unwrap()]);
        assert_eq!(out.code, 0, "{}", out.err);
        desk
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a command did.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command
        .args(args)
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub(crate) fn run(args: &[&str]) -> Ran {
    command(args).output().unwrap().into()
}

/// Runs a command on a desk.
pub(crate) fn on(desk: &Path, args: &[&str]) -> Ran {
    let mut all = vec!["--desk", desk.to_str().unwrap()];
    all.extend(args);
    run(&all)
}

/// Runs `add` on files.
pub(crate) fn add(desk: &Path, inputs: &[&Path]) -> Ran {
    let mut args = vec!["add"];
    args.extend(inputs.iter().map(|p| p.to_str().unwrap()));
    on(desk, &args)
}

/// A page as an outlet publishes it; everything in it is invented.
pub(crate) fn page(title: &str, day: &str, body: &[&str]) -> String {
    let paragraphs: String = body.iter().map(|p| format!("<p>{p}</p>\n")).collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | Example Gazette</title>\
         <meta property=\"og:title\" content=\"{title}\"><meta property=\"og:site_name\" content=\"Example Gazette\">\
         <meta property=\"article:published_time\" content=\"{day}T08:00:00Z\"></head><body>\
         <nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/world\">World</a></li></ul></nav>\
         <article><h1>{title}</h1>\n{paragraphs}</article><footer>Example Gazette, all rights reserved</footer></body></html>"
    )
}

/// Enough text for an article.
pub(crate) const TALKS: [&str; 4] = [
    "Delegations from France and Japan met in Geneva on 12 March 2024 to discuss the withdrawal of observers from the border zone, the two governments said in a joint statement.",
    "French Foreign Minister Anne Exemple said the talks had been useful. “We will return to the table next month,” she told reporters after the meeting in the city.",
    "About 400 observers are still stationed along the border, down from more than 900 in the previous year, according to the joint commission that supervises the arrangement.",
    "Japan demanded a fixed timetable for the withdrawal, while France wants to tie every step to the situation on the ground, officials from both delegations said.",
];

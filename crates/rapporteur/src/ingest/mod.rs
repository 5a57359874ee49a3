//! `rapporteur add`: one reader, a crew of workers, one writer.
//!
//! The reader walks the inputs and holds one page; the workers call
//! [`process_page`](crate::pipeline::process_page); the writer puts their bundles back into the
//! order of the inputs and commits them in batches. What is reported as done is on the disk; what
//! was not reported is read again by the next run.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rapporteur_base::{Date, Id};
use rapporteur_record::{
    Applied, Desk, DocBundle, Error, InboxRow, Incoming, Mode, Packed, Store, fail,
};

use crate::pipeline::{RawPage, Rules, process_page};

mod address;
pub(crate) mod fetch;
mod gate;
mod inputs;
mod lines;
mod progress;
mod reach;
mod robots;

pub(crate) use address::Address;
pub(crate) use fetch::Limits;
use gate::Gate;
use inputs::Inputs;
use progress::Progress;
pub(crate) use reach::Reach;

/// Most bytes of one page. News pages have 0.25 MB, heavy ones 5.
pub(crate) const MAX_PAGE: usize = 32 << 20;

/// Bytes of pages that may be under way at once.
const UNDER_WAY: usize = 48 << 20;

/// A batch is committed when it has as many pages, or when its first page has waited so long.
const BATCH: usize = 64;
const WAIT: Duration = Duration::from_millis(300);

/// An input that could not be read: what, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The input's name.
    pub(crate) source: String,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do.
    pub(crate) remedy: String,
}

impl Failure {
    pub(crate) fn new(
        source: impl Into<String>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            source: source.into(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.what)?;
        if !self.remedy.is_empty() {
            write!(f, "\n  {}", self.remedy)?;
        }
        Ok(())
    }
}

/// What the reader finds.
#[derive(Debug)]
pub(crate) enum Item {
    Page(Box<RawPage>),
    Failed(Failure),
}

/// How `add` shall work.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) inputs: Vec<String>,
    /// Inputs that are in memory: name and bytes.
    pub(crate) given: Vec<(String, Vec<u8>)>,
    /// Answers that were fetched already: name and answer.
    pub(crate) fetched: Vec<(String, fetch::Fetched)>,
    /// Whether entries of a feed that went through before are left alone, and those that failed
    /// today: they are not fetched again.
    pub(crate) skip_known: bool,
    pub(crate) jobs: usize,
    pub(crate) limits: Limits,
    pub(crate) reach: Reach,
    pub(crate) offline: bool,
    pub(crate) quiet: bool,
    pub(crate) today: Date,
    /// The clock, RFC 3339; asked once a batch.
    pub(crate) now: fn() -> String,
}

/// What happened to one input, once that is safe on disk.
#[derive(Debug)]
pub(crate) enum Done<'a> {
    Page {
        source: &'a str,
        doc: Id,
        title: &'a str,
        applied: Applied,
    },
    Known {
        source: &'a str,
    },
    Failed(&'a Failure),
}

/// Counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) new: u64,
    pub(crate) known: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) fn pages(self) -> u64 {
        self.new + self.known
    }
}

/// A page or failure with its place in the order of inputs.
struct Ticket {
    at: u64,
    bytes: usize,
    work: Work,
}

enum Work {
    Page(Box<RawPage>),
    Ready(Outcome),
}

enum Outcome {
    Bundle(Box<Incoming>),
    Known(String),
    Failed(Failure),
}

/// Reads every input into the desk. An error is one of the desk itself: the run cannot go on.
pub(crate) fn add(
    desk: &mut Desk,
    rules: &Rules,
    plan: &Plan,
    report: &mut dyn FnMut(&Done<'_>),
) -> Result<Tally, Error> {
    desk.register(rules.set(), &(plan.now)())?;
    let reader = Desk::open(desk.root(), Mode::Read)?;
    let gate = Gate::new(UNDER_WAY);
    let (to_workers, from_reader) = sync_channel::<Ticket>(plan.jobs * 4);
    let (to_writer, from_workers) = sync_channel::<(u64, usize, Outcome)>(plan.jobs * 4);
    let from_reader = Arc::new(Mutex::new(from_reader));
    let gate = &gate;
    std::thread::scope(|scope| {
        scope.spawn(move || read_inputs(plan, &reader, gate, &to_workers));
        for _ in 0..plan.jobs {
            let (tickets, done) = (Arc::clone(&from_reader), to_writer.clone());
            // Deeply nested pages need stack; the default of two MiB is not much.
            let worker = std::thread::Builder::new().stack_size(16 << 20);
            let spawned = worker.spawn_scoped(scope, move || work(rules, &tickets, &done));
            drop(spawned);
        }
        drop((to_writer, from_reader));
        let mut writer = Writer {
            desk,
            gate,
            plan,
            report,
            progress: Progress::new(plan.quiet),
            tally: Tally::default(),
            batch: Vec::new(),
            held: 0,
        };
        let result = writer.run(&from_workers);
        // Let the others end: nothing more is wanted, and nothing may block on a full channel.
        gate.shut();
        drop(from_workers);
        writer.progress.finish();
        result.map(|()| writer.tally)
    })
}

fn read_inputs(plan: &Plan, known: &Desk, gate: &Gate, out: &SyncSender<Ticket>) {
    let mut at = 0;
    let mut sink = |item: Item| {
        let (bytes, work) = match item {
            Item::Failed(failure) => (0, Work::Ready(Outcome::Failed(failure))),
            Item::Page(page) if is_known(known, &page) => {
                (0, Work::Ready(Outcome::Known(page.source)))
            }
            // What one page becomes takes a few times its bytes.
            Item::Page(page) => (page.bytes.len() + (64 << 10), Work::Page(page)),
        };
        let ticket = Ticket { at, bytes, work };
        at += 1;
        gate.enter(bytes) && out.send(ticket).is_ok()
    };
    let fetcher = fetch::Fetcher::new(plan.limits, plan.reach);
    let mut inputs = Inputs::new(fetcher, plan.today, plan.offline, &mut sink);
    for input in &plan.inputs {
        inputs.read(input);
    }
    for (name, bytes) in &plan.given {
        inputs.given(name, bytes);
    }
    let today = plan.today.to_string();
    let settled =
        |source: &str, modified: Option<&str>| is_settled(known, source, modified, &today);
    if plan.skip_known {
        inputs.skip = Some(&settled);
    }
    for (name, fetched) in &plan.fetched {
        inputs.fetched(name, fetched.clone());
    }
}

/// Pages and failures of an input in memory, for [`crate::probe`]. Nothing is fetched.
pub(crate) fn counted(name: &str, bytes: &[u8]) -> (usize, usize) {
    let (mut pages, mut failures) = (0, 0);
    let mut sink = |item: Item| {
        match item {
            Item::Page(_) => pages += 1,
            Item::Failed(_) => failures += 1,
        }
        true
    };
    let fetcher = fetch::Fetcher::new(Limits::default(), Reach::default());
    Inputs::new(fetcher, Date::constant(2024, 6, 1), true, &mut sink).given(name, bytes);
    (pages, failures)
}

/// Whether the rules of a host let a path be fetched, for [`crate::probe`].
pub(crate) fn allows(text: &str, path: &str) -> bool {
    robots::Robots::parse(text, "rapporteur").allow(path)
}

/// Whether this very input went through before.
fn is_known(desk: &Desk, page: &RawPage) -> bool {
    let journaled = desk.journaled(&key(&page.source, Some(&page.bytes)));
    let Ok(Some(row)) = journaled else {
        return false;
    };
    row.result != "failed" && row.doc == Some(page.reference().doc_id())
}

/// Whether an entry of a feed need not be fetched: it went through and says of no later change, or
/// failed today.
fn is_settled(desk: &Desk, source: &str, modified: Option<&str>, today: &str) -> bool {
    let Ok(Some(row)) = desk.journaled(&key(source, None)) else {
        return false;
    };
    if row.result == "failed" {
        return row.at.starts_with(today);
    }
    modified.is_none_or(|modified| modified <= row.at.as_str())
}

/// The inbox's key of an input: paths in full, so that it does not depend on where one stands.
fn key(source: &str, bytes: Option<&[u8]>) -> String {
    if source == "-" {
        return match bytes {
            Some(bytes) => format!("-#{}", &rapporteur_base::sha256_hex(bytes)[..16]),
            None => "-".into(),
        };
    }
    if source.starts_with("http://") || source.starts_with("https://") {
        return source.to_owned();
    }
    std::path::absolute(Path::new(source))
        .map_or_else(|_| source.to_owned(), |path| path.display().to_string())
}

fn work(
    rules: &Rules,
    tickets: &Mutex<Receiver<Ticket>>,
    done: &SyncSender<(u64, usize, Outcome)>,
) {
    loop {
        let ticket = match tickets.lock() {
            Ok(tickets) => tickets.recv(),
            Err(_) => return,
        };
        let Ok(Ticket { at, bytes, work }) = ticket else {
            return;
        };
        let outcome = match work {
            Work::Ready(outcome) => outcome,
            Work::Page(page) => bundle(rules, &page),
        };
        if done.send((at, bytes, outcome)).is_err() {
            return;
        }
    }
}

/// Reads a local file or folder without fetching anything.
pub(crate) fn read_local(path: &Path, today: Date, sink: &mut dyn FnMut(Item) -> bool) {
    let fetcher = fetch::Fetcher::new(Limits::default(), Reach::default());
    Inputs::new(fetcher, today, true, sink).read(&path.display().to_string());
}

/// The inbox's line of a document that goes into the record; the time is still to be filled in.
pub(crate) fn taken(bundle: &DocBundle) -> InboxRow {
    InboxRow {
        key: key(&bundle.raw.source, None),
        name: bundle.raw.source.clone(),
        stage: "store".into(),
        result: "done".into(),
        doc: Some(bundle.doc_id()),
        ..InboxRow::default()
    }
}

fn bundle(rules: &Rules, page: &RawPage) -> Outcome {
    let bundle = process_page(page, rules);
    let receipt = InboxRow {
        key: key(&page.source, Some(&page.bytes)),
        ..taken(&bundle)
    };
    let packed = Packed::new(&bundle.raw, &page.bytes);
    if let Some(failure) = no_article(&bundle) {
        return Outcome::Failed(failure);
    }
    Outcome::Bundle(Box::new(Incoming {
        bundle,
        page: packed,
        receipt: Some(receipt),
    }))
}

/// A page without an article is told, not stored: a list of links, a consent wall, a login.
pub(crate) fn no_article(bundle: &DocBundle) -> Option<Failure> {
    if !bundle.article.text.trim().is_empty() {
        return None;
    }
    let why: Vec<&str> = bundle
        .article
        .notes
        .iter()
        .chain(&bundle.notes)
        .map(|note| note.text.as_str())
        .collect();
    let what = match why.first() {
        Some(first) => format!("no article found: {first}"),
        None => "no article found on the page".to_owned(),
    };
    Some(Failure::new(
        bundle.raw.source.clone(),
        what,
        "if there is one, copy its text out of the browser, save it as a .txt file and add that",
    ))
}

struct Writer<'w> {
    desk: &'w mut Desk,
    gate: &'w Gate,
    plan: &'w Plan,
    report: &'w mut dyn FnMut(&Done<'_>),
    progress: Progress,
    tally: Tally,
    batch: Vec<Outcome>,
    held: usize,
}

impl Writer<'_> {
    /// Takes outcomes in the order of the inputs and commits them in batches.
    fn run(&mut self, results: &Receiver<(u64, usize, Outcome)>) -> Result<(), Error> {
        let mut early: BTreeMap<u64, (usize, Outcome)> = BTreeMap::new();
        let (mut next, mut waiting) = (0, None::<Instant>);
        loop {
            let ended = match results.recv_timeout(WAIT / 3) {
                Ok((at, bytes, outcome)) => {
                    early.insert(at, (bytes, outcome));
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => true,
            };
            while let Some((bytes, outcome)) = early.remove(&next) {
                next += 1;
                self.held += bytes;
                self.batch.push(outcome);
                waiting.get_or_insert_with(Instant::now);
            }
            let due = waiting.is_some_and(|since| since.elapsed() >= WAIT);
            if due || ended || self.batch.len() >= BATCH || self.held > UNDER_WAY / 2 {
                self.commit()?;
                waiting = None;
            }
            if ended {
                return Ok(());
            }
        }
    }

    fn commit(&mut self) -> Result<(), Error> {
        let now = (self.plan.now)();
        let mut incoming = Vec::new();
        let mut order = Vec::new();
        for outcome in self.batch.drain(..) {
            order.push(match outcome {
                Outcome::Bundle(mut page) => {
                    if let Some(receipt) = &mut page.receipt {
                        receipt.at.clone_from(&now);
                    }
                    let about = (
                        page.bundle.raw.source.clone(),
                        page.bundle.doc_id(),
                        page.bundle.article.title.clone(),
                    );
                    incoming.push(*page);
                    Told::Page(about)
                }
                Outcome::Known(source) => Told::Known(source),
                Outcome::Failed(failure) => Told::Failed(failure),
            });
        }
        let applied = if incoming.is_empty() {
            Vec::new()
        } else {
            self.desk.apply(&incoming, &now)?
        };
        for told in &order {
            if let Told::Failed(failure) = told {
                self.desk.journal(&failed(failure, &now))?;
            }
        }
        fail::point("change-published")?;
        self.tell(&order, &applied);
        self.gate.leave(std::mem::take(&mut self.held));
        Ok(())
    }

    fn tell(&mut self, order: &[Told], applied: &[Applied]) {
        let mut applied = applied.iter();
        let mut last = "";
        for told in order {
            let done = match told {
                Told::Page((source, doc, title)) => {
                    let applied = applied.next().copied().unwrap_or(Applied::Known);
                    if applied == Applied::New {
                        self.tally.new += 1;
                    } else {
                        self.tally.known += 1;
                    }
                    last = source;
                    Done::Page {
                        source,
                        doc: *doc,
                        title,
                        applied,
                    }
                }
                Told::Known(source) => {
                    self.tally.known += 1;
                    last = source;
                    Done::Known { source }
                }
                Told::Failed(failure) => {
                    self.tally.failed += 1;
                    self.progress.failed(failure);
                    Done::Failed(failure)
                }
            };
            (self.report)(&done);
        }
        self.progress.done(self.tally.pages(), last);
    }
}

enum Told {
    Page((String, Id, String)),
    Known(String),
    Failed(Failure),
}

/// The inbox's line of an input that failed.
pub(crate) fn failed(failure: &Failure, now: &str) -> InboxRow {
    InboxRow {
        key: key(&failure.source, None),
        name: failure.source.clone(),
        stage: "read".into(),
        result: "failed".into(),
        error: Some(failure.what.clone()),
        remedy: Some(failure.remedy.clone()),
        doc: None,
        at: now.to_owned(),
    }
}

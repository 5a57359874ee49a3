//! `rapporteur unit`: one unit of work, such as one WARC, to one result in a folder or in object
//! storage. Any engine, batch system or shell loop may start it, twice or two at once.
//!
//! What a unit becomes depends on its bytes, the rules and the gate, and on nothing else: not on its
//! name, the clock, the machine or the number of threads. The result is put under a name made of
//! those three, only if nothing is there, and the receipt is put last. A unit with a receipt is not
//! read again; one without, whatever else a killed run left, is.

mod gate;
mod import;
#[cfg(feature = "objects")]
mod objects;
mod receipt;
mod rows;
mod shelf;

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use rapporteur_base::Date;
use rapporteur_record::{DocBundle, Packed};
use sha2::{Digest as _, Sha256};

use crate::ingest::{self, Failure, Item};
use crate::pipeline::{RawPage, Rules, process_page};

pub(crate) use gate::Gate;
pub(crate) use import::{Told, import};
pub(crate) use receipt::{BUNDLES, Key, Object, PAGES, RECEIPT, Receipt};
pub(crate) use rows::{PageError, Row, rows};
pub(crate) use shelf::{Put, Shelf, local, open};

/// Pages that are read before they are worked on together, and the most bytes of them.
const ROUND: usize = 64;
const ROUND_BYTES: usize = 32 << 20;

/// What is done with units.
#[derive(Debug)]
pub(crate) struct Work<'w> {
    /// The rules.
    pub(crate) rules: &'w Rules,
    /// Pages that say nothing of these are not parsed.
    pub(crate) gate: Option<&'w Gate>,
    /// Threads; the result does not depend on them.
    pub(crate) jobs: usize,
}

/// What became of a unit.
#[derive(Debug)]
pub(crate) enum Done {
    /// It was read now.
    Read(Receipt),
    /// There was a receipt.
    Known(Receipt),
}

impl Done {
    /// The receipt.
    pub(crate) fn receipt(&self) -> &Receipt {
        match self {
            Self::Read(receipt) | Self::Known(receipt) => receipt,
        }
    }
}

impl Work<'_> {
    /// Does the unit called `name`, whose bytes are in `path`.
    pub(crate) fn unit(&self, name: &str, path: &Path, out: &dyn Shelf) -> Result<Done, Failure> {
        let fail = |what: String| {
            Failure::new(
                name,
                what,
                "mend that and start the unit again: what is there stays",
            )
        };
        let unit = hash(path).map_err(|error| fail(format!("cannot be read: {error}")))?;
        let key = Key::new(&unit, self.rules.set().id(), self.gate.map(Gate::id));
        if let Some(receipt) = receipt::read(out, &key).map_err(fail)? {
            return Ok(Done::Known(receipt));
        }
        let stage = Stage::new(out, &unit).map_err(fail)?;
        let put = self
            .write(path, &stage)
            .and_then(|written| self.put(name, &unit, &key, &stage, written, out));
        match put {
            Ok(receipt) => Ok(Done::Read(receipt)),
            // Another run of the same unit was first and has cleared up.
            Err(what) => match receipt::read(out, &key) {
                Ok(Some(receipt)) => Ok(Done::Known(receipt)),
                _ => Err(fail(what)),
            },
        }
    }

    /// Reads the unit into files of the stage.
    fn write(&self, path: &Path, stage: &Stage) -> Result<Written, String> {
        let mut writer = Writer {
            work: self,
            prefix: path.display().to_string(),
            bundles: zipped(&stage.bundles)?,
            pages: Hashed::new(create(&stage.pages)?),
            round: Vec::new(),
            held: 0,
            counts: Counts::default(),
            broken: None,
        };
        ingest::read_local(path, Date::ZERO, &mut |item| writer.take(item));
        writer.finish()
    }

    /// Puts result and receipt, the receipt last.
    fn put(
        &self,
        name: &str,
        unit: &str,
        key: &Key,
        stage: &Stage,
        written: Written,
        out: &dyn Shelf,
    ) -> Result<Receipt, String> {
        for (object, file) in [(BUNDLES, &stage.bundles), (PAGES, &stage.pages)] {
            if out.put_new(&key.of(object), file)? == Put::Differs {
                return Err(format!(
                    "{} holds another result of the same unit and rules: one of the two is damaged; \
                     look at it and take it away",
                    out.name(&key.of(object))
                ));
            }
        }
        let receipt = Receipt {
            version: receipt::VERSION,
            unit: unit.to_owned(),
            name: name.to_owned(),
            rules: self.rules.set().clone(),
            gate: self.gate.map(|gate| gate.id().to_owned()),
            pages: written.counts.pages,
            docs: written.counts.docs,
            errors: written.counts.errors,
            passed_over: written.counts.passed_over,
            bundles: written.bundles,
            members: written.pages,
        };
        let file = stage.file("receipt");
        std::fs::write(&file, receipt.to_bytes()).map_err(|e| told(&file, &e))?;
        // Differs where the unit was done under another name meanwhile: the first receipt stays.
        let put = out.put_new(&key.of(RECEIPT), &file)?;
        stage.sweep();
        if put == Put::Differs {
            return receipt::read(out, key)?.ok_or_else(|| "the receipt is gone".to_owned());
        }
        Ok(receipt)
    }
}

/// Files in the making.
struct Stage {
    folder: PathBuf,
    prefix: String,
    mark: String,
    bundles: PathBuf,
    pages: PathBuf,
}

impl Stage {
    fn new(out: &dyn Shelf, unit: &str) -> Result<Self, String> {
        let folder = out.stage()?;
        let mut bytes = [0u8; 8];
        getrandom::fill(&mut bytes).map_err(|e| format!("no random number: {e}"))?;
        let prefix = unit[..16].to_owned();
        let mark = format!("{prefix}-{:016x}", u64::from_le_bytes(bytes));
        Ok(Self {
            bundles: folder.join(format!("{mark}.bundles")),
            pages: folder.join(format!("{mark}.pages")),
            folder,
            prefix,
            mark,
        })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{}.{name}", self.mark))
    }
}

impl Stage {
    /// Takes away what killed runs of the unit left, now that its receipt is there. A run that is
    /// still at it finds the receipt instead of its files.
    fn sweep(&self) {
        self.remove(&self.prefix);
    }

    fn remove(&self, beginning: &str) {
        let entries = std::fs::read_dir(&self.folder);
        for entry in entries.into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(beginning) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.remove(&self.mark);
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    pages: u64,
    docs: u64,
    errors: u64,
    passed_over: u64,
}

struct Written {
    bundles: Object,
    pages: Object,
    counts: Counts,
}

/// Takes what is read, works on it in rounds and writes the outcome in the order of the unit.
struct Writer<'w> {
    work: &'w Work<'w>,
    prefix: String,
    bundles: flate2::write::GzEncoder<Hashed>,
    pages: Hashed,
    round: Vec<Item>,
    held: usize,
    counts: Counts,
    broken: Option<String>,
}

impl Writer<'_> {
    fn take(&mut self, item: Item) -> bool {
        if let Item::Page(page) = &item {
            self.counts.pages += 1;
            if self
                .work
                .gate
                .is_some_and(|gate| !gate.lets_in(&page.bytes))
            {
                self.counts.passed_over += 1;
                return true;
            }
            self.held += page.bytes.len();
        }
        self.round.push(item);
        if self.round.len() >= ROUND || self.held >= ROUND_BYTES {
            self.work_off();
        }
        self.broken.is_none()
    }

    fn work_off(&mut self) {
        self.held = 0;
        let round = std::mem::take(&mut self.round);
        let rules = self.work.rules;
        let prefix = self.prefix.as_str();
        let done = in_order(self.work.jobs, round, |item| row(rules, prefix, item));
        for (row, member) in done {
            match &row.bundle {
                Some(_) => self.counts.docs += 1,
                None => self.counts.errors += 1,
            }
            let written = serde_json::to_vec(&row)
                .map_err(io::Error::other)
                .and_then(|mut line| {
                    line.push(b'\n');
                    self.bundles.write_all(&line)
                })
                .and_then(|()| self.pages.write_all(&member));
            if let Err(error) = written {
                self.broken = Some(format!("the result cannot be written: {error}"));
                return;
            }
        }
    }

    fn finish(mut self) -> Result<Written, String> {
        self.work_off();
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        let ended = |e: io::Error| format!("the result cannot be written: {e}");
        Ok(Written {
            bundles: self
                .bundles
                .finish()
                .and_then(Hashed::finish)
                .map_err(ended)?,
            pages: self.pages.finish().map_err(ended)?,
            counts: self.counts,
        })
    }
}

/// What one input becomes: its row, and the page as an archive member.
fn row(rules: &Rules, prefix: &str, item: Item) -> (Row, Vec<u8>) {
    let error = |failure: Failure| {
        let source = rest(&failure.source, prefix);
        let (what, remedy) = (failure.what, failure.remedy);
        (
            Row::error(PageError {
                source,
                what,
                remedy,
            }),
            Vec::new(),
        )
    };
    match item {
        Item::Failed(failure) => error(failure),
        Item::Page(page) => {
            let page = RawPage {
                source: rest(&page.source, prefix),
                ..*page
            };
            let bundle: DocBundle = process_page(&page, rules);
            if let Some(failure) = ingest::no_article(&bundle) {
                return error(failure);
            }
            let member = Packed::new(&bundle.raw, &page.bytes).into_member();
            (Row::document(bundle, member.len() as u64), member)
        }
    }
}

/// The source without the name of the unit: two names of the same bytes are the same unit.
fn rest(source: &str, prefix: &str) -> String {
    source.strip_prefix(prefix).unwrap_or(source).to_owned()
}

/// Calls `work` on every item with `jobs` threads; results in the order of the items.
pub(crate) fn in_order<T: Send, R: Send>(
    jobs: usize,
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let count = items.len();
    let queue = std::sync::Mutex::new(items.into_iter().enumerate());
    let done = std::sync::Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, count.max(1)) {
            // Deeply nested pages need stack; the default of two MiB is not much.
            let thread = std::thread::Builder::new().stack_size(16 << 20);
            let spawned = thread.spawn_scoped(scope, || {
                loop {
                    let next = queue.lock().ok().and_then(|mut queue| queue.next());
                    let Some((at, item)) = next else { return };
                    let result = work(item);
                    if let Ok(mut done) = done.lock() {
                        done.push((at, result));
                    }
                }
            });
            drop(spawned);
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// A file that hashes what is written to it.
struct Hashed {
    file: BufWriter<File>,
    hasher: Sha256,
    bytes: u64,
}

impl Hashed {
    fn new(file: File) -> Self {
        Self {
            file: BufWriter::with_capacity(1 << 18, file),
            hasher: Sha256::new(),
            bytes: 0,
        }
    }

    fn finish(mut self) -> io::Result<Object> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok(Object {
            sha256: hex(&self.hasher.finalize()),
            bytes: self.bytes,
        })
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 of a file.
fn hash(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    Ok(hash_of(&mut file)?.sha256)
}

/// SHA-256 and length of what a reader gives.
fn hash_of(from: &mut impl Read) -> io::Result<Object> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                hasher.update(&buffer[..n]);
                bytes += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(Object {
        sha256: hex(&hasher.finalize()),
        bytes,
    })
}

fn create(path: &Path) -> Result<File, String> {
    File::create(path).map_err(|e| told(path, &e))
}

/// A gzip file without a time or a name in it.
fn zipped(path: &Path) -> Result<flate2::write::GzEncoder<Hashed>, String> {
    /// As for the pages: half the time of the usual level for a few per cent.
    const LEVEL: u32 = 3;
    let file = Hashed::new(create(path)?);
    Ok(GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(file, Compression::new(LEVEL)))
}

fn told(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests;

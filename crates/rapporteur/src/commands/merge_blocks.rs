//! `merge-blocks`: families and stories of a record of any size.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rapporteur_base::Date;
use rapporteur_record::visit_digests;
use rapporteur_story::{BlockKey, Cut, InBlock, blocks_of, merge_block, stitch};

use super::{Stop, open};
use crate::cli::exit;

/// How blocks are cut, on the command line.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct CutArgs {
    /// Days of a block; 0: everything is one
    #[arg(long, value_name = "N", default_value_t = Cut::default().days)]
    days: u16,
    /// Days before a block whose articles it sees beside its own
    #[arg(long, value_name = "N", default_value_t = Cut::default().before)]
    before: u16,
}

impl CutArgs {
    /// The cut, by parties too or not.
    pub(crate) fn cut(self, parties: bool) -> Cut {
        Cut {
            days: self.days,
            before: self.before,
            parties,
        }
    }
}

/// Arguments of `merge-blocks`.
#[derive(Debug, clap::Args)]
pub(crate) struct MergeBlocks {
    #[command(flatten)]
    cut: CutArgs,
    /// What the record said on that day
    #[arg(long, value_name = "DAY")]
    as_of: Option<Date>,
    /// Where the stories go, one JSON object a line; standard output if not given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl MergeBlocks {
    /// Sorts what was kept of the documents into blocks on disk, merges one block after the other,
    /// and stitches them: memory holds one block, and for each document its ids and its day.
    pub(crate) fn run(&self, desk: Option<&Path>) -> Result<u8, Stop> {
        let cut = self.cut.cut(false);
        let mut spool = Spool::new().map_err(Stop::failed)?;
        let desk = open(desk)?;
        let mut broken = None;
        visit_digests(&desk, self.as_of, &mut |digest| {
            if broken.is_none() {
                broken = spool.put(&digest.for_stories(), &cut).err();
            }
            Ok(())
        })?;
        if let Some(error) = broken {
            return Err(Stop::failed(format!("{}: {error}", spool.folder.display())));
        }
        let mut stories = Vec::new();
        for (block, path) in spool.finish().map_err(Stop::failed)? {
            let docs = read(&path).map_err(|e| Stop::failed(format!("{}: {e}", path.display())))?;
            stories.extend(merge_block(&block, &docs));
        }
        drop(spool);
        if stories.is_empty() {
            return Err(Stop::nothing(
                "the record is empty; read something into it with `rapporteur add`",
            ));
        }
        let stories = stitch(stories);
        let write = |out: &mut dyn Write| -> io::Result<()> {
            for story in &stories {
                serde_json::to_writer(&mut *out, story)?;
                out.write_all(b"\n")?;
            }
            out.flush()
        };
        match &self.out {
            None => write(&mut BufWriter::new(io::stdout().lock())).map_err(Stop::output)?,
            Some(path) => File::create(path)
                .and_then(|file| write(&mut BufWriter::new(file)))
                .map_err(|e| Stop::failed(format!("{}: {e}", path.display())))?,
        }
        Ok(exit::OK)
    }
}

type Part = GzEncoder<BufWriter<File>>;

/// Documents by block, in files that go away with it.
struct Spool {
    folder: PathBuf,
    parts: BTreeMap<BlockKey, (PathBuf, Part)>,
}

impl Spool {
    fn new() -> Result<Self, String> {
        let mut bytes = [0u8; 8];
        getrandom::fill(&mut bytes).map_err(|e| format!("no random number: {e}"))?;
        let name = format!("rapporteur-blocks-{:016x}", u64::from_le_bytes(bytes));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(Self {
            folder,
            parts: BTreeMap::new(),
        })
    }

    fn put(&mut self, digest: &rapporteur_story::Digest, cut: &Cut) -> io::Result<()> {
        for (at, block) in blocks_of(digest, cut).into_iter().enumerate() {
            let line = InBlock {
                home: at == 0,
                digest: digest.clone(),
            };
            let count = self.parts.len();
            let part = match self.parts.entry(block) {
                std::collections::btree_map::Entry::Occupied(found) => found.into_mut(),
                std::collections::btree_map::Entry::Vacant(empty) => {
                    let path = self.folder.join(format!("{count:05}"));
                    let file = BufWriter::new(File::create(&path)?);
                    empty.insert((path, GzEncoder::new(file, Compression::new(1))))
                }
            };
            serde_json::to_writer(&mut part.1, &line)?;
            part.1.write_all(b"\n")?;
        }
        Ok(())
    }

    /// The blocks and their files.
    fn finish(&mut self) -> Result<Vec<(BlockKey, PathBuf)>, String> {
        let mut out = Vec::new();
        for (block, (path, part)) in std::mem::take(&mut self.parts) {
            part.finish()
                .and_then(|mut file| file.flush())
                .map_err(|e| format!("{}: {e}", path.display()))?;
            out.push((block, path));
        }
        Ok(out)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn read(path: &Path) -> io::Result<Vec<InBlock>> {
    let mut file =
        BufReader::with_capacity(1 << 18, GzDecoder::new(BufReader::new(File::open(path)?)));
    let mut out = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        if file.read_until(b'\n', &mut line)? == 0 {
            return Ok(out);
        }
        out.push(serde_json::from_slice(&line)?);
    }
}

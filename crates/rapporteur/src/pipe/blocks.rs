//! The merge in parts, for engines: documents to blocks, blocks to stories, stories over blocks.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use rapporteur_story::{BlockKey, BlockStory, Cut, Digest, InBlock, blocks_of, merge_block};
use serde::{Deserialize, Serialize};

use super::{closed, refuse};
use crate::cli::exit;
use crate::commands::merge_blocks::CutArgs;
use crate::unit::{self, BUNDLES, Key, Row};

/// Arguments of `rapporteur pipe blocks`.
#[derive(Debug, clap::Args)]
pub(super) struct Blocks {
    /// Results of `unit`; lines of standard input if none is given
    from: Vec<String>,
    #[command(flatten)]
    cut: CutArgs,
    /// Cut by the two leading parties too
    #[arg(long)]
    parties: bool,
}

/// A document with its block.
#[derive(Serialize, Deserialize)]
struct Line {
    block: BlockKey,
    #[serde(flatten)]
    doc: InBlock,
}

/// The same without copying it.
#[derive(Serialize)]
struct LineRef<'a> {
    block: &'a BlockKey,
    home: bool,
    digest: &'a Digest,
}

/// Rows of a unit's result, or bare digests, to documents of blocks.
pub(super) fn blocks(args: &Blocks) -> u8 {
    let cut = args.cut.cut(args.parties);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut failed = false;
    let mut one = |line: io::Result<Vec<u8>>| -> Result<(), u8> {
        let line = line.map_err(|e| refuse(&e.to_string()))?;
        match digest_of(&line) {
            Ok(None) => Ok(()),
            Ok(Some(digest)) => tell(&mut out, digest, &cut).map_err(|e| closed(&e)),
            Err(error) => {
                failed = true;
                let _ = writeln!(io::stderr(), "rapporteur: a line is no document: {error}");
                Ok(())
            }
        }
    };
    let result = if args.from.is_empty() {
        io::stdin().lock().split(b'\n').try_for_each(&mut one)
    } else {
        args.from.iter().try_for_each(|uri| stored(uri, &mut one))
    };
    if let Err(code) = result {
        return code;
    }
    match out.flush() {
        Err(error) => closed(&error),
        Ok(()) if failed => exit::SOME_FAILED,
        Ok(()) => exit::OK,
    }
}

/// The lines of every unit below an address.
fn stored(
    uri: &str,
    one: &mut impl FnMut(io::Result<Vec<u8>>) -> Result<(), u8>,
) -> Result<(), u8> {
    let read = || -> Result<Vec<std::fs::File>, String> {
        let shelf = unit::open(uri)?;
        let mut files = Vec::new();
        for at in shelf.receipts()? {
            let key = Key::at(&at).of(BUNDLES);
            let file = shelf.open(&key)?;
            files.push(file.ok_or_else(|| format!("{} is not there", shelf.name(&key)))?);
        }
        Ok(files)
    };
    let files = read().map_err(|error| refuse(&error))?;
    files.into_iter().flat_map(unit::rows).try_for_each(one)
}

/// The digest of a line; a line that tells an error, or an empty one, has none.
fn digest_of(line: &[u8]) -> Result<Option<Digest>, serde_json::Error> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let row: Row = serde_json::from_slice(line)?;
    if row.page_error.is_some() {
        return Ok(None);
    }
    match row.bundle {
        Some(mut bundle) => {
            if bundle.digest.is_none() {
                bundle.digested();
            }
            Ok(bundle.digest)
        }
        None => serde_json::from_slice(line).map(Some),
    }
}

fn tell(out: &mut impl Write, digest: Digest, cut: &Cut) -> io::Result<()> {
    let digest = digest.for_stories();
    for (at, block) in blocks_of(&digest, cut).iter().enumerate() {
        let line = LineRef {
            block,
            home: at == 0,
            digest: &digest,
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Reads every line of standard input as a `T`.
fn lines<T: for<'de> Deserialize<'de>>(mut take: impl FnMut(T)) -> Result<(), u8> {
    for (at, line) in io::stdin().lock().split(b'\n').enumerate() {
        let line = line.map_err(|e| refuse(&e.to_string()))?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        // A merge without one of its documents is another merge: nothing is left out here.
        take(serde_json::from_slice(&line).map_err(|e| refuse(&format!("line {}: {e}", at + 1)))?);
    }
    Ok(())
}

fn write<T: Serialize>(rows: impl IntoIterator<Item = T>) -> u8 {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for row in rows {
        let written = serde_json::to_writer(&mut out, &row)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"));
        if let Err(error) = written {
            return closed(&error);
        }
    }
    match out.flush() {
        Err(error) => closed(&error),
        Ok(()) => exit::OK,
    }
}

/// Documents of blocks to the stories of each: blocks by name, stories by id.
pub(super) fn merge() -> u8 {
    let mut blocks: BTreeMap<BlockKey, Vec<InBlock>> = BTreeMap::new();
    let read = lines(|line: Line| blocks.entry(line.block).or_default().push(line.doc));
    if let Err(code) = read {
        return code;
    }
    write(
        blocks
            .into_iter()
            .flat_map(|(block, docs)| merge_block(&block, &docs)),
    )
}

/// Stories of blocks to stories over blocks, by id.
pub(super) fn stitch() -> u8 {
    let mut stories: Vec<BlockStory> = Vec::new();
    if let Err(code) = lines(|story| stories.push(story)) {
        return code;
    }
    write(rapporteur_story::stitch(stories))
}

//! Pages as they came: append-only WARC files, one gzip member a page. A member counts only once
//! a row names it; what stands behind the last such member is the tail of an interrupted write.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// A new file is begun behind this size.
const FULL: u64 = 1 << 30;

/// Where a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub segment: u32,
    pub start: u64,
    pub stored: u64,
}

/// The open end of the newest segment.
#[derive(Debug)]
pub(super) struct Segments {
    dir: PathBuf,
    segment: u32,
    file: Option<File>,
    end: u64,
}

pub(super) fn path(dir: &Path, segment: u32) -> PathBuf {
    dir.join(format!("{segment:05}.warc.gz"))
}

impl Segments {
    /// Opens for appending behind byte `end` of `segment` (0: none yet), where the last committed
    /// member ends, and cuts what stands behind it.
    pub(super) fn open(dir: PathBuf, segment: u32, end: u64) -> Result<Self, Error> {
        let mut out = Self {
            dir,
            segment: segment.max(1),
            file: None,
            end,
        };
        let last = path(&out.dir, out.segment);
        let found = fs::metadata(&last).map_or(0, |meta| meta.len());
        if found > end {
            out.reopen()?;
            out.cut(end)?;
        } else if found < end {
            // Bytes are missing: leave the file as it is for `check` and go on in a new one.
            out.segment += 1;
            out.end = 0;
        }
        // A later file can only hold a tail: no row names it.
        let later = path(&out.dir, out.segment + 1);
        if later.exists() {
            fs::remove_file(&later).map_err(|e| Error::io(e, &later))?;
        }
        Ok(out)
    }

    pub(super) fn end(&self) -> (u32, u64) {
        (self.segment, self.end)
    }

    fn reopen(&mut self) -> Result<(), Error> {
        let name = path(&self.dir, self.segment);
        let fresh = !name.exists();
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&name)
            .map_err(|e| Error::io(e, &name))?;
        if fresh {
            // The name of a new file must be as durable as its bytes.
            super::sync_folder(&self.dir)?;
        }
        self.file = Some(file);
        Ok(())
    }

    /// Appends members; nothing is durable before [`Segments::sync`].
    pub(super) fn append(&mut self, member: &[u8]) -> Result<Place, Error> {
        if self.end > 0 && self.end + member.len() as u64 > FULL {
            self.sync()?;
            self.segment += 1;
            self.end = 0;
            self.file = None;
        }
        if self.file.is_none() {
            self.reopen()?;
        }
        let name = path(&self.dir, self.segment);
        let file = self.file.as_mut().expect("invariant: opened above");
        file.seek(SeekFrom::Start(self.end))
            .and_then(|_| file.write_all(member))
            .map_err(|e| Error::io(e, &name))?;
        let place = Place {
            segment: self.segment,
            start: self.end,
            stored: member.len() as u64,
        };
        self.end += place.stored;
        Ok(place)
    }

    /// Makes everything appended durable.
    pub(super) fn sync(&mut self) -> Result<(), Error> {
        match &self.file {
            Some(file) => file
                .sync_data()
                .map_err(|e| Error::io(e, &path(&self.dir, self.segment))),
            None => Ok(()),
        }
    }

    /// Goes back to an earlier end after a transaction that failed.
    pub(super) fn rewind(&mut self, (segment, end): (u32, u64)) -> Result<(), Error> {
        self.end = end;
        while self.segment > segment {
            let name = path(&self.dir, self.segment);
            self.file = None;
            let _ = fs::remove_file(&name);
            self.segment -= 1;
        }
        if self.file.is_none() && path(&self.dir, segment).exists() {
            self.reopen()?;
        }
        self.cut(end)
    }

    fn cut(&mut self, end: u64) -> Result<(), Error> {
        self.end = end;
        match &self.file {
            Some(file) => file
                .set_len(end)
                .map_err(|e| Error::io(e, &path(&self.dir, self.segment))),
            None => Ok(()),
        }
    }
}

/// Reads one member.
pub(super) fn read(dir: &Path, place: Place) -> Result<Vec<u8>, Error> {
    let name = path(dir, place.segment);
    let mut file = File::open(&name).map_err(|e| Error::io(e, &name))?;
    let mut member = Vec::new();
    file.seek(SeekFrom::Start(place.start))
        .and_then(|_| file.take(place.stored).read_to_end(&mut member))
        .map_err(|e| Error::io(e, &name))?;
    if member.len() as u64 == place.stored {
        Ok(member)
    } else {
        Err(Error::corrupt(format!(
            "{} ends before byte {}",
            name.display(),
            place.start + place.stored
        )))
    }
}

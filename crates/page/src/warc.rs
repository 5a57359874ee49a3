//! WARC and WARC.gz archives, record by record: a damaged record is an error with its offset and
//! the reading goes on behind it. Memory holds one record at a time.

use std::io::{self, BufRead, Read, Write};

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use flate2::{Compression, GzBuilder};
use rapporteur_base::Id;

use crate::error::{Error, Kind};

/// Largest record that is read, before and after undoing its content encoding.
pub const MAX_RECORD: usize = 64 << 20;
const MAX_HEADER: usize = 64 << 10;
const CHUNK: usize = 64 << 10;
/// What stands for "no date" in an archive, whose records must have one.
const NO_DATE: &str = "0001-01-01T00:00:00Z";

/// One captured page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// `WARC-Target-URI`.
    pub url: String,
    /// `WARC-Date` (time of capture), ISO 8601.
    pub date: Option<String>,
    /// Media type of the body, lower case, without parameters; empty when unknown.
    pub mime: String,
    /// `charset` of the Content-Type.
    pub charset: Option<String>,
    /// The payload: HTTP header parsed off, transfer and content encodings undone.
    pub body: Vec<u8>,
}

/// Counts the bytes that were consumed, for offsets.
#[derive(Debug)]
struct Counted<R> {
    inner: R,
    at: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.at += n as u64;
        self.inner.consume(n);
    }
}

#[derive(Debug)]
enum Source<R: BufRead> {
    /// Not begun, or between two gzip members.
    Between(Counted<R>),
    Plain(Counted<R>),
    Member(Box<GzDecoder<Counted<R>>>),
    Done,
}

/// Iterates over the `response` and `resource` records of an archive.
///
/// ```
/// use rapporteur_page::warc::{self, Reader, Record};
/// let page = Record { url: "http://a.example/1".into(), mime: "text/html".into(), body: b"<p>Hi".to_vec(), ..Record::default() };
/// let mut archive = Vec::new();
/// warc::write_record(&mut archive, &page)?;
/// let read: Vec<Record> = Reader::new(&archive[..]).collect::<Result<_, _>>().expect("just written");
/// assert_eq!(read, [page]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader<R: BufRead> {
    source: Source<R>,
    /// Decoded bytes not yet used, from `pos`.
    buf: Vec<u8>,
    pos: usize,
    /// Offset in the file of the current gzip member, or (plain) of `buf[0]`.
    base: u64,
    gzip: bool,
    limit: usize,
    /// A failure that is reported once what came before it is used up.
    pending: Option<Error>,
}

impl<R: BufRead> Reader<R> {
    /// Reads from the start of an archive, compressed or not.
    pub fn new(input: R) -> Self {
        Self {
            source: Source::Between(Counted {
                inner: input,
                at: 0,
            }),
            buf: Vec::new(),
            pos: 0,
            base: 0,
            gzip: false,
            limit: MAX_RECORD,
            pending: None,
        }
    }

    /// The same with another limit on the size of a record.
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    fn here(&self) -> u64 {
        if self.gzip {
            self.base
        } else {
            self.base + self.pos as u64
        }
    }

    /// Reads one more piece into `buf`; false at the end of the input or at a failure (then pending).
    fn more(&mut self) -> bool {
        if self.pos > CHUNK {
            self.buf.drain(..self.pos);
            if !self.gzip {
                self.base += self.pos as u64;
            }
            self.pos = 0;
        }
        loop {
            match std::mem::replace(&mut self.source, Source::Done) {
                Source::Done => return false,
                Source::Between(counted) => {
                    if !self.open(counted) {
                        return false;
                    }
                }
                Source::Plain(mut counted) => {
                    let read = append(&mut counted, &mut self.buf);
                    if let Ok(1..) = read {
                        self.source = Source::Plain(counted);
                        return true;
                    }
                    if let Err(e) = read {
                        self.pending = Some(Error::new(counted.at, Kind::Io(e)));
                    }
                    return false;
                }
                Source::Member(mut decoder) => match append(&mut decoder, &mut self.buf) {
                    Ok(0) => self.source = Source::Between(decoder.into_inner()),
                    Ok(_) => {
                        self.source = Source::Member(decoder);
                        return true;
                    }
                    Err(e) => {
                        let truncated = e.kind() == io::ErrorKind::UnexpectedEof;
                        self.pending = Some(Error::new(self.base, Kind::Io(e)));
                        if !truncated {
                            self.source = resync(decoder.into_inner());
                        }
                        return false;
                    }
                },
            }
        }
    }

    /// Looks at what comes next: a gzip member, plain text or the end.
    fn open(&mut self, mut counted: Counted<R>) -> bool {
        match counted.fill_buf() {
            Ok([]) => false,
            Ok(start) => {
                if start[0] == 0x1f {
                    self.gzip = true;
                    if self.pos == self.buf.len() {
                        self.base = counted.at;
                    }
                    self.source = Source::Member(Box::new(GzDecoder::new(counted)));
                } else if self.gzip {
                    self.pending = Some(Error::damaged(counted.at, "bytes between gzip members"));
                    self.source = resync(counted);
                    return false;
                } else {
                    self.source = Source::Plain(counted);
                }
                true
            }
            Err(e) => {
                self.pending = Some(Error::new(counted.at, Kind::Io(e)));
                false
            }
        }
    }

    /// Makes `buf[pos..]` hold at least `n` bytes.
    fn need(&mut self, n: usize) -> bool {
        while self.buf.len() - self.pos < n {
            if !self.more() {
                return false;
            }
        }
        true
    }

    /// Moves behind the next `WARC/` at the start of a line; false when there is none.
    fn skip_to_record(&mut self) -> bool {
        loop {
            if let Some(at) = memchr::memmem::find(&self.buf[self.pos..], b"WARC/") {
                self.pos += at;
                return true;
            }
            self.pos = self.buf.len().saturating_sub(4).max(self.pos);
            if !self.more() {
                self.pos = self.buf.len();
                return false;
            }
        }
    }

    /// The next record's header block, without the empty line.
    fn header(&mut self) -> Option<Result<String, Error>> {
        while self.need(1) && matches!(self.buf[self.pos], b'\r' | b'\n' | b' ' | 0) {
            self.pos += 1;
        }
        if !self.need(1) {
            return None;
        }
        let start = self.here();
        if !self.need(5) || &self.buf[self.pos..self.pos + 5] != b"WARC/" {
            self.skip_to_record();
            return Some(Err(Error::damaged(
                start,
                "no record header where one is due",
            )));
        }
        loop {
            let rest = &self.buf[self.pos..];
            if let Some((end, behind)) = blank_line(rest) {
                let text = String::from_utf8_lossy(&rest[..end]).into_owned();
                self.pos += behind;
                return Some(Ok(text));
            }
            if rest.len() > MAX_HEADER {
                self.pos += 5;
                self.skip_to_record();
                return Some(Err(Error::damaged(start, "record header without an end")));
            }
            if !self.more() {
                self.pos = self.buf.len();
                let error = self.pending.take();
                return Some(Err(error.unwrap_or_else(|| truncated(start))));
            }
        }
    }

    fn record(&mut self) -> Option<Result<Option<Record>, Error>> {
        let header = match self.header()? {
            Ok(header) => header,
            Err(e) => return Some(Err(e)),
        };
        let start = self.here();
        let field = |name| field(&header, name);
        let Some(length) = field("content-length").and_then(|n| n.parse::<usize>().ok()) else {
            self.skip_to_record();
            return Some(Err(Error::damaged(start, "no Content-Length")));
        };
        let kind = field("warc-type").unwrap_or("").to_ascii_lowercase();
        let wanted = matches!(kind.as_str(), "response" | "resource");
        if !wanted || length > self.limit {
            let whole = self.skip(length);
            return Some(match (wanted, whole) {
                (_, false) => Err(self.pending.take().unwrap_or_else(|| truncated(start))),
                (true, true) => Err(Error::new(
                    start,
                    Kind::TooLarge {
                        limit: self.limit as u64,
                    },
                )),
                (false, true) => Ok(None),
            });
        }
        if !self.need(length) {
            self.pos = self.buf.len();
            return Some(Err(self.pending.take().unwrap_or_else(|| truncated(start))));
        }
        let block = &self.buf[self.pos..self.pos + length];
        let record = if kind == "response" {
            response(&header, block, self.limit)
        } else {
            Ok(resource(&header, block))
        };
        self.pos += length;
        Some(record.map(Some).map_err(|what| Error::damaged(start, what)))
    }

    fn skip(&mut self, mut n: usize) -> bool {
        loop {
            let have = (self.buf.len() - self.pos).min(n);
            self.pos += have;
            n -= have;
            if n == 0 {
                return true;
            }
            if !self.more() {
                return false;
            }
        }
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.record() {
                Some(Ok(Some(record))) => return Some(Ok(record)),
                Some(Ok(None)) => {}
                Some(Err(e)) => return Some(Err(e)),
                // A failure between records ends nothing if bytes follow it.
                None => match self.pending.take() {
                    Some(e) => return Some(Err(e)),
                    None => return None,
                },
            }
        }
    }
}

fn truncated(offset: u64) -> Error {
    Error::new(offset, Kind::Io(io::ErrorKind::UnexpectedEof.into()))
}

fn append(from: &mut impl Read, to: &mut Vec<u8>) -> io::Result<usize> {
    let old = to.len();
    to.resize(old + CHUNK, 0);
    let read = loop {
        match from.read(&mut to[old..]) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            other => break other,
        }
    };
    to.truncate(old + read.as_ref().map_or(0, |n| *n));
    read
}

/// The next gzip member behind damage.
fn resync<R: BufRead>(mut counted: Counted<R>) -> Source<R> {
    let mut first = true;
    loop {
        let Ok(bytes) = counted.fill_buf() else {
            return Source::Done;
        };
        if bytes.is_empty() {
            return Source::Done;
        }
        let from = usize::from(std::mem::take(&mut first)).min(bytes.len());
        // A magic number across the edge of the buffer loses one record, not the archive.
        if let Some(at) = memchr::memmem::find(&bytes[from..], &[0x1f, 0x8b, 0x08]) {
            counted.consume(from + at);
            return Source::Between(counted);
        }
        let n = bytes.len();
        counted.consume(n);
    }
}

/// Where the header ends and where the body begins.
fn blank_line(bytes: &[u8]) -> Option<(usize, usize)> {
    let crlf = memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| (at, at + 4));
    let lf = memchr::memmem::find(bytes, b"\n\n").map(|at| (at, at + 2));
    match (crlf, lf) {
        (Some(a), Some(b)) => Some(if a.0 <= b.0 { a } else { b }),
        (a, b) => a.or(b),
    }
}

fn field<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    header.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn media_type(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let mime = parts.next().unwrap_or("").trim().to_ascii_lowercase();
    let charset = parts.find_map(|p| {
        let (key, value) = p.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (key.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    });
    (mime, charset)
}

fn start(header: &str, content_type: Option<&str>) -> Record {
    let (mime, charset) = media_type(content_type.unwrap_or(""));
    let url = field(header, "warc-target-uri").unwrap_or("");
    Record {
        url: url.trim_matches(['<', '>']).to_owned(),
        date: field(header, "warc-date")
            .filter(|d| *d != NO_DATE && !d.is_empty())
            .map(str::to_owned),
        mime,
        charset,
        body: Vec::new(),
    }
}

fn resource(header: &str, block: &[u8]) -> Record {
    Record {
        body: block.to_vec(),
        ..start(header, field(header, "content-type"))
    }
}

/// An HTTP response: header off, encodings undone.
fn response(header: &str, block: &[u8], limit: usize) -> Result<Record, String> {
    let (end, behind) = blank_line(block).ok_or("no HTTP header")?;
    let http = String::from_utf8_lossy(&block[..end]);
    let mut record = start(header, field(&http, "content-type"));
    let mut body = block[behind..].to_vec();
    let says =
        |name, what| field(&http, name).is_some_and(|v| v.to_ascii_lowercase().contains(what));
    if says("transfer-encoding", "chunked") {
        // Many archives keep the header but store the body already joined.
        body = unchunk(&body).unwrap_or(body);
    }
    for encoding in field(&http, "content-encoding").unwrap_or("").rsplit(',') {
        body = undo(encoding.trim(), body, limit)?;
    }
    record.body = body;
    Ok(record)
}

fn undo(encoding: &str, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let bound = limit as u64 + 1;
    let read = match encoding.to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => {
            GzDecoder::new(&body[..]).take(bound).read_to_end(&mut out)
        }
        "deflate" if body.first() == Some(&0x78) => ZlibDecoder::new(&body[..])
            .take(bound)
            .read_to_end(&mut out),
        "deflate" => DeflateDecoder::new(&body[..])
            .take(bound)
            .read_to_end(&mut out),
        "br" | "zstd" => return Err(format!("content encoding `{encoding}` is not supported")),
        _ => return Ok(body),
    };
    match read {
        _ if out.len() > limit => Err(format!("unpacks to more than {limit} bytes")),
        Err(e) if out.is_empty() => Err(format!("content encoding `{encoding}`: {e}")),
        _ => Ok(out),
    }
}

fn unchunk(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    loop {
        let line = memchr::memchr(b'\n', body)?;
        let size = std::str::from_utf8(&body[..line]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        body = &body[line + 1..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(body.get(..size)?);
        body = body.get(size..)?;
        body = body.strip_prefix(b"\r\n").or(body.strip_prefix(b"\n"))?;
    }
}

/// Of compression: most of a page is script and markup, which gives way at once; the levels above
/// cost twice the time for a few per cent of the disk.
const LEVEL: u32 = 3;

/// Appends one `resource` record as one gzip member. The bytes depend on `record` alone: no clock,
/// and the record id comes from the content.
pub fn write_record(out: &mut impl Write, record: &Record) -> io::Result<()> {
    let clean = |s: &str| s.replace(['\r', '\n'], " ");
    let date = clean(record.date.as_deref().unwrap_or(NO_DATE));
    let mut mime = clean(&record.mime);
    if let Some(charset) = &record.charset {
        mime = format!("{mime}; charset={}", clean(charset));
    }
    let id = Id::of([
        record.url.as_bytes(),
        date.as_bytes(),
        mime.as_bytes(),
        &record.body,
    ])
    .to_string();
    let id = format!(
        "{}-{}-{}-{}-{}",
        &id[..8],
        &id[8..12],
        &id[12..16],
        &id[16..20],
        &id[20..]
    );
    let mut gzip = GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(&mut *out, Compression::new(LEVEL));
    write!(
        gzip,
        "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: {}\r\nWARC-Date: {date}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n\r\n",
        clean(&record.url),
        record.body.len()
    )?;
    gzip.write_all(&record.body)?;
    gzip.write_all(b"\r\n\r\n")?;
    gzip.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests;

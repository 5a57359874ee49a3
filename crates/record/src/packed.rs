use std::io::BufReader;

use rapporteur_page::warc::{Reader, Record, write_record};

use crate::{Error, RawRef};

/// The bytes of a page as one WARC record in one gzip member, ready to be appended. Made by the
/// worker that read the page, so the writer only writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    pub(crate) member: Vec<u8>,
}

impl Packed {
    /// Packs `bytes`, which must be those that `raw` was made of.
    pub fn new(raw: &RawRef, bytes: &[u8]) -> Self {
        let record = Record {
            // A page without an address is named by its hash, as archives want a target.
            url: raw
                .url
                .clone()
                .unwrap_or_else(|| format!("urn:sha256:{}", raw.sha256)),
            date: raw.captured_at.clone(),
            mime: raw.mime.clone(),
            charset: raw.charset.clone(),
            body: bytes.to_vec(),
        };
        let mut member = Vec::with_capacity(bytes.len() / 4 + 512);
        write_record(&mut member, &record).expect("invariant: a Vec takes every write");
        Self { member }
    }

    /// The member as it stands in an archive.
    pub fn into_member(self) -> Vec<u8> {
        self.member
    }

    /// A page that was packed before: what [`Packed::into_member`] gave.
    pub fn from_member(member: Vec<u8>) -> Self {
        Self { member }
    }

    /// The bytes of the page again.
    pub(crate) fn unpack(member: &[u8], len: u64) -> Result<Vec<u8>, Error> {
        Ok(Self::record(member, len)?.body)
    }

    /// The record again, read to the end of its member: the checksum stands there.
    pub(crate) fn record(member: &[u8], len: u64) -> Result<Record, Error> {
        let limit = usize::try_from(len).unwrap_or(usize::MAX);
        let mut reader = Reader::new(BufReader::new(member)).with_limit(limit.saturating_add(1));
        let record = match reader.next() {
            Some(Ok(record)) => record,
            Some(Err(error)) => return Err(Error::corrupt(format!("a stored page: {error}"))),
            None => return Err(Error::corrupt("a stored page is empty")),
        };
        match reader.next() {
            None => Ok(record),
            Some(Err(error)) => Err(Error::corrupt(format!("a stored page: {error}"))),
            Some(Ok(_)) => Err(Error::corrupt("a stored page: more than one record")),
        }
    }
}

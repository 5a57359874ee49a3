use crate::RawRef;

/// The bytes of a page as one WARC record in one gzip member, ready to be appended. Made by the
/// worker that read the page, so the writer only writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    pub(crate) member: Vec<u8>,
}

impl Packed {
    /// Packs `bytes`, which must be those that `raw` was made of.
    pub fn new(raw: &RawRef, bytes: &[u8]) -> Self {
        let _ = raw;
        Self {
            member: bytes.to_vec(),
        }
    }
}

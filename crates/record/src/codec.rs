//! Rows too long for a column of their own: JSON or text, zlib. One compressor in the whole tree
//! (the archives need gzip anyway), and no second C library to build.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

/// Fast: rows are written once a page and read for every view.
const LEVEL: u32 = 3;

pub(crate) fn squeeze(bytes: &[u8]) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(LEVEL));
    out.write_all(bytes)
        .and_then(|()| out.finish())
        .expect("invariant: a Vec takes every write")
}

pub(crate) fn expand(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(bytes.len() * 4);
    match ZlibDecoder::new(bytes).read_to_end(&mut out) {
        Ok(_) => Ok(out),
        Err(error) => Err(Error::corrupt(format!(
            "a stored row cannot be expanded: {error}"
        ))),
    }
}

pub(crate) fn expand_text(bytes: &[u8]) -> Result<String, Error> {
    String::from_utf8(expand(bytes)?).map_err(|_| Error::corrupt("a stored text is not UTF-8"))
}

pub(crate) fn to_row<T: Serialize>(value: &T) -> Vec<u8> {
    let json = serde_json::to_vec(value).expect("invariant: plain data has a JSON form");
    squeeze(&json)
}

pub(crate) fn from_row<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    Ok(serde_json::from_slice(&expand(bytes)?)?)
}

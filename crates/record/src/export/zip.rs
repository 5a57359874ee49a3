//! A zip archive whose bytes depend on its files alone.
//!
//! Files are stored, not compressed: a compressor may choose other bytes on another processor,
//! and two exports of the same record must be the same file. Every file carries the first time
//! that the format knows, 1 January 1980.

use super::File;

/// The first day of the format: year 0 (1980), month 1, day 1.
const DAY: u16 = 1 << 5 | 1;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// Version that a reader needs: 2.0.
const VERSION: u16 = 20;

/// Packs files in the order given; `None` if they are more than the plain format holds (65,535
/// files, 4 GiB).
pub fn zip(files: &[File]) -> Option<Vec<u8>> {
    let count = u16::try_from(files.len()).ok()?;
    let room: usize = files
        .iter()
        .map(|f| f.bytes.len() + 2 * f.name.len() + 76)
        .sum();
    let mut out = Vec::with_capacity(room + 22);
    let mut directory = Vec::new();
    for file in files {
        let offset = u32::try_from(out.len()).ok()?;
        let size = u32::try_from(file.bytes.len()).ok()?;
        let name = u16::try_from(file.name.len()).ok()?;
        let mut about = Vec::new();
        for half in [VERSION, UTF8, 0, 0, DAY] {
            about.extend(half.to_le_bytes());
        }
        for whole in [crc32(&file.bytes), size, size] {
            about.extend(whole.to_le_bytes());
        }
        about.extend(name.to_le_bytes());
        about.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&about);
        out.extend(file.name.as_bytes());
        out.extend(&file.bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&about);
        // Comment, disk, attributes inside and outside: none.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(file.name.as_bytes());
    }
    let start = u32::try_from(out.len()).ok()?;
    let length = u32::try_from(directory.len()).ok()?;
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    Some(out)
}

/// The check sum of zip.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn an_archive_lists_its_files_where_they_are() {
        let file = |name: &str, text: &str| File {
            name: name.into(),
            bytes: text.into(),
        };
        let files = [file("a.txt", "one"), file("folder/ü.txt", "")];
        let bytes = zip(&files).unwrap();
        assert_eq!(bytes, zip(&files).unwrap());
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let mut at = number(end + 16);
        for file in &files {
            assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
            let local = number(at + 42);
            assert_eq!(&bytes[local..local + 4], b"PK\x03\x04");
            let name = local + 30;
            assert_eq!(&bytes[name..name + file.name.len()], file.name.as_bytes());
            let data = name + file.name.len();
            assert_eq!(&bytes[data..data + file.bytes.len()], file.bytes);
            at += 46 + file.name.len();
        }
        assert_eq!(at, end);
    }
}

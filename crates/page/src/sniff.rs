//! What bytes are, by their content; a file name is only a hint.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A web page.
    Html,
    /// Plain text, pasted page text, Markdown.
    Text,
    /// RSS, Atom, JSON Feed, a sitemap.
    Feed,
    /// A web archive.
    Warc,
    /// A web archive, compressed.
    WarcGz,
    /// Something else, compressed.
    Gzip,
    /// One JSON object a line.
    JsonLines,
    /// Not text: an image, an archive, a program.
    Binary,
    /// Nothing but white space.
    Empty,
}

/// Looks at the first kilobytes. `name` decides only between text and HTML fragments, and tells a
/// compressed archive from other compressed files when the first member cannot be read.
pub fn kind(bytes: &[u8], name: Option<&str>) -> Kind {
    let name = name.unwrap_or("").to_ascii_lowercase();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return gzip(bytes, &name);
    }
    if bytes.starts_with(b"WARC/") {
        return Kind::Warc;
    }
    let head = &bytes[..bytes.len().min(8192)];
    let wide = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    if !wide && binary(head) {
        return Kind::Binary;
    }
    let decoded = decode(head, None).text;
    let text = decoded.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if text.is_empty() {
        let rest = &bytes[head.len()..];
        return if rest.iter().all(u8::is_ascii_whitespace) {
            Kind::Empty
        } else {
            Kind::Text
        };
    }
    let lower = text.to_ascii_lowercase();
    markup(&lower, &name).unwrap_or_else(|| json(&lower, &name))
}

fn markup(lower: &str, name: &str) -> Option<Kind> {
    if !lower.starts_with('<') {
        return (name.ends_with(".html") || name.ends_with(".htm")).then_some(Kind::Html);
    }
    let feed = ["<rss", "<feed", "<rdf:rdf", "<urlset", "<sitemapindex"];
    let html = lower.find("<html").or_else(|| lower.find("<!doctype html"));
    let first_feed = feed.iter().filter_map(|t| lower.find(t)).min();
    match (first_feed, html) {
        (Some(f), Some(h)) if h < f => Some(Kind::Html),
        (Some(f), _) if lower.starts_with("<?xml") || f < 400 => Some(Kind::Feed),
        _ => Some(Kind::Html),
    }
}

fn json(lower: &str, name: &str) -> Kind {
    let object = lower.starts_with('{');
    if object && lower.contains("jsonfeed.org/version") {
        return Kind::Feed;
    }
    if object && (lower[1..].trim_start().starts_with(['"', '}'])) || name.ends_with(".jsonl") {
        return Kind::JsonLines;
    }
    // Markup behind a line of text: a page saved without its first tag.
    if ["<p>", "<div", "<body"]
        .iter()
        .filter(|t| lower.contains(**t))
        .count()
        >= 2
    {
        return Kind::Html;
    }
    Kind::Text
}

fn gzip(bytes: &[u8], name: &str) -> Kind {
    use std::io::Read;
    let mut start = [0u8; 5];
    match flate2::bufread::GzDecoder::new(bytes).read_exact(&mut start) {
        Ok(()) if &start == b"WARC/" => Kind::WarcGz,
        Err(_) if name.ends_with(".warc.gz") => Kind::WarcGz,
        _ => Kind::Gzip,
    }
}

fn binary(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 9] = [
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"PK\x03\x04",
        b"%PDF-",
        b"\x7fELF",
        b"RIFF",
        b"\x28\xb5\x2f\xfd",
        b"BZh",
    ];
    if MAGIC.iter().any(|m| head.starts_with(m)) {
        return true;
    }
    let odd = head
        .iter()
        .filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127))
        .count();
    head.contains(&0) || odd * 50 > head.len()
}

/// Bytes as text, with the encoding that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text; bytes that do not fit are U+FFFD.
    pub text: Cow<'b, str>,
    /// Name of the encoding.
    pub charset: &'static str,
    /// Whether bytes did not fit it.
    pub damaged: bool,
}

/// Decodes by byte order mark, then by validity as UTF-8, then by the transport's `charset`, then by a
/// `<meta>` in the first kilobytes, then by letter statistics (`chardetng`).
///
/// Text that is valid UTF-8 and not ASCII is UTF-8 whatever a header says: the odds that another
/// encoding yields that by chance vanish with length, and wrong headers are common.
pub fn decode<'b>(bytes: &'b [u8], charset: Option<&str>) -> Decoded<'b> {
    let bytes = without_lying_mark(bytes);
    let encoding = encoding(bytes, charset);
    let (text, used, damaged) = encoding.decode(bytes);
    Decoded {
        text,
        charset: used.name(),
        damaged,
    }
}

/// A mark of UTF-16 before what is plainly ASCII lies, and goes: UTF-16 of any markup has zeros, and of
/// no language so many bytes of ASCII.
fn without_lying_mark(bytes: &[u8]) -> &[u8] {
    let (Some(mark), Some(rest)) = (bytes.get(..2), bytes.get(2..)) else {
        return bytes;
    };
    let head = &rest[..rest.len().min(4096)];
    let ascii = head
        .iter()
        .filter(|b| matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~'));
    let plain = head.len() >= 32 && !head.contains(&0) && ascii.count() * 20 > head.len() * 19;
    if plain && (mark == [0xff, 0xfe] || mark == [0xfe, 0xff]) {
        rest
    } else {
        bytes
    }
}

fn encoding(bytes: &[u8], charset: Option<&str>) -> &'static Encoding {
    if let Some((found, _)) = Encoding::for_bom(bytes) {
        return found;
    }
    if std::str::from_utf8(bytes).is_ok() && !declared_escape(bytes, charset) {
        return UTF_8;
    }
    let named = charset.and_then(|c| Encoding::for_label(c.as_bytes()));
    let meta = || meta_charset(&bytes[..bytes.len().min(4096)]);
    let Some(found) = named.or_else(meta) else {
        return guess(bytes);
    };
    // A document that can be read as ASCII cannot be UTF-16 without a mark.
    if found == UTF_16BE || found == UTF_16LE || found == UTF_8 && mostly_damaged(bytes) {
        return guess(bytes);
    }
    found
}

/// ISO-2022-JP is ASCII on the outside and so passes for UTF-8.
fn declared_escape(bytes: &[u8], charset: Option<&str>) -> bool {
    memchr::memchr(0x1b, bytes).is_some()
        && charset.is_some_and(|c| c.eq_ignore_ascii_case("iso-2022-jp"))
}

/// Whether bytes said to be UTF-8 break it so often that the label must be wrong.
fn mostly_damaged(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let broken = bytes
        .utf8_chunks()
        .filter(|c| !c.invalid().is_empty())
        .count();
    broken * 3 > high
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    let head = &bytes[..bytes.len().min(1 << 18)];
    detector.feed(head, head.len() == bytes.len());
    let found = detector.guess(None, chardetng::Utf8Detection::Allow);
    if found == UTF_8 && mostly_damaged(bytes) {
        WINDOWS_1252
    } else {
        found
    }
}

fn meta_charset(head: &[u8]) -> Option<&'static Encoding> {
    let lower = head.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&lower[from..], b"charset") {
        let rest = &lower[from + at + 7..];
        from += at + 7;
        let rest = rest.trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"=") else {
            continue;
        };
        let rest = rest.trim_ascii_start();
        let rest = rest
            .strip_prefix(b"\"")
            .or(rest.strip_prefix(b"'"))
            .unwrap_or(rest);
        let end = rest
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || b"-_:.".contains(b)))
            .unwrap_or(rest.len());
        if let Some(found) = Encoding::for_label(&rest[..end]) {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_of_utf_16_before_ascii_lies() {
        let text = "<html><body><p>The envoys met again in the spring.</p></body></html>";
        for mark in [[0xff, 0xfe], [0xfe, 0xff]] {
            let lying = [&mark[..], text.as_bytes()].concat();
            assert_eq!(decode(&lying, None).text, text);
        }
        let units = "\u{feff}\u{4f60}\u{597d}<p>".encode_utf16();
        let units: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&units.repeat(12), None).charset, "UTF-16LE");
    }

    #[test]
    fn kinds_by_content() {
        let cases: [(&[u8], Kind); 12] = [
            (b"", Kind::Empty),
            (b" \r\n\t", Kind::Empty),
            (b"<!doctype html><p>x", Kind::Html),
            (
                b"\xef\xbb\xbf<?xml version='1.0'?><rss version='2.0'>",
                Kind::Feed,
            ),
            (b"<?xml version='1.0'?><html xmlns='x'>", Kind::Html),
            (b"{\"id\":\"1\"}\n{\"id\":\"2\"}", Kind::JsonLines),
            (
                b"{\"version\":\"https://jsonfeed.org/version/1.1\"}",
                Kind::Feed,
            ),
            (b"Talks resume in the capital\nEnvoys met.", Kind::Text),
            (b"WARC/1.0\r\n", Kind::Warc),
            (b"\x89PNG\r\n\x1a\n\0\0", Kind::Binary),
            (b"\x1f\x8b\x08\0", Kind::Gzip),
            (b"{ Talks }", Kind::Text),
        ];
        for (bytes, want) in cases {
            assert_eq!(
                kind(bytes, None),
                want,
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn encodings() {
        let arabic = "انسحاب القوات من المدينة بعد محادثات طويلة بين الجانبين";
        let (legacy, _, _) = encoding_rs::WINDOWS_1256.encode(arabic);
        assert_eq!(decode(&legacy, None).text, arabic);
        assert_eq!(decode(&legacy, Some("windows-1256")).text, arabic);
        assert_eq!(decode(&legacy, Some("utf-8")).text, arabic);
        let page = [b"<meta charset='iso-8859-2'>".as_slice(), &[0xb1]].concat();
        assert!(decode(&page, None).text.ends_with('ą'));
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("né".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(decode(&wide, None).text, "né");
        assert_eq!(kind(&wide, None), Kind::Text);
    }
}

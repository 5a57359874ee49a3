use std::borrow::Cow;
use std::sync::OnceLock;

const TABLE: &str = include_str!("../../../../data/page/entities.tsv");
/// No reference has a longer name.
const LONGEST: usize = 32;

struct Entry {
    name: &'static str,
    chars: &'static str,
    bare: bool,
}

fn table() -> &'static [Entry] {
    static ROWS: OnceLock<Vec<Entry>> = OnceLock::new();
    ROWS.get_or_init(|| {
        TABLE
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|line| {
                let mut cells = line.split('\t');
                let (name, chars, bare) = (cells.next()?, cells.next()?, cells.next()?);
                let chars = match chars {
                    "\\t" => "\t",
                    "\\n" => "\n",
                    other => other,
                };
                Some(Entry {
                    name,
                    chars,
                    bare: bare == "bare",
                })
            })
            .collect()
    })
}

/// Character references undone. Borrows when there are none.
pub(crate) fn decode_entities(text: &str) -> Cow<'_, str> {
    let Some(mut at) = memchr::memchr(b'&', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    loop {
        out.push_str(&text[done..at]);
        let used = reference(&text[at..], &mut out);
        done = at + used;
        if used == 0 {
            out.push('&');
            done = at + 1;
        }
        match memchr::memchr(b'&', &text.as_bytes()[done..]) {
            Some(next) => at = done + next,
            None => break,
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Reads one reference at the start of `text`; the number of bytes used, 0 when it is none.
fn reference(text: &str, out: &mut String) -> usize {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        return numeric(text, out);
    }
    let len = bytes[1..]
        .iter()
        .take(LONGEST)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let name = &text[1..=len];
    let rows = table();
    let find = |name: &str| {
        rows.binary_search_by(|e| e.name.cmp(name))
            .ok()
            .map(|at| &rows[at])
    };
    if let Some(entry) = find(name).filter(|_| bytes.get(1 + len) == Some(&b';')) {
        out.push_str(entry.chars);
        return len + 2;
    }
    // "&nbspTalks": the longest name that may stand bare.
    for cut in (2..=len.min(6)).rev() {
        if let Some(entry) = find(&name[..cut]).filter(|e| e.bare) {
            out.push_str(entry.chars);
            return cut + 1;
        }
    }
    0
}

fn numeric(text: &str, out: &mut String) -> usize {
    let body = &text.as_bytes()[2..];
    let hex = matches!(body.first(), Some(b'x' | b'X'));
    let skip = usize::from(hex);
    let digits = body[skip..]
        .iter()
        .take(8)
        .take_while(|b| {
            if hex {
                b.is_ascii_hexdigit()
            } else {
                b.is_ascii_digit()
            }
        })
        .count();
    let from = 2 + skip;
    let Ok(code) = u32::from_str_radix(&text[from..from + digits], if hex { 16 } else { 10 })
    else {
        return 0;
    };
    // Windows-1252 numbers stand for their characters, as in every browser.
    let c = match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9f) => {
            let bytes = [byte];
            let (s, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            s.chars().next()
        }
        _ => char::from_u32(code).filter(|c| *c != '\0'),
    };
    out.push(c.unwrap_or('\u{fffd}'));
    let end = from + digits;
    end + usize::from(text.as_bytes().get(end) == Some(&b';'))
}

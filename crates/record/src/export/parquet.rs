//! Tables as Apache Parquet: the plain core of the format, which every reader knows.
//!
//! Every column may be empty (null), values are encoded PLAIN and not compressed, one page a column
//! and group of rows. Texts are UTF-8, days are DATE (days since 1970-01-01), numbers INT64 or
//! DOUBLE. What a column holds stands in the file's key-value metadata under `column:NAME`.
//!
//! The layout follows the specification of the Parquet project (`parquet.thrift`), its footer in
//! the compact protocol of Thrift.

use rapporteur_base::Date;

use super::table::{Kind, Table};

/// Rows of one group.
const GROUP: usize = 20_000;
const MAGIC: &[u8] = b"PAR1";
/// Physical types.
const INT32: i64 = 1;
const INT64: i64 = 2;
const DOUBLE: i64 = 5;
const BYTES: i64 = 6;
/// Encodings.
const PLAIN: i64 = 0;
const RLE: i64 = 3;

/// Wire types of the compact protocol.
const T_I32: u8 = 5;
const T_I64: u8 = 6;
const T_BINARY: u8 = 8;
const T_LIST: u8 = 9;
const T_STRUCT: u8 = 12;

/// A struct of the compact protocol, being written.
#[derive(Debug, Default)]
struct Thrift {
    out: Vec<u8>,
    last: u8,
}

impl Thrift {
    fn head(&mut self, field: u8, kind: u8) {
        let step = field - self.last;
        self.out.push(step << 4 | kind);
        self.last = field;
    }

    fn i32(mut self, field: u8, value: i64) -> Self {
        self.head(field, T_I32);
        zigzag(&mut self.out, value);
        self
    }

    fn i64(mut self, field: u8, value: usize) -> Self {
        self.head(field, T_I64);
        zigzag(&mut self.out, value as i64);
        self
    }

    fn text(mut self, field: u8, words: &str) -> Self {
        self.head(field, T_BINARY);
        binary(&mut self.out, words);
        self
    }

    fn list(mut self, field: u8, kind: u8, items: &[Vec<u8>]) -> Self {
        self.head(field, T_LIST);
        match u8::try_from(items.len()) {
            Ok(few) if few < 15 => self.out.push(few << 4 | kind),
            _ => {
                self.out.push(0xf0 | kind);
                varint(&mut self.out, items.len() as u64);
            }
        }
        items.iter().for_each(|item| self.out.extend(item));
        self
    }

    fn inner(mut self, field: u8, inner: Self) -> Self {
        self.head(field, T_STRUCT);
        self.out.extend(inner.end());
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.out.push(0);
        self.out
    }
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn zigzag(out: &mut Vec<u8>, value: i64) {
    varint(out, ((value << 1) ^ (value >> 63)) as u64);
}

fn zigzagged(value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    zigzag(&mut out, value);
    out
}

fn binary(out: &mut Vec<u8>, words: &str) {
    varint(out, words.len() as u64);
    out.extend(words.as_bytes());
}

fn physical(kind: Kind) -> i64 {
    match kind {
        Kind::Text => BYTES,
        Kind::Whole => INT64,
        Kind::Number => DOUBLE,
        Kind::Day => INT32,
    }
}

/// Days since 1970-01-01.
fn days(date: Date) -> i32 {
    // Howard Hinnant's count: years begin in March, eras have 400 of them.
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The plain bytes of a cell; `None`: empty, or no value of the column's kind.
fn plain(kind: Kind, cell: &str) -> Option<Vec<u8>> {
    if cell.is_empty() {
        return None;
    }
    match kind {
        Kind::Text => {
            let length = u32::try_from(cell.len()).ok()?;
            Some([&length.to_le_bytes(), cell.as_bytes()].concat())
        }
        Kind::Whole => cell.parse::<i64>().ok().map(|n| n.to_le_bytes().to_vec()),
        Kind::Number => cell.parse::<f64>().ok().map(|n| n.to_le_bytes().to_vec()),
        Kind::Day => cell
            .parse::<Date>()
            .ok()
            .map(|d| days(d).to_le_bytes().to_vec()),
    }
}

/// One page: which rows have a value, then the values.
fn page(kind: Kind, rows: &[Vec<String>], at: usize) -> Vec<u8> {
    let mut levels = Vec::new();
    varint(&mut levels, (rows.len().div_ceil(8) as u64) << 1 | 1);
    let mut values = Vec::new();
    for eight in rows.chunks(8) {
        let mut bits = 0u8;
        for (n, row) in eight.iter().enumerate() {
            if let Some(bytes) = plain(kind, &row[at]) {
                bits |= 1 << n;
                values.extend(bytes);
            }
        }
        levels.push(bits);
    }
    let mut body = (levels.len() as u32).to_le_bytes().to_vec();
    body.extend(levels);
    body.extend(values);
    let data = Thrift::default()
        .i32(1, rows.len() as i64)
        .i32(2, PLAIN)
        .i32(3, RLE)
        .i32(4, RLE);
    let size = body.len() as i64;
    let head = Thrift::default().i32(1, 0).i32(2, size).i32(3, size);
    let mut out = head.inner(5, data).end();
    out.extend(body);
    out
}

/// The schema: the row, then its columns.
fn schema(table: &Table) -> Vec<Vec<u8>> {
    let root = Thrift::default().text(4, table.name);
    let mut out = vec![root.i32(5, table.columns.len() as i64).end()];
    out.extend(table.columns.iter().map(|column| {
        // Repetition 1: optional. Converted types 0: UTF-8, 6: a day.
        let element = Thrift::default().i32(1, physical(column.kind)).i32(3, 1);
        let element = element.text(4, column.name);
        match column.kind {
            Kind::Text => element.i32(6, 0),
            Kind::Day => element.i32(6, 6),
            Kind::Whole | Kind::Number => element,
        }
        .end()
    }));
    out
}

/// What every column holds, and the table.
fn about(table: &Table) -> Vec<Vec<u8>> {
    let pair = |key: &str, value: &str| Thrift::default().text(1, key).text(2, value).end();
    let mut out = vec![pair("table", table.about)];
    for column in &table.columns {
        out.push(pair(&format!("column:{}", column.name), column.about));
    }
    out
}

/// Writes a table as a Parquet file.
pub(super) fn parquet(table: &Table) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    let mut groups = Vec::new();
    for rows in table.rows.chunks(GROUP) {
        let begin = out.len();
        let mut chunks = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            let offset = out.len();
            out.extend(page(column.kind, rows, at));
            let size = out.len() - offset;
            let mut path = Vec::new();
            binary(&mut path, column.name);
            let meta = Thrift::default()
                .i32(1, physical(column.kind))
                .list(2, T_I32, &[zigzagged(PLAIN), zigzagged(RLE)])
                .list(3, T_BINARY, &[path])
                .i32(4, 0)
                .i64(5, rows.len())
                .i64(6, size)
                .i64(7, size)
                .i64(9, offset);
            chunks.push(Thrift::default().i64(2, offset).inner(3, meta).end());
        }
        let group = Thrift::default().list(1, T_STRUCT, &chunks);
        groups.push(group.i64(2, out.len() - begin).i64(3, rows.len()).end());
    }
    let footer = Thrift::default()
        .i32(1, 1)
        .list(2, T_STRUCT, &schema(table))
        .i64(3, table.rows.len())
        .list(4, T_STRUCT, &groups)
        .list(5, T_STRUCT, &about(table))
        .text(6, "rapporteur")
        .end();
    out.extend(&footer);
    out.extend((footer.len() as u32).to_le_bytes());
    out.extend(MAGIC);
    out
}

#[cfg(test)]
mod tests {
    use super::super::table::column;
    use super::*;

    #[test]
    fn days_count_from_1970() {
        let count = |text: &str| days(text.parse().unwrap());
        assert_eq!(count("1970-01-01"), 0);
        assert_eq!(count("1969-12-31"), -1);
        assert_eq!(count("2000-02-29"), 11_016);
        assert_eq!(count("2024-03-01"), 19_783);
    }

    #[test]
    fn numbers_are_written_as_the_protocol_wants() {
        assert_eq!(zigzagged(0), [0]);
        assert_eq!(zigzagged(-1), [1]);
        assert_eq!(zigzagged(64), [0x80, 0x01]);
        let fields = Thrift::default().i32(1, 1).text(4, "ab").end();
        assert_eq!(fields, [0x15, 2, 0x38, 2, b'a', b'b', 0]);
    }

    #[test]
    fn a_file_has_its_magic_at_both_ends_and_says_how_long_its_footer_is() {
        let mut table = Table::new(
            "t",
            "A table.",
            &[column("a", "words"), column("n", "a number").whole()],
        );
        table.push(vec!["x".into(), "7".into()]);
        table.push(vec![String::new(), String::new()]);
        let bytes = parquet(&table);
        assert!(bytes.starts_with(MAGIC) && bytes.ends_with(MAGIC));
        let end = bytes.len() - 8;
        let length = u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) as usize;
        assert!(length < end);
        // First column: two rows, the first has a value.
        let levels = [2, 0, 0, 0, 3, 0b01];
        assert!(bytes.windows(6).any(|w| w == levels));
        assert_eq!(bytes, parquet(&table));
        assert!(parquet(&Table::new("e", "", &[column("a", "")])).ends_with(MAGIC));
    }

    #[test]
    fn a_cell_of_another_kind_is_no_value() {
        assert_eq!(plain(Kind::Whole, "7.5"), None);
        assert_eq!(plain(Kind::Day, "2024-13-01"), None);
        assert_eq!(plain(Kind::Text, ""), None);
        assert_eq!(
            plain(Kind::Number, "0.5"),
            Some(0.5f64.to_le_bytes().to_vec())
        );
    }
}

//! What was named on the command line, one page after the other: files, folders, feeds, archives,
//! JSON Lines, addresses, standard input. Nothing here keeps more than one page in memory.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use rapporteur_base::Date;
use rapporteur_page::sniff::{self, Kind};
use rapporteur_page::{feed, warc};
use serde_json::{Map, Value, json};

use super::address::Address;
use super::fetch::{Fetched, Fetcher};
use super::lines::{Line, Lines};
use super::{Failure, Item, MAX_PAGE};
use crate::pipeline::RawPage;

/// Where pages go; `false` asks to stop.
pub(crate) type Sink<'s> = dyn FnMut(Item) -> bool + 's;

/// Reads inputs in the order given.
pub(crate) struct Inputs<'s> {
    fetcher: Fetcher,
    /// The day of capture of what is fetched now.
    today: Date,
    offline: bool,
    sink: &'s mut Sink<'s>,
    /// Whether an entry of a feed, by its name and the time of its last change, is left alone.
    pub(crate) skip: Option<&'s Settled<'s>>,
    stopped: bool,
}

/// Whether an entry of a feed need not be fetched.
pub(crate) type Settled<'s> = dyn Fn(&str, Option<&str>) -> bool + 's;

/// Files of these kinds are looked at inside folders; anything named outright is looked at anyway.
const READ: [&str; 15] = [
    "html", "htm", "xhtml", "txt", "md", "markdown", "xml", "rss", "atom", "json", "jsonl",
    "ndjson", "warc", "gz", "text",
];

/// Damaged records of one archive that are told one by one.
const MOST_DAMAGE: usize = 20;

/// Visible text below which a feed entry is a teaser: its page is fetched instead.
const WHOLE_ARTICLE: usize = 800;

impl<'s> Inputs<'s> {
    pub(crate) fn new(
        fetcher: Fetcher,
        today: Date,
        offline: bool,
        sink: &'s mut Sink<'s>,
    ) -> Self {
        Self {
            fetcher,
            today,
            offline,
            sink,
            skip: None,
            stopped: false,
        }
    }

    /// Reads one argument of the command line.
    pub(crate) fn read(&mut self, input: &str) {
        if self.stopped {
            return;
        }
        if input == "-" {
            return self.standard_input();
        }
        if input.starts_with("http://") || input.starts_with("https://") {
            return self.address(input);
        }
        let path = Path::new(input);
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => self.folder(path),
            Ok(_) => self.file(path),
            Err(error) => self.fail(unreadable(path, &error)),
        }
    }

    /// Reads something that is in memory already, such as an upload.
    pub(crate) fn given(&mut self, name: &str, bytes: &[u8]) {
        if !self.stopped {
            self.bytes(name, None, bytes.to_vec());
        }
    }

    /// Reads an answer that was fetched already.
    pub(crate) fn fetched(&mut self, name: &str, mut fetched: Fetched) {
        if !self.stopped {
            let bytes = std::mem::take(&mut fetched.bytes);
            self.bytes(name, Some(&fetched), bytes);
        }
    }

    fn give(&mut self, item: Item) {
        self.stopped |= !(self.sink)(item);
    }

    fn fail(&mut self, failure: Failure) {
        self.give(Item::Failed(failure));
    }

    fn page(&mut self, page: RawPage) {
        self.give(Item::Page(Box::new(page)));
    }

    fn standard_input(&mut self) {
        let mut bytes = Vec::new();
        let mut input = io::stdin().lock().take(MAX_PAGE as u64 + 1);
        match input.read_to_end(&mut bytes) {
            Ok(_) => self.bytes("-", None, bytes),
            Err(error) => self.fail(Failure::new(
                "-",
                format!("standard input cannot be read: {error}"),
                "check the command before the pipe",
            )),
        }
    }

    /// All files under `folder`, sorted by name, folders after their files' names in the same order.
    fn folder(&mut self, folder: &Path) {
        let mut entries: Vec<PathBuf> = match std::fs::read_dir(folder)
            .and_then(|dir| dir.map(|e| e.map(|e| e.path())).collect())
        {
            Ok(entries) => entries,
            Err(error) => return self.fail(unreadable(folder, &error)),
        };
        entries.sort();
        let saved: BTreeSet<String> = entries
            .iter()
            .filter(|path| has_kind(path, &["html", "htm"]))
            .filter_map(|path| {
                path.file_stem()?
                    .to_str()
                    .map(|stem| format!("{stem}_files"))
            })
            .collect();
        for path in entries {
            if self.stopped {
                return;
            }
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
            // A desk inside the folder, hidden files, and the pictures that a browser saves
            // beside a page are no pages.
            if name.starts_with('.') || saved.contains(name) {
                continue;
            }
            if path.is_dir() {
                if !crate::desk_dir::is_desk(&path) {
                    self.folder(&path);
                }
            } else if has_kind(&path, &READ) {
                self.file(&path);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        let opened = File::open(path).and_then(|file| {
            let mut file = BufReader::with_capacity(1 << 16, file);
            let head = file.fill_buf()?.to_vec();
            Ok((file, head))
        });
        let (mut file, head) = match opened {
            Ok(opened) => opened,
            Err(error) => return self.fail(unreadable(path, &error)),
        };
        let name = path.display().to_string();
        match sniff::kind(&head, Some(&name)) {
            Kind::Warc | Kind::WarcGz => self.archive(&name, file),
            Kind::JsonLines if !is_one_object(&head) => self.rows(&name, file),
            _ => {
                let mut bytes = Vec::new();
                match file
                    .by_ref()
                    .take(MAX_PAGE as u64 + 1)
                    .read_to_end(&mut bytes)
                {
                    Ok(_) => self.bytes(&name, None, bytes),
                    Err(error) => self.fail(unreadable(path, &error)),
                }
            }
        }
    }

    /// Something whole in memory: a page, a feed, rows, or one of these compressed.
    fn bytes(&mut self, name: &str, from: Option<&Fetched>, bytes: Vec<u8>) {
        if bytes.len() > MAX_PAGE {
            return self.fail(Failure::new(
                name,
                format!("more than {} MiB in one page", MAX_PAGE >> 20),
                "an article is never that long; split the file, or give many articles as JSON Lines or WARC",
            ));
        }
        let hint = from.map_or_else(|| name.to_owned(), |f| f.address.path().to_owned());
        match sniff::kind(&bytes, Some(&hint)) {
            Kind::Empty => self.fail(Failure::new(
                name,
                "empty: nothing to read",
                "save the page again, or remove the file",
            )),
            Kind::Binary => self.fail(Failure::new(
                name,
                "not a page: an image, an archive, a program or a document of another kind",
                "save it as HTML or text and add that file",
            )),
            Kind::Gzip => self.unpack(name, from, &bytes),
            Kind::Feed => self.feed(name, from, &bytes),
            Kind::Warc | Kind::WarcGz => self.archive(name, io::Cursor::new(bytes)),
            Kind::JsonLines if is_one_object(&bytes) => self.one_object(name, &bytes),
            Kind::JsonLines => self.rows(name, io::Cursor::new(bytes)),
            Kind::Html => self.page(raw(name, from, "text/html", bytes, self.today)),
            Kind::Text if bytes.trim_ascii_start().starts_with(b"[{") => {
                self.one_object(name, &bytes);
            }
            Kind::Text => {
                let markdown = has_kind(Path::new(&hint), &["md", "markdown"]);
                let mime = if markdown {
                    "text/markdown"
                } else {
                    "text/plain"
                };
                self.page(raw(name, from, mime, bytes, self.today));
            }
        }
    }

    fn unpack(&mut self, name: &str, from: Option<&Fetched>, bytes: &[u8]) {
        let mut inside = Vec::new();
        let unpacked = flate2::read::MultiGzDecoder::new(bytes)
            .take(MAX_PAGE as u64 + 1)
            .read_to_end(&mut inside);
        match unpacked {
            Ok(_) if inside.starts_with(&[0x1f, 0x8b]) => self.fail(Failure::new(
                name,
                "compressed twice",
                "unpack it once with gunzip and add the result",
            )),
            Ok(_) => self.bytes(name, from, inside),
            Err(error) => self.fail(Failure::new(
                name,
                format!("the compressed file is cut short or damaged ({error})"),
                "fetch or copy the file again; `gzip -t` tells whether it is whole",
            )),
        }
    }

    fn archive(&mut self, name: &str, file: impl BufRead) {
        let (mut damaged, mut pages) = (0, 0);
        for record in warc::Reader::new(file) {
            if self.stopped {
                return;
            }
            match record {
                Ok(record) => pages += usize::from(self.record(name, record)),
                Err(error) => {
                    damaged += 1;
                    if damaged <= MOST_DAMAGE {
                        let at = format!("{name}#{}", error.offset());
                        self.fail(Failure::new(at, error.to_string(), "the other records of the archive are read all the same; fetch the file again for this one"));
                    }
                }
            }
        }
        if pages + damaged == 0 {
            self.fail(Failure::new(
                name,
                "the archive holds no page",
                "it needs `response` or `resource` records of HTML or text",
            ));
        }
    }

    /// Whether the record is a page.
    fn record(&mut self, name: &str, record: warc::Record) -> bool {
        let mime = match record.mime.as_str() {
            "text/html" | "application/xhtml+xml" => "text/html",
            "text/plain" => "text/plain",
            "" | "application/octet-stream" => match sniff::kind(&record.body, None) {
                Kind::Html => "text/html",
                _ => return false,
            },
            _ => return false,
        };
        if record.body.trim_ascii().is_empty() || record.url.ends_with("/robots.txt") {
            return false;
        }
        self.page(RawPage {
            source: format!("{name}#{}", record.url),
            mime: mime.into(),
            charset: record.charset,
            url: Some(record.url),
            captured: record.date.and_then(|d| d.get(..10)?.parse().ok()),
            bytes: record.body,
        });
        true
    }

    fn rows(&mut self, name: &str, file: impl BufRead) {
        for (at, line) in Lines::new(file, MAX_PAGE).enumerate() {
            if self.stopped {
                return;
            }
            let source = format!("{name}#{}", at + 1);
            match line {
                Line::Text(line) if line.trim_ascii().is_empty() => {}
                Line::Text(line) => match serde_json::from_slice::<Value>(&line) {
                    Ok(row) => self.row(source, &row),
                    Err(error) => self.fail(Failure::new(
                        source,
                        format!("line {} is not JSON: {error}", at + 1),
                        "each line must be one object with `text` or `html`",
                    )),
                },
                Line::TooLong => self.fail(Failure::new(
                    source,
                    format!("line {} is longer than {} MiB", at + 1, MAX_PAGE >> 20),
                    "an article is never that long; check that every article stands on a line of its own",
                )),
                Line::Failed(error) => {
                    return self.fail(Failure::new(
                        source,
                        format!("cannot be read: {error}"),
                        "copy the file again",
                    ));
                }
            }
        }
    }

    /// A JSON file that is one article, or a list of them.
    fn one_object(&mut self, name: &str, bytes: &[u8]) {
        match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Array(rows)) => {
                for (at, row) in rows.iter().enumerate() {
                    self.row(format!("{name}#{}", at + 1), row);
                }
            }
            Ok(row) => self.row(name.to_owned(), &row),
            Err(_) => self.rows(name, io::Cursor::new(bytes)),
        }
    }

    fn row(&mut self, source: String, row: &Value) {
        match article(row) {
            Ok(row) => {
                let url = row.get("url").and_then(Value::as_str).map(str::to_owned);
                self.page(RawPage {
                    source,
                    mime: "application/json".into(),
                    charset: Some("utf-8".into()),
                    url,
                    captured: row
                        .get("crawled")
                        .and_then(Value::as_str)
                        .and_then(|d| d.get(..10)?.parse().ok()),
                    bytes: Value::Object(row).to_string().into_bytes(),
                });
            }
            Err(what) => self.fail(Failure::new(
                source,
                what,
                "an article needs `text` or `html`, and may have url, title, published, site, authors, lang",
            )),
        }
    }

    fn feed(&mut self, name: &str, from: Option<&Fetched>, bytes: &[u8]) {
        let entries = match feed::read(bytes) {
            Ok(entries) => entries,
            Err(error) => {
                return self.fail(Failure::new(
                    name,
                    format!("looks like a feed but cannot be read: {error}"),
                    "check the feed with a feed validator, or add its pages one by one",
                ));
            }
        };
        if entries.is_empty() {
            self.fail(Failure::new(
                name,
                "the feed has no entries",
                "try again later",
            ));
        }
        for entry in entries {
            if self.stopped {
                return;
            }
            self.entry(name, from, &entry);
        }
    }

    fn entry(&mut self, name: &str, from: Option<&Fetched>, entry: &feed::Entry) {
        let address = entry.url.as_deref().map(|url| match from {
            Some(fetched) => fetched.address.join(url),
            None => Address::parse(url),
        });
        let source = match (&entry.url, &entry.title) {
            (Some(url), _) => format!("{name}#{url}"),
            (None, title) => format!("{name}#{}", title.as_deref().unwrap_or("entry")),
        };
        let changed = entry.modified_time.as_deref();
        if self.skip.is_some_and(|skip| skip(&source, changed)) {
            return;
        }
        let own = entry.html.clone().unwrap_or_default();
        let mut row = json!({
            "url": entry.url, "title": entry.title, "published": entry.published_time,
            "published_from": if entry.sitemap { "sitemap" } else { "feed" },
            "modified": entry.modified_time, "authors": entry.authors,
        });
        let whole = visible(&own) >= WHOLE_ARTICLE;
        match address {
            Some(Ok(address)) if !whole && !self.offline => {
                if address.is_loopback() && !from.is_some_and(|f| f.address.is_loopback()) {
                    return self.fail(Failure::new(
                        source,
                        "the feed leads to an address on this machine",
                        "nothing is fetched there; add the page as a file",
                    ));
                }
                match self.fetcher.get(&address) {
                    Ok(fetched) => {
                        let page = sniff::decode(&fetched.bytes, fetched.charset.as_deref());
                        row["html"] = Value::String(page.text.into_owned());
                        row["url"] = Value::String(fetched.address.to_string());
                        row["crawled"] = Value::String(self.today.to_string());
                        self.row(source, &row);
                    }
                    Err(failure) => self.fail(Failure { source, ..failure }),
                }
            }
            _ if own.trim().is_empty() => self.fail(Failure::new(
                source,
                "the entry has neither text nor an address that can be fetched",
                "add the page itself",
            )),
            _ => {
                row["html"] = Value::String(own);
                self.row(source, &row);
            }
        }
    }

    fn address(&mut self, input: &str) {
        let address = match Address::parse(input) {
            Ok(address) => address,
            Err(what) => return self.fail(Failure::new(input, what, "check the address")),
        };
        if self.offline {
            return self.fail(Failure::new(
                input,
                "not fetched: --offline",
                "leave --offline out, or add a saved page",
            ));
        }
        match self.fetcher.get(&address) {
            Ok(mut fetched) => {
                let bytes = std::mem::take(&mut fetched.bytes);
                self.bytes(input, Some(&fetched), bytes);
            }
            Err(failure) => self.fail(failure),
        }
    }
}

fn raw(name: &str, from: Option<&Fetched>, mime: &str, bytes: Vec<u8>, today: Date) -> RawPage {
    RawPage {
        source: name.to_owned(),
        mime: mime.to_owned(),
        charset: from.and_then(|f| f.charset.clone()),
        url: from.map(|f| f.address.to_string()),
        captured: from.map(|_| today),
        bytes,
    }
}

/// The fields of an article row under their common names, or what is wrong with it.
fn article(row: &Value) -> Result<Map<String, Value>, String> {
    const NAMES: [(&str, &[&str]); 9] = [
        ("url", &["url", "link"]),
        ("title", &["title", "headline"]),
        ("text", &["text", "body"]),
        ("html", &["html"]),
        (
            "published",
            &["published", "date", "published_at", "datePublished"],
        ),
        ("published_from", &["published_from"]),
        ("site", &["site", "outlet", "sitename"]),
        ("lang", &["lang", "language"]),
        ("crawled", &["crawled", "captured"]),
    ];
    let row = row.as_object().ok_or("not an object")?;
    let mut out = Map::new();
    for (name, names) in NAMES {
        let found = names.iter().find_map(|n| row.get(*n)?.as_str());
        if let Some(value) = found.filter(|v| !v.trim().is_empty()) {
            out.insert(name.into(), value.into());
        }
    }
    let authors = match row.get("authors").or_else(|| row.get("author")) {
        Some(Value::String(one)) if !one.trim().is_empty() => vec![Value::from(one.trim())],
        Some(Value::Array(many)) => many.iter().filter(|v| v.is_string()).cloned().collect(),
        _ => Vec::new(),
    };
    if !authors.is_empty() {
        out.insert("authors".into(), authors.into());
    }
    if !out.contains_key("text") && !out.contains_key("html") {
        return Err("neither `text` nor `html` is given".into());
    }
    Ok(out)
}

/// Pretty-printed JSON: an object or list whose first line is not whole.
fn is_one_object(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let first = head
        .split(|b| *b == b'\n')
        .next()
        .unwrap_or(head)
        .trim_ascii();
    first == b"{" || first == b"["
}

/// Letters outside of tags, roughly.
fn visible(html: &str) -> usize {
    let mut inside = false;
    html.chars()
        .filter(|c| {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                _ => return !inside && !c.is_whitespace(),
            }
            false
        })
        .count()
}

fn has_kind(path: &Path, kinds: &[&str]) -> bool {
    path.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| kinds.iter().any(|kind| e.eq_ignore_ascii_case(kind)))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let (what, remedy) = match error.kind() {
        io::ErrorKind::NotFound => (
            "there is no such file or folder".to_owned(),
            "check the name",
        ),
        io::ErrorKind::PermissionDenied => (
            "may not be read: permission denied".to_owned(),
            "give yourself the right to read it (chmod u+r, for a folder u+rx), then add it again",
        ),
        _ => (
            format!("cannot be read: {error}"),
            "copy it to another place and add the copy",
        ),
    };
    Failure::new(path.display().to_string(), what, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_by_common_names() {
        let row = json!({"headline": "Talks open", "body": "They met.", "author": "A. Writer", "date": "2024-02-15", "x": 1});
        let row = article(&row).unwrap();
        assert_eq!(row["title"], "Talks open");
        assert_eq!(row["authors"][0], "A. Writer");
        assert!(
            article(&json!({"title": "only"}))
                .unwrap_err()
                .contains("neither")
        );
        assert!(article(&json!([1])).is_err());
    }

    #[test]
    fn whole_objects_are_told_from_lines() {
        assert!(is_one_object(b"{\n  \"text\": 1}") && is_one_object(b"[\n{}"));
        assert!(!is_one_object(b"{\"text\": \"a\"}\n"));
    }
}

//! As much of an object store that speaks S3 as the tests need, on the loopback address: GET, PUT
//! with `If-None-Match: *`, and LIST. It checks no signature.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

type Held = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// Starts it on a thread of its own; gives its port.
pub(super) fn start() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let held = Held::default();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let held = Arc::clone(&held);
            std::thread::spawn(move || {
                let mut stream = BufReader::new(stream);
                while answer(&mut stream, &held).is_some() {}
            });
        }
    });
    port
}

/// Answers one request; nothing at the end of the connection.
fn answer(stream: &mut BufReader<TcpStream>, held: &Held) -> Option<()> {
    let mut first = String::new();
    stream.read_line(&mut first).ok().filter(|n| *n > 0)?;
    let mut words = first.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut if_none, mut chunked) = (0usize, false, false);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "if-none-match" => if_none = value == "*",
            "transfer-encoding" => chunked = value == "chunked",
            _ => {}
        }
    }
    assert!(!chunked, "the client sends whole bodies");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let key = decoded(
        path.trim_start_matches('/')
            .split_once('/')
            .map_or("", |(_, key)| key),
    );
    let mut held = held.lock().unwrap();
    let (status, reply) = match method.as_str() {
        "PUT" if if_none && held.contains_key(&key) => ("412 Precondition Failed", Vec::new()),
        "PUT" => {
            held.insert(key, body);
            ("200 OK", Vec::new())
        }
        "GET" if query.contains("list-type=2") => ("200 OK", list(query, &held)),
        "GET" => match held.get(&key) {
            Some(found) => ("200 OK", found.clone()),
            None => (
                "404 Not Found",
                b"<Error><Code>NoSuchKey</Code></Error>".to_vec(),
            ),
        },
        _ => ("405 Method Not Allowed", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nETag: \"{}\"\r\nLast-Modified: Thu, 02 Jan 2031 00:00:00 GMT\r\n\r\n",
        reply.len(),
        rapporteur_base::sha256_hex(&reply)
    );
    let out = stream.get_mut();
    out.write_all(head.as_bytes()).ok()?;
    out.write_all(&reply).ok()
}

fn list(query: &str, held: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let prefix = query
        .split('&')
        .find_map(|part| part.strip_prefix("prefix="));
    let prefix = decoded(prefix.unwrap_or(""));
    let rows: String = held
        .iter()
        .filter(|(key, _)| key.starts_with(&prefix))
        .map(|(key, bytes)| {
            format!(
                "<Contents><Key>{key}</Key><LastModified>2031-01-02T00:00:00.000Z</LastModified><ETag>\"x\"</ETag><Size>{}</Size></Contents>",
                bytes.len()
            )
        })
        .collect();
    format!("<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>").into_bytes()
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digits: Vec<u8> = bytes.by_ref().take(2).collect();
        let digits = String::from_utf8(digits).unwrap();
        out.push(u8::from_str_radix(&digits, 16).unwrap());
    }
    String::from_utf8(out).unwrap()
}

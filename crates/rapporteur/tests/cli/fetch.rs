use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::{Folder, Ran, TALKS, on, page};

/// A web server on the loopback address that notes what it was asked for.
struct Server {
    root: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (notes, own) = (Arc::clone(&asked), root.clone());
        std::thread::spawn(move || {
            // One request after the other: two at once would deadlock the test.
            for stream in listener.incoming().flatten() {
                let _ = answer(stream, &own, &notes);
            }
        });
        Self { root, asked }
    }

    fn add(&self, desk: &std::path::Path, path: &str) -> Ran {
        let url = format!("{}{path}", self.root);
        on(
            desk,
            &[
                "add",
                "--pause",
                "0",
                "--max-size",
                "1",
                "--timeout",
                "3",
                &url,
            ],
        )
    }
}

fn answer(mut stream: TcpStream, root: &str, notes: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut head = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    head.read_line(&mut first)?;
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    notes.lock().unwrap().push(path.clone());
    let html = |title: &str| page(title, "2024-03-13", &TALKS).into_bytes();
    let (status, extra, body) = match path.as_str() {
        "/robots.txt" => (
            "200 OK",
            String::new(),
            b"User-agent: *\nDisallow: /private\n".to_vec(),
        ),
        "/talks" => (
            "200 OK",
            "Content-Type: text/html; charset=utf-8\r\n".into(),
            html("Delegations meet"),
        ),
        "/second" => (
            "200 OK",
            "Content-Type: text/html\r\n".into(),
            html("A second meeting"),
        ),
        "/moved" => ("302 Found", "Location: talks\r\n".into(), Vec::new()),
        "/circle" => ("302 Found", "Location: /circle\r\n".into(), Vec::new()),
        "/to-private" => ("302 Found", "Location: /private/x\r\n".into(), Vec::new()),
        "/big" => ("200 OK", String::new(), vec![b'a'; 3 << 20]),
        "/slow" => {
            std::thread::sleep(std::time::Duration::from_secs(5));
            ("200 OK", String::new(), Vec::new())
        }
        "/feed" => {
            let items: String = ["/talks", "/second", "/private/y"]
                .iter()
                .map(|p| format!("<item><title>T</title><link>{root}{p}</link><pubDate>Wed, 13 Mar 2024 09:00:00 GMT</pubDate></item>"))
                .collect();
            (
                "200 OK",
                "Content-Type: application/rss+xml\r\n".into(),
                format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>")
                    .into_bytes(),
            )
        }
        _ => ("404 Not Found", String::new(), Vec::new()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{extra}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

#[test]
fn pages_and_feeds_are_fetched_politely() {
    let folder = Folder::new();
    let desk = folder.desk();
    let server = Server::start();
    let out = server.add(&desk, "/moved");
    assert_eq!(out.code, 0, "{}", out.err);
    assert_eq!(
        *server.asked.lock().unwrap(),
        ["/robots.txt", "/moved", "/talks"]
    );
    let out = server.add(&desk, "/feed");
    assert_eq!(out.code, 3, "{}", out.err);
    assert!(
        out.err.contains("robots.txt") && out.err.contains("/private/y"),
        "{}",
        out.err
    );
    assert!(
        !server
            .asked
            .lock()
            .unwrap()
            .iter()
            .any(|p| p.starts_with("/private"))
    );
    let export = on(&desk, &["export"]).out;
    assert!(
        export.contains("A second meeting") && export.contains(&format!("{}/talks", server.root))
    );
}

#[test]
fn limits_hold() {
    let folder = Folder::new();
    let desk = folder.desk();
    let server = Server::start();
    for (path, says) in [
        ("/private/x", "robots.txt"),
        ("/to-private", "robots.txt"),
        ("/circle", "redirects"),
        ("/big", "larger than 1 MiB"),
        ("/gone", "status 404"),
        ("/slow", "did not finish within 3 s"),
    ] {
        let out = server.add(&desk, path);
        assert_eq!(out.code, 3, "{path}: {}", out.err);
        assert!(out.err.contains(says), "{path}: {}", out.err);
    }
    let unreachable = on(&desk, &["add", "--timeout", "3", "http://127.0.0.1:1/x"]);
    assert_eq!(unreachable.code, 3);
    assert!(
        unreachable.err.contains("refuses the connection"),
        "{}",
        unreachable.err
    );
}

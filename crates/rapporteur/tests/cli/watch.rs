//! Feeds on a schedule: conditional requests, known entries left alone, failures with a backoff.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::serve::Served;
use crate::{Folder, TALKS, on, page};

/// A server with one feed; it notes each request and the `If-None-Match` that came with it.
struct Server {
    root: String,
    asked: Arc<Mutex<Vec<(String, bool)>>>,
    /// Entries in the feed.
    entries: Arc<Mutex<usize>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<(String, bool)>>> = Arc::default();
        let entries = Arc::new(Mutex::new(1));
        let (notes, count, own) = (Arc::clone(&asked), Arc::clone(&entries), root.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = answer(stream, &own, &notes, *count.lock().unwrap());
            }
        });
        Self {
            root,
            asked,
            entries,
        }
    }

    fn paths(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.into_iter().map(|(path, _)| path).collect()
    }
}

fn answer(
    mut stream: TcpStream,
    root: &str,
    notes: &Mutex<Vec<(String, bool)>>,
    entries: usize,
) -> std::io::Result<()> {
    let mut head = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    head.read_line(&mut first)?;
    let (mut line, mut tag) = (String::new(), String::new());
    while head.read_line(&mut line)? > 2 {
        if line.to_lowercase().starts_with("if-none-match:") {
            tag = line
                .split_once(':')
                .map_or("", |(_, v)| v)
                .trim()
                .to_owned();
        }
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    notes.lock().unwrap().push((path.clone(), !tag.is_empty()));
    let (status, extra, body) = answered(&path, &tag, root, notes, entries);
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{extra}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

/// Status, further headers and body for a path.
fn answered(
    path: &str,
    tag: &str,
    root: &str,
    notes: &Mutex<Vec<(String, bool)>>,
    entries: usize,
) -> (&'static str, String, Vec<u8>) {
    let own = format!("\"v{entries}\"");
    match path {
        "/feed" if tag == own => ("304 Not Modified", String::new(), Vec::new()),
        "/feed" => {
            let items: String = (0..entries)
                .map(|n| format!("<item><title>T</title><link>{root}/page{n}</link></item>"))
                .collect();
            let text =
                format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>");
            (
                "200 OK",
                format!("ETag: {own}\r\nContent-Type: application/rss+xml\r\n"),
                text.into_bytes(),
            )
        }
        "/live" => {
            // The frame around the article differs at every request.
            let count = notes.lock().unwrap().len();
            let text = page("Delegations meet", "2024-03-13", &TALKS);
            let text = text.replace("<nav>", &format!("<nav data-visit=\"{count}\">"));
            (
                "200 OK",
                "Content-Type: text/html\r\n".into(),
                text.into_bytes(),
            )
        }
        path if path.starts_with("/page") => {
            let title = format!("Delegations meet {path}");
            (
                "200 OK",
                "Content-Type: text/html\r\n".into(),
                page(&title, "2024-03-13", &TALKS).into_bytes(),
            )
        }
        _ => ("404 Not Found", String::new(), Vec::new()),
    }
}

#[test]
fn a_feed_is_asked_politely_and_its_known_pages_are_left_alone() {
    let folder = Folder::new();
    let desk = folder.desk();
    let server = Server::start();
    let feed = format!("{}/feed", server.root);
    let once = || on(&desk, &["watch", "--once", "--pause", "0"]);
    assert_eq!(once().code, 1);
    assert_eq!(on(&desk, &["watch", "add", "no address"]).code, 2);
    assert_eq!(on(&desk, &["watch", "add", &feed]).code, 0);
    assert_eq!(on(&desk, &["watch", "add", &feed]).code, 2);
    let first = once();
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("1 new"), "{}", first.out);
    assert!(server.paths().contains(&"/page0".to_owned()));
    let again = once();
    assert!(again.out.contains("nothing new"), "{}", again.out);
    assert!(!server.paths().iter().any(|p| p.starts_with("/page")));
    *server.entries.lock().unwrap() = 2;
    let more = once();
    assert!(more.out.contains("1 new"), "{} {}", more.out, more.err);
    let asked = server.paths();
    assert!(asked.contains(&"/page1".to_owned()) && !asked.contains(&"/page0".to_owned()));
    let list = on(&desk, &["watch", "list", "--json"]).out;
    let row: serde_json::Value = serde_json::from_str(list.lines().next().unwrap()).unwrap();
    assert_eq!(
        (row["errors"].as_u64(), row["new"].as_u64()),
        (Some(0), Some(1))
    );
    assert_eq!(on(&desk, &["watch", "remove", &feed]).code, 0);
    assert_eq!(on(&desk, &["watch", "list"]).code, 1);
    assert_eq!(on(&desk, &["watch", "remove", &feed]).code, 1);
}

#[test]
fn a_page_is_read_again_only_when_its_article_changed() {
    let folder = Folder::new();
    let desk = folder.desk();
    let server = Server::start();
    let live = format!("{}/live", server.root);
    assert_eq!(on(&desk, &["watch", "add", &live]).code, 0);
    let once = || on(&desk, &["watch", "--once", "--pause", "0"]).out;
    let first = once();
    assert!(first.contains("1 new"), "{first}");
    let again = once();
    assert!(again.contains("nothing new"), "{again}");
}

#[test]
fn a_feed_that_fails_waits_longer_each_time() {
    let folder = Folder::new();
    let desk = folder.desk();
    let server = Server::start();
    let gone = format!("{}/gone", server.root);
    assert_eq!(on(&desk, &["watch", "add", &gone]).code, 0);
    let mut next = Vec::new();
    for errors in 1..=3_u64 {
        let out = on(&desk, &["watch", "--once", "--pause", "0"]);
        assert_eq!(out.code, 3, "{}", out.out);
        let list = on(&desk, &["watch", "list", "--json"]).out;
        let row: serde_json::Value = serde_json::from_str(list.lines().next().unwrap()).unwrap();
        assert_eq!(row["errors"].as_u64(), Some(errors));
        assert!(row["error"].as_str().unwrap().contains("404"));
        next.push(row["next"].as_u64().unwrap());
    }
    assert!(next[1] > next[0] + 20 && next[2] > next[1] + 50, "{next:?}");
}

#[test]
fn a_page_hears_of_what_comes_in() {
    let served = Served::new();
    let now = served.get("/api/v1/live").body;
    let now: serde_json::Value = serde_json::from_str(&now).unwrap();
    let since = now["next"].as_u64().unwrap();
    let news = served.desk.with_file_name("c.html");
    std::fs::write(&news, page("A third meeting", "2024-03-14", &TALKS)).unwrap();
    let desk = served.desk.clone();
    let adding = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        on(&desk, &["add", "--quiet", news.to_str().unwrap()])
    });
    let heard = served.get(&format!("/api/v1/live?since={since}"));
    assert_eq!(adding.join().unwrap().code, 0);
    let heard: serde_json::Value = serde_json::from_str(&heard.body).unwrap();
    assert_eq!(heard["documents"], 1, "{heard}");
    assert_eq!(served.get("/api/v1/live?since=x").code, 422);
    // An address of this machine is not watched for a browser.
    let token = served.token();
    let local = "http%3A%2F%2F127.0.0.1%2Ffeed";
    let refused = served.post("/watch", &format!("token={token}&who=Ana&url={local}"), "");
    assert_eq!(refused.code, 422, "{}", refused.body);
}

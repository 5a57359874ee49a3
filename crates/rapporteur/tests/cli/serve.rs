//! The desk in a browser: the binary serves, the test speaks plain HTTP to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::{Folder, run};

/// A served desk, closed with the test.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: String,
    _folder: Folder,
    pub(crate) desk: PathBuf,
    cookie: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

const PAGE: &str = "<html><head><title>Envoys meet <script>alert(1)</script> in Port Karim</title>\
    <meta property='article:published_time' content='2024-03-05'></head><body><article><h1>Envoys meet in Port Karim</h1>\
    <p>The government of Iraq and the United States held talks in Baghdad on 4 March 2024 about foreign troops, the ministry said.</p>\
    <p>\"We will not sign <b>&lt;img src=x onerror=alert(2)&gt;</b> before the summer,\" said the foreign minister of Iraq on Monday.</p>\
    <p>Iraq agreed on 5 March 2024 to reopen the border crossing before the end of the month, officials in both capitals told reporters.</p>\
    </article></body></html>";

/// The same events, another day for one of them.
const OTHER: &str = "<html><head><title>Baghdad hosts a round of talks</title>\
    <meta property='article:published_time' content='2024-03-06'></head><body><article><h1>Baghdad hosts a round of talks</h1>\
    <p>Iraq and the United States held talks in Baghdad on 4 March 2024. The two delegations met for three hours and left without a statement.</p>\
    <p>Iraq demanded on Tuesday that the United States withdraw its troops from the west of the country, a spokesman of the government said.</p>\
    </article></body></html>";

impl Served {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let desk = folder.desk();
        let pages = [folder.write("a.html", PAGE), folder.write("b.html", OTHER)];
        for page in &pages {
            let added = run(&[
                "--desk",
                desk.to_str().unwrap(),
                "add",
                "--quiet",
                page.to_str().unwrap(),
            ]);
            assert_eq!(added.code, 0, "{}", added.err);
        }
        Self::on(folder, desk)
    }

    /// The built-in example, served.
    pub(crate) fn example() -> Self {
        let folder = Folder::new();
        let root = folder.path("example");
        let made = run(&["demo", "--at", root.to_str().unwrap()]);
        assert_eq!(made.code, 0, "{}", made.err);
        Self::on(folder, root.join("desk"))
    }

    fn on(folder: Folder, desk: PathBuf) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
            .args([
                "--desk",
                desk.to_str().unwrap(),
                "serve",
                "--listen",
                "127.0.0.1:0",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap();
        let address = address.split('/').next().unwrap().to_owned();
        let mut served = Self {
            child,
            address,
            _folder: folder,
            desk,
            cookie: String::new(),
        };
        let first = served.get("/");
        let cookie = first.head.split("set-cookie: ").nth(1).unwrap();
        served.cookie = cookie.split(';').next().unwrap().to_owned();
        served
    }

    pub(crate) fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        Answer {
            code: head.split(' ').nth(1).and_then(|c| c.parse().ok()).unwrap(),
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
            self.address, self.cookie
        ))
    }

    fn post(&self, path: &str, form: &str, extra: &str) -> Answer {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n{extra}Connection: close\r\n\r\n{form}",
            self.address,
            self.cookie,
            form.len()
        ))
    }

    /// The token that the forms of this session carry.
    fn token(&self) -> String {
        let page = self.get("/inbox").body;
        let after = page.split("name=\"token\" value=\"").nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    }

    /// The first link of a screen that begins so.
    fn link(&self, screen: &str, start: &str) -> String {
        let page = self.get(screen).body;
        let at = page
            .find(start)
            .unwrap_or_else(|| panic!("{screen} has no link {start}"));
        page[at..].split(['"', '?', '#']).next().unwrap().to_owned()
    }
}

impl Served {
    /// Addresses of every screen, of one row of each kind among them.
    pub(crate) fn screens(&self) -> Vec<String> {
        let mut screens: Vec<String> = [
            "/",
            "/timeline",
            "/events",
            "/actors",
            "/positions",
            "/commitments",
            "/figures",
            "/quotes",
            "/conflicts",
            "/conflicts?all=1",
            "/documents",
            "/inbox",
            "/log",
            "/stories",
            "/search?q=talks",
            "/export",
            "/p",
            "/?since=2024-03-06",
            "/export/csv/events.csv",
            "/export/json/record.json",
            "/export/brief/brief.md",
            "/map",
            "/network",
            "/api/v1",
            "/api/v1/openapi.json",
            "/api/v1/events?limit=1&fields=id,kind",
            "/api/v1/search?q=talks",
            "/api/v1/changes?since=0",
            "/api/v1/timeline",
            "/api/v1/brief",
            "/api/v1/corrections",
            "/timeline?actor=Iraq&type=CONSULT",
            "/?lang=ar",
            "/assets/desk.css",
            "/assets/desk.js",
        ]
        .map(str::to_owned)
        .to_vec();
        for (screen, start) in [
            ("/timeline", "/e/e-"),
            ("/documents", "/d/d-"),
            ("/actors", "/a/n-"),
            ("/stories", "/s/s-"),
            ("/quotes", "/r/q-"),
        ] {
            let link = self.link(screen, start);
            if start == "/d/d-" {
                screens.push(format!("{link}/original"));
                screens.push(format!("{link}?show=event,actor,time,place&c=10-40"));
            }
            screens.push(link);
        }
        screens
    }
}

#[test]
fn every_screen_answers_and_nothing_of_a_source_is_live() {
    let served = Served::new();
    for screen in served.screens() {
        let answer = served.get(&screen);
        assert_eq!(answer.code, 200, "{screen}");
        assert!(
            answer
                .head
                .contains("content-security-policy: default-src 'none'"),
            "{screen}"
        );
        // What is saved as a file is not shown.
        if answer.head.contains("content-disposition: attachment") {
            continue;
        }
        for live in ["<script>alert", "<img src=x", "onerror=alert(2)>"] {
            assert!(
                !answer.body.contains(live),
                "{screen} lets a source's markup live"
            );
        }
        assert!(answer.body.len() < 150_000, "{screen} is heavy");
        assert!(
            !answer.body.contains("http://")
                || answer.body.contains("/original")
                || !screen.contains("assets"),
            "{screen}"
        );
    }
    assert_eq!(served.get("/nowhere").code, 404);
    assert_eq!(served.get("/e/e-ffffffffffff").code, 404);
    assert_eq!(served.get("/timeline?from=someday").code, 422);
}

#[test]
fn the_passage_of_an_address_is_marked() {
    let served = Served::new();
    let event = served.link("/timeline", "/e/e-");
    let page = served.get(&event).body;
    let at = page.find("href=\"/d/").unwrap() + 6;
    let address = page[at..].split('"').next().unwrap();
    let plain = address.split('#').next().unwrap();
    let document = served.get(plain).body;
    assert!(document.contains("id=\"c\""), "{plain}");
    assert!(document.contains("cited"));
}

#[test]
fn a_change_needs_the_session_and_the_desks_own_origin() {
    let served = Served::new();
    let event = served.link("/timeline", "/e/e-");
    let id = event.trim_start_matches("/e/");
    let form = |token: &str, old: &str, place: &str| {
        format!("token={token}&id={id}&field=place&old={old}&value={place}&who=Ana&why=read+again")
    };
    let token = served.token();
    assert_eq!(
        served.post("/correct", &form("no", "", "Basra"), "").code,
        403
    );
    let foreign = served.post(
        "/correct",
        &form(&token, "", "Basra"),
        "Origin: http://evil.example\r\n",
    );
    assert_eq!(foreign.code, 403);
    let host = served.send("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(host.code, 403);
    // Somebody else's value was seen: refused, both are shown.
    assert_eq!(
        served
            .post("/correct", &form(&token, "Mosul", "Basra"), "")
            .code,
        409
    );
    let before = run(&["--desk", served.desk.to_str().unwrap(), "log"]);
    assert_eq!(before.code, 1, "{}", before.out);
    let page = served.get(&event).body;
    let field = page.split("name=\"field\" value=\"place\"").nth(1).unwrap();
    let old = field
        .split("value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let done = served.post("/correct", &form(&token, old, "Basra"), "");
    assert_eq!(done.code, 303, "{}", done.body);
    assert!(served.get("/log").body.contains("Basra"));
    let undo = served.post(
        "/undo",
        &format!("token={token}&seq=1&who=Ana&why=wrong+place"),
        "",
    );
    assert_eq!(undo.code, 303, "{}", undo.body);
    let check = run(&["--desk", served.desk.to_str().unwrap(), "check"]);
    assert_eq!(check.code, 0, "{}", check.out);
}

#[test]
fn a_pasted_text_is_read_and_an_address_of_this_machine_is_not() {
    let served = Served::new();
    let token = served.token();
    let text = "Ceasefire holds in the north%0A%0A7 May 2024%0A%0AThe ministry of defence said on Tuesday that the ceasefire held for a third day. \
        Both sides agreed to exchange prisoners before the end of the month, the statement said.";
    let text = text.replace(' ', "+");
    let done = served.post("/inbox", &format!("token={token}&text={text}"), "");
    assert_eq!(done.code, 303, "{}", done.body);
    assert!(served.get("/inbox").body.contains("pasted 2"));
    assert!(served.get("/search?q=ceasefire").body.contains("<mark>"));
    let local = served.post(
        "/inbox",
        &format!("token={token}&address=http%3A%2F%2F127.0.0.1%2F"),
        "",
    );
    assert_eq!(local.code, 503, "{}", local.body);
    assert_eq!(
        served.post("/inbox", &format!("token={token}"), "").code,
        422
    );
}

#[test]
fn the_desk_opens_on_this_machine_alone() {
    let folder = Folder::new();
    let desk = folder.desk();
    let out = run(&[
        "--desk",
        desk.to_str().unwrap(),
        "serve",
        "--listen",
        "0.0.0.0:8750",
    ]);
    assert_eq!(out.code, 2);
    assert!(out.err.contains("no accounts yet"), "{}", out.err);
}

#[test]
fn programs_page_through_lists_and_hear_what_went_wrong() {
    let served = Served::new();
    let all = served.get("/api/v1/actors").body;
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    let total = all["items"].as_array().unwrap().len();
    assert!(total > 1);
    let (mut cursor, mut seen) = (String::new(), 0);
    loop {
        let page = served
            .get(&format!("/api/v1/actors?limit=1&cursor={cursor}"))
            .body;
        let page: serde_json::Value = serde_json::from_str(&page).unwrap();
        assert_eq!(page["items"][0]["id"], all["items"][seen]["id"]);
        seen += 1;
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, total);
    let answer = served.get("/api/v1/nothing");
    assert_eq!(answer.code, 404);
    assert!(answer.head.contains("application/problem+json"));
    for bad in ["limit=0", "limit=x", "cursor=zz", "from=someday"] {
        assert_eq!(
            served.get(&format!("/api/v1/events?{bad}")).code,
            422,
            "{bad}"
        );
    }
    let tagged = served.get("/api/v1/events");
    let tag = tagged
        .head
        .split("etag: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let again = served.send(&format!(
        "GET /api/v1/events HTTP/1.1\r\nHost: {}\r\nIf-None-Match: {tag}\r\nConnection: close\r\n\r\n",
        served.address
    ));
    assert_eq!(again.code, 304);
}

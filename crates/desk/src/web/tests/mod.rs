//! The router as a browser or a program meets it, without a socket. Each item of the security
//! list has its test here or beside the part that does it.

mod access;
mod admin;
mod roles;
mod safe;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, header};
use rapporteur_base::Date;
use rapporteur_page::{Article, Published};
use rapporteur_record::{Desk, DocBundle, InboxRow, Incoming, Packed, RawRef, RuleSet, Store};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use super::accounts::{self, New, Role};
use super::audit::Note;
use super::{Access, Config, Given, Peer, Shared, World, router};
use crate::Brief;

/// Passwords of the accounts `ana` (admin), `lee` (analyst) and `rio` (reader).
pub(super) const PASSWORD: &str = "seven quiet rivers";

/// A clock that a test turns, and bytes that no two calls share.
#[derive(Debug, Default)]
pub(super) struct Steered {
    seconds: Mutex<i64>,
    count: AtomicU64,
    taken: Mutex<Vec<Given>>,
}

impl Steered {
    pub(super) fn pass(&self, seconds: i64) {
        *self.seconds.lock().unwrap() += seconds;
    }
}

impl World for Steered {
    fn now(&self) -> String {
        let seconds = 1_715_000_000 + *self.seconds.lock().unwrap();
        jiff::Timestamp::from_second(seconds).unwrap().to_string()
    }

    fn today(&self) -> Date {
        "2024-05-07".parse().unwrap()
    }

    fn random(&self) -> [u8; 32] {
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        Sha256::digest(n.to_le_bytes()).into()
    }

    fn take(&self, _: &Path, given: Vec<Given>) -> Result<Vec<InboxRow>, String> {
        self.taken.lock().unwrap().extend(given);
        Ok(Vec::new())
    }

    fn table(&self, _: &Path, _: &str) -> Result<String, String> {
        Ok(String::new())
    }

    fn name(&self, _: &Path, _: &crate::web::Named) -> Result<(), String> {
        Ok(())
    }

    fn watchable(&self, address: &str) -> Result<(String, String), String> {
        Ok(("w-1".into(), address.into()))
    }

    fn processes(&self, _: &Path) -> Vec<String> {
        Vec::new()
    }

    fn process(&self, _: &Path, _: &str, _: Option<Date>) -> Result<Brief, String> {
        Err("none".into())
    }
}

/// A desk with a router over it, gone with the test.
pub(super) struct Trial {
    pub(super) dir: PathBuf,
    pub(super) world: Arc<Steered>,
    router: Router,
    runtime: tokio::runtime::Runtime,
    peer: SocketAddr,
}

impl Drop for Trial {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

pub(super) struct Answer {
    pub(super) code: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The session that it sets: name and value.
    pub(super) fn cookie(&self) -> Option<String> {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        let found = all
            .filter_map(|v| v.to_str().ok())
            .find(|v| v.contains("rapporteur="))?;
        Some(found.split(';').next().unwrap_or_default().to_owned())
    }
}

impl Trial {
    /// A desk on this machine without accounts.
    pub(super) fn new() -> Self {
        Self::with("127.0.0.1:8750", Access::default())
    }

    /// A desk with the three accounts.
    pub(super) fn guarded() -> Self {
        let trial = Self::new();
        trial.accounts();
        trial
    }

    pub(super) fn with(listen: &str, access: Access) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("rapporteur-web-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        drop(Desk::init(&dir).unwrap());
        let world = Arc::new(Steered::default());
        let config = Config {
            dir: dir.clone(),
            listen: listen.parse().unwrap(),
            world: Arc::<Steered>::clone(&world),
            access,
        };
        Self {
            dir,
            world,
            router: router(Shared::new(config)),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            peer: "127.0.0.1:40000".parse().unwrap(),
        }
    }

    pub(super) fn accounts(&self) {
        for (name, role) in [
            ("ana", Role::Admin),
            ("lee", Role::Analyst),
            ("rio", Role::Reader),
        ] {
            self.account(name, role);
        }
    }

    /// As the command line does it, while the desk is served.
    pub(super) fn change<T>(
        &self,
        change: impl FnOnce(&mut accounts::Book) -> Result<T, String>,
    ) -> T {
        let note = Note {
            at: "2024-05-07T00:00:00Z",
            who: "command line",
            from: "",
            what: "account",
            about: "test",
        };
        accounts::change(&self.dir, &note, change).unwrap()
    }

    pub(super) fn account(&self, name: &str, role: Role) {
        self.change(|book| {
            book.add(&New {
                name,
                role,
                password: PASSWORD,
                random: &self.world.random(),
                now: &self.world.now(),
            })
        });
    }

    pub(super) fn token(&self, name: &str) -> String {
        self.change(|book| book.add_token(name, "test", &self.world.random(), "now"))
    }

    /// Puts a document into the record and gives its id.
    pub(super) fn document(&self, title: &str, text: &str) -> String {
        self.document_on("2024-05-06", title, text)
    }

    pub(super) fn document_on(&self, day: &str, title: &str, text: &str) -> String {
        let article = Article {
            title: title.into(),
            text: text.into(),
            site: Some(title.into()),
            published: Some(Published {
                date: day.parse().unwrap(),
                time: None,
                origin: "byline".into(),
                rank: 1,
            }),
            lang: Some("en".into()),
            ..Article::default()
        };
        let rules = RuleSet {
            label: "test".into(),
            parts: vec![("coder".into(), "1".into())],
        };
        let raw = RawRef::of(text.as_bytes(), "text/html", title);
        let page = Packed::new(&raw, text.as_bytes());
        let bundle = DocBundle::new(raw, &rules, article);
        let id = bundle.doc_id().to_string();
        let mut desk = Desk::open(&self.dir, rapporteur_record::Mode::Write).unwrap();
        desk.register(&rules, "2024-05-07T00:00:00Z").unwrap();
        let incoming = Incoming {
            bundle,
            page,
            receipt: None,
        };
        desk.apply(&[incoming], "2024-05-07T00:00:00Z").unwrap();
        format!("d-{}", &id[..12])
    }

    /// Requests come from there now.
    pub(super) fn from(&mut self, peer: &str) {
        self.peer = format!("{peer}:40000").parse().unwrap();
    }

    pub(super) fn send(&self, mut request: Request<Body>) -> Answer {
        if !request.headers().contains_key(header::HOST) {
            let host = header::HeaderValue::from_static("127.0.0.1:8750");
            request.headers_mut().insert(header::HOST, host);
        }
        request.extensions_mut().insert(Peer(self.peer));
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, 64 << 20).await.unwrap();
            Answer {
                code: parts.status.as_u16(),
                headers: parts.headers,
                body: String::from_utf8_lossy(&bytes).into_owned(),
            }
        })
    }

    pub(super) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap())
    }

    pub(super) fn post(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap())
    }

    /// Every line that the desk wrote about what happened.
    pub(super) fn audit(&self) -> Vec<super::Entry> {
        let log = super::read_audit(&self.dir).unwrap();
        assert_eq!(log.broken, None);
        log.entries
    }
}

/// A browser: its session and the token of its forms.
pub(super) struct Browser<'t> {
    pub(super) trial: &'t Trial,
    pub(super) cookie: String,
    pub(super) token: String,
}

impl<'t> Browser<'t> {
    /// One that nobody signed in with.
    pub(super) fn new(trial: &'t Trial) -> Self {
        let page = trial.get("/login", &[]);
        Self {
            trial,
            cookie: page.cookie().unwrap(),
            token: token_of(&page.body),
        }
    }

    pub(super) fn signed_in(trial: &'t Trial, name: &str) -> Self {
        let mut browser = Self::new(trial);
        let answer = browser.sign_in(name, PASSWORD);
        assert_eq!(answer.code, 303, "{}", answer.body);
        browser
    }

    pub(super) fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let password: String = form_urlencoded::byte_serialize(password.as_bytes()).collect();
        let answer = self.post("/login", &format!("name={name}&password={password}"));
        if answer.code == 303 {
            self.cookie = answer.cookie().unwrap();
            self.token = token_of(&self.get("/account").body);
        }
        answer
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.trial.get(path, &[("cookie", &self.cookie)])
    }

    /// A form with the session's token.
    pub(super) fn post(&self, path: &str, form: &str) -> Answer {
        let form = format!("token={}&{form}", self.token);
        self.trial.post(path, &form, &[("cookie", &self.cookie)])
    }
}

/// The token that the forms of a page carry.
pub(super) fn token_of(body: &str) -> String {
    let after = body.split("name=\"token\" value=\"").nth(1);
    let after = after.unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}

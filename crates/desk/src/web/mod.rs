//! The desk in a browser: every screen is made on the server from a view of the record and works
//! without scripts.
//!
//! [`router`] is plain HTTP over a [`Shared`] state, so tests ask it without a socket; [`serve`]
//! binds it to an address. What the desk crate cannot have (a clock, randomness, the readers of
//! pages) comes in through [`World`].

mod accounts;
mod api;
mod api_work;
mod ask;
mod audit;
mod credentials;
mod errors;
mod forms;
mod gate;
mod guard;
mod limits;
mod listen;
mod live;
pub(crate) mod pages;
mod roles;
mod rows;
mod session;
mod state;
#[cfg(test)]
mod tests;
mod tls;
mod ui;
mod views;
mod visits;

use std::fmt::Debug;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use rapporteur_base::Date;
use rapporteur_record::InboxRow;
use tokio_rustls::TlsAcceptor;

use crate::Brief;

pub use accounts::{Account, Book, FILE as ACCOUNTS, New, Role, Token, change, exposed};
pub(crate) use ask::Ask;
pub use audit::{Entry, FILE as AUDIT, Log, Note, append as append_audit, read as read_audit};
pub(crate) use errors::Failure;
pub(crate) use forms::Form;
pub use forms::probe;
pub use gate::Peer;
use gate::Visit;
pub use state::Shared;
pub use tls::Tls;
pub(crate) use views::Loaded;

/// Largest upload, in bytes: all files of one form together.
const MAX_UPLOAD: usize = 64 << 20;

/// Name of the file in the desk's folder that lists its backups: time and folder of each.
pub const BACKUPS: &str = "backups.tsv";

/// Adds a backup to the list that the admin screen shows.
///
/// # Errors
/// The list cannot be written.
pub fn note_backup(dir: &Path, at: &str, to: &Path) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    let mut list = options.create(true).append(true).open(dir.join(BACKUPS))?;
    let to: String = to
        .display()
        .to_string()
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    writeln!(list, "{at}\t{to}")
}

/// Something that a person gives the desk to read.
#[derive(Clone, Debug)]
pub enum Given {
    /// A pasted text, with a name for the inbox.
    Text {
        /// Its name.
        name: String,
        /// The text.
        text: String,
    },
    /// An uploaded file.
    File {
        /// Its name, without folders.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// An address, of a page or a feed.
    Address(String),
}

/// An actor or a place that a person adds, as a row of the desk's own table.
#[derive(Clone, Debug)]
pub enum Named {
    /// Kind, name, aliases, country, sector, second sector, first and last year, basis.
    Actor([String; 9]),
    /// Name, aliases, country, precision, basis.
    Place([String; 5]),
}

impl Named {
    /// The table's file in the desk's folder, and the line.
    pub fn line(&self) -> (&'static str, String) {
        match self {
            Self::Actor(cells) => ("actors.tsv", cells.join("\t")),
            Self::Place(cells) => ("places.tsv", cells.join("\t")),
        }
    }
}

/// What the desk needs from outside: the clock, randomness, the readers of pages.
pub trait World: Send + Sync + Debug {
    /// Now, RFC 3339 in UTC.
    fn now(&self) -> String;
    /// Today, in UTC.
    fn today(&self) -> Date;
    /// Bytes that nobody can guess.
    fn random(&self) -> [u8; 32];
    /// Reads inputs into the desk in `dir`; the lines of the inbox that they became, or why the
    /// desk could not take them.
    fn take(&self, dir: &Path, given: Vec<Given>) -> Result<Vec<InboxRow>, String>;
    /// One of the desk's own tables (`actors.tsv`, `places.tsv`), empty when there is none; or why it
    /// cannot be read.
    fn table(&self, dir: &Path, file: &str) -> Result<String, String>;
    /// Adds a row to one of the desk's own tables, checked first; or why it may not stand there.
    fn name(&self, dir: &Path, row: &Named) -> Result<(), String>;
    /// An address that a person in a browser wants to be watched: the id under which it is kept and
    /// the address as it will be asked for; or why it may not be.
    fn watchable(&self, address: &str) -> Result<(String, String), String>;
    /// Short names of the declared processes of the desk in `dir`, sorted.
    fn processes(&self, dir: &Path) -> Vec<String>;
    /// A declared process as a page: where it stands and what may come, as known on a day (`None`:
    /// all that is known); or why its file cannot be read.
    fn process(&self, dir: &Path, id: &str, as_of: Option<Date>) -> Result<Brief, String>;
    /// What runs: names and versions or hashes of the program's parts.
    fn manifest(&self, _dir: &Path) -> Vec<(String, String)> {
        Vec::new()
    }
    /// What the desk in `dir` adds to the program's own lists of actors and places: name and text
    /// of each file.
    fn additions(&self, _dir: &Path) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// How a desk is served.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the desk.
    pub dir: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Clock, randomness, readers.
    pub world: Arc<dyn World>,
    /// How it is reached from elsewhere.
    pub access: Access,
}

/// How a desk is reached from other machines. The default: not at all.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Certificate and key, if the desk speaks TLS itself.
    pub tls: Option<Tls>,
    /// The proxy that stands before it.
    pub proxy: Option<Proxy>,
}

/// A proxy that takes TLS for the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxy {
    /// Public host names.
    pub hosts: Vec<String>,
    /// Addresses of the proxy; one on this machine needs none.
    pub addresses: Vec<IpAddr>,
}

impl Proxy {
    /// Whether a connection from there is the proxy's.
    pub(crate) fn is_from(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        peer.is_loopback() || self.addresses.iter().any(|own| own.to_canonical() == peer)
    }
}

impl Config {
    /// Whether others than this machine's user can reach the desk: then it needs accounts.
    pub fn is_public(&self) -> bool {
        !self.listen.ip().is_loopback() || self.access.proxy.is_some()
    }

    /// What is missing before the desk may be opened so.
    ///
    /// # Errors
    /// There are no accounts, or passwords would go over the network in the clear.
    pub fn check(&self) -> Result<(), String> {
        let book = Book::read(&self.dir)?;
        if !self.is_public() {
            return Ok(());
        }
        if book.is_empty() {
            return Err("the desk has no accounts, so it opens on this machine alone\n  \
                 make one with `rapporteur account add NAME --role admin`, or reach the desk through a tunnel such as `ssh -L`".into());
        }
        if self.access.tls.is_none() && self.access.proxy.is_none() {
            return Err("without TLS passwords could be read on the way\n  \
                 give --tls-cert FILE --tls-key FILE, or --behind-proxy HOST if a proxy takes TLS for it".into());
        }
        Ok(())
    }
}

/// Serves a desk until the process is told to end. `ready` gets the address that was bound.
///
/// # Errors
/// The desk may not be opened so (see [`Config::check`]), the address cannot be bound, or the
/// network fails.
pub fn serve(config: Config, ready: impl FnOnce(SocketAddr)) -> std::io::Result<()> {
    config.check().map_err(std::io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .max_blocking_threads(64)
        .build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(config.listen).await?;
        let bound = listener.local_addr()?;
        ready(bound);
        let door = listen::Door {
            tls: config
                .access
                .tls
                .as_ref()
                .map(|tls| TlsAcceptor::from(Arc::clone(&tls.config))),
            is_proxied: config.access.proxy.is_some(),
            patience: listen::Patience::default(),
        };
        let shared = Shared::new(Config {
            listen: bound,
            ..config
        });
        let closing = Arc::clone(&shared.closing);
        listen::run(listener, router(shared), door, async move {
            let _ = tokio::signal::ctrl_c().await;
            // Whoever waits for news is answered, so that nothing holds the desk open.
            closing.store(true, std::sync::atomic::Ordering::Relaxed);
        })
        .await
    })
}

/// Every screen of the desk.
pub fn router(shared: Shared) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(shared))
}

/// A body must be there after so long: of an upload, and of any other form.
const UPLOAD_TIME: Duration = Duration::from_secs(300);
const FORM_TIME: Duration = Duration::from_secs(30);

/// One request: guarded, read, answered on a thread that may block.
async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let response = match taken(&shared, request).await {
        Ok(response) | Err(response) => response,
    };
    guard::seal(&shared, response)
}

/// The answer; an early one is the error.
async fn taken(shared: &Arc<Shared>, request: Request) -> Result<Response, Response> {
    let (parts, body) = request.into_parts();
    let told = |failure: Failure| gate::refused(&parts, &failure);
    let visit = gate::admit(shared, &parts).map_err(told)?;
    if parts.method == Method::GET && parts.uri.path() == "/api/v1/live" {
        return Ok(live::answer(Arc::clone(shared), &parts.uri).await);
    }
    if parts.method == Method::POST && is_api(parts.uri.path()) {
        return Err(told(Failure::read_only()));
    }
    let bytes = whole(&visit, body).await.map_err(told)?;
    let form = if parts.method == Method::POST {
        let mut form = Form::read(&parts.headers, bytes).await.map_err(told)?;
        if let Some(owner) = &visit.account {
            // Who is signed in signs, whatever the form says.
            form.fields.insert("who".into(), owner.name.clone());
        }
        Some(form)
    } else {
        None
    };
    let place = gate::place_for_work(shared, visit.rule)
        .await
        .map_err(told)?;
    let shared = Arc::clone(shared);
    let work = tokio::task::spawn_blocking(move || {
        let _place = place;
        let ask = Ask::new(&shared, &parts.uri, &parts.headers, visit);
        pages::answer(&shared, &ask, &parts.headers, form.as_ref())
    });
    // A panic of one request is an answer of its own, and nobody else's trouble.
    work.await.map_err(|_| Failure::internal().plain())
}

/// The body of a request, within its limits of size and time.
async fn whole(visit: &Visit, body: Body) -> Result<Bytes, Failure> {
    let room = visit.room();
    let time = if room == MAX_UPLOAD {
        UPLOAD_TIME
    } else {
        FORM_TIME
    };
    match tokio::time::timeout(time, to_bytes(body, room)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Failure::too_large(room)),
        Err(_) => Err(Failure::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("the form did not come within {} s", time.as_secs()),
            "send it again; nothing was changed",
        )),
    }
}

/// Whether a path is for programs.
fn is_api(path: &str) -> bool {
    path == "/api/v1" || path.starts_with("/api/v1/")
}

/// A response of text.
pub(crate) fn respond(
    status: StatusCode,
    kind: &'static str,
    body: impl Into<Body>,
    extra: HeaderMap,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    *response.headers_mut() = extra;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}

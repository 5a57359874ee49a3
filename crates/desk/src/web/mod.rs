//! The desk in a browser: every screen is made on the server from a view of the record and works
//! without scripts.
//!
//! [`router`] is plain HTTP over a [`Shared`] state, so tests ask it without a socket; [`serve`]
//! binds it to an address. What the desk crate cannot have (a clock, randomness, the readers of
//! pages) comes in through [`World`].

mod api;
mod api_work;
mod ask;
mod errors;
mod forms;
mod guard;
mod live;
mod pages;
mod rows;
mod state;
mod ui;
mod visits;

use std::fmt::Debug;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use rapporteur_base::Date;
use rapporteur_record::InboxRow;

use crate::Brief;

pub(crate) use ask::Ask;
pub(crate) use errors::Failure;
pub(crate) use forms::Form;
pub use state::Shared;

/// Largest upload, in bytes: all files of one form together.
const MAX_UPLOAD: usize = 64 << 20;

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
}

/// Serves a desk until the process is told to end. `ready` gets the address that was bound.
///
/// # Errors
/// The address cannot be bound, or the network fails.
pub fn serve(config: Config, ready: impl FnOnce(SocketAddr)) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(config.listen).await?;
        let bound = listener.local_addr()?;
        ready(bound);
        let shared = Shared::new(Config {
            listen: bound,
            ..config
        });
        let closing = Arc::clone(&shared.closing);
        axum::serve(listener, router(shared))
            .with_graceful_shutdown(async move {
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

/// One request: guarded, read, answered on a thread that may block.
async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(refused) = guard::admit(&shared, &parts.method, &parts.headers) {
        return guard::seal(refused.plain());
    }
    if parts.method == Method::GET && parts.uri.path() == "/api/v1/live" {
        return guard::seal(live::answer(shared, &parts.uri).await);
    }
    let Ok(bytes) = to_bytes(body, MAX_UPLOAD).await else {
        return guard::seal(Failure::too_large(MAX_UPLOAD).plain());
    };
    let form = if parts.method == Method::POST {
        match Form::read(&parts.headers, bytes).await {
            Ok(form) => Some(form),
            Err(failure) => return guard::seal(failure.plain()),
        }
    } else {
        None
    };
    let work = tokio::task::spawn_blocking(move || {
        let ask = Ask::new(&shared, &parts.uri, &parts.headers);
        pages::answer(&shared, &ask, &parts.headers, form.as_ref())
    });
    // A panic of one request is an answer of its own, and nobody else's trouble.
    let response = match work.await {
        Ok(response) => response,
        Err(_) => Failure::internal().plain(),
    };
    guard::seal(response)
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

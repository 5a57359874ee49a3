//! The listener: connections with limits on their number, their headers and their patience.
//!
//! A client that sends its headers drop by drop, opens connections and says nothing, or does not
//! read what it asked for, is let go; others get their turn.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::{Extension, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, Sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::gate::{Held, Peer};
use super::state::held;

/// Connections at once, and of one address (this machine and a proxy have no limit of their own).
const CONNECTIONS: usize = 256;
const OF_ONE: usize = 64;
/// Headers must be there after so long; a connection that is kept open says nothing for no longer.
const HEADERS: Duration = Duration::from_secs(15);
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A client must take something of its answer within so long.
const WRITE: Duration = Duration::from_secs(30);
/// Largest head of a request, in bytes, and most headers.
const HEAD: usize = 32 << 10;
const HEADER_COUNT: usize = 100;
/// How long work that began may go on when the desk is closed.
const GRACE: Duration = Duration::from_secs(5);

/// How connections are taken.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) tls: Option<TlsAcceptor>,
    /// Whether all come from a proxy.
    pub(crate) is_proxied: bool,
}

/// Serves until `end`.
pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    door: Door,
    end: impl Future<Output = ()>,
) -> io::Result<()> {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let crowd = Arc::new(Crowd::default());
    let (close, closing) = watch::channel(false);
    let mut end = std::pin::pin!(end);
    loop {
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, listener.accept().await)
        };
        let taken = either(&mut end, next).await;
        let Some((Ok(place), accepted)) = taken else {
            break;
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(place) = crowd.enter(peer.ip(), &door, place) else {
                    continue;
                };
                let (router, door, closing) = (router.clone(), door.clone(), closing.clone());
                tokio::spawn(async move {
                    connection(stream, peer, router, door, closing).await;
                    drop(place);
                });
            }
            // Out of file handles, most likely: a moment later there may be some.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    drop(listener);
    let _ = close.send(true);
    let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
    let _ = timeout(GRACE, room.acquire_many(all)).await;
    Ok(())
}

/// What `work` gives, or nothing when `end` comes first.
async fn either<T>(end: &mut Pin<&mut impl Future<Output = ()>>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|context| {
        if end.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// One connection, from its handshake to its end. What goes wrong in it is its client's matter.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    door: Door,
    closing: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let stream = Patient::new(stream);
    match door.tls {
        Some(acceptor) => {
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, acceptor.accept(stream)).await {
                answer(stream, peer, router, closing).await;
            }
        }
        None => answer(stream, peer, router, closing).await,
    }
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    router: Router,
    mut closing: watch::Receiver<bool>,
) {
    let service = TowerToHyperService::new(router.layer(Extension(Peer(peer))));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(HEAD)
        .max_headers(HEADER_COUNT)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let mut end = std::pin::pin!(async move {
        let _ = closing.wait_for(|closed| *closed).await;
    });
    if either(&mut end, connection.as_mut()).await.is_none() {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

/// How many connections each address has.
#[derive(Debug, Default)]
struct Crowd(Mutex<BTreeMap<IpAddr, usize>>);

/// A connection's place; it is given back when dropped.
struct Place {
    crowd: Arc<Crowd>,
    from: IpAddr,
    _held: Held,
}

impl Crowd {
    fn enter(self: &Arc<Self>, from: IpAddr, door: &Door, place: Held) -> Option<Place> {
        let mut all = held(&self.0);
        let count = all.entry(from).or_insert(0);
        if *count >= OF_ONE && !door.is_proxied && !from.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Place {
            crowd: Arc::clone(self),
            from,
            _held: place,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = held(&self.crowd.0);
        if let Some(count) = all.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.from);
            }
        }
    }
}

/// A stream whose writes must get on.
struct Patient {
    stream: TcpStream,
    /// Set while a write waits.
    until: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            until: None,
        }
    }

    /// What a write came to, or that it waited too long.
    fn watched<T>(&mut self, context: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.until = None;
            return done;
        }
        let until = self
            .until
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + WRITE)));
        match until.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(context, done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(context);
        self.watched(context, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watched(context, done)
    }
}

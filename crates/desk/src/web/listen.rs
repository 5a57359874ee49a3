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
use tokio::time::{Sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::gate::{Held, Peer};
use super::state::held;

/// Largest head of a request, in bytes, and most headers.
const HEAD: usize = 32 << 10;
const HEADER_COUNT: usize = 100;

/// How many connections there may be, and how long each may keep the desk waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Connections at once.
    connections: usize,
    /// Connections of one address; this machine and a proxy have no limit of their own.
    of_one: usize,
    /// Headers must be there after so long; a connection that is kept open says nothing for no
    /// longer.
    headers: Duration,
    /// The same for the handshake of TLS.
    handshake: Duration,
    /// A client must take something of its answer within so long.
    write: Duration,
    /// How long work that began may go on when the desk is closed.
    grace: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connections: 256,
            of_one: 64,
            headers: Duration::from_secs(15),
            handshake: Duration::from_secs(10),
            write: Duration::from_secs(30),
            grace: Duration::from_secs(5),
        }
    }
}

/// How connections are taken.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) tls: Option<TlsAcceptor>,
    /// Whether all come from a proxy.
    pub(crate) is_proxied: bool,
    pub(crate) patience: Patience,
}

/// Serves until `end`.
pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    door: Door,
    end: impl Future<Output = ()>,
) -> io::Result<()> {
    let room = Arc::new(Semaphore::new(door.patience.connections));
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
    let all = u32::try_from(door.patience.connections).unwrap_or(u32::MAX);
    let _ = timeout(door.patience.grace, room.acquire_many(all)).await;
    Ok(())
}

/// What `work` gives, or nothing when `end` comes first.
async fn either<T>(
    end: &mut Pin<&mut impl Future<Output = ()>>,
    work: impl Future<Output = T>,
) -> Option<T> {
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
    let patience = door.patience;
    let stream = Patient {
        stream,
        write: patience.write,
        until: None,
    };
    match door.tls {
        Some(acceptor) => {
            if let Ok(Ok(stream)) = timeout(patience.handshake, acceptor.accept(stream)).await {
                answer(stream, peer, router, patience, closing).await;
            }
        }
        None => answer(stream, peer, router, patience, closing).await,
    }
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    router: Router,
    patience: Patience,
    mut closing: watch::Receiver<bool>,
) {
    let service = TowerToHyperService::new(router.layer(Extension(Peer(peer))));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.headers)
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
        if *count >= door.patience.of_one && !door.is_proxied && !from.is_loopback() {
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
    write: Duration,
    /// Set while a write waits.
    until: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    /// What a write came to, or that it waited too long.
    fn watched<T>(
        &mut self,
        context: &mut Context<'_>,
        done: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.until = None;
            return done;
        }
        let write = self.write;
        let until = self
            .until
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(write)));
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

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream as Client;
    use std::time::Instant;

    use super::*;

    /// A listener with little patience; what it answers is `kibibytes` long. It closes with the
    /// test.
    struct Trial {
        address: SocketAddr,
        _runtime: tokio::runtime::Runtime,
    }

    impl Trial {
        fn new(kibibytes: usize, connections: usize) -> Self {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap();
            let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
            let address = listener.local_addr().unwrap();
            let body = "x".repeat(kibibytes << 10);
            let router = Router::new().fallback(move || {
                let body = body.clone();
                async move { body }
            });
            let door = Door {
                tls: None,
                is_proxied: false,
                patience: Patience {
                    connections,
                    headers: Duration::from_millis(300),
                    write: Duration::from_millis(300),
                    ..Patience::default()
                },
            };
            runtime.spawn(run(listener, router, door, std::future::pending()));
            Self {
                address,
                _runtime: runtime,
            }
        }

        fn connect(&self) -> Client {
            let client = Client::connect(self.address).unwrap();
            client
                .set_read_timeout(Some(Duration::from_secs(60)))
                .unwrap();
            client
        }
    }

    /// Everything that comes until the other end closes.
    fn rest(client: &mut Client) -> Vec<u8> {
        let mut all = Vec::new();
        let mut piece = [0; 4096];
        while let Ok(n) = client.read(&mut piece) {
            if n == 0 {
                break;
            }
            all.extend_from_slice(&piece[..n]);
        }
        all
    }

    const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    #[test]
    fn a_client_that_says_nothing_or_too_slowly_is_let_go() {
        let trial = Trial::new(1, 8);
        let start = Instant::now();
        rest(&mut trial.connect());
        let mut drops = trial.connect();
        for byte in b"GET / HTTP/1.1\r\nHost: x\r\nX-One: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".iter() {
            std::thread::sleep(Duration::from_millis(20));
            if drops.write_all(&[*byte]).is_err() {
                break;
            }
        }
        rest(&mut drops);
        let mut kept = trial.connect();
        kept.write_all(ASK).unwrap();
        assert!(rest(&mut kept).starts_with(b"HTTP/1.1 200"));
        assert!(start.elapsed() < Duration::from_secs(50));
    }

    #[test]
    fn a_client_that_does_not_read_its_answer_is_let_go() {
        // There is one place: the second client gets it when the first is let go.
        let trial = Trial::new(64 << 10, 1);
        let mut first = trial.connect();
        first.write_all(ASK).unwrap();
        let mut second = trial.connect();
        second.write_all(ASK).unwrap();
        let mut piece = [0; 12];
        second.read_exact(&mut piece).unwrap();
        assert_eq!(&piece, b"HTTP/1.1 200");
        drop(first);
    }

    /// The answer is 431, or nothing where the system threw it away with the connection.
    fn refused(client: &mut Client) {
        let answer = rest(client);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"));
    }

    #[test]
    fn heads_have_a_limit() {
        let trial = Trial::new(1, 8);
        let mut client = trial.connect();
        let long = format!("GET / HTTP/1.1\r\nX-Long: {}\r\n\r\n", "a".repeat(8 * HEAD));
        let _ = client.write_all(long.as_bytes());
        refused(&mut client);
        let mut client = trial.connect();
        let many: String = (0..200).map(|n| format!("X-{n}: a\r\n")).collect();
        let _ = client.write_all(format!("GET / HTTP/1.1\r\n{many}\r\n").as_bytes());
        refused(&mut client);
    }

    #[test]
    fn connections_beyond_the_limit_wait_their_turn() {
        let trial = Trial::new(1, 2);
        let idle: Vec<Client> = (0..6).map(|_| trial.connect()).collect();
        let mut client = trial.connect();
        client
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        assert!(rest(&mut client).starts_with(b"HTTP/1.1 200"));
        drop(idle);
    }
}

//! The accept loop: HTTP/1.1 with bounds on how many connections an address may have, how long and how large the head and the body of
//! a request may be, and how long an answer may wait for its reader.

mod body;
mod gate;
mod pace;
mod repeated;
mod stream;

use std::{
    convert::Infallible,
    future::ready,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Waker},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::StatusCode,
    response::Response,
};
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

use self::{body::BoundedBody, gate::SocketPlace, repeated::Repeated, stream::Flow};
pub(crate) use self::{gate::Gate, stream::HttpStream};
use crate::http::address;

/// From the first byte of a request to the end of its head; also how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of a request's head, as the cookies of other programs on the same host may need; more is answered with 431. Bodies are read
/// in pieces of this size as well.
const HEAD_BYTES: usize = 32 * 1024;
/// What a connection is told that its address has too many of.
const TOO_MANY: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
/// After a failed accept (no descriptors left): time for some to come free.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Bytes that the system keeps of what has not left for the peer yet. It would keep up to 4 MB (`tcp_wmem`) for each reader who
/// has stopped: memory that no bound of ours sees, and a thousand messages copied for nobody.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 128 * 1024;

/// Where connections come from: a TCP socket, or a test's own network.
pub trait ConnectionSource: Send + 'static {
    /// One connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next connection, and its peer. May be dropped and called again; an error is passed and not the end.
    fn accept(
        &mut self,
    ) -> impl Future<Output = std::io::Result<(Self::Stream, SocketAddr)>> + Send;

    /// Until the peer has said something, or is gone; nothing is read. A network that cannot tell says so at once.
    fn spoken(stream: &Self::Stream) -> impl Future<Output = std::io::Result<()>> + Send {
        let _ = stream;
        ready(Ok(()))
    }
}

impl ConnectionSource for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> std::io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = Self::accept(self).await?;
        // One event is one small packet; waiting for more would only make it late.
        drop(stream.set_nodelay(true));
        #[cfg(target_os = "linux")]
        drop(socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT_BYTES));
        Ok((stream, peer))
    }

    async fn spoken(stream: &TcpStream) -> std::io::Result<()> {
        // Looking is the only way: a socket that was just accepted is taken to be readable until it has been tried.
        stream.peek(&mut [0]).await.map(drop)
    }
}

/// Accepts until `stop`; requests that are under way then are finished. Connections are tracked by `tasks`.
pub(crate) async fn accept<L: ConnectionSource>(
    mut listener: L,
    gate: Arc<Gate>,
    app: Router,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let mut failed = Repeated::default();
    loop {
        let accepted = tokio::select! {
            biased;
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(place) = gate.admit(peer) else {
                    refuse(stream);
                    continue;
                };
                let new = New {
                    stream,
                    peer,
                    place,
                };
                let (gate, stop) = (Arc::clone(&gate), stop.clone());
                drop(tasks.spawn(begin::<L>(new, gate, app.clone(), stop)));
            }
            Err(why) => {
                if let Some(count) = failed.again(gate.clock.instant()) {
                    tracing::warn!(%why, count, "cannot accept a connection");
                }
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// A connection of which nothing is known yet but who it is.
struct New<S> {
    stream: S,
    peer: SocketAddr,
    place: SocketPlace,
}

/// Tells why, if that can be done at once: whoever has too many connections is not waited for.
fn refuse(mut stream: impl AsyncWrite + Unpin) {
    let cx = &mut Context::from_waker(Waker::noop());
    // Refused either way.
    let _ = Pin::new(&mut stream).poll_write(cx, TOO_MANY);
    let _ = Pin::new(&mut stream).poll_shutdown(cx);
}

/// Waits for a connection's first byte. HTTP makes a buffer of 8 KB before it reads, and the machine behind the connection is
/// larger than a socket: when ten thousand come back at once, those that wait for their turn must not hold that.
async fn begin<L: ConnectionSource>(
    new: New<L::Stream>,
    gate: Arc<Gate>,
    app: Router,
    stop: CancellationToken,
) {
    // Biased, so that a request that came before the stop is served.
    let spoken = tokio::select! {
        biased;
        spoken = timeout(HEAD_TIMEOUT, L::spoken(&new.stream)) => spoken.is_ok_and(|spoken| spoken.is_ok()),
        () = stop.cancelled() => false,
    };
    if spoken {
        Box::pin(serve(new, gate, app, stop)).await;
    }
}

async fn serve(
    new: New<impl AsyncRead + AsyncWrite + Unpin + Send + 'static>,
    gate: Arc<Gate>,
    app: Router,
    stop: CancellationToken,
) {
    let New {
        stream,
        peer,
        place,
    } = new;
    let flow = Arc::new(Flow::default());
    let metrics = Arc::clone(&gate.metrics);
    let stream = HttpStream::new(stream, Arc::clone(&flow), gate.clock, metrics, place);
    let service = service_fn(move |request| {
        answer(
            request,
            peer,
            app.clone(),
            Arc::clone(&gate),
            Arc::clone(&flow),
        )
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(HEAD_BYTES)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    // Biased, so that a request that came before the stop is served.
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(why) = ended {
        tracing::debug!(%why, "a connection ended early");
    }
}

/// Answers a request, whose body is bounded.
async fn answer(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    app: Router,
    gate: Arc<Gate>,
    flow: Arc<Flow>,
) -> Result<Response, Infallible> {
    flow.begin();
    let (mut head, body) = request.into_parts();
    head.extensions.insert(ConnectInfo(peer));
    let (body, trouble) = if body.is_end_stream() {
        (Body::empty(), None)
    } else {
        let address = address::client(peer.ip(), &head.headers, &gate.trusted);
        let share = gate.bodies.none(address.into());
        let metrics = Arc::clone(&gate.metrics);
        let (body, trouble) = BoundedBody::new(body, Arc::clone(&flow), gate.clock, share, metrics);
        (Body::new(body), Some(trouble))
    };
    let answer = app.oneshot(Request::from_parts(head, body)).await?;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        flow.upgrade();
    }
    let trouble = trouble.and_then(|trouble| trouble.get().copied());
    Ok(trouble.map_or(answer, body::NoBody::answer))
}

#[cfg(test)]
mod tests;

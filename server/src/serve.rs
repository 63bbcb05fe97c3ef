//! The accept loop: HTTP/1.1 with a bound on how long a request's head may take.

use std::{future::ready, net::SocketAddr, time::Duration};

use axum::{Router, extract::ConnectInfo, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

/// From the first byte of a request to the end of its head; also how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// After a failed accept (no descriptors left): time for some to come free.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Bytes that the system keeps of what has not left for the peer yet. It would keep up to 4 MB (`tcp_wmem`) for each reader who
/// has stopped: memory that no bound of ours sees, and a thousand messages copied for nobody.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 128 * 1024;

/// Where connections come from: a TCP socket, or a test's own network.
pub trait Listener: Send + 'static {
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

impl Listener for TcpListener {
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
pub(crate) async fn accept<L: Listener>(
    mut listener: L,
    app: Router,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            biased;
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let stop = stop.clone();
                drop(tasks.spawn(begin::<L>(stream, peer, app.clone(), stop)));
            }
            Err(why) => {
                tracing::warn!(%why, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Waits for a connection's first byte. HTTP makes a buffer of 8 KB before it reads, and the machine behind the connection is
/// larger than a socket: when ten thousand come back at once, those that wait for their turn must not hold that.
async fn begin<L: Listener>(
    stream: L::Stream,
    peer: SocketAddr,
    app: Router,
    stop: CancellationToken,
) {
    // Biased, so that a request that came before the stop is served.
    let spoken = tokio::select! {
        biased;
        spoken = timeout(HEAD_TIMEOUT, L::spoken(&stream)) => spoken.is_ok_and(|spoken| spoken.is_ok()),
        () = stop.cancelled() => false,
    };
    if spoken {
        Box::pin(serve(stream, peer, app, stop)).await;
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    app: Router,
    stop: CancellationToken,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone()
            .oneshot(request.map(axum::body::Body::new) as Request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
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

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
        sync::mpsc,
        time::Instant,
    };

    use super::*;

    /// A network on which a connection is heard only if it has something to say.
    struct Pipes(mpsc::Receiver<DuplexStream>);

    impl Listener for Pipes {
        type Stream = DuplexStream;

        async fn accept(&mut self) -> std::io::Result<(DuplexStream, SocketAddr)> {
            match self.0.recv().await {
                Some(stream) => Ok((stream, ([127, 0, 0, 1], 1).into())),
                None => pending().await,
            }
        }

        async fn spoken(stream: &DuplexStream) -> std::io::Result<()> {
            let _ = stream;
            pending().await
        }
    }

    /// A network that cannot tell.
    struct Deaf(Pipes);

    impl Listener for Deaf {
        type Stream = DuplexStream;

        async fn accept(&mut self) -> std::io::Result<(DuplexStream, SocketAddr)> {
            self.0.accept().await
        }
    }

    /// How long a connection is kept on which `said` is all that comes, and what it is answered.
    async fn kept(listener: impl FnOnce(Pipes) -> Running, said: &[u8]) -> (Duration, String) {
        let (dial, dialled) = mpsc::channel(1);
        let running = listener(Pipes(dialled));
        let (mut near, far) = duplex(1024);
        dial.send(far).await.unwrap();
        let begun = Instant::now();
        near.write_all(said).await.unwrap();
        let mut answer = String::new();
        near.read_to_string(&mut answer).await.unwrap();
        let took = begun.elapsed();
        running.stop.cancel();
        running.tasks.close();
        running.tasks.wait().await;
        (took, answer)
    }

    struct Running {
        tasks: TaskTracker,
        stop: CancellationToken,
    }

    fn run(listener: impl Listener) -> Running {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let accepting = accept(listener, Router::new(), tasks.clone(), stop.clone());
        drop(tasks.spawn(accepting));
        Running { tasks, stop }
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_not_kept() {
        let (took, answer) = kept(run, b"").await;
        assert_eq!((took, answer.as_str()), (HEAD_TIMEOUT, ""));
    }

    #[tokio::test(start_paused = true)]
    async fn who_never_ends_a_request_is_not_kept() {
        let (took, answer) = kept(|pipes| run(Deaf(pipes)), b"GET / HTTP/1.1\r\nHo").await;
        assert!(took >= HEAD_TIMEOUT && took < 2 * HEAD_TIMEOUT, "{took:?}");
        assert!(answer.is_empty() || answer.contains(" 408 "), "{answer}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_is_kept_as_long_after_an_answer() {
        let (took, answer) = kept(
            |pipes| run(Deaf(pipes)),
            b"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        )
        .await;
        assert!(answer.contains(" 404 "), "{answer}");
        assert_eq!(took, HEAD_TIMEOUT);
    }
}

//! Peers that keep us waiting, in paused time.

use std::future::pending;

use axum::{body::Bytes, routing::post};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
    sync::mpsc,
    time::Instant,
};

use super::*;
use crate::{clock::Clock, config::Config};

/// A network on which a connection is heard only if it has something to say.
struct Pipes(mpsc::Receiver<DuplexStream>);

impl ConnectionSource for Pipes {
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

impl ConnectionSource for Deaf {
    type Stream = DuplexStream;

    async fn accept(&mut self) -> std::io::Result<(DuplexStream, SocketAddr)> {
        self.0.accept().await
    }
}

/// How long a connection is kept on which `said` is all that comes, and what it is answered.
async fn kept(listener: impl FnOnce(Pipes) -> Running, said: &[u8]) -> (Duration, String) {
    let (mut near, running) = dialled(listener, 64 * 1024).await;
    let begun = Instant::now();
    near.write_all(said).await.unwrap();
    let mut answer = String::new();
    near.read_to_string(&mut answer).await.unwrap();
    let took = begun.elapsed();
    drop(near);
    running.end().await;
    (took, answer)
}

/// The near end of a connection whose two ends have `buffer` bytes between them.
async fn dialled(
    listener: impl FnOnce(Pipes) -> Running,
    buffer: usize,
) -> (DuplexStream, Running) {
    let (dial, dialled) = mpsc::channel(1);
    let running = listener(Pipes(dialled));
    let (near, far) = duplex(buffer);
    dial.send(far).await.unwrap();
    (near, running)
}

struct Running {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Running {
    async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Says how long a body is, and gives an answer of a megabyte.
fn app() -> Router {
    Router::new()
        .route("/", post(|body: Bytes| ready(body.len().to_string())))
        .route(
            "/long",
            axum::routing::get(|| ready("x".repeat(1024 * 1024))),
        )
}

fn run(listener: impl ConnectionSource) -> Running {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let config = Config::load(["hubbub".into()]).unwrap();
    let gate = Arc::new(Gate::new(&config, Clock::system(), Arc::default()));
    let accepting = accept(listener, gate, app(), tasks.clone(), stop.clone());
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
    let said = b"GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n";
    let (took, answer) = kept(|pipes| run(Deaf(pipes)), said).await;
    assert!(answer.contains(" 404 "), "{answer}");
    assert_eq!(took, HEAD_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_not_waited_for() {
    for (length, begun) in [
        ("Content-Length: 2000", "x".repeat(1_999)),
        ("Content-Length: 2000", String::new()),
        ("Transfer-Encoding: chunked", "7d0\r\nx".to_owned()),
        ("Content-Length: 40000", "x".repeat(39_999)),
    ] {
        let said = format!("POST / HTTP/1.1\r\nHost: h\r\n{length}\r\n\r\n{begun}");
        let (took, answer) = kept(|pipes| run(Deaf(pipes)), said.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{length}: {answer}");
        let seconds = took.as_secs();
        // The answer, and the time that the rest of the body is passed over.
        assert!((10..=12).contains(&seconds), "{length}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_is_not_waited_for_and_a_slow_one_is() {
    for (every_ms, bytes, whole) in [(500, 4_096, true), (8_000, 4_096, false), (1_000, 1, false)] {
        let (near, running) = dialled(|pipes| run(Deaf(pipes)), 64 * 1024).await;
        let (mut read, mut write) = tokio::io::split(near);
        let head =
            "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n";
        write.write_all(head.as_bytes()).await.unwrap();
        let writing = tokio::spawn(async move {
            let mut left = 200_000;
            while left > 0 {
                let now = bytes.min(left);
                left -= now;
                if write.write_all(&vec![b'x'; now]).await.is_err() {
                    return;
                }
                sleep(Duration::from_millis(every_ms)).await;
            }
        });
        let mut answer = String::new();
        read.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.contains(" 200 OK"), whole, "{every_ms}: {answer}");
        assert_eq!(answer.contains(" 408 "), !whole, "{every_ms}: {answer}");
        writing.abort();
        drop(writing.await);
        drop(read);
        running.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_reads_is_not_kept() {
    let (mut near, running) = dialled(|pipes| run(Deaf(pipes)), 1_024).await;
    near.write_all(b"GET /long HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    running.tasks.close();
    running.stop.cancel();
    let begun = Instant::now();
    running.tasks.wait().await;
    let took = begun.elapsed();
    assert!((20..25).contains(&took.as_secs()), "{took:?}");
    drop(near);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_read_slowly_arrives() {
    let (mut near, running) = dialled(|pipes| run(Deaf(pipes)), 1_024).await;
    near.write_all(b"GET /long HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let (mut got, mut piece) = (0, [0; 1_024]);
    loop {
        let bytes = near.read(&mut piece).await.unwrap();
        if bytes == 0 {
            break;
        }
        got += bytes;
        sleep(Duration::from_millis(500)).await;
    }
    assert!(got > 1024 * 1024, "{got}");
    drop(near);
    running.end().await;
}

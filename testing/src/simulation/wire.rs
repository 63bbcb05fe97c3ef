//! One WebSocket over the simulated network. Nobody who holds it ever waits for it: a dead connection must not stop a clock.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _, stream::SplitSink};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use tokio_util::sync::{CancellationToken, DropGuard};
use turmoil::net::TcpStream;

/// Where the server listens.
pub(super) const PORT: u16 = 80;
/// How long a browser tries to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// Frames that may wait on either side of a wire.
const MAX_FRAMES: usize = 4_096;

/// What comes over a wire.
#[derive(Debug)]
pub(super) enum SimHeard {
    Open,
    Text(String),
    Closed { code: u16, reason: String },
}

/// A WebSocket with a task of its own. Dropped, the connection is cut without a close frame.
pub(super) struct SimSocket {
    pub(super) heard: mpsc::Receiver<SimHeard>,
    words: mpsc::Sender<Message>,
    task: JoinHandle<()>,
    cut: DropGuard,
}

impl SimSocket {
    /// Starts to connect to a host.
    pub(super) fn open(host: String) -> Self {
        let (tell, heard) = mpsc::channel(MAX_FRAMES);
        let (words, inbox) = mpsc::channel(MAX_FRAMES);
        let cut = CancellationToken::new();
        let over = cut.clone();
        let task = tokio::spawn(async move {
            tokio::select! {
                biased;
                () = over.cancelled() => {}
                () = carry(host, tell, inbox) => {}
            }
        });
        Self {
            heard,
            words,
            task,
            cut: cut.drop_guard(),
        }
    }

    /// Says something, if there is somebody to hear it.
    pub(super) fn say(&self, text: String) {
        drop(self.words.try_send(Message::text(text)));
    }

    /// Says goodbye in the background, as a browser does, and hears nothing more.
    pub(super) fn close(self, code: u16, reason: String) {
        let Self {
            words, task, cut, ..
        } = self;
        let frame = CloseFrame {
            code: CloseCode::from(code),
            reason: reason.into(),
        };
        drop(words.try_send(Message::Close(Some(frame))));
        tokio::spawn(async move {
            let _cut = cut;
            drop(timeout(GOODBYE, task).await);
        });
    }
}

async fn carry(host: String, tell: mpsc::Sender<SimHeard>, words: mpsc::Receiver<Message>) {
    let end = talk(host, &tell, words).await;
    let (code, reason) = end.unwrap_or((1006, String::new()));
    drop(tell.send(SimHeard::Closed { code, reason }).await);
}

/// From the first packet to the end; its close frame, if it had one.
async fn talk(
    host: String,
    tell: &mpsc::Sender<SimHeard>,
    words: mpsc::Receiver<Message>,
) -> Option<(u16, String)> {
    let stream = TcpStream::connect((host, PORT)).await.ok()?;
    let (socket, _) = client_async("ws://server/ws", stream).await.ok()?;
    tell.send(SimHeard::Open).await.ok()?;
    let (sink, mut stream) = socket.split();
    let reading = async {
        loop {
            match stream.next().await?.ok()? {
                // Nobody may listen any more, while a goodbye is still being said.
                Message::Text(text) => drop(tell.send(SimHeard::Text(text.to_string())).await),
                Message::Close(Some(frame)) => {
                    return Some((frame.code.into(), frame.reason.to_string()));
                }
                Message::Close(None) => return Some((1005, String::new())),
                _ => {}
            }
        }
    };
    tokio::select! {
        biased;
        end = reading => end,
        () = write(sink, words) => None,
    }
}

async fn write(
    mut sink: SplitSink<WebSocketStream<TcpStream>, Message>,
    mut words: mpsc::Receiver<Message>,
) {
    while let Some(message) = words.recv().await {
        let last = matches!(message, Message::Close(_));
        if sink.send(message).await.is_err() || last {
            break;
        }
    }
    if !words.is_closed() {
        // The write failed: the reading half tells how it ended.
        std::future::pending::<()>().await;
    }
}

/// What comes next over a wire, if there is one.
pub(super) async fn next(wire: &mut Option<SimSocket>) -> Option<SimHeard> {
    match wire {
        Some(wire) => wire.heard.recv().await,
        None => std::future::pending().await,
    }
}

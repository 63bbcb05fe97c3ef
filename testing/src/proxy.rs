//! A bad network: a proxy that delays, stops, cuts or refuses connections.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
    time::sleep,
};

/// Ways through the proxy.
struct Ways {
    /// Whether nothing goes up, and down; nobody is told. What was read already is lost if the connection ends so.
    stops: watch::Sender<[bool; 2]>,
    /// No new connections.
    refuses: AtomicBool,
    /// How long each piece is under way, at most, in milliseconds.
    late_ms: AtomicU64,
    /// Counts cuts: a connection that was made before one ends.
    cuts: watch::Sender<u64>,
    seed: AtomicU64,
}

/// A proxy in front of a server, whose faults a test switches on and off.
pub struct Proxy {
    /// Where it listens, such as `http://127.0.0.1:4321`.
    pub url: String,
    ways: Arc<Ways>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy in front of the server at this address.
    pub async fn to(server: &str) -> Self {
        let addr = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let ways = Arc::new(Ways {
            stops: watch::Sender::new([false; 2]),
            refuses: AtomicBool::new(false),
            late_ms: AtomicU64::new(0),
            cuts: watch::Sender::new(0),
            seed: AtomicU64::new(1),
        });
        let theirs = Arc::clone(&ways);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !theirs.refuses.load(Ordering::SeqCst) {
                    tokio::spawn(relay(client, addr.clone(), Arc::clone(&theirs)));
                }
            }
        });
        Self {
            url,
            ways,
            accepting,
        }
    }

    /// Stops what goes up to the server, and down to the client, or lets it pass again.
    pub fn stop(&self, up: bool, down: bool) {
        self.ways.stops.send_replace([up, down]);
    }

    /// Refuses new connections, or accepts them again.
    pub fn refuse(&self, refuses: bool) {
        self.ways.refuses.store(refuses, Ordering::SeqCst);
    }

    /// Delays each piece of data by up to so many milliseconds.
    pub fn delay(&self, ms: u64) {
        self.ways.late_ms.store(ms, Ordering::SeqCst);
    }

    /// Closes every connection at once.
    pub fn cut(&self) {
        self.ways.cuts.send_modify(|cuts| *cuts += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn relay(client: TcpStream, addr: String, ways: Arc<Ways>) {
    let Ok(server) = TcpStream::connect(addr).await else {
        return;
    };
    let mut cuts = ways.cuts.subscribe();
    cuts.mark_unchanged();
    drop((client.set_nodelay(true), server.set_nodelay(true)));
    let ((from_client, to_client), (from_server, to_server)) =
        (client.into_split(), server.into_split());
    tokio::select! {
        () = carry(from_client, to_server, &ways, 0) => {}
        () = carry(from_server, to_client, &ways, 1) => {}
        _ = cuts.changed() => {}
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, ways: &Ways, way: usize) {
    let mut stops = ways.stops.subscribe();
    let mut piece = vec![0; 4_096];
    loop {
        let Ok(read @ 1..) = from.read(&mut piece).await else {
            // While nothing passes, an end does not pass either: the other side stays half open.
            drop(stops.wait_for(|stops| !stops[way]).await);
            return;
        };
        let late = ways.late_ms.load(Ordering::SeqCst);
        if late > 0 {
            // Each piece at its own pace; within a connection TCP keeps the order, among connections nothing does.
            let turn = ways
                .seed
                .fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            sleep(Duration::from_millis((turn >> 33) % late)).await;
        }
        if stops.wait_for(|stops| !stops[way]).await.is_err() {
            return;
        }
        if to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}

//! What a connection and an event take in the server: bounds that a change must not break unseen. The server lives on a thread of
//! its own, and only what that thread allocates is counted; the store's threads have theirs.

use std::{thread, time::Duration};

use allocation_counter::{AllocationInfo, measure};
use serde_json::json;
use server::Clock;
use testing::{Raw, Recorder, Sender, TestServer};
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
};

/// Bytes that a connection holds while it sits idle, of a person whom the server knows already.
const BYTES_IDLE: i64 = 2_432;
/// Bytes that a connection holds which was accepted and has said nothing yet: whoever opens thousands has no more of the server.
const BYTES_SILENT: i64 = 1_536;
/// Allocations of an idle connection in a second.
const IDLE_A_SECOND: f64 = 0.1;
/// Allocations of one more delivery of an event.
const A_DELIVERY: f64 = 0.06;

type Phase = (oneshot::Receiver<()>, oneshot::Sender<AllocationInfo>);

/// A server that lives while it is watched.
struct Watched(mpsc::Sender<Phase>);

impl Watched {
    fn open() -> (Self, oneshot::Receiver<TestServer>) {
        let (phases, mut next) = mpsc::channel::<Phase>(1);
        let (tell, server) = oneshot::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let flags = ["--sockets-per-user=0", "--heartbeat-s=300"];
            let open = TestServer::unlimited(None, Clock::system(), &flags);
            assert!(tell.send(runtime.block_on(open)).is_ok());
            while let Some((done, tell)) = next.blocking_recv() {
                let info = measure(|| runtime.block_on(async { done.await.unwrap() }));
                tell.send(info).unwrap();
            }
        });
        (Self(phases), server)
    }

    /// Lets it live as long as `act` takes: what it allocated meanwhile.
    async fn during<T>(&self, act: impl Future<Output = T>) -> (T, AllocationInfo) {
        let (done, wait) = oneshot::channel();
        let (tell, info) = oneshot::channel();
        assert!(self.0.send((wait, tell)).await.is_ok());
        let result = act.await;
        done.send(()).unwrap();
        (result, info.await.unwrap())
    }
}

async fn hear_event(sockets: &mut [Raw]) {
    for socket in sockets {
        while socket.hear().await["t"] != "event" {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_has_said_nothing_takes_next_to_nothing() {
    const MANY: usize = 200;
    let (watched, server) = Watched::open();
    let server = server.await.unwrap();
    let address = server.url.trim_start_matches("http://").to_owned();
    let accepted = async || {
        // They are taken in turn: whoever is answered came after all of them.
        let health = reqwest::get(format!("{}/healthz", server.url)).await;
        assert!(health.unwrap().status().is_success());
    };
    watched.during(accepted()).await;
    let open = async {
        let mut silent = Vec::new();
        for _ in 0..MANY {
            silent.push(TcpStream::connect(&address).await.unwrap());
        }
        accepted().await;
        silent
    };
    let (silent, opened) = watched.during(open).await;
    let bytes = opened.bytes_current / i64::try_from(MANY).unwrap();
    assert!(bytes <= BYTES_SILENT, "{bytes} bytes");
    assert!(bytes > 256, "{bytes} bytes: were they accepted at all?");
    println!("{bytes} bytes");
    drop(silent);
    watched.during(server.close()).await;
}

#[expect(clippy::cast_precision_loss, reason = "the counts are small")]
fn ratio(count: u64, of: usize) -> f64 {
    count as f64 / of as f64
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_and_a_delivery_take_no_more_than_this() {
    const MANY: usize = 200;
    const SENDS: usize = 20;
    let (watched, server) = Watched::open();
    let server = server.await.unwrap();
    let ((reader, speaker), _) = watched
        .during(async { (server.sign_up("ada").await, server.sign_up("wren").await) })
        .await;
    let recorder = Recorder::default();
    let mut sender = Sender::new(&server.url, &speaker.token, speaker.user, &recorder);
    let open = async |sockets: &mut Vec<Raw>| {
        for _ in 0..MANY {
            let (socket, _) = Raw::hello(&server.url, &reader.token, None).await;
            sockets.push(socket);
        }
        // Whoever answers a ping has let go of what a beginning needs.
        for socket in sockets {
            socket.say(&json!({ "t": "ping", "n": 1 })).await;
            while socket.hear().await["t"] != "pong" {}
        }
    };
    let mut sockets = Vec::new();
    watched
        .during(async {
            sender.connect().await.unwrap();
            open(&mut sockets).await;
        })
        .await;
    // The first event makes what the room needs.
    watched
        .during(async {
            sender.send("first").await.unwrap();
            hear_event(&mut sockets).await;
            sender.settle().await.unwrap();
        })
        .await;

    // A send itself takes about a hundred, ten more or less as its tasks happen to meet: the least of several is nearest to what
    // it needs.
    let mut send = async |sockets: &mut Vec<Raw>| {
        let mut least = u64::MAX;
        for _ in 0..SENDS {
            let say = async {
                sender.send("to all who listen").await.unwrap();
                hear_event(sockets).await;
            };
            let ((), info) = watched.during(say).await;
            watched.during(sender.settle()).await.0.unwrap();
            least = least.min(info.count_total);
        }
        least
    };
    let few = send(&mut sockets).await;
    let ((), opened) = watched.during(open(&mut sockets)).await;
    let more = send(&mut sockets).await;
    let idle = tokio::time::sleep(Duration::from_secs(2));
    let ((), idle) = watched.during(idle).await;

    let bytes = opened.bytes_current / i64::try_from(MANY).unwrap();
    let delivery = ratio(more.saturating_sub(few), MANY);
    let a_second = ratio(idle.count_total, 2 * 2 * MANY);
    let found = json!({ "bytes": bytes, "a delivery": delivery, "idle, a second": a_second });
    assert!(bytes <= BYTES_IDLE, "{found}");
    assert!(delivery <= A_DELIVERY, "{found}");
    assert!(a_second <= IDLE_A_SECOND, "{found}");
    println!("{found}");
    drop(sockets);
    drop(sender);
    watched.during(server.close()).await;
}

//! Readers that stop reading.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::{ClientFrame, Hello, PresenceState, Resume, ServerFrame};
use server::Clock;
use testing::{PATIENCE, Recorder, Sender, TestServer, scale, until};
use tokio::{
    net::{TcpSocket, TcpStream},
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, protocol::frame::coding::CloseCode},
};

use super::{converged, general};

/// Long enough to fill every buffer between the two in a few hundred messages: 8,000 characters of three bytes.
const TEXT: &str = "慢";
const MESSAGES: usize = 450;
/// Most of them that are under way to somebody who reads nothing: 1 MiB, of which the peer's own system takes 256 KB. Elsewhere
/// the system is not told how much it may keep.
const UNDER_WAY: u64 = if cfg!(target_os = "linux") { 42 } else { 400 };

#[tokio::test(flavor = "multi_thread")]
async fn slow_readers_are_let_go_come_back_and_miss_nothing() {
    let server = TestServer::unlimited(
        None,
        Clock::system(),
        &["--sockets-per-user=0", "--offline-grace-s=0"],
    )
    .await;
    let recorder = Recorder::default();
    let slow = server.sign_up("slow").await;
    let quick = server.recorded("quick", &recorder).await;
    let addr = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut stuck = Vec::new();
    for _ in 0..scale(10) {
        let mut socket = connect(&addr).await;
        socket
            .send(Message::text(hello(&slow.token, None).to_json()))
            .await
            .unwrap();
        assert!(matches!(
            hear(&mut socket).await,
            Some(ServerFrame::Welcome(_))
        ));
        stuck.push(socket);
    }
    let api = server.sign_up("speaker").await;
    let mut speaker = Sender::new(&server.url, &api.token, api.user, &recorder);
    speaker.connect().await.unwrap();
    let text = TEXT.repeat(8_000);
    let began = Instant::now();
    for n in 0..MESSAGES {
        speaker.send(&text).await.unwrap();
        if n % 20 == 19 {
            speaker.settle().await.unwrap();
        }
    }
    speaker.settle().await.unwrap();
    let last = speaker.acked.iter().map(|ack| ack.seq).max();
    converged(&[&quick], general(), last).await;
    let (sent, then) = (began.elapsed(), Instant::now());
    // The hub lets go of them; not one of them has read a byte since its welcome.
    until("the slow ones to be let go", || {
        quick.with(|session| session.presence(slow.user)) == Some(PresenceState::Offline)
    })
    .await;
    let let_go = then.elapsed();
    assert!(let_go < Duration::from_secs(10), "{let_go:?}");
    let mut cursors = Vec::new();
    for socket in &mut stuck {
        let cursor = what_is_left(socket).await;
        assert!(cursor <= UNDER_WAY, "{cursor} messages were under way");
        cursors.push(cursor);
    }
    println!(
        "{MESSAGES} messages of 24 KB in {sent:?}, let go {let_go:?} later; {} slow readers got up to seq {:?}",
        stuck.len(),
        cursors.iter().max()
    );
    drop(stuck);
    for cursor in cursors {
        comes_back(&addr, &slow.token, cursor, last).await;
    }
    drop((quick, speaker));
    server.judge(recorder, &[general()]).await;
}

/// A hundred slow readers at 1,000 messages a second: what it costs the others, from when they come until all have been let go. A
/// measurement, for `make soak`: each machine has its own figures.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, which a busy machine would make a liar"]
async fn what_slow_readers_cost_the_others() {
    const PER_S: u64 = 1_000;
    const SECONDS: u64 = 10;
    let server = TestServer::unlimited(None, Clock::system(), &["--sockets-per-user=0"]).await;
    let addr = server.url.strip_prefix("http://").unwrap().to_owned();
    let (slow, api) = (server.sign_up("slow").await, server.sign_up("ada").await);
    let recorder = Recorder::default();
    let mut latencies = Vec::new();
    for slow_ones in [0, 100, 0, 100] {
        let mut stuck = Vec::new();
        for _ in 0..slow_ones {
            let mut socket = connect(&addr).await;
            let frame = hello(&slow.token, None);
            socket.send(Message::text(frame.to_json())).await.unwrap();
            stuck.push(socket);
        }
        // One connection may not say so much.
        let mut senders = Vec::new();
        for _ in 0..20 {
            let mut sender = Sender::new(&server.url, &api.token, api.user, &recorder);
            sender.connect().await.unwrap();
            senders.push(sender);
        }
        let mut quick = connect(&addr).await;
        quick
            .send(Message::text(hello(&api.token, None).to_json()))
            .await
            .unwrap();
        let began = Instant::now();
        let count = SECONDS * PER_S;
        let reading = tokio::spawn(async move {
            let mut late = Vec::new();
            while (late.len() as u64) < count {
                if let Some(ServerFrame::Event(event)) = hear(&mut quick).await
                    && let protocol::EventKind::Message { text, .. } = event.kind
                {
                    let said: u64 = text.unwrap().split(' ').next().unwrap().parse().unwrap();
                    late.push(u64::try_from(began.elapsed().as_micros()).unwrap() - said);
                }
            }
            late.sort_unstable();
            late
        });
        let mut pace = tokio::time::interval(Duration::from_millis(10));
        for turn in 0..count / 10 {
            pace.tick().await;
            let half = if turn % 2 == 0 { 0..10 } else { 10..20 };
            for sender in &mut senders[half.clone()] {
                let text = format!("{} {}", began.elapsed().as_micros(), "x".repeat(3_000));
                sender.send(&text).await.unwrap();
            }
            for sender in &mut senders[half] {
                sender.settle().await.unwrap();
            }
        }
        let late = reading.await.unwrap();
        latencies.push((late[late.len() / 2], late[late.len() * 99 / 100]));
    }
    println!("p50 and p99 in µs, without slow readers and with 100, twice: {latencies:?}");
    server.close().await;
}

/// What the kernel still had for it: a part of the log without a hole, and the reason why it ends. Tells where.
async fn what_is_left(socket: &mut WebSocketStream<TcpStream>) -> u64 {
    let mut cursor = None;
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("an end") {
            Some(Ok(Message::Text(text))) => {
                if let Ok(ServerFrame::Event(event)) = ServerFrame::parse(&text) {
                    assert!(cursor.is_none_or(|cursor| event.seq == cursor + 1));
                    cursor = Some(event.seq);
                }
            }
            Some(Ok(Message::Close(Some(frame)))) => {
                assert_eq!(frame.code, CloseCode::Library(4002));
                return cursor.expect("some of it");
            }
            Some(Ok(_)) => {}
            other => panic!("no close frame but {other:?}"),
        }
    }
}

/// It comes back with its cursor and gets all the rest, once and in order.
async fn comes_back(addr: &str, token: &str, cursor: u64, last: Option<u64>) {
    let mut socket = connect(addr).await;
    let frame = hello(token, Some(cursor));
    socket.send(Message::text(frame.to_json())).await.unwrap();
    let mut at = cursor;
    while Some(at) < last {
        if let Some(ServerFrame::Event(event)) = hear(&mut socket).await {
            assert_eq!(event.seq, at + 1);
            at = event.seq;
        }
    }
}

async fn connect(addr: &str) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(128 * 1024).unwrap();
    let stream = socket.connect(addr.parse().unwrap()).await.unwrap();
    timeout(
        Duration::from_secs(10),
        client_async(format!("ws://{addr}/ws"), stream),
    )
    .await
    .unwrap()
    .unwrap()
    .0
}

fn hello(token: &str, cursor: Option<u64>) -> ClientFrame {
    ClientFrame::Hello(Hello {
        v: 1,
        device: "0123456789abcdef".to_owned(),
        client: "slow".to_owned(),
        token: Some(token.to_owned()),
        resume: cursor.map(|cursor| Resume {
            session: None,
            cursors: [(general(), cursor)].into(),
        }),
    })
}

async fn hear(socket: &mut WebSocketStream<TcpStream>) -> Option<ServerFrame> {
    match timeout(PATIENCE, socket.next())
        .await
        .expect("a frame in time")
    {
        Some(Ok(Message::Text(text))) => ServerFrame::parse(&text).ok(),
        Some(Ok(_)) => None,
        other => panic!("no frame but {other:?}"),
    }
}

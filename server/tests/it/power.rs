//! Power cuts: the disk loses what was not synced. Whatever was acked is in what is left.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::{Ack, Act, ClientFrame, Command, RoomId, ServerFrame, UserId};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use server::{
    Clock,
    store::{
        Logs as _, Store as _,
        sqlite::{SqliteConfig, SqliteStore, verify::verify},
    },
};
use testing::{Raw, SimDisk, TestApi, TestServer, Torn, id, scale};
use tokio_tungstenite::tungstenite::Message;

/// People who send at once.
const SENDERS: usize = 3;
/// What each of them sends.
const SENDS: usize = 80;

/// What was acked, in the order in which it was heard; the places are the trace's marks.
type Acked = Arc<Mutex<Vec<(UserId, Ack)>>>;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acked_survives_two_hundred_power_cuts() {
    let disk = SimDisk::new();
    disk.watch();
    let server = TestServer::unlimited(Some(disk), Clock::system(), &[]).await;
    let acked = Acked::default();
    let mut senders = Vec::new();
    for n in 0..SENDERS {
        let api = server.sign_up(&format!("person{n}")).await;
        senders.push(tokio::spawn(send(
            server.url.clone(),
            api,
            disk,
            Arc::clone(&acked),
        )));
    }
    for sender in senders {
        sender.await.unwrap();
    }
    server.close().await;
    let (trace, acked) = (disk.trace(), acked.lock().unwrap().clone());
    assert_eq!(acked.len(), SENDERS * SENDS);
    assert!(trace.emptied("-wal"), "no deletion emptied the log");
    let seed = 0xD15C;
    let mut rng = StdRng::seed_from_u64(seed);
    let behind_acks = trace.behind_marks();
    let mut found = BTreeMap::new();
    for n in 0..scale(200) {
        // Right behind an ack, where a store that acks too early is caught; and anywhere.
        let (cut, torn) = match n % 4 {
            0 => (
                behind_acks[rng.random_range(0..behind_acks.len())],
                Torn::Lost,
            ),
            1 => (
                behind_acks[rng.random_range(0..behind_acks.len())],
                Torn::Mixed,
            ),
            2 => (rng.random_range(0..=trace.len()), Torn::Mixed),
            _ => (rng.random_range(0..=trace.len()), Torn::Kept),
        };
        let folder = tempfile::tempdir().unwrap();
        trace.cut(cut, torn, &mut rng, folder.path());
        let promised: Vec<_> = trace
            .marks(cut)
            .into_iter()
            .map(|mark| acked[mark])
            .collect();
        *found.entry(torn as u8).or_insert(0) += promised.len();
        if let Err(why) = holds(&folder.path().join("hubbub.db"), &promised).await {
            panic!(
                "cut {n} of seed {seed:#x}, after {cut} of {} operations, {torn:?}: {why}",
                trace.len()
            );
        }
    }
    assert!(
        found.values().all(|&promised| promised > 100),
        "the cuts were behind too few acks: {found:?}"
    );
}

/// Sends without waiting, nine at a time, deletes one of those before, and notes each ack. In the middle there is time to empty the log of
/// what was deleted.
async fn send(url: String, api: TestApi, disk: SimDisk, acked: Acked) {
    let (raw, _) = Raw::hello(&url, &api.token, None).await;
    let (mut sink, mut stream) = raw.0.split();
    let room = RoomId::new(1).unwrap();
    let mut last = None;
    for turn in 0..SENDS / 10 {
        for n in 0..10 {
            let frame = match last.filter(|_| n == 9) {
                Some(of) => ClientFrame::Command(Command {
                    id: id(),
                    room,
                    act: Act::Delete { of },
                }),
                None => ClientFrame::Command(Command {
                    id: id(),
                    room,
                    act: Act::Send {
                        text: "x".repeat(200),
                        reply_to: None,
                        thread: None,
                    },
                }),
            };
            sink.send(Message::text(frame.to_json())).await.unwrap();
        }
        let mut missing = 10;
        while missing > 0 {
            let Some(Ok(Message::Text(text))) = stream.next().await else {
                panic!("the connection is lost");
            };
            if let Ok(ServerFrame::Ack(ack)) = ServerFrame::parse(&text) {
                let mut acked = acked.lock().unwrap();
                disk.note(acked.len());
                acked.push((api.user, ack));
                missing -= 1;
                if missing == 9 {
                    last = Some(ack.seq);
                }
            }
        }
        if turn == SENDS / 20 {
            tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        }
    }
}

/// Whether a store can be opened, is whole, and holds what was promised.
async fn holds(path: &std::path::Path, promised: &[(UserId, Ack)]) -> Result<(), String> {
    let store = SqliteStore::open(path, &SqliteConfig::default())
        .await
        .map_err(|why| format!("it cannot be opened: {why}"))?;
    for (user, ack) in promised {
        let stored = store
            .find_ack(*user, ack.id)
            .await
            .map_err(|why| why.to_string())?;
        if stored.is_none_or(|stored| {
            (stored.room, stored.seq, stored.at) != (ack.room, ack.seq, ack.at)
        }) {
            return Err(format!("acked and lost: {ack:?}, found {stored:?}"));
        }
    }
    store.close().await;
    let report = verify(path).await.map_err(|why| why.to_string())?;
    if report.wrong.is_empty() {
        Ok(())
    } else {
        Err(report.wrong.join("\n"))
    }
}

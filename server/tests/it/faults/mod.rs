//! What may go wrong does, and the promises hold: one file a kind of fault. `HUBBUB_SOAK=25` does each so many times more.

mod clock;
mod crash;
mod database;
mod disk;
mod drain;
mod members;
mod network;
mod packets;
mod readers;
mod storm;
mod strangers;
mod twins;

use std::{collections::BTreeMap, time::Duration};

use protocol::{RoomId, Seq};
use testing::{PATIENCE, TestClient};

/// How soon after it healed everybody must have the log.
const HEALS: Duration = Duration::from_secs(5);

fn general() -> RoomId {
    RoomId::new(1).unwrap()
}

/// Waits until everybody is online, has nothing unsent, and sees the same end of the room, without a hole.
async fn converged(clients: &[&TestClient], room: RoomId, last: Option<Seq>) {
    let sees = |client: &TestClient| {
        let seen = client.sees(room);
        seen.len().checked_sub(10).map(|from| seen[from..].to_vec())
    };
    let same = || {
        let first = sees(clients[0]);
        let whole = first.as_ref().is_some_and(|seen| {
            seen.windows(2).all(|two| two[0].0 < two[1].0)
                && seen.iter().all(|(_, text)| !text.starts_with("gap of"))
                && last.is_none_or(|last| seen.last().is_some_and(|(seq, _)| *seq >= last))
        });
        whole
            && clients
                .iter()
                .all(|client| client.unacked() == 0 && sees(client) == first)
    };
    let looking = async {
        while !same() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    if tokio::time::timeout(PATIENCE, looking).await.is_err() {
        let ends: BTreeMap<_, u32> = clients.iter().fold(BTreeMap::new(), |mut ends, client| {
            let end = client.sees(room).last().map(|(seq, _)| *seq);
            *ends.entry((end, client.unacked())).or_default() += 1;
            ends
        });
        panic!("not all see the same; wanted {last:?}, clients by (last seq, unacked): {ends:?}");
    }
}

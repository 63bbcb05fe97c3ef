//! What may go wrong does, and the promises hold: one file a kind of fault. `HUBBUB_SOAK=25` does each so many times more.

mod clock;
mod crash;
mod disk;
mod drain;
mod members;
mod network;
mod packets;
mod readers;
mod storm;
mod strangers;
mod twins;

use std::time::Duration;

use protocol::{RoomId, Seq};

use crate::support::{Person, until};

/// How soon after it healed everybody must have the log.
const HEALS: Duration = Duration::from_secs(5);

fn general() -> RoomId {
    RoomId::new(1).unwrap()
}

/// Waits until everybody is online, has nothing unsent, and sees the same end of the room, without a hole.
async fn converged(people: &[&Person], room: RoomId, last: Option<Seq>) {
    let sees = |person: &Person| {
        let seen = person.sees(room);
        seen.len().checked_sub(10).map(|from| seen[from..].to_vec())
    };
    until("everybody to see the same", || {
        let first = sees(people[0]);
        let whole = first.as_ref().is_some_and(|seen| {
            seen.windows(2).all(|two| two[0].0 < two[1].0)
                && seen.iter().all(|(_, text)| !text.starts_with("gap of"))
                && last.is_none_or(|last| seen.last().is_some_and(|(seq, _)| *seq >= last))
        });
        whole
            && people
                .iter()
                .all(|person| person.unacked() == 0 && sees(person) == first)
    })
    .await;
}

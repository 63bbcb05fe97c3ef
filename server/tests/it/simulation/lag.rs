//! How far behind the store those are who are online: with several nodes it is not enough that all is told in the end.

use std::collections::{BTreeMap, VecDeque};

use client::Link;
use protocol::{Event, EventKind, RoomId, Seq, UserId};
use server::store::{Logs as _, Rooms as _};
use testing::simulation::{EPOCH, SimClient};

use super::scenario::{Scenario, now};

/// How often it is looked.
const LOOK_MS: u64 = 500;
/// A browser that only just came back has what it missed after so long.
const BACK_MS: u64 = 4_000;

type Ends = BTreeMap<RoomId, Seq>;

/// What the store had for each user, and since when which client is online.
#[derive(Default)]
pub(super) struct Lag {
    looked_ms: u64,
    stored: BTreeMap<UserId, VecDeque<(u64, Ends)>>,
    online: BTreeMap<String, u64>,
}

fn ends(client: &SimClient) -> Option<Ends> {
    let ends = client.look(|session| {
        let is_online = matches!(session.link(), Link::Online | Link::Back);
        is_online.then(|| {
            let rooms = session.rooms().filter(|room| room.member);
            rooms.map(|room| (room.id, room.last_seq)).collect()
        })
    });
    ends.flatten()
}

impl Scenario {
    /// Looks whether anybody who is online lacks what has been stored for too long.
    pub(super) fn watch_lag(&mut self, most_ms: u64) -> Result<(), String> {
        let at = self.now_ms;
        if at - self.lag.looked_ms < LOOK_MS {
            return Ok(());
        }
        self.lag.looked_ms = at;
        for client in &self.clients {
            let history = self.lag.stored.entry(client.user).or_default();
            if history.back().is_none_or(|(last, _)| *last < at) {
                let rooms = now(self.store.rooms_of(client.user)).unwrap();
                let ends = rooms.iter().map(|room| (room.id, room.last_seq)).collect();
                history.push_back((at, ends));
            }
            while history
                .get(1)
                .is_some_and(|(next, _)| *next + most_ms <= at)
            {
                history.pop_front();
            }
        }
        for client in &self.clients {
            let Some(known) = ends(client) else {
                self.lag.online.remove(&client.name);
                continue;
            };
            let since = *self.lag.online.entry(client.name.clone()).or_insert(at);
            let history = &self.lag.stored[&client.user];
            // What was stored so long ago, and a client that was online ever since.
            let whole = history
                .front()
                .is_some_and(|(first, _)| *first + most_ms <= at);
            if whole && since + BACK_MS.max(most_ms) <= at {
                let is_new = |room| self.joined_ms(room, client.user) + most_ms > at;
                compare(&client.name, &known, history, is_new)?;
            }
        }
        Ok(())
    }

    /// When somebody joined a room last.
    fn joined_ms(&self, room: RoomId, who: UserId) -> u64 {
        let log = now(self.store.log(room, 0, u32::MAX, usize::MAX)).unwrap();
        let joins = |event: &&Event| matches!(event.kind, EventKind::Join { user } if user == who);
        let last = log.iter().rev().find(joins);
        last.map_or(0, |event| event.at.saturating_sub(EPOCH))
    }
}

/// Compares what a client knows with what was stored so long ago. Who left a room and came back between two looks need not know it yet.
fn compare(
    name: &str,
    known: &Ends,
    history: &VecDeque<(u64, Ends)>,
    is_new: impl Fn(RoomId) -> bool,
) -> Result<(), String> {
    let late = |what: &str| {
        Err(format!(
            "{name} is late: {what}; known {known:?}, stored {history:?}"
        ))
    };
    let Some((_, then)) = history.front() else {
        return Ok(());
    };
    let always = |room: &RoomId| history.iter().all(|(_, ends)| ends.contains_key(room));
    for (room, end) in then.iter().filter(|(room, _)| always(room)) {
        match known.get(room) {
            None if is_new(*room) => {}
            None => return late(&format!("room {room} is not there")),
            Some(seq) if seq < end => return late(&format!("room {room} ends at {seq}")),
            Some(_) => {}
        }
    }
    for room in known.keys() {
        if history.iter().all(|(_, ends)| !ends.contains_key(room)) {
            return late(&format!("room {room} is still there"));
        }
    }
    Ok(())
}

//! The topics that this node listens to, and which of them it hears: what is remembered of a room or a person is good only while it is heard.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use protocol::{RoomId, UserId};
use tokio::sync::Notify;

use crate::bus::Topic;

/// How long a topic is listened to after nobody needs it any more, in milliseconds: people come back, and what is remembered of their rooms is still good.
const LINGER_MS: u64 = 60_000;
/// How long a newcomer waits until a topic is confirmed, in milliseconds; then they go on, and what is theirs is looked after as in doubt.
pub(super) const CONFIRM_MS: u64 = 100;
/// A topic that is not confirmed after so long is asked for again, in milliseconds.
const AGAIN_MS: u64 = 1_000;

#[derive(Clone, Copy, Debug, Default)]
struct Listening {
    /// The bus said that it listens.
    confirmed: bool,
    /// The store was looked at after that, and nothing that was told since is missing as far as anybody knows.
    heard: bool,
    /// When somebody needed it first, in milliseconds of the monotonic clock.
    begun_at: u64,
    /// When somebody needed it last.
    needed_at: u64,
    /// When the bus was asked for it last.
    asked_at: u64,
}

#[derive(Default)]
struct All {
    topics: BTreeMap<Topic, Listening>,
    /// Notes may be lost: nothing is heard until they are not, and the store was looked at again.
    in_doubt: bool,
}

/// The topics that this node listens to.
#[derive(Default)]
pub(crate) struct Topics {
    all: Mutex<All>,
    confirmed: Notify,
}

impl Topics {
    fn all(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody needs these. `ask` is told those that are new, with the lock held: the bus is asked in the order in which it is decided here.
    pub(super) fn need(&self, topics: &[Topic], now: u64, ask: impl FnOnce(&[Topic])) {
        let mut all = self.all();
        let mut new = Vec::new();
        for &topic in topics {
            let known = all.topics.entry(topic).or_insert_with(|| {
                new.push(topic);
                Listening {
                    begun_at: now,
                    asked_at: now,
                    ..Listening::default()
                }
            });
            known.needed_at = now;
        }
        if !new.is_empty() {
            ask(&new);
        }
    }

    /// The bus listens to these; tells those of them for which nobody waits any more ([`CONFIRM_MS`]).
    pub(super) fn confirm(&self, topics: &[Topic], now: u64) -> Vec<Topic> {
        let mut all = self.all();
        let mut late = Vec::new();
        for topic in topics {
            if let Some(known) = all.topics.get_mut(topic) {
                known.confirmed = true;
                if now.saturating_sub(known.begun_at) >= CONFIRM_MS {
                    late.push(*topic);
                }
            }
        }
        drop(all);
        self.confirmed.notify_waiters();
        late
    }

    /// Whether the bus listens to it.
    pub(super) fn is_confirmed(&self, topic: Topic) -> bool {
        self.all()
            .topics
            .get(&topic)
            .is_some_and(|known| known.confirmed)
    }

    /// Waits until the bus listens to all of these.
    pub(super) async fn confirmed(&self, topics: &[Topic]) {
        loop {
            let again = self.confirmed.notified();
            if topics.iter().all(|topic| self.is_confirmed(*topic)) {
                return;
            }
            again.await;
        }
    }

    /// From here on it is heard, if the bus listens and is not in doubt; tells whether it was not before.
    pub(super) fn begins(&self, topic: Topic) -> bool {
        let mut all = self.all();
        let in_doubt = all.in_doubt;
        let known = all.topics.get_mut(&topic);
        let Some(known) = known.filter(|known| known.confirmed && !in_doubt) else {
            return false;
        };
        !std::mem::replace(&mut known.heard, true)
    }

    /// Notes may be lost from here on, or are not any more: either way nothing is heard before the store was looked at again.
    pub(super) fn set_doubt(&self, in_doubt: bool) {
        let mut all = self.all();
        all.in_doubt = in_doubt;
        for known in all.topics.values_mut() {
            known.heard = false;
        }
    }

    /// Whether notes may be lost.
    pub(super) fn in_doubt(&self) -> bool {
        self.all().in_doubt
    }

    fn hears(&self, topic: Topic) -> bool {
        self.all()
            .topics
            .get(&topic)
            .is_some_and(|known| known.heard)
    }

    /// Whether everything that happens in a room is heard.
    pub(crate) fn hears_room(&self, room: RoomId) -> bool {
        self.hears(Topic::Room(room))
    }

    /// Whether everything that is one person's own is heard.
    pub(crate) fn hears_user(&self, user: UserId) -> bool {
        self.hears(Topic::User(user))
    }

    /// Those that the bus does not confirm, each once in [`AGAIN_MS`].
    pub(super) fn overdue(&self, now: u64) -> Vec<Topic> {
        let mut all = self.all();
        let mut overdue = Vec::new();
        for (topic, known) in &mut all.topics {
            if !known.confirmed && now.saturating_sub(known.asked_at) >= AGAIN_MS {
                known.asked_at = now;
                overdue.push(*topic);
            }
        }
        overdue
    }

    /// Lets go of what nobody needed for [`LINGER_MS`] and nobody uses. `forget` is told those, with the lock held.
    pub(super) fn sweep(
        &self,
        now: u64,
        is_used: impl Fn(Topic) -> bool,
        forget: impl FnOnce(&[Topic]),
    ) {
        let mut all = self.all();
        let mut gone = Vec::new();
        all.topics.retain(|topic, known| {
            let kept = now.saturating_sub(known.needed_at) < LINGER_MS || is_used(*topic);
            if !kept {
                gone.push(*topic);
            }
            kept
        });
        if !gone.is_empty() {
            forget(&gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn room(n: u64) -> Topic {
        Topic::Room(RoomId::new(n).unwrap())
    }

    fn need(topics: &Topics, some: &[Topic], now: u64) -> Vec<Topic> {
        let mut asked = Vec::new();
        topics.need(some, now, |new| asked = new.to_vec());
        asked
    }

    #[test]
    fn it_is_heard_once_it_is_confirmed_and_looked_at() {
        let topics = Topics::default();
        assert_eq!(need(&topics, &[room(1), room(2)], 0), [room(1), room(2)]);
        assert_eq!(need(&topics, &[room(1)], 0), []);
        assert!(!topics.begins(room(1)), "it is not confirmed");
        let one = [room(1)];
        let mut waits = Box::pin(topics.confirmed(&one));
        assert!(waits.as_mut().now_or_never().is_none());
        assert_eq!(topics.confirm(&[room(1)], CONFIRM_MS - 1), []);
        assert!(waits.now_or_never().is_some());
        assert!(!topics.hears(room(1)), "the store was not looked at");
        assert!(topics.begins(room(1)) && !topics.begins(room(1)));
        assert!(topics.hears(room(1)) && !topics.hears(room(2)));
        topics.set_doubt(true);
        assert!(!topics.hears(room(1)) && !topics.begins(room(1)));
        topics.set_doubt(false);
        assert!(!topics.hears(room(1)) && topics.begins(room(1)));
    }

    #[test]
    fn what_nobody_needs_lingers_and_goes() {
        let topics = Topics::default();
        need(&topics, &[room(1), room(2)], 0);
        let sweep = |now| {
            let mut gone = Vec::new();
            let is_used = |topic| topic == room(2);
            topics.sweep(now, is_used, |all| gone = all.to_vec());
            gone
        };
        assert_eq!(sweep(LINGER_MS - 1), []);
        assert_eq!(sweep(LINGER_MS), [room(1)]);
        assert_eq!(need(&topics, &[room(1)], LINGER_MS), [room(1)]);
    }

    #[test]
    fn what_is_not_confirmed_is_asked_for_again() {
        let topics = Topics::default();
        need(&topics, &[room(1), room(2)], 0);
        assert_eq!(topics.confirm(&[room(2), room(3)], 500), [room(2)]);
        assert_eq!(topics.overdue(AGAIN_MS - 1), []);
        assert_eq!(topics.overdue(AGAIN_MS), [room(1)]);
        assert_eq!(topics.overdue(AGAIN_MS + 1), []);
    }
}

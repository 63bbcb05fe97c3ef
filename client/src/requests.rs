//! Requests to the server: under way, and waiting.

use std::collections::VecDeque;

use protocol::{RoomId, Seq};

use crate::{Edge, backoff::Backoff, conversation::Conversation, sorted::SortedMap};

/// The waits after a request that was not answered, or refused for now.
pub(crate) const AGAIN: Backoff = Backoff::new(1_000, 60_000, 20);
/// Requests on their way at once.
const MAX_FLYING: usize = 4;
/// Requests that wait before a further part of a gap, or a further message that a link names, is not asked for. Of all else a
/// room has one at most.
const MAX_QUEUE: usize = 256;
/// How long an answer may take on a connection that lives, in milliseconds.
const ANSWER_MS: u64 = 15_000;

/// Something that is needed of a room or thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Want {
    /// The entries after the cursor.
    Log,
    /// The newest messages.
    Newest,
    /// The first messages after the place that was read to.
    Unread { after: Seq },
    /// What is older than all that is held.
    Older,
    /// The held messages that missed entries, up to and with this one.
    Refresh { upto: Seq },
    /// A part of the gap after this entry.
    Gap { after: Seq, edge: Edge },
    /// A message and what stands around it.
    Around(Seq),
    /// The counts of unread messages.
    Counts,
}

impl Want {
    /// Whether one want does for both.
    fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Refresh { .. }, Self::Refresh { .. })
            | (Self::Unread { .. }, Self::Unread { .. }) => true,
            (Self::Gap { after: a, .. }, Self::Gap { after: b, .. }) => a == b,
            _ => self == other,
        }
    }
}

/// A want that waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queued {
    pub(crate) place: Conversation,
    pub(crate) want: Want,
    /// How often it was refused or not answered.
    pub(crate) tries: u32,
    at_ms: u64,
}

/// A want that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flying {
    pub(crate) place: Conversation,
    pub(crate) want: Want,
    pub(crate) tries: u32,
    /// The place that it named, exclusive.
    pub(crate) at: Seq,
    pub(crate) until_ms: u64,
}

/// Requests of one session. Their numbers are never used twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    last: u64,
    flying: SortedMap<u64, Flying>,
    queue: VecDeque<Queued>,
}

impl Requests {
    /// Something is needed, not before `at_ms`.
    pub(crate) fn want(&mut self, place: Conversation, want: Want, at_ms: u64) {
        self.again(Queued {
            place,
            want,
            tries: 0,
            at_ms,
        });
    }

    /// The same once more, not before `at_ms`.
    pub(crate) fn retry(&mut self, flying: &Flying, at_ms: u64) {
        self.again(Queued {
            place: flying.place,
            want: flying.want,
            tries: flying.tries + 1,
            at_ms,
        });
    }

    fn again(&mut self, queued: Queued) {
        let known = self
            .flying
            .values()
            .any(|f| f.place == queued.place && f.want.same(queued.want));
        let of_many = matches!(queued.want, Want::Gap { .. } | Want::Around(_));
        if known || (of_many && self.queue.len() >= MAX_QUEUE) {
            return;
        }
        match self
            .queue
            .iter_mut()
            .find(|q| q.place == queued.place && q.want.same(queued.want))
        {
            Some(waiting) => {
                *waiting = Queued {
                    at_ms: waiting.at_ms.min(queued.at_ms),
                    ..queued
                }
            }
            None => self.queue.push_back(queued),
        }
    }

    /// The next want to ask for: a hole first, then the open room, then the others in turn.
    pub(crate) fn next(&mut self, open: Option<RoomId>, now_ms: u64) -> Option<Queued> {
        if self.flying.len() >= MAX_FLYING {
            return None;
        }
        let ready = self
            .queue
            .iter()
            .enumerate()
            .filter(|(_, queued)| queued.at_ms <= now_ms);
        let rank = |queued: &Queued| (queued.want != Want::Log, Some(queued.place.room) != open);
        let (at, _) = ready.min_by_key(|(at, queued)| (rank(queued), *at))?;
        self.queue.remove(at)
    }

    /// A request goes out. Its number.
    pub(crate) fn fly(&mut self, queued: Queued, at: Seq, now_ms: u64) -> u64 {
        self.last += 1;
        let until_ms = now_ms.saturating_add(ANSWER_MS);
        let flying = Flying {
            place: queued.place,
            want: queued.want,
            tries: queued.tries,
            at,
            until_ms,
        };
        self.flying.insert(self.last, flying);
        self.last
    }

    /// The answer to a request came: what was asked.
    pub(crate) fn answered(&mut self, req: u64) -> Option<Flying> {
        self.flying.remove(&req)
    }

    /// A request whose answer is overdue.
    pub(crate) fn overdue(&mut self, now_ms: u64) -> Option<Flying> {
        let req = self
            .flying
            .iter()
            .find(|(_, flying)| flying.until_ms <= now_ms)
            .map(|(&req, _)| req)?;
        self.flying.remove(&req)
    }

    /// Whether a page of this room or thread is on its way.
    pub(crate) fn expects(&self, place: Conversation) -> bool {
        self.flying
            .values()
            .any(|flying| flying.place == place && !matches!(flying.want, Want::Log | Want::Counts))
    }

    /// Whether the counts of a room or thread are asked for, or are to be.
    pub(crate) fn asks_counts(&self, place: Conversation) -> bool {
        self.is_wanted(place, |want| want == Want::Counts)
    }

    /// Whether something like this is asked for, or will be.
    pub(crate) fn is_wanted(&self, place: Conversation, test: impl Fn(Want) -> bool) -> bool {
        self.flying
            .values()
            .any(|flying| flying.place == place && test(flying.want))
            || self
                .queue
                .iter()
                .any(|queued| queued.place == place && test(queued.want))
    }

    /// Wants of a room or thread that are not needed any more. Answers to those on their way are ignored.
    pub(crate) fn forget(&mut self, place: Conversation, test: impl Fn(Want) -> bool) {
        self.flying
            .retain(|_, flying| flying.place != place || !test(flying.want));
        self.queue
            .retain(|queued| queued.place != place || !test(queued.want));
    }

    /// Nothing of a room, or of its threads, is needed any more.
    pub(crate) fn forget_room(&mut self, room: RoomId) {
        self.flying.retain(|_, flying| flying.place.room != room);
        self.queue.retain(|queued| queued.place.room != room);
    }

    /// The connection is gone: what was on its way is asked for again after the next welcome, holes anew.
    pub(crate) fn down(&mut self) {
        let flying = std::mem::take(&mut self.flying);
        self.queue.retain(|queued| queued.want != Want::Log);
        for flying in flying
            .into_values()
            .filter(|flying| flying.want != Want::Log)
        {
            self.again(Queued {
                place: flying.place,
                want: flying.want,
                tries: flying.tries,
                at_ms: 0,
            });
        }
    }

    /// When something can be asked, or is overdue.
    pub(crate) fn deadline(&self) -> Option<u64> {
        let overdue = self.flying.values().map(|flying| flying.until_ms).min();
        let free = self.flying.len() < MAX_FLYING;
        let ready = self
            .queue
            .iter()
            .map(|queued| queued.at_ms)
            .min()
            .filter(|_| free);
        [overdue, ready].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(n: u64) -> Conversation {
        RoomId::new(n).unwrap().into()
    }

    fn go(requests: &mut Requests, open: Option<Conversation>, now_ms: u64) -> Vec<(u64, Want)> {
        let mut gone = Vec::new();
        while let Some(queued) = requests.next(open.map(|open| open.room), now_ms) {
            gone.push((queued.place.room.get(), queued.want));
            requests.fly(queued, 0, now_ms);
        }
        gone
    }

    #[test]
    fn holes_come_first_then_the_open_room_and_four_at_most() {
        let mut requests = Requests::default();
        for n in 1..=4 {
            requests.want(room(n), Want::Newest, 0);
        }
        requests.want(room(3), Want::Newest, 0);
        requests.want(room(4), Want::Log, 0);
        requests.want(room(5), Want::Older, 500);
        let first = [
            (4, Want::Log),
            (3, Want::Newest),
            (1, Want::Newest),
            (2, Want::Newest),
        ];
        assert_eq!(go(&mut requests, Some(room(3)), 0), first);
        assert_eq!(requests.deadline(), Some(ANSWER_MS));
        assert!(requests.answered(1).is_some() && requests.answered(1).is_none());
        assert_eq!(go(&mut requests, None, 100), [(4, Want::Newest)]);
        assert!(requests.answered(2).is_some());
        assert_eq!(requests.deadline(), Some(500));
        assert_eq!(go(&mut requests, None, 500), [(5, Want::Older)]);
        assert_eq!(
            requests.overdue(ANSWER_MS).map(|flying| flying.place),
            Some(room(1))
        );
    }

    #[test]
    fn a_want_is_had_once_and_survives_the_connection() {
        let mut requests = Requests::default();
        let top = Want::Gap {
            after: 5,
            edge: Edge::Top,
        };
        requests.want(room(1), top, 0);
        requests.want(
            room(1),
            Want::Gap {
                after: 5,
                edge: Edge::Bottom,
            },
            0,
        );
        requests.want(room(1), Want::Log, 0);
        assert_eq!(go(&mut requests, None, 0).len(), 2);
        requests.want(room(1), top, 0);
        assert!(requests.expects(room(1)) && go(&mut requests, None, 0).is_empty());
        requests.down();
        assert!(!requests.expects(room(1)));
        assert_eq!(
            go(&mut requests, None, 0),
            [(
                1,
                Want::Gap {
                    after: 5,
                    edge: Edge::Bottom
                }
            )]
        );
        requests.forget(room(1), |_| true);
        assert!(!requests.is_wanted(room(1), |_| true) && requests.answered(3).is_none());
    }

    #[test]
    fn the_queue_is_bounded() {
        let mut requests = Requests::default();
        (1..1_000).for_each(|seq| requests.want(room(1), Want::Around(seq), 0));
        assert_eq!(requests.queue.len(), MAX_QUEUE);
        requests.want(room(1), Want::Log, 0);
        assert!(requests.is_wanted(room(1), |want| want == Want::Log));
    }
}

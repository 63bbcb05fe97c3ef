//! The command queue: what goes out next, and what became of it.
//!
//! Of each room one command is on its way at a time, so that a refusal for now never lets a later one overtake.

use protocol::{ErrorCode, MessageId, RoomId, UserId};

use super::{Failure, OutboxEntry, pace::SendPace};

use crate::sorted::{SortedMap, SortedSet, put};

/// How long an answer may take on a connection that lives, in milliseconds; then the command goes out again.
const ANSWER_MS: u64 = 20_000;
/// After so long without an answer, in milliseconds, a command is late: its author is told, and may try again at once.
const LATE_MS: u64 = 6_000;
/// Refusals for now in a row, of one command; then its author decides.
const MAX_REFUSALS: u32 = 30;

/// Commands without an answer, in the order they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommandQueue {
    entries: Vec<OutboxEntry>,
    flying: SortedMap<RoomId, FlyingCommand>,
    holds: SortedMap<RoomId, Hold>,
    /// What went out and has no answer for long. It stays late while it goes out again.
    late: SortedSet<MessageId>,
    pace: SendPace,
    next_order: u64,
    most: usize,
}

#[derive(Clone, Copy, Debug)]
struct FlyingCommand {
    id: MessageId,
    late_ms: u64,
    until_ms: u64,
}

/// A room whose next command was refused for now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hold {
    pub(crate) id: MessageId,
    pub(crate) code: ErrorCode,
    pub(crate) until_ms: u64,
    refusals: u32,
}

impl CommandQueue {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    pub(crate) const fn pace(&mut self) -> &mut SendPace {
        &mut self.pace
    }

    pub(crate) fn all(&self) -> &[OutboxEntry] {
        &self.entries
    }

    pub(crate) fn get(&self, id: MessageId) -> Option<&OutboxEntry> {
        self.entries.iter().find(|entry| entry.command.id == id)
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.entries.len() >= self.most
    }

    /// Takes what storage kept. Even if that is more than may be: it was typed.
    pub(crate) fn restore(&mut self, mut entries: Vec<OutboxEntry>) {
        entries.retain(|entry| self.get(entry.command.id).is_none());
        for entry in std::mem::take(&mut self.entries).into_iter().chain(entries) {
            put(&mut self.entries, entry, |entry| {
                (entry.order, entry.command.id)
            });
        }
        self.next_order = self
            .entries
            .last()
            .map_or(0, |entry| entry.order + 1)
            .max(self.next_order);
    }

    /// Adds a command at the end.
    pub(crate) fn add(&mut self, mut entry: OutboxEntry) -> &OutboxEntry {
        entry.order = self.next_order;
        self.next_order += 1;
        let at = self.entries.len();
        self.entries.push(entry);
        &self.entries[at]
    }

    /// Signs entries that have no author with this user. Returns those that it signed.
    pub(crate) fn sign(&mut self, me: UserId) -> Vec<OutboxEntry> {
        let nameless = self.entries.iter_mut().filter(|entry| entry.by.is_none());
        nameless
            .map(|entry| {
                entry.by = Some(me);
                entry.clone()
            })
            .collect()
    }

    /// Takes an entry out. Its answer is still awaited, so that nothing of its room overtakes it.
    pub(crate) fn remove(&mut self, id: MessageId) -> Option<OutboxEntry> {
        let at = self
            .entries
            .iter()
            .position(|entry| entry.command.id == id)?;
        let entry = self.entries.remove(at);
        self.holds.retain(|_, hold| hold.id != id);
        // Nobody waits any longer for what had its time.
        if self.late.contains(&id) {
            self.answered(id);
        }
        Some(entry)
    }

    /// A command was answered: its room is free for the next.
    pub(crate) fn answered(&mut self, id: MessageId) {
        self.flying.retain(|_, flying| flying.id != id);
        self.late.remove(&id);
    }

    /// Whether a command has no answer for long.
    pub(crate) fn is_late(&self, id: MessageId) -> bool {
        self.late.contains(&id)
    }

    /// Whether the command that a room's others wait for has no answer for long.
    pub(crate) fn is_stuck(&self, room: RoomId) -> bool {
        self.flying
            .get(&room)
            .is_some_and(|flying| self.late.contains(&flying.id))
    }

    /// Finds what is late by now. The rooms of what was not before.
    pub(crate) fn find_late(&mut self, now_ms: u64) -> Vec<RoomId> {
        let mut rooms = Vec::new();
        for (&room, flying) in self.flying.iter() {
            if flying.late_ms <= now_ms && self.late.insert(flying.id) {
                rooms.push(room);
            }
        }
        rooms
    }

    /// What is late goes out again now, with the same id.
    pub(crate) fn hurry(&mut self, id: MessageId) {
        self.flying.retain(|_, flying| flying.id != id);
    }

    pub(crate) fn hold(&self, room: RoomId) -> Option<Hold> {
        self.holds.get(&room).copied()
    }

    /// A command was refused for now: its room is held until `until_ms(n)`, where `n` is how often the command was refused before. True
    /// if that were too many ([`MAX_REFUSALS`]): then it is given up.
    pub(crate) fn refused(
        &mut self,
        id: MessageId,
        code: ErrorCode,
        until_ms: impl FnOnce(u32) -> u64,
    ) -> bool {
        self.answered(id);
        let Some(room) = self.get(id).map(|entry| entry.command.room) else {
            return false;
        };
        let before = self.holds.get(&room).filter(|hold| hold.id == id);
        let before = before.map_or(0, |hold| hold.refusals);
        if before + 1 >= MAX_REFUSALS {
            self.holds.remove(&room);
            return true;
        }
        let hold = Hold {
            id,
            code,
            until_ms: until_ms(before),
            refusals: before + 1,
        };
        self.holds.insert(room, hold);
        false
    }

    /// A command was refused for good.
    pub(crate) fn fail(&mut self, id: MessageId, failure: Failure) -> Option<&OutboxEntry> {
        self.answered(id);
        self.holds.retain(|_, hold| hold.id != id);
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.command.id == id)?;
        entry.failed = Some(failure);
        Some(entry)
    }

    /// A failed entry is tried once more, with the same id.
    pub(crate) fn revive(&mut self, id: MessageId) -> Option<&OutboxEntry> {
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.command.id == id)?;
        entry.failed = None;
        Some(entry)
    }

    /// The connection is gone: what was on its way has an unknown fate, and goes out again with the same id. What was asked to
    /// wait waits on.
    pub(crate) fn down(&mut self) {
        self.flying.clear();
        self.late = SortedSet::default();
    }

    /// The next command that may go out now, as `me`. It counts as sent.
    pub(crate) fn next(&mut self, me: UserId, now_ms: u64) -> Option<&OutboxEntry> {
        self.flying.retain(|_, flying| flying.until_ms > now_ms);
        if self.entries.is_empty() || self.pace.next_ms(now_ms) > now_ms {
            return None;
        }
        let at = self
            .candidates(me)
            .find(|&(_, held)| held.is_none_or(|until| until <= now_ms))?
            .0;
        let entry = &mut self.entries[at];
        entry.attempts = entry.attempts.saturating_add(1);
        self.pace.sent(now_ms);
        let flying = FlyingCommand {
            id: entry.command.id,
            late_ms: now_ms.saturating_add(LATE_MS),
            until_ms: now_ms.saturating_add(ANSWER_MS),
        };
        self.flying.insert(entry.command.room, flying);
        Some(entry)
    }

    /// The first command of each room that has none on its way, and until when it is held.
    fn candidates(&self, me: UserId) -> impl Iterator<Item = (usize, Option<u64>)> {
        // Too many refused at once is about the person, not the room.
        let person = self
            .holds
            .values()
            .filter(|hold| hold.code == ErrorCode::RateLimited)
            .map(|hold| hold.until_ms)
            .max();
        let mut rooms = SortedSet::default();
        let goes = move |entry: &OutboxEntry| entry.failed.is_none() && entry.by == Some(me);
        self.entries
            .iter()
            .enumerate()
            .filter(move |(_, entry)| {
                goes(entry)
                    && !self.flying.contains_key(&entry.command.room)
                    && rooms.insert(entry.command.room)
            })
            .map(move |(at, entry)| {
                (
                    at,
                    self.holds
                        .get(&entry.command.room)
                        .map(|hold| hold.until_ms)
                        .max(person),
                )
            })
    }

    /// When [`Self::next`] may have something, or an answer is overdue.
    pub(crate) fn deadline(&mut self, me: UserId, now_ms: u64) -> Option<u64> {
        if self.entries.is_empty() {
            return None;
        }
        let paced = self.pace.next_ms(now_ms);
        let due = |flying: &FlyingCommand| {
            if self.late.contains(&flying.id) {
                flying.until_ms
            } else {
                flying.late_ms.min(flying.until_ms)
            }
        };
        let overdue = self.flying.values().map(due).min();
        let next = self
            .candidates(me)
            .map(|(_, held)| held.unwrap_or(now_ms).max(paced))
            .min();
        [overdue, next].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Act, Command};

    use super::*;

    const ME: u64 = 1;
    const NONE: [u64; 0] = [];

    fn outbox(rooms: &[u64]) -> CommandQueue {
        let mut outbox = CommandQueue::new(100);
        for (n, &room) in rooms.iter().enumerate() {
            let act = Act::Send {
                text: n.to_string(),
                reply_to: None,
                thread: None,
            };
            outbox.add(OutboxEntry {
                command: Command {
                    id: MessageId::from_u128(n as u128 + 1),
                    room: RoomId::new(room).unwrap(),
                    act,
                },
                order: 0,
                by: UserId::new(ME),
                at: 0,
                attempts: 0,
                failed: None,
            });
        }
        outbox
    }

    /// Which commands go out now, by their number.
    fn go(outbox: &mut CommandQueue, now_ms: u64) -> Vec<u64> {
        let me = UserId::new(ME).unwrap();
        std::iter::from_fn(|| outbox.next(me, now_ms).map(|entry| entry.order)).collect()
    }

    fn id(n: u128) -> MessageId {
        MessageId::from_u128(n + 1)
    }

    #[test]
    fn one_of_each_room_at_a_time() {
        let mut outbox = outbox(&[1, 1, 2, 1]);
        assert_eq!(go(&mut outbox, 0), [0, 2]);
        outbox.remove(id(0));
        assert_eq!(go(&mut outbox, 1), NONE, "its answer is still awaited");
        outbox.answered(id(0));
        assert_eq!(go(&mut outbox, 1), [1]);
        assert_eq!(go(&mut outbox, ANSWER_MS), [2], "no answer came");
        outbox.down();
        assert_eq!(go(&mut outbox, ANSWER_MS), [1, 2]);
        let mut again = CommandQueue {
            entries: outbox.entries,
            ..CommandQueue::default()
        };
        assert_eq!(go(&mut again, 0).len(), 2);
    }

    #[test]
    fn refusals_hold_up_a_room_or_the_person() {
        let mut outbox = outbox(&[1, 2, 1, 2]);
        go(&mut outbox, 0);
        assert!(!outbox.refused(id(0), ErrorCode::Overloaded, |_| 1_100));
        assert!(outbox.remove(id(1)).is_some());
        outbox.answered(id(1));
        assert_eq!(go(&mut outbox, 0), [3], "the other room goes on");
        assert_eq!(go(&mut outbox, 1_099), NONE);
        assert_eq!(
            outbox.deadline(UserId::new(ME).unwrap(), 1_099),
            Some(1_100)
        );
        assert_eq!(go(&mut outbox, 1_100), [0]);
        assert!(!outbox.refused(id(3), ErrorCode::RateLimited, |_| 1_650));
        assert!(outbox.remove(id(0)).is_some());
        outbox.answered(id(0));
        assert_eq!(go(&mut outbox, 1_649), NONE, "nobody's room goes on");
        assert_eq!(go(&mut outbox, 1_650), [2, 3]);
    }

    #[test]
    fn refusals_are_counted_and_end() {
        let mut outbox = outbox(&[1]);
        let mut counted = Vec::new();
        let mut refuse = |outbox: &mut CommandQueue| {
            outbox.refused(id(0), ErrorCode::Unavailable, |before| {
                counted.push(before);
                u64::from(before)
            })
        };
        while !refuse(&mut outbox) {}
        outbox.down();
        assert!(!refuse(&mut outbox), "it is counted anew");
        let all: Vec<u32> = (0..MAX_REFUSALS - 1).chain([0]).collect();
        assert_eq!(counted, all);
    }

    #[test]
    fn storage_gives_back_the_order() {
        let mut entries = outbox(&[1, 1, 1]).entries;
        entries.reverse();
        let mut outbox = outbox(&[]);
        outbox.restore(entries.clone());
        outbox.restore(entries);
        assert_eq!(
            outbox
                .all()
                .iter()
                .map(|entry| entry.order)
                .collect::<Vec<_>>(),
            [0, 1, 2]
        );
        let failure = Failure {
            code: ErrorCode::Forbidden,
            message: String::new(),
        };
        outbox.fail(id(0), failure);
        assert_eq!(go(&mut outbox, 0), [1], "the failed one stands aside");
    }
}

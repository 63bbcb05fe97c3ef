//! Move the read position. Silent when all is well; the user's other connections hear of it. Whoever scrolls says it many times a second, and each would be
//! a write: of what comes for a room within [`READ_EVERY_MS`] the furthest is written, and a person's rooms have a rate. What waits is written later, not refused.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use protocol::{
    ErrorCode, Read, RoomId, Seq, ServerFrame, UserId,
    limits::{READ_EVERY_MS, READS_BURST, READS_PER_S, READS_WAITING},
};

use crate::{
    auth::rights::Who,
    error::Refusal,
    hub::Rate,
    state::State,
    store::{Outcome, Write},
    telemetry::Limit,
};

/// Read positions of all people that may wait at once: 4 MB.
const MAX_WAITING: usize = 65_536;

/// Hears why a read position was refused.
type TellRefusal = Box<dyn FnOnce(ServerFrame) + Send>;

/// A read position on its way.
struct Position {
    who: Who,
    room: RoomId,
    seq: Seq,
    /// The mailbox that need not hear the echo.
    from: u64,
    tell: TellRefusal,
}

#[derive(Default)]
struct ReadingPerson {
    /// When a room's position was written last, in milliseconds of the monotonic clock, for as long as that matters.
    written: BTreeMap<RoomId, u64>,
    /// One a room, in the order in which they came.
    waiting: Vec<Position>,
}

impl ReadingPerson {
    fn is_early(&self, room: RoomId, now: u64) -> bool {
        let last = self.written.get(&room);
        last.is_some_and(|last| now.saturating_sub(*last) < READ_EVERY_MS)
    }
}

#[derive(Default)]
struct Waiting {
    people: BTreeMap<UserId, ReadingPerson>,
    count: usize,
}

/// The read positions that are not written yet.
pub struct Reads {
    rate: Rate<UserId>,
    waiting: Mutex<Waiting>,
}

/// What becomes of a position.
enum ReadFate {
    Write(Position),
    Wait,
    Refuse(Position, Refusal),
}

impl Reads {
    /// With a rate, or without one.
    pub fn new(limited: bool) -> Self {
        let per_s = if limited { READS_PER_S } else { 0 };
        let words = "too many rooms are read at once; try again shortly";
        Self {
            rate: Rate::new(per_s, Duration::from_secs(1), READS_BURST, words),
            waiting: Mutex::default(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn offer(&self, new: Position, now: u64) -> ReadFate {
        let mut waiting = self.waiting();
        let full = waiting.count >= MAX_WAITING;
        let person = waiting.people.entry(new.who.id).or_default();
        let mut known = person.waiting.iter_mut();
        if let Some(known) = known.find(|known| known.room == new.room) {
            if known.seq <= new.seq {
                *known = new;
            }
            return ReadFate::Wait;
        }
        if !person.is_early(new.room, now) && self.rate.take(new.who.id, now).is_ok() {
            person.written.insert(new.room, now);
            return ReadFate::Write(new);
        }
        if full || person.waiting.len() >= READS_WAITING {
            let words = "too many rooms are read at once; try again shortly";
            return ReadFate::Refuse(new, Refusal::later(ErrorCode::RateLimited, words, 1_000));
        }
        person.waiting.push(new);
        waiting.count += 1;
        ReadFate::Wait
    }

    /// Those whose time has come.
    fn due(&self, now: u64) -> Vec<Position> {
        let mut waiting = self.waiting();
        let mut due = Vec::new();
        waiting.people.retain(|user, person| {
            person
                .written
                .retain(|_, at| now.saturating_sub(*at) < READ_EVERY_MS);
            let ReadingPerson { written, waiting } = person;
            due.extend(waiting.extract_if(.., |position| {
                !written.contains_key(&position.room) && self.rate.take(*user, now).is_ok()
            }));
            for position in due.iter().rev().take_while(|it| it.who.id == *user) {
                person.written.insert(position.room, now);
            }
            !person.written.is_empty() || !person.waiting.is_empty()
        });
        waiting.count -= due.len();
        due
    }

    /// All of them.
    fn all(&self) -> Vec<Position> {
        let all = std::mem::take(&mut *self.waiting());
        let people = all.people.into_values();
        people.flat_map(|person| person.waiting).collect()
    }
}

/// Writes it now or later; `tell` hears of a refusal. `from` is the mailbox that need not hear the echo.
pub fn read(
    state: &State,
    who: Who,
    read: Read,
    from: u64,
    tell: impl FnOnce(ServerFrame) + Send + 'static,
) {
    let Read { room, seq } = read;
    let tell = Box::new(tell);
    let new = Position {
        who,
        room,
        seq,
        from,
        tell,
    };
    match state.reads.offer(new, state.mono()) {
        ReadFate::Write(position) => write(state, position),
        ReadFate::Wait => state.metrics.hit(Limit::Reads),
        ReadFate::Refuse(position, why) => {
            state.metrics.hit(Limit::Reads);
            (position.tell)(why.error(None));
        }
    }
}

/// Writes what has waited long enough.
pub fn write_due(state: &State) {
    for position in state.reads.due(state.mono()) {
        write(state, position);
    }
}

/// Writes whatever waits: the server stops.
pub fn write_all(state: &State) {
    for position in state.reads.all() {
        write(state, position);
    }
}

fn write(state: &State, position: Position) {
    let Position {
        who,
        room,
        seq,
        from,
        tell,
    } = position;
    let from = Some(from);
    let write = Write::Read {
        who,
        room,
        seq,
        from,
    };
    state.queue.submit(write, |outcome: Outcome| {
        if let Err(why) = outcome {
            tell(why.error(None));
        }
    });
}

#[cfg(test)]
mod tests {
    use protocol::Role;

    use super::*;

    fn position(user: u64, room: u64, seq: Seq) -> Position {
        let id = UserId::new(user).unwrap();
        Position {
            who: Who {
                id,
                role: Role::Member,
            },
            room: RoomId::new(room).unwrap(),
            seq,
            from: 1,
            tell: Box::new(drop),
        }
    }

    fn seqs(positions: &[Position]) -> Vec<(u64, Seq)> {
        let pair = |it: &Position| (it.room.get(), it.seq);
        positions.iter().map(pair).collect()
    }

    #[test]
    fn a_room_is_written_at_once_and_then_now_and_then() {
        let reads = Reads::new(true);
        let waits = |seq, now| matches!(reads.offer(position(1, 1, seq), now), ReadFate::Wait);
        assert!(!waits(5, 1_000) && waits(6, 1_001) && waits(9, 1_002) && waits(7, 1_003));
        assert!(!matches!(
            reads.offer(position(1, 2, 3), 1_004),
            ReadFate::Wait
        ));
        assert!(reads.due(1_499).is_empty());
        assert_eq!(seqs(&reads.due(1_500)), [(1, 9)]);
        // That was a write as well.
        assert!(waits(10, 1_501) && reads.due(1_999).is_empty());
        assert_eq!(seqs(&reads.due(2_000)), [(1, 10)]);
        assert!(reads.due(9_000).is_empty() && reads.waiting().people.is_empty());
        assert!(!waits(11, 9_000) && waits(12, 9_001));
        assert_eq!(seqs(&reads.all()), [(1, 12)]);
        assert_eq!(reads.waiting().count, 0);
    }

    #[test]
    fn many_rooms_have_a_rate_and_a_bound() {
        let reads = Reads::new(true);
        let (mut now, mut waits, mut refused) = (0, 0, 0);
        for room in 1..=2_000 {
            match reads.offer(position(1, room, 1), 5) {
                ReadFate::Write(_) => now += 1,
                ReadFate::Wait => waits += 1,
                ReadFate::Refuse(..) => refused += 1,
            }
        }
        assert_eq!((now, waits, refused), (100, READS_WAITING, 900));
        assert!(matches!(
            reads.offer(position(2, 7, 1), 5),
            ReadFate::Write(_)
        ));
        // The oldest first; in the end all of them.
        assert_eq!(seqs(&reads.due(1_005)).first(), Some(&(101, 1)));
        let later = (2..60).map(|s| reads.due(s * 1_000 + 5).len());
        assert_eq!(later.sum::<usize>(), READS_WAITING - 20);
    }
}

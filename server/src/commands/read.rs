//! Move the read position, or set it back. Silent when all is well; the user's other connections hear of it. Whoever scrolls says it many times a second, and each would be
//! a write: of what comes for a room within [`READ_EVERY_MS`] the furthest is written, and a person's rooms have a rate. What waits is written later, not refused.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::join_all;
use protocol::{
    ErrorCode, Follow, Read, RoomId, Seq, ServerFrame, Unread, UserId,
    limits::{READ_EVERY_MS, READS_BURST, READS_PER_S, READS_WAITING},
};

use crate::{
    auth::rights::Who,
    error::Refusal,
    hub::Rate,
    state::State,
    store::{FollowedThread, ReadTo, Reply, Write, WriteOutcome},
    telemetry::Limit,
};

/// Read positions of all people that may wait at once: 4 MB.
const MAX_WAITING: usize = 65_536;

/// Rooms that are read to their ends in one write: a mailbox holds a frame for each.
const ROOMS_AT_ONCE: u32 = 100;

/// Threads that are looked for at once, to be read to their ends.
const THREADS_AT_ONCE: u32 = 100;

/// Hears why a read position was refused.
type TellRefusal = Box<dyn FnOnce(ServerFrame) + Send>;

/// What has a read position: a room, or a thread of it, by its first message.
type ReadPlace = (RoomId, Option<Seq>);

/// A read position on its way.
struct Position {
    who: Who,
    place: ReadPlace,
    seq: Seq,
    /// Of another generation of the position than that of what waits, it waits beside it: which one counts is decided where it is written.
    generation: Option<u64>,
    /// The mailbox that need not hear the echo.
    from: u64,
    tell: TellRefusal,
}

#[derive(Default)]
struct ReadingPerson {
    /// When a room's or thread's position was written last, in milliseconds of the monotonic clock, for as long as that matters.
    written: BTreeMap<ReadPlace, u64>,
    /// One a room or thread, in the order in which they came.
    waiting: Vec<Position>,
}

impl ReadingPerson {
    fn is_early(&self, place: ReadPlace, now: u64) -> bool {
        let last = self.written.get(&place);
        last.is_some_and(|last| now.saturating_sub(*last) < READ_EVERY_MS)
    }
}

#[derive(Default)]
struct Waiting {
    people: BTreeMap<UserId, ReadingPerson>,
    count: usize,
}

/// The read positions that are not written yet.
pub(crate) struct Reads {
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
    pub(crate) fn new(limited: bool) -> Self {
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
        let same =
            |known: &&mut Position| (known.place, known.generation) == (new.place, new.generation);
        if let Some(known) = known.find(same) {
            if known.seq <= new.seq {
                *known = new;
            }
            return ReadFate::Wait;
        }
        if !person.is_early(new.place, now) && self.rate.take(new.who.id, now).is_ok() {
            person.written.insert(new.place, now);
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

    /// What waits of a room or thread: whatever is written of it now comes after.
    fn take(&self, user: UserId, place: ReadPlace) -> Vec<Position> {
        let mut waiting = self.waiting();
        let person = waiting.people.get_mut(&user);
        let taken: Vec<Position> = person.map_or_else(Vec::new, |person| {
            let of_place = |position: &mut Position| position.place == place;
            person.waiting.extract_if(.., of_place).collect()
        });
        waiting.count -= taken.len();
        taken
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
                !written.contains_key(&position.place) && self.rate.take(*user, now).is_ok()
            }));
            for position in due.iter().rev().take_while(|it| it.who.id == *user) {
                person.written.insert(position.place, now);
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
pub(crate) fn read(
    state: &State,
    who: Who,
    read: Read,
    from: u64,
    tell: impl FnOnce(ServerFrame) + Send + 'static,
) {
    let Read {
        room,
        thread,
        seq,
        generation,
    } = read;
    let tell = Box::new(tell);
    let new = Position {
        who,
        place: (room, thread),
        seq,
        generation,
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

/// Sets a read position back, at once; `tell` hears of a refusal. What was read before and waits to be written is written before.
pub(crate) fn unread(
    state: &State,
    who: Who,
    unread: Unread,
    from: u64,
    tell: impl FnOnce(ServerFrame) + Send + 'static,
) {
    let Unread { room, thread, seq } = unread;
    if let Err(why) = spend(state, who) {
        return tell(why.error(None));
    }
    for position in state.reads.take(who.id, (room, thread)) {
        write(state, position);
    }
    let write = Write::Unread {
        who,
        room,
        thread,
        seq,
        from: Some(from),
    };
    submit(state, write, tell);
}

/// Follows a thread, or not any more; `tell` hears of a refusal.
pub(crate) fn follow(
    state: &State,
    who: Who,
    follow: Follow,
    tell: impl FnOnce(ServerFrame) + Send + 'static,
) {
    if let Err(why) = spend(state, who) {
        return tell(why.error(None));
    }
    let write = Write::Follow {
        who,
        room: follow.room,
        root: follow.thread,
        on: follow.on,
    };
    submit(state, write, tell);
}

/// Puts a silent change in line; `tell` hears of a refusal.
fn submit(state: &State, write: Write, tell: impl FnOnce(ServerFrame) + Send + 'static) {
    state.queue.submit(write, |outcome: WriteOutcome| {
        if let Err(why) = outcome {
            tell(why.error(None));
        }
    });
}

/// Reads all rooms of a person to their ends, and the threads that they follow, some at a time: their connections hear a frame for each, and must
/// have taken those before.
pub(crate) async fn read_all(state: &State, who: Who) -> Result<(), Refusal> {
    spend(state, who)?;
    let mut after = 0;
    loop {
        let limit = ROOMS_AT_ONCE;
        let write = Write::ReadAll { who, after, limit };
        let Reply::ReadAll(read) = state.queue.write(write).await?.reply else {
            return Err(Refusal::unavailable());
        };
        match read.last() {
            Some((room, _)) if read.len() >= limit as usize => after = room.get(),
            _ => return read_threads(state, who).await,
        }
    }
}

/// Reads the threads that a person follows to their ends, those with the newest replies first.
async fn read_threads(state: &State, who: Who) -> Result<(), Refusal> {
    let mut before = None;
    loop {
        let limit = THREADS_AT_ONCE;
        let unread = state.store.threads(who.id, true, before, limit).await?;
        // Together, so that they are one commit.
        let writes = unread.iter().map(|FollowedThread { thread, .. }| {
            state.queue.write(Write::Read {
                who,
                room: thread.room,
                thread: Some(thread.root),
                to: ReadTo {
                    seq: thread.last_seq,
                    generation: None,
                },
                from: None,
            })
        });
        // Who left the room meanwhile, or whose room is gone, has nothing to read there.
        let again = |why: &Refusal| why.code.is_worth_a_retry();
        let refused = join_all(writes).await.into_iter().filter_map(Result::err);
        if let Some(why) = refused.into_iter().find(again) {
            return Err(why);
        }
        match unread.last() {
            Some(last) if unread.len() >= limit as usize => before = Some(last.moment()),
            _ => return Ok(()),
        }
    }
}

/// What changes only what is a person's own spends the rate of sends.
pub(crate) fn spend(state: &State, who: Who) -> Result<(), Refusal> {
    let taken = state.rate.take(who.id, state.mono());
    taken.inspect_err(|_| state.metrics.hit(Limit::Sends))
}

/// Writes what has waited long enough.
pub(crate) fn write_due(state: &State) {
    for position in state.reads.due(state.mono()) {
        write(state, position);
    }
}

/// Writes whatever waits: the server stops.
pub(crate) fn write_all(state: &State) {
    for position in state.reads.all() {
        write(state, position);
    }
}

fn write(state: &State, position: Position) {
    let Position {
        who,
        place: (room, thread),
        seq,
        generation,
        from,
        tell,
    } = position;
    let from = Some(from);
    let to = ReadTo { seq, generation };
    let write = Write::Read {
        who,
        room,
        thread,
        to,
        from,
    };
    submit(state, write, tell);
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
            place: (RoomId::new(room).unwrap(), None),
            seq,
            generation: None,
            from: 1,
            tell: Box::new(drop),
        }
    }

    fn seqs(positions: &[Position]) -> Vec<(u64, Seq)> {
        let pair = |it: &Position| (it.place.0.get(), it.seq);
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

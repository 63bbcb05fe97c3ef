//! "Unread from here": the read position is set back, here or on another device of the person, in a new generation.
//!
//! The server is silent when it has stored it, and its generation is the server's to count. So it is asked for the room's counts, which tell the
//! generation, until they tell of a later one than that in which it was said; what is read meanwhile is told after that.

use protocol::{ClientFrame, ReadPosition, RoomCounts, Seq, Unread, limits::UNREAD_BACK};

use super::{Due, ReadState, Room, RoomReader, SeenSpans};
use crate::{backoff::Backoff, people::People, requests::Want};

/// When to ask what became of it, in milliseconds: most often it is stored by then.
const LOOK_AFTER_MS: u64 = 300;
/// When to ask again, and when to say again what was refused: 1 to 4 s at first.
const AGAIN: Backoff = Backoff::new(2_500, 80_000, 60);

/// A position that was set back here, while the server is not known to have it.
#[derive(Clone, Debug, Default)]
pub(crate) struct SetBack {
    /// The first entry that is unread.
    seq: Seq,
    /// The generation that it was said in, where all that was said before is stored: the server has it once it tells of a later one.
    said_in: u64,
    /// The generation that the server has told of.
    known: u64,
    /// Whether it was told.
    told: bool,
    /// Whether something that was told was refused for good: it may have been this.
    refused: bool,
    tell: Due,
    /// Up to where was read since.
    read: Option<Seq>,
}

impl ReadState {
    /// When something of it is due.
    pub(super) fn set_back_deadline(&self) -> Option<u64> {
        let tell = self.set_back.as_ref().and_then(|one| one.tell.at_ms);
        [tell, self.look.at_ms].into_iter().flatten().min()
    }

    /// Whether a position that was set back here may still be on its way: it is not settled, or was another device's and the server is to be asked.
    pub(crate) const fn in_doubt(&self) -> bool {
        self.set_back.is_some() || self.look_soon || self.look.at_ms.is_some()
    }

    /// The counts are asked for at this time, in doubt or not.
    pub(crate) const fn look_again(&mut self, at_ms: u64) {
        self.look.at_ms = Some(at_ms);
    }

    /// Up to where was read: told once the position's generation is known.
    pub(super) fn read_since(&mut self, seq: Seq) {
        if let Some(one) = &mut self.set_back {
            one.read = Some(seq);
        }
    }

    /// There is a connection anew, and the server told of this generation: what it does not have is said again. What was said before may be lost,
    /// so nothing but the told generation is supposed.
    pub(crate) fn say_again(&mut self, generation: u64, now_ms: u64) {
        if let Some(one) = &mut self.set_back {
            (one.said_in, one.known) = (generation, generation);
            one.tell.at_ms = Some(now_ms);
        }
    }

    /// The position is another one than what was seen here leads to. It stays until the person comes back or says that they have read.
    fn hold(&mut self) {
        self.holds = true;
        self.seen = SeenSpans::default();
        self.watched = None;
        self.tell.at_ms = None;
    }
}

impl Room {
    /// The read position is another one, of a newer generation. What is unread after it is counted by what is held; where that is not all of it, or
    /// not certain, the count is in doubt.
    fn set_position(&mut self, to: ReadPosition, people: &People) {
        let (from, cursor) = (to.seq + 1, self.log.cursor());
        let whole = from > cursor || self.held.holds(from, cursor, cursor);
        let after = (from.min(cursor + 1), cursor);
        let (unread, sure) = self.held.entries.unread(after, cursor + 1, people);
        self.counts.set_position(to, unread, cursor);
        self.counts.doubtful = !whole || !sure;
        self.reading.hold();
        self.mark_new();
    }

    /// The server's count. `asked` tells that it is of after all that is known here; what comes unasked may be of before.
    pub(crate) fn take_counts(&mut self, told: RoomCounts, asked: bool) {
        let (here, there) = (self.counts.position(), told.position());
        let known = |one: &mut SetBack| {
            let lost = there.generation < one.known || one.refused;
            // What was said before it was refused, and this was not.
            let alone = there.generation > one.known && there.seq + 1 == one.seq;
            there.generation > one.said_in || (asked && (lost || alone))
        };
        let settled = self.reading.set_back.take_if(known);
        let pending = self.reading.set_back.is_some();
        if asked && !pending && there.generation < here.generation {
            // The membership is another one, the store came back from a backup, or it was refused.
            self.counts = super::UnreadCounts::default();
        }
        self.counts.tell(told, self.log.cursor());
        if there.generation > here.generation {
            self.reading.hold();
            self.mark_new();
        }
        let Some(settled) = settled else { return };
        if let Some(read) = settled.read.filter(|_| there.generation > settled.said_in) {
            self.counts.read_to(read, None);
            self.reading.holds = false;
            if self.counts.position() > there {
                self.reading.tell.at_ms = Some(0);
            }
        }
        // It may be another device's, and this one follows.
        if there.seq + 1 != settled.seq {
            self.reading.look_soon = true;
        }
    }
}

impl RoomReader<'_, '_, '_> {
    /// An entry and what follows it is unread, until the person comes back to the room or says that they have read it.
    pub(crate) fn unread(&mut self, seq: Seq) {
        let room = &mut *self.room;
        let back = room.log.head().checked_sub(seq).filter(|_| seq > 0);
        if !room.summary.member || back.is_none_or(|back| back > UNREAD_BACK) {
            return;
        }
        let here = room.counts.position().generation;
        let before = room.reading.set_back.as_ref();
        let (known, said_in) = before.map_or((here, here), |before| {
            (before.known, before.said_in + u64::from(before.told))
        });
        let to = ReadPosition {
            generation: said_in + 1,
            seq: seq - 1,
        };
        room.set_position(to, self.scope.people);
        if let Some(thread) = room.thread.as_deref_mut() {
            // The server makes them follow it.
            thread.following = true;
        }
        let mut one = SetBack {
            seq,
            said_in,
            known,
            ..SetBack::default()
        };
        one.tell.at_ms = Some(self.scope.ctx.ms());
        room.reading.set_back = Some(one);
        room.reading.look.at_ms = None;
        self.scope.forget(|want| want == Want::Counts);
        self.shows_position();
    }

    /// Another device set the position back, or a frame of before tells of another generation.
    pub(super) fn moved_elsewhere(&mut self, there: ReadPosition) {
        let room = &mut *self.room;
        let said_in = room.reading.set_back.as_ref().map(|one| one.said_in);
        if said_in.is_some_and(|said_in| there.generation <= said_in) {
            return;
        }
        if said_in.is_none() && there < room.counts.position() {
            // The membership may be another one.
            room.counts.doubtful = true;
            return;
        }
        let read = room.reading.set_back.take().and_then(|one| one.read);
        room.set_position(there, self.scope.people);
        if let Some(read) = read {
            room.counts.read_to(read, None);
            room.reading.tell.at_ms = Some(self.scope.ctx.ms());
        }
        // An answer that is on its way may be of before: it is asked again, by whoever it was wanted.
        let asked = self.scope.requests.asks_counts(self.scope.place());
        self.scope.forget(|want| want == Want::Counts);
        if asked || room.counts.doubtful {
            self.scope.want(Want::Counts);
        }
        if said_in.is_some() {
            room.reading.look.later(AGAIN, self.scope.ctx);
        }
        self.shows_position();
    }

    fn shows_position(&mut self) {
        self.room.recap();
        self.scope.summary_changed();
        self.scope.timeline_changed();
    }

    /// Tells it when that is due, and asks what became of it. Whether it is under way: then no read position is told.
    pub(super) fn tick_set_back(&mut self) -> bool {
        let (place, now) = (self.scope.place(), self.scope.ctx.ms());
        let reading = &mut self.room.reading;
        if std::mem::take(&mut reading.look_soon) {
            reading.look.later(AGAIN, self.scope.ctx);
        }
        if let Some(one) = &mut reading.set_back {
            if one.tell.take(now) {
                (one.told, one.refused) = (true, false);
                let seq = one.seq;
                reading.look.at_ms = Some(now + LOOK_AFTER_MS);
                let unread = ClientFrame::Unread(Unread {
                    room: place.room,
                    thread: place.thread,
                    seq,
                });
                self.scope.ctx.transmit(unread);
            } else if one.told && !self.scope.requests.asks_counts(place) {
                reading.look.later(AGAIN, self.scope.ctx);
            }
        }
        if reading.look.take(now) {
            self.scope.want(Want::Counts);
        }
        reading.set_back.is_some()
    }

    /// A command that is silent when all is well was refused, and the refusal does not say which. For now: it is said again. For good: the server's
    /// next word on the position counts.
    pub(crate) fn set_back_refused(&mut self, for_good: bool, after_ms: u64) {
        let (reading, ctx) = (&mut self.room.reading, &mut *self.scope.ctx);
        let Some(one) = reading.set_back.as_mut().filter(|one| one.told) else {
            return;
        };
        if for_good {
            one.refused = true;
            reading.look.at_ms = Some(ctx.ms());
        } else {
            one.told = false;
            one.tell.later(AGAIN, ctx);
            one.tell.at_ms = one.tell.at_ms.max(Some(ctx.after(after_ms)));
        }
    }
}

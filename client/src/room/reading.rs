//! What of a room was read: the view, the "New" line, and when the server is told of it.

use protocol::{ClientFrame, Read, ReadEcho, ReadPosition, Seq, Typing, limits::TYPING_EVERY};

use super::{Due, Room, Scope, SeenSpans, set_back::SetBack};
use crate::{
    InView, NewMark, backoff::Backoff, conversation::Conversation, link::ms, requests::Want,
};

/// Between two read positions that are told of a room, in milliseconds: as often as the server writes them.
const READ_EVERY_MS: u64 = protocol::limits::READ_EVERY_MS;
/// When to ask for the counts of a room: after 2 to 20 s at first, since everybody in it may have to.
const RECOUNT: Backoff = Backoff::new(11_000, 352_000, 82);
/// When to tell read positions again that may have been refused: 1 to 4 s at first.
const READ_AGAIN: Backoff = Backoff::new(2_500, 80_000, 60);
/// A refusal that does not say of what comes within so many milliseconds.
const REFUSED_MS: u64 = 60_000;

/// Where one reads in a room.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadState {
    /// The "New" line.
    pub(crate) new_mark: Option<NewMark>,
    /// The entry that one reads at, when that is not the end: what is far from both is held no longer.
    pub(crate) at: Option<Seq>,
    /// What was in view.
    pub(super) seen: SeenSpans,
    /// How far the room was watched by somebody who stays at its end.
    pub(crate) watched: Option<Seq>,
    /// When to tell the read position, if it is not told yet.
    pub(crate) tell: Due,
    /// When to ask for the counts, if they are in doubt.
    pub(crate) recount: Due,
    /// "Unread from here", until the server is known to have it.
    pub(crate) set_back: Option<SetBack>,
    /// Whether what is in view is not read: the position was set back, and the person has not come back to the room since.
    pub(super) holds: bool,
    /// When to ask for the counts, in doubt or not, since the position may be another one.
    pub(super) look: Due,
    /// Whether that has no time yet.
    pub(crate) look_soon: bool,
    /// When one's own typing was told.
    typed_ms: Option<u64>,
}

impl ReadState {
    /// The room is not looked at any more, or its log is another one.
    pub(crate) fn leave(&mut self) {
        self.new_mark = None;
        self.at = None;
        self.seen = SeenSpans::default();
        self.watched = None;
        self.holds = false;
    }

    /// There may be no later: what waits to be told is told now.
    pub(crate) fn hurry(&mut self, now_ms: u64) {
        self.tell.at_ms = self.tell.at_ms.map(|at| at.min(now_ms));
    }

    /// When something is due.
    pub(crate) fn deadline(&self) -> Option<u64> {
        let soon = self.look_soon.then_some(0);
        let tell = self.tell.at_ms.filter(|_| self.set_back.is_none());
        let due = [tell, self.recount.at_ms, self.set_back_deadline(), soon];
        due.into_iter().flatten().min()
    }
}

/// Follows what a person reads and does in a room.
pub(crate) struct RoomReader<'r, 's, 'c> {
    pub(super) room: &'r mut Room,
    pub(super) scope: &'r mut Scope<'s, 'c>,
}

impl<'r, 's, 'c> RoomReader<'r, 's, 'c> {
    pub(crate) const fn new(room: &'r mut Room, scope: &'r mut Scope<'s, 'c>) -> Self {
        Self { room, scope }
    }

    /// What is in view is kept. What was seen is read, as far as nothing before it is unseen: whoever looks at the end of a
    /// room has not read what came before.
    pub(crate) fn in_view(&mut self, view: InView) {
        let room = &mut *self.room;
        room.reading.at = (!view.end).then_some(view.first);
        // Whoever stays at the end sees what passes, even if it came too fast for each to be in view when that was told.
        let watched = std::mem::take(&mut room.reading.watched);
        let watched = watched.filter(|_| view.seen && view.end);
        if !view.seen {
            return;
        }
        let (from, to) = room
            .held
            .shown_as_one(view.first, view.last, room.log.cursor());
        if room.reading.holds {
            return;
        }
        room.reading.watched = view.end.then_some(to);
        let from = watched.map_or(from, |watched| from.min(watched + 1));
        room.reading.seen.add(from, to);
        let read = room.counts.nothing_unread_to();
        if let Some(upto) = room.reading.seen.from(read + 1) {
            self.advance(upto);
        }
    }

    /// The person says that all up to and with `seq` is read.
    pub(crate) fn read(&mut self, seq: Seq) {
        self.room.reading.holds = false;
        self.advance(seq);
    }

    fn advance(&mut self, seq: Seq) {
        let room = &mut *self.room;
        if !room.has_position() {
            return;
        }
        let end = room.log.head();
        let seq = room.held.with_unseen(seq.min(end), room.log.cursor());
        if seq >= end {
            room.reading.at = None;
        }
        if !room.read_to(seq, self.scope.people) {
            return;
        }
        room.reading.read_since(seq);
        // The first is told at once: whoever looks and leaves has read it. Those that follow soon are told together.
        let tell = &mut room.reading.tell;
        let next_ms = tell.done_ms.map_or(0, |done| done + READ_EVERY_MS);
        let at_ms = next_ms.max(self.scope.ctx.ms());
        tell.at_ms = Some(tell.at_ms.map_or(at_ms, |due| due.min(at_ms)));
        room.recap();
        self.scope.summary_changed();
    }

    /// The person read it on another device.
    pub(crate) fn read_elsewhere(&mut self, echo: ReadEcho) {
        let there = ReadPosition {
            generation: echo.generation,
            seq: echo.seq,
        };
        let here = self.room.counts.position();
        if there.generation != here.generation || self.room.reading.set_back.is_some() {
            return self.moved_elsewhere(there);
        }
        if self.room.read_to(echo.seq, self.scope.people) && self.room.recap() {
            self.scope.summary_changed();
        }
    }

    /// Fixes the "New" line, if something is unread.
    pub(crate) fn mark_new(&mut self) {
        self.room.mark_new();
        self.scope.head_changed();
    }

    /// The person comes to the room: what they look at from now on is read.
    pub(crate) fn come_in(&mut self) {
        self.room.reading.holds = false;
        self.mark_new();
    }

    /// The person is back at the page: what came meanwhile is new.
    pub(crate) fn come_back(&mut self) {
        if self.room.reading.new_mark.is_none() && self.room.counts.unread() > 0 {
            self.mark_new();
        }
    }

    /// Takes the "New" line away.
    pub(crate) fn clear_new(&mut self) {
        if self.room.reading.new_mark.take().is_some() {
            self.scope.head_changed();
            self.scope.timeline_changed();
        }
    }

    /// The person is writing.
    pub(crate) fn types(&mut self) {
        let now = self.scope.ctx.ms();
        let told = self.room.reading.typed_ms;
        let due = told.is_none_or(|told| now.saturating_sub(told) >= ms(TYPING_EVERY));
        if self.room.summary.member && due {
            self.room.reading.typed_ms = Some(now);
            let Conversation { room, thread } = self.scope.place();
            self.scope
                .ctx
                .transmit(ClientFrame::Typing(Typing { room, thread }));
        }
    }

    /// Tells the read position, and asks for counts in doubt, when that is due.
    pub(crate) fn tick(&mut self) {
        let (place, now) = (self.scope.place(), self.scope.ctx.ms());
        let set_back = self.tick_set_back();
        let (reading, counts) = (&mut self.room.reading, &self.room.counts);
        if reading.recount.at_ms.is_some_and(|at| at <= now) {
            // The server counts from the read position that it was told.
            reading.hurry(now);
        }
        if !set_back && reading.tell.take(now) {
            let ReadPosition { generation, seq } = counts.position();
            let read = ClientFrame::Read(Read {
                thread: place.thread,
                room: place.room,
                seq,
                // Also the first one: without it the present one would be meant, which another device may have begun.
                generation: Some(generation),
            });
            self.scope.ctx.transmit(read);
        }
        if counts.doubtful && !self.scope.requests.asks_counts(place) {
            reading.recount.later(RECOUNT, self.scope.ctx);
        }
        if reading.recount.take(now) && counts.doubtful {
            self.scope.want(Want::Counts);
        }
    }

    /// A command that is silent when all is well was refused for now, and the refusal does not say which: a position that was
    /// told lately is told again. That does no harm, since it only grows.
    pub(crate) fn tell_again(&mut self, after_ms: u64) {
        self.set_back_refused(false, after_ms);
        let (tell, ctx) = (&mut self.room.reading.tell, &mut *self.scope.ctx);
        let lately = |told: u64| told + REFUSED_MS > ctx.ms();
        if tell.at_ms.is_none() && tell.done_ms.is_some_and(lately) {
            tell.later(READ_AGAIN, ctx);
            tell.at_ms = tell.at_ms.max(Some(ctx.after(after_ms)));
        }
    }
}

//! Entries of a room's log: pushed, replayed, or asked for.

use protocol::{
    Ack, Behind, ClientFrame, Entries, Event, EventKind, Log as AskLog, RoomCounts, RoomKind,
    RoomSummary, Seq, UserId, limits::LOG_ENTRIES,
};

use super::{GRACE_MS, Room, Scope, TakenEntry, UnreadCounts};
use crate::{
    Effect, OutboxEntry,
    requests::{AGAIN, Flying, Queued, Want},
    rooms::REPLAY_MS,
};

/// Follows the log of a room.
pub(crate) struct Following<'r, 's, 'c> {
    pub(super) room: &'r mut Room,
    pub(super) scope: &'r mut Scope<'s, 'c>,
}

impl<'r, 's, 'c> Following<'r, 's, 'c> {
    pub(crate) const fn new(room: &'r mut Room, scope: &'r mut Scope<'s, 'c>) -> Self {
        Self { room, scope }
    }

    /// An entry was told.
    pub(crate) fn event(&mut self, event: Event) {
        match self.room.log.take(event) {
            TakenEntry::Known => {}
            TakenEntry::Ahead => {
                self.scope.timeline_changed();
                // An entry stands beyond a hole: what is missing is asked for at once.
                self.scope.want(Want::Log);
            }
            TakenEntry::Next(events) => {
                for event in &events {
                    self.enter(event);
                }
                self.moved();
            }
        }
    }

    /// The next entry of the log.
    fn enter(&mut self, event: &Event) {
        let expecting = self.scope.requests.expects(self.scope.place());
        let unseen = event.seq > self.room.counts.read();
        if self.room.apply(event, self.scope.people, expecting) {
            self.scope.timeline_changed();
        }
        self.scope.enter_threads(event, self.room);
        if let EventKind::Message {
            text: Some(text), ..
        } = &event.kind
            && event.kind.counts_in_room()
        {
            if self.room.typing.said(event.by) {
                self.scope.typing_changed();
            }
            if unseen && !self.scope.people.is_me(event.by) {
                let direct = self.room.summary.kind == RoomKind::Direct;
                let to_me = direct || self.scope.people.names_me(event.by, text);
                self.scope.ctx.effect(Effect::Arrived {
                    room: self.scope.id,
                    thread: None,
                    seq: event.seq,
                    to_me,
                });
            }
        }
        self.scope.who_did(event);
    }

    /// The cursor moved: what else depends on it.
    fn moved(&mut self) {
        // How long missing entries may take to come by themselves before they are asked for.
        let patience_ms = match &mut self.scope.catching_up {
            Some(catching_up) => {
                catching_up.moved(self.scope.ctx.ms());
                REPLAY_MS
            }
            None => GRACE_MS,
        };
        let behind = self.room.log.is_behind();
        self.room.log.due_ms = behind.then(|| self.scope.ctx.after(patience_ms));
        let keep = self.scope.keep();
        // Trimming one by one would be a whole pass for each entry.
        if self.room.held.entries.all.len() > keep + keep / 10 + 10 {
            self.room.trim(self.scope);
        }
        if self.room.recap() {
            self.scope.summary_changed();
        }
        if !behind {
            self.scope.forget(|want| want == Want::Log);
        }
    }

    /// Entries up to `seq` exist.
    pub(crate) fn heard_of(&mut self, seq: Seq) {
        self.room.heard_of(seq, self.scope);
    }

    /// Asks for entries that did not come in time.
    pub(crate) fn ask_overdue(&mut self) {
        let now = self.scope.ctx.ms();
        if self.room.log.due_ms.is_some_and(|at| at <= now) {
            let replayed = self.scope.catching_up.as_ref();
            let until_ms = replayed.map(|catching_up| catching_up.patience_ms());
            self.room.log.due_ms = until_ms.filter(|&until| until > now);
            if self.room.log.due_ms.is_none() && self.room.log.is_behind() {
                self.scope.want(Want::Log);
            }
        }
    }

    /// An own command is stored.
    pub(crate) fn acked(&mut self, ack: Ack, entry: OutboxEntry) {
        if ack.seq > self.room.log.cursor()
            && let Some(me) = self.scope.people.my_id()
        {
            let seq = ack.seq;
            if self.room.held.shows(&entry.command.act) {
                self.room.settling.add(ack, entry, me);
            }
            if self.room.thread.is_none() {
                self.room.heard_of(seq, self.scope);
            }
        }
        self.scope.timeline_changed();
    }

    /// The server's word on the room.
    pub(crate) fn told(&mut self, summary: RoomSummary) {
        let last = summary.last_seq;
        self.room.tell(summary, false);
        self.scope.forget(|want| want == Want::Counts);
        self.room.heard_of(last, self.scope);
        self.scope.summary_changed();
        self.scope.timeline_changed();
    }

    /// The room as it is after an outage. `replayed` tells that the server replays what follows the cursor.
    pub(crate) fn resume(&mut self, summary: RoomSummary, replayed: bool) {
        let (last, read) = (summary.last_seq, RoomCounts::from(&summary).position());
        let cursor = self.room.log.cursor();
        if last < cursor {
            self.room.restart(last);
            // What was read of the other log says nothing about this one.
            self.room.counts = UnreadCounts::default();
            self.scope.forget(|_| true);
        } else if last > cursor && !replayed {
            self.room.skip_to(last, false);
            self.scope.forget(|_| true);
        } else if last > cursor {
            self.room.log.due_ms = Some(self.scope.ctx.after(REPLAY_MS));
            if let Some(catching_up) = &mut self.scope.catching_up {
                catching_up.replays(self.scope.id, cursor, last);
            }
        }
        self.room.tell(summary, true);
        self.room.threads_read = last;
        self.scope.forget(|want| want == Want::Counts);
        let now = self.scope.ctx.ms();
        self.room.reading.say_again(read.generation, now);
        if self.room.counts.position() > read {
            self.room.reading.tell.at_ms = Some(now);
        }
        if self.scope.open && !self.room.held.loaded {
            self.scope.want(Want::Newest);
        }
        self.scope.head_changed();
        self.scope.timeline_changed();
    }

    /// The server replays nothing: too much was missed, or its log is another one.
    pub(crate) fn behind(&mut self, behind: &Behind) {
        if let Some(catching_up) = &mut self.scope.catching_up {
            catching_up.forget(self.scope.id);
        }
        let cursor = self.room.log.cursor();
        if behind.last_seq < cursor {
            // The store came back from a backup: what is held may be another history.
            self.room.restart(behind.last_seq);
            self.reload();
        } else if behind.last_seq > cursor && behind.from >= cursor {
            self.skip(behind.last_seq);
        } else if self.room.log.exists(behind.last_seq) {
            self.room.log.due_ms = Some(self.scope.ctx.after(GRACE_MS));
        }
    }

    /// Too many entries up to `last` were missed: pages are loaded instead, and the rest is a gap.
    fn skip(&mut self, last: Seq) {
        let seen = self.room.log.cursor();
        let next = self.room.skip_to(last, self.scope.open);
        self.room.counts.skip_to(last);
        self.reload();
        if self.scope.open && self.room.held.entries.stale().is_some() {
            self.scope.want(Want::Refresh { upto: seen });
        }
        for event in &next {
            self.enter(event);
        }
        self.moved();
    }

    /// What was asked of the room does not fit any more; if it is open, its newest page is asked for.
    fn reload(&mut self) {
        self.scope.forget(|_| true);
        if self.scope.open {
            self.scope.want(Want::Newest);
        }
        self.scope.summary_changed();
        self.scope.timeline_changed();
    }

    /// Asks for the entries after the cursor.
    pub(crate) fn ask(&mut self, queued: Queued) {
        if !self.room.log.is_behind() {
            return;
        }
        let (after, now) = (self.room.log.cursor(), self.scope.ctx.ms());
        let req = self.scope.requests.fly(queued, after, now);
        self.scope.ctx.transmit(ClientFrame::Log(AskLog {
            req,
            room: self.scope.id,
            after,
            limit: Some(LOG_ENTRIES),
        }));
    }

    /// Takes the entries that were asked for.
    pub(crate) fn take_entries(&mut self, entries: Entries, flying: &Flying) {
        self.room.log.exists(entries.last_seq);
        let before = self.room.log.cursor();
        for event in entries.events {
            self.event(event);
        }
        if !self.room.log.is_behind() {
            return;
        }
        if self.room.log.cursor() > before {
            self.scope.want(Want::Log);
        } else {
            // The server has nothing to say about what it says exists.
            let wait_ms = AGAIN.wait_ms(flying.tries, self.scope.ctx);
            self.scope
                .requests
                .retry(flying, self.scope.ctx.after(wait_ms));
        }
    }

    /// Somebody else is writing.
    pub(crate) fn somebody_types(&mut self, user: UserId) {
        if !self.scope.people.is_me(user) && self.room.typing.heard(user, self.scope.ctx.ms()) {
            self.scope.typing_changed();
            self.scope.who_is(user);
        }
    }
}

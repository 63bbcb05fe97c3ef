//! Entries of a room's log: pushed, replayed, or asked for.

use protocol::{
    Ack, Behind, ClientFrame, Entries, Event, EventKind, Log, MessageId, RoomId, Seq, UserId,
    limits::LOG_ENTRIES,
};

use super::{Session, connecting::REPLAY_MS, fetching::AGAIN, frames::GRACE_MS};
use crate::{
    Change, Effect, MessageView, OutboxEntry, SendState,
    ctx::Ctx,
    requests::{Queued, Want},
    room::Taken,
};

impl Session {
    pub(super) fn event(&mut self, event: Event, ctx: &mut Ctx<'_>) {
        let (id, by) = (event.room, event.by);
        if let EventKind::Message { id: message, .. } = event.kind
            && self.people.is_me(by)
            && self.rooms.contains_key(&id)
        {
            self.resolve(message, ctx);
        }
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        match room.log.take(event) {
            Taken::Known => {}
            Taken::Ahead => {
                ctx.changed(Change::Timeline(id));
                self.hole(id, ctx);
            }
            Taken::Next(events) => {
                for event in &events {
                    self.apply(event, ctx);
                }
                self.moved(id, ctx);
            }
        }
    }

    /// An entry stands beyond a hole: what is missing is asked for at once.
    fn hole(&mut self, room: RoomId, ctx: &Ctx<'_>) {
        self.requests.want(room, Want::Log, ctx.ms());
    }

    /// The cursor of a room moved: what else depends on it.
    fn moved(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        let (open, keep) = (
            self.open == Some(id),
            (self.config.keep_open, self.config.keep_closed),
        );
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        // How long missing entries may take to come by themselves before they are asked for.
        let patience_ms = match &mut self.catching {
            Some(catching) => {
                catching.moved_ms = ctx.ms();
                REPLAY_MS
            }
            None => GRACE_MS,
        };
        room.log.due_ms = room.log.is_behind().then(|| ctx.after(patience_ms));
        let keep = if open { keep.0 } else { keep.1 };
        // Trimming one by one would be a whole pass for each entry.
        if room.held.entries.len() > keep + keep / 10 + 10 {
            room.held
                .trim(keep, room.log.cursor(), room.reading.filter(|_| open));
        }
        if room.recap() {
            ctx.changed(Change::Rooms);
            ctx.changed(Change::Room(id));
        }
        if !room.log.is_behind() {
            self.requests.forget(id, |want| want == Want::Log);
        }
        self.caught_up(ctx);
    }

    /// The next entry of a room's log.
    fn apply(&mut self, event: &Event, ctx: &mut Ctx<'_>) {
        let expecting = self.requests.expects(event.room);
        let Some(room) = self.rooms.get_mut(&event.room) else {
            return;
        };
        let unseen = event.seq > room.counts.read();
        if room.apply(event, &self.people, expecting) {
            ctx.changed(Change::Timeline(event.room));
        }
        if let EventKind::Message {
            text: Some(text), ..
        } = &event.kind
        {
            if room.typing.said(event.by) {
                ctx.changed(Change::Typing(event.room));
            }
            if unseen && !self.people.is_me(event.by) {
                let to_me = self.is_direct(event.room) || self.people.names_me(event.by, text);
                ctx.effect(Effect::Arrived {
                    room: event.room,
                    seq: event.seq,
                    to_me,
                });
            }
        }
        self.who_did(event, ctx);
    }

    /// Asks who an entry names.
    pub(super) fn who_did(&mut self, event: &Event, ctx: &mut Ctx<'_>) {
        self.who_is(event.room, event.by, ctx);
        if let EventKind::Join { user } | EventKind::Leave { user } = event.kind {
            self.who_is(event.room, user, ctx);
        }
    }

    /// Asks who somebody is, once.
    pub(super) fn who_is(&mut self, room: RoomId, user: UserId, ctx: &mut Ctx<'_>) {
        if self.people.ask_about(user) {
            ctx.effect(Effect::WhoIs { room, user });
        }
    }

    /// A command is stored: it leaves the outbox, once.
    pub(super) fn resolve(&mut self, id: MessageId, ctx: &mut Ctx<'_>) -> Option<OutboxEntry> {
        let mine = self
            .outbox
            .get(id)
            .is_some_and(|entry| entry.by == self.people.my_id());
        let entry = if mine { self.outbox.remove(id) } else { None }?;
        ctx.effect(Effect::Forget(id));
        ctx.changed(Change::Outbox);
        ctx.changed(Change::Timeline(entry.command.room));
        Some(entry)
    }

    /// An own message as it was stored just now.
    pub(super) fn stored(&self, entry: &OutboxEntry, ack: Ack) -> Option<MessageView> {
        let around = self.around();
        let view = crate::room::waiting(entry, self.people.my_id()?, &around)?;
        Some(MessageView {
            seq: Some(ack.seq),
            at: ack.at,
            state: SendState::Stored,
            ..view
        })
    }

    pub(super) fn behind(&mut self, behind: Behind, ctx: &mut Ctx<'_>) {
        if let Some(catching) = &mut self.catching {
            catching.rooms.remove(&behind.room);
        }
        let Some(room) = self.rooms.get_mut(&behind.room) else {
            return;
        };
        let cursor = room.log.cursor();
        if behind.last_seq < cursor {
            // The store came back from a backup: what is held may be another history.
            room.restart(behind.last_seq);
            self.reload_room(behind.room, ctx);
        } else if behind.last_seq > cursor && behind.from >= cursor {
            self.skip(behind.room, behind.last_seq, ctx);
        } else if room.log.exists(behind.last_seq) {
            room.log.due_ms = Some(ctx.after(GRACE_MS));
        }
        self.caught_up(ctx);
    }

    /// Too many entries up to `last` were missed: pages are loaded instead, and the rest is a gap.
    fn skip(&mut self, id: RoomId, last: Seq, ctx: &mut Ctx<'_>) {
        let open = self.open == Some(id);
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        let seen = room.log.cursor();
        let next = room.skip_to(last, open);
        room.counts.doubtful |= room.counts.upto() < last;
        self.reload_room(id, ctx);
        if open && self.rooms.get(&id).is_some_and(|room| room.held.is_stale()) {
            self.requests
                .want(id, Want::Refresh { upto: seen }, ctx.ms());
        }
        for event in &next {
            self.apply(event, ctx);
        }
        self.moved(id, ctx);
    }

    /// What was asked of a room does not fit any more; if it is open, its newest page is asked for.
    fn reload_room(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        self.requests.forget(id, |_| true);
        if let Some(room) = self.rooms.get_mut(&id) {
            room.counts.interrupted();
        }
        if self.open == Some(id) {
            self.requests.want(id, Want::Newest, ctx.ms());
        }
        ctx.changed(Change::Rooms);
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
    }

    /// Asks for the entries after the cursor.
    pub(super) fn ask_log(&mut self, queued: Queued, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get(&queued.room) else {
            return;
        };
        if !room.log.is_behind() {
            return;
        }
        let after = room.log.cursor();
        let req = self
            .requests
            .fly(queued, room.log.last_seen(), after, ctx.ms());
        ctx.transmit(ClientFrame::Log(Log {
            req,
            room: queued.room,
            after,
            limit: Some(LOG_ENTRIES),
        }));
    }

    pub(super) fn take_entries(&mut self, entries: Entries, ctx: &mut Ctx<'_>) {
        let Some(flying) = self.requests.answered(entries.req) else {
            return;
        };
        let Some(room) = self
            .rooms
            .get_mut(&flying.room)
            .filter(|_| entries.room == flying.room)
        else {
            return;
        };
        room.log.exists(entries.last_seq);
        let before = room.log.cursor();
        entries
            .events
            .into_iter()
            .for_each(|event| self.event(event, ctx));
        let Some(room) = self.rooms.get_mut(&flying.room) else {
            return;
        };
        if !room.log.is_behind() {
            return;
        }
        if room.log.cursor() > before {
            self.requests.want(flying.room, Want::Log, ctx.ms());
        } else {
            // The server has nothing to say about what it says exists.
            let wait_ms = AGAIN.wait_ms(flying.tries, ctx);
            self.requests.retry(&flying, ctx.after(wait_ms));
        }
    }
}

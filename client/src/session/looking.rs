//! Which room is looked at, and what of it is wanted.

use protocol::{Message, RoomId, RoomSummary, Seq};

use super::Session;
use crate::{
    Change, Edge, Effect, InView,
    ctx::Ctx,
    requests::Want,
    room::{Quoted, Room, Seen, view_of},
};

/// Between two read positions that are told of a room, in milliseconds: as often as the server writes them.
const READ_EVERY_MS: u64 = protocol::limits::READ_EVERY_MS;

impl Session {
    pub(super) fn open_room(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        if self.open == Some(id) {
            return;
        }
        self.leave_room(ctx);
        self.open = Some(id);
        self.mark_new(id);
        let page = usize::try_from(self.config.page).unwrap_or(usize::MAX);
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        // What came in while it was closed may be a page already.
        room.held.loaded |= room.held.messages() >= page;
        if !room.held.loaded {
            self.want(id, Want::Newest, ctx);
        }
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
    }

    pub(super) fn leave_room(&mut self, ctx: &mut Ctx<'_>) {
        let Some(id) = self.open.take() else { return };
        self.requests
            .forget(id, |want| !matches!(want, Want::Log | Want::Count { .. }));
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
        if !room.summary.member {
            self.rooms.remove(&id);
            self.requests.forget(id, |_| true);
            ctx.changed(Change::Rooms);
            return;
        }
        room.new_mark = None;
        room.reading = None;
        room.failed.clear();
        let cursor = room.log.cursor();
        room.held.forget_stale(cursor);
        room.held.trim(self.config.keep_closed, cursor, None);
        room.seen = Seen::default();
        room.watched = None;
        room.quoted = Quoted::default();
    }

    pub(super) fn clear_new(&mut self, ctx: &mut Ctx<'_>) {
        let Some(id) = self.open else { return };
        if self
            .rooms
            .get_mut(&id)
            .is_some_and(|room| room.new_mark.take().is_some())
        {
            ctx.changed(Change::Room(id));
            ctx.changed(Change::Timeline(id));
        }
    }

    pub(super) fn load_older(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        if !room.held.loaded {
            self.want(id, Want::Newest, ctx);
        } else if room.held.more {
            room.reading = Some(room.held.spans.first());
            self.want(id, Want::Older, ctx);
        }
    }

    pub(super) fn load_newest(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        room.reading = None;
        if !room.holds_end() {
            self.want(id, Want::Newest, ctx);
        }
    }

    pub(super) fn load_new(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        let after = self
            .rooms
            .get(&id)
            .and_then(|room| Some(room.new_mark?.after).filter(|after| !room.holds(after + 1)));
        if let Some(after) = after {
            self.want(id, Want::Unread { after }, ctx);
        }
    }

    pub(super) fn load_around(&mut self, id: RoomId, seq: Seq, ctx: &mut Ctx<'_>) {
        let held = self
            .rooms
            .get(&id)
            .map(|room| room.held.message(seq).is_some_and(|held| !held.stale));
        match held {
            None | Some(true) => ctx.effect(Effect::Located {
                room: id,
                seq,
                found: held.is_some(),
            }),
            Some(false) => self.want(id, Want::Around(seq), ctx),
        }
        if let Some(room) = self.rooms.get_mut(&id) {
            room.reading = Some(seq);
        }
    }

    pub(super) fn fill_gap(&mut self, id: RoomId, after: Seq, edge: Edge, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        let gap = room.held.spans.gaps().find(|&(from, _)| from == after);
        if let Some((_, before)) = gap {
            room.reading = Some(match edge {
                Edge::Top => after,
                Edge::Bottom => before,
            });
            room.failed.retain(
                |(want, _)| !matches!(want, Want::Gap { after: failed, .. } if *failed == after),
            );
            self.want(id, Want::Gap { after, edge }, ctx);
        }
    }

    pub(super) fn reload(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        for (want, _) in std::mem::take(&mut room.failed) {
            self.want(id, want, ctx);
        }
    }

    /// What is in view is kept. What was seen is read, as far as nothing before it is unseen: whoever looks at the end of a
    /// room has not read what came before.
    pub(super) fn in_view(&mut self, id: RoomId, view: InView, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        room.reading = (!view.end).then_some(view.first);
        // Whoever stays at the end sees what passes, even if it came too fast for each to be in view when that was told.
        let watched = std::mem::take(&mut room.watched).filter(|_| view.seen && view.end);
        if !view.seen {
            return;
        }
        let (from, to) = room.shown_as_one(view.first, view.last);
        room.watched = view.end.then_some(to);
        let from = watched.map_or(from, |watched| from.min(watched + 1));
        room.seen.add(from, to);
        if let Some(upto) = room.seen.from(room.counts.nothing_unread_to() + 1) {
            self.read(id, upto, ctx);
        }
    }

    pub(super) fn read(&mut self, id: RoomId, seq: Seq, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&id).filter(|room| room.summary.member) else {
            return;
        };
        let end = room.log.head();
        let seq = room.with_unseen(seq.min(end));
        if seq >= end {
            room.reading = None;
        }
        if !room.read_to(seq, &self.people) {
            return;
        }
        // The first is told at once: whoever looks and leaves has read it. Those that follow soon are told together.
        let next_ms = room.read.done_ms.map_or(0, |done| done + READ_EVERY_MS);
        let at_ms = next_ms.max(ctx.ms());
        room.read.at_ms = Some(room.read.at_ms.map_or(at_ms, |due| due.min(at_ms)));
        room.recap();
        ctx.changed(Change::Rooms);
        ctx.changed(Change::Room(id));
    }

    /// Which of these quoted messages to ask for.
    pub fn ask_quoted(&mut self, room: RoomId, seqs: impl Iterator<Item = Seq>) -> Vec<Seq> {
        let Some(room) = self.rooms.get_mut(&room) else {
            return Vec::new();
        };
        seqs.filter(|&seq| room.quoted.ask(seq)).collect()
    }

    /// Asking for these came to nothing.
    pub fn forget_asked(&mut self, room: RoomId, asked: &[Seq]) {
        if let Some(room) = self.rooms.get_mut(&room) {
            room.quoted.forget_asked(asked);
        }
    }

    pub(super) fn take_quoted(
        &mut self,
        id: RoomId,
        asked: &[Seq],
        messages: Vec<Message>,
        ctx: &mut Ctx<'_>,
    ) {
        for message in &messages {
            self.who_is(id, message.by, ctx);
        }
        if let Some(room) = self.rooms.get_mut(&id) {
            let views = messages.into_iter().map(|message| view_of(message, false));
            room.quoted.tell(asked, views.collect());
            ctx.changed(Change::Timeline(id));
        }
    }

    /// Takes in a room, unless more is known of it: what the connection tells of a member's room is newer.
    pub(super) fn learn_room(&mut self, summary: RoomSummary, ctx: &mut Ctx<'_>) {
        let known = self.rooms.get(&summary.id);
        if known.is_none_or(|room| summary.member && !room.is_mine()) {
            self.add_room(summary, ctx);
        }
    }
}

impl Room {
    /// Whether it can be written to.
    pub(crate) const fn is_mine(&self) -> bool {
        self.summary.member
    }
}

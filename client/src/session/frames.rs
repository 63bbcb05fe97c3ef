//! Frames of the server.

use protocol::{
    Ack, Act, CommandError, Nack, Pong, ReadEcho, RoomChange, RoomKind, ServerFrame, TypingNotice,
};

use super::Session;
use crate::{Change, Effect, Failed, Failure, backoff::Backoff, ctx::Ctx, requests::Want};

/// How long an entry that is known to exist may take to come by itself, in milliseconds.
pub(super) const GRACE_MS: u64 = 1_000;
/// The waits after a command that was refused for now.
const REFUSED: Backoff = Backoff::new(2_000, 30_000, 20);

impl Session {
    pub(super) fn frame(&mut self, text: &str, ctx: &mut Ctx<'_>) {
        if !self.connection.is_open() {
            return;
        }
        // What this build cannot read it ignores: an entry that gets lost so is found as a hole.
        let Ok(frame) = ServerFrame::parse(text) else {
            return;
        };
        if let ServerFrame::Welcome(welcome) = frame {
            self.welcome(*welcome, ctx);
            return;
        }
        if !self.connection.is_live() {
            return;
        }
        self.connection.heard(ctx);
        match frame {
            ServerFrame::Pong(pong) => self.pong(&pong, ctx),
            ServerFrame::Ack(ack) => self.ack(ack, ctx),
            ServerFrame::Nack(nack) => self.nack(nack, ctx),
            ServerFrame::Error(error) => self.error(error, ctx),
            ServerFrame::Event(event) => self.event(event, ctx),
            ServerFrame::Behind(behind) => self.behind(behind, ctx),
            ServerFrame::Gone(gone) => {
                self.gone(gone.room, ctx);
                self.caught_up(ctx);
            }
            ServerFrame::Room(change) => self.room_changed(change, ctx),
            ServerFrame::Presence(change) => {
                if self.people.set_state(change.user, change.state) {
                    ctx.changed(Change::Users);
                }
            }
            ServerFrame::Read(echo) => self.read_elsewhere(echo, ctx),
            ServerFrame::Typing(notice) => self.somebody_types(notice, ctx),
            ServerFrame::Page(page) => self.take_page(page, ctx),
            ServerFrame::Entries(entries) => self.take_entries(entries, ctx),
            ServerFrame::Notice(notice) => ctx.effect(Effect::Notice(notice.text)),
            ServerFrame::Welcome(_) | ServerFrame::Unknown => {}
        }
    }

    fn pong(&mut self, pong: &Pong, ctx: &mut Ctx<'_>) {
        self.connection.pong(pong.n);
        for (id, room) in self.rooms.iter_mut() {
            if let Some(&head) = pong.heads.get(id) {
                room.log.exists(head);
                if room.log.is_behind() && room.log.due_ms.is_none() {
                    room.log.due_ms = Some(ctx.after(GRACE_MS));
                }
            }
        }
    }

    fn ack(&mut self, ack: Ack, ctx: &mut Ctx<'_>) {
        self.outbox.answered(ack.id);
        let view = self
            .outbox
            .get(ack.id)
            .cloned()
            .and_then(|entry| self.stored(&entry, ack));
        let Some(entry) = self.resolve(ack.id, ctx) else {
            return;
        };
        let Some(room) = self.rooms.get_mut(&ack.room) else {
            return;
        };
        if ack.seq > room.log.cursor() {
            match (view, &entry.command.act) {
                (Some(view), Act::Send { .. }) => {
                    drop(room.early.insert(ack.seq, std::sync::Arc::new(view)));
                }
                _ => room.settling.push((ack.seq, entry)),
            }
            room.log.exists(ack.seq);
            if room.log.due_ms.is_none() {
                room.log.due_ms = Some(ctx.after(GRACE_MS));
            }
        }
        ctx.changed(Change::Timeline(ack.room));
    }

    fn nack(&mut self, nack: Nack, ctx: &mut Ctx<'_>) {
        let Some(entry) = self.outbox.get(nack.id) else {
            self.outbox.answered(nack.id);
            return;
        };
        let room = entry.command.room;
        ctx.changed(Change::Timeline(room));
        ctx.changed(Change::Outbox);
        if nack.code.is_worth_a_retry() {
            let asked_ms = nack.retry_after_ms;
            let until_ms = |before: u32| {
                let wait_ms = REFUSED.asked_or(asked_ms, before, ctx);
                ctx.after(wait_ms)
            };
            if !self.outbox.refused(nack.id, nack.code, until_ms) {
                return;
            }
        }
        let failure = Failure {
            code: nack.code,
            message: nack.message,
        };
        let Some(entry) = self.outbox.fail(nack.id, failure.clone()).cloned() else {
            return;
        };
        if matches!(entry.command.act, Act::Send { .. }) {
            ctx.effect(Effect::Save(entry.clone()));
        } else {
            // A change is rolled back by being forgotten; there is nothing to try again from.
            self.outbox.remove(entry.command.id);
            ctx.effect(Effect::Forget(entry.command.id));
        }
        let Failure { code, message } = failure;
        ctx.effect(Effect::Failed(Box::new(Failed {
            entry,
            code,
            message,
        })));
    }

    fn error(&mut self, error: CommandError, ctx: &mut Ctx<'_>) {
        let flying = error.req.and_then(|req| self.requests.answered(req));
        if let Some(flying) = flying {
            let failure = Failure {
                code: error.code,
                message: error.message,
            };
            self.not_fetched(&flying, failure, error.retry_after_ms, ctx);
        } else if error.req.is_none() && error.code.is_worth_a_retry() {
            self.read_again(error.retry_after_ms.unwrap_or(0), ctx);
        }
    }

    fn room_changed(&mut self, change: RoomChange, ctx: &mut Ctx<'_>) {
        if self.take_one_more(&change.room, ctx) {
            return;
        }
        let id = change.room.id;
        let Some(room) = self.rooms.get_mut(&id).filter(|room| room.summary.member) else {
            self.add_room(change.room, ctx);
            return;
        };
        room.tell(change.room);
        self.requests
            .forget(id, |want| matches!(want, Want::Count { .. }));
        if room.log.is_behind() && room.log.due_ms.is_none() {
            room.log.due_ms = Some(ctx.after(GRACE_MS));
        }
        ctx.changed(Change::Rooms);
        ctx.changed(Change::Room(id));
    }

    fn read_elsewhere(&mut self, echo: ReadEcho, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&echo.room) else {
            return;
        };
        if room.read_to(echo.seq, &self.people) && room.recap() {
            ctx.changed(Change::Rooms);
            ctx.changed(Change::Room(echo.room));
        }
    }

    fn somebody_types(&mut self, notice: TypingNotice, ctx: &mut Ctx<'_>) {
        if self.people.is_me(notice.user) {
            return;
        }
        let Some(room) = self.rooms.get_mut(&notice.room) else {
            return;
        };
        if room.typing.heard(notice.user, ctx.ms()) {
            ctx.changed(Change::Typing(notice.room));
            self.who_is(notice.room, notice.user, ctx);
        }
    }

    /// Whether a room speaks to its people alone.
    pub(super) fn is_direct(&self, room: protocol::RoomId) -> bool {
        self.rooms
            .get(&room)
            .is_some_and(|room| room.summary.kind == RoomKind::Direct)
    }
}

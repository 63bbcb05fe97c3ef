//! Commands of the person: acts, retries, typing.

use protocol::{
    Act, ClientFrame, Command, MessageId, RoomId, Seq, TextError, Typing, limits::TYPING_EVERY,
    validate_text,
};
use text::validate_emoji_shape;

use super::Session;
use crate::{Change, Effect, OutboxEntry, Refused, ctx::Ctx, link::ms};

impl Session {
    fn can_write(&self, room: RoomId) -> Result<(), Refused> {
        if self.connection.is_ended() {
            return Err(Refused::Ended);
        }
        if !self
            .rooms
            .get(&room)
            .is_some_and(crate::room::Room::is_mine)
        {
            return Err(Refused::NoRoom);
        }
        if self.outbox.is_full() {
            Err(Refused::Full)
        } else {
            Ok(())
        }
    }

    fn fits(&self, text: &str) -> Result<(), Refused> {
        validate_text(text)?;
        let most = self
            .limits
            .and_then(|limits| usize::try_from(limits.text).ok())
            .unwrap_or(usize::MAX);
        // A text of few bytes has few characters.
        let over = if text.len() > most {
            text.chars().count().saturating_sub(most)
        } else {
            0
        };
        if over > 0 {
            Err(TextError::TooLong { over }.into())
        } else {
            Ok(())
        }
    }

    /// Takes an act into the outbox, or refuses it.
    pub(super) fn act(&mut self, room: RoomId, act: Act, ctx: &mut Ctx<'_>) {
        if let Err(why) = self.check(room, &act) {
            ctx.effect(Effect::Refused { room, why });
            return;
        }
        self.replace(room, &act, ctx);
        self.enter(room, act, ctx);
    }

    fn check(&self, room: RoomId, act: &Act) -> Result<(), Refused> {
        self.can_write(room)?;
        match act {
            Act::Send { text, .. } | Act::Edit { text, .. } => self.fits(text)?,
            Act::React { emoji, .. } => {
                validate_emoji_shape(emoji).map_err(|_| Refused::NotEmoji)?;
            }
            Act::Delete { .. } => {}
        }
        let target = act
            .of()
            .and_then(|of| self.rooms.get(&room)?.held.message(of));
        if act.kind().rules().needs_living && target.is_some_and(|held| held.view.deleted) {
            Err(Refused::NoMessage)
        } else {
            Ok(())
        }
    }

    /// A change that was never sent is overtaken by the next one of the same thing: a reaction that is toggled for fun while
    /// there is no network must not fill the outbox.
    fn replace(&mut self, room: RoomId, act: &Act, ctx: &mut Ctx<'_>) {
        let same = |other: &Act| match (act, other) {
            (Act::Edit { of, .. }, Act::Edit { of: other, .. }) => of == other,
            (
                Act::React { of, emoji, .. },
                Act::React {
                    of: other,
                    emoji: others,
                    ..
                },
            ) => of == other && emoji == others,
            _ => false,
        };
        let me = self.people.my_id();
        let unsent =
            self.outbox.all().iter().rev().find(|entry| {
                entry.command.room == room && entry.by == me && same(&entry.command.act)
            });
        if let Some(id) = unsent
            .filter(|entry| entry.attempts == 0)
            .map(|entry| entry.command.id)
        {
            self.outbox.remove(id);
            ctx.effect(Effect::Forget(id));
        }
    }

    fn enter(&mut self, room: RoomId, act: Act, ctx: &mut Ctx<'_>) {
        let id = MessageId::mint(ctx.now.wall_ms, ctx.bits());
        let by = self.people.my_id();
        let entry = OutboxEntry {
            command: Command { id, room, act },
            order: 0,
            by,
            at: ctx.now.wall_ms,
            attempts: 0,
            failed: None,
        };
        let entry = self.outbox.add(entry).clone();
        // Kept before it is sent: what went out must not be unknown after a crash.
        ctx.effect(Effect::Save(entry));
        ctx.changed(Change::Outbox);
        ctx.changed(Change::Timeline(room));
    }

    /// What has no answer for long goes out again. A failure that may pass is tried again with the same id. One that is final was about this attempt: a new one has a new
    /// id, at the end of the outbox.
    pub(super) fn retry(&mut self, id: MessageId, ctx: &mut Ctx<'_>) {
        if self.outbox.is_late(id) {
            self.outbox.hurry(id);
        }
        let Some((room, failure)) = self
            .outbox
            .get(id)
            .and_then(|entry| Some((entry.command.room, entry.failed.clone()?)))
        else {
            return;
        };
        if failure.code.is_worth_a_retry() {
            if let Some(entry) = self.outbox.revive(id) {
                ctx.effect(Effect::Save(entry.clone()));
            }
        } else if let Some(entry) = self.outbox.remove(id) {
            ctx.effect(Effect::Forget(id));
            self.enter(entry.command.room, entry.command.act, ctx);
        }
        ctx.changed(Change::Outbox);
        ctx.changed(Change::Timeline(room));
    }

    /// What a room refused since one was not in it is tried again. Whether one is in it by now is for the server to say: that the
    /// room was joined may be heard over HTTP before the connection tells it, or after.
    pub(super) fn retry_shut_out(&mut self, room: RoomId, ctx: &mut Ctx<'_>) {
        let refused: Vec<MessageId> = self
            .shut_out()
            .filter(|entry| entry.command.room == room)
            .map(|entry| entry.command.id)
            .collect();
        for id in refused {
            self.retry(id, ctx);
        }
    }

    pub(super) fn discard(&mut self, id: MessageId, ctx: &mut Ctx<'_>) {
        let Some(entry) = self.outbox.remove(id) else {
            return;
        };
        ctx.effect(Effect::Forget(id));
        ctx.changed(Change::Outbox);
        ctx.changed(Change::Timeline(entry.command.room));
    }

    pub(super) fn typing(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        let live = self.connection.is_live();
        let Some(room) = self
            .rooms
            .get_mut(&id)
            .filter(|room| room.is_mine() && live)
        else {
            return;
        };
        if room
            .typed_ms
            .is_none_or(|typed| ctx.ms().saturating_sub(typed) >= ms(TYPING_EVERY))
        {
            room.typed_ms = Some(ctx.ms());
            ctx.transmit(ClientFrame::Typing(Typing { room: id }));
        }
    }

    /// The newest of one's own messages that can be edited: ↑ in an empty composer.
    pub fn last_own(&self, room: RoomId) -> Option<Seq> {
        let room = self.rooms.get(&room)?;
        let mut own = room
            .held
            .entries
            .values()
            .rev()
            .filter_map(|entry| match entry {
                crate::room::Entry::Message(held) => Some(&held.view),
                crate::room::Entry::Note(_) => None,
            });
        own.find(|view| self.people.is_me(view.by) && !view.deleted)?
            .seq
    }
}

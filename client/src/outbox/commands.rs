//! Commands of the person: checked, kept, sent, tried again, and taken out once the server has answered.

use protocol::{
    Act, ClientFrame, Command, Limits, MessageId, Nack, RoomId, TextError, UserId, validate_text,
};
use text::validate_emoji_shape;

use super::{CommandQueue, Failure, OutboxEntry};
use crate::{Change, Effect, Failed, Refused, backoff::Backoff, ctx::Ctx, room::Room};

/// The waits after a command that was refused for now.
const REFUSED: Backoff = Backoff::new(2_000, 30_000, 20);

/// The commands of one session that have no answer yet, or failed.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    queue: CommandQueue,
    /// The most characters of a text, once the server told it.
    most_chars: Option<usize>,
}

impl Outbox {
    /// Keeps at most so many commands.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            queue: CommandQueue::new(most),
            most_chars: None,
        }
    }

    /// The commands and how they stand, for drawing.
    pub(crate) const fn queue(&self) -> &CommandQueue {
        &self.queue
    }

    /// Takes the server's numbers.
    pub(crate) fn limit(&mut self, limits: Limits) {
        self.most_chars = usize::try_from(limits.text).ok();
        self.queue.pace().set(limits.send_per_s);
    }

    /// Takes what storage kept.
    pub(crate) fn restore(&mut self, entries: Vec<OutboxEntry>) {
        self.queue.restore(entries);
    }

    /// Signs entries that have no author with this user. Returns those that it signed.
    pub(crate) fn sign(&mut self, me: UserId) -> Vec<OutboxEntry> {
        self.queue.sign(me)
    }

    /// Commands that are this user's, in the order they were given.
    pub(crate) fn of(&self, me: Option<UserId>) -> impl Iterator<Item = &OutboxEntry> {
        self.queue
            .all()
            .iter()
            .filter(move |entry| entry.by.is_none() || entry.by == me)
    }

    /// Takes an act in `room` into the outbox, or refuses it.
    pub(crate) fn act(
        &mut self,
        id: RoomId,
        act: Act,
        room: Option<&Room>,
        me: Option<UserId>,
        ctx: &mut Ctx<'_>,
    ) -> Result<(), Refused> {
        self.check(&act, room)?;
        self.replace(id, &act, me, ctx);
        self.enter(id, act, me, ctx);
        Ok(())
    }

    fn check(&self, act: &Act, room: Option<&Room>) -> Result<(), Refused> {
        let room = room
            .filter(|room| room.summary.member)
            .ok_or(Refused::NoRoom)?;
        if self.queue.is_full() {
            return Err(Refused::Full);
        }
        match act {
            Act::Send { text, .. } | Act::Edit { text, .. } => self.fits(text)?,
            Act::React { emoji, .. } => {
                validate_emoji_shape(emoji).map_err(|_| Refused::NotEmoji)?;
            }
            Act::Delete { .. } | Act::Pin { .. } => {}
        }
        let target = act.of().and_then(|of| room.held.entries.message(of));
        if act.kind().rules().needs_living && target.is_some_and(|held| held.view.deleted) {
            Err(Refused::NoMessage)
        } else {
            Ok(())
        }
    }

    fn fits(&self, text: &str) -> Result<(), Refused> {
        validate_text(text)?;
        let most = self.most_chars.unwrap_or(usize::MAX);
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

    /// A change that was never sent is overtaken by the next one of the same thing: a reaction that is toggled for fun while
    /// there is no network must not fill the outbox.
    fn replace(&mut self, room: RoomId, act: &Act, me: Option<UserId>, ctx: &mut Ctx<'_>) {
        let same = |other: &Act| match (act, other) {
            (Act::Edit { of, .. }, Act::Edit { of: other, .. })
            | (Act::Pin { of, .. }, Act::Pin { of: other, .. }) => of == other,
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
        let unsent =
            self.queue.all().iter().rev().find(|entry| {
                entry.command.room == room && entry.by == me && same(&entry.command.act)
            });
        if let Some(id) = unsent
            .filter(|entry| entry.attempts == 0)
            .map(|entry| entry.command.id)
        {
            self.queue.remove(id);
            ctx.effect(Effect::Forget(id));
        }
    }

    fn enter(&mut self, room: RoomId, act: Act, by: Option<UserId>, ctx: &mut Ctx<'_>) {
        let id = MessageId::mint(ctx.now.wall_ms, ctx.bits());
        let entry = OutboxEntry {
            command: Command { id, room, act },
            order: 0,
            by,
            at: ctx.now.wall_ms,
            attempts: 0,
            failed: None,
        };
        let entry = self.queue.add(entry).clone();
        // Kept before it is sent: what went out must not be unknown after a crash.
        ctx.effect(Effect::Save(entry));
        changed(room, ctx);
    }

    /// What has no answer for long goes out again. A failure that may pass is tried again with the same id. One that is final was about this attempt: a new one has a new
    /// id, at the end of the outbox.
    pub(crate) fn retry(&mut self, id: MessageId, me: Option<UserId>, ctx: &mut Ctx<'_>) {
        if self.queue.is_late(id) {
            self.queue.hurry(id);
        }
        let Some((room, failure)) = self
            .queue
            .get(id)
            .and_then(|entry| Some((entry.command.room, entry.failed.clone()?)))
        else {
            return;
        };
        if failure.code.is_worth_a_retry() {
            if let Some(entry) = self.queue.revive(id) {
                ctx.effect(Effect::Save(entry.clone()));
            }
        } else if let Some(entry) = self.queue.remove(id) {
            ctx.effect(Effect::Forget(id));
            self.enter(entry.command.room, entry.command.act, me, ctx);
        }
        changed(room, ctx);
    }

    /// What a room refused since one was not in it is tried again. Whether one is in it by now is for the server to say: that the
    /// room was joined may be heard over HTTP before the connection tells it, or after.
    pub(crate) fn retry_shut_out(&mut self, room: RoomId, me: Option<UserId>, ctx: &mut Ctx<'_>) {
        let refused: Vec<MessageId> = self
            .of(me)
            .filter(|entry| entry.is_shut_out() && entry.command.room == room)
            .map(|entry| entry.command.id)
            .collect();
        for id in refused {
            self.retry(id, me, ctx);
        }
    }

    /// The person takes a command back.
    pub(crate) fn discard(&mut self, id: MessageId, ctx: &mut Ctx<'_>) {
        if let Some(entry) = self.queue.remove(id) {
            ctx.effect(Effect::Forget(id));
            changed(entry.command.room, ctx);
        }
    }

    /// A command is stored: it leaves the outbox, once.
    pub(crate) fn stored(
        &mut self,
        id: MessageId,
        me: Option<UserId>,
        ctx: &mut Ctx<'_>,
    ) -> Option<OutboxEntry> {
        self.queue.get(id).filter(|entry| entry.by == me)?;
        let entry = self.queue.remove(id)?;
        ctx.effect(Effect::Forget(id));
        changed(entry.command.room, ctx);
        Some(entry)
    }

    /// The server's `ack`: its room is free for the next command.
    pub(crate) fn acked(
        &mut self,
        id: MessageId,
        me: Option<UserId>,
        ctx: &mut Ctx<'_>,
    ) -> Option<OutboxEntry> {
        self.queue.answered(id);
        self.stored(id, me, ctx)
    }

    /// The server's `nack`: the command waits, or has failed.
    pub(crate) fn refused(&mut self, nack: Nack, ctx: &mut Ctx<'_>) {
        let Some(entry) = self.queue.get(nack.id) else {
            self.queue.answered(nack.id);
            return;
        };
        changed(entry.command.room, ctx);
        if nack.code.is_worth_a_retry() {
            let asked_ms = nack.retry_after_ms;
            let until_ms = |before: u32| {
                let wait_ms = REFUSED.asked_or(asked_ms, before, ctx);
                ctx.after(wait_ms)
            };
            if !self.queue.refused(nack.id, nack.code, until_ms) {
                return;
            }
        }
        let failure = Failure {
            code: nack.code,
            message: nack.message,
        };
        let Some(entry) = self.queue.fail(nack.id, failure.clone()).cloned() else {
            return;
        };
        if matches!(entry.command.act, Act::Send { .. }) {
            ctx.effect(Effect::Save(entry.clone()));
        } else {
            // A change is rolled back by being forgotten; there is nothing to try again from.
            self.queue.remove(entry.command.id);
            ctx.effect(Effect::Forget(entry.command.id));
        }
        let Failure { code, message } = failure;
        ctx.effect(Effect::Failed(Box::new(Failed {
            entry,
            code,
            message,
        })));
    }

    /// Sends what may go out now.
    pub(crate) fn send(&mut self, me: UserId, ctx: &mut Ctx<'_>) {
        while let Some(entry) = self.queue.next(me, ctx.ms()) {
            ctx.changed(Change::Timeline(entry.command.room));
            ctx.transmit(ClientFrame::Command(entry.command.clone()));
        }
    }

    /// Finds what has no answer for long.
    pub(crate) fn tick(&mut self, ctx: &mut Ctx<'_>) {
        for room in self.queue.find_late(ctx.ms()) {
            ctx.changed(Change::Timeline(room));
        }
    }

    /// When something is to be sent, or an answer is overdue.
    pub(crate) fn deadline(&mut self, me: UserId, now_ms: u64) -> Option<u64> {
        self.queue.deadline(me, now_ms)
    }

    /// The connection is gone.
    pub(crate) fn down(&mut self) {
        self.queue.down();
    }

    /// The connection came or went: what waits looks otherwise.
    pub(crate) fn show_all(&self, ctx: &mut Ctx<'_>) {
        for entry in self.queue.all() {
            ctx.changed(Change::Timeline(entry.command.room));
        }
    }
}

fn changed(room: RoomId, ctx: &mut Ctx<'_>) {
    ctx.changed(Change::Outbox);
    ctx.changed(Change::Timeline(room));
}

//! One write after the other. A refused one changes nothing.

use super::{messages::Order, rooms::NewAccount, tables::Tables};
use crate::store::{Outcome, Write};

impl Tables {
    /// Applies the writes of one transaction, in order.
    pub(super) fn apply_all(&mut self, writes: &[Write]) -> Vec<Outcome> {
        writes.iter().map(|write| self.apply(write)).collect()
    }

    #[expect(clippy::too_many_lines, reason = "one arm a verb and nothing else")]
    fn apply(&mut self, write: &Write) -> Outcome {
        match *write {
            Write::Send {
                who,
                id,
                room,
                ref text,
                reply_to,
                now,
            } => self.send(Order { who, id, room, now }, text, reply_to),
            Write::Edit {
                who,
                id,
                room,
                of,
                ref text,
                now,
            } => self.edit(Order { who, id, room, now }, of, text),
            Write::Delete {
                who,
                id,
                room,
                of,
                now,
            } => self.delete(Order { who, id, room, now }, of),
            Write::React {
                who,
                id,
                room,
                of,
                ref emoji,
                on,
                now,
            } => self.react(Order { who, id, room, now }, of, emoji, on),
            Write::Read { who, room, seq } => self.read(who, room, seq),
            Write::Join {
                who,
                room,
                user,
                now,
            } => self.join(who, room, user, now),
            Write::Leave {
                who,
                room,
                user,
                now,
            } => self.leave(who, room, user, now),
            Write::CreateRoom {
                who,
                kind,
                ref name,
                ref topic,
                now,
            } => self.create(who, (kind, name, topic), now),
            Write::CreateDirect {
                who,
                ref others,
                now,
            } => self.create_direct(who, others, now),
            Write::ChangeRoom {
                who,
                room,
                ref name,
                ref topic,
                now,
            } => self.change(who, room, (name.as_deref(), topic.as_deref()), now),
            Write::DeleteRoom { who, room, .. } => self.remove_room(who, room),
            Write::CreateAccount {
                ref name,
                ref display_name,
                ref password,
                ref invite,
                open,
                now,
            } => self.create_account(&NewAccount {
                name,
                display_name,
                password,
                invite: invite.as_deref(),
                open,
                now,
            }),
        }
    }
}

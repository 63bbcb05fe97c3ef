//! One write after the other. A refused one changes nothing.

use super::{rooms::NewAccount, tables::Tables};
use crate::store::{Outcome, Write};

impl Tables {
    /// Applies the writes of one transaction, in order.
    pub(super) fn apply_all(&mut self, writes: &[Write]) -> Vec<Outcome> {
        writes.iter().map(|write| self.apply(write)).collect()
    }

    fn apply(&mut self, write: &Write) -> Outcome {
        match *write {
            Write::Command(ref one) => self.command(one),
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

//! What every store decides in the same way, whatever it reads the facts from.

use protocol::{Ack, Act, ActKind, UserId};

use super::{Authored, Done, Reply, StoredAck};
use crate::{
    auth::rights::{Place, Right, Who, may},
    error::Refusal,
};

/// Different emoji that one message may carry: a page must stay readable, and a row small.
pub(super) const MAX_EMOJI: usize = 50;

/// A message that a command changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) author: UserId,
    pub(super) deleted: bool,
}

/// The ack of a command that stands in the log at `seq` since `at`.
pub(super) const fn ack(one: &Authored, (seq, at): (u64, u64)) -> Ack {
    Ack {
        id: one.command.id,
        room: one.command.room,
        seq,
        at,
    }
}

/// What an id that was acked before gets: the same again for the same kind of act in the same room, `conflict` for anything else
/// (contract, "Commands").
pub(super) fn same_again(
    one: &Authored,
    stored: StoredAck,
    of_kind: ActKind,
) -> Result<Done, Refusal> {
    if stored.room != one.command.room || of_kind != one.command.act.kind() {
        return Err(Refusal::conflict("this id was used for something else").on("id"));
    }
    Ok(Done::quiet(Reply::Ack {
        ack: ack(one, (stored.seq, stored.at)),
        repeat: true,
    }))
}

/// Whether `who`, who may write in `place`, may change a message in this way, and whether there is anything left to change.
pub(super) fn may_change(who: Who, place: Place, act: &Act, target: Target) -> Result<(), Refusal> {
    may(who, place, Right::Change(act.kind(), target.author))?;
    if !target.deleted || !act.kind().rules().needs_living {
        return Ok(());
    }
    let why = match act {
        Act::Delete { .. } => "this message was deleted before",
        _ => "this message was deleted",
    };
    Err(Refusal::conflict(why).on("of"))
}

/// A message has room for so many different emoji.
pub(super) fn room_for_emoji(different: usize) -> Result<(), Refusal> {
    if different < MAX_EMOJI {
        return Ok(());
    }
    let why = format!("a message carries at most {MAX_EMOJI} different reactions");
    Err(Refusal::invalid("emoji", why))
}

/// There is no such message in the room.
pub(super) fn no_message(field: &'static str) -> Refusal {
    Refusal::not_found("message").on(field)
}

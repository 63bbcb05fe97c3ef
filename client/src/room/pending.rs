//! Own messages that are not stored yet, as they are drawn.

use protocol::{Act, RoomId, ThreadPlace, UserId};

use super::{Around, Room};
use crate::{MessageView, OutboxEntry, SendState};

/// Whether a command belongs to this user and room.
pub(super) fn is_mine(entry: &OutboxEntry, room: RoomId, me: Option<UserId>) -> bool {
    entry.command.room == room && (entry.by == me || entry.by.is_none())
}

/// One's own messages that are not stored yet, as they will go out.
pub(super) fn pending<'a>(
    room: &'a Room,
    around: &'a Around<'_>,
) -> impl Iterator<Item = MessageView> + 'a {
    let me = around.people.my_id();
    let mine = around
        .outbox
        .all()
        .iter()
        .filter(move |entry| is_mine(entry, room.summary.id, me))
        .filter(|entry| room.held.shows(&entry.command.act));
    mine.filter_map(move |entry| message_of(entry, me?, state(entry, around)))
}

/// How a command stands.
fn state(entry: &OutboxEntry, around: &Around<'_>) -> SendState {
    let hold = around.outbox.hold(entry.command.room);
    match (&entry.failed, hold) {
        (Some(failed), _) => SendState::Failed {
            code: failed.code,
            message: failed.message.clone(),
            retry: failed.code.is_worth_a_retry(),
        },
        (None, _) if !around.live => SendState::Waiting {
            why: None,
            until_ms: None,
        },
        (None, Some(hold)) => SendState::Waiting {
            why: Some(hold.code),
            until_ms: Some(hold.until_ms),
        },
        (None, None) if around.outbox.is_late(entry.command.id) => SendState::Late,
        (None, None) if around.outbox.is_stuck(entry.command.room) => SendState::Waiting {
            why: None,
            until_ms: None,
        },
        (None, None) => SendState::Pending,
    }
}

/// The message that a command sends; none where it sends none.
pub(super) fn message_of(entry: &OutboxEntry, me: UserId, state: SendState) -> Option<MessageView> {
    let Act::Send {
        text,
        reply_to,
        thread,
    } = &entry.command.act
    else {
        return None;
    };
    Some(MessageView {
        seq: None,
        id: entry.command.id,
        by: me,
        at: entry.at,
        text: Some(text.clone()),
        reply_to: *reply_to,
        edited_at: None,
        deleted: false,
        reactions: Vec::new(),
        pinned: false,
        thread: thread.map(|thread| ThreadPlace {
            root: thread.root,
            n: 0,
            also: thread.also,
        }),
        replies: None,
        to_me: false,
        state,
        changing: false,
    })
}

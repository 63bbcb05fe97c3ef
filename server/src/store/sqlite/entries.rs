//! Entries of the log, as rows.

use protocol::{Event, EventKind, MessageId, RoomId, UserId};
use sqlx::SqliteConnection;

use super::{
    rows::{int, kind, uint},
    sums::sum,
    tx::Step,
};

/// An entry on its way into a log.
pub(super) struct NewEntry<'a> {
    pub(super) room: RoomId,
    pub(super) by: UserId,
    pub(super) at: u64,
    pub(super) id: Option<MessageId>,
    pub(super) kind: &'a EventKind,
}

/// Appends an entry that is no message (those come in runs, see `sends`): the room's next `seq` is allotted here, in the transaction that
/// stores it.
pub(super) async fn append(tx: &mut SqliteConnection, new: NewEntry<'_>) -> Step<Event> {
    let NewEntry {
        room,
        by,
        at,
        id,
        kind,
    } = new;
    let (seq,): (i64,) =
        sqlx::query_as("UPDATE rooms SET last_seq = last_seq + 1 WHERE id = ? RETURNING last_seq")
            .bind(int(room.get()))
            .fetch_one(&mut *tx)
            .await?;
    let (number, target, text, emoji, flag) = columns(kind);
    sqlx::query(
        "INSERT INTO entries (room_id, seq, kind, author, at, id, target, text, emoji, flag, sum, said)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
           COALESCE((SELECT said FROM entries WHERE room_id = ?1 AND seq = ?2 - 1), 0))",
    )
    .bind(int(room.get()))
    .bind(seq)
    .bind(number)
    .bind(int(by.get()))
    .bind(int(at))
    .bind(id.as_ref().map(|id| id.as_bytes().as_slice()))
    .bind(target)
    .bind(text)
    .bind(emoji)
    .bind(flag)
    .bind(text.map(|text| sum(text.as_bytes())))
    .execute(tx)
    .await?;
    Ok(Event {
        room,
        seq: uint(seq)?,
        at,
        by,
        kind: kind.clone(),
    })
}

type Columns<'a> = (
    i64,
    Option<i64>,
    Option<&'a str>,
    Option<&'a str>,
    Option<bool>,
);

fn columns(kind: &EventKind) -> Columns<'_> {
    match kind {
        EventKind::Edit { of, text, .. } => {
            (kind::EDIT, Some(int(*of)), text.as_deref(), None, None)
        }
        EventKind::Delete { of } => (kind::DELETE, Some(int(*of)), None, None, None),
        EventKind::Reaction { of, emoji, on } => {
            (kind::REACTION, Some(int(*of)), None, Some(emoji), Some(*on))
        }
        EventKind::Join { user } => (kind::JOIN, Some(int(user.get())), None, None, None),
        EventKind::Leave { user } => (kind::LEAVE, Some(int(user.get())), None, None, None),
        EventKind::Topic { text } => (kind::TOPIC, None, Some(text), None, None),
        // Nothing makes one here; a kind that no reader knows would be refused as corrupt.
        EventKind::Message { .. } | EventKind::Unknown => (-1, None, None, None, None),
    }
}

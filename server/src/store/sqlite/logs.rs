//! The logs of rooms, as they were written.

use async_trait::async_trait;
use protocol::{EarlierText, Event, Message, MessageId, PinnedMessage, RoomId, Seq, UserId};
use rusqlite::{Connection, params};
use serde_json::json;

use super::{
    SqliteStore, messages,
    rows::{Columns as _, ENTRY, all, event, first, int},
};
use crate::store::{
    Author, GivenEmoji, LOOK_BACK, Logs, MessagePage, Newest, PageAt, StoreError, StoredAck,
    ThreadPage, rules::StoreResult,
};

#[async_trait]
impl Logs for SqliteStore {
    async fn find_ack(
        &self,
        author: UserId,
        id: MessageId,
    ) -> Result<Option<StoredAck>, StoreError> {
        self.read(move |db| {
            first(
                db,
                "SELECT room_id, seq, at FROM commands WHERE author = ? AND id = ?",
                params![author.get(), id.as_bytes()],
                |row| {
                    Ok(StoredAck {
                        room: row.room(0)?,
                        seq: row.get(1)?,
                        at: row.get(2)?,
                    })
                },
            )
        })
        .await
    }

    async fn last_seq(&self, room: RoomId) -> Result<Seq, StoreError> {
        self.read(move |db| last_seq(db, room)).await
    }

    async fn recent_authors(&self, rooms: &[RoomId]) -> Result<Vec<Author>, StoreError> {
        let rooms = json!(rooms).to_string();
        self.read(move |db| {
            // `at` is that of the row with the greatest `seq` (sqlite.org/lang_select.html, "Bare columns in an aggregate query").
            all(
                db,
                "SELECT e.room_id, e.author, MAX(e.seq), e.at FROM json_each(?) j CROSS JOIN rooms r ON r.id = j.value
                 CROSS JOIN entries e ON e.room_id = r.id AND e.seq > r.last_seq - ? AND e.kind = 0 GROUP BY e.room_id, e.author",
                params![rooms, LOOK_BACK],
                |row| {
                    Ok(Author {
                        room: row.room(0)?,
                        user: row.user(1)?,
                        seq: row.get(2)?,
                        at: row.get(3)?,
                    })
                },
            )
        })
        .await
    }

    async fn history(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<MessagePage, StoreError> {
        self.read(move |db| messages::history(db, (room, user), at, limit))
            .await
    }

    async fn thread(
        &self,
        of: (RoomId, Seq),
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<Option<ThreadPage>, StoreError> {
        self.read(move |db| messages::thread(db, of, user, (at, limit)))
            .await
    }

    async fn newest(&self, room: RoomId, limit: u32) -> Result<Newest, StoreError> {
        self.read(move |db| messages::newest(db, room, limit)).await
    }

    async fn log(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
        bytes: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.read(move |db| log(db, room, after, (limit, bytes)))
            .await
    }

    async fn messages(
        &self,
        room: RoomId,
        user: UserId,
        seqs: &[Seq],
    ) -> Result<Vec<Message>, StoreError> {
        let seqs = json!(seqs).to_string();
        self.read(move |db| messages::at(db, (room, user), &seqs))
            .await
    }

    async fn notes(
        &self,
        room: RoomId,
        from: Seq,
        to: Seq,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.read(move |db| {
            let statement = format!(
                "SELECT {ENTRY} FROM entries
                 WHERE room_id = ? AND kind IN (4, 5, 6, 8) AND seq >= ? AND seq <= ? ORDER BY seq DESC LIMIT +?"
            );
            let asked = params![room.get(), int(from), int(to), limit];
            let mut notes = all(db, &statement, asked, |row| Ok(event(room, row)?.0))?;
            notes.reverse();
            Ok(notes)
        })
        .await
    }

    async fn mentions(
        &self,
        room: RoomId,
        user: UserId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Seq>, StoreError> {
        self.read(move |db| {
            all(
                db,
                "SELECT DISTINCT seq FROM mentions
                 WHERE user_id IN (0, ?1) AND room_id = ?2 AND seq > ?3 AND author <> ?1 ORDER BY seq LIMIT +?4",
                params![user.get(), room.get(), int(after), limit],
                |row| Ok(row.get(0)?),
            )
        })
        .await
    }

    async fn pins(&self, room: RoomId, user: UserId) -> Result<Vec<PinnedMessage>, StoreError> {
        self.read(move |db| messages::pins(db, (room, user))).await
    }

    async fn givers(
        &self,
        room: RoomId,
        seq: Seq,
        limit: u32,
    ) -> Result<Vec<GivenEmoji>, StoreError> {
        self.read(move |db| messages::givers_of(db, (room, seq), limit))
            .await
    }

    async fn earlier_texts(
        &self,
        room: RoomId,
        seq: Seq,
        limit: u32,
    ) -> Result<Vec<EarlierText>, StoreError> {
        self.read(move |db| messages::earlier_texts(db, (room, seq), limit))
            .await
    }
}

pub(super) fn last_seq(db: &Connection, room: RoomId) -> StoreResult<Seq> {
    let statement = "SELECT last_seq FROM rooms WHERE id = ? AND deleted_at IS NULL";
    let found = first(db, statement, [room.get()], |row| Ok(row.get(0)?))?;
    Ok(found.unwrap_or(0))
}

fn log(
    db: &Connection,
    room: RoomId,
    after: Seq,
    (limit, bytes): (u32, usize),
) -> StoreResult<Vec<Event>> {
    let statement =
        format!("SELECT {ENTRY} FROM entries WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT +?");
    let mut statement = db.prepare_cached(&statement)?;
    let mut rows = statement.query(params![room.get(), int(after), limit])?;
    let (mut weight, mut events) = (0, Vec::new());
    // One after the other: a thousand of the longest have 32 MB, and most of them would be read for nothing.
    while let Some(row) = rows.next()? {
        let (event, bytes_of_it) = event(room, row)?;
        weight += bytes_of_it;
        if weight > bytes && !events.is_empty() {
            break;
        }
        events.push(event);
    }
    Ok(events)
}

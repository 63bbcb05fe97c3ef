//! The logs of rooms, as they were written.

use async_trait::async_trait;
use protocol::{EarlierText, Event, Message, MessageId, PinnedMessage, RoomId, Seq, UserId};

use super::{
    PostgresStore, messages,
    rows::{Db, Number as _, PgColumns as _, event, numbers, uuid},
};
use crate::store::{
    Author, GivenEmoji, LOOK_BACK, Logs, MessagePage, Newest, PageAt, StoreError, StoredAck,
    ThreadPage, codes::ENTRY, rules::StoreResult,
};

#[async_trait]
impl Logs for PostgresStore {
    async fn find_ack(
        &self,
        author: UserId,
        id: MessageId,
    ) -> Result<Option<StoredAck>, StoreError> {
        self.read(|db| {
            Box::pin(async move {
                db.first(
                    "SELECT room_id, seq, at FROM commands WHERE author = $1 AND id = $2",
                    &[&author.n(), &uuid(id)],
                    |row| {
                        Ok(StoredAck {
                            room: row.room(0)?,
                            seq: row.number(1)?,
                            at: row.number(2)?,
                        })
                    },
                )
                .await
            })
        })
        .await
    }

    async fn last_seq(&self, room: RoomId) -> Result<Seq, StoreError> {
        self.read(|db| Box::pin(last_seq(db, room))).await
    }

    async fn recent_authors(&self, rooms: &[RoomId]) -> Result<Vec<Author>, StoreError> {
        let rooms = numbers(rooms);
        self.read(|db| {
            Box::pin(async move {
                db.all(
                    "SELECT DISTINCT ON (e.room_id, e.author) e.room_id, e.author, e.seq, e.at FROM heads h
                     JOIN entries e ON e.room_id = h.room_id AND e.seq > h.last_seq - $2 AND e.kind = 0
                     WHERE h.room_id = ANY ($1) ORDER BY e.room_id, e.author, e.seq DESC",
                    &[&rooms, &LOOK_BACK.n()],
                    |row| {
                        Ok(Author {
                            room: row.room(0)?,
                            user: row.user(1)?,
                            seq: row.number(2)?,
                            at: row.number(3)?,
                        })
                    },
                )
                .await
            })
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
        self.snapshot(|db| Box::pin(messages::page(db, (room, user), None, (at, limit))))
            .await
    }

    async fn thread(
        &self,
        of: (RoomId, Seq),
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<Option<ThreadPage>, StoreError> {
        self.snapshot(|db| Box::pin(messages::thread(db, of, user, (at, limit))))
            .await
    }

    async fn newest(&self, room: RoomId, limit: u32) -> Result<Newest, StoreError> {
        self.snapshot(|db| Box::pin(messages::newest(db, room, limit)))
            .await
    }

    async fn log(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
        bytes: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.read(|db| Box::pin(log(db, room, after, (limit, bytes))))
            .await
    }

    async fn messages(
        &self,
        room: RoomId,
        user: UserId,
        seqs: &[Seq],
    ) -> Result<Vec<Message>, StoreError> {
        let seqs = seqs.to_vec();
        self.snapshot(|db| Box::pin(async move { messages::at(db, (room, user), &seqs).await }))
            .await
    }

    async fn notes(
        &self,
        room: RoomId,
        from: Seq,
        to: Seq,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.read(|db| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {ENTRY} FROM entries
                     WHERE room_id = $1 AND kind IN (4, 5, 6, 8) AND seq >= $2 AND seq <= $3 ORDER BY seq DESC LIMIT $4"
                );
                let limit = i64::from(limit);
                let asked: super::rows::Params<'_> = &[&room.n(), &from.n(), &to.n(), &limit];
                let mut notes = db.all(&sql, asked, |row| Ok(event(room, row)?.0)).await?;
                notes.reverse();
                Ok(notes)
            })
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
        self.read(|db| {
            Box::pin(async move {
                db.all(
                    "SELECT DISTINCT seq FROM mentions
                     WHERE user_id IN (0, $1) AND room_id = $2 AND seq > $3 AND author <> $1 ORDER BY seq LIMIT $4",
                    &[&user.n(), &room.n(), &after.n(), &i64::from(limit)],
                    |row| row.number(0),
                )
                .await
            })
        })
        .await
    }

    async fn pins(&self, room: RoomId, user: UserId) -> Result<Vec<PinnedMessage>, StoreError> {
        self.snapshot(|db| Box::pin(messages::pins(db, (room, user))))
            .await
    }

    async fn givers(
        &self,
        room: RoomId,
        seq: Seq,
        limit: u32,
    ) -> Result<Vec<GivenEmoji>, StoreError> {
        self.read(|db| Box::pin(messages::givers_of(db, (room, seq), limit)))
            .await
    }

    async fn earlier_texts(
        &self,
        room: RoomId,
        seq: Seq,
        limit: u32,
    ) -> Result<Vec<EarlierText>, StoreError> {
        self.read(|db| Box::pin(messages::earlier_texts(db, (room, seq), limit)))
            .await
    }
}

pub(super) async fn last_seq(db: &mut Db, room: RoomId) -> StoreResult<Seq> {
    let sql = "SELECT h.last_seq FROM heads h JOIN rooms r ON r.id = h.room_id AND r.deleted_at IS NULL WHERE h.room_id = $1";
    let found = db.first(sql, &[&room.n()], |row| row.number(0)).await?;
    Ok(found.unwrap_or(0))
}

/// What a row weighs beside its text; as [`event`] counts it, but for characters that JSON writes longer: the database cuts roughly, and what it
/// sent is cut exactly.
const ROUGH: i64 = 160;

async fn log(
    db: &mut Db,
    room: RoomId,
    after: Seq,
    (limit, bytes): (u32, usize),
) -> StoreResult<Vec<Event>> {
    // A thousand of the longest have 32 MB: the sum ends the list in the database, one entry after it is full.
    let sql = format!(
        "SELECT {ENTRY} FROM (SELECT *, SUM($5::bigint + COALESCE(octet_length(text), 0))
             OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
           FROM (SELECT * FROM entries WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS next) AS weighed
         WHERE before IS NULL OR before <= $4::bigint ORDER BY seq"
    );
    let most = i64::try_from(bytes).unwrap_or(i64::MAX);
    let asked: super::rows::Params<'_> = &[&room.n(), &after.n(), &i64::from(limit), &most, &ROUGH];
    let found = db.all(&sql, asked, |row| event(room, row)).await?;
    let (mut weight, mut events) = (0, Vec::with_capacity(found.len()));
    for (event, bytes_of_it) in found {
        weight += bytes_of_it;
        if weight > bytes && !events.is_empty() {
            break;
        }
        events.push(event);
    }
    Ok(events)
}

//! Rooms as one user sees them, with counts.

use std::collections::HashMap;

use async_trait::async_trait;
use protocol::{ListOrder, RoomId, RoomKind, RoomSummary, UserId};
use tokio_postgres::Row;

use super::{
    PostgresStore, accounts,
    room_rows::hidden_before,
    rows::{Db, Number as _, PgColumns as _, cut, numbers},
};
use crate::{
    auth::rights::Place,
    latin::latin,
    store::{
        RoomPage, Rooms, StoreError, UserPage,
        codes::{notify_of, room_kind_of},
        rooms::called_by,
        rules::StoreResult,
    },
};

/// The counts of `m.user_id` in room `r` with head `h`: the room's own texts of others after the read position, and those that name the user. What was
/// said after the read position is a difference of ordinals, what the user said of it stands in the member's row; the deleted messages are few, and
/// counted.
const COLUMNS: &str = "r.id, r.kind, r.name, r.topic, r.created_by, h.last_seq,
    COALESCE(m.read_seq, 0), m.user_id IS NOT NULL,
    CASE WHEN m.user_id IS NULL THEN 0 ELSE
      h.said
      - COALESCE((SELECT e.said FROM entries e WHERE e.room_id = r.id AND e.seq = m.read_seq), 0)
      - m.own_after
      - (SELECT COUNT(*) FROM entries e WHERE e.room_id = r.id AND e.kind = 0 AND e.deleted = 1
         AND e.in_room = 1 AND e.seq > m.read_seq AND e.author <> m.user_id)
    END,
    (SELECT COUNT(DISTINCT n.seq) FROM mentions n WHERE m.user_id IS NOT NULL AND n.user_id IN (0, m.user_id)
       AND n.room_id = r.id AND n.seq > m.read_seq AND n.in_room = 1 AND n.author <> m.user_id),
    r.read_only, r.archived, COALESCE(m.gen, 0), COALESCE(m.notify, 0::smallint), COALESCE(m.muted, 0::smallint),
    COALESCE(m.favourite, 0::smallint), m.place";

/// The people of a direct room, and its name, come from elsewhere ([`name_direct`]).
fn summary(row: &Row) -> StoreResult<RoomSummary> {
    let name: String = row.of(2)?;
    Ok(RoomSummary {
        id: row.room(0)?,
        kind: room_kind_of(row.small(1)?)?,
        latin: latin(&name),
        name,
        topic: row.of(3)?,
        created_by: Some(row.user(4)?),
        last_seq: row.number(5)?,
        read_seq: row.number(6)?,
        generation: row.number(12)?,
        member: row.of(7)?,
        unread: row.number(8)?,
        mentions: row.number(9)?,
        users: Vec::new(),
        read_only: row.flag(10)?,
        archived: row.flag(11)?,
        notify: notify_of(row.small(13)?)?,
        muted: row.flag(14)?,
        favourite: row.flag(15)?,
        order: row.of::<Option<f64>>(16)?.and_then(ListOrder::new),
    })
}

#[async_trait]
impl Rooms for PostgresStore {
    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
        self.snapshot(|db| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {COLUMNS} FROM members m JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL
                     JOIN heads h ON h.room_id = r.id WHERE m.user_id = $1 ORDER BY r.id"
                );
                let rooms = db.all(&sql, &[&user.n()], summary).await?;
                name_direct(db, user, rooms).await
            })
        })
        .await
    }

    async fn rooms_page(
        &self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> Result<RoomPage, StoreError> {
        self.snapshot(|db| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {COLUMNS} FROM rooms r JOIN heads h ON h.room_id = r.id LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1
                     WHERE r.id > $2 AND r.deleted_at IS NULL AND r.hidden_at IS NULL AND (r.kind = 0 OR m.user_id IS NOT NULL)
                     ORDER BY r.id LIMIT $3"
                );
                let most = i64::from(limit) + 1;
                let found = db
                    .all(&sql, &[&user.n(), &after.n(), &most], summary)
                    .await?;
                let (rooms, more) = cut(found, limit);
                let next = rooms.last().filter(|_| more).map(|room| room.id.get());
                Ok(RoomPage {
                    rooms: name_direct(db, user, rooms).await?,
                    next,
                })
            })
        })
        .await
    }

    async fn room(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<(RoomSummary, Place)>, StoreError> {
        self.snapshot(|db| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {COLUMNS} FROM rooms r JOIN heads h ON h.room_id = r.id LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1
                     WHERE r.id = $2 AND r.deleted_at IS NULL AND r.hidden_at IS NULL"
                );
                let found = db.all(&sql, &[&user.n(), &room.n()], summary).await?;
                let found = name_direct(db, user, found).await?.pop();
                Ok(found.map(|room| {
                    let place = Place::from(&room);
                    (room, place)
                }))
            })
        })
        .await
    }

    async fn members(
        &self,
        room: RoomId,
        query: &str,
        after: u64,
        limit: u32,
    ) -> Result<UserPage, StoreError> {
        let query = query.to_owned();
        self.read(|db| {
            Box::pin(async move { accounts::members(db, room, &query, after, limit).await })
        })
        .await
    }

    async fn hidden_before(&self, at: u64) -> Result<bool, StoreError> {
        self.read(|db| Box::pin(async move { Ok(hidden_before(db, at).await?.is_some()) }))
            .await
    }

    async fn member_count(&self, room: RoomId) -> Result<u64, StoreError> {
        self.read(|db| {
            Box::pin(async move {
                let sql = "SELECT COUNT(*) FROM members WHERE room_id = $1";
                db.one(sql, &[&room.n()], |row| row.number(0)).await
            })
        })
        .await
    }
}

/// A direct room is called by the others who are in it.
async fn name_direct(
    db: &mut Db,
    user: UserId,
    mut rooms: Vec<RoomSummary>,
) -> StoreResult<Vec<RoomSummary>> {
    let direct = rooms.iter().filter(|room| room.kind == RoomKind::Direct);
    let direct: Vec<RoomId> = direct.map(|room| room.id).collect();
    if direct.is_empty() {
        return Ok(rooms);
    }
    let found = db
        .all(
            "SELECT m.room_id, u.id, u.display_name FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.room_id = ANY ($1) ORDER BY m.room_id, u.id",
            &[&numbers(&direct)],
            |row| Ok((row.room(0)?, row.user(1)?, row.of::<String>(2)?)),
        )
        .await?;
    let mut people: HashMap<RoomId, Vec<(UserId, String)>> = HashMap::new();
    for (room, id, name) in found {
        people.entry(room).or_default().push((id, name));
    }
    for room in &mut rooms {
        if let Some(people) = people.remove(&room.id) {
            called_by(room, user, people);
        }
    }
    Ok(rooms)
}

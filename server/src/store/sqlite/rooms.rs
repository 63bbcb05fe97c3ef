//! Rooms as one user sees them, with counts.

use std::collections::HashMap;

use async_trait::async_trait;
use protocol::{ListOrder, RoomId, RoomKind, RoomSummary, UserId};
use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::{
    SqliteStore, accounts,
    room_rows::hidden_before,
    rows::{Columns as _, all, cut, first, int, value},
};
use crate::{
    auth::rights::Place,
    latin::latin,
    store::{RoomPage, Rooms, StoreError, UserPage, rooms::called_by, rules::StoreResult},
};

/// The counts of `m.user_id` in room `r`: the room's own texts of others after the read position, and those that name the user. What was said after the
/// read position is a difference of ordinals, what the user said of it stands in the member's row; the deleted messages are few, and counted.
const COLUMNS: &str = "r.id, r.kind, r.name, r.topic, r.created_by, r.last_seq,
    COALESCE(m.read_seq, 0), m.user_id IS NOT NULL,
    CASE WHEN m.user_id IS NULL THEN 0 ELSE
      COALESCE((SELECT e.said FROM entries e WHERE e.room_id = r.id AND e.seq = r.last_seq), 0)
      - COALESCE((SELECT e.said FROM entries e WHERE e.room_id = r.id AND e.seq = m.read_seq), 0)
      - m.own_after
      - (SELECT COUNT(*) FROM entries e INDEXED BY entries_deleted WHERE e.room_id = r.id AND e.kind = 0 AND e.deleted = 1
         AND e.in_room = 1 AND e.seq > m.read_seq AND e.author <> m.user_id)
    END,
    (SELECT COUNT(DISTINCT n.seq) FROM mentions n WHERE m.user_id IS NOT NULL AND n.user_id IN (0, m.user_id)
       AND n.room_id = r.id AND n.seq > m.read_seq AND n.in_room = 1 AND n.author <> m.user_id),
    r.read_only, r.archived, COALESCE(m.gen, 0), COALESCE(m.notify, 0), COALESCE(m.muted, 0), COALESCE(m.favourite, 0), m.place";

/// The people of a direct room, and its name, come from elsewhere ([`name_direct`]).
fn summary(row: &Row<'_>) -> StoreResult<RoomSummary> {
    let name: String = row.get(2)?;
    Ok(RoomSummary {
        id: row.room(0)?,
        kind: row.room_kind(1)?,
        latin: latin(&name),
        name,
        topic: row.get(3)?,
        created_by: Some(row.user(4)?),
        last_seq: row.get(5)?,
        read_seq: row.get(6)?,
        generation: row.get(12)?,
        member: row.get(7)?,
        unread: row.get(8)?,
        mentions: row.get(9)?,
        users: Vec::new(),
        read_only: row.get(10)?,
        archived: row.get(11)?,
        notify: row.notify(13)?,
        muted: row.get(14)?,
        favourite: row.get(15)?,
        order: row.get::<_, Option<f64>>(16)?.and_then(ListOrder::new),
    })
}

#[async_trait]
impl Rooms for SqliteStore {
    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, StoreError> {
        self.read(move |db| {
            let statement = format!(
                "SELECT {COLUMNS} FROM members m CROSS JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL
                 WHERE m.user_id = ? ORDER BY r.id"
            );
            name_direct(db, user, all(db, &statement, [user.get()], summary)?)
        })
        .await
    }

    async fn rooms_page(
        &self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> Result<RoomPage, StoreError> {
        self.read(move |db| {
            let statement = format!(
                "SELECT {COLUMNS} FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?1
                 WHERE r.id > ?2 AND r.deleted_at IS NULL AND r.hidden_at IS NULL AND (r.kind = 0 OR m.user_id IS NOT NULL) ORDER BY r.id LIMIT +?3"
            );
            let asked = params![user.get(), int(after), limit + 1];
            let (rooms, more) = cut(all(db, &statement, asked, summary)?, limit);
            let next = rooms.last().filter(|_| more).map(|room| room.id.get());
            Ok(RoomPage {
                rooms: name_direct(db, user, rooms)?,
                next,
            })
        })
        .await
    }

    async fn room(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<(RoomSummary, Place)>, StoreError> {
        self.read(move |db| {
            let statement = format!(
                "SELECT {COLUMNS} FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?1
                 WHERE r.id = ?2 AND r.deleted_at IS NULL AND r.hidden_at IS NULL"
            );
            let found = first(db, &statement, params![user.get(), room.get()], summary)?;
            let found = name_direct(db, user, found.into_iter().collect())?.pop();
            Ok(found.map(|room| {
                let place = Place::from(&room);
                (room, place)
            }))
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
        self.read(move |db| accounts::members(db, room, &query, after, limit))
            .await
    }

    async fn hidden_before(&self, at: u64) -> Result<bool, StoreError> {
        self.read(move |db| Ok(hidden_before(db, at)?.is_some()))
            .await
    }

    async fn member_count(&self, room: RoomId) -> Result<u64, StoreError> {
        let statement = "SELECT COUNT(*) FROM members WHERE room_id = ?";
        self.read(move |db| value(db, statement, [room.get()]))
            .await
    }
}

/// A direct room is called by the others who are in it.
fn name_direct(
    db: &Connection,
    user: UserId,
    mut rooms: Vec<RoomSummary>,
) -> StoreResult<Vec<RoomSummary>> {
    let direct = rooms.iter().filter(|room| room.kind == RoomKind::Direct);
    let direct: Vec<RoomId> = direct.map(|room| room.id).collect();
    if direct.is_empty() {
        return Ok(rooms);
    }
    let found = all(
        db,
        "SELECT m.room_id, u.id, u.display_name FROM json_each(?) j CROSS JOIN members m ON m.room_id = j.value
         CROSS JOIN users u ON u.id = m.user_id ORDER BY m.room_id, u.id",
        [json!(direct).to_string()],
        |row| Ok((row.room(0)?, row.user(1)?, row.get::<_, String>(2)?)),
    )?;
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

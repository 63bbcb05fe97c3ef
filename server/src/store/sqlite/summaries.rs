//! Rooms as one user sees them, with counts.

use std::collections::HashMap;

use protocol::{RoomId, RoomKind, RoomSummary, UserId};
use serde_json::json;
use sqlx::SqlitePool;

use super::rows::{int, room_id, room_kind, row, uint, user_id};
use crate::{
    auth::rights::Place,
    store::{RoomPage, StoreError},
};

row! {
    struct SummaryRow {
        id: i64,
        kind: i64,
        name: String,
        topic: String,
        created_by: i64,
        last_seq: i64,
        read_seq: i64,
        member: bool,
        unread: i64,
        mentions: i64,
    }
}

/// The counts of `m.user_id` in room `r`: texts of others after the read position, and those that name the user. What was said after the
/// read position is a difference of ordinals, what the user said of it stands in the member's row; the deleted messages are few, and counted.
macro_rules! summary_columns {
    () => {
        "r.id, r.kind, r.name, r.topic, r.created_by, r.last_seq,
         COALESCE(m.read_seq, 0) AS read_seq, m.user_id IS NOT NULL AS member,
         CASE WHEN m.user_id IS NULL THEN 0 ELSE
           COALESCE((SELECT e.said FROM entries e WHERE e.room_id = r.id AND e.seq = r.last_seq), 0)
           - COALESCE((SELECT e.said FROM entries e WHERE e.room_id = r.id AND e.seq = m.read_seq), 0)
           - m.own_after
           - (SELECT COUNT(*) FROM entries e INDEXED BY entries_deleted WHERE e.room_id = r.id AND e.kind = 0 AND e.deleted = 1
              AND e.seq > m.read_seq AND e.author <> m.user_id)
         END AS unread,
         (SELECT COUNT(DISTINCT n.seq) FROM mentions n WHERE m.user_id IS NOT NULL AND n.user_id IN (0, m.user_id)
            AND n.room_id = r.id AND n.seq > m.read_seq AND n.author <> m.user_id) AS mentions"
    };
}

pub(super) async fn rooms_of(
    pool: &SqlitePool,
    user: UserId,
) -> Result<Vec<RoomSummary>, StoreError> {
    let rows: Vec<SummaryRow> = sqlx::query_as(concat!(
        "SELECT ",
        summary_columns!(),
        " FROM members m CROSS JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL
          WHERE m.user_id = ? ORDER BY r.id"
    ))
    .bind(int(user.get()))
    .fetch_all(pool)
    .await?;
    finish(pool, user, rows).await
}

pub(super) async fn rooms_page(
    pool: &SqlitePool,
    user: UserId,
    after: u64,
    limit: u32,
) -> Result<RoomPage, StoreError> {
    let mut rows: Vec<SummaryRow> = sqlx::query_as(concat!(
        "SELECT ",
        summary_columns!(),
        " FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?1
          WHERE r.id > ?2 AND r.deleted_at IS NULL AND (r.kind = 0 OR m.user_id IS NOT NULL) ORDER BY r.id LIMIT +?3"
    ))
    .bind(int(user.get()))
    .bind(int(after))
    .bind(limit + 1)
    .fetch_all(pool)
    .await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = if more {
        rows.last().map(|row| uint(row.id)).transpose()?
    } else {
        None
    };
    Ok(RoomPage {
        rooms: finish(pool, user, rows).await?,
        next,
    })
}

pub(super) async fn room(
    pool: &SqlitePool,
    room: RoomId,
    user: UserId,
) -> Result<Option<(RoomSummary, Place)>, StoreError> {
    let row: Option<SummaryRow> = sqlx::query_as(concat!(
        "SELECT ",
        summary_columns!(),
        " FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?1
          WHERE r.id = ?2 AND r.deleted_at IS NULL"
    ))
    .bind(int(user.get()))
    .bind(int(room.get()))
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let place = Place {
        kind: room_kind(row.kind)?,
        created_by: Some(user_id(row.created_by)?),
        member: row.member,
    };
    Ok(finish(pool, user, vec![row])
        .await?
        .pop()
        .map(|summary| (summary, place)))
}

async fn finish(
    pool: &SqlitePool,
    user: UserId,
    rows: Vec<SummaryRow>,
) -> Result<Vec<RoomSummary>, StoreError> {
    let mut people = people_of_direct_rooms(pool, &rows).await?;
    rows.into_iter()
        .map(|row| {
            let (users, names): (Vec<UserId>, Vec<(UserId, String)>) =
                people.remove(&row.id).unwrap_or_default();
            let kind = room_kind(row.kind)?;
            let name = if kind == RoomKind::Direct {
                others(&names, user)
            } else {
                row.name
            };
            Ok(RoomSummary {
                id: room_id(row.id)?,
                kind,
                name,
                topic: row.topic,
                last_seq: uint(row.last_seq)?,
                read_seq: uint(row.read_seq)?,
                unread: uint(row.unread)?,
                mentions: uint(row.mentions)?,
                member: row.member,
                users,
                created_by: Some(user_id(row.created_by)?),
            })
        })
        .collect()
}

fn others(names: &[(UserId, String)], user: UserId) -> String {
    let others: Vec<&str> = names
        .iter()
        .filter(|(id, _)| *id != user)
        .map(|(_, name)| name.as_str())
        .collect();
    others.join(", ")
}

type People = (Vec<UserId>, Vec<(UserId, String)>);

async fn people_of_direct_rooms(
    pool: &SqlitePool,
    rows: &[SummaryRow],
) -> Result<HashMap<i64, People>, StoreError> {
    let direct: Vec<i64> = rows
        .iter()
        .filter(|row| row.kind == 2)
        .map(|row| row.id)
        .collect();
    if direct.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(i64, i64, String)> = sqlx::query_as(
        "SELECT m.room_id, u.id, u.display_name FROM json_each(?) j CROSS JOIN members m ON m.room_id = j.value
         CROSS JOIN users u ON u.id = m.user_id ORDER BY m.room_id, u.id",
    )
    .bind(json!(direct).to_string())
    .fetch_all(pool)
    .await?;
    let mut people: HashMap<i64, People> = HashMap::new();
    for (room, id, name) in found {
        let entry = people.entry(room).or_default();
        let id = user_id(id)?;
        entry.0.push(id);
        entry.1.push((id, name));
    }
    Ok(people)
}

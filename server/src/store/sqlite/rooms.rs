//! Rooms and who is in them.

use protocol::{EventKind, RoomId, RoomKind, Seq, UserId, name_looks};
use serde_json::json;
use sqlx::{SqliteConnection, SqlitePool};

use super::{
    entries::{NewEntry, append},
    rows::{int, room_id, room_kind_int, uint, user_id},
    tx::{Step, allowed},
};
use crate::{
    auth::rights::{Right, Who},
    error::Refusal,
    store::{Done, Named, Reply},
};

pub(super) async fn read(
    tx: &mut SqliteConnection,
    who: Who,
    room: RoomId,
    seq: Seq,
) -> Step<Done> {
    allowed(tx, who, room, Right::Write).await?;
    // Only ever grows; past the end means the end. What lies between two positions is looked through once, and only by somebody who wrote after the
    // second and never read that.
    let moved: Option<(i64,)> = sqlx::query_as(
        "UPDATE members SET read_seq = MIN(?3, r.last_seq),
           own_after = CASE WHEN own_last <= ?3 THEN 0
             ELSE own_after - (SELECT COUNT(*) FROM entries e WHERE e.room_id = ?1 AND e.seq > members.read_seq AND e.seq <= ?3
               AND e.kind = 0 AND e.author = ?2) END
         FROM rooms r
         WHERE r.id = ?1 AND members.room_id = ?1 AND members.user_id = ?2 AND read_seq < MIN(?3, r.last_seq)
         RETURNING read_seq",
    )
    .bind(int(room.get()))
    .bind(int(who.id.get()))
    .bind(int(seq))
    .fetch_optional(tx)
    .await?;
    let reply = match moved {
        Some((seq,)) => Reply::Read {
            seq: uint(seq)?,
            moved: true,
        },
        None => Reply::Read { seq, moved: false },
    };
    Ok(Done::quiet(reply))
}

pub(super) async fn join(
    tx: &mut SqliteConnection,
    who: Who,
    room: RoomId,
    user: UserId,
    now: u64,
) -> Step<Done> {
    let act = if user == who.id {
        Right::Join
    } else {
        Right::Add(user)
    };
    allowed(tx, who, room, act).await?;
    let (known,): (bool,) =
        sqlx::query_as("SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND banned_at IS NULL)")
            .bind(int(user.get()))
            .fetch_one(&mut *tx)
            .await?;
    if !known {
        return Err(Refusal::not_found("user").on("user").into());
    }
    let event = add_member(tx, room, user, who.id, now).await?;
    let changed = event.is_some();
    Ok(Done {
        reply: Reply::Member { user, changed },
        events: event.into_iter().collect(),
        named: Named::default(),
    })
}

/// Makes somebody a member, with the entry that says so; none if they are one already. Nothing before it is unread.
pub(super) async fn add_member(
    tx: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    by: UserId,
    now: u64,
) -> Step<Option<protocol::Event>> {
    let (member,): (bool,) =
        sqlx::query_as("SELECT EXISTS (SELECT 1 FROM members WHERE room_id = ? AND user_id = ?)")
            .bind(int(room.get()))
            .bind(int(user.get()))
            .fetch_one(&mut *tx)
            .await?;
    if member {
        return Ok(None);
    }
    let event = append(
        tx,
        NewEntry {
            room,
            by,
            at: now,
            id: None,
            kind: &EventKind::Join { user },
        },
    )
    .await?;
    sqlx::query("INSERT INTO members (room_id, user_id, joined_at, read_seq) VALUES (?, ?, ?, ?)")
        .bind(int(room.get()))
        .bind(int(user.get()))
        .bind(int(now))
        .bind(int(event.seq))
        .execute(tx)
        .await?;
    Ok(Some(event))
}

pub(super) async fn leave(
    tx: &mut SqliteConnection,
    who: Who,
    room: RoomId,
    user: UserId,
    now: u64,
) -> Step<Done> {
    allowed(tx, who, room, Right::Remove(user)).await?;
    let gone = sqlx::query("DELETE FROM members WHERE room_id = ? AND user_id = ?")
        .bind(int(room.get()))
        .bind(int(user.get()))
        .execute(&mut *tx)
        .await?;
    if gone.rows_affected() == 0 {
        return Err(Refusal::not_found("member").on("user").into());
    }
    let kind = EventKind::Leave { user };
    let event = append(
        tx,
        NewEntry {
            room,
            by: who.id,
            at: now,
            id: None,
            kind: &kind,
        },
    )
    .await?;
    Ok(Done {
        reply: Reply::Member {
            user,
            changed: true,
        },
        events: vec![event],
        named: Named::default(),
    })
}

pub(super) async fn create(
    tx: &mut SqliteConnection,
    who: Who,
    kind: RoomKind,
    name: &str,
    topic: &str,
    now: u64,
) -> Step<Done> {
    if kind == RoomKind::Public {
        free_name(tx, name, None).await?;
    }
    let room = insert(tx, who.id, (kind, name, topic), None, now).await?;
    let event = add_member(tx, room, who.id, who.id, now).await?;
    let reply = Reply::Room {
        room,
        members: vec![who.id],
        created: true,
    };
    Ok(Done {
        reply,
        events: event.into_iter().collect(),
        named: Named::default(),
    })
}

pub(super) async fn insert(
    tx: &mut SqliteConnection,
    by: UserId,
    (kind, name, topic): (RoomKind, &str, &str),
    direct_key: Option<&str>,
    now: u64,
) -> Step<RoomId> {
    let [key, look] = name_looks(name);
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO rooms (kind, name, name_key, name_look, topic, direct_key, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(room_kind_int(kind))
    .bind(name)
    .bind(key)
    .bind(look)
    .bind(topic)
    .bind(direct_key)
    .bind(int(by.get()))
    .bind(int(now))
    .fetch_one(tx)
    .await?;
    Ok(room_id(id)?)
}

/// Notes the looks of rooms of before there were any; what they are called they keep.
pub(super) async fn fill_looks(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    let mut tx = pool.begin().await?;
    let without: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, name FROM rooms WHERE name_look = '' AND name <> ''")
            .fetch_all(&mut *tx)
            .await?;
    for (room, name) in without {
        let [_, look] = name_looks(&name);
        sqlx::query("UPDATE rooms SET name_look = ? WHERE id = ?")
            .bind(look)
            .bind(room)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await
}

async fn free_name(tx: &mut SqliteConnection, name: &str, except: Option<RoomId>) -> Step<()> {
    let [key, look] = name_looks(name);
    let (taken,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM rooms
         WHERE kind = 0 AND deleted_at IS NULL AND (name_key IN (?1, ?2) OR name_look IN (?1, ?2)) AND id <> ?3)",
    )
    .bind(key)
    .bind(look)
    .bind(except.map_or(0, |room| int(room.get())))
    .fetch_one(tx)
    .await?;
    if taken {
        Err(
            Refusal::conflict("there is a room with this name, or one that looks like it")
                .on("name")
                .into(),
        )
    } else {
        Ok(())
    }
}

pub(super) async fn create_direct(
    tx: &mut SqliteConnection,
    who: Who,
    others: &[UserId],
    now: u64,
) -> Step<Done> {
    let mut people: Vec<UserId> = others.iter().copied().chain([who.id]).collect();
    people.sort_unstable();
    people.dedup();
    let numbers: Vec<u64> = people.iter().map(|user| user.get()).collect();
    let (known,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM json_each(?) j CROSS JOIN users u ON u.id = j.value AND u.banned_at IS NULL",
    )
    .bind(json!(numbers).to_string())
    .fetch_one(&mut *tx)
    .await?;
    if uint(known)? != numbers.len() as u64 {
        return Err(Refusal::not_found("user").on("users").into());
    }
    let key = json!(numbers).to_string();
    let found: Option<(i64,)> = sqlx::query_as("SELECT id FROM rooms WHERE direct_key = ?")
        .bind(&key)
        .fetch_optional(&mut *tx)
        .await?;
    if let Some((room,)) = found {
        return Ok(Done::quiet(Reply::Room {
            room: room_id(room)?,
            members: people,
            created: false,
        }));
    }
    let room = insert(tx, who.id, (RoomKind::Direct, "", ""), Some(&key), now).await?;
    let mut events = Vec::with_capacity(people.len());
    for &user in &people {
        events.extend(add_member(tx, room, user, who.id, now).await?);
    }
    Ok(Done {
        reply: Reply::Room {
            room,
            members: people,
            created: true,
        },
        events,
        named: Named::default(),
    })
}

pub(super) async fn change(
    tx: &mut SqliteConnection,
    who: Who,
    room: RoomId,
    name: Option<&str>,
    topic: Option<&str>,
    now: u64,
) -> Step<Done> {
    let place = allowed(tx, who, room, Right::Govern).await?;
    if let Some(name) = name {
        if place.kind == RoomKind::Public {
            free_name(tx, name, Some(room)).await?;
        }
        let [key, look] = name_looks(name);
        sqlx::query("UPDATE rooms SET name = ?, name_key = ?, name_look = ? WHERE id = ?")
            .bind(name)
            .bind(key)
            .bind(look)
            .bind(int(room.get()))
            .execute(&mut *tx)
            .await?;
    }
    let mut events = Vec::new();
    if let Some(topic) = topic {
        let changed = sqlx::query("UPDATE rooms SET topic = ?1 WHERE id = ?2 AND topic <> ?1")
            .bind(topic)
            .bind(int(room.get()))
            .execute(&mut *tx)
            .await?;
        if changed.rows_affected() == 1 {
            let kind = EventKind::Topic {
                text: topic.to_owned(),
            };
            events.push(
                append(
                    tx,
                    NewEntry {
                        room,
                        by: who.id,
                        at: now,
                        id: None,
                        kind: &kind,
                    },
                )
                .await?,
            );
        }
    }
    let members = members(tx, room).await?;
    Ok(Done {
        reply: Reply::Room {
            room,
            members,
            created: false,
        },
        events,
        named: Named::default(),
    })
}

pub(super) async fn delete(
    tx: &mut SqliteConnection,
    who: Who,
    room: RoomId,
    now: u64,
) -> Step<Done> {
    allowed(tx, who, room, Right::Govern).await?;
    let members = members(tx, room).await?;
    sqlx::query("UPDATE rooms SET deleted_at = ? WHERE id = ?")
        .bind(int(now))
        .bind(int(room.get()))
        .execute(&mut *tx)
        .await?;
    for statement in [
        "DELETE FROM members WHERE room_id = ?",
        "DELETE FROM mentions WHERE room_id = ?",
        "DELETE FROM reactions WHERE room_id = ?",
        // What was said is gone; the ids stay spoken for.
        "DELETE FROM entries WHERE room_id = ?",
    ] {
        sqlx::query(statement)
            .bind(int(room.get()))
            .execute(&mut *tx)
            .await?;
    }
    Ok(Done::quiet(Reply::Room {
        room,
        members,
        created: false,
    }))
}

async fn members(tx: &mut SqliteConnection, room: RoomId) -> Step<Vec<UserId>> {
    let rows: Vec<(i64,)> = sqlx::query_as("SELECT user_id FROM members WHERE room_id = ?")
        .bind(int(room.get()))
        .fetch_all(tx)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(user,)| user_id(user))
        .collect::<Result<_, _>>()?)
}

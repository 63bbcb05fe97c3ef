//! The making of accounts: the first is the owner's, the others come by invite or through an open door.

use protocol::{Role, RoomId, RoomKind, UserId, name_key, name_looks, shown_looks};
use sqlx::SqliteConnection;

use super::{
    looks,
    rooms::{add_member, insert},
    rows::{int, role_int, room_id, user_id},
    tx::Step,
};
use crate::{
    error::Refusal,
    store::{Done, Named, Reply},
};

/// The room that the owner lands in, and everybody after.
const FIRST_ROOM: &str = "general";

pub(super) struct New<'a> {
    pub(super) name: &'a str,
    pub(super) display_name: &'a str,
    pub(super) password: &'a str,
    pub(super) invite: Option<&'a str>,
    pub(super) open: bool,
    pub(super) now: u64,
}

pub(super) async fn create(tx: &mut SqliteConnection, new: &New<'_>) -> Step<Done> {
    let (first,): (bool,) = sqlx::query_as("SELECT NOT EXISTS (SELECT 1 FROM users)")
        .fetch_one(&mut *tx)
        .await?;
    let invited = if first {
        Vec::new()
    } else {
        entrance(tx, new).await?
    };
    for (looks, name, field) in [
        (name_looks(new.name), new.name, "name"),
        (
            shown_looks(new.display_name),
            new.display_name,
            "display_name",
        ),
    ] {
        if looks::taken(tx, &looks, None).await? {
            return Err(Refusal::name_taken(name).on(field).into());
        }
    }
    if !first && let Some(code) = new.invite {
        sqlx::query("UPDATE invites SET uses = uses - 1 WHERE code = ?")
            .bind(code)
            .execute(&mut *tx)
            .await?;
    }
    let role = if first { Role::Owner } else { Role::Member };
    let user = insert_user(tx, new, role).await?;
    let mut rooms = if first {
        vec![insert(tx, user, (RoomKind::Public, FIRST_ROOM, ""), None, new.now).await?]
    } else {
        first_room(tx).await?
    };
    rooms.extend(
        invited
            .into_iter()
            .filter(|room| !rooms.contains(room))
            .collect::<Vec<_>>(),
    );
    let mut events = Vec::with_capacity(rooms.len());
    for &room in &rooms {
        events.extend(add_member(tx, room, user, user, new.now).await?);
    }
    Ok(Done {
        reply: Reply::Account { user, role, rooms },
        events,
        named: Named::default(),
    })
}

/// The rooms that the invite opens; refused without a good one, unless the door is open and none is shown.
async fn entrance(tx: &mut SqliteConnection, new: &New<'_>) -> Step<Vec<RoomId>> {
    let Some(code) = new.invite else {
        if new.open {
            return Ok(Vec::new());
        }
        return Err(
            Refusal::forbidden("an account here needs an invite; ask somebody who is in")
                .on("invite")
                .into(),
        );
    };
    let row: Option<(String,)> =
        sqlx::query_as("SELECT rooms FROM invites WHERE code = ? AND uses > 0 AND expires_at > ?")
            .bind(code)
            .bind(int(new.now))
            .fetch_optional(&mut *tx)
            .await?;
    let Some((rooms,)) = row else {
        return Err(
            Refusal::forbidden("this invite is used up or too old; ask for a new one")
                .on("invite")
                .into(),
        );
    };
    let alive: Vec<(i64,)> = sqlx::query_as(
        "SELECT r.id FROM json_each(?) j CROSS JOIN rooms r ON r.id = j.value AND r.deleted_at IS NULL AND r.kind <> 2",
    )
    .bind(rooms)
    .fetch_all(tx)
    .await?;
    Ok(alive
        .into_iter()
        .map(|(room,)| room_id(room))
        .collect::<Result<_, _>>()?)
}

async fn insert_user(tx: &mut SqliteConnection, new: &New<'_>, role: Role) -> Step<UserId> {
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO users (name, name_key, display_name, role, password, created_at) VALUES (?, ?, ?, ?, ?, ?)
         RETURNING id",
    )
    .bind(new.name)
    .bind(name_key(new.name))
    .bind(new.display_name)
    .bind(role_int(role))
    .bind(new.password)
    .bind(int(new.now))
    .fetch_one(&mut *tx)
    .await?;
    looks::note(tx, id, new.name, new.display_name).await?;
    Ok(user_id(id)?)
}

/// #general, under whatever name it has now: the oldest public room.
async fn first_room(tx: &mut SqliteConnection) -> Step<Vec<RoomId>> {
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT id FROM rooms WHERE kind = 0 AND deleted_at IS NULL ORDER BY id LIMIT 1",
    )
    .fetch_optional(tx)
    .await?;
    Ok(row
        .map(|(room,)| room_id(room))
        .transpose()?
        .into_iter()
        .collect())
}

//! One transaction for many writes, and what its parts share.

use protocol::{Ack, ActKind, RoomId, UserId};
use sqlx::{Connection as _, Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};

use super::{
    Meter, changes,
    names::Names,
    new_account, rooms,
    rows::{act_kind, int, room_id, room_kind, uint, user_id},
    sends,
};
use crate::{
    auth::rights::{Place, Right, Who, may},
    error::Refusal,
    store::{Authored, Done, Named, Outcome, StoreError, StoredAck, Write, rules::same_again},
};

/// Why one write went no further: refused, which leaves its neighbours alone, or the store itself failed.
pub(super) enum Stop {
    Refused(Refusal),
    Failed(StoreError),
}

impl From<Refusal> for Stop {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}

impl From<StoreError> for Stop {
    fn from(why: StoreError) -> Self {
        Self::Failed(why)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(why: sqlx::Error) -> Self {
        Self::Failed(why.into())
    }
}

pub(super) type Step<T> = Result<T, Stop>;

pub(super) async fn commit(
    pool: &SqlitePool,
    names: &Names,
    writes: &[Write],
    meter: Option<&Meter>,
) -> Result<Vec<Outcome>, StoreError> {
    let mut named: Vec<Named> = writes.iter().map(|write| names.named(write)).collect();
    let mut writer = pool.acquire().await?;
    let done = all(&mut writer, names, (writes, &mut named), meter).await;
    settle(writer, done).await
}

async fn all(
    writer: &mut SqliteConnection,
    names: &Names,
    (writes, named): (&[Write], &mut [Named]),
    meter: Option<&Meter>,
) -> Result<Vec<Outcome>, StoreError> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let mut outcomes = Vec::with_capacity(writes.len());
    let mut new = names.news();
    for run in writes.chunk_by(|one, next| is_send(one) && is_send(next)) {
        let at = outcomes.len();
        if run.first().is_some_and(is_send) {
            let named = &named[at..at + run.len()];
            outcomes.extend(sends::send_all(&mut tx, run, named).await?);
        } else if let [write] = run {
            let done = outcome(apply(&mut tx, write, &named[at]).await)?;
            if new.made(write, &done) {
                // Who comes after it may name it.
                for (write, named) in writes.iter().zip(&mut *named).skip(at) {
                    *named = new.named(write);
                }
            }
            outcomes.push(done);
        }
    }
    match meter {
        Some(meter) => meter.sync(tx.commit()).await?,
        None => tx.commit().await?,
    }
    new.are_durable();
    Ok(outcomes)
}

/// How a transaction that writes begins. IMMEDIATE takes the write lock at once: one that starts as a reader could fail half way.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";

/// Gives the writing connection back after a transaction. One whose transaction failed is closed, and a new one takes its place:
/// a full disk or a failed write makes SQLite roll back by itself, and sqlx, which then cannot, would count a transaction that
/// is not there and refuse every one after it.
pub(super) async fn settle<T>(
    writer: PoolConnection<Sqlite>,
    done: Result<T, StoreError>,
) -> Result<T, StoreError> {
    if !matches!(done, Ok(_) | Err(StoreError::Busy)) {
        // Nothing is lost if closing fails: the transaction is over either way.
        drop(writer.close().await);
    }
    done
}

fn is_send(write: &Write) -> bool {
    matches!(write, Write::Command(one) if one.command.act.kind() == ActKind::Send)
}

fn outcome(step: Step<Done>) -> Result<Outcome, StoreError> {
    match step {
        Ok(done) => Ok(Ok(done)),
        Err(Stop::Refused(why)) => Ok(Err(why)),
        Err(Stop::Failed(why)) => Err(why),
    }
}

async fn apply(tx: &mut SqliteConnection, write: &Write, named: &Named) -> Step<Done> {
    match write {
        Write::Command(one) => changes::change(tx, one, named).await,
        Write::Read { who, room, seq } => rooms::read(tx, *who, *room, *seq).await,
        Write::Join {
            who,
            room,
            user,
            now,
        } => rooms::join(tx, *who, *room, *user, *now).await,
        Write::Leave {
            who,
            room,
            user,
            now,
        } => rooms::leave(tx, *who, *room, *user, *now).await,
        Write::CreateRoom {
            who,
            kind,
            name,
            topic,
            now,
        } => rooms::create(tx, *who, *kind, name, topic, *now).await,
        Write::CreateDirect { who, others, now } => {
            rooms::create_direct(tx, *who, others, *now).await
        }
        Write::ChangeRoom {
            who,
            room,
            name,
            topic,
            now,
        } => rooms::change(tx, *who, *room, name.as_deref(), topic.as_deref(), *now).await,
        Write::DeleteRoom { who, room, now } => rooms::delete(tx, *who, *room, *now).await,
        Write::CreateAccount {
            name,
            display_name,
            password,
            invite,
            open,
            now,
        } => {
            let new = new_account::New {
                name,
                display_name,
                password,
                invite: invite.as_deref(),
                open: *open,
                now: *now,
            };
            new_account::create(tx, &new).await
        }
    }
}

/// The place of a live room as `user` stands to it.
pub(super) async fn place(tx: &mut SqliteConnection, room: RoomId, user: UserId) -> Step<Place> {
    let row: Option<(i64, i64, bool)> = sqlx::query_as(
        "SELECT r.kind, r.created_by, m.user_id IS NOT NULL FROM rooms r
         LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?2
         WHERE r.id = ?1 AND r.deleted_at IS NULL",
    )
    .bind(int(room.get()))
    .bind(int(user.get()))
    .fetch_optional(tx)
    .await?;
    let Some((kind, created_by, member)) = row else {
        return Err(Refusal::not_found("room").into());
    };
    Ok(Place {
        kind: room_kind(kind)?,
        created_by: Some(user_id(created_by)?),
        member,
    })
}

/// The place, if `who` may do this there.
pub(super) async fn allowed(
    tx: &mut SqliteConnection,
    who: Who,
    room: RoomId,
    right: Right,
) -> Step<Place> {
    let place = place(tx, room, who.id).await?;
    may(who, place, right)?;
    Ok(place)
}

/// What an id was acked with before ([`same_again`]).
pub(super) async fn repeat(tx: &mut SqliteConnection, one: &Authored) -> Step<Option<Done>> {
    let row: Option<(i64, i64, i64, i64)> =
        sqlx::query_as("SELECT room_id, seq, at, kind FROM commands WHERE author = ? AND id = ?")
            .bind(int(one.who.id.get()))
            .bind(one.command.id.as_bytes().as_slice())
            .fetch_optional(tx)
            .await?;
    let Some((in_room, seq, at, of_kind)) = row else {
        return Ok(None);
    };
    let stored = StoredAck {
        room: room_id(in_room)?,
        seq: uint(seq)?,
        at: uint(at)?,
    };
    Ok(Some(same_again(one, stored, act_kind(of_kind)?)?))
}

/// Notes what an id is acked with, for ever.
pub(super) async fn note(tx: &mut SqliteConnection, one: &Authored, ack: Ack) -> Step<()> {
    sqlx::query(
        "INSERT INTO commands (author, id, room_id, seq, at, kind) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(int(one.who.id.get()))
    .bind(ack.id.as_bytes().as_slice())
    .bind(int(ack.room.get()))
    .bind(int(ack.seq))
    .bind(int(ack.at))
    .bind(one.command.act.kind() as i64)
    .execute(tx)
    .await?;
    Ok(())
}

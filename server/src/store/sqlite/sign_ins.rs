//! Sign-ins and invites.

use protocol::{RoomId, UserId};
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{
    rows::{corrupt, int, row, uint, user_id},
    tx::{BEGIN, settle},
};
use crate::store::{
    Begun, InviteRecord, NewSignIn, Rotated, Rotation, SignInRecord, StoreError, Use, UseRule, Used,
};

row! {
    struct SignInRow {
        id: i64,
        user_id: i64,
        device: String,
        label: String,
        address: String,
        refresh_hash: Vec<u8>,
        spent_hash: Vec<u8>,
        spent_at: i64,
        created_at: i64,
        seen_at: i64,
        expires_at: i64,
        revoked: bool,
    }
}

impl TryFrom<SignInRow> for SignInRecord {
    type Error = StoreError;
    fn try_from(row: SignInRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: uint(row.id)?,
            user: user_id(row.user_id)?,
            device: row.device,
            label: row.label,
            address: row.address,
            refresh_hash: row.refresh_hash,
            spent_hash: row.spent_hash,
            spent_at: uint(row.spent_at)?,
            created_at: uint(row.created_at)?,
            seen_at: uint(row.seen_at)?,
            expires_at: uint(row.expires_at)?,
            revoked: row.revoked,
        })
    }
}

macro_rules! sign_in_columns {
    () => {
        "id, user_id, device, label, address, refresh_hash, spent_hash, spent_at, created_at, seen_at, expires_at,
         revoked_at IS NOT NULL AS revoked"
    };
}

pub(super) async fn add(pool: &SqlitePool, new: NewSignIn) -> Result<Begun, StoreError> {
    let mut writer = pool.acquire().await?;
    let done = begin(&mut writer, new).await;
    settle(writer, done).await
}

async fn begin(writer: &mut SqliteConnection, new: NewSignIn) -> Result<Begun, StoreError> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let replaced: Vec<(i64,)> = sqlx::query_as(
        "UPDATE sign_ins SET revoked_at = ? WHERE user_id = ? AND device = ? AND revoked_at IS NULL RETURNING id",
    )
    .bind(int(new.now))
    .bind(int(new.user.get()))
    .bind(&new.device)
    .fetch_all(&mut *tx)
    .await?;
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO sign_ins (user_id, device, label, address, refresh_hash, created_at, seen_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, x'', ?5, ?5, ?6) RETURNING id",
    )
    .bind(int(new.user.get()))
    .bind(new.device)
    .bind(new.label)
    .bind(new.address)
    .bind(int(new.now))
    .bind(int(new.expires_at))
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    let replaced = replaced.into_iter().map(|(id,)| uint(id));
    Ok(Begun {
        id: uint(id)?,
        replaced: replaced.collect::<Result<_, _>>()?,
    })
}

pub(super) async fn find(pool: &SqlitePool, id: u64) -> Result<Option<SignInRecord>, StoreError> {
    let row: Option<SignInRow> = sqlx::query_as(concat!(
        "SELECT ",
        sign_in_columns!(),
        " FROM sign_ins WHERE id = ?"
    ))
    .bind(int(id))
    .fetch_optional(pool)
    .await?;
    row.map(SignInRecord::try_from).transpose()
}

pub(super) async fn list(
    pool: &SqlitePool,
    user: UserId,
    now: u64,
    before: u64,
    limit: u32,
) -> Result<Vec<SignInRecord>, StoreError> {
    let rows: Vec<SignInRow> = sqlx::query_as(concat!(
        "SELECT ",
        sign_in_columns!(),
        " FROM sign_ins WHERE user_id = ? AND id < ? AND revoked_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT +?"
    ))
    .bind(int(user.get()))
    .bind(int(before))
    .bind(int(now))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(SignInRecord::try_from).collect()
}

pub(super) async fn knows_device(
    pool: &SqlitePool,
    user: UserId,
    device: &str,
) -> Result<bool, StoreError> {
    let (known,): (bool,) =
        sqlx::query_as("SELECT EXISTS (SELECT 1 FROM sign_ins WHERE user_id = ? AND device = ?)")
            .bind(int(user.get()))
            .bind(device)
            .fetch_one(pool)
            .await?;
    Ok(known)
}

pub(super) async fn rotate(
    pool: &SqlitePool,
    id: u64,
    rotation: Rotation<'_>,
) -> Result<Rotated, StoreError> {
    let mut writer = pool.acquire().await?;
    let done = spend(&mut writer, id, rotation).await;
    settle(writer, done).await
}

async fn spend(
    writer: &mut SqliteConnection,
    id: u64,
    rotation: Rotation<'_>,
) -> Result<Rotated, StoreError> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let done = sqlx::query(
        "UPDATE sign_ins SET refresh_hash = ?1, spent_hash = ?2, spent_at = ?3, label = ?4, address = ?5,
           seen_at = MAX(seen_at, ?3), expires_at = ?6
         WHERE id = ?7 AND refresh_hash = ?2 AND revoked_at IS NULL",
    )
    .bind(rotation.fresh)
    .bind(rotation.spent)
    .bind(int(rotation.now))
    .bind(rotation.label)
    .bind(rotation.address)
    .bind(int(rotation.expires_at))
    .bind(int(id))
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 1 {
        tx.commit().await?;
        return Ok(Rotated::Done);
    }
    let before: Option<(i64, String)> = sqlx::query_as(
        "SELECT spent_at, label FROM sign_ins
         WHERE id = ?1 AND spent_hash = ?2 AND length(?2) > 0 AND revoked_at IS NULL",
    )
    .bind(int(id))
    .bind(rotation.spent)
    .fetch_optional(&mut *tx)
    .await?;
    tx.rollback().await?;
    Ok(match before {
        Some((at, label)) => Rotated::Before {
            at: uint(at)?,
            label,
        },
        None => Rotated::Refused,
    })
}

pub(super) async fn revoke(
    pool: &SqlitePool,
    user: UserId,
    id: u64,
    now: u64,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sign_ins SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL",
    )
    .bind(int(now))
    .bind(int(id))
    .bind(int(user.get()))
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn used(
    pool: &SqlitePool,
    uses: &[Use],
    rule: UseRule,
) -> Result<Vec<Used>, StoreError> {
    let mut writer = pool.acquire().await?;
    let done = note(&mut writer, uses, rule).await;
    settle(writer, done).await
}

async fn note(
    writer: &mut SqliteConnection,
    uses: &[Use],
    rule: UseRule,
) -> Result<Vec<Used>, StoreError> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let mut noted = Vec::new();
    for Use { id, at, address } in uses {
        let row: Option<(i64, i64)> = sqlx::query_as(
            "UPDATE sign_ins SET seen_at = ?1, address = COALESCE(?2, address),
               expires_at = MAX(expires_at, MIN(?1 + ?3, created_at + ?4))
             WHERE id = ?5 AND revoked_at IS NULL AND expires_at > ?1 AND seen_at + ?6 <= ?1
             RETURNING user_id, expires_at",
        )
        .bind(int(*at))
        .bind(address)
        .bind(int(rule.unused_ms))
        .bind(int(rule.most_ms))
        .bind(int(*id))
        .bind(int(rule.every_ms))
        .fetch_optional(&mut *tx)
        .await?;
        if let Some((user, expires_at)) = row {
            noted.push(Used {
                id: *id,
                user: user_id(user)?,
                expires_at: uint(expires_at)?,
            });
        }
    }
    tx.commit().await?;
    Ok(noted)
}

pub(super) async fn set_password(
    pool: &SqlitePool,
    user: UserId,
    hash: &str,
    keep: u64,
    now: u64,
) -> Result<Vec<u64>, StoreError> {
    let mut writer = pool.acquire().await?;
    let done = replace_password(&mut writer, user, hash, keep, now).await;
    settle(writer, done).await
}

async fn replace_password(
    writer: &mut SqliteConnection,
    user: UserId,
    hash: &str,
    keep: u64,
    now: u64,
) -> Result<Vec<u64>, StoreError> {
    let mut tx = writer.begin_with(BEGIN).await?;
    sqlx::query("UPDATE users SET password = ? WHERE id = ?")
        .bind(hash)
        .bind(int(user.get()))
        .execute(&mut *tx)
        .await?;
    let ended: Vec<(i64,)> = sqlx::query_as(
        "UPDATE sign_ins SET revoked_at = ? WHERE user_id = ? AND id <> ? AND revoked_at IS NULL RETURNING id",
    )
    .bind(int(now))
    .bind(int(user.get()))
    .bind(int(keep))
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    ended.into_iter().map(|(id,)| uint(id)).collect()
}

pub(super) async fn add_invite(pool: &SqlitePool, invite: InviteRecord) -> Result<(), StoreError> {
    let rooms: Vec<u64> = invite.rooms.iter().map(|room| room.get()).collect();
    sqlx::query(
        "INSERT INTO invites (code, created_by, created_at, expires_at, uses, rooms) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(invite.code)
    .bind(int(invite.created_by.get()))
    .bind(int(invite.created_at))
    .bind(int(invite.expires_at))
    .bind(invite.uses)
    .bind(serde_json::json!(rooms).to_string())
    .execute(pool)
    .await?;
    Ok(())
}

type InviteRow = (String, i64, i64, i64, i64, String);

pub(super) async fn invite(
    pool: &SqlitePool,
    code: &str,
    now: u64,
) -> Result<Option<InviteRecord>, StoreError> {
    let row: Option<InviteRow> = sqlx::query_as(
        "SELECT code, created_by, created_at, expires_at, uses, rooms FROM invites
         WHERE code = ? AND uses > 0 AND expires_at > ?",
    )
    .bind(code)
    .bind(int(now))
    .fetch_optional(pool)
    .await?;
    let Some((code, created_by, created_at, expires_at, uses, rooms)) = row else {
        return Ok(None);
    };
    let rooms: Vec<RoomId> =
        serde_json::from_str(&rooms).map_err(|_| corrupt("an invite's rooms"))?;
    Ok(Some(InviteRecord {
        code,
        created_by: user_id(created_by)?,
        created_at: uint(created_at)?,
        expires_at: uint(expires_at)?,
        uses: u32::try_from(uses).map_err(|_| corrupt("an invite's uses"))?,
        rooms,
    }))
}

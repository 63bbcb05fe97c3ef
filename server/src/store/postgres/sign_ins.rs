//! Sign-ins, invites and resets.

use async_trait::async_trait;
use protocol::{RoomId, UserId};
use tokio_postgres::Row;

use super::{
    PostgresStore,
    rows::{Db, Number as _, PgColumns as _, corrupt},
};
use crate::store::{
    InvitePlace, InviteRecord, Invites, ResetRecord, SignInRecord, SignIns, StoreError,
    rules::StoreResult,
};

const COLUMNS: &str = "id, user_id, device, label, address, refresh_hash, spent_hash, spent_at, created_at, seen_at, expires_at,
    revoked_at IS NOT NULL";

fn record(row: &Row) -> StoreResult<SignInRecord> {
    Ok(SignInRecord {
        id: row.number(0)?,
        user: row.user(1)?,
        device: row.of(2)?,
        label: row.of(3)?,
        address: row.of(4)?,
        refresh_hash: row.of(5)?,
        spent_hash: row.of(6)?,
        spent_at: row.number(7)?,
        created_at: row.number(8)?,
        seen_at: row.number(9)?,
        expires_at: row.number(10)?,
        revoked: row.of(11)?,
    })
}

pub(super) async fn find(db: &mut Db, id: u64) -> StoreResult<Option<SignInRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM sign_ins WHERE id = $1");
    db.first(&sql, &[&id.n()], record).await
}

#[async_trait]
impl SignIns for PostgresStore {
    async fn find_sign_in(&self, id: u64) -> Result<Option<SignInRecord>, StoreError> {
        self.read(|db| Box::pin(find(db, id))).await
    }

    async fn sign_ins(
        &self,
        user: UserId,
        now: u64,
        before: u64,
        limit: u32,
    ) -> Result<Vec<SignInRecord>, StoreError> {
        self.read(|db| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT {COLUMNS} FROM sign_ins WHERE user_id = $1 AND id < $2 AND revoked_at IS NULL AND expires_at > $3
                     ORDER BY id DESC LIMIT $4"
                );
                let asked = (user.n(), before.n(), now.n(), i64::from(limit));
                let (user, before, now, limit) = &asked;
                db.all(&sql, &[user, before, now, limit], record).await
            })
        })
        .await
    }

    async fn knows_device(&self, user: UserId, device: &str) -> Result<bool, StoreError> {
        let device = device.to_owned();
        self.read(|db| {
            Box::pin(async move {
                let sql =
                    "SELECT EXISTS (SELECT 1 FROM sign_ins WHERE user_id = $1 AND device = $2)";
                db.one(sql, &[&user.n(), &device], |row| row.of(0)).await
            })
        })
        .await
    }
}

const INVITE: &str = "SELECT code, created_by, created_at, expires_at, uses, rooms FROM invites";

fn invite_record(row: &Row) -> StoreResult<InviteRecord> {
    let rooms: Vec<i64> = row.of(5)?;
    let room = |number: i64| u64::try_from(number).ok().and_then(RoomId::new);
    let rooms: Option<Vec<RoomId>> = rooms.into_iter().map(room).collect();
    Ok(InviteRecord {
        code: row.of(0)?,
        created_by: row.user(1)?,
        created_at: row.number(2)?,
        expires_at: row.number(3)?,
        uses: u32::try_from(row.number(4)?).map_err(|_| corrupt("an invite's uses"))?,
        rooms: rooms.ok_or_else(|| corrupt("an invite's rooms"))?,
    })
}

pub(super) async fn invite(db: &mut Db, code: &str) -> StoreResult<Option<InviteRecord>> {
    let sql = format!("{INVITE} WHERE code = $1");
    db.first(&sql, &[&code], invite_record).await
}

/// Read by [`reset`].
pub(super) const RESET: &str = "SELECT user_id, hash, created_by, expires_at FROM resets";

pub(super) fn reset(row: &Row) -> StoreResult<ResetRecord> {
    Ok(ResetRecord {
        user: row.user(0)?,
        hash: row.of(1)?,
        created_by: row.user(2)?,
        expires_at: row.number(3)?,
    })
}

#[async_trait]
impl Invites for PostgresStore {
    async fn invite(&self, code: &str) -> Result<Option<InviteRecord>, StoreError> {
        let code = code.to_owned();
        self.read(|db| Box::pin(async move { invite(db, &code).await }))
            .await
    }

    async fn invites(
        &self,
        now: u64,
        after: Option<InvitePlace>,
        limit: u32,
    ) -> Result<Vec<InviteRecord>, StoreError> {
        self.read(|db| {
            Box::pin(async move {
                let sql = format!(
                    "{INVITE} WHERE uses > 0 AND expires_at > $1 AND ($2::bigint IS NULL OR (created_at, code) < ($2, $3))
                     ORDER BY created_at DESC, code DESC LIMIT $4"
                );
                let (at, code) = after.map(|InvitePlace(at, code)| (at.n(), code)).unzip();
                let limit = i64::from(limit);
                db.all(&sql, &[&now.n(), &at, &code, &limit], invite_record)
                    .await
            })
        })
        .await
    }

    async fn reset(&self, hash: &[u8]) -> Result<Option<ResetRecord>, StoreError> {
        let hash = hash.to_owned();
        self.read(|db| {
            Box::pin(async move {
                let sql = format!("{RESET} WHERE hash = $1");
                db.first(&sql, &[&hash], reset).await
            })
        })
        .await
    }
}

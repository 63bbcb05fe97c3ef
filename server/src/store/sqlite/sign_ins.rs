//! Sign-ins, invites and resets.

use async_trait::async_trait;
use protocol::{RoomId, UserId};
use rusqlite::{Connection, Row, params};

use super::{
    SqliteStore,
    rows::{Columns as _, all, corrupt, first, int, value},
};
use crate::store::{
    InvitePlace, InviteRecord, Invites, ResetRecord, SignInRecord, SignIns, StoreError,
    rules::StoreResult,
};

const COLUMNS: &str = "id, user_id, device, label, address, refresh_hash, spent_hash, spent_at, created_at, seen_at, expires_at,
    revoked_at IS NOT NULL";

fn record(row: &Row<'_>) -> StoreResult<SignInRecord> {
    Ok(SignInRecord {
        id: row.get(0)?,
        user: row.user(1)?,
        device: row.get(2)?,
        label: row.get(3)?,
        address: row.get(4)?,
        refresh_hash: row.get(5)?,
        spent_hash: row.get(6)?,
        spent_at: row.get(7)?,
        created_at: row.get(8)?,
        seen_at: row.get(9)?,
        expires_at: row.get(10)?,
        revoked: row.get(11)?,
    })
}

pub(super) fn find(db: &Connection, id: u64) -> StoreResult<Option<SignInRecord>> {
    let statement = format!("SELECT {COLUMNS} FROM sign_ins WHERE id = ?");
    first(db, &statement, [int(id)], record)
}

#[async_trait]
impl SignIns for SqliteStore {
    async fn find_sign_in(&self, id: u64) -> Result<Option<SignInRecord>, StoreError> {
        self.read(move |db| find(db, id)).await
    }

    async fn sign_ins(
        &self,
        user: UserId,
        now: u64,
        before: u64,
        limit: u32,
    ) -> Result<Vec<SignInRecord>, StoreError> {
        self.read(move |db| {
            let statement = format!(
                "SELECT {COLUMNS} FROM sign_ins WHERE user_id = ? AND id < ? AND revoked_at IS NULL AND expires_at > ?
                 ORDER BY id DESC LIMIT +?"
            );
            let asked = params![user.get(), int(before), now, limit];
            all(db, &statement, asked, record)
        })
        .await
    }

    async fn knows_device(&self, user: UserId, device: &str) -> Result<bool, StoreError> {
        let device = device.to_owned();
        self.read(move |db| {
            let statement =
                "SELECT EXISTS (SELECT 1 FROM sign_ins WHERE user_id = ? AND device = ?)";
            value(db, statement, params![user.get(), device])
        })
        .await
    }
}

const INVITE: &str = "SELECT code, created_by, created_at, expires_at, uses, rooms FROM invites";

fn invite_record(row: &Row<'_>) -> StoreResult<InviteRecord> {
    let rooms: Vec<RoomId> = serde_json::from_str(row.get_ref(5)?.as_str()?)
        .map_err(|_| corrupt("an invite's rooms"))?;
    Ok(InviteRecord {
        code: row.get(0)?,
        created_by: row.user(1)?,
        created_at: row.get(2)?,
        expires_at: row.get(3)?,
        uses: row.get(4)?,
        rooms,
    })
}

pub(super) fn invite(db: &Connection, code: &str) -> StoreResult<Option<InviteRecord>> {
    let statement = format!("{INVITE} WHERE code = ?");
    first(db, &statement, [code], invite_record)
}

/// Read by [`reset`].
pub(super) const RESET: &str = "SELECT user_id, hash, created_by, expires_at FROM resets";

pub(super) fn reset(row: &Row<'_>) -> StoreResult<ResetRecord> {
    Ok(ResetRecord {
        user: row.user(0)?,
        hash: row.get(1)?,
        created_by: row.user(2)?,
        expires_at: row.get(3)?,
    })
}

#[async_trait]
impl Invites for SqliteStore {
    async fn invite(&self, code: &str) -> Result<Option<InviteRecord>, StoreError> {
        let code = code.to_owned();
        self.read(move |db| invite(db, &code)).await
    }

    async fn invites(
        &self,
        now: u64,
        after: Option<InvitePlace>,
        limit: u32,
    ) -> Result<Vec<InviteRecord>, StoreError> {
        self.read(move |db| {
            let statement = format!(
                "{INVITE} WHERE uses > 0 AND expires_at > ?1 AND (?2 IS NULL OR (created_at, code) < (?2, ?3))
                 ORDER BY created_at DESC, code DESC LIMIT +?4"
            );
            let (at, code) = after.map(|InvitePlace(at, code)| (int(at), code)).unzip();
            all(db, &statement, params![now, at, code, limit], invite_record)
        })
        .await
    }

    async fn reset(&self, hash: &[u8]) -> Result<Option<ResetRecord>, StoreError> {
        let hash = hash.to_owned();
        self.read(move |db| first(db, &format!("{RESET} WHERE hash = ?"), [hash], reset))
            .await
    }
}

//! Sign-ins and invites.

use async_trait::async_trait;
use protocol::{RoomId, UserId};
use rusqlite::{Connection, Row, params};

use super::{
    SqliteStore,
    rows::{Columns as _, all, corrupt, first, int, value},
};
use crate::store::{InviteRecord, Invites, SignInRecord, SignIns, StoreError, rules::Answer};

const COLUMNS: &str = "id, user_id, device, label, address, refresh_hash, spent_hash, spent_at, created_at, seen_at, expires_at,
    revoked_at IS NOT NULL";

fn record(row: &Row<'_>) -> Answer<SignInRecord> {
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

pub(super) fn find(db: &Connection, id: u64) -> Answer<Option<SignInRecord>> {
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

pub(super) fn invite(db: &Connection, code: &str) -> Answer<Option<InviteRecord>> {
    first(
        db,
        "SELECT code, created_by, created_at, expires_at, uses, rooms FROM invites WHERE code = ?",
        [code],
        |row| {
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
        },
    )
}

#[async_trait]
impl Invites for SqliteStore {
    async fn invite(&self, code: &str) -> Result<Option<InviteRecord>, StoreError> {
        let code = code.to_owned();
        self.read(move |db| invite(db, &code)).await
    }
}

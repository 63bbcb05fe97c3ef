//! Accounts, invites and sign-ins in a transaction that writes.

use protocol::{UserId, name_key, name_looks, shown_looks};
use rusqlite::{Connection, params};
use serde_json::json;

use super::{
    accounts::is_taken,
    rows::{Columns as _, all, returned, role_int, run, value},
    sign_ins::{find, invite},
    tx::Tx,
};
use crate::store::{
    InviteRecord, NewSignIn, SignInRecord,
    rules::{AccountRows, Answer, NewUser, SignInRows},
};

impl AccountRows for Tx<'_> {
    async fn is_empty(&mut self) -> Answer<bool> {
        value(self.db, super::accounts::IS_EMPTY, [])
    }

    async fn living(&mut self, users: &[UserId]) -> Answer<usize> {
        value(
            self.db,
            "SELECT COUNT(*) FROM json_each(?) j CROSS JOIN users u ON u.id = j.value AND u.banned_at IS NULL",
            [json!(users).to_string()],
        )
    }

    async fn is_taken(&mut self, looks: &[String], except: Option<UserId>) -> Answer<bool> {
        is_taken(self.db, &json!(looks).to_string(), except)
    }

    async fn invite(&mut self, code: &str) -> Answer<Option<InviteRecord>> {
        invite(self.db, code)
    }

    async fn add_user(&mut self, new: NewUser<'_>) -> Answer<UserId> {
        let user = returned(
            self.db,
            "INSERT INTO users (name, name_key, display_name, role, password, created_at) VALUES (?, ?, ?, ?, ?, ?)
             RETURNING id",
            params![
                new.name,
                name_key(new.name),
                new.display_name,
                role_int(new.role),
                new.password,
                new.at
            ],
            |row| row.user(0),
        )?;
        set_looks(self.db, user, &name_looks(new.name), false)?;
        set_looks(self.db, user, &shown_looks(new.display_name), true)?;
        self.made(new.name, user);
        Ok(user)
    }

    async fn set_display_name(&mut self, user: UserId, display_name: &str) -> Answer<()> {
        let statement = "UPDATE users SET display_name = ? WHERE id = ?";
        run(self.db, statement, params![display_name, user.get()])?;
        set_looks(self.db, user, &shown_looks(display_name), true)
    }

    async fn set_password(&mut self, user: UserId, hash: &str) -> Answer<()> {
        let statement = "UPDATE users SET password = ? WHERE id = ?";
        run(self.db, statement, params![hash, user.get()])?;
        Ok(())
    }

    async fn add_invite(&mut self, new: &InviteRecord) -> Answer<()> {
        run(
            self.db,
            "INSERT INTO invites (code, created_by, created_at, expires_at, uses, rooms) VALUES (?, ?, ?, ?, ?, ?)",
            params![
                new.code,
                new.created_by.get(),
                new.created_at,
                new.expires_at,
                new.uses,
                json!(new.rooms).to_string()
            ],
        )?;
        Ok(())
    }

    async fn spend_invite(&mut self, code: &str) -> Answer<()> {
        let statement = "UPDATE invites SET uses = uses - 1 WHERE code = ?";
        run(self.db, statement, [code])?;
        Ok(())
    }
}

/// Notes how a name looks, or a display name (`shown`).
pub(super) fn set_looks(
    db: &Connection,
    user: UserId,
    looks: &[String],
    shown: bool,
) -> Answer<()> {
    let statement = "DELETE FROM name_looks WHERE user_id = ? AND shown = ?";
    run(db, statement, params![user.get(), shown])?;
    for look in looks {
        run(
            db,
            "INSERT OR IGNORE INTO name_looks (look, user_id, shown) VALUES (?, ?, ?)",
            params![look, user.get(), shown],
        )?;
    }
    Ok(())
}

impl SignInRows for Tx<'_> {
    async fn sign_in(&mut self, id: u64) -> Answer<Option<SignInRecord>> {
        find(self.db, id)
    }

    async fn add_sign_in(&mut self, new: &NewSignIn) -> Answer<u64> {
        returned(
            self.db,
            "INSERT INTO sign_ins (user_id, device, label, address, refresh_hash, created_at, seen_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, x'', ?5, ?5, ?6) RETURNING id",
            params![
                new.user.get(),
                new.device,
                new.label,
                new.address,
                new.now,
                new.expires_at
            ],
            |row| Ok(row.get(0)?),
        )
    }

    async fn save_sign_in(&mut self, record: &SignInRecord) -> Answer<()> {
        run(
            self.db,
            "UPDATE sign_ins SET refresh_hash = ?, spent_hash = ?, spent_at = ?, label = ?, address = ?, seen_at = ?, expires_at = ?
             WHERE id = ?",
            params![
                record.refresh_hash,
                record.spent_hash,
                record.spent_at,
                record.label,
                record.address,
                record.seen_at,
                record.expires_at,
                record.id
            ],
        )?;
        Ok(())
    }

    async fn revoke(&mut self, id: u64, at: u64) -> Answer<()> {
        let statement = "UPDATE sign_ins SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
        run(self.db, statement, params![at, id])?;
        Ok(())
    }

    async fn revoke_device(&mut self, user: UserId, device: &str, at: u64) -> Answer<Vec<u64>> {
        let ended = all(
            self.db,
            "UPDATE sign_ins SET revoked_at = ? WHERE user_id = ? AND device = ? AND revoked_at IS NULL RETURNING id",
            params![at, user.get(), device],
            |row| Ok(row.get(0)?),
        );
        Ok(sorted(ended?))
    }

    async fn revoke_others(&mut self, user: UserId, keep: u64, at: u64) -> Answer<Vec<u64>> {
        let ended = all(
            self.db,
            "UPDATE sign_ins SET revoked_at = ? WHERE user_id = ? AND id <> ? AND revoked_at IS NULL RETURNING id",
            params![at, user.get(), keep],
            |row| Ok(row.get(0)?),
        );
        Ok(sorted(ended?))
    }
}

/// SQLite returns changed rows in any order.
fn sorted(mut ids: Vec<u64>) -> Vec<u64> {
    ids.sort_unstable();
    ids
}

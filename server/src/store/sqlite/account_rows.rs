//! Accounts, invites and sign-ins in a transaction that writes.

use protocol::{Role, UserId, name_key, name_looks, shown_looks};
use rusqlite::{Connection, params};
use serde_json::json;

use super::{
    accounts::is_taken,
    rows::{Columns as _, all, first, returned, role_int, run, value},
    sign_ins::{RESET, find, invite, reset},
    tx::Tx,
};
use crate::store::{
    InviteRecord, NewSignIn, ResetRecord, SignInRecord,
    rules::{AccountRows, NewUser, SignInRows, StoreResult},
};

impl AccountRows for Tx<'_> {
    async fn is_empty(&mut self) -> StoreResult<bool> {
        value(self.db, super::accounts::IS_EMPTY, [])
    }

    async fn living(&mut self, users: &[UserId]) -> StoreResult<usize> {
        value(
            self.db,
            "SELECT COUNT(*) FROM json_each(?) j CROSS JOIN users u ON u.id = j.value AND u.banned_at IS NULL",
            [json!(users).to_string()],
        )
    }

    async fn is_taken(&mut self, looks: &[String], except: Option<UserId>) -> StoreResult<bool> {
        is_taken(self.db, &json!(looks).to_string(), except)
    }

    async fn invite(&mut self, code: &str) -> StoreResult<Option<InviteRecord>> {
        invite(self.db, code)
    }

    async fn add_user(&mut self, new: NewUser<'_>) -> StoreResult<UserId> {
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

    async fn set_display_name(&mut self, user: UserId, display_name: &str) -> StoreResult<()> {
        let statement = "UPDATE users SET display_name = ? WHERE id = ?";
        run(self.db, statement, params![display_name, user.get()])?;
        set_looks(self.db, user, &shown_looks(display_name), true)
    }

    async fn set_zone(&mut self, user: UserId, tz: Option<&str>) -> StoreResult<()> {
        let statement = "UPDATE users SET tz = ? WHERE id = ?";
        run(self.db, statement, params![tz, user.get()])?;
        Ok(())
    }

    async fn role(&mut self, user: UserId) -> StoreResult<Option<Role>> {
        let statement = "SELECT role FROM users WHERE id = ?";
        first(self.db, statement, [user.get()], |row| row.role(0))
    }

    async fn has_other_owner(&mut self, user: UserId) -> StoreResult<bool> {
        let statement =
            "SELECT COUNT(*) > 0 FROM users WHERE role = ? AND banned_at IS NULL AND id <> ?";
        value(
            self.db,
            statement,
            params![role_int(Role::Owner), user.get()],
        )
    }

    async fn set_role(&mut self, user: UserId, role: Role) -> StoreResult<()> {
        let statement = "UPDATE users SET role = ? WHERE id = ?";
        run(self.db, statement, params![role_int(role), user.get()])?;
        Ok(())
    }

    async fn set_banned(&mut self, user: UserId, since: Option<u64>) -> StoreResult<()> {
        let statement = "UPDATE users SET banned_at = ? WHERE id = ?";
        run(self.db, statement, params![since, user.get()])?;
        Ok(())
    }

    async fn set_password(&mut self, user: UserId, hash: &str) -> StoreResult<()> {
        let statement = "UPDATE users SET password = ? WHERE id = ?";
        run(self.db, statement, params![hash, user.get()])?;
        Ok(())
    }

    async fn add_invite(&mut self, new: &InviteRecord) -> StoreResult<()> {
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

    async fn spend_invite(&mut self, code: &str) -> StoreResult<()> {
        let statement = "UPDATE invites SET uses = uses - 1 WHERE code = ?";
        run(self.db, statement, [code])?;
        Ok(())
    }

    async fn remove_invite(&mut self, code: &str) -> StoreResult<bool> {
        let statement = "DELETE FROM invites WHERE code = ?";
        Ok(run(self.db, statement, [code])? > 0)
    }

    async fn reset(&mut self, user: UserId) -> StoreResult<Option<ResetRecord>> {
        let statement = format!("{RESET} WHERE user_id = ?");
        first(self.db, &statement, [user.get()], reset)
    }

    async fn set_reset(&mut self, new: &ResetRecord) -> StoreResult<()> {
        run(
            self.db,
            "INSERT OR REPLACE INTO resets (user_id, hash, created_by, expires_at) VALUES (?, ?, ?, ?)",
            params![
                new.user.get(),
                new.hash,
                new.created_by.get(),
                new.expires_at
            ],
        )?;
        Ok(())
    }

    async fn remove_reset(&mut self, user: UserId) -> StoreResult<()> {
        run(
            self.db,
            "DELETE FROM resets WHERE user_id = ?",
            [user.get()],
        )?;
        Ok(())
    }
}

/// Notes how a name looks, or a display name (`shown`).
pub(super) fn set_looks(
    db: &Connection,
    user: UserId,
    looks: &[String],
    shown: bool,
) -> StoreResult<()> {
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
    async fn sign_in(&mut self, id: u64) -> StoreResult<Option<SignInRecord>> {
        find(self.db, id)
    }

    async fn add_sign_in(&mut self, new: &NewSignIn) -> StoreResult<u64> {
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

    async fn save_sign_in(&mut self, record: &SignInRecord) -> StoreResult<()> {
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

    async fn revoke(&mut self, id: u64, at: u64) -> StoreResult<()> {
        let statement = "UPDATE sign_ins SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
        run(self.db, statement, params![at, id])?;
        Ok(())
    }

    async fn revoke_device(
        &mut self,
        user: UserId,
        device: &str,
        at: u64,
    ) -> StoreResult<Vec<u64>> {
        let ended = all(
            self.db,
            "UPDATE sign_ins SET revoked_at = ? WHERE user_id = ? AND device = ? AND revoked_at IS NULL RETURNING id",
            params![at, user.get(), device],
            |row| Ok(row.get(0)?),
        );
        Ok(sorted(ended?))
    }

    async fn revoke_others(&mut self, user: UserId, keep: u64, at: u64) -> StoreResult<Vec<u64>> {
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

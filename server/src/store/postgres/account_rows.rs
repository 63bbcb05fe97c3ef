//! Accounts, invites and sign-ins in a transaction that writes.

use protocol::{Role, UserId, name_key, name_looks, shown_looks};
use text::handle_key;

use super::{
    accounts::{IS_EMPTY, is_taken},
    rows::{Db, Number as _, PgColumns as _, numbers, small},
    sign_ins::{RESET, find, invite, reset},
    tx::PgTx,
};
use crate::store::{
    InviteRecord, NewSignIn, ResetRecord, SignInRecord,
    codes::{role_int, role_of},
    rules::{AccountRows, NewUser, SignInRows, StoreResult},
};

impl AccountRows for PgTx {
    async fn is_empty(&mut self) -> StoreResult<bool> {
        self.db().one(IS_EMPTY, &[], |row| row.of(0)).await
    }

    async fn living(&mut self, users: &[UserId]) -> StoreResult<usize> {
        let sql = "SELECT COUNT(*) FROM UNNEST ($1::bigint[]) AS asked (id) JOIN users u ON u.id = asked.id AND u.banned_at IS NULL";
        let asked = numbers(users);
        let living = self.db().one(sql, &[&asked], |row| row.number(0)).await?;
        Ok(usize::try_from(living).unwrap_or(usize::MAX))
    }

    async fn is_taken(&mut self, looks: &[String], except: Option<UserId>) -> StoreResult<bool> {
        is_taken(self.db(), looks, except).await
    }

    async fn invite(&mut self, code: &str) -> StoreResult<Option<InviteRecord>> {
        invite(self.db(), code).await
    }

    async fn add_user(&mut self, new: NewUser<'_>) -> StoreResult<UserId> {
        let user = self
            .db()
            .one(
                "INSERT INTO users (name, name_key, handle_key, display_name, role, password, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                &[
                    &new.name,
                    &name_key(new.name),
                    &handle_key(new.name),
                    &new.display_name,
                    &small(role_int(new.role)),
                    &new.password,
                    &new.at.n(),
                ],
                |row| row.user(0),
            )
            .await?;
        set_looks(self.db(), user, &name_looks(new.name), false).await?;
        set_looks(self.db(), user, &shown_looks(new.display_name), true).await?;
        Ok(user)
    }

    async fn set_display_name(&mut self, user: UserId, display_name: &str) -> StoreResult<()> {
        let sql = "UPDATE users SET display_name = $1 WHERE id = $2";
        self.db().run(sql, &[&display_name, &user.n()]).await?;
        set_looks(self.db(), user, &shown_looks(display_name), true).await
    }

    async fn set_zone(&mut self, user: UserId, tz: Option<&str>) -> StoreResult<()> {
        let sql = "UPDATE users SET tz = $1 WHERE id = $2";
        self.db().run(sql, &[&tz, &user.n()]).await?;
        Ok(())
    }

    async fn role(&mut self, user: UserId) -> StoreResult<Option<Role>> {
        let sql = "SELECT role FROM users WHERE id = $1";
        self.db()
            .first(sql, &[&user.n()], |row| role_of(row.small(0)?))
            .await
    }

    async fn has_other_owner(&mut self, user: UserId) -> StoreResult<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE role = $1 AND banned_at IS NULL AND id <> $2)";
        let owner = small(role_int(Role::Owner));
        self.db()
            .one(sql, &[&owner, &user.n()], |row| row.of(0))
            .await
    }

    async fn set_role(&mut self, user: UserId, role: Role) -> StoreResult<()> {
        let sql = "UPDATE users SET role = $1 WHERE id = $2";
        let role = small(role_int(role));
        self.db().run(sql, &[&role, &user.n()]).await?;
        Ok(())
    }

    async fn set_banned(&mut self, user: UserId, since: Option<u64>) -> StoreResult<()> {
        let sql = "UPDATE users SET banned_at = $1 WHERE id = $2";
        let since = since.map(u64::n);
        self.db().run(sql, &[&since, &user.n()]).await?;
        Ok(())
    }

    async fn set_password(&mut self, user: UserId, hash: &str) -> StoreResult<()> {
        let sql = "UPDATE users SET password = $1 WHERE id = $2";
        self.db().run(sql, &[&hash, &user.n()]).await?;
        Ok(())
    }

    async fn add_invite(&mut self, new: &InviteRecord) -> StoreResult<()> {
        self.db()
            .run(
                "INSERT INTO invites (code, created_by, created_at, expires_at, uses, rooms) VALUES ($1, $2, $3, $4, $5, $6)",
                &[
                    &new.code,
                    &new.created_by.n(),
                    &new.created_at.n(),
                    &new.expires_at.n(),
                    &i64::from(new.uses),
                    &numbers(&new.rooms),
                ],
            )
            .await?;
        Ok(())
    }

    async fn spend_invite(&mut self, code: &str) -> StoreResult<()> {
        let sql = "UPDATE invites SET uses = uses - 1 WHERE code = $1";
        self.db().run(sql, &[&code]).await?;
        Ok(())
    }

    async fn remove_invite(&mut self, code: &str) -> StoreResult<bool> {
        let sql = "DELETE FROM invites WHERE code = $1";
        Ok(self.db().run(sql, &[&code]).await? > 0)
    }

    async fn reset(&mut self, user: UserId) -> StoreResult<Option<ResetRecord>> {
        let sql = format!("{RESET} WHERE user_id = $1");
        self.db().first(&sql, &[&user.n()], reset).await
    }

    async fn set_reset(&mut self, new: &ResetRecord) -> StoreResult<()> {
        self.db()
            .run(
                "INSERT INTO resets (user_id, hash, created_by, expires_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, created_by = excluded.created_by, expires_at = excluded.expires_at",
                &[
                    &new.user.n(),
                    &new.hash,
                    &new.created_by.n(),
                    &new.expires_at.n(),
                ],
            )
            .await?;
        Ok(())
    }

    async fn remove_reset(&mut self, user: UserId) -> StoreResult<()> {
        let sql = "DELETE FROM resets WHERE user_id = $1";
        self.db().run(sql, &[&user.n()]).await?;
        Ok(())
    }
}

/// Notes how a name looks, or a display name (`shown`).
async fn set_looks(db: &mut Db, user: UserId, looks: &[String], shown: bool) -> StoreResult<()> {
    let (whose, shown) = (user.n(), i16::from(shown));
    let sql = "DELETE FROM name_looks WHERE user_id = $1 AND shown = $2";
    db.run(sql, &[&whose, &shown]).await?;
    let sql = "INSERT INTO name_looks (look, user_id, shown) SELECT look, $2, $3 FROM UNNEST ($1::text[]) AS new (look) ON CONFLICT DO NOTHING";
    db.run(sql, &[&looks, &whose, &shown]).await?;
    Ok(())
}

impl SignInRows for PgTx {
    async fn sign_in(&mut self, id: u64) -> StoreResult<Option<SignInRecord>> {
        find(self.db(), id).await
    }

    async fn add_sign_in(&mut self, new: &NewSignIn) -> StoreResult<u64> {
        self.db()
            .one(
                "INSERT INTO sign_ins (user_id, device, label, address, refresh_hash, created_at, seen_at, expires_at)
                 VALUES ($1, $2, $3, $4, '', $5, $5, $6) RETURNING id",
                &[
                    &new.user.n(),
                    &new.device,
                    &new.label,
                    &new.address,
                    &new.now.n(),
                    &new.expires_at.n(),
                ],
                |row| row.number(0),
            )
            .await
    }

    async fn save_sign_in(&mut self, record: &SignInRecord) -> StoreResult<()> {
        self.db()
            .run(
                "UPDATE sign_ins SET refresh_hash = $1, spent_hash = $2, spent_at = $3, label = $4, address = $5, seen_at = $6, expires_at = $7
                 WHERE id = $8",
                &[
                    &record.refresh_hash,
                    &record.spent_hash,
                    &record.spent_at.n(),
                    &record.label,
                    &record.address,
                    &record.seen_at.n(),
                    &record.expires_at.n(),
                    &record.id.n(),
                ],
            )
            .await?;
        Ok(())
    }

    async fn revoke(&mut self, id: u64, at: u64) -> StoreResult<()> {
        let sql = "UPDATE sign_ins SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
        self.db().run(sql, &[&at.n(), &id.n()]).await?;
        Ok(())
    }

    async fn revoke_device(
        &mut self,
        user: UserId,
        device: &str,
        at: u64,
    ) -> StoreResult<Vec<u64>> {
        let sql = "UPDATE sign_ins SET revoked_at = $1 WHERE user_id = $2 AND device = $3 AND revoked_at IS NULL RETURNING id";
        let ended = self
            .db()
            .all(sql, &[&at.n(), &user.n(), &device], |row| row.number(0))
            .await?;
        Ok(sorted(ended))
    }

    async fn revoke_others(&mut self, user: UserId, keep: u64, at: u64) -> StoreResult<Vec<u64>> {
        let sql = "UPDATE sign_ins SET revoked_at = $1 WHERE user_id = $2 AND id <> $3 AND revoked_at IS NULL RETURNING id";
        let ended = self
            .db()
            .all(sql, &[&at.n(), &user.n(), &keep.n()], |row| row.number(0))
            .await?;
        Ok(sorted(ended))
    }
}

/// Changed rows are returned in any order.
fn sorted(mut ids: Vec<u64>) -> Vec<u64> {
    ids.sort_unstable();
    ids
}

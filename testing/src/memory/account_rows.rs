//! Accounts, invites, resets and sign-ins in a transaction.

use protocol::{Role, UserId, name_key, name_looks, shown_looks};
use server::store::{
    Account, InviteRecord, NewSignIn, ResetRecord, SignInRecord,
    rules::{AccountRows, NewUser, SignInRows, StoreResult},
};

use super::tables::{Tables, missing};

impl AccountRows for Tables {
    async fn is_empty(&mut self) -> StoreResult<bool> {
        Ok(self.users.is_empty())
    }

    async fn living(&mut self, users: &[UserId]) -> StoreResult<usize> {
        let lives = |user: &&UserId| self.users.get(user).is_some_and(|account| !account.banned);
        Ok(users.iter().filter(lives).count())
    }

    async fn is_taken(&mut self, looks: &[String], except: Option<UserId>) -> StoreResult<bool> {
        Ok(self.has_look(looks, except))
    }

    async fn invite(&mut self, code: &str) -> StoreResult<Option<InviteRecord>> {
        Ok(self.invites.get(code).cloned())
    }

    async fn add_user(&mut self, new: NewUser<'_>) -> StoreResult<UserId> {
        let number = self.users.len() as u64 + 1;
        let id = UserId::new(number).ok_or_else(|| missing("number"))?;
        let account = Account {
            id,
            name: new.name.to_owned(),
            display_name: new.display_name.to_owned(),
            role: new.role,
            tz: None,
            banned: false,
        };
        self.users.insert(id, account);
        self.passwords.insert(id, new.password.to_owned());
        self.keys.insert(name_key(new.name), id);
        self.handles.insert(text::handle_key(new.name), id);
        Ok(id)
    }

    async fn set_display_name(&mut self, user: UserId, display_name: &str) -> StoreResult<()> {
        if let Some(account) = self.users.get_mut(&user) {
            display_name.clone_into(&mut account.display_name);
        }
        Ok(())
    }

    async fn set_zone(&mut self, user: UserId, tz: Option<&str>) -> StoreResult<()> {
        if let Some(account) = self.users.get_mut(&user) {
            account.tz = tz.map(str::to_owned);
        }
        Ok(())
    }

    async fn role(&mut self, user: UserId) -> StoreResult<Option<Role>> {
        Ok(self.users.get(&user).map(|account| account.role))
    }

    async fn has_other_owner(&mut self, user: UserId) -> StoreResult<bool> {
        let owns = |account: &Account| {
            account.role == Role::Owner && !account.banned && account.id != user
        };
        Ok(self.users.values().any(owns))
    }

    async fn set_role(&mut self, user: UserId, role: Role) -> StoreResult<()> {
        if let Some(account) = self.users.get_mut(&user) {
            account.role = role;
        }
        Ok(())
    }

    async fn set_banned(&mut self, user: UserId, since: Option<u64>) -> StoreResult<()> {
        if let Some(account) = self.users.get_mut(&user) {
            account.banned = since.is_some();
        }
        Ok(())
    }

    async fn set_password(&mut self, user: UserId, hash: &str) -> StoreResult<()> {
        if let Some(known) = self.passwords.get_mut(&user) {
            hash.clone_into(known);
        }
        Ok(())
    }

    async fn add_invite(&mut self, new: &InviteRecord) -> StoreResult<()> {
        self.invites.insert(new.code.clone(), new.clone());
        Ok(())
    }

    async fn spend_invite(&mut self, code: &str) -> StoreResult<()> {
        if let Some(invite) = self.invites.get_mut(code) {
            invite.uses -= 1;
        }
        Ok(())
    }

    async fn remove_invite(&mut self, code: &str) -> StoreResult<bool> {
        Ok(self.invites.remove(code).is_some())
    }

    async fn reset(&mut self, user: UserId) -> StoreResult<Option<ResetRecord>> {
        Ok(self.resets.get(&user).cloned())
    }

    async fn set_reset(&mut self, new: &ResetRecord) -> StoreResult<()> {
        self.resets.insert(new.user, new.clone());
        Ok(())
    }

    async fn remove_reset(&mut self, user: UserId) -> StoreResult<()> {
        self.resets.remove(&user);
        Ok(())
    }
}

impl Tables {
    /// Whether somebody else is called something that looks so.
    pub(super) fn has_look(&self, looks: &[String], except: Option<UserId>) -> bool {
        let others = self.users.values();
        others
            .filter(|account| Some(account.id) != except)
            .flat_map(|account| {
                let shown = shown_looks(&account.display_name);
                name_looks(&account.name).into_iter().chain(shown)
            })
            .any(|look| looks.contains(&look))
    }
}

impl SignInRows for Tables {
    async fn sign_in(&mut self, id: u64) -> StoreResult<Option<SignInRecord>> {
        Ok(self.sign_ins.get(&id).cloned())
    }

    async fn add_sign_in(&mut self, new: &NewSignIn) -> StoreResult<u64> {
        let id = self.sign_ins.len() as u64 + 1;
        let record = SignInRecord {
            id,
            user: new.user,
            device: new.device.clone(),
            label: new.label.clone(),
            address: new.address.clone(),
            refresh_hash: Vec::new(),
            spent_hash: Vec::new(),
            spent_at: 0,
            created_at: new.now,
            seen_at: new.now,
            expires_at: new.expires_at,
            revoked: false,
        };
        self.sign_ins.insert(id, record);
        Ok(id)
    }

    async fn save_sign_in(&mut self, record: &SignInRecord) -> StoreResult<()> {
        self.sign_ins.insert(record.id, record.clone());
        Ok(())
    }

    async fn revoke(&mut self, id: u64, _at: u64) -> StoreResult<()> {
        self.revoke_where(|record| record.id == id);
        Ok(())
    }

    async fn revoke_device(
        &mut self,
        user: UserId,
        device: &str,
        _at: u64,
    ) -> StoreResult<Vec<u64>> {
        Ok(self.revoke_where(|record| record.user == user && record.device == device))
    }

    async fn revoke_others(&mut self, user: UserId, keep: u64, _at: u64) -> StoreResult<Vec<u64>> {
        Ok(self.revoke_where(|record| record.user == user && record.id != keep))
    }
}

impl Tables {
    fn revoke_where(&mut self, ends: impl Fn(&SignInRecord) -> bool) -> Vec<u64> {
        let good = self.sign_ins.values_mut();
        let ended = good.filter(|record| !record.revoked && ends(record));
        ended
            .map(|record| {
                record.revoked = true;
                record.id
            })
            .collect()
    }
}

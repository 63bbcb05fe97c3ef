//! Sign-ins and passwords.

use protocol::UserId;

use super::tables::Tables;
use crate::store::{Begun, NewSignIn, Rotated, Rotation, SignInRecord, Use, UseRule, Used};

impl Tables {
    pub(super) fn sign_in(&mut self, new: NewSignIn) -> Begun {
        let before: Vec<u64> = self
            .good()
            .filter(|record| record.user == new.user && record.device == new.device)
            .map(|record| record.id)
            .collect();
        for &id in &before {
            self.revoke(new.user, id);
        }
        let id = self.sign_ins.len() as u64 + 1;
        let record = SignInRecord {
            id,
            user: new.user,
            device: new.device,
            label: new.label,
            address: new.address,
            refresh_hash: Vec::new(),
            spent_hash: Vec::new(),
            spent_at: 0,
            created_at: new.now,
            seen_at: new.now,
            expires_at: new.expires_at,
            revoked: false,
        };
        self.sign_ins.insert(id, record);
        Begun {
            id,
            replaced: before,
        }
    }

    fn good(&self) -> impl DoubleEndedIterator<Item = &SignInRecord> {
        self.sign_ins.values().filter(|record| !record.revoked)
    }

    pub(super) fn sign_ins_of(
        &self,
        user: UserId,
        now: u64,
        before: u64,
        limit: u32,
    ) -> Vec<SignInRecord> {
        let newest = self.good().rev().filter(|record| record.id < before);
        newest
            .filter(|record| record.user == user && record.expires_at > now)
            .take(limit as usize)
            .cloned()
            .collect()
    }

    pub(super) fn rotate(&mut self, id: u64, rotation: Rotation<'_>) -> Rotated {
        let record = self.sign_ins.get_mut(&id);
        let Some(record) = record.filter(|record| !record.revoked) else {
            return Rotated::Refused;
        };
        if record.refresh_hash == rotation.spent {
            record.spent_hash = rotation.spent.to_vec();
            record.spent_at = rotation.now;
            record.refresh_hash = rotation.fresh.to_vec();
            rotation.label.clone_into(&mut record.label);
            rotation.address.clone_into(&mut record.address);
            record.seen_at = record.seen_at.max(rotation.now);
            record.expires_at = rotation.expires_at;
            return Rotated::Done;
        }
        if !rotation.spent.is_empty() && record.spent_hash == rotation.spent {
            return Rotated::Before {
                at: record.spent_at,
                label: record.label.clone(),
            };
        }
        Rotated::Refused
    }

    pub(super) fn revoke(&mut self, user: UserId, id: u64) -> bool {
        let record = self.sign_ins.get_mut(&id);
        let Some(record) = record.filter(|record| !record.revoked && record.user == user) else {
            return false;
        };
        record.revoked = true;
        true
    }

    pub(super) fn used(&mut self, uses: &[Use], rule: UseRule) -> Vec<Used> {
        let mut noted = Vec::new();
        for Use { id, at, address } in uses {
            let record = self.sign_ins.get_mut(id);
            let wanted = |record: &&mut SignInRecord| {
                !record.revoked
                    && record.expires_at > *at
                    && record.seen_at.saturating_add(rule.every_ms) <= *at
            };
            let Some(record) = record.filter(wanted) else {
                continue;
            };
            record.seen_at = *at;
            if let Some(address) = address {
                address.clone_into(&mut record.address);
            }
            let last = record.created_at.saturating_add(rule.most_ms);
            let ends = at.saturating_add(rule.unused_ms).min(last);
            record.expires_at = record.expires_at.max(ends);
            noted.push(Used {
                id: *id,
                user: record.user,
                expires_at: record.expires_at,
            });
        }
        noted
    }

    pub(super) fn set_password(&mut self, user: UserId, hash: &str, keep: u64) -> Vec<u64> {
        if let Some(known) = self.passwords.get_mut(&user) {
            hash.clone_into(known);
        }
        let ended: Vec<u64> = self
            .good()
            .filter(|record| record.user == user && record.id != keep)
            .map(|record| record.id)
            .collect();
        for &id in &ended {
            self.revoke(user, id);
        }
        ended
    }
}

//! Rooms, accounts and sign-ins in a transaction.

use std::collections::{BTreeMap, HashMap};

use protocol::{RoomId, RoomKind, Seq, UserId, name_key, name_looks, shown_looks};
use server::store::{
    Account, InviteRecord, NewSignIn, SignInRecord,
    rules::{AccountRows, Answer, Head, NewRoom, NewUser, RoomRows, Seat, SignInRows},
};

use super::tables::{Room, Tables, missing};

impl RoomRows for Tables {
    async fn seats(&mut self, at: &[(RoomId, UserId)]) -> Answer<HashMap<(RoomId, UserId), Seat>> {
        let seat = |&(id, user): &(RoomId, UserId)| {
            let room = self.rooms.get(&id)?;
            let seat = Seat {
                place: room.place(user),
                read: room.members.get(&user).copied().unwrap_or(0),
                head: Head {
                    seq: room.last_seq(),
                    said: room.messages.len() as u64,
                },
            };
            Some(((id, user), seat))
        };
        Ok(at.iter().filter_map(seat).collect())
    }

    async fn members(&mut self, room: RoomId) -> Answer<Vec<UserId>> {
        Ok(self.room_mut(room)?.members.keys().copied().collect())
    }

    async fn room_is_called(
        &mut self,
        looks: &[String; 2],
        except: Option<RoomId>,
    ) -> Answer<bool> {
        let others = self.rooms.iter();
        let mut others = others
            .filter(|(id, room)| room.kind == RoomKind::Public && Some(**id) != except)
            .flat_map(|(_, room)| name_looks(&room.name));
        Ok(others.any(|look| looks.contains(&look)))
    }

    async fn direct_room(&mut self, people: &[UserId]) -> Answer<Option<RoomId>> {
        Ok(self.direct.get(people).copied())
    }

    async fn first_room(&mut self) -> Answer<Option<RoomId>> {
        let public = |(id, room): (&RoomId, &Room)| (room.kind == RoomKind::Public).then_some(*id);
        Ok(self.rooms.iter().find_map(public))
    }

    async fn read(&mut self, room: RoomId, user: UserId, upto: Seq) -> Answer<()> {
        if let Some(read) = self.room_mut(room)?.members.get_mut(&user) {
            *read = upto;
        }
        Ok(())
    }

    async fn add_member(&mut self, room: RoomId, user: UserId, _at: u64, read: Seq) -> Answer<()> {
        self.room_mut(room)?.members.insert(user, read);
        Ok(())
    }

    async fn remove_member(&mut self, room: RoomId, user: UserId) -> Answer<bool> {
        Ok(self.room_mut(room)?.members.remove(&user).is_some())
    }

    async fn add_room(&mut self, new: NewRoom<'_>) -> Answer<RoomId> {
        self.rooms_made += 1;
        let id = RoomId::new(self.rooms_made).ok_or_else(|| missing("number"))?;
        let room = Room {
            kind: new.kind,
            name: new.name.to_owned(),
            topic: new.topic.to_owned(),
            created_by: new.by,
            log: Vec::new(),
            members: BTreeMap::new(),
            messages: BTreeMap::new(),
        };
        self.rooms.insert(id, room);
        if !new.people.is_empty() {
            self.direct.insert(new.people.to_vec(), id);
        }
        Ok(id)
    }

    async fn rename_room(&mut self, room: RoomId, name: &str) -> Answer<()> {
        name.clone_into(&mut self.room_mut(room)?.name);
        Ok(())
    }

    async fn set_topic(&mut self, room: RoomId, topic: &str) -> Answer<bool> {
        let known = &mut self.room_mut(room)?.topic;
        let changed = known != topic;
        topic.clone_into(known);
        Ok(changed)
    }

    async fn delete_room(&mut self, room: RoomId, _at: u64) -> Answer<()> {
        self.rooms.remove(&room);
        Ok(())
    }
}

impl AccountRows for Tables {
    async fn is_empty(&mut self) -> Answer<bool> {
        Ok(self.users.is_empty())
    }

    async fn living(&mut self, users: &[UserId]) -> Answer<usize> {
        let lives = |user: &&UserId| self.users.get(user).is_some_and(|account| !account.banned);
        Ok(users.iter().filter(lives).count())
    }

    async fn is_taken(&mut self, looks: &[String], except: Option<UserId>) -> Answer<bool> {
        Ok(self.has_look(looks, except))
    }

    async fn invite(&mut self, code: &str) -> Answer<Option<InviteRecord>> {
        Ok(self.invites.get(code).cloned())
    }

    async fn add_user(&mut self, new: NewUser<'_>) -> Answer<UserId> {
        let number = self.users.len() as u64 + 1;
        let id = UserId::new(number).ok_or_else(|| missing("number"))?;
        let account = Account {
            id,
            name: new.name.to_owned(),
            display_name: new.display_name.to_owned(),
            role: new.role,
            banned: false,
        };
        self.users.insert(id, account);
        self.passwords.insert(id, new.password.to_owned());
        self.keys.insert(name_key(new.name), id);
        self.handles.insert(text::handle_key(new.name), id);
        Ok(id)
    }

    async fn set_display_name(&mut self, user: UserId, display_name: &str) -> Answer<()> {
        if let Some(account) = self.users.get_mut(&user) {
            display_name.clone_into(&mut account.display_name);
        }
        Ok(())
    }

    async fn set_password(&mut self, user: UserId, hash: &str) -> Answer<()> {
        if let Some(known) = self.passwords.get_mut(&user) {
            hash.clone_into(known);
        }
        Ok(())
    }

    async fn add_invite(&mut self, new: &InviteRecord) -> Answer<()> {
        self.invites.insert(new.code.clone(), new.clone());
        Ok(())
    }

    async fn spend_invite(&mut self, code: &str) -> Answer<()> {
        if let Some(invite) = self.invites.get_mut(code) {
            invite.uses -= 1;
        }
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
    async fn sign_in(&mut self, id: u64) -> Answer<Option<SignInRecord>> {
        Ok(self.sign_ins.get(&id).cloned())
    }

    async fn add_sign_in(&mut self, new: &NewSignIn) -> Answer<u64> {
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

    async fn save_sign_in(&mut self, record: &SignInRecord) -> Answer<()> {
        self.sign_ins.insert(record.id, record.clone());
        Ok(())
    }

    async fn revoke(&mut self, id: u64, _at: u64) -> Answer<()> {
        self.revoke_where(|record| record.id == id);
        Ok(())
    }

    async fn revoke_device(&mut self, user: UserId, device: &str, _at: u64) -> Answer<Vec<u64>> {
        Ok(self.revoke_where(|record| record.user == user && record.device == device))
    }

    async fn revoke_others(&mut self, user: UserId, keep: u64, _at: u64) -> Answer<Vec<u64>> {
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

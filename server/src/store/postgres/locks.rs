//! The locks of a transaction, all taken before anything is read, in one order on every node: first the server's (for what is looked up and
//! then made: accounts, names, rooms), then the heads of rooms by id, then people by id, then sign-ins by id. Whoever has one waits only for
//! later ones, so nobody waits in a circle.

use std::collections::BTreeSet;

use protocol::{RoomId, UserId};

use super::rows::{Db, Number as _, PgColumns as _};
use crate::store::{Write, rules::StoreResult};

/// What the writes of one transaction change.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Locks {
    /// Something that is looked up and then made, which nobody else may make meanwhile.
    everything: bool,
    rooms: BTreeSet<RoomId>,
    /// People all of whose rooms are changed.
    readers: BTreeSet<UserId>,
    /// Invites whose rooms are changed.
    invites: BTreeSet<String>,
    /// Whether the first room is changed: a new account joins it.
    first_room: bool,
    /// Before when a room was hidden that is changed: the first of them is erased.
    hidden_before: Option<u64>,
    users: BTreeSet<UserId>,
    sign_ins: BTreeSet<u64>,
}

impl Locks {
    /// What these writes change.
    pub(super) fn of(writes: &[Write]) -> Self {
        let mut locks = Self::default();
        for write in writes {
            locks.add(write);
        }
        locks
    }

    fn add(&mut self, write: &Write) {
        let (_, room) = write.touches();
        self.rooms.extend(room);
        match write {
            Write::Command(_)
            | Write::Read { .. }
            | Write::Unread { .. }
            | Write::Follow { .. }
            | Write::Prefer { .. }
            | Write::Join { .. }
            | Write::Leave { .. } => {}
            Write::Save(one) => {
                self.rooms.insert(one.room);
                self.users.insert(one.who.id);
            }
            Write::ReadAll { who, .. } => {
                self.users.insert(who.id);
                self.readers.insert(who.id);
            }
            Write::CreateRoom { .. }
            | Write::CreateDirect { .. }
            | Write::ChangeRoom { .. }
            | Write::DeleteRoom { .. }
            | Write::UndeleteRoom { .. }
            | Write::Invite(_)
            | Write::RevokeInvite { .. } => self.everything = true,
            Write::EraseRoom { now } => {
                self.everything = true;
                self.hidden_before = Some(*now);
            }
            Write::CreateAccount(new) => {
                self.everything = true;
                self.invites.extend(new.invite.clone());
                self.first_room = true;
            }
            Write::SetProfile { user, .. }
            | Write::SetRole { user, .. }
            | Write::Govern { user, .. } => {
                self.everything = true;
                self.users.insert(*user);
            }
            Write::SetPassword { user, .. } | Write::Revoke { user, .. } => {
                self.users.insert(*user);
            }
            Write::SignIn(new) => drop(self.users.insert(new.user)),
            Write::Reset(new) => drop(self.users.insert(new.user)),
            Write::UseReset(used) => drop(self.users.insert(used.user)),
            Write::Rotate(rotation) => drop(self.sign_ins.insert(rotation.id)),
            Write::Use { uses, .. } => self.sign_ins.extend(uses.iter().map(|one| one.id)),
        }
    }

    /// Takes them; the latest time that stands in the logs of the rooms.
    pub(super) async fn take(&self, db: &mut Db) -> StoreResult<u64> {
        if self.everything {
            db.simple("SELECT pg_advisory_xact_lock(481616072, 2)")
                .await?;
        }
        let mut rooms: BTreeSet<i64> = self.rooms.iter().map(|room| room.n()).collect();
        rooms.extend(self.more_rooms(db).await?);
        let mut last_at = 0;
        if !rooms.is_empty() {
            let rooms: Vec<i64> = rooms.into_iter().collect();
            let sql = "SELECT last_at FROM heads WHERE room_id = ANY ($1) ORDER BY room_id FOR NO KEY UPDATE";
            let found = db.all(sql, &[&rooms], |row| row.number(0)).await?;
            last_at = found.into_iter().max().unwrap_or(0);
        }
        let users: Vec<i64> = self.users.iter().map(|user| user.n()).collect();
        if !users.is_empty() {
            let sql = "SELECT 1 FROM users WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE";
            db.run(sql, &[&users]).await?;
        }
        if !users.is_empty() || !self.sign_ins.is_empty() {
            let sign_ins: Vec<i64> = self.sign_ins.iter().map(|id| id.n()).collect();
            let sql = "SELECT 1 FROM sign_ins WHERE id = ANY ($1) OR (user_id = ANY ($2) AND revoked_at IS NULL) ORDER BY id FOR NO KEY UPDATE";
            db.run(sql, &[&sign_ins, &users]).await?;
        }
        Ok(last_at)
    }

    /// The rooms that only the database knows. A new account's and an erased one cannot become others while the server's lock is held; who joins a room
    /// just when all of theirs are read has nothing unread there.
    async fn more_rooms(&self, db: &mut Db) -> StoreResult<Vec<i64>> {
        let is_alone = self.readers.is_empty() && !self.first_room && self.hidden_before.is_none();
        if is_alone {
            return Ok(Vec::new());
        }
        let readers: Vec<i64> = self.readers.iter().map(|user| user.n()).collect();
        let invites: Vec<&str> = self.invites.iter().map(String::as_str).collect();
        let before = self.hidden_before.map(u64::n);
        db.all(
            "SELECT room_id FROM members WHERE user_id = ANY ($1)
             UNION SELECT UNNEST (rooms) FROM invites WHERE code = ANY ($2)
             UNION (SELECT id FROM rooms WHERE $3 AND kind = 0 AND deleted_at IS NULL AND hidden_at IS NULL AND archived = 0 ORDER BY id LIMIT 1)
             UNION (SELECT id FROM rooms WHERE hidden_at < $4 ORDER BY hidden_at, id LIMIT 1)",
            &[&readers, &invites, &self.first_room, &before],
            |row| row.of(0),
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Act, Command, MessageId, Role};

    use super::*;
    use crate::{auth::rights::Who, store::Rotation};

    fn who(number: u64) -> Who {
        Who {
            id: UserId::new(number).unwrap(),
            role: Role::Member,
        }
    }

    #[test]
    fn a_message_takes_its_room_alone() {
        let room = RoomId::new(7).unwrap();
        let act = Act::Delete { of: 3 };
        let id = MessageId::from_u128(5);
        let locks = Locks::of(&[Write::command(who(1), Command { id, room, act }, 1)]);
        assert_eq!(
            locks,
            Locks {
                rooms: [room].into(),
                ..Locks::default()
            }
        );
    }

    #[test]
    fn a_refresh_takes_its_sign_in() {
        let rotation = Rotation {
            id: 9,
            spent: Vec::new(),
            fresh: Vec::new(),
            label: String::new(),
            address: String::new(),
            now: 1,
            expires_at: 2,
        };
        let locks = Locks::of(&[Write::Rotate(rotation)]);
        assert_eq!(
            locks,
            Locks {
                sign_ins: [9].into(),
                ..Locks::default()
            }
        );
    }
}

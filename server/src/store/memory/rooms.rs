//! Rooms, who is in them, and the accounts that are made into them.

use protocol::{EventKind, Role, RoomId, RoomKind, Seq, UserId, name_key, name_looks, shown_looks};

use super::tables::{Room, Tables};
use crate::{
    auth::rights::{Right, Who},
    error::Refusal,
    store::{Account, Done, Named, Outcome, Reply},
};

/// The room that the owner lands in, and everybody after.
const FIRST_ROOM: &str = "general";

/// An account to be made.
pub(super) struct NewAccount<'a> {
    pub(super) name: &'a str,
    pub(super) display_name: &'a str,
    pub(super) password: &'a str,
    pub(super) invite: Option<&'a str>,
    pub(super) open: bool,
    pub(super) now: u64,
}

impl Tables {
    pub(super) fn read(&mut self, who: Who, room: RoomId, seq: Seq) -> Outcome {
        self.allowed(who, room, Right::Write)?;
        let room = self.room_mut(room)?;
        // Only ever grows; past the end means the end.
        let upto = seq.min(room.last_seq());
        let reply = match room.members.get_mut(&who.id) {
            Some(read) if *read < upto => {
                *read = upto;
                Reply::Read {
                    seq: upto,
                    moved: true,
                }
            }
            _ => Reply::Read { seq, moved: false },
        };
        Ok(Done::quiet(reply))
    }

    pub(super) fn join(&mut self, who: Who, room: RoomId, user: UserId, now: u64) -> Outcome {
        let act = if user == who.id {
            Right::Join
        } else {
            Right::Add(user)
        };
        self.allowed(who, room, act)?;
        self.known(&[user], "user")?;
        let events = self.add_member(room, user, who.id, now)?;
        let changed = !events.is_empty();
        Ok(Done {
            reply: Reply::Member { user, changed },
            events,
            named: Named::default(),
        })
    }

    /// Makes somebody a member, with the entry that says so; none if they are one already. Nothing before it is unread.
    fn add_member(
        &mut self,
        room: RoomId,
        user: UserId,
        by: UserId,
        now: u64,
    ) -> Result<Vec<protocol::Event>, Refusal> {
        if self.room(room)?.members.contains_key(&user) {
            return Ok(Vec::new());
        }
        let event = self.append(room, by, now, EventKind::Join { user })?;
        self.room_mut(room)?.members.insert(user, event.seq);
        Ok(vec![event])
    }

    fn known(&self, users: &[UserId], field: &'static str) -> Result<(), Refusal> {
        let here = |user| self.users.get(user).is_some_and(|account| !account.banned);
        if users.iter().all(here) {
            Ok(())
        } else {
            Err(Refusal::not_found("user").on(field))
        }
    }

    pub(super) fn leave(&mut self, who: Who, room: RoomId, user: UserId, now: u64) -> Outcome {
        self.allowed(who, room, Right::Remove(user))?;
        if self.room_mut(room)?.members.remove(&user).is_none() {
            return Err(Refusal::not_found("member").on("user"));
        }
        let event = self.append(room, who.id, now, EventKind::Leave { user })?;
        let changed = true;
        Ok(Done {
            reply: Reply::Member { user, changed },
            events: vec![event],
            named: Named::default(),
        })
    }

    fn add_room(&mut self, room: Room) -> Result<RoomId, Refusal> {
        self.rooms_made += 1;
        let id = RoomId::new(self.rooms_made).ok_or_else(Refusal::unavailable)?;
        self.rooms.insert(id, room);
        Ok(id)
    }

    pub(super) fn create(
        &mut self,
        who: Who,
        (kind, name, topic): (RoomKind, &str, &str),
        now: u64,
    ) -> Outcome {
        if kind == RoomKind::Public {
            self.free_name(name, None)?;
        }
        let room = self.add_room(Room {
            name: name.to_owned(),
            topic: topic.to_owned(),
            ..Room::new(kind, who.id)
        })?;
        let events = self.add_member(room, who.id, who.id, now)?;
        let reply = Reply::Room {
            room,
            members: vec![who.id],
            created: true,
        };
        Ok(Done {
            reply,
            events,
            named: Named::default(),
        })
    }

    fn free_name(&self, name: &str, except: Option<RoomId>) -> Result<(), Refusal> {
        let looks = name_looks(name);
        let same = |(id, room): (&RoomId, &Room)| {
            let alike = || {
                name_looks(&room.name)
                    .iter()
                    .any(|look| looks.contains(look))
            };
            room.kind == RoomKind::Public && Some(*id) != except && alike()
        };
        if self.rooms.iter().any(same) {
            let why = "there is a room with this name, or one that looks like it";
            return Err(Refusal::conflict(why).on("name"));
        }
        Ok(())
    }

    pub(super) fn create_direct(&mut self, who: Who, others: &[UserId], now: u64) -> Outcome {
        let mut people: Vec<UserId> = others.iter().copied().chain([who.id]).collect();
        people.sort_unstable();
        people.dedup();
        self.known(&people, "users")?;
        if let Some(&room) = self.direct.get(&people) {
            return Ok(Done::quiet(Reply::Room {
                room,
                members: people,
                created: false,
            }));
        }
        let room = self.add_room(Room::new(RoomKind::Direct, who.id))?;
        self.direct.insert(people.clone(), room);
        let mut events = Vec::with_capacity(people.len());
        for &user in &people {
            events.append(&mut self.add_member(room, user, who.id, now)?);
        }
        let reply = Reply::Room {
            room,
            members: people,
            created: true,
        };
        Ok(Done {
            reply,
            events,
            named: Named::default(),
        })
    }

    pub(super) fn change(
        &mut self,
        who: Who,
        room: RoomId,
        (name, topic): (Option<&str>, Option<&str>),
        now: u64,
    ) -> Outcome {
        let place = self.allowed(who, room, Right::Govern)?;
        if let Some(name) = name {
            if place.kind == RoomKind::Public {
                self.free_name(name, Some(room))?;
            }
            name.clone_into(&mut self.room_mut(room)?.name);
        }
        let mut events = Vec::new();
        if let Some(topic) = topic
            && self.room(room)?.topic != topic
        {
            let text = topic.to_owned();
            self.room_mut(room)?.topic.clone_from(&text);
            events.push(self.append(room, who.id, now, EventKind::Topic { text })?);
        }
        let members = self.room(room)?.members.keys().copied().collect();
        let reply = Reply::Room {
            room,
            members,
            created: false,
        };
        Ok(Done {
            reply,
            events,
            named: Named::default(),
        })
    }

    pub(super) fn remove_room(&mut self, who: Who, room: RoomId) -> Outcome {
        self.allowed(who, room, Right::Govern)?;
        let members = self.room(room)?.members.keys().copied().collect();
        // What was said is gone; the ids stay spoken for.
        self.rooms.remove(&room);
        Ok(Done::quiet(Reply::Room {
            room,
            members,
            created: false,
        }))
    }

    pub(super) fn create_account(&mut self, new: &NewAccount<'_>) -> Outcome {
        let first = self.users.is_empty();
        let invited = if first {
            Vec::new()
        } else {
            self.entrance(new)?
        };
        for (looks, name, field) in [
            (name_looks(new.name), new.name, "name"),
            (
                shown_looks(new.display_name),
                new.display_name,
                "display_name",
            ),
        ] {
            if self.is_taken(&looks, None) {
                return Err(Refusal::name_taken(name).on(field));
            }
        }
        if !first && let Some(invite) = new.invite.and_then(|code| self.invites.get_mut(code)) {
            invite.uses -= 1;
        }
        let number = self.users.len() as u64 + 1;
        let user = UserId::new(number).ok_or_else(Refusal::unavailable)?;
        let role = if first { Role::Owner } else { Role::Member };
        let account = Account {
            id: user,
            name: new.name.to_owned(),
            display_name: new.display_name.to_owned(),
            role,
            banned: false,
        };
        self.users.insert(user, account);
        self.passwords.insert(user, new.password.to_owned());
        self.keys.insert(name_key(new.name), user);
        self.handles.insert(text::handle_key(new.name), user);
        let mut rooms = self.first_room(first, user)?;
        for room in invited {
            if !rooms.contains(&room) {
                rooms.push(room);
            }
        }
        let mut events = Vec::with_capacity(rooms.len());
        for &room in &rooms {
            events.append(&mut self.add_member(room, user, user, new.now)?);
        }
        Ok(Done {
            reply: Reply::Account { user, role, rooms },
            events,
            named: Named::default(),
        })
    }

    /// Whether somebody else is called something that looks so.
    pub(super) fn is_taken(&self, looks: &[String], except: Option<UserId>) -> bool {
        let others = self
            .users
            .values()
            .filter(|account| Some(account.id) != except);
        others
            .flat_map(|account| {
                [
                    name_looks(&account.name),
                    shown_looks(&account.display_name),
                ]
            })
            .flatten()
            .any(|look| looks.contains(&look))
    }

    /// #general, under whatever name it has now: the oldest public room. The first account makes it.
    fn first_room(&mut self, make: bool, by: UserId) -> Result<Vec<RoomId>, Refusal> {
        if make {
            let room = Room {
                name: FIRST_ROOM.to_owned(),
                ..Room::new(RoomKind::Public, by)
            };
            return Ok(vec![self.add_room(room)?]);
        }
        let public = |(id, room): (&RoomId, &Room)| (room.kind == RoomKind::Public).then_some(*id);
        Ok(self.rooms.iter().find_map(public).into_iter().collect())
    }

    /// The rooms that the invite opens; refused without a good one, unless the door is open and none is shown.
    fn entrance(&self, new: &NewAccount<'_>) -> Result<Vec<RoomId>, Refusal> {
        let Some(code) = new.invite else {
            if new.open {
                return Ok(Vec::new());
            }
            let why = "an account here needs an invite; ask somebody who is in";
            return Err(Refusal::forbidden(why).on("invite"));
        };
        let good =
            |invite: &&crate::store::InviteRecord| invite.uses > 0 && invite.expires_at > new.now;
        let Some(invite) = self.invites.get(code).filter(good) else {
            let why = "this invite is used up or too old; ask for a new one";
            return Err(Refusal::forbidden(why).on("invite"));
        };
        let open = |id: &&RoomId| {
            self.rooms
                .get(id)
                .is_some_and(|room| room.kind != RoomKind::Direct)
        };
        Ok(invite.rooms.iter().filter(open).copied().collect())
    }
}

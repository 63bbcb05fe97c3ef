//! Rooms and who is in them, in a transaction.

use std::{
    collections::{BTreeMap, HashMap},
    mem::replace,
};

use protocol::{
    PreferencesPatch, ReadPosition, RoomId, RoomKind, RoomSetting, Seq, UserId, name_looks,
};
use server::store::rules::{HiddenRoom, LogEnd, RoomRow, RoomRows, Seat, StoreResult, UnreadRoom};

use super::tables::{MemberTable, RoomTable, Tables, missing};

fn seat(room: &RoomTable, user: UserId) -> Seat {
    Seat {
        place: room.place(user),
        read: room.members.get(&user).copied().unwrap_or_default().read,
        head: LogEnd {
            seq: room.last_seq(),
            said: room.own_messages().count() as u64,
        },
    }
}

impl RoomRows for Tables {
    async fn seats(
        &mut self,
        at: &[(RoomId, UserId)],
    ) -> StoreResult<HashMap<(RoomId, UserId), Seat>> {
        let known = |&(id, user): &(RoomId, UserId)| {
            let room = self.rooms.get(&id).filter(|room| room.hidden.is_none())?;
            Some(((id, user), seat(room, user)))
        };
        Ok(at.iter().filter_map(known).collect())
    }

    async fn members(&mut self, room: RoomId) -> StoreResult<Vec<UserId>> {
        Ok(self.room_mut(room)?.members.keys().copied().collect())
    }

    async fn room_is_called(
        &mut self,
        looks: &[String; 2],
        except: Option<RoomId>,
    ) -> StoreResult<bool> {
        let others = self.rooms.iter();
        let mut others = others
            .filter(|(id, room)| {
                room.kind == RoomKind::Public && room.hidden.is_none() && Some(**id) != except
            })
            .flat_map(|(_, room)| name_looks(&room.name));
        Ok(others.any(|look| looks.contains(&look)))
    }

    async fn direct_room(&mut self, people: &[UserId]) -> StoreResult<Option<RoomId>> {
        Ok(self.direct.get(people).copied())
    }

    async fn first_room(&mut self) -> StoreResult<Option<RoomId>> {
        let open = |(_, room): &(&RoomId, &RoomTable)| {
            room.kind == RoomKind::Public && room.hidden.is_none() && !room.archived
        };
        Ok(self.rooms.iter().find(open).map(|(id, _)| *id))
    }

    async fn read(&mut self, room: RoomId, user: UserId, upto: Seq) -> StoreResult<()> {
        if let Some(member) = self.room_mut(room)?.members.get_mut(&user) {
            member.read.seq = upto;
        }
        Ok(())
    }

    async fn set_back(
        &mut self,
        room: RoomId,
        user: UserId,
        position: ReadPosition,
    ) -> StoreResult<()> {
        if let Some(member) = self.room_mut(room)?.members.get_mut(&user) {
            member.read = position;
        }
        Ok(())
    }

    async fn unread_rooms(
        &mut self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> StoreResult<Vec<UnreadRoom>> {
        let unread = |(&id, room): (&RoomId, &RoomTable)| {
            let read = room.members.get(&user)?.read;
            let (end, open) = (room.last_seq(), room.hidden.is_none());
            let room = UnreadRoom {
                room: id,
                read,
                end,
            };
            (id.get() > after && read.seq < end && open).then_some(room)
        };
        let unread = self.rooms.iter().filter_map(unread);
        Ok(unread.take(limit as usize).collect())
    }

    async fn prefer(
        &mut self,
        room: RoomId,
        user: UserId,
        patch: PreferencesPatch,
    ) -> StoreResult<()> {
        if let Some(member) = self.room_mut(room)?.members.get_mut(&user) {
            member.preferences = member.preferences.with(patch);
        }
        Ok(())
    }

    async fn add_member(
        &mut self,
        room: RoomId,
        user: UserId,
        _at: u64,
        read: Seq,
    ) -> StoreResult<()> {
        let member = MemberTable {
            read: ReadPosition {
                generation: 0,
                seq: read,
            },
            ..MemberTable::default()
        };
        self.room_mut(room)?.members.insert(user, member);
        Ok(())
    }

    async fn remove_member(&mut self, room: RoomId, user: UserId) -> StoreResult<bool> {
        self.follows
            .retain(|(whose, of, _), _| (*whose, *of) != (user, room));
        Ok(self.room_mut(room)?.members.remove(&user).is_some())
    }

    async fn add_room(&mut self, new: RoomRow<'_>) -> StoreResult<RoomId> {
        self.rooms_made += 1;
        let id = RoomId::new(self.rooms_made).ok_or_else(|| missing("number"))?;
        let room = RoomTable {
            kind: new.kind,
            name: new.name.to_owned(),
            topic: new.topic.to_owned(),
            created_by: new.by,
            read_only: false,
            archived: false,
            hidden: None,
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

    async fn set(&mut self, room: RoomId, setting: &RoomSetting) -> StoreResult<bool> {
        let room = self.room_mut(room)?;
        Ok(match setting.clone() {
            RoomSetting::Name(name) => replace(&mut room.name, name.clone()) != name,
            RoomSetting::ReadOnly(on) => replace(&mut room.read_only, on) != on,
            RoomSetting::Archived(on) => replace(&mut room.archived, on) != on,
        })
    }

    async fn set_topic(&mut self, room: RoomId, topic: &str) -> StoreResult<bool> {
        let known = &mut self.room_mut(room)?.topic;
        let changed = known != topic;
        topic.clone_into(known);
        Ok(changed)
    }

    async fn delete_room(&mut self, room: RoomId, _at: u64) -> StoreResult<()> {
        self.rooms.remove(&room);
        self.saved.retain(|(_, of, _), _| *of != room);
        self.follows.retain(|(_, of, _), _| *of != room);
        Ok(())
    }

    async fn hide_room(&mut self, room: RoomId, hidden: Option<(u64, UserId)>) -> StoreResult<()> {
        self.room_mut(room)?.hidden = hidden;
        Ok(())
    }

    async fn hidden_room(&mut self, room: RoomId, user: UserId) -> StoreResult<Option<HiddenRoom>> {
        let hidden = |room: &RoomTable| {
            let (at, by) = room.hidden?;
            Some(HiddenRoom {
                seat: seat(room, user),
                at,
                by,
                name: room.name.clone(),
            })
        };
        Ok(self.rooms.get(&room).and_then(hidden))
    }

    async fn hidden_before(&mut self, at: u64) -> StoreResult<Option<RoomId>> {
        Ok(self.hidden_since(at))
    }
}

impl Tables {
    /// The room that is hidden for longest, if it is since before that time.
    pub(super) fn hidden_since(&self, before: u64) -> Option<RoomId> {
        let hidden = self.rooms.iter();
        let hidden = hidden.filter_map(|(id, room)| Some((room.hidden?.0, *id)));
        let old = hidden.filter(|(since, _)| *since < before);
        old.min().map(|(_, id)| id)
    }
}

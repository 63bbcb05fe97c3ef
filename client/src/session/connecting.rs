//! Hello, welcome, and what a lost connection leaves behind.

use std::collections::BTreeMap;

use protocol::{
    ClientFrame, Hello, PresenceState, Resume, RoomId, RoomSummary, Seq, VERSION, Welcome,
    limits::REPLAY_ENTRIES,
};

use super::{Catching, Session};
use crate::{
    Change, Effect,
    ctx::Ctx,
    requests::Want,
    room::{Counts, Room},
    sorted::{SortedSet, put},
};

/// Most cursors of a `hello`, so that it stays below the limit of a frame. Rooms beyond it are loaded anew.
const MAX_CURSORS: usize = 1_200;
/// How long a replay may stand still, in milliseconds, before what is missing is asked for.
pub(super) const REPLAY_MS: u64 = 5_000;

impl Session {
    pub(super) fn opened(&mut self, ctx: &mut Ctx<'_>) {
        if !self.connection.opened() {
            return;
        }
        self.resumed = self.cursors();
        let known = self.live.is_some() || !self.resumed.is_empty();
        let resume = known.then(|| Resume {
            session: self.live,
            cursors: self.resumed.clone(),
        });
        ctx.transmit(ClientFrame::Hello(Hello {
            v: VERSION,
            device: self.config.device.clone(),
            client: self.config.client_name.clone(),
            token: self.config.token.clone(),
            resume,
        }));
    }

    /// How far each room was seen: the open one first, then those of which most is held.
    fn cursors(&self) -> BTreeMap<RoomId, Seq> {
        let mut rooms = Vec::new();
        for room in self.rooms.iter().filter(|(_, room)| room.summary.member) {
            put(&mut rooms, room, |(id, room)| {
                (
                    Some(**id) != self.open,
                    std::cmp::Reverse(room.held.entries.len()),
                )
            });
        }
        rooms.truncate(MAX_CURSORS);
        // Not collected: see `put`.
        let mut cursors = BTreeMap::new();
        cursors.extend(rooms.into_iter().map(|(&id, room)| (id, room.log.cursor())));
        cursors
    }

    pub(super) fn welcome(&mut self, welcome: Welcome, ctx: &mut Ctx<'_>) {
        if !self.connection.welcomed(ctx, welcome.heartbeat_ms) {
            return;
        }
        self.live = Some(welcome.session);
        self.limits = Some(welcome.limits);
        self.outbox.pace().set(welcome.limits.send_per_s);
        self.became(&welcome, ctx);
        self.people.nobody_is_here();
        self.learn(welcome.users);
        self.catching = Some(Catching {
            shown: self.connection.take_outage(),
            ..Catching::default()
        });
        self.take_rooms(welcome.rooms, welcome.more_rooms, ctx);
        if self.page.away {
            Self::tell_presence(PresenceState::Away, ctx);
        }
        self.caught_up(ctx);
        ctx.changed(Change::Users);
    }

    fn became(&mut self, welcome: &Welcome, ctx: &mut Ctx<'_>) {
        let before = self.people.my_id();
        if before.is_some_and(|before| before != welcome.user.id) {
            // Somebody else signed in: nothing that was held is theirs.
            self.rooms.clear();
            self.requests = crate::requests::Requests::default();
        }
        if self.people.me() != Some(&welcome.user) {
            self.people.set_me(welcome.user.clone());
            ctx.changed(Change::Me);
        }
        for entry in self.outbox.sign(welcome.user.id) {
            ctx.effect(Effect::Save(entry));
        }
    }

    /// The rooms of a `welcome`; so many more follow it, each in a frame of its own.
    fn take_rooms(&mut self, summaries: Vec<RoomSummary>, more: u64, ctx: &mut Ctx<'_>) {
        let told: SortedSet<RoomId> = summaries.iter().map(|summary| summary.id).collect();
        if more == 0 {
            self.lose_others(&told, ctx);
        }
        for summary in summaries {
            self.take_room(summary, ctx);
        }
        match &mut self.catching {
            Some(catching) if more > 0 => (catching.told, catching.rooms_to_come) = (told, more),
            _ => self.resumed.clear(),
        }
        ctx.changed(Change::Rooms);
    }

    /// One of the rooms that did not fit into the `welcome`; false if it is not one of them.
    pub(super) fn take_one_more(&mut self, summary: &RoomSummary, ctx: &mut Ctx<'_>) -> bool {
        let Some(catching) = self.catching.as_mut().filter(|it| it.rooms_to_come > 0) else {
            return false;
        };
        if !catching.told.insert(summary.id) {
            return false;
        }
        catching.rooms_to_come -= 1;
        let all = (catching.rooms_to_come == 0).then(|| std::mem::take(&mut catching.told));
        self.take_room(summary.clone(), ctx);
        if let Some(told) = all {
            self.lose_others(&told, ctx);
            self.resumed.clear();
            self.caught_up(ctx);
        }
        ctx.changed(Change::Rooms);
        true
    }

    /// Every room was told: those that were not are no more.
    fn lose_others(&mut self, told: &SortedSet<RoomId>, ctx: &mut Ctx<'_>) {
        let lost = self
            .rooms
            .iter()
            .filter(|(id, room)| room.summary.member && !told.contains(id));
        let lost: Vec<RoomId> = lost.map(|(&id, _)| id).collect();
        for room in lost {
            self.gone(room, ctx);
        }
    }

    fn take_room(&mut self, summary: RoomSummary, ctx: &mut Ctx<'_>) {
        let id = summary.id;
        let (last, read) = (summary.last_seq, summary.read_seq);
        let resumed = self.resumed.get(&id).copied();
        let Some(room) = self.rooms.get_mut(&id).filter(|room| room.summary.member) else {
            self.add_room(summary, ctx);
            return;
        };
        if last < room.log.cursor() {
            room.restart(last);
            // What was read of the other log says nothing about this one.
            room.counts = Counts::default();
            self.requests.forget(id, |_| true);
        } else if resumed.is_none() && last > room.log.cursor() {
            room.skip_to(last, false);
            self.requests.forget(id, |_| true);
        } else if last > room.log.cursor() {
            let from = room.log.cursor();
            room.log.due_ms = Some(ctx.after(REPLAY_MS));
            // What is more is not replayed.
            if let Some(catching) = self
                .catching
                .as_mut()
                .filter(|_| last - from <= REPLAY_ENTRIES)
            {
                catching.rooms.insert(id, (from, last));
            }
        }
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        room.tell(summary);
        self.requests
            .forget(id, |want| matches!(want, Want::Count { .. }));
        if room.counts.read() > read {
            room.read.at_ms = Some(ctx.ms());
        }
        if self.open == Some(id) && !room.held.loaded {
            self.requests.want(id, Want::Newest, ctx.ms());
        }
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
    }

    /// A room that was not known, or only looked at.
    pub(super) fn add_room(&mut self, summary: RoomSummary, ctx: &mut Ctx<'_>) {
        let id = summary.id;
        self.requests.forget(id, |_| true);
        let room = Room::new(summary);
        let whole = room.held.loaded;
        self.rooms.insert(id, room);
        if self.open == Some(id) && !whole {
            self.requests.want(id, Want::Newest, ctx.ms());
        }
        ctx.changed(Change::Rooms);
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
    }

    /// A room is no more for this user.
    pub(super) fn gone(&mut self, room: RoomId, ctx: &mut Ctx<'_>) {
        self.requests.forget(room, |_| true);
        if let Some(catching) = &mut self.catching {
            catching.rooms.remove(&room);
        }
        if self.rooms.remove(&room).is_some() {
            ctx.changed(Change::Rooms);
            ctx.changed(Change::Room(room));
            ctx.changed(Change::Timeline(room));
        }
    }

    /// Whether all that was missed is here now; then it is shown that one is back.
    pub(super) fn caught_up(&mut self, ctx: &mut Ctx<'_>) {
        let Some(catching) = &self.catching else {
            return;
        };
        let behind = |(id, (_, upto)): (&RoomId, &(Seq, Seq))| {
            self.rooms
                .get(id)
                .is_some_and(|room| room.log.cursor() < *upto)
        };
        if catching.rooms_to_come > 0 || catching.rooms.iter().any(behind) {
            return;
        }
        if catching.shown {
            self.connection.back(ctx);
        }
        self.catching = None;
    }

    /// The connection is gone. What was asked is asked again later; nobody is known to write.
    pub(super) fn down(&mut self, ctx: &mut Ctx<'_>) {
        self.requests.down();
        self.outbox.down();
        self.catching = None;
        self.lived_wall_ms = Some(ctx.now.wall_ms);
        for (&id, room) in self.rooms.iter_mut() {
            room.log.due_ms = None;
            room.held.passing.clear();
            if room.typing.clear() {
                ctx.changed(Change::Typing(id));
            }
        }
    }
}

//! The rooms of a `welcome`: what each has missed, and which are no more.

use protocol::{RoomCounts, RoomId, RoomSummary};

use super::{CatchingUp, REPLAY_MS, SessionRooms};
use crate::{
    Change,
    ctx::Ctx,
    requests::Want,
    room::{Room, UnreadCounts},
    sorted::SortedSet,
};

impl SessionRooms {
    /// The rooms of a `welcome`; so many more follow it, each in a frame of its own. `shown` tells that there was an outage that
    /// was shown.
    pub(crate) fn welcome(
        &mut self,
        summaries: Vec<RoomSummary>,
        more: u64,
        shown: bool,
        ctx: &mut Ctx<'_>,
    ) {
        let told: SortedSet<RoomId> = summaries.iter().map(|summary| summary.id).collect();
        if more == 0 {
            self.lose_others(&told, ctx);
        }
        self.catching_up = Some(CatchingUp::new(shown, told, more));
        for summary in summaries {
            self.resume(summary, ctx);
        }
        if more == 0 {
            self.resumed.clear();
        }
        ctx.changed(Change::Rooms);
    }

    /// One of the rooms that did not fit into the `welcome`; false if it is not one of them.
    pub(super) fn one_more(&mut self, summary: &RoomSummary, ctx: &mut Ctx<'_>) -> bool {
        let Some(catching_up) = &mut self.catching_up else {
            return false;
        };
        if !catching_up.one_more(summary.id) {
            return false;
        }
        let all = (!catching_up.awaits_rooms()).then(|| catching_up.take_told());
        self.resume(summary.clone(), ctx);
        if let Some(told) = all {
            self.lose_others(&told, ctx);
            self.resumed.clear();
        }
        ctx.changed(Change::Rooms);
        true
    }

    /// Every room was told: those that were not are no more.
    fn lose_others(&mut self, told: &SortedSet<RoomId>, ctx: &mut Ctx<'_>) {
        let lost = self
            .all
            .iter()
            .filter(|(id, room)| room.is_mine() && !told.contains(id));
        let lost: Vec<RoomId> = lost.map(|(&id, _)| id).collect();
        for room in lost {
            self.gone(room, ctx);
        }
    }

    /// A room as it is after an outage.
    fn resume(&mut self, summary: RoomSummary, ctx: &mut Ctx<'_>) {
        let id = summary.id;
        let (last, read) = (summary.last_seq, RoomCounts::from(&summary).position());
        let Some(room) = self.all.get_mut(&id).filter(|room| room.is_mine()) else {
            self.add(summary, ctx);
            return;
        };
        let cursor = room.log.cursor();
        if last < cursor {
            room.restart(last);
            // What was read of the other log says nothing about this one.
            room.counts = UnreadCounts::default();
            self.requests.forget(id.into(), |_| true);
        } else if last > cursor && !self.resumed.contains_key(&id) {
            room.skip_to(last, false);
            self.requests.forget(id.into(), |_| true);
        } else if last > cursor {
            room.log.due_ms = Some(ctx.after(REPLAY_MS));
            if let Some(catching_up) = &mut self.catching_up {
                catching_up.replays(id, cursor, last);
            }
        }
        room.tell(summary, true);
        room.threads_read = last;
        self.requests.forget(id.into(), |want| want == Want::Counts);
        room.reading.say_again(read.generation, ctx.ms());
        if room.counts.position() > read {
            room.reading.tell.at_ms = Some(ctx.ms());
        }
        if self.open == Some(id) && !room.held.loaded {
            self.requests.want(id.into(), Want::Newest, ctx.ms());
        }
        ctx.changed(Change::Room(id));
        ctx.changed(Change::Timeline(id));
    }

    /// Whether all that was missed is here now, for the first time, after an outage that was shown.
    pub(crate) fn is_back(&mut self) -> bool {
        let over = self
            .catching_up
            .take_if(|catching_up| catching_up.is_over(|id| cursor(&self.all, id)));
        over.is_some_and(|catching_up| catching_up.shown)
    }

    /// Entries that came and entries that were missed, while they come in after an outage that was shown.
    pub(crate) fn progress(&self) -> Option<(u64, u64)> {
        let catching_up = self.catching_up.as_ref().filter(|it| it.shown)?;
        let progress = catching_up.progress(|id| cursor(&self.all, id));
        Some(progress).filter(|&(_, missed)| missed > 0)
    }
}

/// How far a room was seen.
fn cursor(rooms: &crate::sorted::SortedMap<RoomId, Room>, id: RoomId) -> Option<protocol::Seq> {
    rooms.get(&id).map(|room| room.log.cursor())
}

//! The rooms of a `welcome`: which there are, and which are no more.

use protocol::{RoomId, RoomSummary};

use super::SessionRooms;
use crate::{Change, ctx::Ctx, people::People, sorted::SortedSet};

impl SessionRooms {
    /// The rooms of a `welcome`; so many more follow it, each in a frame of its own. `shown` tells that there was an outage that
    /// was shown.
    pub(crate) fn welcome(
        &mut self,
        (summaries, more): (Vec<RoomSummary>, u64),
        shown: bool,
        people: &mut People,
        ctx: &mut Ctx<'_>,
    ) {
        let told: SortedSet<RoomId> = summaries.iter().map(|summary| summary.id).collect();
        if more == 0 {
            self.lose_others(&told, ctx);
        }
        self.resumption.welcomed(shown, told, more);
        for summary in summaries {
            self.resume(summary, people, ctx);
        }
        if more == 0 {
            self.resumption.all_told();
        }
        ctx.changed(Change::Rooms);
    }

    /// One of the rooms that did not fit into the `welcome`; false if it is not one of them.
    pub(super) fn one_more(
        &mut self,
        summary: &RoomSummary,
        people: &mut People,
        ctx: &mut Ctx<'_>,
    ) -> bool {
        let Some(catching_up) = &mut self.resumption.catching_up else {
            return false;
        };
        if !catching_up.one_more(summary.id) {
            return false;
        }
        let all = (!catching_up.awaits_rooms()).then(|| catching_up.take_told());
        self.resume(summary.clone(), people, ctx);
        self.threads
            .take_told_before(&self.all, summary.id, ctx.ms());
        if let Some(told) = all {
            self.lose_others(&told, ctx);
            self.resumption.all_told();
        }
        ctx.changed(Change::Rooms);
        true
    }

    /// Every room was told: those that were not are no more.
    fn lose_others(&mut self, told: &SortedSet<RoomId>, ctx: &mut Ctx<'_>) {
        let lost = self
            .all
            .iter()
            .filter(|(id, room)| room.summary.member && !told.contains(id));
        let lost: Vec<RoomId> = lost.map(|(&id, _)| id).collect();
        for room in lost {
            self.gone(room, ctx);
        }
    }

    /// A room as it is after an outage.
    fn resume(&mut self, summary: RoomSummary, people: &mut People, ctx: &mut Ctx<'_>) {
        let id = summary.id;
        let replayed = self.resumption.is_resumed(id);
        let known = self.all.get(&id).is_some_and(|room| room.summary.member);
        match self.at(id, people, ctx).filter(|_| known) {
            Some(mut step) => step.following().resume(summary, replayed),
            None => self.add(summary, ctx),
        }
    }
}

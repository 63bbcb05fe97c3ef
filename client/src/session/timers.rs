//! Timers: deadlines, and the actions that they trigger.

use protocol::{ClientFrame, ErrorCode, Presence, PresenceState, Read, RoomId};

use super::{Session, connecting::REPLAY_MS};
use crate::{Change, Failure, Link, backoff::Backoff, ctx::Ctx, requests::Want, room::Due};

/// How long a page is hidden before its person counts as away, in milliseconds.
const AWAY_MS: u64 = 30_000;
/// After so long without doubt, in milliseconds, the waits begin anew.
const CALM_MS: u64 = 900_000;
/// When to count unread messages anew: 2 to 20 s at first, since everybody in a room may have to.
const RECOUNT: Backoff = Backoff::new(11_000, 352_000, 82);
/// When to tell read positions again that may have been refused: 1 to 4 s at first.
const READ_AGAIN: Backoff = Backoff::new(2_500, 80_000, 60);
/// A refusal that does not say of what comes within so many milliseconds.
const REFUSED_MS: u64 = 60_000;

impl Session {
    pub(super) fn visible(&mut self, ctx: &mut Ctx<'_>) {
        self.page.hidden = false;
        self.page.away_at_ms = None;
        if std::mem::take(&mut self.page.away) && self.connection.is_live() {
            Self::tell_presence(PresenceState::Online, ctx);
        }
        if let Some(id) = self.open
            && self
                .rooms
                .get(&id)
                .is_some_and(|room| room.new_mark.is_none() && room.counts.unread() > 0)
        {
            self.mark_new(id);
            ctx.changed(Change::Room(id));
        }
        self.connection.hurry(ctx, false);
    }

    pub(super) fn hidden(&mut self, ctx: &mut Ctx<'_>) {
        // There may be no later: what waits to be told is told now.
        for room in self.rooms.values_mut() {
            room.read.at_ms = room.read.at_ms.map(|at| at.min(ctx.ms()));
            room.watched = None;
        }
        if !std::mem::replace(&mut self.page.hidden, true) {
            self.page.away_at_ms = Some(ctx.after(AWAY_MS));
        }
    }

    pub(super) fn tell_presence(state: PresenceState, ctx: &mut Ctx<'_>) {
        ctx.transmit(ClientFrame::Presence(Presence { state }));
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, ctx: &mut Ctx<'_>) {
        self.connection.tick(ctx);
        let now = ctx.ms();
        for (&id, room) in self.rooms.iter_mut() {
            if room.typing.expire(now) {
                ctx.changed(Change::Typing(id));
            }
        }
        let live = self.connection.is_live();
        if self.page.away_at_ms.is_some_and(|at| at <= now) {
            self.page.away_at_ms = None;
            self.page.away = true;
            if live {
                Self::tell_presence(PresenceState::Away, ctx);
            }
        }
        if live {
            while let Some(flying) = self.requests.overdue(now) {
                let why = Failure {
                    code: ErrorCode::Unavailable,
                    message: "no answer".to_owned(),
                };
                self.not_fetched(&flying, why, None, ctx);
            }
            for room in self.outbox.find_late(now) {
                ctx.changed(Change::Timeline(room));
            }
            let rooms: Vec<RoomId> = self.rooms.keys().copied().collect();
            for room in rooms {
                self.tick_room(room, ctx);
            }
        }
    }

    fn tick_room(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        let now = ctx.ms();
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        if room.log.due_ms.is_some_and(|at| at <= now) {
            let moved_ms = self
                .catching
                .as_ref()
                .map(|catching| catching.moved_ms + REPLAY_MS);
            room.log.due_ms = moved_ms.filter(|&until| until > now);
            if room.log.due_ms.is_none() && room.log.is_behind() {
                self.requests.want(id, Want::Log, now);
            }
        }
        if room.read.take(now) {
            ctx.transmit(ClientFrame::Read(Read {
                room: id,
                seq: room.counts.read(),
            }));
        }
        if room.counts.doubtful {
            later(&mut room.recount, RECOUNT, ctx);
        }
        if room.recount.take(now) && room.counts.doubtful {
            room.counts.recount();
            let after = room.counts.read();
            self.requests.want(id, Want::Count { after, pages: 0 }, now);
        }
    }

    /// A command that is silent when all is well was refused for now, and the refusal does not say which: every position that
    /// was told lately is told again. That does no harm, since it only grows.
    pub(super) fn read_again(&mut self, retry_after_ms: u64, ctx: &mut Ctx<'_>) {
        let soonest = ctx.after(retry_after_ms);
        for room in self.rooms.values_mut() {
            if room.read.at_ms.is_none()
                && room
                    .read
                    .done_ms
                    .is_some_and(|told| told + REFUSED_MS > ctx.ms())
            {
                later(&mut room.read, READ_AGAIN, ctx);
                room.read.at_ms = room.read.at_ms.max(Some(soonest));
            }
        }
    }

    /// When something is due next; none before the start and after the end.
    fn deadline(&mut self, now: u64) -> Option<u64> {
        let connection = self.connection.deadline(now)?;
        let live = self.connection.is_live();
        let mut next = connection.min(self.page.away_at_ms.unwrap_or(u64::MAX));
        for room in self.rooms.values() {
            next = next.min(room.typing.deadline().unwrap_or(u64::MAX));
            if live {
                let due = [room.log.due_ms, room.recount.at_ms, room.read.at_ms];
                next = due.into_iter().flatten().fold(next, u64::min);
            }
        }
        if live {
            next = next.min(self.requests.deadline().unwrap_or(u64::MAX));
            let commands = self
                .people
                .my_id()
                .and_then(|me| self.outbox.deadline(me, now));
            next = next.min(commands.unwrap_or(u64::MAX));
        }
        Some(next)
    }

    /// Ends a step: tells a changed link, and the timer if a new one is needed. One that comes too early does no harm, so a
    /// later deadline needs none.
    pub(super) fn close_step(&mut self, ctx: &mut Ctx<'_>) -> Option<u64> {
        let link = self.link_now(ctx.ms());
        if link != self.link {
            self.link = link;
            ctx.changed(Change::Link);
        }
        let at = self.deadline(ctx.ms())?.max(ctx.after(1));
        if self.woken_ms.is_some_and(|set| set <= at && set > ctx.ms()) {
            return None;
        }
        self.woken_ms = Some(at);
        Some(at)
    }

    fn link_now(&mut self, now: u64) -> Link {
        let link = self.connection.link(now);
        let Some(catching) = self
            .catching
            .as_ref()
            .filter(|catching| link.is_live() && catching.shown)
        else {
            return link;
        };
        let mut sums = (0, 0);
        for (id, &(from, upto)) in catching.rooms.iter() {
            let cursor = self.rooms.get(id).map_or(upto, |room| room.log.cursor());
            sums.0 += cursor.clamp(from, upto) - from;
            sums.1 += upto - from;
        }
        if sums.1 == 0 {
            link
        } else {
            Link::CatchingUp {
                done: sums.0,
                total: sums.1,
            }
        }
    }
}

/// Sets a time for what is to be looked at again: soon when it was calm, ever later when it is needed again and again.
fn later(due: &mut Due, backoff: Backoff, ctx: &mut Ctx<'_>) {
    if due.at_ms.is_some() {
        return;
    }
    let calm = due
        .done_ms
        .is_none_or(|done| ctx.ms().saturating_sub(done) > CALM_MS);
    due.times = if calm { 0 } else { due.times + 1 };
    let wait_ms = backoff.wait_ms(due.times, ctx);
    due.at_ms = Some(ctx.after(wait_ms));
}

//! Asking for what is needed, and what to do when it is refused.

use protocol::{ClientFrame, History, RoomId, Seq, limits::PAGE_MESSAGES};

use super::Session;
use crate::{
    Change, Edge, Effect, Failure,
    backoff::Backoff,
    ctx::Ctx,
    requests::{Flying, Queued, Want},
};

/// How often a request that was refused for now is made again.
const MAX_TRIES: u32 = 5;
/// The waits after a request that was not answered, or refused for now.
pub(super) const AGAIN: Backoff = Backoff::new(1_000, 60_000, 20);

/// Which messages a request names.
#[derive(Clone, Copy, Debug, Default)]
struct MessagesAsked {
    before: Option<Seq>,
    after: Option<Seq>,
    around: Option<Seq>,
    limit: u32,
}

impl Session {
    /// Sends a request that may go out.
    pub(super) fn ask(&mut self, queued: Queued, ctx: &mut Ctx<'_>) {
        if queued.want == Want::Log {
            self.ask_log(queued, ctx);
            return;
        }
        let Some(room) = self.rooms.get(&queued.room) else {
            return;
        };
        let Some(place) = self.place(queued.room, queued.want) else {
            ctx.changed(Change::Timeline(queued.room));
            return;
        };
        let at = place
            .before
            .or(place.after)
            .or(place.around)
            .unwrap_or_default();
        let req = self
            .requests
            .fly(queued, room.log.last_seen(), at, ctx.ms());
        let MessagesAsked {
            before,
            after,
            around,
            limit,
        } = place;
        ctx.transmit(ClientFrame::History(History {
            req,
            room: queued.room,
            before,
            after,
            around,
            limit: Some(limit),
        }));
    }

    /// What a want asks for as things stand now; none when it is not needed any more.
    fn place(&self, room: RoomId, want: Want) -> Option<MessagesAsked> {
        let room = self.rooms.get(&room)?;
        let held = &room.held;
        let place = MessagesAsked {
            limit: self.config.page.clamp(1, PAGE_MESSAGES),
            ..MessagesAsked::default()
        };
        let whole = MessagesAsked {
            limit: PAGE_MESSAGES,
            ..place
        };
        Some(match want {
            Want::Log => return None,
            Want::Newest => place,
            Want::Unread { after } if room.holds(after + 1) => return None,
            Want::Unread { after } => MessagesAsked {
                after: Some(after),
                ..place
            },
            Want::Older => MessagesAsked {
                before: Some(held.spans.first()),
                ..place
            },
            Want::Refresh { upto } => MessagesAsked {
                before: Some(upto + 1),
                ..whole
            },
            Want::Around(seq) => MessagesAsked {
                around: Some(seq),
                ..place
            },
            Want::Count { after, .. } => MessagesAsked {
                after: Some(after),
                ..whole
            },
            Want::Gap { after, edge } => {
                let (_, before) = held.spans.gaps().find(|&(from, _)| from == after)?;
                match edge {
                    Edge::Top => MessagesAsked {
                        after: Some(after),
                        ..whole
                    },
                    Edge::Bottom => MessagesAsked {
                        before: Some(before),
                        ..whole
                    },
                }
            }
        })
    }

    /// Something is needed of a room, now. A failure of it before is forgotten.
    pub(super) fn want(&mut self, room: RoomId, want: Want, ctx: &mut Ctx<'_>) {
        if let Some(room) = self.rooms.get_mut(&room) {
            room.failed.retain(|(failed, _)| *failed != want);
        }
        self.requests.want(room, want, ctx.ms());
        ctx.changed(Change::Timeline(room));
    }

    /// A request was refused.
    pub(super) fn not_fetched(
        &mut self,
        flying: &Flying,
        why: Failure,
        after_ms: Option<u64>,
        ctx: &mut Ctx<'_>,
    ) {
        let again = why.code.is_worth_a_retry();
        let wait_ms = AGAIN.asked_or(after_ms, flying.tries, ctx);
        // A hole is never given up: in the end pages are loaded instead.
        if again && (flying.tries < MAX_TRIES || flying.want == Want::Log) {
            self.requests.retry(flying, ctx.after(wait_ms));
        } else {
            self.give_up(flying, why, ctx);
        }
        self.landed(flying.room, ctx);
    }

    /// A page came or was refused.
    pub(super) fn landed(&mut self, id: RoomId, ctx: &mut Ctx<'_>) {
        if !self.requests.expects(id)
            && let Some(room) = self.rooms.get_mut(&id)
        {
            room.held.passing.clear();
        }
        ctx.changed(Change::Timeline(id));
    }

    fn give_up(&mut self, flying: &Flying, why: Failure, ctx: &mut Ctx<'_>) {
        let id = flying.room;
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        match flying.want {
            Want::Log => room.log.due_ms = None,
            Want::Count { .. } => room.counts.give_up(),
            // What is stale must not look as if it stood.
            Want::Refresh { .. } => room.held.forget_stale(room.log.cursor()),
            Want::Around(seq) => ctx.effect(Effect::Located {
                room: id,
                seq,
                found: false,
            }),
            // Whoever goes there asks again.
            Want::Unread { .. } => {}
            Want::Newest | Want::Older | Want::Gap { .. } => room.failed.push((flying.want, why)),
        }
    }
}

//! A connection that was welcomed: its heartbeat (contract, "Heartbeat").

use protocol::{ClientFrame, Ping, limits::PONG_TIMEOUT};

use super::policy::ms;
use crate::ctx::Ctx;

/// Heartbeats that a server may ask for, in milliseconds.
const HEARTBEAT_MS: std::ops::RangeInclusive<u64> = 1_000..=300_000;

/// A connection that was welcomed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiveLink {
    pub(super) since_ms: u64,
    heartbeat_ms: u64,
    pub(super) heard_ms: u64,
    ping_at_ms: u64,
    /// The ping that is out, by its number, and when its pong is due.
    awaited: Option<(u64, u64)>,
}

impl LiveLink {
    /// Welcomed now, by a server that asks for this heartbeat.
    pub(super) fn new(heartbeat_ms: u64, ctx: &mut Ctx<'_>) -> Self {
        let heartbeat_ms = heartbeat_ms.clamp(*HEARTBEAT_MS.start(), *HEARTBEAT_MS.end());
        let wait_ms = ctx.around(heartbeat_ms, 10);
        Self {
            since_ms: ctx.ms(),
            heartbeat_ms,
            heard_ms: ctx.ms(),
            ping_at_ms: ctx.after(wait_ms),
            awaited: None,
        }
    }

    /// A frame came.
    pub(crate) const fn heard(&mut self, now_ms: u64) {
        self.heard_ms = now_ms;
    }

    /// The pong of ping `n` came. An older one's does not count for the newest.
    pub(crate) fn pong(&mut self, n: u64) {
        self.awaited = self.awaited.filter(|&(awaited, _)| awaited != n);
    }

    /// Sends a ping, unless one is out. `pings` is the last one of all connections.
    pub(super) fn ping(&mut self, pings: &mut u64, ctx: &mut Ctx<'_>) {
        if self.awaited.is_some() {
            return;
        }
        *pings += 1;
        let wait_ms = ctx.around(self.heartbeat_ms, 10);
        self.ping_at_ms = ctx.after(wait_ms);
        self.awaited = Some((*pings, ctx.after(ms(PONG_TIMEOUT))));
        ctx.transmit(ClientFrame::Ping(Ping { n: *pings }));
    }

    /// Whether a pong is overdue.
    pub(super) fn is_dead(self, now_ms: u64) -> bool {
        self.awaited.is_some_and(|(_, by_ms)| by_ms <= now_ms)
    }

    /// When the pong or the next ping is due: while a pong is awaited no further ping goes out.
    pub(super) fn due_ms(self) -> u64 {
        self.awaited.map_or(self.ping_at_ms, |(_, by_ms)| by_ms)
    }
}

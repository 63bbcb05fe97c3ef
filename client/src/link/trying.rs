//! Tries: when a socket is opened, and when a probe goes before it (contract, "Reconnecting").

use protocol::CloseCode;

use super::{
    connection::{Connection, LinkPhase, Try, hang_up},
    policy::{Pause, PauseKind},
};
use crate::{Effect, ctx::Ctx};

/// A connection that was heard this recently, in milliseconds, needs no extra ping when the page comes back.
const FRESH_MS: u64 = 5_000;
/// A try or a probe that is this old, in milliseconds, and not answered is begun anew when there is reason to hope: what it waits for may
/// have been lost while there was no network.
const STALE_MS: u64 = 2_000;

impl Connection {
    /// The next try: a socket, or a probe before it while nobody knows whether the server is there.
    pub(super) fn begin(&mut self, ctx: &mut Ctx<'_>) {
        if !self.readiness.wants_probe(ctx.ms()) {
            return self.open(ctx);
        }
        let before = match self.phase {
            LinkPhase::Paused(pause) => Some(pause),
            LinkPhase::Probing { before, .. } => before,
            _ => None,
        };
        self.phase = LinkPhase::Probing {
            since_ms: ctx.ms(),
            before,
        };
        ctx.effect(Effect::Probe);
    }

    fn open(&mut self, ctx: &mut Ctx<'_>) {
        let blind = self.readiness.is_doubted();
        if !blind {
            self.attempts.tried();
        }
        self.readiness.tried(ctx.ms());
        self.phase = LinkPhase::Trying(Try {
            since_ms: ctx.ms(),
            opened: false,
            blind,
            hurried: false,
        });
        ctx.effect(Effect::Connect);
    }

    /// A probe, of this page or of another one, was answered. It counts where one waits for that, and never cuts short a wait that the
    /// server asked for or that failed sockets are the reason of.
    pub(crate) fn probed(&mut self, ctx: &mut Ctx<'_>, ready: bool) {
        let waits = matches!(
            self.phase,
            LinkPhase::Probing { .. }
                | LinkPhase::Paused(Pause {
                    kind: PauseKind::Probe { .. },
                    ..
                })
        );
        if !waits {
            return;
        }
        if ready {
            self.readiness.trust();
            self.open(ctx);
        } else {
            self.readiness.refused();
            self.not_ready(ctx);
        }
    }

    /// Until the next probe.
    pub(super) fn not_ready(&mut self, ctx: &mut Ctx<'_>) {
        let down_ms = self.readiness.down_ms(ctx.ms());
        self.phase = LinkPhase::Paused(if self.net {
            Pause::probe(ctx, down_ms)
        } else {
            Pause::offline(ctx)
        });
    }

    /// Whatever it waits for, it does not come: this try has not failed, and does not count.
    pub(super) fn give_up(&mut self, ctx: &mut Ctx<'_>, why: &str) {
        hang_up(ctx, CloseCode::HeartbeatMissed, why);
        if !self.readiness.is_doubted() {
            self.attempts.given_up();
        }
        self.readiness.doubt(ctx.ms());
        self.phase = LinkPhase::Paused(if self.net {
            Pause::soon(ctx)
        } else {
            Pause::offline(ctx)
        });
    }

    /// A try now, or a look whether the connection still lives. A wait that the server asked for is the person's alone to
    /// cut short: pages that come to the front must not become the herd that the wait is there to spread.
    pub(crate) fn hurry(&mut self, ctx: &mut Ctx<'_>, by_person: bool) {
        if by_person {
            self.begin_anew(ctx);
        }
        match self.phase {
            LinkPhase::Paused(Pause {
                kind: PauseKind::Asked { .. },
                ..
            }) if !by_person => {}
            LinkPhase::Paused(_) => {
                self.readiness.hope(ctx.ms());
                self.begin(ctx);
            }
            LinkPhase::Trying(ref mut tried) => tried.hurried = true,
            LinkPhase::Live(ref mut live) if ctx.ms().saturating_sub(live.heard_ms) >= FRESH_MS => {
                live.ping(&mut self.pings, ctx);
            }
            _ => {}
        }
    }

    /// There is another network, or the person hopes so: what has waited for long may wait for what was lost.
    pub(super) fn begin_anew(&mut self, ctx: &mut Ctx<'_>) {
        match self.phase {
            LinkPhase::Probing { since_ms, .. } if since_ms + STALE_MS <= ctx.ms() => {
                self.begin(ctx);
            }
            LinkPhase::Trying(tried) if !tried.opened && tried.since_ms + STALE_MS <= ctx.ms() => {
                self.give_up(ctx, "begun anew");
                self.begin(ctx);
            }
            _ => {}
        }
    }
}

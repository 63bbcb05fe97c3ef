//! The connection: tries, probes, pauses, heartbeat, end.

use protocol::{
    Bye, ClientFrame, CloseCode, Ping,
    limits::{HELLO_TIMEOUT, PONG_TIMEOUT},
};

use super::{
    EndReason,
    policy::{Attempts, Pause, ms},
    readiness::ServerReadiness,
};
use crate::{Effect, ctx::Ctx};

/// How long a try or an outage stays unseen, in milliseconds.
pub(super) const UNSEEN_MS: u64 = 1_000;
/// How long "Back" is shown, in milliseconds.
const BACK_MS: u64 = 3_000;
/// Heartbeats that a server may ask for, in milliseconds.
const HEARTBEAT_MS: std::ops::RangeInclusive<u64> = 1_000..=300_000;

/// What a connection that broke without a close frame is told as (RFC 6455, 7.4.1).
const LOST: u16 = 1006;

#[derive(Clone, Copy, Debug)]
pub(super) enum LinkPhase {
    Idle,
    Trying(Try),
    /// A probe is out. `before` is the pause before it, which is still shown at first.
    Probing {
        since_ms: u64,
        before: Option<Pause>,
    },
    Paused(Pause),
    Live(LiveLink),
    Ended(EndReason),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    pub(super) since_ms: u64,
    pub(super) opened: bool,
    /// No probe found the server ready.
    pub(super) blind: bool,
    /// The person, or the browser, asked for a try meanwhile: should this one fail, the next comes at once.
    pub(super) hurried: bool,
}

#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "units stand last")]
pub(super) struct LiveLink {
    since_ms: u64,
    heartbeat_ms: u64,
    pub(super) heard_ms: u64,
    ping_at_ms: u64,
    /// A ping is out, and its pong is due by then.
    pong_by_ms: Option<u64>,
}

/// The connection of a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connection {
    pub(super) phase: LinkPhase,
    pub(super) attempts: Attempts,
    pub(super) readiness: ServerReadiness,
    /// Whether there is a network, as far as the browser knows.
    pub(super) net: bool,
    /// Whether there ever was a welcome.
    pub(super) met: bool,
    /// Whether the outage was shown, so that its end is, too.
    pub(super) outage: bool,
    pub(super) back_until_ms: Option<u64>,
    /// The last ping of all connections, so that a pong tells which questions it answers.
    pings: u64,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            phase: LinkPhase::Idle,
            attempts: Attempts::default(),
            readiness: ServerReadiness::default(),
            net: true,
            met: false,
            outage: false,
            back_until_ms: None,
            pings: 0,
        }
    }
}

impl Connection {
    pub(crate) const fn is_live(&self) -> bool {
        matches!(self.phase, LinkPhase::Live(_))
    }

    pub(crate) const fn is_ended(&self) -> bool {
        matches!(self.phase, LinkPhase::Ended(_))
    }

    /// Whether the socket is open, welcomed or not.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(
            self.phase,
            LinkPhase::Live(_) | LinkPhase::Trying(Try { opened: true, .. })
        )
    }

    pub(crate) fn start(&mut self, ctx: &mut Ctx<'_>) {
        if matches!(self.phase, LinkPhase::Idle | LinkPhase::Ended(_)) {
            self.attempts = Attempts::default();
            self.readiness = ServerReadiness::default();
            self.begin(ctx);
        }
    }

    /// The socket is open: whether it is time for `hello`.
    pub(crate) fn opened(&mut self) -> bool {
        match &mut self.phase {
            LinkPhase::Trying(Try { opened, .. }) if !*opened => {
                *opened = true;
                true
            }
            _ => false,
        }
    }

    /// The server's welcome: whether it was awaited.
    pub(crate) fn welcomed(&mut self, ctx: &mut Ctx<'_>, heartbeat_ms: u64) -> bool {
        if !matches!(self.phase, LinkPhase::Trying(Try { opened: true, .. })) {
            return false;
        }
        let heartbeat_ms = heartbeat_ms.clamp(*HEARTBEAT_MS.start(), *HEARTBEAT_MS.end());
        let wait_ms = ctx.around(heartbeat_ms, 10);
        self.phase = LinkPhase::Live(LiveLink {
            since_ms: ctx.ms(),
            heartbeat_ms,
            heard_ms: ctx.ms(),
            ping_at_ms: ctx.after(wait_ms),
            pong_by_ms: None,
        });
        self.attempts.reset();
        self.readiness.trust();
        self.met = true;
        true
    }

    /// Whether an outage that was shown is over now. It is told once.
    pub(crate) const fn take_outage(&mut self) -> bool {
        std::mem::replace(&mut self.outage, false)
    }

    /// All that was missed is here.
    pub(crate) fn back(&mut self, ctx: &Ctx<'_>) {
        self.back_until_ms = Some(ctx.after(BACK_MS));
    }

    /// A frame came.
    pub(crate) fn heard(&mut self, ctx: &Ctx<'_>) {
        if let LinkPhase::Live(live) = &mut self.phase {
            live.heard_ms = ctx.ms();
        }
    }

    /// The pong of ping `n` came. An older one's does not count for the newest.
    pub(crate) fn pong(&mut self, n: u64) {
        if let LinkPhase::Live(live) = &mut self.phase
            && n == self.pings
        {
            live.pong_by_ms = None;
        }
    }

    /// The socket closed by itself, or could not be opened.
    pub(crate) fn closed(&mut self, ctx: &mut Ctx<'_>, code: u16, reason: &str) {
        let (blind, hurried) = match self.phase {
            LinkPhase::Trying(tried) => (tried.blind, tried.hurried),
            LinkPhase::Live(live) => {
                self.attempts.ended(ctx.ms().saturating_sub(live.since_ms));
                (false, false)
            }
            LinkPhase::Idle
            | LinkPhase::Probing { .. }
            | LinkPhase::Paused(_)
            | LinkPhase::Ended(_) => return,
        };
        self.back_until_ms = None;
        if !CloseCode::should_reconnect(code) {
            return self.end(ctx, EndReason::from_code(code));
        }
        if ServerReadiness::is_doubtful(code) {
            self.readiness.doubt(ctx.ms());
        } else {
            self.readiness.trust();
        }
        if hurried {
            self.attempts.reset();
        }
        if blind && !hurried && self.readiness.is_doubted() {
            self.not_ready(ctx);
        } else if self.net {
            self.phase = LinkPhase::Paused(self.attempts.pause(ctx, code, reason));
        } else {
            self.phase = LinkPhase::Paused(Pause::offline(ctx));
        }
    }

    fn end(&mut self, ctx: &mut Ctx<'_>, reason: EndReason) {
        self.phase = LinkPhase::Ended(reason);
        if reason.needs_sign_in() {
            ctx.effect(Effect::SignInNeeded(reason));
        }
    }

    /// The connection is of no use: close it and come back.
    fn lose(&mut self, ctx: &mut Ctx<'_>, why: &str) {
        hang_up(ctx, CloseCode::HeartbeatMissed, why);
        self.closed(ctx, LOST, "");
    }

    /// The person closes.
    pub(crate) fn bye(&mut self, ctx: &mut Ctx<'_>) {
        if self.is_ended() {
            return;
        }
        if self.is_live() {
            ctx.transmit(ClientFrame::Bye(Bye {}));
        }
        if matches!(self.phase, LinkPhase::Trying(_) | LinkPhase::Live(_)) {
            hang_up(ctx, CloseCode::Normal, "bye");
        }
        self.back_until_ms = None;
        self.phase = LinkPhase::Ended(EndReason::Bye);
    }

    pub(crate) fn offline(&mut self, ctx: &mut Ctx<'_>) {
        self.net = false;
        match self.phase {
            LinkPhase::Trying(_) | LinkPhase::Live(_) => {
                // That says nothing of the server.
                let readiness = self.readiness;
                self.lose(ctx, "offline");
                self.readiness = readiness;
            }
            LinkPhase::Paused(_) | LinkPhase::Probing { .. } => {
                self.phase = LinkPhase::Paused(Pause::offline(ctx));
            }
            LinkPhase::Idle | LinkPhase::Ended(_) => {}
        }
    }

    pub(crate) fn online(&mut self, ctx: &mut Ctx<'_>) {
        let was_off = !std::mem::replace(&mut self.net, true);
        if was_off && matches!(self.phase, LinkPhase::Paused(_)) {
            self.attempts.reset();
            self.readiness.hope(ctx.ms());
            self.begin(ctx);
        } else {
            self.begin_anew(ctx);
            self.hurry(ctx, false);
        }
    }

    pub(super) fn ping(&mut self, ctx: &mut Ctx<'_>) {
        let LinkPhase::Live(live) = &mut self.phase else {
            return;
        };
        if live.pong_by_ms.is_some() {
            return;
        }
        self.pings += 1;
        let wait_ms = ctx.around(live.heartbeat_ms, 10);
        live.ping_at_ms = ctx.after(wait_ms);
        live.pong_by_ms = Some(ctx.after(ms(PONG_TIMEOUT)));
        ctx.transmit(ClientFrame::Ping(Ping { n: self.pings }));
    }

    /// Does what is due.
    pub(crate) fn tick(&mut self, ctx: &mut Ctx<'_>) {
        let now = ctx.ms();
        if self.back_until_ms.is_some_and(|until| until <= now) {
            self.back_until_ms = None;
        }
        match self.phase {
            LinkPhase::Trying(tried) if tried.since_ms + ms(HELLO_TIMEOUT) <= now => {
                if tried.opened {
                    self.lose(ctx, "no welcome in time");
                } else {
                    self.give_up(ctx, "not open in time");
                }
            }
            LinkPhase::Probing { since_ms, .. } if ServerReadiness::patience(since_ms) <= now => {
                self.readiness.unanswered();
                self.begin(ctx);
            }
            LinkPhase::Paused(pause) if pause.until_ms <= now => self.begin(ctx),
            LinkPhase::Live(LiveLink {
                pong_by_ms: Some(by),
                ..
            }) if by <= now => self.lose(ctx, "no pong in time"),
            LinkPhase::Live(live) if live.ping_at_ms <= now => self.ping(ctx),
            _ => {}
        }
    }

    /// When something is due next; none before the start and after the end.
    pub(crate) fn deadline(&self, now_ms: u64) -> Option<u64> {
        let phase = match self.phase {
            LinkPhase::Idle | LinkPhase::Ended(_) => return None,
            LinkPhase::Trying(Try { since_ms, .. }) | LinkPhase::Probing { since_ms, .. }
                if since_ms + UNSEEN_MS > now_ms =>
            {
                since_ms + UNSEEN_MS
            }
            LinkPhase::Trying(Try { since_ms, .. }) => since_ms + ms(HELLO_TIMEOUT),
            LinkPhase::Probing { since_ms, .. } => ServerReadiness::patience(since_ms),
            LinkPhase::Paused(pause) => pause.until_ms,
            // While a pong is awaited no further ping goes out.
            LinkPhase::Live(live) => live.pong_by_ms.unwrap_or(live.ping_at_ms),
        };
        Some(self.back_until_ms.map_or(phase, |until| until.min(phase)))
    }
}

pub(super) fn hang_up(ctx: &mut Ctx<'_>, code: CloseCode, why: &str) {
    ctx.effect(Effect::Disconnect {
        code: code.code(),
        reason: why.to_owned(),
    });
}

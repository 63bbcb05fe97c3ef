//! The connection: tries, probes, pauses, heartbeat, end.

use protocol::{Bye, ClientFrame, CloseCode, limits::HELLO_TIMEOUT};

use super::{
    EndReason,
    live::LiveLink,
    policy::{Attempts, Pause, ms},
    readiness::ServerReadiness,
    shown::ShownOutage,
};
use crate::{Effect, ctx::Ctx};

/// How long a try or an outage stays unseen, in milliseconds.
pub(super) const UNSEEN_MS: u64 = 1_000;

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
    pub(crate) outage: ShownOutage,
    /// The last ping of all connections, so that a pong tells which questions it answers.
    pub(super) pings: u64,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            phase: LinkPhase::Idle,
            attempts: Attempts::default(),
            readiness: ServerReadiness::default(),
            net: true,
            met: false,
            outage: ShownOutage::default(),
            pings: 0,
        }
    }
}

impl Connection {
    pub(crate) const fn is_live(&self) -> bool {
        matches!(self.phase, LinkPhase::Live(_))
    }

    /// The connection that was welcomed.
    pub(crate) const fn live(&mut self) -> Option<&mut LiveLink> {
        match &mut self.phase {
            LinkPhase::Live(live) => Some(live),
            _ => None,
        }
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
        self.phase = LinkPhase::Live(LiveLink::new(heartbeat_ms, ctx));
        self.attempts.reset();
        self.readiness.trust();
        self.met = true;
        true
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
        self.outage.forget_back();
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
        self.outage.forget_back();
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

    /// Does what is due.
    pub(crate) fn tick(&mut self, ctx: &mut Ctx<'_>) {
        let now = ctx.ms();
        self.outage.tick(now);
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
            LinkPhase::Live(live) if live.is_dead(now) => self.lose(ctx, "no pong in time"),
            LinkPhase::Live(ref mut live) if live.due_ms() <= now => {
                live.ping(&mut self.pings, ctx);
            }
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
            LinkPhase::Live(live) => live.due_ms(),
        };
        let back = self.outage.deadline();
        Some(back.map_or(phase, |until| until.min(phase)))
    }
}

pub(super) fn hang_up(ctx: &mut Ctx<'_>, code: CloseCode, why: &str) {
    ctx.effect(Effect::Disconnect {
        code: code.code(),
        reason: why.to_owned(),
    });
}

//! The connection: tries, pauses, heartbeat, end.

use protocol::{
    Bye, ClientFrame, CloseCode, Ping,
    limits::{HELLO_TIMEOUT, PONG_TIMEOUT, QUIET_PROBE, RECONNECT_TRIES},
};

use super::{
    EndReason, Link,
    policy::{Backoff, Pause, PauseKind, ms},
};
use crate::{Effect, ctx::Ctx};

/// How long a try or an outage stays unseen, in milliseconds.
const UNSEEN_MS: u64 = 1_000;
/// How long "Back" is shown, in milliseconds.
const BACK_MS: u64 = 3_000;
/// A connection that was heard this recently, in milliseconds, needs no extra ping when the page comes back.
const FRESH_MS: u64 = 5_000;
/// Heartbeats that a server may ask for, in milliseconds.
const HEARTBEAT_MS: std::ops::RangeInclusive<u64> = 1_000..=300_000;

#[derive(Clone, Copy, Debug)]
enum Phase {
    Idle,
    Trying { since_ms: u64, opened: bool },
    Paused(Pause),
    Live(Live),
    Ended(EndReason),
}

#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "units stand last")]
struct Live {
    since_ms: u64,
    heartbeat_ms: u64,
    heard_ms: u64,
    ping_at_ms: u64,
    /// A ping is out, and its pong is due by then.
    pong_by_ms: Option<u64>,
}

/// The connection of a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connection {
    phase: Phase,
    backoff: Backoff,
    /// Whether there is a network, as far as the browser knows.
    net: bool,
    /// Whether there ever was a welcome.
    met: bool,
    /// Whether the outage was shown, so that its end is, too.
    outage: bool,
    back_until_ms: Option<u64>,
    /// The last ping of all connections, so that a pong tells which questions it answers.
    pings: u64,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            phase: Phase::Idle,
            backoff: Backoff::default(),
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
        matches!(self.phase, Phase::Live(_))
    }

    pub(crate) const fn is_ended(&self) -> bool {
        matches!(self.phase, Phase::Ended(_))
    }

    /// Whether the socket is open, welcomed or not.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(
            self.phase,
            Phase::Live(_) | Phase::Trying { opened: true, .. }
        )
    }

    /// The number of the last ping; a later one has a greater number.
    pub(crate) const fn pings(&self) -> u64 {
        self.pings
    }

    pub(crate) fn start(&mut self, ctx: &mut Ctx<'_>) {
        if matches!(self.phase, Phase::Idle | Phase::Ended(_)) {
            self.backoff = Backoff::default();
            self.begin(ctx);
        }
    }

    fn begin(&mut self, ctx: &mut Ctx<'_>) {
        self.backoff.tried();
        self.phase = Phase::Trying {
            since_ms: ctx.ms(),
            opened: false,
        };
        ctx.effect(Effect::Connect);
    }

    /// The socket is open: whether it is time for `hello`.
    pub(crate) fn opened(&mut self) -> bool {
        match &mut self.phase {
            Phase::Trying { opened, .. } if !*opened => {
                *opened = true;
                true
            }
            _ => false,
        }
    }

    /// The server's welcome: whether it was awaited.
    pub(crate) fn welcomed(&mut self, ctx: &mut Ctx<'_>, heartbeat_ms: u64) -> bool {
        if !matches!(self.phase, Phase::Trying { opened: true, .. }) {
            return false;
        }
        let heartbeat_ms = heartbeat_ms.clamp(*HEARTBEAT_MS.start(), *HEARTBEAT_MS.end());
        let wait_ms = ctx.around(heartbeat_ms, 10);
        self.phase = Phase::Live(Live {
            since_ms: ctx.ms(),
            heartbeat_ms,
            heard_ms: ctx.ms(),
            ping_at_ms: ctx.after(wait_ms),
            pong_by_ms: None,
        });
        self.backoff.reset();
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
        if let Phase::Live(live) = &mut self.phase {
            live.heard_ms = ctx.ms();
        }
    }

    /// The pong of ping `n` came. An older one's does not count for the newest.
    pub(crate) fn pong(&mut self, n: u64) {
        if let Phase::Live(live) = &mut self.phase
            && n == self.pings
        {
            live.pong_by_ms = None;
        }
    }

    /// The socket closed by itself, or could not be opened.
    pub(crate) fn closed(&mut self, ctx: &mut Ctx<'_>, code: u16, reason: &str) {
        match self.phase {
            Phase::Trying { .. } => {}
            Phase::Live(live) => self.backoff.ended(ctx.ms().saturating_sub(live.since_ms)),
            Phase::Idle | Phase::Paused(_) | Phase::Ended(_) => return,
        }
        self.back_until_ms = None;
        if !CloseCode::should_reconnect(code) {
            self.end(ctx, EndReason::from_code(code));
        } else if self.net {
            self.phase = Phase::Paused(self.backoff.pause(ctx, code, reason));
        } else {
            self.phase = Phase::Paused(Pause::offline(ctx));
        }
    }

    fn end(&mut self, ctx: &mut Ctx<'_>, reason: EndReason) {
        self.phase = Phase::Ended(reason);
        if reason.needs_sign_in() {
            ctx.effect(Effect::SignInNeeded(reason));
        }
    }

    /// The connection is of no use: close it and come back.
    pub(crate) fn lose(&mut self, ctx: &mut Ctx<'_>, why: &str) {
        let code = CloseCode::HeartbeatMissed.code();
        ctx.effect(Effect::Disconnect {
            code,
            reason: why.to_owned(),
        });
        self.closed(ctx, code, "");
    }

    /// The person closes.
    pub(crate) fn bye(&mut self, ctx: &mut Ctx<'_>) {
        if self.is_ended() {
            return;
        }
        if self.is_live() {
            ctx.transmit(ClientFrame::Bye(Bye {}));
        }
        if matches!(self.phase, Phase::Trying { .. } | Phase::Live(_)) {
            ctx.effect(Effect::Disconnect {
                code: CloseCode::Normal.code(),
                reason: "bye".to_owned(),
            });
        }
        self.back_until_ms = None;
        self.phase = Phase::Ended(EndReason::Bye);
    }

    pub(crate) fn offline(&mut self, ctx: &mut Ctx<'_>) {
        self.net = false;
        match self.phase {
            Phase::Trying { .. } | Phase::Live(_) => self.lose(ctx, "offline"),
            Phase::Paused(_) => self.phase = Phase::Paused(Pause::offline(ctx)),
            Phase::Idle | Phase::Ended(_) => {}
        }
    }

    pub(crate) fn online(&mut self, ctx: &mut Ctx<'_>) {
        let was_off = !std::mem::replace(&mut self.net, true);
        if was_off && matches!(self.phase, Phase::Paused(_)) {
            self.backoff.reset();
            self.begin(ctx);
        } else {
            self.hurry(ctx, false);
        }
    }

    /// A try now, or a look whether the connection still lives. A wait that the server asked for is the person's alone to
    /// cut short: pages that come to the front must not become the herd that the wait is there to spread.
    pub(crate) fn hurry(&mut self, ctx: &mut Ctx<'_>, by_person: bool) {
        match self.phase {
            Phase::Paused(Pause {
                kind: PauseKind::Asked { .. },
                ..
            }) if !by_person => {}
            Phase::Paused(_) => self.begin(ctx),
            Phase::Live(live) if ctx.ms().saturating_sub(live.heard_ms) >= FRESH_MS => {
                self.ping(ctx);
            }
            _ => {}
        }
    }

    fn ping(&mut self, ctx: &mut Ctx<'_>) {
        let Phase::Live(live) = &mut self.phase else {
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
            Phase::Trying { since_ms, .. } if since_ms + ms(HELLO_TIMEOUT) <= now => {
                self.lose(ctx, "no welcome in time");
            }
            Phase::Paused(pause) if pause.until_ms <= now => self.begin(ctx),
            Phase::Live(Live {
                pong_by_ms: Some(by),
                ..
            }) if by <= now => self.lose(ctx, "no pong in time"),
            Phase::Live(live) if live.ping_at_ms <= now => self.ping(ctx),
            _ => {}
        }
    }

    /// When something is due next; none before the start and after the end.
    pub(crate) fn deadline(&self, now_ms: u64) -> Option<u64> {
        let phase = match self.phase {
            Phase::Idle | Phase::Ended(_) => return None,
            Phase::Trying { since_ms, .. } if since_ms + UNSEEN_MS > now_ms => since_ms + UNSEEN_MS,
            Phase::Trying { since_ms, .. } => since_ms + ms(HELLO_TIMEOUT),
            Phase::Paused(pause) => pause.until_ms,
            // While a pong is awaited no further ping goes out.
            Phase::Live(live) => live.pong_by_ms.unwrap_or(live.ping_at_ms),
        };
        Some(self.back_until_ms.map_or(phase, |until| until.min(phase)))
    }

    /// How it is, without what is still coming in. Told once a step, so that an outage that was seen is remembered.
    pub(crate) fn link(&mut self, now_ms: u64) -> Link {
        let link = match self.phase {
            Phase::Idle => Link::Idle,
            Phase::Ended(reason) => Link::Ended(reason),
            Phase::Live(_) if self.back_until_ms.is_some() => Link::Back,
            Phase::Live(_) => Link::Online,
            Phase::Paused(pause) => self.paused(pause),
            Phase::Trying { since_ms, .. } => self.trying(since_ms, now_ms),
        };
        let told = !matches!(link, Link::Ended(_) | Link::Connecting { .. });
        self.outage |= told && link.is_shown() && !link.is_live();
        link
    }

    fn paused(&self, pause: Pause) -> Link {
        let Pause {
            until_ms,
            total_ms,
            kind,
        } = pause;
        match kind {
            PauseKind::Offline => Link::Offline,
            PauseKind::Quiet => Link::Quiet {
                until_ms,
                total_ms,
                looking: false,
            },
            PauseKind::Asked { restart: true } => Link::Restarting { until_ms, total_ms },
            PauseKind::Step if self.backoff.tries() == 0 => Link::Trying {
                attempt: 1,
                shown: self.outage,
            },
            PauseKind::Step | PauseKind::Asked { restart: false } => Link::Waiting {
                until_ms,
                total_ms,
                attempt: (self.backoff.tries() + 1).min(RECONNECT_TRIES),
            },
        }
    }

    fn trying(&self, since_ms: u64, now_ms: u64) -> Link {
        let tries = self.backoff.tries();
        let late = now_ms.saturating_sub(since_ms) >= UNSEEN_MS;
        if !self.net {
            Link::Offline
        } else if tries > RECONNECT_TRIES {
            Link::Quiet {
                until_ms: since_ms,
                total_ms: ms(QUIET_PROBE),
                looking: true,
            }
        } else if tries <= 1 && !self.met {
            Link::Connecting { shown: late }
        } else {
            Link::Trying {
                attempt: tries.max(1),
                shown: late || self.outage || tries > 1,
            }
        }
    }
}

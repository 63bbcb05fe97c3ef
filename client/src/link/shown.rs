//! The connection as it is shown.

use protocol::limits::{QUIET_PROBE, RECONNECT_TRIES};

use super::{
    Link,
    connection::{Connection, LinkPhase, UNSEEN_MS},
    policy::{Pause, PauseKind, ms},
};

/// How long "Back" is shown, in milliseconds.
const BACK_MS: u64 = 3_000;

/// An outage as it is shown: whether it was, and its end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ShownOutage {
    /// Whether the outage was shown, so that its end is, too.
    shown: bool,
    /// Until when "Back" is shown.
    back_until_ms: Option<u64>,
}

impl ShownOutage {
    /// Whether an outage that was shown is over now. It is told once.
    pub(crate) const fn take(&mut self) -> bool {
        std::mem::replace(&mut self.shown, false)
    }

    /// All that was missed is here.
    pub(crate) const fn back(&mut self, now_ms: u64) {
        self.back_until_ms = Some(now_ms.saturating_add(BACK_MS));
    }

    /// "Back" is shown no longer.
    pub(super) const fn forget_back(&mut self) {
        self.back_until_ms = None;
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, now_ms: u64) {
        self.back_until_ms = self.back_until_ms.filter(|&until| until > now_ms);
    }

    /// When something is due.
    pub(super) const fn deadline(self) -> Option<u64> {
        self.back_until_ms
    }
}

impl Connection {
    /// How it is, without what is still coming in. Told once a step, so that an outage that was seen is remembered.
    pub(crate) fn link(&mut self, now_ms: u64) -> Link {
        let link = match self.phase {
            LinkPhase::Idle => Link::Idle,
            LinkPhase::Ended(reason) => Link::Ended(reason),
            LinkPhase::Live(_) if self.outage.back_until_ms.is_some() => Link::Back,
            LinkPhase::Live(_) => Link::Online,
            LinkPhase::Paused(pause) => paused(self, pause),
            LinkPhase::Probing { since_ms, before } => probing(self, since_ms, before, now_ms),
            LinkPhase::Trying(tried) => trying(self, tried.since_ms, now_ms),
        };
        let told = !matches!(link, Link::Ended(_) | Link::Connecting { .. });
        self.outage.shown |= told && link.is_shown() && !link.is_live();
        link
    }
}

fn paused(connection: &Connection, pause: Pause) -> Link {
    let Pause {
        until_ms,
        total_ms,
        kind,
    } = pause;
    match kind {
        PauseKind::Offline => Link::Offline,
        PauseKind::Quiet | PauseKind::Probe { slow: true } => Link::Quiet {
            until_ms,
            total_ms,
            looking: false,
        },
        PauseKind::Asked { restart: true } => Link::Restarting { until_ms, total_ms },
        PauseKind::Step if connection.attempts.tries() == 0 => Link::Trying {
            attempt: 1,
            shown: connection.outage.shown,
        },
        PauseKind::Step
        | PauseKind::Probe { slow: false }
        | PauseKind::Asked { restart: false } => Link::Waiting {
            until_ms,
            total_ms,
            attempt: (connection.attempts.tries() + 1).min(RECONNECT_TRIES),
        },
    }
}

/// A probe that is answered soon changes nothing of what is shown.
fn probing(connection: &Connection, since_ms: u64, before: Option<Pause>, now_ms: u64) -> Link {
    match before {
        _ if !connection.net => Link::Offline,
        Some(pause) if now_ms.saturating_sub(since_ms) < UNSEEN_MS => paused(connection, pause),
        Some(Pause {
            total_ms,
            kind: PauseKind::Quiet | PauseKind::Probe { slow: true },
            ..
        }) => Link::Quiet {
            until_ms: since_ms,
            total_ms,
            looking: true,
        },
        _ => trying(connection, since_ms, now_ms),
    }
}

fn trying(connection: &Connection, since_ms: u64, now_ms: u64) -> Link {
    let tries = connection.attempts.tries();
    let late = now_ms.saturating_sub(since_ms) >= UNSEEN_MS;
    if !connection.net {
        Link::Offline
    } else if tries > RECONNECT_TRIES {
        Link::Quiet {
            until_ms: since_ms,
            total_ms: ms(QUIET_PROBE),
            looking: true,
        }
    } else if tries <= 1 && !connection.met {
        Link::Connecting { shown: late }
    } else {
        Link::Trying {
            attempt: tries.max(1),
            shown: late || connection.outage.shown || tries > 1,
        }
    }
}

//! The connection as it is shown.

use protocol::limits::{QUIET_PROBE, RECONNECT_TRIES};

use super::{
    Link,
    connection::{Connection, Phase, UNSEEN_MS},
    policy::{Pause, PauseKind, ms},
};

impl Connection {
    /// How it is, without what is still coming in. Told once a step, so that an outage that was seen is remembered.
    pub(crate) fn link(&mut self, now_ms: u64) -> Link {
        let link = match self.phase {
            Phase::Idle => Link::Idle,
            Phase::Ended(reason) => Link::Ended(reason),
            Phase::Live(_) if self.back_until_ms.is_some() => Link::Back,
            Phase::Live(_) => Link::Online,
            Phase::Paused(pause) => self.paused(pause),
            Phase::Probing { since_ms, before } => self.probing(since_ms, before, now_ms),
            Phase::Trying(tried) => self.trying(tried.since_ms, now_ms),
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
            PauseKind::Quiet | PauseKind::Probe { slow: true } => Link::Quiet {
                until_ms,
                total_ms,
                looking: false,
            },
            PauseKind::Asked { restart: true } => Link::Restarting { until_ms, total_ms },
            PauseKind::Step if self.attempts.tries() == 0 => Link::Trying {
                attempt: 1,
                shown: self.outage,
            },
            PauseKind::Step
            | PauseKind::Probe { slow: false }
            | PauseKind::Asked { restart: false } => Link::Waiting {
                until_ms,
                total_ms,
                attempt: (self.attempts.tries() + 1).min(RECONNECT_TRIES),
            },
        }
    }

    /// A probe that is answered soon changes nothing of what is shown.
    fn probing(&self, since_ms: u64, before: Option<Pause>, now_ms: u64) -> Link {
        match before {
            _ if !self.net => Link::Offline,
            Some(pause) if now_ms.saturating_sub(since_ms) < UNSEEN_MS => self.paused(pause),
            Some(Pause {
                total_ms,
                kind: PauseKind::Quiet | PauseKind::Probe { slow: true },
                ..
            }) => Link::Quiet {
                until_ms: since_ms,
                total_ms,
                looking: true,
            },
            _ => self.trying(since_ms, now_ms),
        }
    }

    fn trying(&self, since_ms: u64, now_ms: u64) -> Link {
        let tries = self.attempts.tries();
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

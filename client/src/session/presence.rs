//! Presence: whether the person is at the page, and when the server is told.

use protocol::{ClientFrame, Presence, PresenceState};

use crate::ctx::Ctx;

/// How long a page is hidden before its person counts as away, in milliseconds.
const AWAY_MS: u64 = 30_000;

/// Whether the person is at the page, as far as the server was told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OwnPresence {
    hidden: bool,
    /// When that is to be told.
    away_at_ms: Option<u64>,
    away: bool,
}

impl OwnPresence {
    /// The page can be seen.
    pub(super) fn visible(&mut self, live: bool, ctx: &mut Ctx<'_>) {
        self.hidden = false;
        self.away_at_ms = None;
        if std::mem::take(&mut self.away) && live {
            tell(PresenceState::Online, ctx);
        }
    }

    /// The page cannot be seen.
    pub(super) fn hidden(&mut self, ctx: &Ctx<'_>) {
        if !std::mem::replace(&mut self.hidden, true) {
            self.away_at_ms = Some(ctx.after(AWAY_MS));
        }
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, live: bool, ctx: &mut Ctx<'_>) {
        if self.away_at_ms.is_some_and(|at| at <= ctx.ms()) {
            self.away_at_ms = None;
            self.away = true;
            if live {
                tell(PresenceState::Away, ctx);
            }
        }
    }

    /// A connection is live: the server takes whoever comes as present.
    pub(super) fn welcomed(self, ctx: &mut Ctx<'_>) {
        if self.away {
            tell(PresenceState::Away, ctx);
        }
    }

    /// When something is due.
    pub(super) const fn deadline(self) -> Option<u64> {
        self.away_at_ms
    }
}

fn tell(state: PresenceState, ctx: &mut Ctx<'_>) {
    ctx.transmit(ClientFrame::Presence(Presence { state }));
}

//! The connection, as the connection banner shows it.

mod connection;
mod live;
mod policy;
mod readiness;
mod shown;
mod trying;

pub(crate) use connection::Connection;
pub(crate) use policy::ms;

use protocol::CloseCode;

/// How the connection is. Times are of [`crate::Now::mono_ms`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Not started.
    #[default]
    Idle,
    /// The first connection is being made. Shown only once it takes longer than a second.
    Connecting {
        /// Whether it took longer than that.
        shown: bool,
    },
    /// All is well; nothing is shown.
    Online,
    /// Live again after an outage, for 3 s.
    Back,
    /// Live again, and what was missed is coming in.
    CatchingUp {
        /// Entries that came.
        done: u64,
        /// Entries that were missed.
        total: u64,
    },
    /// The connection was lost; the next try has its time.
    Waiting {
        /// When the next try is.
        until_ms: u64,
        /// How long the wait is in all, for the line that drains.
        total_ms: u64,
        /// Which try that will be, of [`protocol::limits::RECONNECT_TRIES`].
        attempt: u32,
    },
    /// A try is being made. The first one, which is made at once, is shown only once it takes longer than a second.
    Trying {
        /// Which, of [`protocol::limits::RECONNECT_TRIES`].
        attempt: u32,
        /// Whether to show it.
        shown: bool,
    },
    /// It has been so for long, and is looked after now and then: the server was not ready for ten minutes, or all tries failed.
    Quiet {
        /// When the next look is.
        until_ms: u64,
        /// How long the wait is in all.
        total_ms: u64,
        /// Whether it is being made now; then `until_ms` is past.
        looking: bool,
    },
    /// The server is being updated and said when to come back.
    Restarting {
        /// When the next try is.
        until_ms: u64,
        /// How long the wait is in all.
        total_ms: u64,
    },
    /// The browser has no network. (A look is still taken each minute: browsers err.)
    Offline,
    /// It is over; nothing is tried.
    Ended(EndReason),
}

impl Link {
    /// Whether frames go to and fro.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Online | Self::Back | Self::CatchingUp { .. })
    }

    /// Whether the connection banner is there.
    pub const fn is_shown(self) -> bool {
        match self {
            Self::Idle | Self::Online => false,
            Self::Connecting { shown } | Self::Trying { shown, .. } => shown,
            _ => true,
        }
    }
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// Its user closed it (1000).
    Bye,
    /// The sign-in was revoked, here or elsewhere, or is over (4500). Sign in again.
    SignedOut,
    /// The token was refused, or there is no identity (4501). Sign in again.
    Unauthorized,
    /// The two sides do not speak the same language (4502, 1002, 1003, 1007, 1009): the page is older than the server.
    Outdated,
    /// Banned or removed from the server (4503).
    Banned,
    /// A code that this build does not know, from the range that means "do not come back".
    Other(u16),
}

impl EndReason {
    /// The reason behind a close code after which one does not come back.
    pub(crate) fn from_code(code: u16) -> Self {
        use CloseCode as C;
        match C::from_code(code) {
            Some(C::Normal) => Self::Bye,
            Some(C::SignedOut) => Self::SignedOut,
            Some(C::Unauthorized) => Self::Unauthorized,
            Some(C::Banned) => Self::Banned,
            Some(C::BadProtocol | C::Protocol | C::Unsupported | C::InvalidPayload | C::TooBig) => {
                Self::Outdated
            }
            _ => Self::Other(code),
        }
    }

    /// Whether signing in again helps.
    pub const fn needs_sign_in(self) -> bool {
        matches!(self, Self::SignedOut | Self::Unauthorized)
    }
}

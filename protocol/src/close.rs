//! WebSocket close codes: 4000–4499 mean come back, 4500–4999 mean do not.

use std::fmt;

/// Why a connection ended (contract, "Reconnecting"; RFC 6455, section 7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum CloseCode {
    /// Said `bye`.
    Normal = 1000,
    /// A broken frame.
    Protocol = 1002,
    /// A binary frame.
    Unsupported = 1003,
    /// Text that is not UTF-8.
    InvalidPayload = 1007,
    /// A frame over the limit.
    TooBig = 1009,
    /// The server is going away; the reason spreads the herd.
    Restart = 1012,
    /// Two heartbeats missed.
    HeartbeatMissed = 4001,
    /// Its queue was full and did not move.
    TooSlow = 4002,
    /// Too many frames.
    Flood = 4003,
    /// No `hello` in time.
    NoHello = 4004,
    /// Sign-in revoked or over.
    SignedOut = 4500,
    /// Token refused, or no identity.
    Unauthorized = 4501,
    /// Not this protocol.
    BadProtocol = 4502,
    /// Banned or removed from the server.
    Banned = 4503,
    /// Too many connections of this user.
    TooMany = 4504,
}

impl CloseCode {
    /// Every code of the contract, in order.
    pub const ALL: [Self; 15] = [
        Self::Normal,
        Self::Protocol,
        Self::Unsupported,
        Self::InvalidPayload,
        Self::TooBig,
        Self::Restart,
        Self::HeartbeatMissed,
        Self::TooSlow,
        Self::Flood,
        Self::NoHello,
        Self::SignedOut,
        Self::Unauthorized,
        Self::BadProtocol,
        Self::Banned,
        Self::TooMany,
    ];

    /// The number on the wire.
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The named code; `None` for a number that the contract does not name.
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether a client comes back after a close with this number. A number that is not named (1006 for a lost
    /// connection among them) means come back, unless its range says otherwise.
    pub const fn should_reconnect(code: u16) -> bool {
        match code {
            1000 | 1002 | 1003 | 1007 | 1009 => false,
            // The newest connection was refused: it may come back after `limits::TOO_MANY_WAIT`.
            4504 => true,
            4500..=4999 => false,
            _ => true,
        }
    }

    /// A reason in words for the close frame, at most 123 bytes (RFC 6455, section 5.5).
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Normal => "bye",
            Self::Protocol => "broken frame",
            Self::Unsupported => "binary frames are not part of this protocol",
            Self::InvalidPayload => "text is not UTF-8",
            Self::TooBig => "frame over the limit",
            Self::Restart => "the server is going away",
            Self::HeartbeatMissed => "heartbeat missed",
            Self::TooSlow => "too slow a reader",
            Self::Flood => "too many frames",
            Self::NoHello => "no hello in time",
            Self::SignedOut => "signed out",
            Self::Unauthorized => "token refused, or no identity",
            Self::BadProtocol => "not this protocol",
            Self::Banned => "no access to this server",
            Self::TooMany => "too many connections of this user",
        }
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code(), self.reason())
    }
}

const RETRY_AFTER: &str = "retry_after_ms=";

/// The reason of a close frame that asks to wait.
pub fn retry_after_reason(retry_after_ms: u64) -> String {
    format!("{RETRY_AFTER}{retry_after_ms}")
}

/// What a close frame's reason asks to wait, in milliseconds.
pub fn retry_after_ms(reason: &str) -> Option<u64> {
    let (_, rest) = reason.split_once(RETRY_AFTER)?;
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .map_or(rest, |end| &rest[..end]);
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_tell_whether_to_come_back() {
        for code in CloseCode::ALL {
            let expected = matches!(code.code(), 1012 | 4001..=4499 | 4504);
            assert_eq!(CloseCode::should_reconnect(code.code()), expected, "{code}");
            assert_eq!(CloseCode::from_code(code.code()), Some(code));
            assert!(code.reason().len() <= 123);
        }
        assert!(CloseCode::should_reconnect(1006));
        assert!(CloseCode::should_reconnect(4321));
        assert!(!CloseCode::should_reconnect(4999));
        assert_eq!(CloseCode::from_code(4999), None);
    }

    #[test]
    fn reasons_carry_the_wait() {
        assert_eq!(retry_after_ms(&retry_after_reason(2500)), Some(2500));
        assert_eq!(
            retry_after_ms("drain; retry_after_ms=900, please"),
            Some(900)
        );
        assert_eq!(retry_after_ms("retry_after_ms="), None);
        assert_eq!(retry_after_ms("soon"), None);
    }
}

//! Limits. 0 is no limit.

use clap::Args;

/// What is limited; 0 is no limit.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct LimitsConfig {
    /// Sends a second of one user.
    #[arg(
        long,
        env = "HUBBUB_SEND_PER_S",
        default_value_t = 10,
        value_name = "N"
    )]
    pub(crate) send_per_s: u32,
    /// Sends of one user at once.
    #[arg(
        long,
        env = "HUBBUB_SEND_BURST",
        default_value_t = 20,
        value_name = "N"
    )]
    pub(crate) send_burst: u32,
    /// API requests a second of one address.
    #[arg(
        long,
        env = "HUBBUB_HTTP_PER_S_ADDRESS",
        default_value_t = 100,
        value_name = "N"
    )]
    pub(crate) http_per_s_address: u32,
    /// API requests a second of all.
    #[arg(
        long,
        env = "HUBBUB_HTTP_PER_S_TOTAL",
        default_value_t = 3_000,
        value_name = "N"
    )]
    pub(crate) http_per_s_total: u32,
    /// Live connections of one user.
    #[arg(
        long,
        env = "HUBBUB_SOCKETS_PER_USER",
        default_value_t = 10,
        value_name = "N"
    )]
    pub(crate) sockets_per_user: u32,
    /// Live connections of one address.
    #[arg(
        long,
        env = "HUBBUB_SOCKETS_PER_ADDRESS",
        default_value_t = 100,
        value_name = "N"
    )]
    pub(crate) sockets_per_address: u32,
    /// Connections of one address that speak HTTP, those of trusted proxies apart; four times its live connections when not set.
    #[arg(long, env = "HUBBUB_CONNECTIONS_PER_ADDRESS", value_name = "N")]
    pub(crate) connections_per_address: Option<u32>,
    /// Changes of each kind (joining and leaving, members, rooms, the profile, invites) a minute of one user; 60 when not set, and no limit
    /// where sends have none.
    #[arg(long, env = "HUBBUB_CHANGES_PER_MIN", value_name = "N")]
    pub(crate) changes_per_min: Option<u32>,
    /// Rooms that one user may make in a day, and five times those into which they may bring the same person; 100 when not set, and no
    /// limit where sends have none.
    #[arg(long, env = "HUBBUB_ROOMS_PER_DAY", value_name = "N")]
    pub(crate) rooms_per_day: Option<u32>,
    /// Rooms that one user may be in, half of them by others; 1,000 when not set, and no limit where sends have none.
    #[arg(long, env = "HUBBUB_ROOMS_PER_PERSON", value_name = "N")]
    pub(crate) rooms_per_person: Option<u32>,
    /// Memory of the newest entries of all rooms, in MiB; what does not fit is read from the log.
    #[arg(
        long,
        env = "HUBBUB_LANES_MIB",
        default_value_t = 64,
        value_name = "MIB"
    )]
    pub(crate) lanes_mib: u32,
    /// Memory of what unread counts are brought up to date by, in MiB; counts of rooms whose part does not fit are read from the log.
    #[arg(
        long,
        env = "HUBBUB_COUNTS_MIB",
        default_value_t = 32,
        value_name = "MIB"
    )]
    pub(crate) counts_mib: u32,
    /// Memory of answers that are under way, in MiB: pages of messages and drawn rooms; an eighth of it for one person.
    #[arg(
        long,
        env = "HUBBUB_ANSWERS_MIB",
        default_value_t = 64,
        value_name = "MIB"
    )]
    pub(crate) answers_mib: u32,
    /// Wrong passwords of one name in 15 minutes; ten times that of one address.
    #[arg(
        long,
        env = "HUBBUB_SIGNIN_TRIES",
        default_value_t = 10,
        value_name = "N"
    )]
    pub(crate) signin_tries: u32,
}

impl LimitsConfig {
    /// A server whose sends are not limited is one under test, or one's own.
    fn unless_unlimited(&self, set: Option<u32>, usual: u32) -> u32 {
        set.unwrap_or(if self.send_per_s == 0 { 0 } else { usual })
    }

    /// Changes of each kind a minute of one user.
    pub(crate) fn changes_per_min(&self) -> u32 {
        self.unless_unlimited(self.changes_per_min, 60)
    }

    /// Rooms that one user may make in a day.
    pub(crate) fn rooms_per_day(&self) -> u32 {
        self.unless_unlimited(self.rooms_per_day, 100)
    }

    /// Rooms that one user may be in.
    pub(crate) fn rooms_per_person(&self) -> u32 {
        self.unless_unlimited(self.rooms_per_person, 1_000)
    }

    /// Bytes of all lanes.
    pub(crate) fn lane_bytes(&self) -> usize {
        bytes(self.lanes_mib)
    }

    /// Bytes of what counts are brought up to date by.
    pub(crate) fn count_bytes(&self) -> usize {
        bytes(self.counts_mib)
    }

    /// Live connections of one address; 0 is no limit.
    pub(crate) fn sockets_per_address(&self) -> usize {
        usize::try_from(self.sockets_per_address).unwrap_or(usize::MAX)
    }

    /// Connections of one address: a browser keeps up to six beside its live one.
    pub(crate) fn connections_per_address(&self) -> u32 {
        let derived = || self.sockets_per_address.saturating_mul(4);
        self.connections_per_address.unwrap_or_else(derived)
    }
}

fn bytes(mib: u32) -> usize {
    usize::try_from(u64::from(mib) << 20).unwrap_or(usize::MAX)
}

//! Rows as the server sees them.

use protocol::{
    Message, PresenceState, Reaction, Role, RoomId, RoomSummary, Seq, UserId, UserSummary,
};

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub id: UserId,
    /// What `@` names.
    pub name: String,
    /// What is shown.
    pub display_name: String,
    /// On the whole server.
    pub role: Role,
    /// Whether the account was shut out.
    pub banned: bool,
}

impl Account {
    /// What others see.
    pub fn summary(&self, state: Option<PresenceState>) -> UserSummary {
        UserSummary {
            id: self.id,
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            state,
            role: self.role,
        }
    }
}

/// The newest entries of a room among which are those who wrote last in it.
pub const LOOK_BACK: u64 = 30;

/// Somebody who wrote in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub user: UserId,
    /// Their last message there.
    pub seq: Seq,
    /// When it was sent, in milliseconds since the epoch.
    pub at: u64,
}

/// A sign-in to be noted.
#[derive(Clone, Debug)]
pub struct NewSignIn {
    /// Who.
    pub user: UserId,
    /// The device's id.
    pub device: String,
    /// What the device looks like.
    pub label: String,
    /// From where.
    pub address: String,
    /// When.
    pub now: u64,
    /// Until when, unless refreshed.
    pub expires_at: u64,
}

/// A sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInRecord {
    /// Its id.
    pub id: u64,
    /// Who.
    pub user: UserId,
    /// The device's id.
    pub device: String,
    /// What the device looks like.
    pub label: String,
    /// From where it was last seen.
    pub address: String,
    /// SHA-256 of the refresh token that is good now.
    pub refresh_hash: Vec<u8>,
    /// SHA-256 of the refresh token that it replaced; empty before the first refresh.
    pub spent_hash: Vec<u8>,
    /// When it did.
    pub spent_at: u64,
    /// When it began.
    pub created_at: u64,
    /// When it was last seen.
    pub seen_at: u64,
    /// Until when, unless refreshed.
    pub expires_at: u64,
    /// Whether it was ended.
    pub revoked: bool,
}

/// A sign-in that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub id: u64,
    /// The sign-ins of the same user on the same device, which it replaced.
    pub replaced: Vec<u64>,
}

/// A refresh token that is spent for the next one.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// SHA-256 of the token that is spent; empty for a sign-in that has none yet.
    pub spent: &'a [u8],
    /// SHA-256 of the next one.
    pub fresh: &'a [u8],
    /// What the device looks like.
    pub label: &'a str,
    /// From where it asks.
    pub address: &'a str,
    /// When.
    pub now: u64,
    /// Until when the sign-in is good from now on, unless used.
    pub expires_at: u64,
}

/// What became of a [`Rotation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The token was good, and is spent now.
    Done,
    /// The token is the one that was spent last: then, and by a device that looked like this.
    Before {
        /// When.
        at: u64,
        /// What the device looked like.
        label: String,
    },
    /// The token is older, or the sign-in was ended.
    Refused,
}

/// What a token is worth: the sign-in behind it, as far as that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Whose.
    pub user: UserId,
    /// The device's id.
    pub device: Box<str>,
    /// When it was last noted that it is used.
    pub seen_at: u64,
    /// Until when, unless refreshed.
    pub expires_at: u64,
    /// Whether it was ended.
    pub revoked: bool,
}

impl From<SignInRecord> for Pass {
    fn from(record: SignInRecord) -> Self {
        Self {
            user: record.user,
            device: record.device.into(),
            seen_at: record.seen_at,
            expires_at: record.expires_at,
            revoked: record.revoked,
        }
    }
}

/// An invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRecord {
    /// What its link ends in.
    pub code: String,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: u64,
    /// Until when.
    pub expires_at: u64,
    /// For how many people still.
    pub uses: u32,
    /// What they join.
    pub rooms: Vec<RoomId>,
}

/// What an id was acked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredAck {
    /// The entry's room.
    pub room: RoomId,
    /// The entry's place.
    pub seq: Seq,
    /// When it was stored.
    pub at: u64,
}

/// Which messages of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAt {
    /// The newest.
    Newest,
    /// Older than this.
    Before(Seq),
    /// Newer than this.
    After(Seq),
    /// Half up to and with this, half after it.
    Around(Seq),
}

/// Messages as they stand, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePage {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether older ones exist (for `After`: newer ones).
    pub more: bool,
    /// Whether newer ones exist, where it was looked.
    pub more_after: Option<bool>,
}

/// The newest messages of a room, oldest first, for whoever looks at them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newest {
    /// The messages.
    pub messages: Vec<Standing>,
    /// Whether older ones exist.
    pub more: bool,
}

/// A message as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Without its reactions.
    pub message: Message,
    /// Its reactions, in the order in which each emoji was first given.
    pub given: Vec<Given>,
}

impl Standing {
    /// As somebody sees it.
    pub fn seen_by(&self, user: UserId) -> Message {
        let reaction = |given: &Given| Reaction {
            emoji: given.emoji.clone(),
            count: u32::try_from(given.by.len()).unwrap_or(u32::MAX),
            mine: given.by.contains(&user),
        };
        Message {
            reactions: self.given.iter().map(reaction).collect(),
            ..self.message.clone()
        }
    }
}

/// An emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Which.
    pub emoji: String,
    /// Whose it is.
    pub by: Vec<UserId>,
}

/// Rooms by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomPage {
    /// The rooms.
    pub rooms: Vec<RoomSummary>,
    /// The last id, if more follow.
    pub next: Option<u64>,
}

/// People by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPage {
    /// The people.
    pub users: Vec<Account>,
    /// The last id, if more follow.
    pub next: Option<u64>,
}

/// How a store's reading connections are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolUse {
    /// Connections that read.
    pub in_use: u64,
    /// Connections that wait for work.
    pub idle: u64,
    /// Readers that wait for a connection.
    pub waiting: u64,
}

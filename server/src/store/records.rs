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

/// That a sign-in is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The sign-in.
    pub id: u64,
    /// When.
    pub at: u64,
    /// From where, where that is known.
    pub address: Option<String>,
}

/// What a use does to a sign-in. All in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UseRule {
    /// It is noted if the one before is so long ago.
    pub every_ms: u64,
    /// The sign-in is good for so long after it,
    pub unused_ms: u64,
    /// but for no longer than this after its making.
    pub most_ms: u64,
}

/// A use that was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// The sign-in.
    pub id: u64,
    /// Whose.
    pub user: UserId,
    /// Until when it is good now.
    pub expires_at: u64,
}

/// What a token is worth: the sign-in behind it, as far as that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Whose.
    pub user: UserId,
    /// The device's id.
    pub device: Box<str>,
    /// When it began.
    pub created_at: u64,
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
            created_at: record.created_at,
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
    /// The end of the room's log in the transaction that read them.
    pub last_seq: Seq,
}

impl MessagePage {
    /// As much of the page as fits into `bytes` on the wire, next to where it was asked for; at least one message. What is cut off is told as
    /// what the page did not reach.
    #[must_use]
    pub fn within(mut self, at: PageAt, bytes: usize) -> Self {
        let weights: Vec<usize> = self.messages.iter().map(weight).collect();
        if weights.iter().sum::<usize>() <= bytes {
            return self;
        }
        let count = weights.len();
        let (from, to) = match at {
            PageAt::Newest | PageAt::Before(_) => {
                (count - fit(weights.iter().rev(), bytes).max(1), count)
            }
            PageAt::After(_) => (0, fit(weights.iter(), bytes).max(1)),
            PageAt::Around(seq) => {
                let middle = self.messages.partition_point(|message| message.seq <= seq);
                let older = fit(weights[..middle].iter().rev(), bytes / 2);
                let older = older.max(usize::from(middle > 0));
                let newer = fit(weights[middle..].iter(), bytes / 2);
                let newer = newer.max(usize::from(middle == 0));
                (middle - older, middle + newer)
            }
        };
        if let PageAt::After(_) = at {
            self.more |= to < count;
        } else {
            self.more |= from > 0;
            if to < count {
                self.more_after = Some(true);
            }
        }
        self.messages.truncate(to);
        self.messages.drain(..from);
        self
    }
}

/// How many of these fit, in this order.
fn fit<'w>(weights: impl Iterator<Item = &'w usize>, mut bytes: usize) -> usize {
    let fits = |weight: &&usize| {
        let left = bytes.checked_sub(**weight);
        bytes = left.unwrap_or_default();
        left.is_some()
    };
    weights.take_while(fits).count()
}

/// About the most bytes that a message has on the wire.
fn weight(message: &Message) -> usize {
    let text = message.text.as_deref().map_or(0, json_bytes);
    let reactions = message.reactions.iter().map(|one| 48 + one.emoji.len());
    200 + text + reactions.sum::<usize>()
}

/// Bytes of a text within JSON (RFC 8259, section 7).
pub(crate) fn json_bytes(text: &str) -> usize {
    let byte = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(byte).sum()
}

/// The newest messages of a room, oldest first, for whoever looks at them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newest {
    /// The messages.
    pub messages: Vec<Standing>,
    /// Whether older ones exist.
    pub more: bool,
    /// The end of the room's log in the transaction that read them.
    pub last_seq: Seq,
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

#[cfg(test)]
mod tests {
    use protocol::MessageId;

    use super::*;

    fn page(texts: &[&str]) -> MessagePage {
        let message = |(n, text): (usize, &&str)| Message {
            seq: n as u64 + 1,
            id: MessageId::from_slice(&[7; 16]).unwrap(),
            by: UserId::new(1).unwrap(),
            at: 1,
            text: Some((*text).to_owned()),
            reply_to: None,
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
        };
        MessagePage {
            messages: texts.iter().enumerate().map(message).collect(),
            more: false,
            more_after: None,
            last_seq: 0,
        }
    }

    fn cut(at: PageAt, bytes: usize) -> (Vec<u64>, bool, Option<bool>) {
        let long = "x".repeat(800);
        let cut = page(&[long.as_str(); 9]).within(at, bytes);
        let seqs = cut.messages.iter().map(|message| message.seq).collect();
        (seqs, cut.more, cut.more_after)
    }

    #[test]
    fn a_page_keeps_what_is_next_to_where_it_was_asked_for() {
        let all: Vec<u64> = (1..=9).collect();
        assert_eq!(cut(PageAt::Newest, 9_000), (all, false, None));
        assert_eq!(cut(PageAt::Newest, 2_999), (vec![8, 9], true, None));
        assert_eq!(cut(PageAt::Before(10), 3_000), (vec![7, 8, 9], true, None));
        assert_eq!(cut(PageAt::After(0), 2_000), (vec![1, 2], true, None));
        assert_eq!(
            cut(PageAt::Around(5), 4_000),
            (vec![4, 5, 6, 7], true, Some(true))
        );
        assert_eq!(
            cut(PageAt::Around(1), 4_000),
            (vec![1, 2, 3], false, Some(true))
        );
        assert_eq!(cut(PageAt::Around(9), 4_000), (vec![8, 9], true, None));
        for at in [PageAt::Newest, PageAt::Around(9)] {
            assert_eq!(cut(at, 1), (vec![9], true, None));
        }
        assert_eq!(cut(PageAt::After(0), 1), (vec![1], true, None));
        assert_eq!(cut(PageAt::Around(0), 1), (vec![1], false, Some(true)));
    }

    #[test]
    fn a_message_weighs_at_least_what_it_has_on_the_wire() {
        let control = "\u{1}\u{1f}\n\t\"\\".repeat(900);
        for text in ["", "hello", "\u{fdfa}\u{1f600}", &control] {
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(json_bytes(text), json.len() - 2);
            let mut message = page(&[text]).messages.remove(0);
            message.seq = protocol::limits::ID_MAX;
            message.at = protocol::limits::ID_MAX;
            message.reply_to = Some(protocol::limits::ID_MAX);
            message.edited_at = Some(protocol::limits::ID_MAX);
            message.reactions = vec![Reaction {
                emoji: "\u{1f9d1}\u{200d}\u{2696}\u{fe0f}".to_owned(),
                count: u32::MAX,
                mine: false,
            }];
            let wire = serde_json::to_string(&message).unwrap().len();
            assert!(weight(&message) >= wire, "{wire} {}", weight(&message));
        }
    }
}

//! The logs of rooms, and messages as they stand.

use async_trait::async_trait;
use protocol::{
    EarlierText, Event, Message, MessageId, PinnedMessage, Reaction, RoomId, Seq, ThreadSummary,
    UserId,
};

use super::StoreError;

/// The newest entries of a room among which are those who wrote last in it.
pub const LOOK_BACK: u64 = 30;

/// Somebody who wrote in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The room.
    pub room: RoomId,
    /// The user.
    pub user: UserId,
    /// Their last message there.
    pub seq: Seq,
    /// When it was sent, in milliseconds since the epoch.
    pub at: u64,
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

impl PageAt {
    /// What is read for a page of at most `limit`: before which place how many, the newest first; and after which place how many.
    pub(super) fn parts(self, limit: u32) -> [Option<(Seq, u32)>; 2] {
        match self {
            Self::Newest => [Some((Seq::MAX, limit)), None],
            Self::Before(seq) => [Some((seq, limit)), None],
            Self::After(seq) => [None, Some((seq, limit))],
            Self::Around(seq) => {
                let half = limit.div_ceil(2);
                let before = (seq.saturating_add(1), half);
                [Some(before), Some((seq, limit - half))]
            }
        }
    }
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

/// A thread, of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadPage {
    /// Its first message.
    pub root: Message,
    /// Some of its replies.
    pub replies: MessagePage,
    /// How the asking user stands to it.
    pub thread: ThreadSummary,
}

/// How many of these messages fit into `bytes` on the wire, in this order; at least one.
pub(crate) fn fitting<'m>(messages: impl Iterator<Item = &'m Message>, bytes: usize) -> usize {
    let weights: Vec<usize> = messages.map(weight).collect();
    fit(weights.iter(), bytes).max(1)
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
    420 + text + reactions.sum::<usize>()
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
    pub messages: Vec<StandingMessage>,
    /// Whether older ones exist.
    pub more: bool,
    /// The end of the room's log in the transaction that read them.
    pub last_seq: Seq,
}

/// A message as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingMessage {
    /// Without its reactions.
    pub message: Message,
    /// Its reactions, in the order in which each emoji was first given.
    pub given: Vec<GivenEmoji>,
}

impl StandingMessage {
    /// As somebody sees it.
    pub fn seen_by(&self, user: UserId) -> Message {
        let reaction = |given: &GivenEmoji| Reaction {
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
pub struct GivenEmoji {
    /// The emoji.
    pub emoji: String,
    /// Whose it is.
    pub by: Vec<UserId>,
}

impl GivenEmoji {
    /// One more gives an emoji; those of one emoji follow each other.
    pub(super) fn add(given: &mut Vec<Self>, emoji: String, user: UserId) {
        match given.last_mut().filter(|last| last.emoji == emoji) {
            Some(last) => last.by.push(user),
            None => given.push(Self {
                emoji,
                by: vec![user],
            }),
        }
    }
}

/// What is asked about logs. Every list is bounded by an argument; ids of the asking user decide what is `mine`, never what is
/// allowed.
#[async_trait]
pub trait Logs {
    /// What an id of an author was acked with.
    async fn find_ack(
        &self,
        author: UserId,
        id: MessageId,
    ) -> Result<Option<StoredAck>, StoreError>;
    /// The `seq` of the room's newest entry; 0 for none.
    async fn last_seq(&self, room: RoomId) -> Result<Seq, StoreError>;
    /// Who wrote something among the last [`LOOK_BACK`] entries of each of these rooms, once for each room.
    async fn recent_authors(&self, rooms: &[RoomId]) -> Result<Vec<Author>, StoreError>;
    /// The room's own messages ([`Message::counts_in_room`]) as they stand now, oldest first.
    async fn history(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<MessagePage, StoreError>;
    /// The thread of a message, by its room and place, with replies as they stand now, oldest first; all of one moment. None where there is no
    /// such message. One that is a reply itself has none.
    async fn thread(
        &self,
        of: (RoomId, Seq),
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<Option<ThreadPage>, StoreError>;
    /// The newest messages as they stand now, at most `limit`: what [`Logs::history`] tells, with who gave the reactions.
    async fn newest(&self, room: RoomId, limit: u32) -> Result<Newest, StoreError>;
    /// Raw entries after `after`, in order; at most `limit`, and about `bytes`, but always one if there is one.
    async fn log(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
        bytes: usize,
    ) -> Result<Vec<Event>, StoreError>;
    /// These messages as they stand now, by their places; a place without one is left out.
    async fn messages(
        &self,
        room: RoomId,
        user: UserId,
        seqs: &[Seq],
    ) -> Result<Vec<Message>, StoreError>;
    /// Joins, leaves and changes of the topic from one entry to another, both included, in order; of more than `limit` the newest.
    async fn notes(
        &self,
        room: RoomId,
        from: Seq,
        to: Seq,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError>;
    /// Places after `after` of messages of others that name a user or everybody, in order, at most `limit`.
    async fn mentions(
        &self,
        room: RoomId,
        user: UserId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Seq>, StoreError>;
    /// The pinned messages of a room as they stand now, what was pinned last first; at most [`protocol::limits::PINS`].
    async fn pins(&self, room: RoomId, user: UserId) -> Result<Vec<PinnedMessage>, StoreError>;
    /// Who gives which emoji to a message, in the order in which each was first given, and of each the first `limit`. Nobody does to one that
    /// is deleted.
    async fn givers(
        &self,
        room: RoomId,
        seq: Seq,
        limit: u32,
    ) -> Result<Vec<GivenEmoji>, StoreError>;
    /// What a message said before it said what it says now, the newest first, at most `limit`. Nothing is left of one that is deleted.
    async fn earlier_texts(
        &self,
        room: RoomId,
        seq: Seq,
        limit: u32,
    ) -> Result<Vec<EarlierText>, StoreError>;
}

#[cfg(test)]
mod tests {
    use protocol::MessageId;

    use super::*;

    fn page(texts: &[&str]) -> MessagePage {
        let message = |(n, text): (usize, &&str)| Message {
            text: Some((*text).to_owned()),
            ..Message::new(
                n as u64 + 1,
                MessageId::from_slice(&[7; 16]).unwrap(),
                UserId::new(1).unwrap(),
                1,
            )
        };
        MessagePage {
            messages: texts.iter().enumerate().map(message).collect(),
            more: false,
            more_after: None,
            last_seq: 0,
        }
    }

    fn cut(at: PageAt, bytes: usize) -> (Vec<u64>, bool, Option<bool>) {
        let long = "x".repeat(580);
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
            message.seq = protocol::limits::MAX_ID;
            message.at = protocol::limits::MAX_ID;
            message.reply_to = Some(protocol::limits::MAX_ID);
            message.edited_at = Some(protocol::limits::MAX_ID);
            message.thread = Some(protocol::limits::MAX_ID);
            (message.n, message.also) = (protocol::limits::MAX_ID, true);
            message.replies = Some(protocol::Replies {
                n: protocol::limits::MAX_ID,
                last_seq: protocol::limits::MAX_ID,
                last_at: protocol::limits::MAX_ID,
                by: vec![UserId::new(protocol::limits::MAX_ID).unwrap(); protocol::THREAD_WRITERS],
            });
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

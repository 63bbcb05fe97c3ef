//! The beginning of a room's page: its newest messages, read once and then kept as the log goes on, and its first members.

use protocol::{Event, EventKind, Message, Replies, RoomId, Seq, ThreadPlace, UserId};

use super::Cache;
use crate::store::{
    GivenEmoji, MessagePage, Newest, PageAt, StandingMessage, StoreError, UserPage,
};

/// Messages of a room that are remembered: a page as it is asked for when nothing else is said.
const MESSAGES: u32 = protocol::limits::PAGE_MESSAGES_DEFAULT;
/// Rooms of which they are: with [`BYTES`] at most 16 MB, and 3 MB where people write as they do.
pub(super) const MAX_ROOMS: usize = 256;
/// Bytes of text in a room's newest messages; with more they are not remembered.
const BYTES: usize = 64 * 1024;

/// The first page of a room's members.
pub(super) struct MembersPage {
    pub(super) limit: u32,
    pub(super) users: Vec<UserId>,
    pub(super) next: Option<u64>,
}

impl MembersPage {
    pub(super) fn of(page: &UserPage, limit: u32) -> Self {
        Self {
            limit,
            users: page.users.iter().map(|account| account.id).collect(),
            next: page.next,
        }
    }
}

impl Cache {
    /// A page that lies within the newest messages; none where the store must be asked for it.
    pub(super) async fn newest_page(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Result<Option<MessagePage>, StoreError> {
        let before = match at {
            PageAt::Newest if limit <= MESSAGES => Seq::MAX,
            PageAt::Before(seq) => seq,
            _ => return Ok(None),
        };
        if let Some(page) = self.newest.get(&room).filter(|_| self.hears_room(room)) {
            return Ok(page.before(before, limit, user));
        }
        if at != PageAt::Newest {
            return Ok(None);
        }
        let version = self.newest.version(&room);
        let newest = self.store.newest(room, MESSAGES).await?;
        let page = newest.before(before, limit, user);
        if newest.bytes() <= BYTES {
            self.newest.fill(room, newest.into(), version);
        }
        Ok(page)
    }
}

impl StandingMessage {
    fn bytes(&self) -> usize {
        self.message.text.as_ref().map_or(0, String::len)
    }

    /// Somebody gives an emoji, or takes it back.
    fn react(&mut self, emoji: &str, by: UserId, on: bool) {
        let place = self.given.iter().position(|given| given.emoji == emoji);
        let place = place.unwrap_or_else(|| {
            self.given.push(GivenEmoji {
                emoji: emoji.to_owned(),
                by: Vec::new(),
            });
            self.given.len() - 1
        });
        let all = &mut self.given[place].by;
        if !on {
            all.retain(|one| *one != by);
        } else if !all.contains(&by) {
            all.push(by);
        }
        self.given.retain(|given| !given.by.is_empty());
    }
}

impl Newest {
    fn bytes(&self) -> usize {
        self.messages.iter().map(StandingMessage::bytes).sum()
    }

    /// The page that ends before a message; none where it begins before what is here.
    fn before(&self, seq: Seq, limit: u32, user: UserId) -> Option<MessagePage> {
        let end = self.messages.partition_point(|one| one.message.seq < seq);
        let start = end.saturating_sub(limit as usize);
        if end < limit as usize && self.more {
            return None;
        }
        let messages = self.messages[start..end].iter();
        Some(MessagePage {
            messages: messages.map(|one| one.seen_by(user)).collect(),
            more: start > 0 || self.more,
            more_after: None,
            last_seq: self.last_seq,
        })
    }

    /// There is a reply to one of the messages.
    fn reply(&mut self, place: ThreadPlace, event: &Event) {
        let mut messages = self.messages.iter_mut();
        let root = messages.find(|one| one.message.seq == place.root);
        if let Some(StandingMessage { message, .. }) = root {
            let known = message.replies.take();
            let new = Replies::with(known, place.n, (event.seq, event.at), event.by);
            message.replies = Some(new);
        }
    }

    /// The room's log goes on. False where it must be read again: an entry before this one was not heard of, or what it changes is
    /// not known. It may have been read after the entry was stored, which is in it then.
    pub(super) fn follow(&mut self, event: &Event) -> bool {
        if event.seq <= self.last_seq {
            return true;
        }
        if event.seq > self.last_seq + 1 {
            return false;
        }
        self.last_seq = event.seq;
        if let Some(place) = event.kind.thread() {
            self.reply(place, event);
        }
        if matches!(event.kind, EventKind::Message { .. }) && !event.kind.counts_in_room() {
            return true;
        }
        match &event.kind {
            EventKind::Message {
                id,
                text,
                reply_to,
                deleted,
                ..
            } => {
                self.messages.push(StandingMessage {
                    message: Message {
                        text: text.clone(),
                        reply_to: *reply_to,
                        deleted: *deleted,
                        ..Message::new(event.seq, *id, event.by, event.at)
                    }
                    .placed(event.kind.thread()),
                    given: Vec::new(),
                });
                if self.messages.len() > MESSAGES as usize {
                    self.messages.remove(0);
                    self.more = true;
                }
                self.bytes() <= BYTES
            }
            EventKind::Reaction { of, emoji, on } => {
                let message = self.messages.iter_mut().find(|one| one.message.seq == *of);
                if let Some(message) = message {
                    message.react(emoji, event.by, *on);
                }
                true
            }
            EventKind::Pin { of, on } => {
                let message = self.messages.iter_mut().find(|one| one.message.seq == *of);
                if let Some(message) = message {
                    message.message.pinned = *on;
                }
                true
            }
            // A text that is gone is gone from here too.
            EventKind::Edit { of, .. } | EventKind::Delete { of } => {
                !self.messages.iter().any(|one| one.message.seq == *of)
            }
            EventKind::Join { .. }
            | EventKind::Leave { .. }
            | EventKind::Topic { .. }
            | EventKind::Set(_)
            | EventKind::Unknown => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::MessageId;

    use super::*;

    #[test]
    fn an_entry_that_was_read_before_it_is_told_counts_once() {
        let (room, ada) = (RoomId::new(1).unwrap(), UserId::new(1).unwrap());
        let event = |seq, kind| Event {
            room,
            seq,
            at: seq,
            by: ada,
            kind,
        };
        let message = |seq| EventKind::Message {
            id: MessageId::from_slice(&[u8::try_from(seq).unwrap(); 16]).unwrap(),
            text: Some("hello".into()),
            reply_to: None,
            deleted: false,
            thread: None,
        };
        let react = |on| EventKind::Reaction {
            of: 2,
            emoji: "👍".into(),
            on,
        };
        let begin = Newest {
            last_seq: 1,
            ..Newest::default()
        };
        let (mut once, mut twice) = (begin.clone(), begin);
        for (seq, kind) in [
            (2, message(2)),
            (3, message(3)),
            (4, react(true)),
            (5, react(false)),
            (6, react(true)),
        ] {
            let event = event(seq, kind);
            assert!(once.follow(&event) && twice.follow(&event) && twice.follow(&event));
            assert_eq!(once, twice);
        }
        assert_eq!((once.messages.len(), once.last_seq), (2, 6));
        // Entry 7 was not heard of.
        assert!(!once.follow(&event(8, message(8))));
        assert_eq!(once.messages[0].given[0].by, [ada]);
    }
}

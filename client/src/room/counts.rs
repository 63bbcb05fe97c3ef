//! Unread messages and mentions, counted as the server counts: messages of others after the read position that are not
//! deleted, and those of them that name this user or everybody, as they stand now.

use protocol::{EventKind, ReadPosition, RoomCounts, Seq};

use super::{
    counted::{CountedEntry, Known},
    unread::UnreadSet,
};

/// Unread messages that are known one by one; the oldest of more become a plain number.
const MAX_KNOWN: usize = 2_000;

/// The counts of a room, or of a thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnreadCounts {
    read: ReadPosition,
    /// What the server counted up to an entry of the log: messages that are not known one by one.
    told: ServerCount,
    /// Unread messages that are known.
    known: UnreadSet,
    /// The server's count is out of date, and loaded messages cannot correct it: it must be counted again.
    pub(crate) doubtful: bool,
    /// A count of the server's with a smaller `last_seq` is in doubt: at this entry an unread message was changed, or entries up to it were not
    /// seen one by one. Counts come unasked too (`room`), and so may be older than what was seen: that their moment is known says that a change is not
    /// in them, but the change is not applied a second time, as what it made of the number is not kept.
    unsure_to: Seq,
}

#[derive(Clone, Copy, Debug, Default)]
struct ServerCount {
    unread: u64,
    mentions: u64,
    /// Entries up to here are in it.
    upto: Seq,
}

impl UnreadCounts {
    pub(crate) fn unread(&self) -> u64 {
        self.told.unread + self.known.len() as u64
    }

    pub(crate) fn mentions(&self) -> u64 {
        self.told.mentions + self.known.named() as u64
    }

    pub(crate) const fn read(&self) -> Seq {
        self.read.seq
    }

    /// The read position, with its generation.
    pub(crate) const fn position(&self) -> ReadPosition {
        self.read
    }

    /// Up to and with this nothing is unread for certain, though the read position may be before it: what one wrote oneself, say.
    pub(crate) fn nothing_unread_to(&self) -> Seq {
        if self.told.unread > 0 || self.doubtful {
            return self.read.seq;
        }
        let first = self.known.first();
        let read = self.read.seq;
        first.map_or(read, |first| read.max(first - 1))
    }

    /// The server's count. `cursor` is how far the log was seen here: what was seen beyond the count stays counted. A count of an older generation
    /// is of another position, and says nothing of this one.
    pub(crate) fn tell(&mut self, told: RoomCounts, cursor: Seq) {
        let (here, there) = (self.read, told.position());
        if there.generation < here.generation {
            self.doubtful = true;
            return;
        }
        let before = self.unsure_to.max(self.told.upto);
        self.doubtful = told.last_seq < before.min(cursor);
        self.read = there;
        self.told = ServerCount {
            unread: told.unread,
            mentions: told.mentions,
            upto: told.last_seq,
        };
        self.known.read_to(told.last_seq);
        if here > there {
            self.read_to(here.seq, None);
        }
    }

    /// The next entry of the log.
    pub(crate) fn apply(&mut self, step: &CountedEntry<'_>) {
        let (seq, by_me) = (step.event.seq, step.me == Some(step.event.by));
        if seq <= self.told.upto {
            return;
        }
        match &step.event.kind {
            EventKind::Message { deleted: false, .. }
                if step.counts && !by_me && seq > self.read.seq =>
            {
                self.known.add(seq, step.to_me);
                self.fold();
            }
            EventKind::Delete { of } if *of > self.read.seq => {
                self.unsure_to = seq;
                self.delete(*of, step.target);
            }
            EventKind::Edit {
                of, deleted: false, ..
            } if *of > self.read.seq => {
                self.unsure_to = seq;
                self.edit(*of, step.to_me, step.target);
            }
            _ => {}
        }
    }

    fn fold(&mut self) {
        if self.known.len() > MAX_KNOWN
            && let Some((seq, to_me)) = self.known.pop()
        {
            self.told.unread += 1;
            self.told.mentions += u64::from(to_me);
            self.told.upto = self.told.upto.max(seq);
        }
    }

    fn delete(&mut self, of: Seq, target: Option<Known>) {
        if self.known.remove(of) || of > self.told.upto || self.told.unread == 0 {
            return;
        }
        match target {
            Some(known) if known.mine => {}
            // It was replayed as deleted already: the number may be older than that, or not.
            Some(known) if known.deleted => self.doubtful = true,
            Some(known) => {
                self.told.unread -= 1;
                self.told.mentions = self.told.mentions.saturating_sub(u64::from(known.to_me));
            }
            None => self.doubtful = true,
        }
    }

    fn edit(&mut self, of: Seq, to_me: bool, target: Option<Known>) {
        if self.known.change(of, to_me) || of > self.told.upto || self.told.unread == 0 {
            return;
        }
        match target {
            Some(known) if known.mine || known.deleted || known.to_me == to_me => {}
            Some(_) if to_me => self.told.mentions += 1,
            Some(_) => self.told.mentions = self.told.mentions.saturating_sub(1),
            None if self.told.mentions > 0 || to_me => self.doubtful = true,
            None => {}
        }
    }

    /// The read position grows. `counted` is what of the told number it passes, where that is known: messages of others and
    /// mentions after the old position, up to and with the new one. Whether it grew.
    pub(crate) fn read_to(&mut self, seq: Seq, counted: Option<(u64, u64)>) -> bool {
        if seq <= self.read.seq {
            return false;
        }
        self.read.seq = seq;
        self.known.read_to(seq);
        if seq >= self.told.upto {
            self.told = ServerCount {
                upto: self.told.upto,
                ..ServerCount::default()
            };
            self.doubtful = false;
        } else if let Some((unread, mentions)) = counted {
            self.told.unread = self.told.unread.saturating_sub(unread);
            self.told.mentions = self.told.mentions.saturating_sub(mentions);
        } else if self.told.unread > 0 {
            self.doubtful = true;
        }
        true
    }

    /// The read position is another one; what is unread after it, up to and with `upto`, is known one by one.
    pub(crate) fn set_position(&mut self, to: ReadPosition, unread: Vec<(Seq, bool)>, upto: Seq) {
        *self = Self {
            read: to,
            told: ServerCount {
                upto,
                ..ServerCount::default()
            },
            unsure_to: upto,
            ..Self::default()
        };
        for (seq, to_me) in unread {
            self.known.add(seq, to_me);
            self.fold();
        }
    }

    /// Up to where messages are known as a number only; none when all are known one by one.
    pub(crate) fn told_upto(&self) -> Option<Seq> {
        (self.told.unread > 0).then_some(self.told.upto)
    }

    /// Entries up to `last` are not seen one by one.
    pub(crate) fn skip_to(&mut self, last: Seq) {
        self.unsure_to = last;
        self.doubtful |= self.told.upto < last;
    }

    /// The log is another one, and ends at `last`.
    pub(crate) fn restart(&mut self, last: Seq) {
        let ReadPosition { generation, seq } = self.read;
        *self = Self {
            read: ReadPosition {
                generation,
                seq: seq.min(last),
            },
            doubtful: true,
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Event, MessageId, RoomId, UserId};

    use super::*;

    const ME: u64 = 1;

    const fn summary(last_seq: Seq, read_seq: Seq, unread: u64, mentions: u64) -> RoomCounts {
        RoomCounts {
            last_seq,
            read_seq,
            generation: 0,
            unread,
            mentions,
        }
    }

    fn happens(
        counts: &mut UnreadCounts,
        seq: Seq,
        by: u64,
        kind: EventKind,
        target: Option<Known>,
    ) {
        let by = UserId::new(by).unwrap();
        let event = Event {
            room: RoomId::new(1).unwrap(),
            seq,
            at: 0,
            by,
            kind,
        };
        let to_me = matches!(&event.kind, EventKind::Message { text: Some(text), .. } | EventKind::Edit { text: Some(text), .. } if text == "@me");
        counts.apply(&CountedEntry {
            event: &event,
            me: UserId::new(ME),
            counts: true,
            to_me,
            target,
        });
    }

    fn says(counts: &mut UnreadCounts, seq: Seq, by: u64, text: &str) {
        let id = MessageId::from_u128(u128::from(seq));
        let kind = EventKind::Message {
            id,
            text: Some(text.to_owned()),
            reply_to: None,
            deleted: false,
            thread: None,
        };
        happens(counts, seq, by, kind, None);
    }

    fn counted(counts: &UnreadCounts) -> (u64, u64) {
        (counts.unread(), counts.mentions())
    }

    #[test]
    fn what_was_told_and_what_came_since() {
        let mut counts = UnreadCounts::default();
        counts.tell(summary(10, 4, 3, 1), 10);
        says(&mut counts, 9, 2, "@me");
        assert_eq!(counted(&counts), (3, 1), "the number holds it already");
        says(&mut counts, 11, 2, "@me");
        says(&mut counts, 12, ME, "@me");
        says(&mut counts, 13, 3, "hello");
        assert_eq!(counted(&counts), (5, 2));
        assert!(counts.read_to(11, None) && !counts.read_to(5, None));
        assert_eq!((counted(&counts), counts.doubtful), ((1, 0), false));
        counts.tell(summary(13, 12, 1, 0), 13);
        assert_eq!(counted(&counts), (1, 0));
    }

    #[test]
    fn a_change_of_what_is_known_is_exact_and_of_what_is_not_is_doubted() {
        let known = |mine, deleted, to_me| {
            Some(Known {
                mine,
                deleted,
                to_me,
            })
        };
        let mut counts = UnreadCounts::default();
        counts.tell(summary(10, 4, 3, 1), 10);
        happens(&mut counts, 11, 2, EventKind::Delete { of: 3 }, None);
        happens(
            &mut counts,
            12,
            ME,
            EventKind::Delete { of: 7 },
            known(true, false, false),
        );
        assert_eq!((counted(&counts), counts.doubtful), ((3, 1), false));
        happens(
            &mut counts,
            13,
            2,
            EventKind::Delete { of: 6 },
            known(false, false, true),
        );
        assert_eq!(counted(&counts), (2, 0));
        let edit = |text: &str| EventKind::Edit {
            of: 8,
            text: Some(text.to_owned()),
            deleted: false,
        };
        happens(&mut counts, 14, 2, edit("@me"), known(false, false, false));
        assert_eq!((counted(&counts), counts.doubtful), ((2, 1), false));
        happens(&mut counts, 15, 2, EventKind::Delete { of: 9 }, None);
        assert!(counts.doubtful);
    }

    #[test]
    fn a_message_that_was_replayed_as_deleted_may_have_been_counted_before() {
        let mut counts = UnreadCounts::default();
        counts.tell(summary(10, 4, 3, 1), 10);
        let target = Some(Known {
            mine: false,
            deleted: true,
            to_me: false,
        });
        happens(&mut counts, 11, 2, EventKind::Delete { of: 6 }, target);
        assert!(counts.doubtful);
    }

    #[test]
    fn a_count_that_is_older_than_a_change_is_doubted() {
        let told = |last_seq, unread| summary(last_seq, 4, unread, 0);
        let mut counts = UnreadCounts::default();
        counts.tell(told(10, 6), 10);
        says(&mut counts, 11, 2, "hello");
        happens(&mut counts, 12, 2, EventKind::Delete { of: 5 }, None);
        says(&mut counts, 13, 2, "@me");
        counts.tell(told(11, 7), 13);
        assert_eq!((counted(&counts), counts.doubtful), ((8, 1), true));
        counts.tell(told(12, 6), 13);
        assert_eq!((counted(&counts), counts.doubtful), ((7, 1), false));
        // What stands between an older count and the newer one before it is known to neither.
        counts.tell(told(11, 7), 13);
        assert!(counts.doubtful);
        counts.tell(told(13, 7), 13);
        counts.skip_to(20);
        assert!(counts.doubtful);
        counts.tell(told(19, 9), 20);
        assert!(counts.doubtful);
        counts.tell(told(20, 9), 20);
        assert_eq!((counted(&counts), counts.doubtful), ((9, 0), false));
    }

    #[test]
    fn what_is_known_one_by_one_is_bounded() {
        let mut counts = UnreadCounts::default();
        let many = MAX_KNOWN as u64 + 50;
        (1..=many)
            .for_each(|seq| says(&mut counts, seq, 2, if seq % 2 == 0 { "@me" } else { "hi" }));
        assert_eq!(
            (counted(&counts), counts.known.len()),
            ((many, many / 2), MAX_KNOWN)
        );
        counts.read_to(many, None);
        assert_eq!((counted(&counts), counts.doubtful), ((0, 0), false));
    }
}

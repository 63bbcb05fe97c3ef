//! Unread messages and mentions, counted as the server counts: messages of others after the read position that are not
//! deleted, and those of them that name this user or everybody, as they stand now.

use protocol::{Event, EventKind, RoomSummary, Seq, UserId};

use super::unread::Unread;

use crate::sorted::{SortedMap, SortedSet};

/// Unread messages that are known one by one; the oldest of more become a plain number.
const MAX_KNOWN: usize = 2_000;

/// The counts of a room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    read: Seq,
    /// What the server counted up to an entry of the log: messages that are not known one by one.
    told: ServerCount,
    /// Unread messages that are known.
    known: Unread,
    /// The server's count is out of date, and loaded messages cannot correct it: it must be counted again.
    pub(crate) doubtful: bool,
    /// A count is under way; what it found so far.
    recount: Option<Recount>,
}

#[derive(Clone, Copy, Debug, Default)]
struct ServerCount {
    unread: u64,
    mentions: u64,
    /// Entries up to here are in it.
    upto: Seq,
}

#[derive(Clone, Debug, Default)]
struct Recount {
    found: SortedMap<Seq, bool>,
    /// What was deleted and edited while the count was made: a page may be older than that.
    deleted: SortedSet<Seq>,
    edited: SortedMap<Seq, bool>,
}

/// What is known of a message that an entry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) mine: bool,
    pub(crate) deleted: bool,
    pub(crate) to_me: bool,
}

/// An entry as it matters here.
pub(crate) struct Step<'e> {
    pub(crate) event: &'e Event,
    pub(crate) me: Option<UserId>,
    /// Whether a text names this user.
    pub(crate) to_me: bool,
    /// The message that it changes, as it was before, where it is held.
    pub(crate) target: Option<Known>,
}

impl Counts {
    pub(crate) fn unread(&self) -> u64 {
        self.told.unread + self.known.len() as u64
    }

    pub(crate) fn mentions(&self) -> u64 {
        self.told.mentions + self.known.named() as u64
    }

    pub(crate) const fn read(&self) -> Seq {
        self.read
    }

    /// Up to and with this nothing is unread for certain, though the read position may be before it: what one wrote oneself, say.
    pub(crate) fn nothing_unread_to(&self) -> Seq {
        if self.told.unread > 0 || self.doubtful {
            return self.read;
        }
        let first = self.known.first();
        first.map_or(self.read, |first| self.read.max(first - 1))
    }

    /// The server's count. `cursor` is how far the log was seen here: what was seen beyond the count stays counted.
    pub(crate) fn tell(&mut self, summary: &RoomSummary, cursor: Seq) {
        let read_here = self.read;
        self.read = summary.read_seq;
        self.told = ServerCount {
            unread: summary.unread,
            mentions: summary.mentions,
            upto: summary.last_seq,
        };
        self.known.read_to(summary.last_seq);
        // Entries between the two may have changed what was counted.
        self.doubtful = summary.last_seq < cursor && summary.unread > 0;
        self.recount = None;
        if read_here > summary.read_seq {
            self.read_to(read_here, None);
        }
    }

    /// The next entry of the log.
    pub(crate) fn apply(&mut self, step: &Step<'_>) {
        let (seq, by_me) = (step.event.seq, step.me == Some(step.event.by));
        if seq <= self.told.upto {
            return;
        }
        match &step.event.kind {
            EventKind::Message { deleted: false, .. } if !by_me && seq > self.read => {
                self.known.add(seq, step.to_me);
                self.fold();
            }
            EventKind::Delete { of } if *of > self.read => self.delete(*of, step.target),
            EventKind::Edit {
                of, deleted: false, ..
            } if *of > self.read => self.edit(*of, step.to_me, step.target),
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
        if let Some(recount) = &mut self.recount {
            recount.deleted.insert(of);
            recount.found.remove(&of);
        }
        if self.known.remove(of) || of > self.told.upto || self.told.unread == 0 {
            return;
        }
        match target {
            Some(known) if known.mine => {}
            // It was replayed as deleted already: the number may be older than that, or not.
            Some(known) if known.deleted => self.doubtful |= self.recount.is_none(),
            Some(known) => {
                self.told.unread -= 1;
                self.told.mentions = self.told.mentions.saturating_sub(u64::from(known.to_me));
            }
            None => self.doubtful |= self.recount.is_none(),
        }
    }

    fn edit(&mut self, of: Seq, to_me: bool, target: Option<Known>) {
        if let Some(recount) = &mut self.recount {
            recount.edited.insert(of, to_me);
            if let Some(found) = recount.found.get_mut(&of) {
                *found = to_me;
            }
        }
        if self.known.change(of, to_me) || of > self.told.upto || self.told.unread == 0 {
            return;
        }
        match target {
            Some(known) if known.mine || known.deleted || known.to_me == to_me => {}
            Some(_) if to_me => self.told.mentions += 1,
            Some(_) => self.told.mentions = self.told.mentions.saturating_sub(1),
            None if self.told.mentions > 0 || to_me => self.doubtful |= self.recount.is_none(),
            None => {}
        }
    }

    /// The read position grows. `counted` is what of the told number it passes, where that is known: messages of others and
    /// mentions after the old position, up to and with the new one. Whether it grew.
    pub(crate) fn read_to(&mut self, seq: Seq, counted: Option<(u64, u64)>) -> bool {
        if seq <= self.read {
            return false;
        }
        self.read = seq;
        self.known.read_to(seq);
        if let Some(recount) = &mut self.recount {
            recount.found = recount.found.split_off(&(seq + 1));
        }
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

    /// Up to where messages are known as a number only; none when all are known one by one.
    pub(crate) fn told_upto(&self) -> Option<Seq> {
        (self.told.unread > 0).then_some(self.told.upto)
    }

    /// Entries up to here are in the number that was told.
    pub(crate) const fn upto(&self) -> Seq {
        self.told.upto
    }

    /// The log is another one, and ends at `last`.
    pub(crate) fn restart(&mut self, last: Seq) {
        let read = self.read.min(last);
        *self = Self {
            read,
            doubtful: true,
            ..Self::default()
        };
    }

    /// Begins to count anew from the read position.
    pub(crate) fn recount(&mut self) {
        self.recount = Some(Recount::default());
        self.doubtful = false;
    }

    /// What the count asked for was forgotten: it is to be made again.
    pub(crate) fn interrupted(&mut self) {
        self.doubtful |= self.recount.take().is_some();
    }

    /// A message that the count found: one of others that is not deleted.
    pub(crate) fn found(&mut self, seq: Seq, to_me: bool) {
        if let Some(recount) = &mut self.recount
            && seq > self.read
            && !recount.deleted.contains(&seq)
        {
            let to_me = recount.edited.get(&seq).copied().unwrap_or(to_me);
            recount.found.insert(seq, to_me);
        }
    }

    /// The count is complete: what it found takes the place of the number that was told.
    pub(crate) fn recounted(&mut self) {
        let Some(recount) = self.recount.take() else {
            return;
        };
        self.told = ServerCount {
            upto: self.told.upto,
            ..ServerCount::default()
        };
        for (seq, to_me) in recount.found {
            self.known.add(seq, to_me);
        }
        while self.known.len() > MAX_KNOWN {
            self.fold();
        }
    }

    /// The count cannot be made (there are too many, or it was refused): the number stays as it is.
    pub(crate) fn give_up(&mut self) {
        self.recount = None;
        self.doubtful = false;
    }
}

#[cfg(test)]
mod tests {
    use protocol::{MessageId, RoomId, RoomKind};

    use super::*;

    const ME: u64 = 1;

    fn summary(last_seq: Seq, read_seq: Seq, unread: u64, mentions: u64) -> RoomSummary {
        RoomSummary {
            last_seq,
            read_seq,
            unread,
            mentions,
            ..RoomSummary::new(RoomId::new(1).unwrap(), RoomKind::Public, String::new())
        }
    }

    fn happens(counts: &mut Counts, seq: Seq, by: u64, kind: EventKind, target: Option<Known>) {
        let by = UserId::new(by).unwrap();
        let event = Event {
            room: RoomId::new(1).unwrap(),
            seq,
            at: 0,
            by,
            kind,
        };
        let to_me = matches!(&event.kind, EventKind::Message { text: Some(text), .. } | EventKind::Edit { text: Some(text), .. } if text == "@me");
        counts.apply(&Step {
            event: &event,
            me: UserId::new(ME),
            to_me,
            target,
        });
    }

    fn says(counts: &mut Counts, seq: Seq, by: u64, text: &str) {
        let id = MessageId::from_u128(u128::from(seq));
        let kind = EventKind::Message {
            id,
            text: Some(text.to_owned()),
            reply_to: None,
            deleted: false,
        };
        happens(counts, seq, by, kind, None);
    }

    fn counted(counts: &Counts) -> (u64, u64) {
        (counts.unread(), counts.mentions())
    }

    #[test]
    fn what_was_told_and_what_came_since() {
        let mut counts = Counts::default();
        counts.tell(&summary(10, 4, 3, 1), 10);
        says(&mut counts, 9, 2, "@me");
        assert_eq!(counted(&counts), (3, 1), "the number holds it already");
        says(&mut counts, 11, 2, "@me");
        says(&mut counts, 12, ME, "@me");
        says(&mut counts, 13, 3, "hello");
        assert_eq!(counted(&counts), (5, 2));
        assert!(counts.read_to(11, None) && !counts.read_to(5, None));
        assert_eq!((counted(&counts), counts.doubtful), ((1, 0), false));
        counts.tell(&summary(13, 12, 1, 0), 13);
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
        let mut counts = Counts::default();
        counts.tell(&summary(10, 4, 3, 1), 10);
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
        let mut counts = Counts::default();
        counts.tell(&summary(10, 4, 3, 1), 10);
        let target = Some(Known {
            mine: false,
            deleted: true,
            to_me: false,
        });
        happens(&mut counts, 11, 2, EventKind::Delete { of: 6 }, target);
        assert!(counts.doubtful);
    }

    #[test]
    fn a_count_minds_what_happens_while_it_is_made() {
        let mut counts = Counts::default();
        counts.tell(&summary(10, 4, 6, 0), 10);
        counts.recount();
        counts.found(4, true);
        counts.found(5, false);
        counts.found(6, false);
        happens(&mut counts, 11, 2, EventKind::Delete { of: 5 }, None);
        happens(&mut counts, 12, 2, EventKind::Delete { of: 8 }, None);
        counts.found(8, false);
        let edit = EventKind::Edit {
            of: 9,
            text: Some("@me".to_owned()),
            deleted: false,
        };
        happens(&mut counts, 13, 2, edit, None);
        counts.found(9, false);
        says(&mut counts, 14, 2, "hello");
        counts.recounted();
        assert_eq!((counted(&counts), counts.doubtful), ((3, 1), false));
        assert_eq!(counts.told_upto(), None);
    }

    #[test]
    fn what_is_known_one_by_one_is_bounded() {
        let mut counts = Counts::default();
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

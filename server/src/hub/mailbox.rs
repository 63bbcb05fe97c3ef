//! The mailbox of a connection, for what it is told besides its lanes: answers, presence, instructions to change course. It is bounded, and an idle one
//! holds no queue at all.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use protocol::{
    CloseCode, PresenceState, RoomId, Seq, UserId,
    limits::{QUEUE_BYTES, QUEUE_ENTRIES},
};
use tokio::sync::Notify;

use super::{frame::Frame, lock};

/// Typing notices that wait; more are dropped, since the next ones say the same.
const MAX_TYPING: usize = 32;

/// States of people are told to a connection about this often while there are many, in milliseconds: when hundreds come within
/// seconds, each of them would be told of each other in a packet of its own.
pub(super) const PRESENCE_MS: u64 = 1_000;

/// An instruction to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Instruction {
    /// The user became a member: tell it the room and every entry after this.
    Subscribe {
        /// The room.
        room: RoomId,
        /// The cursor to start from; the room's end, if none.
        after: Option<Seq>,
    },
    /// The room no longer exists for the user.
    Unsubscribe {
        /// The room.
        room: RoomId,
    },
    /// The room was no longer there for the user, and is again: both are told.
    Resubscribe {
        /// The room.
        room: RoomId,
        /// The cursor to start from; the room's end, if none.
        after: Option<Seq>,
    },
    /// More changed than instructions have places: all of the user's rooms are looked at again.
    Reload,
    /// The user is in these rooms, and in no others, whatever was told before; each with the cursor to start from where it is
    /// new.
    Rooms(Arc<[(RoomId, Seq)]>),
    /// The room's name or topic changed.
    Refresh {
        /// The room.
        room: RoomId,
    },
}

impl Instruction {
    /// The room that it is about alone.
    const fn room(&self) -> Option<RoomId> {
        match self {
            Self::Subscribe { room, .. }
            | Self::Unsubscribe { room }
            | Self::Resubscribe { room, .. }
            | Self::Refresh { room } => Some(*room),
            Self::Rooms(_) | Self::Reload => None,
        }
    }

    /// What this instruction and the `next` one about the same room are together.
    fn then(&self, next: &Self) -> Self {
        match (self, next) {
            // A room is told as it is when it is told.
            (
                Self::Subscribe { .. } | Self::Unsubscribe { .. } | Self::Resubscribe { .. },
                Self::Refresh { .. },
            ) => self.clone(),
            (
                Self::Unsubscribe { .. } | Self::Resubscribe { .. },
                &Self::Subscribe { room, after },
            ) => Self::Resubscribe { room, after },
            _ => next.clone(),
        }
    }
}

/// Adds an instruction to those that wait.
fn give(instructions: &mut Vec<Instruction>, instruction: Instruction) {
    if instructions.first() == Some(&Instruction::Reload) {
        return;
    }
    // Rooms tells about every one: what came before it is not mixed with what comes after.
    let since = instructions
        .iter()
        .rposition(|known| matches!(known, Instruction::Rooms(_)));
    let since = since.map_or(0, |at| at + 1);
    let same = |known: &Instruction| known.room().is_some() && known.room() == instruction.room();
    match instructions[since..].iter().position(same) {
        Some(at) => instructions[since + at] = instructions[since + at].then(&instruction),
        None if instructions.len() < QUEUE_ENTRIES => instructions.push(instruction),
        None => *instructions = vec![Instruction::Reload],
    }
}

/// How a connection ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goodbye {
    /// The close code.
    pub(crate) code: CloseCode,
    /// The close frame's reason.
    pub(crate) reason: String,
}

impl Goodbye {
    /// With the code's own words.
    pub fn new(code: CloseCode) -> Self {
        Self {
            code,
            reason: code.reason().to_owned(),
        }
    }
}

/// What was in the mailbox.
#[derive(Debug, Default)]
pub(crate) struct Mail {
    /// Answers to what the connection submitted, in the order in which they were settled; none for one that is silent
    /// when all is well. They need no bound of their own: a connection stops reading while too many are out.
    pub(crate) answers: Vec<Option<Frame>>,
    /// Frames, in order.
    pub(crate) frames: VecDeque<Frame>,
    /// Instructions, in order.
    pub(crate) control: Vec<Instruction>,
    /// The newest state of each person that changed.
    pub(crate) presence: Vec<(UserId, PresenceState)>,
    /// Who writes where.
    pub(crate) typing: Vec<(TypingPlace, UserId)>,
    /// Set: say this and end.
    pub(crate) goodbye: Option<Goodbye>,
    bytes: usize,
}

/// Where somebody writes: in a room, or in a thread of it, by its first message.
type TypingPlace = (RoomId, Option<Seq>);

/// One connection's bounded queue of answers, presence and instructions.
pub struct Mailbox {
    id: u64,
    user: UserId,
    /// None while nothing waits.
    mail: Mutex<Option<Box<Mail>>>,
    dirty: AtomicBool,
    wake: Notify,
    ending: AtomicBool,
    end: Notify,
    seen_at: AtomicU64,
    /// When it was last told of somebody's state, in milliseconds of the monotonic clock.
    presence_at: AtomicU64,
}

/// How soon somebody's state is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Now, or with what is told next.
    Soon,
    /// It waits in the mailbox, and the caller must wake the connection later (`Hub::tell_late`).
    Late,
}

impl Mailbox {
    pub(super) fn new(id: u64, user: UserId, now: u64) -> Self {
        Self {
            id,
            user,
            mail: Mutex::default(),
            dirty: AtomicBool::new(true),
            wake: Notify::new(),
            ending: AtomicBool::new(false),
            end: Notify::new(),
            seen_at: AtomicU64::new(now),
            presence_at: AtomicU64::new(0),
        }
    }

    /// Unlike any other on this node.
    pub(crate) const fn id(&self) -> u64 {
        self.id
    }

    /// Whose connection it is.
    pub(crate) const fn user(&self) -> UserId {
        self.user
    }

    /// The client showed life.
    pub(crate) fn seen(&self, now: u64) {
        self.seen_at.store(now, Ordering::Relaxed);
    }

    /// When it last did.
    pub(crate) fn seen_at(&self) -> u64 {
        self.seen_at.load(Ordering::Relaxed)
    }

    /// There is something to do. Cheap when it is known already.
    pub(crate) fn wake(&self) {
        if !self.dirty.swap(true, Ordering::AcqRel) {
            self.wake.notify_one();
        }
    }

    /// Whether there is something to do.
    pub(crate) fn is_woken(&self) -> bool {
        self.dirty.load(Ordering::Acquire)
    }

    /// Waits until there is something to do.
    pub(crate) async fn woken(&self) {
        while !self.is_woken() {
            self.wake.notified().await;
        }
    }

    /// Puts a frame in line. A full mailbox ends the connection with 4002: nothing is dropped, the log refills it.
    pub(crate) fn push(&self, frame: Frame) {
        {
            let mut mail = lock(&self.mail);
            let mail = mail.get_or_insert_default();
            if mail.frames.len() >= QUEUE_ENTRIES || mail.bytes + frame.len() > QUEUE_BYTES {
                self.say_goodbye(mail, Goodbye::new(CloseCode::TooSlow));
            } else {
                mail.bytes += frame.len();
                mail.frames.push_back(frame);
            }
        }
        self.wake();
    }

    /// Settles something that the connection submitted.
    pub(crate) fn answer(&self, frame: Option<Frame>) {
        let mut mail = lock(&self.mail);
        mail.get_or_insert_default().answers.push(frame);
        drop(mail);
        self.wake();
    }

    /// Gives an instruction. Those about one room that pile up are one, and those that are too many are one as well: what counts is how things
    /// stand when the connection gets to them.
    pub(crate) fn control(&self, instruction: Instruction) {
        {
            let mut mail = lock(&self.mail);
            let mail = mail.get_or_insert_default();
            give(&mut mail.control, instruction);
        }
        self.wake();
    }

    /// Somebody's state changed; only the newest is kept. Told at once, unless another was within [`PRESENCE_MS`].
    pub(super) fn presence(&self, user: UserId, state: PresenceState, now: u64) -> Told {
        let first = {
            let mut mail = lock(&self.mail);
            let mail = mail.get_or_insert_default();
            let first = mail.presence.is_empty();
            match mail.presence.iter_mut().find(|(known, _)| *known == user) {
                Some(entry) => entry.1 = state,
                None => mail.presence.push((user, state)),
            }
            first
        };
        // Whoever is woken takes it along: what takes the mail says first that it is no longer woken.
        if !first || self.is_woken() {
            return Told::Soon;
        }
        let before = self.presence_at.swap(now, Ordering::Relaxed);
        if before > 0 && now.saturating_sub(before) < PRESENCE_MS {
            return Told::Late;
        }
        self.wake();
        Told::Soon
    }

    /// Somebody writes.
    pub(crate) fn typing(&self, place: TypingPlace, user: UserId) {
        {
            let mut mail = lock(&self.mail);
            let mail = mail.get_or_insert_default();
            if mail.typing.len() >= MAX_TYPING || mail.typing.contains(&(place, user)) {
                return;
            }
            mail.typing.push((place, user));
        }
        self.wake();
    }

    /// Ends the connection; the first reason counts.
    pub(crate) fn close(&self, goodbye: Goodbye) {
        self.say_goodbye(lock(&self.mail).get_or_insert_default(), goodbye);
        self.wake();
    }

    fn say_goodbye(&self, mail: &mut Mail, goodbye: Goodbye) {
        mail.goodbye.get_or_insert(goodbye);
        self.ending.store(true, Ordering::Release);
        self.end.notify_one();
    }

    /// Waits until the connection is to end, whatever else waits.
    pub(crate) async fn ended(&self) {
        while !self.ending.load(Ordering::Acquire) {
            self.end.notified().await;
        }
    }

    /// Everything that waits. What comes after this call wakes again.
    pub(crate) fn take(&self) -> Mail {
        self.dirty.store(false, Ordering::Release);
        let mail = lock(&self.mail).take();
        mail.map(|mail| *mail).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox() -> Mailbox {
        Mailbox::new(1, UserId::new(7).unwrap(), 0)
    }

    #[test]
    fn a_full_mailbox_ends_the_connection() {
        let mailbox = mailbox();
        for n in 0..QUEUE_ENTRIES {
            mailbox.push(Frame::text(&n.to_string()));
        }
        mailbox.push(Frame::text("one more"));
        let mail = mailbox.take();
        assert_eq!(mail.frames.len(), QUEUE_ENTRIES);
        assert_eq!(
            mail.goodbye.map(|goodbye| goodbye.code),
            Some(CloseCode::TooSlow)
        );
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mailbox = mailbox();
        let big = Frame::text(&"x".repeat(QUEUE_BYTES / 2 - 10));
        mailbox.push(big.clone());
        mailbox.push(big.clone());
        assert!(mailbox.take().goodbye.is_none());
        mailbox.push(big.clone());
        mailbox.push(big.clone());
        mailbox.push(big);
        assert!(mailbox.take().goodbye.is_some());
    }

    #[test]
    fn orders_about_one_room_are_one() {
        let room = RoomId::new(1).unwrap();
        let mailbox = mailbox();
        for _ in 0..1_000 {
            mailbox.control(Instruction::Refresh { room });
        }
        assert_eq!(mailbox.take().control, [Instruction::Refresh { room }]);
        for after in (1..=1_000).map(Some) {
            mailbox.control(Instruction::Unsubscribe { room });
            mailbox.control(Instruction::Refresh { room });
            mailbox.control(Instruction::Subscribe { room, after });
        }
        let after = Some(1_000);
        let again = Instruction::Resubscribe { room, after };
        assert_eq!(mailbox.take().control, [again]);
        mailbox.control(Instruction::Subscribe { room, after });
        mailbox.control(Instruction::Refresh { room });
        mailbox.control(Instruction::Unsubscribe { room });
        let mail = mailbox.take();
        assert_eq!(mail.control, [Instruction::Unsubscribe { room }]);
        assert_eq!(mail.goodbye, None);
    }

    #[test]
    fn orders_about_too_many_rooms_are_one() {
        let mailbox = mailbox();
        for room in (1..=3_000).filter_map(RoomId::new) {
            mailbox.control(Instruction::Subscribe { room, after: None });
        }
        let mail = mailbox.take();
        assert_eq!(
            (mail.control, mail.goodbye),
            (vec![Instruction::Reload], None)
        );
    }

    #[test]
    fn only_the_newest_presence_is_kept() {
        let mailbox = mailbox();
        let ada = UserId::new(1).unwrap();
        mailbox.presence(ada, PresenceState::Online, 1);
        mailbox.presence(ada, PresenceState::Away, 2);
        assert_eq!(mailbox.take().presence, vec![(ada, PresenceState::Away)]);
    }

    #[test]
    fn one_state_is_told_at_once_and_those_that_follow_wait() {
        let mailbox = mailbox();
        drop(mailbox.take());
        let tell = |n, now| mailbox.presence(UserId::new(n).unwrap(), PresenceState::Online, now);
        assert_eq!(tell(1, 5_000), Told::Soon);
        assert!(mailbox.is_woken());
        drop(mailbox.take());
        assert_eq!(tell(2, 5_010), Told::Late);
        assert!(!mailbox.is_woken());
        // With the one before, which somebody was told to see to.
        assert_eq!(tell(3, 5_020), Told::Soon);
        assert_eq!(mailbox.take().presence.len(), 2);
        assert_eq!(tell(1, 5_010 + PRESENCE_MS), Told::Soon);
        assert!(mailbox.is_woken());
    }

    #[tokio::test]
    async fn a_wake_is_not_lost_between_looking_and_waiting() {
        let mailbox = mailbox();
        drop(mailbox.take());
        mailbox.wake();
        mailbox.woken().await;
        drop(mailbox.take());
        let waiting = mailbox.woken();
        mailbox.wake();
        waiting.await;
    }
}

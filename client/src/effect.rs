//! Effects: what a session asks of its driver.

use protocol::{ClientFrame, ErrorCode, MessageId, RoomId, SavedChange, Seq, TextError, UserId};
use thiserror::Error;

use crate::{EndReason, OutboxEntry};

/// Something for the driver to do, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket, and tell [`crate::Input::Opened`] or [`crate::Input::Closed`]. The session waits for a `welcome` for 15 s
    /// ([`protocol::limits::HELLO_TIMEOUT`]), then it gives up with [`Effect::Disconnect`].
    Connect,
    /// Ask the server whether it is ready (`GET /readyz`), in place of the question before, and tell [`crate::Input::Probed`]. No answer need be
    /// told: the session waits for 5 s at most.
    Probe,
    /// Close the socket, if there is one, and tell nothing more about it: neither its frames nor its end.
    Disconnect {
        /// A close code that a browser may use.
        code: u16,
        /// Why, in words.
        reason: String,
    },
    /// Send a frame on the open socket.
    Transmit(ClientFrame),
    /// Tell [`crate::Input::Wake`] at this time of [`crate::Now::mono_ms`]. One timer: the newest replaces the one before.
    WakeAt(u64),
    /// Keep this entry where it survives a reload, in place of the one with the same id.
    Save(OutboxEntry),
    /// Keep the entry with this id no longer.
    Forget(MessageId),
    /// A part of what is seen changed.
    Changed(Change),
    /// Somebody else said something: for announcements and notifications. Told for replayed messages too.
    Arrived {
        /// The room.
        room: RoomId,
        /// The thread, where it was said in the one that is looked at.
        thread: Option<Seq>,
        /// Which message.
        seq: Seq,
        /// Whether it names this user or everybody, or is a direct message.
        to_me: bool,
    },
    /// A command was refused for good. A message stays in the timeline as failed; an edit, a deletion and a reaction are
    /// rolled back, and the text of the edit is here.
    Failed(Box<Failed>),
    /// A command was not taken at all: nothing was kept of it, so the composer keeps it.
    Refused {
        /// The room.
        room: RoomId,
        /// The refusal.
        why: Refused,
    },
    /// What [`crate::Input::LoadAround`] asked for: the message is held now, or there is none (or none that may be read).
    Located {
        /// The room.
        room: RoomId,
        /// The thread that it was looked for in.
        thread: Option<Seq>,
        /// Which message.
        seq: Seq,
        /// Whether it is in the timeline now.
        found: bool,
    },
    /// Somebody is named whom the session does not know. [`crate::Input::Users`] tells; asked once, for 10,000 people at most, and for nobody while
    /// [`crate::SessionConfig::people`] are known.
    WhoIs {
        /// Where they were met.
        room: RoomId,
        /// The user.
        user: UserId,
    },
    /// The user saved a message or let go of it, here or elsewhere. The session keeps no list of what is saved; one who does loads it (`GET
    /// /saved`), again after each outage, and changes it by this.
    Saved(SavedChange),
    /// An owner's words to everybody.
    Notice(String),
    /// The sign-in is over; the outbox is kept.
    SignInNeeded(EndReason),
}

/// A part of what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// [`crate::Session::link`].
    Link,
    /// [`crate::Session::me`].
    Me,
    /// [`crate::Session::rooms`]: one came, went, or changed its name or counts.
    Rooms,
    /// [`crate::Session::user`] or [`crate::Session::presence`].
    Users,
    /// [`crate::Session::outbox`].
    Outbox,
    /// The summary of a room, its counts, its "New" line.
    Room(RoomId),
    /// The timeline of a room.
    Timeline(RoomId),
    /// Who is writing in a room.
    Typing(RoomId),
    /// A thread: its timeline, its counts, who is writing in it. A change of one's own that is on its way is told as one of its room's timeline.
    Thread(RoomId, Seq),
}

/// A command that the server refused for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The command, with its text.
    pub entry: OutboxEntry,
    /// The server's code.
    pub code: ErrorCode,
    /// Why, in the server's words.
    pub message: String,
}

/// Why a command was not taken. Nothing was kept, nothing goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// The outbox holds as many as it may ([`crate::SessionConfig::outbox`]).
    #[error("too many messages wait to be sent")]
    Full,
    /// The text cannot be sent.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Not one emoji.
    #[error("a reaction is exactly one emoji")]
    NotEmoji,
    /// There is no such room for this user, or it can only be read.
    #[error("this room cannot be written to")]
    NoRoom,
    /// There is no such message, or no longer.
    #[error("there is no such message")]
    NoMessage,
    /// The session is over.
    #[error("the session is over")]
    Ended,
}

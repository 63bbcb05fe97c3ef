//! Inputs: what happens to a session.

use protocol::{Act, Message, MessageId, RoomId, RoomSummary, Seq, UserSummary};

/// Something that happened: to the connection, to the page, or because a person did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Begin. After [`crate::Link::Ended`] it begins again (one signed in once more).
    Start,
    /// The socket is open.
    Opened,
    /// A text frame came.
    Frame(String),
    /// The socket is closed, or could not be opened. A connection that was lost is 1006; a try that the server answered
    /// with HTTP 401 is told as 4501, with 429 as 4504, where the driver can know.
    Closed {
        /// The close code.
        code: u16,
        /// The close frame's reason; may be empty.
        reason: String,
    },
    /// What came of [`crate::Effect::Probe`], here or in another page of the same browser. A session that did not ask may be told too.
    Probed {
        /// Whether the server can be connected to: any answer with a status below 500. Where it cannot be reached, it is not.
        ready: bool,
    },
    /// The time of [`crate::Effect::WakeAt`] has come. Early and repeated wakes do no harm.
    Wake,
    /// The network is back, as far as the browser knows.
    Online,
    /// There is no network, as far as the browser knows.
    Offline,
    /// The page can be seen.
    Visible,
    /// The page cannot be seen.
    Hidden,
    /// The person asks to reconnect now.
    TryNow,
    /// The person closes or signs out: no grace period.
    Bye,
    /// A new access token; it is used from the next `hello` on.
    Token(String),

    /// Say something, or change how a message stands. It goes into the outbox, under an id of its own; what cannot be taken is told by
    /// [`crate::Effect::Refused`], what the server refuses for good by [`crate::Effect::Failed`].
    Act {
        /// The room.
        room: RoomId,
        /// What is done there.
        act: Act,
    },
    /// Send a message again that failed or has no answer: with the same id if the failure was one that may pass, else as a new attempt with a
    /// new id.
    Retry(MessageId),
    /// Send again, in their order, all messages that a room refused because one was not in it: one joined it again.
    RetryShutOut(RoomId),
    /// Forget a message that is not sent yet, or failed. One that is on its way may still arrive.
    Discard(MessageId),

    /// Look at a room. What is seen first is loaded.
    OpenRoom(RoomId),
    /// Look at none.
    LeaveRoom,
    /// Take the "New" line away.
    ClearNew,
    /// Load what is older than all that is held.
    LoadOlder(RoomId),
    /// Load the newest messages, where those that are held end before them. What is between stays a gap.
    LoadNewest(RoomId),
    /// Load what follows the "New" line, where the messages that are held do not reach up to it.
    LoadNew(RoomId),
    /// Load a message and what stands around it; answered by [`crate::Effect::Located`], also where there is no such room or message. With 256 requests
    /// waiting no further one is made, and none answered.
    LoadAround {
        /// The room.
        room: RoomId,
        /// The message.
        seq: Seq,
    },
    /// Load a part of a gap.
    FillGap {
        /// The room.
        room: RoomId,
        /// The gap's [`crate::Gap::after`].
        after: Seq,
        /// From which end: the one that is near the view.
        edge: Edge,
    },
    /// Load again what could not be loaded ([`crate::Load::Failed`]).
    Reload(RoomId),
    /// What is in view changed.
    InView {
        /// The room.
        room: RoomId,
        /// What is in view.
        view: InView,
    },
    /// All up to and with this entry is read, seen or not; past the end of the log means its end. The server is told at once, and of what follows within
    /// 500 ms together ([`protocol::limits::READ_EVERY_MS`]).
    Read {
        /// The room.
        room: RoomId,
        /// The newest of it.
        seq: Seq,
    },
    /// This entry and what follows it is unread, until the person comes back to the room or says that they have read it. Nothing happens for one that is
    /// more than 5,000 entries before the end ([`protocol::limits::UNREAD_BACK`]), and for who is no member.
    Unread {
        /// The room.
        room: RoomId,
        /// The first entry that is unread.
        seq: Seq,
    },
    /// Somebody is writing here, at this page. Any number of times; one in 3 s goes out.
    Typing(RoomId),

    /// Look at a thread too, in place of the one before.
    OpenThread {
        /// The room.
        room: RoomId,
        /// The thread's first message.
        root: Seq,
    },
    /// Look at no thread any more.
    CloseThread,
    /// Follow a thread, or not any more.
    Follow {
        /// The room.
        room: RoomId,
        /// The thread's first message.
        root: Seq,
        /// Follow, or not any more.
        on: bool,
    },
    /// Another input, of a thread of the room that it names: what is loaded, in view, read, unread or written there.
    Thread {
        /// The thread's first message.
        root: Seq,
        /// What happens there.
        input: Box<Self>,
    },

    /// People that were learnt of otherwise (over HTTP), such as an answer to [`crate::Effect::WhoIs`].
    Users(Vec<UserSummary>),
    /// Messages that others answer, learnt of otherwise (over HTTP): the answer to asking for what
    /// [`crate::Session::ask_quoted`] named. The newest 500 of a room are kept.
    Quoted {
        /// The room.
        room: RoomId,
        /// What was asked for.
        asked: Vec<Seq>,
        /// What there is of it.
        messages: Vec<Message>,
    },
    /// A room, learnt of over HTTP: one that was just made or joined, of which the connection may tell later; or a public one
    /// that is looked at, which can be read, not written.
    Room(Box<RoomSummary>),
}

impl Input {
    /// The room that it names.
    pub(crate) fn room(&self) -> Option<RoomId> {
        match self {
            Self::Act { room, .. }
            | Self::RetryShutOut(room)
            | Self::OpenRoom(room)
            | Self::LoadOlder(room)
            | Self::LoadNewest(room)
            | Self::LoadNew(room)
            | Self::LoadAround { room, .. }
            | Self::FillGap { room, .. }
            | Self::Reload(room)
            | Self::InView { room, .. }
            | Self::Read { room, .. }
            | Self::Unread { room, .. }
            | Self::Typing(room)
            | Self::OpenThread { room, .. }
            | Self::Follow { room, .. }
            | Self::Quoted { room, .. } => Some(*room),
            Self::Thread { input, .. } => input.room(),
            _ => None,
        }
    }
}

/// What is in view of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InView {
    /// The first message in view.
    pub first: Seq,
    /// The last one.
    pub last: Seq,
    /// Whether it is the newest end of the room.
    pub end: bool,
    /// Whether somebody looks at it.
    pub seen: bool,
}

/// An end of a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// The older end: one reads downwards.
    Top,
    /// The newer end: one scrolls up.
    Bottom,
}

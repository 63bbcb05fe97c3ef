//! Views of a session, for drawing.

use std::sync::Arc;

use protocol::{Limits, PresenceState, RoomId, RoomSummary, Seq, UserId, UserSummary};

use super::Session;
use crate::{
    Link, Load, MessageView, NewMark, OutboxEntry, RoomView, Timeline, Window, room::Around,
};

impl Session {
    /// How the connection is, as of the last step.
    pub const fn link(&self) -> Link {
        self.link
    }

    /// Who one is; none before the first welcome, unless the page told.
    pub const fn me(&self) -> Option<&UserSummary> {
        self.people.me()
    }

    /// The server's numbers, once it told them.
    pub const fn limits(&self) -> Option<Limits> {
        self.limits
    }

    /// One's rooms by id, with their counts as they are now; public ones that are only looked at among them (`member` tells).
    pub fn rooms(&self) -> impl Iterator<Item = &RoomSummary> {
        self.rooms.values().map(|room| &room.summary)
    }

    /// A room; none where there is none for this user.
    pub fn room(&self, id: RoomId) -> Option<RoomView<'_>> {
        self.rooms.get(&id).map(|room| RoomView {
            session: self,
            room,
        })
    }

    /// The room that is looked at.
    pub const fn open(&self) -> Option<RoomId> {
        self.open
    }

    /// Somebody, where they are known.
    pub fn user(&self, id: UserId) -> Option<&UserSummary> {
        self.people.get(id)
    }

    /// Everybody who is known, by id. Their `state` is as it was when they were met; see [`Self::presence`].
    pub fn users(&self) -> impl Iterator<Item = &UserSummary> {
        self.people.all()
    }

    /// Whether somebody is here; none while the connection is down, because then it is not known.
    pub fn presence(&self, id: UserId) -> Option<PresenceState> {
        self.connection.is_live().then(|| self.people.state(id))
    }

    /// When presence was last known, in milliseconds since the epoch, while the connection is down: "as of 09:35".
    pub fn as_of_ms(&self) -> Option<u64> {
        self.lived_wall_ms.filter(|_| !self.connection.is_live())
    }

    /// Commands without an answer, in the order they were given; failed ones among them.
    pub fn outbox(&self) -> impl Iterator<Item = &OutboxEntry> {
        let me = self.people.my_id();
        self.outbox
            .all()
            .iter()
            .filter(move |entry| entry.by.is_none() || entry.by == me)
    }

    /// Messages that their rooms refused for good, since one was not in them, in the order they were given. One may be in such a
    /// room again by now.
    pub fn shut_out(&self) -> impl Iterator<Item = &OutboxEntry> {
        self.outbox().filter(|entry| entry.is_shut_out())
    }

    pub(crate) const fn around(&self) -> Around<'_> {
        Around {
            people: &self.people,
            outbox: &self.outbox,
            requests: &self.requests,
            live: self.connection.is_live(),
        }
    }
}

impl<'s> RoomView<'s> {
    /// The room, with its counts and its last entry as they are now.
    pub const fn summary(&self) -> &'s RoomSummary {
        &self.room.summary
    }

    /// What it says, built anew on each call: messages are shared, not copied.
    pub fn timeline(&self) -> Timeline {
        self.part(Window::default())
    }

    /// A part of what it says: what that costs grows with the part alone.
    pub fn part(&self, window: Window) -> Timeline {
        self.room.timeline(&self.session.around(), window)
    }

    /// The part that is its newest `count` entries, and what comes; beyond a gap only with `across`.
    pub fn window_at_end(&self, count: usize, across: bool) -> Window {
        self.room.window_at_end(count, across)
    }

    /// The part that is `half` entries before this one, and as many from it on; beyond a gap only with `across`.
    pub fn window_around(&self, seq: Seq, half: usize, across: bool) -> Window {
        self.room.window_around(seq, half, across)
    }

    /// Whether a part goes beyond a gap.
    pub fn crosses_gap(&self, window: Window) -> bool {
        self.room.crosses_gap(window)
    }

    /// How many entries a part has.
    pub fn window_size(&self, window: Window) -> usize {
        self.room.window_size(window)
    }

    /// A stored message as it is known here, drawn or not.
    pub fn message(&self, seq: Seq) -> Option<&'s Arc<MessageView>> {
        self.room.known(seq)
    }

    /// Whether the newest entries are held, without a gap to what comes.
    pub fn holds_end(&self) -> bool {
        self.room.holds_end()
    }

    /// Who is writing, by id; never oneself.
    pub fn typing(&self) -> Vec<UserId> {
        self.room.typing.all()
    }

    /// Where the "New" line stands.
    pub const fn new_mark(&self) -> Option<NewMark> {
        self.room.new_mark
    }

    /// The first message after the "New" line, where it is held.
    pub fn first_new(&self) -> Option<&'s Arc<MessageView>> {
        self.room.first_new(self.session.people.my_id())
    }

    /// How loading of its first page goes.
    pub fn load(&self) -> Load {
        self.room.older(&self.session.requests)
    }

    /// Whether one may write to it.
    pub const fn can_write(&self) -> bool {
        self.room.is_mine()
    }
}

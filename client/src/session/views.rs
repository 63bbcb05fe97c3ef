//! Views of a session, for drawing.

use std::sync::Arc;

use protocol::{PresenceState, RoomId, RoomSummary, Seq, UserId, UserSummary};

use super::Session;
use crate::{
    Link, Load, MessageView, NewMark, OutboxEntry, RoomView, Timeline, Window,
    room::{Entry, Projection},
};

impl Session {
    /// How the connection is, as of the last step.
    pub const fn link(&self) -> Link {
        self.link
    }

    /// Whether the server said that it understands this ([`protocol::features`]); before the first welcome it said nothing.
    pub fn understands(&self, feature: &str) -> bool {
        self.features.iter().any(|one| one == feature)
    }

    /// Who one is; none before the first welcome, unless the page told.
    pub const fn me(&self) -> Option<&UserSummary> {
        self.chat.people.me()
    }

    /// One's rooms by id, with their counts as they are now; public ones that are only looked at among them (`member` tells).
    pub fn rooms(&self) -> impl Iterator<Item = &RoomSummary> {
        self.chat.rooms.all.values().map(|room| &room.summary)
    }

    /// A room; none where there is none for this user.
    pub fn room(&self, id: RoomId) -> Option<RoomView<'_>> {
        self.chat.view(id, self.connection.is_live())
    }

    /// A thread of a room, by its first message; none that nothing is known of.
    pub fn thread(&self, room: RoomId, root: Seq) -> Option<RoomView<'_>> {
        self.chat.thread(room, root, self.connection.is_live())
    }

    /// The threads that one follows and in which something is unread: their rooms, how many messages, and how many of them name this user.
    /// What the server did not tell, of more than [`protocol::limits::WELCOME_THREADS`], is not among them.
    pub fn unread_threads(&self) -> impl Iterator<Item = (RoomId, u64, u64)> {
        self.chat.rooms.threads.unread()
    }

    /// The room that is looked at.
    pub const fn open(&self) -> Option<RoomId> {
        self.chat.rooms.open
    }

    /// Somebody, where they are known.
    pub fn user(&self, id: UserId) -> Option<&UserSummary> {
        self.chat.people.get(id)
    }

    /// Everybody who is known, by id. Their `state` is as it was when they were met; see [`Self::presence`].
    pub fn users(&self) -> impl Iterator<Item = &UserSummary> {
        self.chat.people.all()
    }

    /// Whether somebody is here; none while the connection is down, because then it is not known.
    pub fn presence(&self, id: UserId) -> Option<PresenceState> {
        self.connection
            .is_live()
            .then(|| self.chat.people.state(id))
    }

    /// Commands without an answer, in the order they were given; failed ones among them.
    pub fn outbox(&self) -> impl Iterator<Item = &OutboxEntry> {
        self.chat.outbox.of(self.chat.people.my_id())
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
        self.projection().timeline(window)
    }

    /// The part that is its newest `count` held entries (at least one), and what comes; beyond a gap only with `across`.
    pub fn window_at_end(&self, count: usize, across: bool) -> Window {
        self.room.held.window_at_end(count, across)
    }

    /// The part that is `half` held entries (at least one) before this one, and as many from it on; fewer where fewer are held, beyond a gap only with
    /// `across`.
    pub fn window_around(&self, seq: Seq, half: usize, across: bool) -> Window {
        self.room.held.window_around(seq, half, across)
    }

    /// Whether a part goes beyond a gap.
    pub fn crosses_gap(&self, window: Window) -> bool {
        self.room.held.crosses_gap(window)
    }

    /// How many entries a part has.
    pub fn window_size(&self, window: Window) -> usize {
        self.room.held.window_size(window)
    }

    /// A stored message as it is known here, drawn or not.
    pub fn message(&self, seq: Seq) -> Option<&'s Arc<MessageView>> {
        self.room.known(seq)
    }

    /// Whether the newest entries are held, without a gap to what comes.
    pub fn holds_end(&self) -> bool {
        self.room.held.holds_end(self.room.log.cursor())
    }

    /// Who is writing, by id, at most 50; never oneself. Somebody counts for 5.5 s after they were last heard of.
    pub fn typing(&self) -> Vec<UserId> {
        self.room.typing.all()
    }

    /// A thread's first message, once it is loaded.
    pub fn first(&self) -> Option<Arc<MessageView>> {
        self.projection().first()
    }

    /// Whether one follows this thread.
    pub fn following(&self) -> bool {
        self.room.thread.as_deref().is_some_and(|it| it.following)
    }

    /// Where the "New" line stands.
    pub const fn new_mark(&self) -> Option<NewMark> {
        self.room.reading.new_mark
    }

    /// The first message after the "New" line, where it is held.
    pub fn first_new(&self) -> Option<&'s Arc<MessageView>> {
        self.projection().first_new()
    }

    /// How loading of its first page goes.
    pub fn load(&self) -> Load {
        self.projection().older()
    }

    /// The newest of one's own messages that can be edited, of those that are held: ↑ in an empty composer.
    pub fn last_own(&self) -> Option<Seq> {
        let newest = self.room.held.entries.all.values().rev();
        let mut own = newest.filter_map(|entry| match entry {
            Entry::Message(held) => Some(&held.view),
            Entry::Note(_) => None,
        });
        let me = self.around.people.my_id();
        own.find(|view| Some(view.by) == me && !view.deleted)?.seq
    }

    const fn projection(&self) -> Projection<'s> {
        Projection::new(self.room, self.around)
    }

    /// Whether one may write to it.
    pub const fn can_write(&self) -> bool {
        self.room.summary.member
    }
}

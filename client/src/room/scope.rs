//! The scope of a room's work in one step: what of the session it may use.

use protocol::{Event, EventKind, RoomId, Seq, UserId};

use crate::{
    Change, Effect,
    conversation::Conversation,
    ctx::Ctx,
    people::People,
    requests::{Requests, Want},
    rooms::{CatchingUp, PageSizes, Threads},
};

/// What the work on one room, or one thread of it, uses of its session.
pub(crate) struct Scope<'s, 'c> {
    pub(crate) id: RoomId,
    /// The thread that the work is on, by its first message.
    pub(crate) thread: Option<Seq>,
    /// Whether it is the room or thread that is looked at.
    pub(crate) open: bool,
    pub(crate) sizes: PageSizes,
    pub(crate) people: &'s mut People,
    pub(crate) requests: &'s mut Requests,
    /// The threads, which the log of their room is told to; none in the work on a thread.
    pub(crate) threads: Option<&'s mut Threads>,
    /// What was missed, while it comes in.
    pub(crate) catching_up: Option<&'s mut CatchingUp>,
    pub(crate) ctx: &'s mut Ctx<'c>,
}

impl Scope<'_, '_> {
    /// The room or thread.
    pub(crate) const fn place(&self) -> Conversation {
        Conversation {
            room: self.id,
            thread: self.thread,
        }
    }

    /// Something is needed of it, now.
    pub(crate) fn want(&mut self, want: Want) {
        self.requests.want(self.place(), want, self.ctx.ms());
    }

    /// Something like this is not needed any more.
    pub(crate) fn forget(&mut self, test: impl Fn(Want) -> bool) {
        self.requests.forget(self.place(), test);
    }

    /// Entries that it keeps.
    pub(crate) const fn keep(&self) -> usize {
        if self.open {
            self.sizes.keep_open
        } else {
            self.sizes.keep_closed
        }
    }

    pub(crate) fn timeline_changed(&mut self) {
        self.ctx.changed(match self.thread {
            None => Change::Timeline(self.id),
            Some(root) => Change::Thread(self.id, root),
        });
    }

    pub(crate) fn typing_changed(&mut self) {
        self.ctx.changed(match self.thread {
            None => Change::Typing(self.id),
            Some(root) => Change::Thread(self.id, root),
        });
    }

    /// Its counts or its "New" line changed.
    pub(crate) fn head_changed(&mut self) {
        self.ctx.changed(match self.thread {
            None => Change::Room(self.id),
            Some(root) => Change::Thread(self.id, root),
        });
    }

    /// Its summary, its counts or its "New" line changed.
    pub(crate) fn summary_changed(&mut self) {
        self.ctx.changed(Change::Rooms);
        self.head_changed();
    }

    /// Asks who somebody is, once.
    pub(crate) fn who_is(&mut self, user: UserId) {
        if self.people.ask_about(user) {
            let room = self.id;
            self.ctx.effect(Effect::WhoIs { room, user });
        }
    }

    /// Asks who an entry names.
    pub(crate) fn who_did(&mut self, event: &Event) {
        self.who_is(event.by);
        if let EventKind::Join { user } | EventKind::Leave { user } = event.kind {
            self.who_is(user);
        }
    }
}

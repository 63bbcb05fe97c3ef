//! The chat: people, rooms and the outbox, and what the server tells of them over the connection.

use protocol::{
    Ack, CommandError, Entries, Event, EventKind, Page, RoomId, Seq, ServerFrame, Welcome,
};

use crate::{
    Change, Effect, Failure, Input, RoomView, SessionConfig, Snapshot, conversation::Conversation,
    ctx::Ctx, outbox::Outbox, people::People, room::Around, rooms::SessionRooms,
};

/// What a session holds, whether it is connected or not.
#[derive(Clone, Debug)]
pub(super) struct ChatState {
    pub(super) people: People,
    pub(super) rooms: SessionRooms,
    pub(super) outbox: Outbox,
}

impl ChatState {
    pub(super) fn new(config: &SessionConfig) -> Self {
        Self {
            people: People::new(config.people),
            rooms: SessionRooms::new(config),
            outbox: Outbox::new(config.outbox),
        }
    }

    /// Takes what the server rendered the page from.
    pub(super) fn seed(&mut self, snapshot: Snapshot) {
        drop(self.outbox.sign(snapshot.me.id));
        self.people.set_me(snapshot.me);
        self.people.learn_all(snapshot.users);
        self.rooms.seed(snapshot.rooms, snapshot.open, &self.people);
        if let Some(thread) = snapshot.thread {
            let rooms = &mut self.rooms;
            rooms.threads.seed(&rooms.all, thread, &self.people);
        }
    }

    /// A thread for drawing, if it is known.
    pub(super) fn thread(&self, room: RoomId, root: Seq, live: bool) -> Option<RoomView<'_>> {
        let room = self.rooms.threads.get(room, root)?;
        let around = self.around(live);
        Some(RoomView { room, around })
    }

    /// What a timeline depends on.
    const fn around(&self, live: bool) -> Around<'_> {
        Around {
            people: &self.people,
            outbox: self.outbox.queue(),
            requests: &self.rooms.requests,
            live,
        }
    }

    /// A room for drawing. `live` tells that there is a connection.
    pub(super) fn view(&self, room: RoomId, live: bool) -> Option<RoomView<'_>> {
        let room = self.rooms.all.get(&room)?;
        let around = self.around(live);
        Some(RoomView { room, around })
    }

    /// What a person does in a room, or sees of it.
    pub(super) fn in_room(
        &mut self,
        input: Input,
        thread: Option<Seq>,
        live: bool,
        ctx: &mut Ctx<'_>,
    ) {
        let open = self.rooms.open;
        let Some(id) = input.room().or(open) else {
            return;
        };
        let place = Conversation { room: id, thread };
        let Some(mut step) = self.rooms.at(place, &mut self.people, ctx) else {
            if let Input::LoadAround { room, seq } = input {
                ctx.effect(Effect::Located {
                    room,
                    thread,
                    seq,
                    found: false,
                });
            }
            return;
        };
        match input {
            Input::ClearNew => step.reader().clear_new(),
            Input::LoadOlder(_) => step.fetching().load_older(),
            Input::LoadNewest(_) => step.fetching().load_newest(),
            Input::LoadNew(_) => step.fetching().load_new(),
            Input::LoadAround { seq, .. } => step.fetching().load_around(seq),
            Input::FillGap { after, edge, .. } => step.fetching().fill_gap(after, edge),
            Input::Reload(_) => step.fetching().reload(),
            Input::InView { view, .. } => step.reader().in_view(view),
            Input::Read { seq, .. } => step.reader().read(seq),
            Input::Unread { seq, .. } => step.reader().unread(seq),
            Input::Typing(_) if live => step.reader().types(),
            Input::Quoted {
                asked, messages, ..
            } => step.fetching().take_quoted(&asked, messages),
            _ => {}
        }
    }

    /// Takes what the `welcome` tells; `shown` says that there was an outage that was shown.
    pub(super) fn welcome(&mut self, welcome: Welcome, shown: bool, ctx: &mut Ctx<'_>) {
        self.outbox.limit(welcome.limits);
        let before = self.people.my_id();
        if before.is_some_and(|before| before != welcome.user.id) {
            self.rooms.clear();
        }
        for entry in self.outbox.sign(welcome.user.id) {
            ctx.effect(Effect::Save(entry));
        }
        if self.people.me() != Some(&welcome.user) {
            self.people.set_me(welcome.user);
            ctx.changed(Change::Me);
        }
        self.people.nobody_is_here();
        self.people.learn_all(welcome.users);
        let (rooms, people) = (&mut self.rooms, &mut self.people);
        let told = (welcome.rooms, welcome.more_rooms);
        rooms.welcome(told, shown, people, ctx);
        rooms.in_threads(people, ctx).welcome(&welcome.threads);
        ctx.changed(Change::Users);
    }

    /// A frame of a connection that was welcomed.
    pub(super) fn take(&mut self, frame: ServerFrame, ctx: &mut Ctx<'_>) {
        let (rooms, people) = (&mut self.rooms, &mut self.people);
        match frame {
            ServerFrame::Pong(pong) => {
                for (room, head) in pong.heads {
                    if let Some(mut step) = rooms.at(room, people, ctx) {
                        step.following().heard_of(head);
                    }
                }
            }
            ServerFrame::Ack(ack) => self.acked(ack, ctx),
            ServerFrame::Nack(nack) => self.outbox.refused(nack, ctx),
            ServerFrame::Error(error) => self.refused(error, ctx),
            ServerFrame::Event(event) => {
                self.settle(&event, ctx);
                if let Some(mut step) = self.rooms.at(event.room, &mut self.people, ctx) {
                    step.following().event(event);
                }
            }
            ServerFrame::Behind(behind) => {
                if let Some(mut step) = rooms.at(behind.room, people, ctx) {
                    step.following().behind(&behind);
                }
                rooms.in_threads(people, ctx).jump(behind.room);
            }
            ServerFrame::Gone(gone) => rooms.gone(gone.room, ctx),
            ServerFrame::Room(change) => rooms.told(change.room, people, ctx),
            ServerFrame::Presence(change) => {
                if people.set_state(change.user, change.state) {
                    ctx.changed(Change::Users);
                }
            }
            ServerFrame::Read(echo) => {
                if let Some(mut step) = rooms.at(echo.room, people, ctx) {
                    step.reader().read_elsewhere(echo);
                }
            }
            ServerFrame::Typing(notice) => {
                if let Some(mut step) = rooms.at(
                    Conversation {
                        room: notice.room,
                        thread: notice.thread,
                    },
                    people,
                    ctx,
                ) {
                    step.following().somebody_types(notice.user);
                }
            }
            ServerFrame::Page(page) => self.page(page, ctx),
            ServerFrame::Entries(entries) => self.entries(entries, ctx),
            ServerFrame::User(change) => {
                if people.change(change.user) {
                    ctx.changed(Change::Me);
                }
                ctx.changed(Change::Users);
            }
            ServerFrame::Notice(notice) => ctx.effect(Effect::Notice(notice.text)),
            ServerFrame::Saved(change) => ctx.effect(Effect::Saved(change)),
            ServerFrame::Thread(change) => rooms.in_threads(people, ctx).told(&change),
            ServerFrame::Welcome(_) | ServerFrame::Unknown => {}
        }
    }

    /// An own message that the log tells is stored: after a lost answer, or from another page of the same browser.
    fn settle(&mut self, event: &Event, ctx: &mut Ctx<'_>) {
        if let EventKind::Message { id, .. } = event.kind
            && self.people.is_me(event.by)
            && self.rooms.all.contains_key(&event.room)
        {
            drop(self.outbox.stored(id, self.people.my_id(), ctx));
        }
    }

    fn acked(&mut self, ack: Ack, ctx: &mut Ctx<'_>) {
        let entry = self.outbox.acked(ack.id, self.people.my_id(), ctx);
        if let Some(entry) = entry {
            self.rooms.acked(ack, &entry, &mut self.people, ctx);
        }
    }

    fn refused(&mut self, error: CommandError, ctx: &mut Ctx<'_>) {
        let flying = error.req.and_then(|req| self.rooms.requests.answered(req));
        if let Some(flying) = flying {
            let why = Failure {
                code: error.code,
                message: error.message,
            };
            if let Some(mut step) = self.rooms.at(flying.place, &mut self.people, ctx) {
                step.fetching().refused(&flying, why, error.retry_after_ms);
            }
        } else if error.req.is_none() {
            let again = error.code.is_worth_a_retry();
            let again_ms = again.then(|| error.retry_after_ms.unwrap_or(0));
            self.rooms.refused(again_ms, &mut self.people, ctx);
        }
    }

    fn page(&mut self, page: Page, ctx: &mut Ctx<'_>) {
        let flying = page.req.and_then(|req| self.rooms.requests.answered(req));
        let Some(flying) = flying.filter(|flying| flying.place.room == page.room) else {
            return;
        };
        let me = self.people.my_id();
        for message in page.messages.iter().filter(|one| Some(one.by) == me) {
            drop(self.outbox.stored(message.id, me, ctx));
        }
        if let Some(mut step) = self.rooms.at(flying.place, &mut self.people, ctx) {
            step.fetching().take(&flying, page);
        }
    }

    fn entries(&mut self, entries: Entries, ctx: &mut Ctx<'_>) {
        let flying = self.rooms.requests.answered(entries.req);
        let Some(flying) = flying.filter(|flying| flying.place.room == entries.room) else {
            return;
        };
        for event in &entries.events {
            self.settle(event, ctx);
        }
        if let Some(mut step) = self.rooms.at(entries.room, &mut self.people, ctx) {
            step.following().take_entries(entries, &flying);
        }
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, live: bool, ctx: &mut Ctx<'_>) {
        self.rooms.tick(live, &mut self.people, ctx);
        if live {
            self.outbox.tick(ctx);
        }
    }

    /// Sends what may go out now: commands first, then requests.
    pub(super) fn send(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(me) = self.people.my_id() {
            self.outbox.send(me, ctx);
            self.rooms.send(&mut self.people, ctx);
        }
    }

    /// The connection came to life or went: what waits for it looks otherwise.
    pub(super) fn turned(&mut self, live: bool, ctx: &mut Ctx<'_>) {
        if !live {
            self.rooms.down(ctx);
            self.outbox.down();
        }
        ctx.changed(Change::Users);
        self.outbox.show_all(ctx);
    }

    /// When something is due next.
    pub(super) fn deadline(&mut self, live: bool, now_ms: u64) -> Option<u64> {
        let me = self.people.my_id().filter(|_| live);
        let due = [
            self.rooms.deadline(live),
            me.and_then(|me| self.outbox.deadline(me, now_ms)),
        ];
        due.into_iter().flatten().min()
    }
}

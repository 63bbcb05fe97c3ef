//! After the faults have ended and some time has passed: the five promises.

use std::collections::{BTreeMap, BTreeSet};

use client::{Edge, Input, Link, Load, MessageView, SendState, Session, TimelineItem};
use protocol::{Event, EventKind, Message, MessageId, RoomId, UserId, limits::WELCOME_THREADS};
use server::store::{Logs as _, PageAt, Personal as _, Rooms as _};
use testing::simulation::{SimClient, same_entry};

use super::{
    nodes::{Node, NodeState},
    scenario::{Scenario, now},
};

/// How long everybody may take to come back and get rid of what they have to say.
const REST_MS: u64 = 120_000;
/// How long it may take to load every room.
const LOAD_MS: u64 = 180_000;
/// How long it may take to count anew.
const RECOUNT_MS: u64 = 240_000;
/// Between two looks.
const LOOK_MS: u64 = 300;
/// Longer than a heartbeat and its answer.
const HEARTBEAT_MS: u64 = 5_000;

impl Scenario {
    /// Lets everything come to rest, and everybody load all that there is.
    pub(super) fn settle(&mut self) -> Result<(), String> {
        let until_ms = self.now_ms + REST_MS;
        while let Err(why) = self.is_quiet() {
            if self.now_ms > until_ms {
                return Err(format!("it never comes to rest: {why}"));
            }
            self.advance(LOOK_MS)?;
        }
        let until_ms = self.now_ms + LOAD_MS;
        let mut rooms: Vec<Vec<RoomId>> = self
            .let_in()
            .map(|client| self.rooms_of(client.user))
            .collect();
        while rooms.iter().any(|rooms| !rooms.is_empty()) {
            if self.now_ms > until_ms {
                return Err(format!("not all is ever loaded: {rooms:?}"));
            }
            for (client, rooms) in self.let_in().zip(&mut rooms) {
                load(client, rooms);
            }
            self.advance(LOOK_MS)?;
        }
        // Counts that a client is not sure of are counted anew after a while, ever later when that is needed again.
        let until_ms = self.now_ms + RECOUNT_MS;
        while self.is_quiet().and_then(|()| self.all_converged()).is_err() && self.now_ms < until_ms
        {
            self.advance(HEARTBEAT_MS)?;
        }
        self.is_quiet()
    }

    fn rooms_of(&self, user: UserId) -> Vec<RoomId> {
        let rooms = now(self.store.rooms_of(user)).unwrap();
        rooms.into_iter().map(|room| room.id).collect()
    }

    fn is_quiet(&self) -> Result<(), String> {
        let is_up = |node: &Node| matches!(node.state, NodeState::Up);
        if !self.nodes.iter().all(is_up) {
            return Err("a server is not up".to_owned());
        }
        if !self.bot.is_done() {
            return Err("the bot still waits".to_owned());
        }
        if self.ledger.open().asking > 0 {
            return Err("a request over HTTP is not answered".to_owned());
        }
        for client in self.shut_out() {
            let link = client.look(Session::link);
            ensure(matches!(link, Some(Link::Ended(_))), || {
                format!("{} is shut out and {link:?}", client.name)
            })?;
        }
        for client in self.let_in() {
            let name = &client.name;
            let browser = client.browser();
            let Some(session) = &browser.session else {
                return Err(format!("{name} is not there"));
            };
            if !matches!(session.link(), Link::Online | Link::Back) {
                return Err(format!("{name} is {:?}", session.link()));
            }
            let unanswered = browser.unanswered();
            if unanswered > 0 {
                return Err(format!("{name} waits for {unanswered} answers"));
            }
            if let Some(entry) = session.outbox().find(|entry| entry.failed.is_none()) {
                return Err(format!("{name} still keeps {entry:?}"));
            }
            // A connection that is dead without knowing it looks as quiet as any.
            let rooms = now(self.store.rooms_of(client.user)).unwrap();
            let rooms: Vec<_> = rooms.iter().map(|room| (room.id, room.last_seq)).collect();
            let known: Vec<_> = session
                .rooms()
                .map(|room| (room.id, room.last_seq))
                .collect();
            ensure(known == rooms, || {
                format!("{name} knows of {known:?}, not of {rooms:?}")
            })?;
        }
        Ok(())
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let logs = self.logs();
        self.logs_are_whole(&logs)?;
        self.acks_stand(&logs)?;
        self.all_is_said()?;
        self.the_banned_are_silent(&logs)?;
        let pushed = &self.ledger.open().pushed;
        for ((room, seq), event) in pushed {
            let stands = entry(&logs, *room, *seq).is_some_and(|stored| same_entry(stored, event));
            ensure(stands, || format!("pushed, but not in the log: {event:?}"))?;
        }
        self.all_converged()
    }

    /// The clients of who is shut out.
    fn shut_out(&self) -> impl Iterator<Item = &SimClient> {
        let banned = self.banned.as_ref().map(|(user, _)| *user);
        let clients = self.clients.iter();
        clients.filter(move |client| Some(client.user) == banned)
    }

    /// Who is shut out says nothing more.
    fn the_banned_are_silent(&self, logs: &BTreeMap<RoomId, Vec<Event>>) -> Result<(), String> {
        let Some((user, ends)) = &self.banned else {
            return Ok(());
        };
        let after = |event: &&Event| event.seq > ends.get(&event.room).copied().unwrap_or(0);
        let said = logs
            .values()
            .flatten()
            .find(|event| event.by == *user && after(event));
        ensure(said.is_none(), || {
            format!("user {user} is shut out and said {said:?}")
        })
    }

    fn all_converged(&self) -> Result<(), String> {
        let mut clients = self.let_in();
        clients.try_for_each(|client| self.converged(client))
    }

    fn logs(&self) -> BTreeMap<RoomId, Vec<Event>> {
        let stored = &self.ledger.open().stored;
        let rooms: BTreeSet<RoomId> = stored.keys().map(|(room, _)| *room).collect();
        let log = |room| now(self.store.log(room, 0, u32::MAX, usize::MAX)).unwrap();
        rooms.into_iter().map(|room| (room, log(room))).collect()
    }

    /// No hole, no entry twice, nothing that the store did not say when it stored it.
    fn logs_are_whole(&self, logs: &BTreeMap<RoomId, Vec<Event>>) -> Result<(), String> {
        let stored = &self.ledger.open().stored;
        let mut ids = BTreeSet::new();
        for event in logs.values().flatten() {
            let said = stored.get(&(event.room, event.seq));
            ensure(said.is_some_and(|said| same_entry(said, event)), || {
                format!("the log holds {event:?}, {said:?} was stored")
            })?;
            if let Some(id) = said_by(event) {
                ensure(ids.insert(id), || format!("twice: {event:?}"))?;
            }
        }
        for log in logs.values() {
            let whole = (1..).zip(log).all(|(seq, event)| event.seq == seq);
            ensure(whole, || format!("a hole: {log:?}"))?;
        }
        Ok(())
    }

    /// Every ack is in the log, with its place and its time.
    fn acks_stand(&self, logs: &BTreeMap<RoomId, Vec<Event>>) -> Result<(), String> {
        let said: BTreeSet<_> = logs.values().flatten().filter_map(said_by).collect();
        for ((user, id), ack) in &self.ledger.open().acks {
            let event = entry(logs, ack.room, ack.seq);
            let stored = now(self.store.find_ack(*user, *id)).unwrap();
            let same = stored.is_some_and(|stored| {
                (stored.room, stored.seq, stored.at) == (ack.room, ack.seq, ack.at)
            });
            let stands = event.is_some_and(|event| {
                // A reaction that changed nothing is acked with the entry that made it so, which may be the message itself. So is a pin,
                // and that is the room's: whoever made the entry.
                let fits = match event.kind {
                    EventKind::Pin { .. } => true,
                    EventKind::Message { id: of, .. } => of == *id || !said.contains(&(*user, *id)),
                    _ => event.by == *user,
                };
                event.at == ack.at && fits
            });
            ensure(same && stands, || {
                format!("user {user} heard {ack:?}, the log holds {event:?}, acked as {stored:?}")
            })?;
        }
        Ok(())
    }

    /// What somebody said and was not refused is stored, whatever happened to their page meanwhile. Who is shut out keeps it.
    fn all_is_said(&self) -> Result<(), String> {
        let kept: BTreeSet<_> = self
            .shut_out()
            .flat_map(|client| client.browser().stored.keys().copied().collect::<Vec<_>>())
            .collect();
        for (user, id) in &self.ledger.open().said {
            let stored = now(self.store.find_ack(*user, *id)).unwrap();
            ensure(stored.is_some() || kept.contains(id), || {
                format!("user {user} said {id}, it is nowhere")
            })?;
        }
        Ok(())
    }

    /// What a client sees is exactly the log, with the server's counts; what they had to say is said.
    fn converged(&self, client: &SimClient) -> Result<(), String> {
        let name = &client.name;
        let browser = client.browser();
        let session = browser.session.as_ref().ok_or("nobody there")?;
        let known: Vec<RoomId> = session.rooms().map(|room| room.id).collect();
        let rooms = now(self.store.rooms_of(client.user)).unwrap();
        ensure(
            known == rooms.iter().map(|room| room.id).collect::<Vec<_>>(),
            || format!("{name} knows of {known:?}, not of {rooms:?}"),
        )?;
        for summary in rooms {
            let view = session.room(summary.id).ok_or("no such room")?;
            ensure(*view.summary() == summary, || {
                format!("{name} counts {:?}, the server {summary:?}", view.summary())
            })?;
            let all =
                now(self
                    .store
                    .history(summary.id, client.user, PageAt::Newest, u32::MAX - 1));
            let all = all.unwrap().messages;
            let held: Vec<Message> = view.timeline().items.iter().filter_map(stored).collect();
            let differs = held.iter().zip(&all).find(|(held, stored)| held != stored);
            ensure(held == all, || {
                let (held, all) = (held.len(), all.len());
                format!("{name} sees {held} of {all} in {}: {differs:?}", summary.id)
            })?;
        }
        let threads = now(self.store.threads(client.user, true, None, WELCOME_THREADS)).unwrap();
        let mut stored: BTreeMap<RoomId, (u64, u64)> = BTreeMap::new();
        for one in threads {
            let (unread, mentions) = stored.entry(one.thread.room).or_default();
            *unread += one.thread.unread;
            *mentions += one.thread.mentions;
        }
        let mut counted: BTreeMap<RoomId, (u64, u64)> = BTreeMap::new();
        for (room, more, named) in session.unread_threads() {
            let (unread, mentions) = counted.entry(room).or_default();
            *unread += more;
            *mentions += named;
        }
        ensure(counted == stored, || {
            format!("{name} counts {counted:?} in threads, the server {stored:?}")
        })?;
        let kept: BTreeSet<_> = session.outbox().map(|entry| entry.command.id).collect();
        ensure(kept == browser.stored.keys().copied().collect(), || {
            format!("{name} keeps {:?}, the session {kept:?}", browser.stored)
        })
    }
}

fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

fn said_by(event: &Event) -> Option<(UserId, MessageId)> {
    match event.kind {
        EventKind::Message { id, .. } => Some((event.by, id)),
        _ => None,
    }
}

fn entry(logs: &BTreeMap<RoomId, Vec<Event>>, room: RoomId, seq: u64) -> Option<&Event> {
    let at = usize::try_from(seq.checked_sub(1)?).ok()?;
    logs.get(&room)?.get(at)
}

fn stored(item: &TimelineItem) -> Option<Message> {
    match item {
        TimelineItem::Message(view) if view.state == SendState::Stored => Some(plain(view)),
        _ => None,
    }
}

fn plain(view: &MessageView) -> Message {
    Message {
        text: view.text.clone(),
        reply_to: view.reply_to,
        edited_at: view.edited_at,
        deleted: view.deleted,
        reactions: view.reactions.clone(),
        pinned: view.pinned,
        replies: view.replies.clone(),
        ..Message::new(view.seq.unwrap_or_default(), view.id, view.by, view.at)
    }
    .placed(view.thread)
}

/// A step towards having loaded all of these rooms; what is whole is taken off the list.
fn load(client: &SimClient, rooms: &mut Vec<RoomId>) {
    while let Some(&room) = rooms.last() {
        match client.look(|session| missing(session, room)).flatten() {
            Some(input) => return client.does(input),
            None => drop(rooms.pop()),
        }
    }
}

/// What to ask for next.
fn missing(session: &Session, room: RoomId) -> Option<Input> {
    let timeline = session.room(room)?.timeline();
    if session.open() != Some(room) {
        let whole = timeline.loaded && !timeline.more && gap(&timeline.items).is_none();
        return (!whole).then_some(Input::OpenRoom(room));
    }
    if let Load::Failed { .. } = timeline.load {
        return Some(Input::Reload(room));
    }
    if let Some(after) = gap(&timeline.items) {
        let edge = Edge::Bottom;
        return Some(Input::FillGap { room, after, edge });
    }
    (timeline.more || !timeline.loaded).then_some(Input::LoadOlder(room))
}

fn gap(items: &[TimelineItem]) -> Option<u64> {
    items.iter().find_map(|item| match item {
        TimelineItem::Gap(gap) => Some(gap.after),
        _ => None,
    })
}

//! The server's side of the world: what it answers, and what it pushes.

use std::collections::BTreeMap;

use client::Rng;
use protocol::{
    ClientFrame, ErrorCode, Event, EventKind, Follow, MessageId, Nack, Pong, ReadEcho,
    ReadPosition, RoomId, Seq, ServerFrame, SessionId, ThreadChange, ThreadPlace, ThreadSummary,
    UserId, Welcome, features,
};

use crate::{
    model::{Answer, person, user_id},
    world::{Happening, Socket, World},
};

impl World {
    fn greeted(&mut self) -> Option<&mut Socket> {
        self.socket
            .as_mut()
            .filter(|socket| socket.open && !socket.dead && socket.greeted)
    }

    /// The server's answer to the client.
    fn answer(&mut self, frame: &ServerFrame) {
        let wait = 2 + self.below(20 + self.faults.slow_ms);
        let now = self.now_ms;
        if self.unheard {
            return;
        }
        let Some(socket) = self.greeted() else { return };
        socket.answers_ms = socket.answers_ms.max(now + wait);
        let at = socket.answers_ms;
        self.at(at, Happening::ToClient(frame.to_json()));
    }

    /// The server pushes to the client, in the order of the room, but not of answers.
    fn push(&mut self, room: RoomId, frame: &ServerFrame) {
        let wait = 2 + self.below(20 + self.faults.slow_ms);
        let now = self.now_ms;
        let Some(socket) = self.greeted() else { return };
        let due = socket.pushes_ms.entry(room).or_insert(socket.welcomed_ms);
        *due = (*due).max(now + wait);
        let at = *due;
        self.at(at, Happening::ToClient(frame.to_json()));
    }

    /// What is told next comes after what was pushed.
    fn after_pushes(&mut self, room: RoomId) {
        if let Some(socket) = self.greeted() {
            let pushed = socket.pushes_ms.get(&room).copied().unwrap_or_default();
            socket.answers_ms = socket.answers_ms.max(pushed);
        }
    }

    /// An entry that the model has already is told.
    pub(crate) fn announce(&mut self, room: RoomId, seq: Seq) {
        self.tell(room, seq);
    }

    /// An entry was stored: everybody in the room is told, unless the push is lost.
    fn tell(&mut self, room: RoomId, seq: Seq) {
        if !self.model.is_member(room, self.me) {
            return;
        }
        let event = self.model.entry(room, seq);
        if let Some(place) = event.kind.thread()
            && event.by != self.me
            && self.model.thread(room, place.root, self.me).following
        {
            self.answer(&ServerFrame::Thread(ThreadChange {
                room,
                root: place.root,
                seq: Some(seq),
                following: Some(true),
                read_seq: None,
                generation: 0,
            }));
        }
        if self.chance(self.faults.lose_push) {
            return;
        }
        let frame = ServerFrame::Event(event);
        self.push(room, &frame);
        if self.chance(self.faults.double_push) {
            self.push(room, &frame);
        }
    }

    /// Somebody does something; the session's user too, from elsewhere.
    pub(crate) fn does(&mut self, user: UserId, room: RoomId, kind: EventKind) -> Answer {
        let id = match &kind {
            EventKind::Message { id, .. } => *id,
            _ => MessageId::from_u128(u128::from(self.rng.next_u64()) + 2),
        };
        let before = self.model.last(room);
        let answer = self.model.command(user, id, room, kind);
        if self.model.last(room) > before {
            self.tell(room, before + 1);
        }
        answer
    }

    pub(crate) fn says(&mut self, user: UserId, room: RoomId, text: &str) -> Seq {
        let id = MessageId::from_u128(u128::from(self.rng.next_u64()) + 2);
        let kind = EventKind::Message {
            id,
            text: Some(text.to_owned()),
            reply_to: None,
            deleted: false,
            thread: None,
        };
        self.does(user, room, kind).unwrap().seq
    }

    /// Somebody replies in a thread.
    pub(crate) fn replies(&mut self, user: UserId, room: RoomId, root: Seq, text: &str) -> Seq {
        self.replies_also(user, room, (root, false), text)
    }

    /// Somebody replies in a thread, and to the room.
    pub(crate) fn replies_also(
        &mut self,
        user: UserId,
        room: RoomId,
        (root, also): (Seq, bool),
        text: &str,
    ) -> Seq {
        let kind = EventKind::Message {
            id: MessageId::from_u128(u128::from(self.rng.next_u64()) + 2),
            text: Some(text.to_owned()),
            reply_to: None,
            deleted: false,
            thread: Some(ThreadPlace { root, n: 0, also }),
        };
        self.does(user, room, kind).unwrap().seq
    }

    /// Membership changes.
    pub(crate) fn member(&mut self, room: RoomId, user: UserId, is: bool) {
        if self.model.is_member(room, user) == is {
            return;
        }
        let log = self.model.rooms.entry(room).or_default();
        let kind = if is {
            EventKind::Join { user }
        } else {
            EventKind::Leave { user }
        };
        if is {
            log.members.insert(user);
        }
        let seq = self.model.add(room, user, kind).seq;
        if is {
            // Who comes begins to read there, as on the server: what was read before is no part of it.
            let begins = ReadPosition { generation: 0, seq };
            let log = self.model.rooms.get_mut(&room).unwrap();
            log.read.insert(user, begins);
        }
        self.tell(room, seq);
        if user == self.me {
            let frame = if is {
                ServerFrame::Room(protocol::RoomChange {
                    room: self.model.summary(room, user),
                })
            } else {
                ServerFrame::Gone(protocol::Gone { room })
            };
            self.push(room, &frame);
            // That one is in the room again is told before a word on its threads.
            self.after_pushes(room);
        }
        if !is {
            let log = self.model.rooms.get_mut(&room).unwrap();
            log.members.remove(&user);
            log.follows.retain(|(_, of), _| *of != user);
        }
    }

    pub(crate) fn reads_elsewhere(&mut self, room: RoomId, seq: Seq) {
        let read = self.model.read((room, None, self.me), None, seq);
        self.tell_position(room, read.unwrap());
    }

    /// "Unread from here" on another device.
    pub(crate) fn unread_elsewhere(&mut self, room: RoomId, seq: Seq) {
        if let Some(position) = self.model.unread((room, None, self.me), seq) {
            self.tell_position(room, position);
        }
    }

    pub(crate) fn unread_thread_elsewhere(&mut self, room: RoomId, root: Seq, seq: Seq) {
        let place = (room, Some(root), self.me);
        if self.model.unread(place, seq).is_some() {
            self.tell_thread(room, root);
        }
    }

    fn tell_position(&mut self, room: RoomId, position: ReadPosition) {
        let echo = ReadEcho {
            room,
            seq: position.seq,
            generation: position.generation,
        };
        self.push(room, &ServerFrame::Read(echo));
    }

    /// A frame reached the server; `current` tells whether its socket is still the client's.
    pub(crate) fn serve(&mut self, current: bool, text: &str) {
        let frame = ClientFrame::parse(text).expect("the client speaks the protocol");
        assert!(text.len() <= 65_536);
        self.unheard = !current;
        self.obey(current, frame);
        self.unheard = false;
    }

    fn obey(&mut self, current: bool, frame: ClientFrame) {
        match frame {
            ClientFrame::Hello(hello) if current => self.greet(&hello),
            ClientFrame::Ping(ping) if current => {
                let me = self.me;
                let last: BTreeMap<_, _> = self
                    .model
                    .rooms_of(me)
                    .into_iter()
                    .map(|room| (room, self.model.last(room)))
                    .collect();
                let Some(socket) = self.greeted() else { return };
                let heads = last
                    .iter()
                    .filter(|(room, seq)| socket.heads.get(room) != Some(seq));
                let heads = heads.map(|(&room, &seq)| (room, seq)).collect();
                socket.heads = last;
                self.answer(&ServerFrame::Pong(Pong {
                    n: ping.n,
                    now: self.model.now,
                    heads,
                }));
            }
            ClientFrame::Read(_) | ClientFrame::Unread(_) if self.chance(self.faults.refuse) => {
                self.refuse(None);
            }
            ClientFrame::Read(read) if self.model.is_member(read.room, self.me) => {
                let (room, me) = (read.room, self.me);
                let place = (room, read.thread, me);
                let position = self.model.read(place, read.generation, read.seq);
                if let Some(root) = read.thread {
                    // As with a room's.
                    match position {
                        Some(_) if !current => self.tell_thread(room, root),
                        Some(_) => {}
                        None => self.refuse_for_good(),
                    }
                    return;
                }
                // The user's other connections are told; this one knows.
                match position {
                    Some(position) if !current => self.tell_position(room, position),
                    Some(_) => {}
                    // Who left and came back begins anew.
                    None => self.refuse_for_good(),
                }
            }
            ClientFrame::Follow(ask) => {
                self.at(self.now_ms + self.faults.commit_ms, Happening::Follows(ask));
            }
            ClientFrame::Unread(unread) if self.model.is_member(unread.room, self.me) => {
                let (room, me) = (unread.room, self.me);
                let position = self.model.unread((room, unread.thread, me), unread.seq);
                let position = position.expect("the client sets back what it may");
                match unread.thread {
                    _ if current => {}
                    Some(root) => self.tell_thread(room, root),
                    None => self.tell_position(room, position),
                }
            }
            ClientFrame::History(ask) => self.history(&ask),
            ClientFrame::Log(ask) => self.log(&ask),
            ClientFrame::Command(command) => {
                let kind = command.entry(0);
                self.store(command.id, command.room, kind);
            }
            _ => {}
        }
    }

    /// It is stored whether a thread is followed: all connections are told, also the one that said so.
    pub(crate) fn follows(&mut self, ask: &Follow) {
        if self.model.is_member(ask.room, self.me)
            && self.model.follow(ask.room, ask.thread, self.me, ask.on)
        {
            self.tell_thread(ask.room, ask.thread);
        }
    }

    /// How the user stands to a thread, for a connection that does not know it.
    fn tell_thread(&mut self, room: RoomId, root: Seq) {
        let thread = self.model.thread(room, root, self.me);
        let change = ThreadChange {
            room,
            root,
            seq: None,
            following: Some(thread.following),
            read_seq: Some(thread.read_seq),
            generation: thread.generation,
        };
        // Whichever connection it came over, the present one hears of it.
        let unheard = std::mem::take(&mut self.unheard);
        self.answer(&ServerFrame::Thread(change));
        self.unheard = unheard;
    }

    fn refuse_for_good(&mut self) {
        self.answer(&ServerFrame::Error(protocol::CommandError {
            req: None,
            code: ErrorCode::Invalid,
            message: "no such generation".into(),
            retry_after_ms: None,
        }));
    }

    fn refuse(&mut self, req: Option<u64>) {
        self.answer(&ServerFrame::Error(protocol::CommandError {
            req,
            code: ErrorCode::Unavailable,
            message: "later".into(),
            retry_after_ms: Some(50),
        }));
    }

    fn history(&mut self, ask: &protocol::History) {
        if self.chance(self.faults.refuse) {
            self.refuse(Some(ask.req));
        } else if self.model.is_member(ask.room, self.me) {
            let page = ServerFrame::Page(self.model.page(ask, self.me));
            match self.faults.page_ms {
                0 => self.answer(&page),
                wait => self.at(self.now_ms + wait, Happening::ToClient(page.to_json())),
            }
        }
    }

    fn log(&mut self, ask: &protocol::Log) {
        let last_seq = self.model.last(ask.room);
        let to = last_seq.min(ask.after + u64::from(ask.limit.unwrap_or(1_000)));
        let events: Vec<Event> = (ask.after + 1..=to)
            .map(|seq| self.model.entry(ask.room, seq))
            .collect();
        self.answer(&ServerFrame::Entries(protocol::Entries {
            req: ask.req,
            room: ask.room,
            events,
            last_seq,
        }));
    }

    fn store(&mut self, id: MessageId, room: RoomId, kind: EventKind) {
        if self.chance(self.faults.refuse) {
            let nack = Nack {
                id,
                code: ErrorCode::Overloaded,
                message: "later".into(),
                retry_after_ms: Some(300),
            };
            self.answer(&ServerFrame::Nack(nack));
            return;
        }
        let before = self.model.last(room);
        let root = kind.thread().map(|place| place.root);
        let follows =
            |world: &Self| root.map(|root| world.model.thread(room, root, world.me).following);
        let followed = follows(self);
        let frame = match self.model.command(self.me, id, room, kind) {
            Ok(ack) => ServerFrame::Ack(ack),
            Err(code) => ServerFrame::Nack(Nack {
                id,
                code,
                message: "no".into(),
                retry_after_ms: None,
            }),
        };
        if let Some(root) = root.filter(|_| follows(self) != followed) {
            self.tell_thread(room, root);
        }
        self.answer(&frame);
        if self.model.last(room) > before {
            self.tell(room, before + 1);
        }
    }

    fn greet(&mut self, hello: &protocol::Hello) {
        let me = self.me;
        let Some(socket) = &mut self.socket else {
            return;
        };
        socket.greeted = true;
        let rooms = self.model.rooms_of(me);
        let heads = rooms
            .iter()
            .map(|&room| (room, self.model.last(room)))
            .collect();
        self.socket.as_mut().unwrap().heads = heads;
        let all = rooms.iter().map(|&room| self.model.summary(room, me));
        let mut all: Vec<_> = all.collect();
        let behind = all.split_off(all.len().min(self.welcome_rooms));
        let welcome = Welcome {
            threads: self.threads_to_read(),
            v: 1,
            session: SessionId::new(7).unwrap(),
            resumed: hello.resume.is_some(),
            user: person(me),
            heartbeat_ms: 30_000,
            now: self.model.now,
            node: "a".into(),
            limits: self.limits,
            more_rooms: behind.len() as u64,
            rooms: all,
            users: (1..=6).map(|n| person(user_id(n))).collect(),
            features: features::ALL.map(str::to_owned).to_vec(),
        };
        self.answer(&ServerFrame::Welcome(Box::new(welcome)));
        for room in behind {
            self.answer(&ServerFrame::Room(protocol::RoomChange { room }));
        }
        let socket = self.socket.as_mut().unwrap();
        socket.welcomed_ms = socket.answers_ms;
        let cursors = hello
            .resume
            .as_ref()
            .map(|resume| resume.cursors.clone())
            .unwrap_or_default();
        for (room, from) in cursors {
            self.resume(room, from);
        }
    }

    /// The threads that the user follows, with something unread.
    fn threads_to_read(&self) -> Vec<ThreadSummary> {
        let rooms = self.model.rooms_of(self.me);
        let all = rooms.into_iter().flat_map(|room| {
            let roots = self.model.roots(room).into_iter();
            roots.map(move |root| self.model.thread(room, root, self.me))
        });
        all.filter(|thread| thread.unread > 0).collect()
    }

    fn resume(&mut self, room: RoomId, from: Seq) {
        if !self.model.is_member(room, self.me) {
            self.push(room, &ServerFrame::Gone(protocol::Gone { room }));
            return;
        }
        let last_seq = self.model.last(room);
        if from > last_seq || last_seq - from > self.replay {
            self.push(
                room,
                &ServerFrame::Behind(protocol::Behind {
                    room,
                    from,
                    last_seq,
                }),
            );
            return;
        }
        for seq in from + 1..=last_seq {
            if self.chance(self.faults.lose_replay) {
                continue;
            }
            let frame = ServerFrame::Event(self.model.entry(room, seq));
            self.push(room, &frame);
        }
    }
}

//! The server's side of the world: what it answers, and what it pushes.

use std::collections::BTreeMap;

use client::Rng;
use protocol::{
    ClientFrame, ErrorCode, Event, EventKind, MessageId, Nack, Pong, RoomId, Seq, ServerFrame,
    SessionId, UserId, Welcome,
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

    /// An entry that the model has already is told.
    pub(crate) fn announce(&mut self, room: RoomId, seq: Seq) {
        self.tell(room, seq);
    }

    /// An entry was stored: everybody in the room is told, unless the push is lost.
    fn tell(&mut self, room: RoomId, seq: Seq) {
        if !self.model.is_member(room, self.me) || self.chance(self.faults.lose_push) {
            return;
        }
        let frame = ServerFrame::Event(self.model.entry(room, seq));
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
            self.model.read(room, user, seq);
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
        }
        if !is {
            self.model
                .rooms
                .get_mut(&room)
                .unwrap()
                .members
                .remove(&user);
        }
    }

    pub(crate) fn reads_elsewhere(&mut self, room: RoomId, seq: Seq) {
        let me = self.me;
        self.model.read(room, me, seq);
        let seq = self.model.rooms[&room].read[&me];
        self.push(room, &ServerFrame::Read(protocol::ReadEcho { room, seq }));
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
            ClientFrame::Read(_) if self.chance(self.faults.refuse) => self.refuse(None),
            ClientFrame::Read(read) if self.model.is_member(read.room, self.me) => {
                // The user's other connections are told; this one knows.
                if current {
                    self.model.read(read.room, self.me, read.seq);
                } else {
                    self.reads_elsewhere(read.room, read.seq);
                }
            }
            ClientFrame::History(ask) => self.history(&ask),
            ClientFrame::Log(ask) => self.log(&ask),
            ClientFrame::Command(command) => {
                let kind = command.entry();
                self.store(command.id, command.room, kind);
            }
            _ => {}
        }
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
            let page = self.model.page(ask, self.me);
            self.answer(&ServerFrame::Page(page));
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
        let frame = match self.model.command(self.me, id, room, kind) {
            Ok(ack) => ServerFrame::Ack(ack),
            Err(code) => ServerFrame::Nack(Nack {
                id,
                code,
                message: "no".into(),
                retry_after_ms: None,
            }),
        };
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
        let welcome = Welcome {
            v: 1,
            session: SessionId::new(7).unwrap(),
            resumed: hello.resume.is_some(),
            user: person(me),
            heartbeat_ms: 30_000,
            now: self.model.now,
            node: "a".into(),
            limits: self.limits,
            more_rooms: 0,
            rooms: rooms
                .iter()
                .map(|&room| self.model.summary(room, me))
                .collect(),
            users: (1..=6).map(|n| person(user_id(n))).collect(),
            features: Vec::new(),
        };
        self.answer(&ServerFrame::Welcome(Box::new(welcome)));
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

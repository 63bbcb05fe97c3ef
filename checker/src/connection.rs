//! One connection, as its client sees it.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use protocol::{Ack, ClientFrame, Event, MessageId, RoomId, Seq, UserId, Welcome};

/// Names a connection among all that were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub(crate) u64);

impl fmt::Display for ConnectionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

#[derive(Debug)]
pub(crate) struct CheckedConnection {
    pub(crate) user: UserId,
    /// What `hello` came back with.
    resume: HashMap<RoomId, Seq>,
    /// The last entry that was heard, or that the start told of.
    cursors: HashMap<RoomId, Seq>,
    /// Commands that wait for an answer, and whether an earlier connection may have stored them.
    waiting: HashMap<MessageId, bool>,
    /// The newest place that a command of this connection was stored at.
    newest: HashMap<RoomId, Seq>,
    /// The order in which commands were sent here.
    order: HashMap<MessageId, u64>,
    sent: u64,
    /// The place in the order of the newest stored one.
    newest_sent: HashMap<RoomId, u64>,
    /// Requests that wait: what `log` asked to begin after.
    asked: HashMap<u64, Option<Seq>>,
    gone: HashSet<RoomId>,
}

/// The id and room of a command that is acked.
pub(crate) const fn room_of(frame: &ClientFrame) -> Option<(MessageId, RoomId)> {
    match frame {
        ClientFrame::Command(command) => Some((command.id, command.room)),
        _ => None,
    }
}

impl CheckedConnection {
    pub(crate) fn new(user: UserId) -> Self {
        Self {
            user,
            resume: HashMap::new(),
            cursors: HashMap::new(),
            waiting: HashMap::new(),
            newest: HashMap::new(),
            order: HashMap::new(),
            sent: 0,
            newest_sent: HashMap::new(),
            asked: HashMap::new(),
            gone: HashSet::new(),
        }
    }

    pub(crate) fn says(&mut self, frame: &ClientFrame) {
        match frame {
            ClientFrame::Hello(hello) => {
                if let Some(resume) = &hello.resume {
                    self.resume = resume.cursors.iter().map(|(k, v)| (*k, *v)).collect();
                }
            }
            ClientFrame::History(history) => drop(self.asked.insert(history.req, None)),
            ClientFrame::Log(log) => drop(self.asked.insert(log.req, Some(log.after))),
            _ => {}
        }
        if let Some((id, _)) = room_of(frame) {
            self.sent += 1;
            self.order.insert(id, self.sent);
            self.waiting.insert(id, false);
        }
    }

    /// A command that was sent before, here or elsewhere: it may stand in the log already, before newer ones.
    pub(crate) fn again(&mut self, id: MessageId) {
        self.waiting.insert(id, true);
    }

    pub(crate) fn welcomed(&mut self, welcome: &Welcome) {
        for room in &welcome.rooms {
            let from = self.resume.get(&room.id).copied();
            self.cursors.insert(room.id, from.unwrap_or(room.last_seq));
        }
    }

    /// What follows is not pushed: the client loads pages, and goes on from `last`.
    pub(crate) fn jump(&mut self, room: RoomId, last: Seq) {
        self.cursors.insert(room, last);
    }

    pub(crate) fn gone(&mut self, room: RoomId) {
        self.cursors.remove(&room);
        self.gone.insert(room);
    }

    /// A room appeared, or changed.
    pub(crate) fn appeared(&mut self, room: RoomId, last: Seq) {
        if !self.cursors.contains_key(&room) {
            self.gone.remove(&room);
            self.cursors.insert(room, last);
        }
    }

    /// Promise 4: once, in order, without a hole.
    pub(crate) fn pushed(&mut self, event: &Event) -> Result<(), String> {
        let (room, seq) = (event.room, event.seq);
        let Some(cursor) = self.cursors.get_mut(&room) else {
            return Err(format!(
                "an entry of room {room}, seq {seq}, which it does not listen to"
            ));
        };
        let before = std::mem::replace(cursor, seq);
        if seq == before + 1 {
            Ok(())
        } else {
            Err(format!("room {room} went from seq {before} to {seq}"))
        }
    }

    /// Promise 3: the order of sending is the order of the log.
    pub(crate) fn acked(&mut self, ack: Ack) -> Result<(), String> {
        let Some(repeat) = self.waiting.remove(&ack.id) else {
            return Ok(());
        };
        let sent = self.order.remove(&ack.id).unwrap_or_default();
        if repeat {
            return Ok(());
        }
        let newest = self.newest.entry(ack.room).or_default();
        let newest_sent = self.newest_sent.entry(ack.room).or_default();
        // A reaction that changes nothing is acked with the place of the one that made it so.
        let stored_now = ack.seq > *newest;
        let wrong = stored_now && sent < *newest_sent;
        if stored_now {
            *newest = ack.seq;
            *newest_sent = (*newest_sent).max(sent);
        }
        if wrong {
            return Err(format!(
                "what it sent as number {sent} stands at seq {} of room {}, after what it sent later",
                ack.seq, ack.room
            ));
        }
        Ok(())
    }

    pub(crate) fn nacked(&mut self, id: MessageId) {
        self.waiting.remove(&id);
        self.order.remove(&id);
    }

    /// A request was answered: what it asked the log to begin after, if it asked for that.
    pub(crate) fn answered(&mut self, req: u64) -> Option<Seq> {
        self.asked.remove(&req).flatten()
    }

    pub(crate) fn unanswered(&self) -> usize {
        self.waiting.len()
    }

    /// What still waits for an answer.
    pub(crate) fn open_ends(&self) -> impl Iterator<Item = String> {
        let commands = self.waiting.keys().map(|id| format!("command {id}"));
        commands.chain(self.asked.keys().map(|req| format!("request {req}")))
    }
}

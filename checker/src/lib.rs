//! The five promises of the contract (`docs/protocol.md`), held against what clients said and heard. Tests and the load generator
//! use the same [`Checker`]: it is told every frame as it passes, judges while it listens, and in the end compares all of it with
//! the logs. It does no I/O and knows no time.
//!
//! | promise | what is checked |
//! | --- | --- |
//! | 1. ack means durable | every ack is in the final log, at its `seq`, with its `at` |
//! | 2. one send, one message | all acks of an id are equal; no `(author, id)` stands twice in a log; what was refused for good stands nowhere; no client gives one id to two commands |
//! | 3. one order | a log is 1, 2, 3…; whoever saw an entry saw the same one; what one connection pipelines into a room is stored in that order |
//! | 4. no silent hole | each connection gets each entry of its rooms once and in order, from its cursor on |
//! | 5. every command is answered | nothing is unanswered on a connection that still stands at the end |

mod connection;
mod entry;
mod log;
mod report;

use std::collections::HashMap;

use protocol::{
    Ack, ClientFrame, Event, MessageId, Nack, RoomId, Seq, ServerFrame, UserId, Welcome,
};

pub use connection::ConnectionId;
pub use report::Report;

use connection::{CheckedConnection, room_of};
use entry::Print;
use report::CheckFindings;

/// See the crate. Memory: a print of some 60 bytes for each entry that was seen, and one record for each command.
#[derive(Debug, Default)]
pub struct Checker {
    connections: HashMap<ConnectionId, CheckedConnection>,
    opened: u64,
    entries: HashMap<(RoomId, Seq), Print>,
    commands: HashMap<(UserId, MessageId), MessageFate>,
    report: Report,
    wrong: CheckFindings,
}

/// What is known of one command.
#[derive(Clone, Copy, Debug, Default)]
struct MessageFate {
    /// How often it was sent.
    sent: u32,
    /// What was sent first.
    said: Option<u64>,
    ack: Option<Ack>,
    /// Refused with a code that is no use to retry, and never acked.
    refused: bool,
}

impl Checker {
    /// Nothing happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A connection of `user` was made; its `hello` follows.
    pub fn opened(&mut self, user: UserId) -> ConnectionId {
        self.opened += 1;
        let id = ConnectionId(self.opened);
        self.connections.insert(id, CheckedConnection::new(user));
        self.report.connections += 1;
        id
    }

    /// A connection is gone, however. What it did not hear an answer to has an unknown fate.
    pub fn closed(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.remove(&id) {
            self.report.unknown += connection.unanswered() as u64;
        }
    }

    /// A client sends a frame.
    pub fn says(&mut self, id: ConnectionId, frame: &ClientFrame) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        connection.says(frame);
        if let Some((message, _)) = room_of(frame) {
            let fate = self.commands.entry((connection.user, message)).or_default();
            fate.sent += 1;
            let said = entry::hash(frame.to_json());
            if *fate.said.get_or_insert(said) != said {
                self.wrong.note(format!(
                    "connection {id}: id {message} was given to another command before"
                ));
            }
            if fate.sent > 1 {
                connection.again(message);
                self.report.repeats += 1;
            } else {
                self.report.commands += 1;
            }
        }
    }

    /// A client hears a frame.
    pub fn hears(&mut self, id: ConnectionId, frame: &ServerFrame) {
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(id, welcome),
            ServerFrame::Event(event) => self.pushed(id, event),
            ServerFrame::Ack(ack) => self.acked(id, *ack),
            ServerFrame::Nack(nack) => self.nacked(id, nack),
            ServerFrame::Behind(behind) => {
                self.with(id, |connection| {
                    connection.jump(behind.room, behind.last_seq);
                });
            }
            ServerFrame::Gone(gone) => self.with(id, |connection| connection.gone(gone.room)),
            ServerFrame::Room(change) => {
                let (room, last) = (change.room.id, change.room.last_seq);
                self.with(id, |connection| connection.appeared(room, last));
            }
            ServerFrame::Entries(entries) => {
                let after = self
                    .connections
                    .get_mut(&id)
                    .and_then(|connection| connection.answered(entries.req));
                let mut last = after;
                for event in &entries.events {
                    if last.is_some_and(|last| event.seq != last + 1) {
                        self.wrong.note(format!(
                            "a page of the log of room {} goes from {last:?} to {}",
                            entries.room, event.seq
                        ));
                    }
                    last = Some(event.seq);
                    self.saw(event);
                }
            }
            ServerFrame::Page(page) => {
                if let (Some(connection), Some(req)) = (self.connections.get_mut(&id), page.req) {
                    connection.answered(req);
                }
            }
            ServerFrame::Error(error) => {
                if let (Some(connection), Some(req)) = (self.connections.get_mut(&id), error.req) {
                    connection.answered(req);
                }
            }
            _ => {}
        }
    }

    /// A message was sent over HTTP: what came of it; none when no answer came.
    pub fn posted(&mut self, user: UserId, id: MessageId, answer: Option<Result<Ack, Nack>>) {
        let connection = self.opened(user);
        self.report.connections -= 1;
        let fate = self.commands.entry((user, id)).or_default();
        fate.sent += 1;
        if fate.sent == 1 {
            self.report.commands += 1;
        } else {
            self.report.repeats += 1;
        }
        match answer {
            Some(Ok(ack)) => self.acked(connection, ack),
            Some(Err(nack)) => self.nacked(connection, &nack),
            None => self.report.unknown += 1,
        }
        self.connections.remove(&connection);
    }

    fn with(&mut self, id: ConnectionId, then: impl FnOnce(&mut CheckedConnection)) {
        if let Some(connection) = self.connections.get_mut(&id) {
            then(connection);
        }
    }

    fn welcomed(&mut self, id: ConnectionId, welcome: &Welcome) {
        self.with(id, |connection| connection.welcomed(welcome));
    }

    fn pushed(&mut self, id: ConnectionId, event: &Event) {
        self.report.events += 1;
        if let Some(connection) = self.connections.get_mut(&id)
            && let Err(why) = connection.pushed(event)
        {
            self.wrong.note(format!("connection {id}: {why}"));
        }
        self.saw(event);
    }

    /// Whoever saw an entry saw the same one.
    fn saw(&mut self, event: &Event) {
        let print = Print::of(event);
        match self.entries.get_mut(&(event.room, event.seq)) {
            Some(known) => {
                if !known.agrees(&print) {
                    self.wrong.note(format!(
                        "room {} seq {} was seen as two different entries",
                        event.room, event.seq
                    ));
                }
            }
            None => drop(self.entries.insert((event.room, event.seq), print)),
        }
    }

    fn acked(&mut self, id: ConnectionId, ack: Ack) {
        self.report.acks += 1;
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        if let Err(why) = connection.acked(ack) {
            self.wrong.note(format!("connection {id}: {why}"));
        }
        let fate = self.commands.entry((connection.user, ack.id)).or_default();
        fate.refused = false;
        match fate.ack {
            Some(before) if before != ack => self.wrong.note(format!(
                "id {} was acked twice, as {before:?} and {ack:?}",
                ack.id
            )),
            _ => fate.ack = Some(ack),
        }
    }

    fn nacked(&mut self, id: ConnectionId, nack: &Nack) {
        self.report.nacks += 1;
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        connection.nacked(nack.id);
        let fate = self.commands.entry((connection.user, nack.id)).or_default();
        // One that was refused for a while, or whose answer was lost before, may be stored all the same.
        fate.refused = fate.ack.is_none() && fate.sent <= 1 && !nack.code.is_worth_a_retry();
    }

    /// What was found so far.
    pub const fn report(&self) -> &Report {
        &self.report
    }

    /// All is quiet: compares everything with the logs, each whole and in order, and tells what is wrong.
    pub fn finish(mut self, logs: &[(RoomId, Vec<Event>)]) -> Report {
        for (id, connection) in &self.connections {
            for what in connection.open_ends() {
                self.wrong
                    .note(format!("connection {id}: {what} was never answered"));
            }
        }
        log::compare(&self.entries, &self.commands, logs, &mut self.wrong);
        self.report.entries = logs.iter().map(|(_, log)| log.len() as u64).sum();
        self.report.wrong = self.wrong.lines();
        self.report
    }
}

#[cfg(test)]
mod tests;

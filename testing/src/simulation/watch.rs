//! What must hold on any connection at any moment: entries are pushed once and in order, and every command is answered.

use std::collections::BTreeMap;

use protocol::{ClientFrame, MessageId, RoomId, Seq, ServerFrame, UserId};

use super::ledger::Ledger;

/// What must hold on one client's connection; a new connection starts it anew.
pub(super) struct ConnectionWatch {
    user: UserId,
    ledger: Ledger,
    /// Commands that are out, by id, and how often.
    commands: BTreeMap<MessageId, u32>,
    asks: BTreeMap<u64, u32>,
    /// The last entry of each room that is pushed; none if any may come first.
    cursors: BTreeMap<RoomId, Option<Seq>>,
    resumed: BTreeMap<RoomId, Seq>,
}

impl ConnectionWatch {
    /// A watch over a connection of this user.
    pub(super) const fn new(user: UserId, ledger: Ledger) -> Self {
        Self {
            user,
            ledger,
            commands: BTreeMap::new(),
            asks: BTreeMap::new(),
            cursors: BTreeMap::new(),
            resumed: BTreeMap::new(),
        }
    }

    /// Starts anew for a new connection: what was not answered on the one before never will be.
    pub(super) fn renew(&mut self) {
        *self = Self::new(self.user, self.ledger.clone());
    }

    /// How many commands have no answer yet.
    pub(super) fn unanswered(&self) -> usize {
        self.commands.len() + self.asks.len()
    }

    /// Notes a frame that the client sent.
    pub(super) fn said(&mut self, frame: &ClientFrame) {
        let id = match frame {
            ClientFrame::Command(command) => command.id,
            ClientFrame::History(ask) => return *self.asks.entry(ask.req).or_default() += 1,
            ClientFrame::Log(ask) => return *self.asks.entry(ask.req).or_default() += 1,
            ClientFrame::Hello(hello) => {
                let resume = hello.resume.clone().unwrap_or_default();
                self.resumed = resume.cursors;
                return;
            }
            _ => return,
        };
        *self.commands.entry(id).or_default() += 1;
    }

    /// Notes a frame that the client received.
    pub(super) fn heard(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Welcome(welcome) => {
                for room in &welcome.rooms {
                    let from = self.resumed.get(&room.id).copied();
                    self.cursors
                        .insert(room.id, Some(from.unwrap_or(room.last_seq)));
                }
            }
            ServerFrame::Behind(behind) => {
                self.cursors.insert(behind.room, Some(behind.last_seq));
            }
            ServerFrame::Room(change) => {
                self.cursors.entry(change.room.id).or_insert(None);
            }
            ServerFrame::Gone(gone) => drop(self.cursors.remove(&gone.room)),
            ServerFrame::Event(event) => {
                let before = self.cursors.insert(event.room, Some(event.seq));
                let fits = match before {
                    None => false,
                    Some(cursor) => cursor.is_none_or(|cursor| cursor + 1 == event.seq),
                };
                if !fits {
                    let user = self.user;
                    self.ledger
                        .wrong(format!("user {user} was pushed {event:?} after {before:?}"));
                }
                self.ledger.pushed(event);
            }
            ServerFrame::Ack(ack) => {
                self.ledger.acked(self.user, *ack);
                self.answered(ack.id);
            }
            ServerFrame::Nack(nack) => self.answered(nack.id),
            ServerFrame::Page(page) => self.told(page.req),
            ServerFrame::Entries(entries) => self.told(Some(entries.req)),
            ServerFrame::Error(error) => self.told(error.req),
            _ => {}
        }
    }

    fn answered(&mut self, id: MessageId) {
        if !take(&mut self.commands, &id) {
            self.ledger
                .wrong(format!("an answer to no command of this connection: {id}"));
        }
    }

    fn told(&mut self, req: Option<u64>) {
        if let Some(req) = req
            && !take(&mut self.asks, &req)
        {
            self.ledger
                .wrong(format!("an answer to no question: {req}"));
        }
    }
}

fn take<K: Ord>(waiting: &mut BTreeMap<K, u32>, key: &K) -> bool {
    let Some(times) = waiting.get_mut(key) else {
        return false;
    };
    *times -= 1;
    if *times == 0 {
        waiting.remove(key);
    }
    true
}

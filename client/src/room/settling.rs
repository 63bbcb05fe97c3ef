//! Own commands that are stored and whose entries have not come yet: they stand in for them.

use std::sync::Arc;

use protocol::{Ack, Seq, UserId};

use super::pending::message_of;
use crate::{MessageView, OutboxEntry, SendState, sorted::SortedMap};

/// Own commands that are stored, beyond the cursor of their room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settling {
    messages: SortedMap<Seq, Arc<MessageView>>,
    changes: Vec<(Seq, OutboxEntry)>,
}

impl Settling {
    /// A command of this user is stored.
    pub(crate) fn add(&mut self, ack: Ack, entry: OutboxEntry, me: UserId) {
        match message_of(&entry, me, SendState::Stored) {
            Some(view) => {
                let view = MessageView {
                    seq: Some(ack.seq),
                    at: ack.at,
                    ..view
                };
                drop(self.messages.insert(ack.seq, Arc::new(view)));
            }
            None => self.changes.push((ack.seq, entry)),
        }
    }

    pub(crate) const fn messages(&self) -> &SortedMap<Seq, Arc<MessageView>> {
        &self.messages
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = &OutboxEntry> {
        self.changes.iter().map(|(_, entry)| entry)
    }

    /// The log was seen up to `cursor`: what is in it needs no stand-in any more. Whether there was one.
    pub(crate) fn reach(&mut self, cursor: Seq) -> bool {
        let before = (self.messages.len(), self.changes.len());
        self.messages.retain(|&seq, _| seq > cursor);
        self.changes.retain(|&(seq, _)| seq > cursor);
        before != (self.messages.len(), self.changes.len())
    }
}

//! Who listens to a room for the fan-out: counts who has what, and keeps the senders' books.

use std::collections::HashMap;

use protocol::{MessageId, Seq, ServerFrame};

use crate::{
    clock::Clock,
    crowd::Ear,
    measure::{Arrivals, Latency},
};

/// Refusals that are told one by one.
const MOST_REFUSALS: usize = 20;

/// See the module.
#[derive(Debug)]
pub(super) struct RoomEar {
    room: u64,
    clock: Clock,
    /// Who has what.
    pub(super) arrivals: Arrivals,
    /// From the time each was due to its ack.
    pub(super) acks: Latency,
    /// Sent, and not answered yet: when it was due, and by which voice.
    sent: HashMap<MessageId, (u64, usize)>,
    /// Acked, and not with everybody yet.
    voice_of: HashMap<Seq, usize>,
    /// Each voice's messages that are under way.
    under_way: Vec<usize>,
    /// Refusals: how many, and what the first ones said.
    pub(super) refused: u64,
    /// See there.
    pub(super) refusals: Vec<String>,
}

impl RoomEar {
    /// Of a room that ends at `head`, with `members` listeners and so many voices.
    pub(super) fn new(room: u64, head: Seq, members: usize, voices: usize, clock: Clock) -> Self {
        Self {
            room,
            clock,
            arrivals: Arrivals::new(members, head),
            acks: Latency::new(),
            sent: HashMap::new(),
            voice_of: HashMap::new(),
            under_way: vec![0; voices],
            refused: 0,
            refusals: Vec::new(),
        }
    }

    /// A voice sent a message that was due at this time.
    pub(super) fn sent(&mut self, id: MessageId, voice: usize, due_ns: u64) {
        self.sent.insert(id, (due_ns, voice));
        if let Some(count) = self.under_way.get_mut(voice) {
            *count += 1;
        }
    }

    /// Messages of a voice that are under way.
    pub(super) fn under_way(&self, voice: usize) -> usize {
        self.under_way.get(voice).copied().unwrap_or(0)
    }

    /// Sends without an answer.
    pub(super) fn unanswered(&self) -> usize {
        self.sent.len()
    }

    /// Counts and times begin anew; what is under way stays.
    pub(super) fn restart(&mut self) {
        self.arrivals.restart();
        self.acks = Latency::new();
    }

    fn settle(&mut self) {
        while let Some(seq) = self.arrivals.finished() {
            let voice = self.voice_of.remove(&seq);
            if let Some(count) = voice.and_then(|voice| self.under_way.get_mut(voice)) {
                *count = count.saturating_sub(1);
            }
        }
    }

    fn answered(&mut self, id: MessageId) -> Option<(u64, usize)> {
        self.sent.remove(&id)
    }
}

impl Ear for RoomEar {
    #[inline]
    fn event(&mut self, _who: usize, room: u64, seq: Seq) {
        if room == self.room && self.arrivals.heard(seq, || self.clock.ns()) {
            self.settle();
        }
    }

    fn frame(&mut self, _who: usize, frame: ServerFrame) {
        match frame {
            ServerFrame::Ack(ack) => {
                if let Some((due, voice)) = self.answered(ack.id) {
                    self.acks.record(self.clock.ns().saturating_sub(due));
                    self.voice_of.insert(ack.seq, voice);
                    self.arrivals.began(ack.seq, due);
                    self.settle();
                }
            }
            ServerFrame::Nack(nack) => {
                if let Some((_, voice)) = self.answered(nack.id)
                    && let Some(count) = self.under_way.get_mut(voice)
                {
                    *count = count.saturating_sub(1);
                }
                self.refused += 1;
                if self.refusals.len() < MOST_REFUSALS {
                    self.refusals
                        .push(format!("{:?}: {}", nack.code, nack.message));
                }
            }
            _ => {}
        }
    }
}

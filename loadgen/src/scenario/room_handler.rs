//! What is heard in the rooms under load: who has what is counted, and the senders' books are kept.

use std::collections::HashMap;

use protocol::{ErrorCode, MessageId, Seq, ServerFrame};

use crate::{
    clock::RunClock,
    crowd::CrowdHandler,
    measure::{Arrivals, Latency},
};

/// Refusals that are told, each once.
const MAX_REFUSALS: usize = 20;

/// A room under load.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoadedRoom {
    /// Its number.
    pub(super) room: u64,
    /// Where its log ends.
    pub(super) head: Seq,
    /// Connections that hear it, and count.
    pub(super) members: usize,
}

/// Deliveries, latencies and acks of the rooms under load.
#[derive(Debug)]
pub(super) struct RoomHandler {
    clock: RunClock,
    /// The first so many connections count: that slow readers have something is no news.
    counted: usize,
    place_of: HashMap<u64, usize>,
    /// The room, if there is one only.
    only: Option<u64>,
    arrivals: Vec<Arrivals>,
    /// From the time each was due to the time the last member had it.
    pub(super) last: Latency,
    /// From the time each was due to its ack.
    pub(super) acks: Latency,
    /// Sent, and not answered yet: when it was due, and by which voice.
    sent: HashMap<MessageId, (u64, usize)>,
    /// Acked, and not with everybody yet.
    voice_of: HashMap<(usize, Seq), usize>,
    /// Each voice's messages that are under way.
    under_way: Vec<usize>,
    /// Refusals: how many, and what the first ones said.
    pub(super) refused: u64,
    /// Whether the server's limits were the reason.
    pub(super) too_fast: bool,
    /// What the first refusals said.
    pub(super) refusals: Vec<String>,
}

impl RoomHandler {
    /// Of these rooms, the first `counted` connections and so many voices.
    pub(super) fn new(
        places: &[LoadedRoom],
        counted: usize,
        voices: usize,
        clock: RunClock,
    ) -> Self {
        let numbered = places.iter().enumerate();
        Self {
            clock,
            counted,
            only: match places {
                [one] => Some(one.room),
                _ => None,
            },
            place_of: numbered.map(|(n, place)| (place.room, n)).collect(),
            arrivals: places
                .iter()
                .map(|place| Arrivals::new(place.members, place.head))
                .collect(),
            last: Latency::new(),
            acks: Latency::new(),
            sent: HashMap::new(),
            voice_of: HashMap::new(),
            under_way: vec![0; voices],
            refused: 0,
            too_fast: false,
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

    /// Connections that count.
    pub(super) const fn counted(&self) -> usize {
        self.counted
    }

    /// Sends without an answer.
    pub(super) fn unanswered(&self) -> usize {
        self.sent.len()
    }

    /// Entries that some have and some have not.
    pub(super) fn unfinished(&self) -> usize {
        self.arrivals.iter().map(Arrivals::unfinished).sum()
    }

    /// Times begin anew; what is under way stays.
    pub(super) fn restart(&mut self) {
        self.last = Latency::new();
        self.acks = Latency::new();
    }

    #[inline]
    fn place(&self, room: u64) -> Option<usize> {
        self.place_of.get(&room).copied()
    }

    fn settle(&mut self, place: usize) {
        while let Some(finished) = self.arrivals.get_mut(place).and_then(Arrivals::finished) {
            self.last.record(finished.took_ns);
            if let Some(voice) = self.voice_of.remove(&(place, finished.seq)) {
                self.less(voice);
            }
        }
    }

    fn less(&mut self, voice: usize) {
        if let Some(count) = self.under_way.get_mut(voice) {
            *count = count.saturating_sub(1);
        }
    }
}

impl CrowdHandler for RoomHandler {
    #[inline]
    fn event(&mut self, who: usize, room: u64, seq: Seq) {
        // A hash a delivery is what one busy room needs least.
        let place = match self.only {
            Some(only) => (only == room).then_some(0),
            None => self.place(room),
        };
        let Some(place) = place.filter(|_| who < self.counted) else {
            return;
        };
        let clock = self.clock;
        let arrivals = self.arrivals.get_mut(place);
        if arrivals.is_some_and(|arrivals| arrivals.heard(seq, || clock.ns())) {
            self.settle(place);
        }
    }

    fn frame(&mut self, _who: usize, frame: ServerFrame) {
        match frame {
            ServerFrame::Ack(ack) => {
                let Some((due, voice)) = self.sent.remove(&ack.id) else {
                    return;
                };
                self.acks.record(self.clock.ns().saturating_sub(due));
                let Some(place) = self.place(ack.room.get()) else {
                    return;
                };
                self.voice_of.insert((place, ack.seq), voice);
                if let Some(arrivals) = self.arrivals.get_mut(place) {
                    arrivals.began(ack.seq, due);
                }
                self.settle(place);
            }
            ServerFrame::Nack(nack) => {
                if let Some((_, voice)) = self.sent.remove(&nack.id) {
                    self.less(voice);
                }
                self.refused += 1;
                self.too_fast |= nack.code == ErrorCode::RateLimited;
                let line = format!("{:?}: {}", nack.code, nack.message);
                if self.refusals.len() < MAX_REFUSALS && !self.refusals.contains(&line) {
                    self.refusals.push(line);
                }
            }
            _ => {}
        }
    }
}

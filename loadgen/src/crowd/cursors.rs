//! The cursors of a connection in its rooms: every `seq` once, and in order.

use protocol::Seq;

/// The rooms of one connection. The room that was heard last is looked at first, for it is nearly always the same.
#[derive(Clone, Debug, Default)]
pub struct CrowdCursors(Vec<(u64, Seq)>);

/// What an event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeardEvent {
    /// The next one.
    Next,
    /// One that was heard before.
    Again {
        /// The newest that was heard.
        last: Seq,
    },
    /// One too far: those between are missing.
    Hole {
        /// The newest that was heard before.
        last: Seq,
    },
    /// One of a room that the connection is not in.
    Stranger,
}

impl CrowdCursors {
    /// An event came.
    #[inline]
    pub fn hear(&mut self, room: u64, seq: Seq) -> HeardEvent {
        if self.0.first().is_none_or(|first| first.0 != room) {
            match self.0.iter().position(|known| known.0 == room) {
                Some(at) => self.0.swap(0, at),
                None => return HeardEvent::Stranger,
            }
        }
        let Some((_, last)) = self.0.first_mut() else {
            return HeardEvent::Stranger;
        };
        let before = *last;
        if seq == before + 1 {
            *last = seq;
            HeardEvent::Next
        } else if seq <= before {
            HeardEvent::Again { last: before }
        } else {
            // Told once: what follows is held against the new place.
            *last = seq;
            HeardEvent::Hole { last: before }
        }
    }

    /// The newest heard of a room; none for a room that it is not in.
    pub fn last(&self, room: u64) -> Option<Seq> {
        self.0
            .iter()
            .find(|known| known.0 == room)
            .map(|known| known.1)
    }

    /// Goes on from `seq`, whatever was heard.
    pub fn jump(&mut self, room: u64, seq: Seq) {
        match self.0.iter_mut().find(|known| known.0 == room) {
            Some(known) => known.1 = seq,
            None => self.0.push((room, seq)),
        }
    }

    /// A room that is known keeps its cursor.
    pub fn know(&mut self, room: u64, seq: Seq) {
        if self.last(room).is_none() {
            self.0.push((room, seq));
        }
    }

    /// The connection is not in it any longer.
    pub fn forget(&mut self, room: u64) {
        self.0.retain(|known| known.0 != room);
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = (u64, Seq)> + '_ {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_once_and_in_order() {
        let mut cursors = CrowdCursors::default();
        cursors.know(1, 0);
        cursors.know(2, 7);
        cursors.know(2, 3);
        assert_eq!(cursors.hear(1, 1), HeardEvent::Next);
        assert_eq!(cursors.hear(2, 8), HeardEvent::Next);
        assert_eq!(cursors.hear(2, 8), HeardEvent::Again { last: 8 });
        assert_eq!(cursors.hear(1, 3), HeardEvent::Hole { last: 1 });
        assert_eq!(cursors.hear(1, 4), HeardEvent::Next);
        assert_eq!(cursors.hear(3, 1), HeardEvent::Stranger);
        cursors.jump(1, 100);
        assert_eq!(cursors.hear(1, 101), HeardEvent::Next);
        cursors.forget(2);
        assert_eq!(cursors.hear(2, 9), HeardEvent::Stranger);
    }
}

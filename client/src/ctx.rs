//! The context of one step: its time and randomness, and the effects that it leaves.

use protocol::ClientFrame;

use crate::{Change, Effect, Now, Rng, env, sorted::SortedSet};

/// One step: the time and randomness that it was given, the effects that it has.
pub(crate) struct Ctx<'a> {
    pub(crate) now: Now,
    /// Whether the server knows generations of read positions; one that does not would close the connection.
    pub(crate) generations: bool,
    rng: &'a mut dyn Rng,
    effects: Vec<Effect>,
    changed: SortedSet<Change>,
}

impl<'a> Ctx<'a> {
    pub(crate) fn new(now: Now, rng: &'a mut dyn Rng) -> Self {
        Self {
            now,
            generations: false,
            rng,
            effects: Vec::new(),
            changed: SortedSet::default(),
        }
    }

    /// The monotonic time in milliseconds.
    pub(crate) const fn ms(&self) -> u64 {
        self.now.mono_ms
    }

    /// This long from now.
    pub(crate) const fn after(&self, wait_ms: u64) -> u64 {
        self.now.mono_ms.saturating_add(wait_ms)
    }

    pub(crate) fn around(&mut self, value: u64, percent: u64) -> u64 {
        env::around(self.rng, value, percent)
    }

    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        env::between(self.rng, low, high)
    }

    pub(crate) fn bits(&mut self) -> u128 {
        env::bits(self.rng)
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn transmit(&mut self, mut frame: ClientFrame) {
        if !self.generations {
            match &mut frame {
                ClientFrame::Read(read) => read.generation = None,
                ClientFrame::Unread(_) => return,
                _ => {}
            }
        }
        self.effects.push(Effect::Transmit(frame));
    }

    pub(crate) fn changed(&mut self, change: Change) {
        self.changed.insert(change);
    }

    /// The effects in their order, each change told once, the timer last.
    pub(crate) fn finish(mut self, wake_at: Option<u64>) -> Vec<Effect> {
        self.effects
            .extend(self.changed.into_iter().map(Effect::Changed));
        self.effects.extend(wake_at.map(Effect::WakeAt));
        self.effects
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Read, RoomId};

    use super::*;

    struct Zero;

    impl Rng for Zero {
        fn next_u64(&mut self) -> u64 {
            0
        }
    }

    #[test]
    fn a_server_that_knows_no_generations_is_told_none() {
        let room = RoomId::new(1).unwrap();
        let read = |generation| {
            ClientFrame::Read(Read {
                thread: None,
                room,
                seq: 7,
                generation,
            })
        };
        let told = |generations| {
            let mut rng = Zero;
            let mut ctx = Ctx::new(Now::default(), &mut rng);
            ctx.generations = generations;
            ctx.transmit(read(Some(0)));
            ctx.transmit(ClientFrame::Unread(protocol::Unread {
                thread: None,
                room,
                seq: 3,
            }));
            ctx.finish(None)
        };
        assert_eq!(told(false), [Effect::Transmit(read(None))]);
        assert_eq!(told(true).len(), 2);
    }
}

//! Whether notes may be lost, as far as it is known. A bus that is connected and healthy may deliver nothing: each node tells a probe to all, itself among them, and believes
//! the bus only while it hears its own and those of the others.

use std::collections::BTreeMap;

use crate::bus::NodeId;

/// How often a node tells its probe, in milliseconds.
pub(super) const PROBE_MS: u64 = 2_000;
/// Two probes are missing, and some time for their way.
const MISSING_MS: u64 = 2 * PROBE_MS + 500;
/// A node that is not heard for so long is gone; what it stored before was looked for since.
const GONE_MS: u64 = 30_000;

/// What is known of the bus.
pub(super) struct Doubt {
    me: NodeId,
    /// The bus itself says that notes may be lost.
    told: bool,
    heard: BTreeMap<NodeId, Probed>,
}

/// The newest probe of a node.
#[derive(Clone, Copy)]
struct Probed {
    /// When it was heard, in milliseconds of the monotonic clock.
    at: u64,
    n: u64,
}

impl Doubt {
    /// In doubt until the first own probe is heard.
    pub(super) const fn new(me: NodeId) -> Self {
        Self {
            me,
            told: false,
            heard: BTreeMap::new(),
        }
    }

    /// A node's probe is heard; tells whether one before it was not. Then other notes may be lost too.
    pub(super) fn probe(&mut self, from: NodeId, n: u64, now: u64) -> bool {
        let before = self.heard.get(&from).map(|known| known.n);
        let n = before.map_or(n, |before| before.max(n));
        self.heard.insert(from, Probed { at: now, n });
        before.is_some_and(|before| n > before + 1)
    }

    /// A node stops: it is not waited for.
    pub(super) fn leaves(&mut self, from: NodeId) {
        if from != self.me {
            self.heard.remove(&from);
        }
    }

    /// The bus says that notes may be lost, or are not any more. Those that were to be heard in between were not.
    pub(super) fn told(&mut self, in_doubt: bool, now: u64) {
        self.told = in_doubt;
        for (node, heard) in &mut self.heard {
            if !in_doubt && *node != self.me {
                heard.at = now;
            }
        }
    }

    /// Whether notes may be lost just now.
    pub(super) fn is(&mut self, now: u64) -> bool {
        let me = self.me;
        self.heard
            .retain(|node, heard| *node == me || now.saturating_sub(heard.at) < GONE_MS);
        let missing = |heard: &Probed| now.saturating_sub(heard.at) > MISSING_MS;
        self.told || !self.heard.contains_key(&me) || self.heard.values().any(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: NodeId = NodeId(1);
    const OTHER: NodeId = NodeId(2);

    #[test]
    fn two_missing_probes_are_a_doubt() {
        let mut doubt = Doubt::new(ME);
        assert!(doubt.is(0), "nothing was heard yet");
        doubt.probe(ME, 1, 100);
        assert!(!doubt.is(100 + MISSING_MS));
        assert!(doubt.is(101 + MISSING_MS));
        doubt.probe(ME, 2, 9_000);
        assert!(!doubt.is(9_000));
        doubt.told(true, 9_100);
        assert!(doubt.is(9_100));
        doubt.told(false, 9_200);
        assert!(!doubt.is(9_200));
        // Without its own it is never sure again, however long that takes.
        assert!(doubt.is(900_000));
    }

    #[test]
    fn another_node_that_is_not_heard_is_a_doubt_until_it_is_gone() {
        let mut doubt = Doubt::new(ME);
        doubt.probe(OTHER, 1, 0);
        let mut at = |now| {
            doubt.probe(ME, now, now);
            doubt.is(now)
        };
        assert!(!at(MISSING_MS) && at(MISSING_MS + 1) && at(GONE_MS - 1));
        assert!(!at(GONE_MS));
        doubt.probe(OTHER, 9, GONE_MS);
        doubt.leaves(OTHER);
        doubt.probe(ME, GONE_MS, GONE_MS + 20_000);
        assert!(!doubt.is(GONE_MS + 20_000), "it said that it stops");
    }

    #[test]
    fn a_probe_that_was_not_heard_is_noticed_at_the_next_one() {
        let mut doubt = Doubt::new(ME);
        let mut missed = |from, n| doubt.probe(from, n, 0);
        assert!(!missed(OTHER, 7) && !missed(OTHER, 8) && !missed(OTHER, 8));
        assert!(missed(OTHER, 10));
        // Late, or twice.
        assert!(!missed(OTHER, 9) && !missed(OTHER, 11) && !missed(ME, 1) && missed(ME, 3));
    }
}

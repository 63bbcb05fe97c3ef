//! Opens all connections, a bounded number at a time.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use super::{Crowd, CrowdHandler, PeerState};
use crate::{fault::Fault, measure::Latency, progress, stop::Stop};

const TURN: Duration = Duration::from_millis(20);

/// How they come.
#[derive(Clone, Copy, Debug)]
pub struct Gather {
    /// Connections that are opened at a time.
    pub under_way: usize,
    /// Tries of each.
    pub tries: usize,
}

impl Default for Gather {
    fn default() -> Self {
        Self {
            under_way: 256,
            tries: 3,
        }
    }
}

/// How they came.
#[derive(Debug)]
pub struct Gathered {
    /// From the first dial to the last welcome.
    pub took: Duration,
    /// From each one's dial to its welcome.
    pub each: Latency,
    /// Tries that failed.
    pub failed: u64,
}

impl Crowd {
    /// Dials all of `who` and waits until each was welcomed.
    pub fn gather<H: CrowdHandler>(
        &mut self,
        who: impl IntoIterator<Item = usize>,
        how: Gather,
        stop: &Stop,
        handler: &mut H,
    ) -> Result<Gathered, Fault> {
        let mut waiting: VecDeque<usize> = who.into_iter().collect();
        let total = waiting.len();
        let bar = progress::bar("connections", total as u64);
        let began = self.clock.since();
        let mut tried = vec![0usize; self.peers.len()];
        let mut under_way = BTreeSet::new();
        let mut each = Latency::new();
        let mut failed = 0;
        self.failed.clear();
        while !(waiting.is_empty() && under_way.is_empty()) {
            if stop.asked() {
                return Err(Fault::Stopped);
            }
            while under_way.len() < how.under_way
                && let Some(one) = waiting.pop_front()
            {
                self.dial(one);
                under_way.insert(one);
            }
            self.turn(TURN, handler)?;
            for (one, why) in std::mem::take(&mut self.failed) {
                under_way.remove(&one);
                failed += 1;
                let times = tried.get_mut(one).map_or(usize::MAX, |times| {
                    *times += 1;
                    *times
                });
                // Too many, or not allowed: trying again would not help.
                if times >= how.tries || why.contains("HTTP/1.1 4") || why.starts_with("45") {
                    return Err(self.refused(one, &why));
                }
                waiting.push_back(one);
            }
            under_way.retain(|&one| match self.peers.get(one) {
                Some(peer) if peer.is_live() => {
                    each.record(peer.welcomed_ns - peer.dialled_ns);
                    false
                }
                // Welcomed and gone again, all in one turn.
                Some(peer) if peer.state == PeerState::Closed => {
                    let why = "its connection ended as soon as it was welcomed";
                    self.failed.push((one, why.into()));
                    true
                }
                _ => true,
            });
            bar.set_position((total - waiting.len() - under_way.len()) as u64);
        }
        bar.finish_and_clear();
        Ok(Gathered {
            took: self.clock.since().saturating_sub(began),
            each,
            failed,
        })
    }

    fn refused(&self, who: usize, why: &str) -> Fault {
        let name = self.peers.get(who).map_or("somebody", |peer| &peer.name);
        let hint = if why.contains(" 429") || why.contains("4504") {
            ": start the server with --sockets-per-address 0 --sockets-per-user 0"
        } else {
            ""
        };
        Fault::Opening {
            what: format!("the server does not let {name} in: {why}{hint}"),
        }
    }
}

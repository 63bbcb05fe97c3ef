//! The rate at which commands go out.

use std::collections::VecDeque;

/// The span that a server's limit is about, in milliseconds, and a little more: two clocks never agree.
const WINDOW_MS: u64 = 1_050;
/// Most commands in a window when the server names no limit: a connection may send 100 frames a second of any kind.
const MAX_COMMANDS: usize = 50;

/// Lets at most so many commands through in any second.
#[derive(Clone, Debug)]
pub(crate) struct SendPace {
    most: usize,
    sent_ms: VecDeque<u64>,
}

impl Default for SendPace {
    fn default() -> Self {
        Self {
            most: MAX_COMMANDS,
            sent_ms: VecDeque::new(),
        }
    }
}

impl SendPace {
    /// The server's limit; 0 is none.
    pub(crate) fn set(&mut self, per_s: u32) {
        self.most = match usize::try_from(per_s) {
            Ok(0) | Err(_) => MAX_COMMANDS,
            Ok(most) => most.min(MAX_COMMANDS),
        };
    }

    /// When the next command may go out; not later than `now_ms` when it may at once.
    pub(crate) fn next_ms(&mut self, now_ms: u64) -> u64 {
        while self
            .sent_ms
            .front()
            .is_some_and(|sent| sent.saturating_add(WINDOW_MS) <= now_ms)
        {
            self.sent_ms.pop_front();
        }
        match self.sent_ms.len().checked_sub(self.most) {
            None => now_ms,
            Some(over) => self
                .sent_ms
                .get(over)
                .map_or(now_ms, |sent| sent.saturating_add(WINDOW_MS)),
        }
    }

    /// One goes out now.
    pub(crate) fn sent(&mut self, now_ms: u64) {
        self.sent_ms.push_back(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_holds_more_than_the_limit() {
        let mut pace = SendPace::default();
        pace.set(10);
        let mut sent = Vec::new();
        for now in (0..20_000).step_by(7) {
            while pace.next_ms(now) <= now {
                pace.sent(now);
                sent.push(now);
            }
        }
        assert!(sent.windows(11).all(|some| some[10] - some[0] > 1_000));
        assert!(sent.len() >= 180, "{} in 20 s", sent.len());
    }

    #[test]
    fn no_limit_has_one_all_the_same() {
        let mut pace = SendPace::default();
        pace.set(0);
        let burst = (0..1_000).take_while(|_| {
            let may = pace.next_ms(5) <= 5;
            pace.sent(5);
            may
        });
        assert_eq!(burst.count(), MAX_COMMANDS);
    }
}

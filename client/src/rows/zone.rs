//! Zones: what the clocks of a place show, over the years. A table, so that server and browser compute the same from it without a database of
//! zones in the page: the server fills it from its own (the IANA rules), the page by asking its browser.

use std::sync::Arc;

use protocol::reads;
use serde::Serialize;

/// No offset is larger, in minutes.
const MAX_MINUTES: i32 = 24 * 60;
/// Most changes that a table holds; two a year make 128 from 1970 on.
const MAX_CHANGES: usize = 512;
/// How far from each other a browser is asked about, in milliseconds. No zone changed twice within so little since 1970 but for a few weeks of
/// fasting: that is more.
const STEP_MS: u64 = 10 * 86_400_000;

/// The offsets of a zone, in minutes east of UTC, and when they change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// Before the first change.
    first: i32,
    /// From when (milliseconds since the epoch) which offset holds; ascending.
    changes: Arc<[(u64, i32)]>,
}

reads!(Zone { first, changes });

impl Default for Zone {
    fn default() -> Self {
        Self::fixed(0)
    }
}

impl Zone {
    /// The same offset at all times, in minutes east of UTC; beyond a day it is cut to a day.
    pub fn fixed(minutes: i32) -> Self {
        Self::new(minutes, [])
    }

    /// The offset before all changes, in minutes east of UTC, and the changes in their order: from when, to which offset. What changes nothing
    /// is left out; of more than 512 the newest stay.
    pub fn new(first: i32, changes: impl IntoIterator<Item = (u64, i32)>) -> Self {
        let mut first = first.clamp(-MAX_MINUTES, MAX_MINUTES);
        let (mut kept, mut before) = (Vec::new(), first);
        for (from_ms, minutes) in changes {
            let minutes = minutes.clamp(-MAX_MINUTES, MAX_MINUTES);
            if minutes != before {
                kept.push((from_ms, minutes));
                before = minutes;
            }
        }
        if let Some(over) = kept.len().checked_sub(MAX_CHANGES).filter(|&over| over > 0) {
            first = kept[over - 1].1;
            kept.drain(..over);
        }
        Self {
            first,
            changes: kept.into(),
        }
    }

    /// The table from 1970 to `until_ms`, of a zone that is asked for its offset at a time: `offset` takes milliseconds since the epoch and gives minutes
    /// east of UTC. It is asked every ten days, and about 15 times more for each change, which is found to the minute.
    pub fn asked(until_ms: u64, offset: impl Fn(u64) -> i32) -> Self {
        let first = offset(0);
        let (mut changes, mut at, mut known) = (Vec::new(), 0, first);
        while at < until_ms {
            let next = at.saturating_add(STEP_MS).min(until_ms);
            let minutes = offset(next);
            if minutes != known {
                changes.push((change(at, next, known, &offset), minutes));
                known = minutes;
            }
            at = next;
        }
        Self::new(first, changes)
    }

    /// Without what was before a time, in milliseconds since the epoch: what a page that shows nothing older needs.
    #[must_use]
    pub fn since(&self, at_ms: u64) -> Self {
        let past = self
            .changes
            .partition_point(|&(from_ms, _)| from_ms <= at_ms);
        Self {
            first: self.offset(at_ms),
            changes: self.changes[past..].into(),
        }
    }

    /// Minutes east of UTC at a time, in milliseconds since the epoch.
    pub fn offset(&self, at_ms: u64) -> i32 {
        let past = self
            .changes
            .partition_point(|&(from_ms, _)| from_ms <= at_ms);
        match past.checked_sub(1) {
            Some(last) => self.changes[last].1,
            None => self.first,
        }
    }
}

/// When an offset ends that still holds at `low` and no longer at `high`; to the minute, as zones change.
fn change(mut low: u64, mut high: u64, before: i32, offset: impl Fn(u64) -> i32) -> u64 {
    const MINUTE_MS: u64 = 60_000;
    while high - low > MINUTE_MS {
        let middle = (low + (high - low) / 2) / MINUTE_MS * MINUTE_MS;
        let middle = if middle > low {
            middle
        } else {
            low + MINUTE_MS
        };
        if offset(middle) == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    high / MINUTE_MS * MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: u64 = 3_600_000;
    const DAY_MS: u64 = 24 * HOUR_MS;
    // 29 March and 25 October 2026, 01:00 UTC.
    const SPRING: u64 = 1_774_746_000_000;
    const AUTUMN: u64 = 1_792_890_000_000;

    fn berlin() -> Zone {
        Zone::new(60, [(SPRING, 120), (AUTUMN, 60)])
    }

    #[test]
    fn the_rules_at_the_time() {
        let berlin = berlin();
        for (at, minutes) in [
            (0, 60),
            (SPRING - 1, 60),
            (SPRING, 120),
            (AUTUMN - 1, 120),
            (AUTUMN, 60),
            (u64::MAX, 60),
        ] {
            assert_eq!(berlin.offset(at), minutes, "{at}");
        }
    }

    #[test]
    fn a_zone_that_is_asked_is_the_same() {
        let lord_howe = Zone::new(660, [(SPRING, 630), (SPRING + 182 * DAY_MS, 660)]);
        let fasting = Zone::new(
            60,
            [
                (SPRING, 0),
                (SPRING + 30 * DAY_MS, 60),
                (AUTUMN + 17 * HOUR_MS, 62),
            ],
        );
        for zone in [berlin(), lord_howe, fasting, Zone::fixed(-570)] {
            assert_eq!(
                Zone::asked(AUTUMN + 400 * DAY_MS, |at| zone.offset(at)),
                zone
            );
        }
    }

    #[test]
    fn what_is_past_is_left_out_and_changes_nothing_later() {
        let berlin = berlin();
        for from in [0, SPRING - 1, SPRING, SPRING + 1, AUTUMN, u64::MAX] {
            let since = berlin.since(from);
            for at in [from, SPRING, AUTUMN - 1, AUTUMN, u64::MAX] {
                if at >= from {
                    assert_eq!(since.offset(at), berlin.offset(at), "{at} since {from}");
                }
            }
        }
        assert_eq!(berlin.since(AUTUMN), Zone::fixed(60));
    }

    #[test]
    fn a_table_is_bounded_and_its_newest_part_stays() {
        let many = (0..10_000).map(|n| (n * DAY_MS, i32::from(n % 2 == 0) * 60));
        let zone = Zone::new(0, many);
        assert_eq!(zone.changes.len(), MAX_CHANGES);
        assert_eq!(zone.offset(9_998 * DAY_MS), 60);
        assert_eq!(zone.offset(9_999 * DAY_MS), 0);
        assert_eq!(Zone::fixed(i32::MAX).offset(0), MAX_MINUTES);
    }
}

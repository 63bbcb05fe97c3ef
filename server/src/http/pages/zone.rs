//! The viewer's zone, from what the page's cookie says of it.

use app::{
    account::DevicesPage,
    boot::{BootPage, Zone},
};
use jiff::Timestamp;

use crate::zones::known_zone;

/// How far ahead the changes of a zone are looked up, in milliseconds: two years.
const AHEAD_MS: u64 = 2 * 366 * 86_400_000;

/// From the cookie: `60/Europe/Berlin`, minutes east of UTC and a name; either may be missing. A name that is not known here (a browser may
/// know newer ones) leaves the minutes; what says nothing is UTC.
pub(super) fn zone(said: &str, now_ms: u64) -> Zone {
    let (minutes, name) = said.split_once('/').unwrap_or((said, ""));
    named(name, now_ms).unwrap_or_else(|| Zone::fixed(minutes.parse().unwrap_or_default()))
}

fn named(name: &str, now_ms: u64) -> Option<Zone> {
    let zone = known_zone(name)?;
    let minutes = |seconds: i32| seconds / 60;
    let first = minutes(zone.to_offset(Timestamp::UNIX_EPOCH).seconds());
    let until_ms = now_ms.saturating_add(AHEAD_MS);
    let changes = zone.following(Timestamp::UNIX_EPOCH).map_while(|change| {
        let from_ms = u64::try_from(change.timestamp().as_millisecond()).ok()?;
        (from_ms < until_ms).then_some((from_ms, minutes(change.offset().seconds())))
    });
    Some(Zone::new(first, changes))
}

/// The oldest time that a page shows.
pub(super) fn oldest(page: &BootPage) -> Option<u64> {
    if let BootPage::Devices(DevicesPage { sign_ins, .. }) = page {
        return sign_ins.iter().map(|one| one.seen_at).min();
    }
    if let BootPage::List { page, .. } = page {
        let items = page.iter().flat_map(|page| &page.items);
        return items.map(|item| item.message.at).min();
    }
    let open = page.chat()?.open.as_ref()?;
    let notes = open.notes.iter().map(|note| note.at);
    let messages = open.messages.iter().map(|message| message.at);
    let thread = open.thread.iter();
    let replies = thread.flat_map(|open| {
        let replies = open.messages.iter().map(|message| message.at);
        replies.chain(open.root.iter().map(|first| first.at))
    });
    messages.chain(notes).chain(replies).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    // 27 November 2026.
    const NOW: u64 = 1_795_737_600_000;

    /// Minutes east of UTC at some times, given as people write them.
    fn offsets<const N: usize>(said: &str, times: [&str; N]) -> [i32; N] {
        let zone = zone(said, NOW);
        times.map(|time| {
            let at: Timestamp = time.parse().unwrap();
            zone.offset(u64::try_from(at.as_millisecond()).unwrap())
        })
    }

    #[test]
    fn the_rules_at_the_time() {
        assert_eq!(
            offsets(
                "60/Europe/Berlin",
                [
                    "1975-07-01T00:00Z",
                    "2026-03-29T00:59:59Z",
                    "2026-03-29T01:00Z",
                    "2026-07-15T22:30Z",
                    "2026-10-25T00:59Z",
                    "2026-10-25T01:00Z",
                    "2027-07-01T00:00Z",
                ]
            ),
            [60, 60, 120, 120, 120, 60, 120]
        );
        // Half an hour.
        assert_eq!(
            offsets(
                "660/Australia/Lord_Howe",
                ["2026-07-01T00:00Z", "2026-12-01T00:00Z"]
            ),
            [630, 660]
        );
        // No summer time any more, and another zone for three years.
        assert_eq!(
            offsets(
                "180/Europe/Moscow",
                [
                    "2010-07-01T00:00Z",
                    "2012-01-01T00:00Z",
                    "2026-07-01T00:00Z"
                ]
            ),
            [240, 240, 180]
        );
        assert_eq!(
            offsets(
                "540/Asia/Pyongyang",
                [
                    "2015-01-01T00:00Z",
                    "2016-01-01T00:00Z",
                    "2026-01-01T00:00Z"
                ]
            ),
            [540, 510, 540]
        );
        // A day that was left out.
        assert_eq!(
            offsets(
                "780/Pacific/Apia",
                ["2011-12-30T09:00Z", "2011-12-30T11:00Z"]
            ),
            [-600, 840]
        );
        // Not in the month of fasting.
        assert_eq!(
            offsets(
                "60/Africa/Casablanca",
                [
                    "2026-02-01T00:00Z",
                    "2026-03-01T00:00Z",
                    "2026-04-01T00:00Z"
                ]
            ),
            [60, 0, 60]
        );
        assert_eq!(
            offsets(
                "345/Asia/Kathmandu",
                ["1980-01-01T00:00Z", "2026-01-01T00:00Z"]
            ),
            [330, 345]
        );
    }

    #[test]
    fn what_is_not_known_leaves_the_minutes() {
        for said in [
            "-210",
            "-210/",
            "-210/Mars/Olympus_Mons",
            "-210/../../etc/passwd",
            "-210/Etc/Unknown",
            &format!("-210/{}", "x".repeat(4_000)),
        ] {
            assert_eq!(zone(said, NOW), Zone::fixed(-210), "{said}");
        }
        for said in ["", "/", "x", "99999999999999/", "Europe/Berlin"] {
            assert_eq!(zone(said, NOW), Zone::default(), "{said}");
        }
        assert_eq!(zone("99999", NOW), Zone::fixed(24 * 60));
        // The name counts: the minutes may be of a page of last summer.
        assert_eq!(offsets("120/europe/berlin", ["2026-12-01T00:00Z"]), [60]);
    }
}

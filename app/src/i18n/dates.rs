//! Days and times as people say them, in their own zone.

use client::rows::{Day, Zone, local};

use super::Lang;
use crate::boot::Boot;

/// What a time is said by: a language, a zone, and what time it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimeFormat {
    /// The language.
    pub(crate) lang: Lang,
    /// The viewer's zone.
    pub(crate) zone: Zone,
    /// Whether it has twelve hours.
    pub(crate) hour12: bool,
    /// Now, in milliseconds since the epoch.
    pub(crate) now_ms: u64,
}

#[cfg(not(feature = "hydrate"))]
const MINUTE_MS: u64 = 60_000;
#[cfg(not(feature = "hydrate"))]
const HOUR_MS: u64 = 60 * MINUTE_MS;

impl From<&Boot> for TimeFormat {
    fn from(boot: &Boot) -> Self {
        Self {
            lang: boot.lang,
            zone: boot.zone.clone(),
            hour12: boot.hour12,
            now_ms: boot.now_ms,
        }
    }
}

impl TimeFormat {
    /// "09:26", or "9:26 AM" with twelve hours: they begin with 12.
    pub(crate) fn time(&self, at_ms: u64) -> String {
        let (hour, minute) = local(at_ms, &self.zone).1.clock();
        if !self.hour12 {
            return format!("{hour:02}:{minute:02}");
        }
        let time = format!("{}:{minute:02}", (hour + 11) % 12 + 1);
        (self.lang.words().time.half_day)(&time, hour >= 12)
    }

    /// A day in a line of its own: "Today", "Yesterday", "Fri 20 Nov", "Thu 20 Nov 2025".
    pub(crate) fn day(&self, day: Day) -> String {
        self.near(day).unwrap_or_else(|| {
            let (words, date) = (&self.lang.words().time, day.date());
            let month = words.months_short[usize::from(date.month - 1) % 12];
            (words.day)(
                words.weekdays_short[usize::from(date.weekday) % 7],
                date.day,
                month,
                self.year(day),
            )
        })
    }

    /// A day and a time: "Yesterday, 21:50", "3 November, 09:26".
    pub(crate) fn at(&self, at_ms: u64) -> String {
        let (day, _) = local(at_ms, &self.zone);
        let said = self.near(day).unwrap_or_else(|| self.date(day));
        (self.lang.words().time.at)(&said, &self.time(at_ms))
    }

    /// In a list: a time of today, else its day: "09:26", "Yesterday", "Fri 20 Nov".
    pub(crate) fn brief(&self, at_ms: u64) -> String {
        let (day, _) = local(at_ms, &self.zone);
        if day == self.today() {
            self.time(at_ms)
        } else {
            self.day(day)
        }
    }

    /// From when on something is: a time of today, else with its day.
    pub(crate) fn since(&self, at_ms: u64) -> String {
        if local(at_ms, &self.zone).0 == self.today() {
            self.time(at_ms)
        } else {
            self.at(at_ms)
        }
    }

    /// How long ago it was, as it matters for a device: "Now", "12 minutes ago", "Yesterday, 21:50", "3 November".
    #[cfg(not(feature = "hydrate"))]
    pub(crate) fn ago(&self, at_ms: u64) -> String {
        let words = &self.lang.words().settings;
        let past = self.now_ms.saturating_sub(at_ms);
        let (day, _) = local(at_ms, &self.zone);
        match past {
            0..MINUTE_MS => words.now.to_owned(),
            MINUTE_MS..HOUR_MS => (words.minutes_ago)(past / MINUTE_MS),
            _ if self.near(day).is_some() => self.at(at_ms),
            _ => self.date(day),
        }
    }

    /// A day to come: its weekday within the week, its date beyond.
    pub(crate) fn until(&self, at_ms: u64) -> String {
        let (day, _) = local(at_ms, &self.zone);
        let words = &self.lang.words().time;
        match day.0 - self.today().0 {
            0 => words.today.to_owned(),
            1..7 => words.weekdays[usize::from(day.date().weekday) % 7].to_owned(),
            _ => self.date(day),
        }
    }

    /// The day that it is.
    pub(crate) fn today(&self) -> Day {
        local(self.now_ms, &self.zone).0
    }

    fn near(&self, day: Day) -> Option<String> {
        let words = &self.lang.words().time;
        match self.today().0 - day.0 {
            0 => Some(words.today.to_owned()),
            1 => Some(words.yesterday.to_owned()),
            _ => None,
        }
    }

    fn date(&self, day: Day) -> String {
        let (words, date) = (&self.lang.words().time, day.date());
        (words.date)(
            date.day,
            words.months[usize::from(date.month - 1) % 12],
            self.year(day),
        )
    }

    /// The year, where it is not this one.
    fn year(&self, day: Day) -> Option<i64> {
        let year = day.date().year;
        (year != self.today().date().year).then_some(year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Monday 23 November 2026, 02:13:20 UTC; 10:13 in China.
    const NOW: u64 = 1_795_400_000_000;
    const DAY: u64 = 86_400_000;

    fn clock(lang: Lang, tz_min: i32) -> TimeFormat {
        TimeFormat {
            lang,
            zone: Zone::fixed(tz_min),
            hour12: false,
            now_ms: NOW,
        }
    }

    #[test]
    fn a_clock_of_twelve_hours_begins_with_twelve() {
        let at = |lang, tz_min| {
            let twelve = TimeFormat {
                hour12: true,
                ..clock(lang, tz_min)
            };
            twelve.time(NOW)
        };
        // 02:13 UTC.
        for (tz_min, said) in [
            (0, "2:13\u{a0}AM"),
            (-120, "12:13\u{a0}AM"),
            (480, "10:13\u{a0}AM"),
            (600, "12:13\u{a0}PM"),
            (660, "1:13\u{a0}PM"),
            (-180, "11:13\u{a0}PM"),
        ] {
            assert_eq!(at(Lang::En, tz_min), said);
        }
        assert_eq!(
            [at(Lang::Zh, 480), at(Lang::Zh, 600)],
            ["上午10:13", "下午12:13"]
        );
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let (en, zh) = (clock(Lang::En, 480), clock(Lang::Zh, 480));
        let day = |ago: u64| local(NOW - ago * DAY, &Zone::fixed(480)).0;
        assert_eq!(
            [en.day(day(0)), en.day(day(1)), en.day(day(3))],
            ["Today", "Yesterday", "Fri 20 Nov"]
        );
        assert_eq!(
            [zh.day(day(0)), zh.day(day(1)), zh.day(day(3))],
            ["今天", "昨天", "11月20日 周五"]
        );
        assert_eq!(
            [0, 1, 3].map(|ago| en.brief(NOW - ago * DAY)),
            ["10:13", "Yesterday", "Fri 20 Nov"]
        );
        assert_eq!(en.day(day(365)), "Sun 23 Nov 2025");
        assert_eq!(zh.day(day(365)), "2025年11月23日 周日");
    }

    #[test]
    fn the_day_is_the_viewers() {
        let late = NOW - 3 * HOUR_MS;
        assert_eq!(clock(Lang::En, 480).at(late), "Today, 07:13");
        assert_eq!(clock(Lang::En, 0).at(late), "Yesterday, 23:13");
        assert_eq!(clock(Lang::Zh, -300).at(late), "今天 18:13");
    }

    #[test]
    fn summer_is_told_in_summer_time() {
        // 29 March and 25 October 2026, 01:00 UTC.
        let berlin = Zone::new(60, [(1_774_746_000_000, 120), (1_792_890_000_000, 60)]);
        let clock = TimeFormat {
            zone: berlin,
            ..clock(Lang::En, 0)
        };
        // 15 July 2026, 22:30 UTC.
        let at = 1_784_154_600_000;
        assert_eq!(clock.time(at), "00:30");
        assert_eq!(clock.at(at), "16 July, 00:30");
        assert_eq!(clock.day(local(at, &clock.zone).0), "Thu 16 Jul");
        assert_eq!(clock.at(NOW), "Today, 03:13");
    }

    #[test]
    fn the_past_and_the_future() {
        let (en, zh) = (clock(Lang::En, 480), clock(Lang::Zh, 480));
        assert_eq!(en.ago(NOW + 5), "Now");
        assert_eq!(
            [en.ago(NOW - MINUTE_MS), en.ago(NOW - 12 * MINUTE_MS)],
            ["1 minute ago", "12 minutes ago"]
        );
        assert_eq!(en.ago(NOW - DAY), "Yesterday, 10:13");
        assert_eq!(
            [en.ago(NOW - 20 * DAY), zh.ago(NOW - 20 * DAY)],
            ["3 November", "11月3日"]
        );
        assert_eq!(
            [en.until(NOW + 4 * DAY), zh.until(NOW + 4 * DAY)],
            ["Friday", "周五"]
        );
        assert_eq!(en.until(NOW + 40 * DAY), "2 January 2027");
    }

    #[test]
    fn no_time_is_too_odd() {
        for at in [0, 1, u64::MAX / 2, u64::MAX] {
            for tz in [-1_440, 0, 1_440, i32::MAX, i32::MIN] {
                let clock = TimeFormat {
                    lang: Lang::Zh,
                    zone: Zone::fixed(tz),
                    hour12: true,
                    now_ms: at,
                };
                assert!(
                    !clock.at(at).is_empty()
                        && !clock.until(at).is_empty()
                        && !clock.ago(0).is_empty()
                );
            }
        }
    }
}

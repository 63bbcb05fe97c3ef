//! Local days and times, from milliseconds and a zone. Server and browser compute the same, so both draw the same page.

use super::Zone;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// A local day: days since 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// A day of the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year.
    pub year: i64,
    /// 1…12.
    pub month: u8,
    /// 1…31.
    pub day: u8,
    /// 0 for Monday … 6 for Sunday.
    pub weekday: u8,
}

/// Minutes since local midnight, 0…1439.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minute(pub u16);

/// The local day and minute of a time, by the zone's rules at that time. `at_ms` is UTC since the epoch.
pub fn local(at_ms: u64, zone: &Zone) -> (Day, Minute) {
    let ms = i64::try_from(at_ms)
        .unwrap_or(i64::MAX)
        .saturating_add(i64::from(zone.offset(at_ms)) * 60_000);
    let minute = u16::try_from(ms.rem_euclid(DAY_MS) / 60_000).unwrap_or_default();
    (Day(ms.div_euclid(DAY_MS)), Minute(minute))
}

impl Day {
    /// The day's date, in years of 400-year cycles that begin in March, so that the leap day comes last.
    pub fn date(self) -> Date {
        let days = self.0.saturating_add(719_468);
        let cycle = days.div_euclid(146_097);
        let in_cycle = days.rem_euclid(146_097);
        let year = (in_cycle - in_cycle / 1_460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
        let in_year = in_cycle - (365 * year + year / 4 - year / 100);
        let from_march = (5 * in_year + 2) / 153;
        let day = in_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let small = |n: i64| u8::try_from(n).unwrap_or_default();
        Date {
            year: year + cycle * 400 + i64::from(month <= 2),
            month: small(month),
            day: small(day),
            weekday: small((self.0 + 3).rem_euclid(7)),
        }
    }
}

impl Minute {
    /// Hour, 0…23, and minute, 0…59.
    pub const fn clock(self) -> (u16, u16) {
        (self.0 / 60, self.0 % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Zone, Day, Minute};

    fn local(at_ms: u64, tz_min: i32) -> (Day, Minute) {
        super::local(at_ms, &Zone::fixed(tz_min))
    }

    fn date(at_ms: u64, tz_min: i32) -> (i64, u8, u8, u8) {
        let date = local(at_ms, tz_min).0.date();
        (date.year, date.month, date.day, date.weekday)
    }

    #[test]
    fn known_dates() {
        assert_eq!(date(0, 0), (1970, 1, 1, 3));
        assert_eq!(date(951_782_400_000, 0), (2000, 2, 29, 1));
        assert_eq!(date(1_795_400_000_000, 0), (2026, 11, 23, 0));
        assert_eq!(date(4_107_542_400_000, 0), (2100, 3, 1, 0));
        assert_eq!(date(0, -60), (1969, 12, 31, 2));
    }

    #[test]
    fn midnight_is_local() {
        let last = 1_795_392_000_000 - 1;
        assert_eq!(local(last, 0).1.clock(), (23, 59));
        assert_eq!(local(last + 1, 0).1.clock(), (0, 0));
        assert_eq!(local(last, 480).0, Day(local(last, 0).0.0 + 1));
        assert_eq!(local(last, 345).1.clock(), (5, 44));
        assert_eq!(local(last + 1, -210).0, local(last, 0).0);
    }

    #[test]
    fn days_follow_each_other_through_leap_years() {
        let mut before = Day(-150_000).date();
        for day in -149_999..150_000 {
            let date = Day(day).date();
            let next = date.day == before.day + 1 && date.month == before.month;
            let turned = date.day == 1 && before.day >= 28 && date.month == before.month % 12 + 1;
            assert!(next || turned, "{before:?} {date:?}");
            assert_eq!(date.weekday, (before.weekday + 1) % 7);
            before = date;
        }
    }
}

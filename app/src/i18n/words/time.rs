//! Words of days and times.

use super::With2;

/// Days and times. Weekdays begin with Monday, months with January.
pub struct Time {
    pub today: &'static str,
    pub yesterday: &'static str,
    pub weekdays: [&'static str; 7],
    pub weekdays_short: [&'static str; 7],
    pub months: [&'static str; 12],
    pub months_short: [&'static str; 12],
    /// A day in a line of its own: "Fri 20 Nov".
    pub day: fn(weekday: &str, day: u8, month: &str, year: Option<i64>) -> String,
    /// A day in a sentence: "3 November".
    pub date: fn(day: u8, month: &str, year: Option<i64>) -> String,
    /// A time of a clock with twelve hours: "9:26 AM".
    pub half_day: fn(time: &str, afternoon: bool) -> String,
    /// A day and a time: "Yesterday, 21:50".
    pub at: With2,
}

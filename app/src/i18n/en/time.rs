//! English words of days and times.

use crate::i18n::words::Time;

pub(super) const TIME: Time = Time {
    today: "Today",
    yesterday: "Yesterday",
    weekdays: [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ],
    weekdays_short: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    months_short: [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    day: |weekday, day, month, year| match year {
        None => format!("{weekday} {day} {month}"),
        Some(year) => format!("{weekday} {day} {month} {year}"),
    },
    date: |day, month, year| match year {
        None => format!("{day} {month}"),
        Some(year) => format!("{day} {month} {year}"),
    },
    half_day: |time, afternoon| format!("{time}\u{a0}{}", if afternoon { "PM" } else { "AM" }),
    at: |day, time| format!("{day}, {time}"),
};

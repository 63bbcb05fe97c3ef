//! Chinese words of days and times.

use crate::i18n::words::Time;

pub(super) const TIME: Time = Time {
    today: "今天",
    yesterday: "昨天",
    weekdays: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    weekdays_short: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    months: [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
    ],
    months_short: [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
    ],
    day: |weekday, day, month, year| match year {
        None => format!("{month}月{day}日 {weekday}"),
        Some(year) => format!("{year}年{month}月{day}日 {weekday}"),
    },
    date: |day, month, year| match year {
        None => format!("{month}月{day}日"),
        Some(year) => format!("{year}年{month}月{day}日"),
    },
    half_day: |time, afternoon| format!("{}{time}", if afternoon { "下午" } else { "上午" }),
    at: |day, time| format!("{day} {time}"),
};

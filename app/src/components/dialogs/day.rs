//! Jump to a day: the room, at the first message of a day in the viewer's zone.

use client::rows::{Day, Zone, local};
use leptos::{ev, prelude::*};
use protocol::{FirstSince, RoomId};

use super::{
    harmless,
    room_field::{WrongField, field, refuse, typed},
    title,
};
use crate::{
    live::{Live, api::ApiRefusal},
    route::Route,
};
use view::{Part, View, many, tag};

/// The id of the field.
const FIELD: &str = "day";

const MINUTE_MS: u64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;

/// The question, with the day that stands in the field first.
pub(super) fn day(room: RoomId, from: Day) -> View {
    let live = Live::here();
    let words = &live.ui().words.dialog;
    let wrong = RwSignal::new(None::<WrongField>);
    let jump = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let turn = live.ui().focus_turn();
        let refuse = move |why: &str| refuse(live, wrong, turn, (FIELD, why.to_owned()));
        let typed = typed(live, FIELD);
        if typed.is_empty() {
            return refuse(words.day_hint);
        }
        let at = live.clock().with_untracked(|clock| {
            let day = day_of(&typed, clock.today());
            begins(day, &clock.zone)
        });
        let path = format!("/rooms/{room}/day?at={at}");
        live.api().get(
            &path,
            move |answer: Result<FirstSince, ApiRefusal>| match answer {
                Ok(FirstSince { seq: Some(seq) }) => {
                    live.close_dialog();
                    live.navigation().go(Route::Room(room, Some(seq)));
                }
                Ok(_) => refuse(words.day_none),
                Err(_) => live.api().complain(),
            },
        );
    };
    many()
        .child(title(words.day_title.to_owned()))
        .child(
            tag::form("")
                .on(ev::submit, jump)
                .child(field(
                    "date",
                    FIELD,
                    words.day,
                    words.day_hint,
                    &written(from),
                    wrong,
                ))
                .child(
                    tag::div("ends")
                        .child(harmless(live, live.ui().words.common.cancel))
                        .child(
                            tag::button("btn primary")
                                .attr("type", "submit")
                                .child(words.day_go),
                        ),
                ),
        )
        .view()
}

/// A day as the field has it: `2026-11-20`.
fn written(day: Day) -> String {
    let date = day.date();
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// The first number from `low` on that fits, of numbers of which all fit after the first that does; `high` if none before it does.
fn first(mut low: i64, mut high: i64, fits: &dyn Fn(i64) -> bool) -> i64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if fits(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The day that is written so: from 1970 to the one after today.
fn day_of(typed: &str, today: Day) -> Day {
    Day(first(0, today.0 + 1, &|day| {
        written(Day(day)).as_str() >= typed
    }))
}

/// When a day begins in a zone, in milliseconds since the epoch: not always at midnight.
fn begins(day: Day, zone: &Zone) -> u64 {
    let ms = |minute: i64| u64::try_from(minute).unwrap_or_default() * MINUTE_MS;
    let midnight = day.0 * DAY_MINUTES;
    ms(first(
        midnight - DAY_MINUTES,
        midnight + DAY_MINUTES,
        &|minute| local(ms(minute), zone).0 >= day,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Friday 20 November 2026.
    const FRIDAY: Day = Day(20_777);
    const DAY_MS: u64 = 86_400_000;

    #[test]
    fn a_day_is_read_as_it_is_written() {
        assert_eq!(written(FRIDAY), "2026-11-20");
        for day in [0, 1, 58, 59, 11_016, FRIDAY.0 - 1, FRIDAY.0] {
            assert_eq!(day_of(&written(Day(day)), FRIDAY), Day(day));
        }
        assert_eq!(day_of("2031-01-01", FRIDAY), Day(FRIDAY.0 + 1));
        assert_eq!(day_of("1912-01-01", FRIDAY), Day(0));
    }

    #[test]
    fn a_day_begins_by_the_clocks_of_its_zone() {
        let utc = 20_777 * DAY_MS;
        for (minutes, begin) in [
            (0, utc),
            (8 * 60, utc - 8 * 3_600_000),
            (-570, utc + 570 * MINUTE_MS),
        ] {
            assert_eq!(begins(FRIDAY, &Zone::fixed(minutes)), begin, "{minutes}");
        }
        // Clocks go on at midnight: the day begins at one.
        let skips = Zone::new(-240, [(utc + 4 * 3_600_000, -180)]);
        assert_eq!(begins(FRIDAY, &skips), utc + 4 * 3_600_000);
        assert_eq!(begins(Day(0), &Zone::fixed(60)), 0);
    }
}

//! The sheet of keys (`keys.rs` and `live/composer_keys.rs` have what they do).

use super::side_head;
use crate::{i18n::Words, live::Live};
use view::{Part, View, many, tag};

/// What keys do in a place: what each does, and the keys to be pressed together, or one of them.
type Keys = (&'static str, Vec<(&'static str, &'static [&'static str])>);

/// The keys, by place.
pub(super) fn keys() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let places = [
        going(words),
        moving(words),
        on_message(words),
        writing(words),
    ];
    let title = many()
        .child(words.keys.title)
        .child(" ")
        .child(tag::span("grow").child(words.keys.hint));
    many()
        .child(side_head(live, "keys-close", title.view()))
        .child(
            tag::div("places")
                .attr("tabindex", "0")
                .child(places.into_iter().map(place).collect::<Vec<_>>()),
        )
        .view()
}

fn going(words: &Words) -> Keys {
    let keys = &words.keys;
    let does: Vec<(_, &[_])> = vec![
        (keys.find, &["Ctrl", "K"]),
        (keys.rooms, &["Alt", "↓", "↑"]),
        (keys.unread_rooms, &["Alt", "Shift", "↓", "↑"]),
        (words.personal.for_you, &["G", "F"]),
        (keys.panes, &["F6"]),
    ];
    (keys.go, does)
}

fn moving(words: &Words) -> Keys {
    let keys = &words.keys;
    let does: Vec<(_, &[_])> = vec![
        (keys.messages, &["J", "K"]),
        (keys.ends, &["Home", "End"]),
        (words.dialog.day_title, &["G", "D"]),
        (keys.next_mention, &["N"]),
        (keys.mark_read, &["Shift", "Esc"]),
    ];
    (keys.timeline, does)
}

fn on_message(words: &Words) -> Keys {
    let (keys, message) = (&words.keys, &words.message);
    let does: Vec<(_, &[_])> = vec![
        (keys.react, &["+"]),
        (message.reply, &["R"]),
        (words.threads.reply, &["T"]),
        (keys.edit, &["E"]),
        (words.personal.save, &["S"]),
        (words.pins.pin, &["P"]),
        (message.copy_link, &["L"]),
        (message.mark_unread, &["U"]),
        (keys.menu, &["."]),
        (message.delete, &["Del"]),
    ];
    (keys.on_message, does)
}

fn writing(words: &Words) -> Keys {
    let keys = &words.keys;
    let does: Vec<(_, &[_])> = vec![
        (keys.send, &["Enter"]),
        (keys.new_line, &["Shift", "Enter"]),
        (keys.edit_last, &["↑"]),
        (keys.complete, &["Tab"]),
        (keys.leave, &["Esc"]),
    ];
    (keys.writing, does)
}

fn place((title, does): Keys) -> View {
    let row = |(says, pressed): (&'static str, &'static [&'static str])| {
        let pressed: Vec<View> = pressed
            .iter()
            .map(|&key| tag::kbd("").child(key).view())
            .collect();
        tag::li("")
            .child(tag::span("").child(says))
            .child(" ")
            .child(tag::span("pressed").child(pressed))
            .view()
    };
    tag::section("")
        .child(tag::h3("").child(title))
        .child(tag::ul("").child(does.into_iter().map(row).collect::<Vec<_>>()))
        .view()
}

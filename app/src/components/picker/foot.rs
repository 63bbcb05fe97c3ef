//! The foot of the picker: what the chosen emoji is called, and the skin tones.

use leptos::{ev, prelude::*};

use super::Picker;
use crate::live::emoji::{Emoji, titled, titles};
use view::{Part, View, dynamic, many, tag};

pub(super) fn foot(picker: Picker) -> View {
    let emoji = picker.live.emoji();
    let name = dynamic(move || {
        let line = picker.at(emoji.active.get())?;
        let one = Emoji(&line);
        let name = many()
            .child(tag::span("emoji").child(one.toned(emoji.tone())))
            .child(tag::span("").child(format!(":{}:", one.code_for(""))))
            .child(
                tag::small("")
                    .attr("lang", "zh")
                    .child(one.names()[1].to_owned()),
            );
        Some(name)
    });
    let tone = |(at, line): (u8, &str)| {
        let (hand, names) = titled(line);
        tag::label("tone")
            .attr("title", picker.name(names))
            .child(
                tag::input("sr")
                    .attr("type", "radio")
                    .attr("name", "tone")
                    .attr("aria-label", picker.name(names))
                    .checked(move || emoji.tone() == at)
                    .on(ev::change, move |_| picker.live.emoji_choice().tone(at)),
            )
            .child(
                tag::span("emoji")
                    .attr("aria-hidden", "true")
                    .child(hand.to_owned()),
            )
            .view()
    };
    let tones: Vec<View> = emoji.table.with_untracked(|table| {
        let tones = titles(table, '~').into_iter();
        (0..).zip(tones).map(tone).collect()
    });
    tag::div("tones")
        .child(tag::div("name").attr("aria-hidden", "true").child(name))
        .child(
            tag::div("em")
                .attr("role", "radiogroup")
                .attr("aria-label", picker.live.ui().words.composer.skin_tone)
                .child(tones),
        )
        .view()
}

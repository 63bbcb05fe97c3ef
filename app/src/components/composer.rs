//! The composer: the transcript's next line.

use client::Link;
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::{RoomKind, limits::TEXT_CHARS};

use super::avatar::avatar;
use crate::text::{first_words, isolated};
use crate::{
    live::{
        Live, Picking,
        compose::{Does, FIELD, Length, Mode, Pressed, does, length},
        rooms::room_label,
    },
    ui::{bdi, icon, icon_small},
};
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// The composer of the open room.
pub(crate) fn composer() -> View {
    let live = Live::here();
    let compose = live.compose();
    let how_long = derived(move || compose.text.with(|text| length(text)));
    let over = move || matches!(how_long.get(), Length::Over(_));
    let label = derived(move || label(live));
    tag::form("write js-only")
        .on(ev::submit, move |event| {
            event.prevent_default();
            live.composer().send();
        })
        .child(
            tag::span("who")
                .attr("aria-hidden", "true")
                .child(move || live.me().get().display_name),
        )
        .child(
            tag::div("composer")
                .class_when("too-long", over)
                .child(mode_line(live))
                .child(
                    tag::div("line")
                        .child(move || live.me().with(|me| avatar(me.id, &me.display_name, "")))
                        .child(
                            tag::div("")
                                .child(
                                    tag::label("sr")
                                        .attr("for", FIELD)
                                        .child(move || label.get()),
                                )
                                .child(
                                    tag::textarea("")
                                        .attr("id", FIELD)
                                        .attr("rows", "1")
                                        .attr("placeholder", move || label.get())
                                        .attr("enterkeyhint", "send")
                                        .attr("autocomplete", "off")
                                        .attr("dir", "auto")
                                        .attr("aria-describedby", "composer-foot")
                                        .attr("aria-invalid", move || over().then_some("true"))
                                        .on(ev::input, move |event| {
                                            live.composer().typed(event_target_value(&event));
                                        })
                                        .on(ev::keydown, move |event| press(live, &event)),
                                ),
                        )
                        .child(buttons(live, how_long)),
                )
                .child(
                    tag::div("")
                        .attr("id", "composer-foot")
                        .child(foot(live, how_long)),
                ),
        )
        .view()
}

/// What the field is for: "Write to #general", "Edit your message".
fn label(live: Live) -> String {
    let words = &live.ui().words.composer;
    if matches!(live.compose().mode.get(), Mode::Edit(_)) {
        return words.edit_yours.to_owned();
    }
    live.open().with(|open| match open {
        Some(room) if room.kind == RoomKind::Direct => {
            (words.write_to_person)(&isolated(&room.name))
        }
        Some(room) => (words.write_to)(&room_label(room)),
        None => String::new(),
    })
}

fn press(live: Live, event: &KeyboardEvent) {
    let pressed = Pressed {
        key: event.key(),
        shift: event.shift_key(),
        chord: event.ctrl_key() || event.meta_key() || event.alt_key(),
        composing: event.is_composing() || event.key_code() == 229,
    };
    let empty = live.compose().text.with_untracked(String::is_empty);
    let Some(does) = does(&pressed, live.compose().mode.get_untracked(), empty) else {
        return;
    };
    event.prevent_default();
    match does {
        Does::Send => live.composer().send(),
        Does::Leave => {
            event.stop_propagation();
            live.composer().leave_mode();
        }
        Does::EditLast => live.composer().edit_last(),
    }
}

/// The line above the field, while one replies or edits.
fn mode_line(live: Live) -> View {
    let words = &live.ui().words.composer;
    let leave = move |_| live.composer().leave_mode();
    let close = move |says: &'static str| {
        tag::button("icon-btn s")
            .attr("type", "button")
            .attr("aria-label", says)
            .attr("title", says)
            .on(ev::click, leave)
            .child(icon("x"))
    };
    dynamic(move || match live.compose().mode.get() {
        Mode::Plain => ().view(),
        Mode::Reply(seq) => tag::div("over")
            .child(icon_small("reply"))
            .child(tag::span("grow").child(replying_to(live, seq)))
            .child(close(words.stop_replying))
            .view(),
        Mode::Edit(seq) => {
            let time = live
                .composer()
                .said(seq)
                .map(|(_, at, _)| live.clock().get_untracked().time(at))
                .unwrap_or_default();
            tag::div("over")
                .child(icon_small("edit"))
                .child(tag::span("grow").child((words.editing_of)(&time)))
                .child(tag::kbd("").attr("aria-hidden", "true").child("Esc"))
                .child(close(words.stop_editing))
                .view()
        }
    })
}

/// "Replying to 周明 · 加了 keepalive"
fn replying_to(live: Live, seq: u64) -> View {
    let words = &live.ui().words.composer;
    let Some((by, _, text)) = live.composer().said(seq) else {
        return ().view();
    };
    let name = live.people().name(by);
    let says = (words.replying_to)(&name);
    let (before, after) = says.split_once(&name).unwrap_or((&says, ""));
    many()
        .child(before.to_owned())
        .child(tag::b("").child(bdi(&name)))
        .child(after.to_owned())
        .child(live.ui().words.common.dot)
        .child(tag::span("").attr("dir", "auto").child(first_words(&text)))
        .view()
}

/// Emoji and send. Send is never disabled: it says that it does nothing, and keeps its place for the focus.
fn buttons(live: Live, how_long: Derived<Length>) -> View {
    let words = &live.ui().words.composer;
    let idle = move || matches!(how_long.get(), Length::Blank | Length::Over(_));
    let editing = move || matches!(live.compose().mode.get(), Mode::Edit(_));
    let later = derived(move || live.link().with(|link| link.is_down()));
    let says = move || match (editing(), later.get() && !idle()) {
        (true, _) => words.save,
        (false, true) => words.send_later,
        (false, false) => words.send,
    };
    let mark = move || match (editing(), later.get() && !idle()) {
        (true, _) => "check",
        (false, true) => "clock",
        (false, false) => "send",
    };
    tag::div("btns")
        .child(
            tag::button("icon-btn")
                .attr("type", "button")
                .attr("aria-label", words.emoji)
                .attr("title", words.emoji)
                .attr("aria-haspopup", "dialog")
                .on(ev::click, move |_| live.pick(Picking::Text))
                .child(icon("smile")),
        )
        .child(
            tag::button("send")
                // Pressing it leaves the focus in the field, and so a phone its keyboard.
                .on(ev::mousedown, |event| event.prevent_default())
                .class_when("later", move || later.get() && !idle())
                .attr("type", "submit")
                .attr("aria-label", says)
                .attr("title", says)
                .attr("aria-disabled", move || idle().then_some("true"))
                .child(move || icon(mark())),
        )
        .view()
}

/// What there is to say about the text: too long, from another visit, goes out later.
fn foot(live: Live, how_long: Derived<Length>) -> View {
    let words = live.ui().words;
    let count = move |n: u64| (words.composer.of)(n, TEXT_CHARS as u64);
    let down = derived(move || live.link().with(|link| link.is_down()));
    let nobody = live.compose().nobody;
    let ended = derived(move || live.link().with(|link| matches!(link.link, Link::Ended(_))));
    dynamic(move || match (how_long.get(), live.compose().from.get()) {
        (Length::Over(over), _) => tag::div("foot bad")
            .child(tag::span("").child((words.message.too_long)(over)))
            .child(tag::span("n").child(count(TEXT_CHARS as u64 + over)))
            .view(),
        (Length::Near(n), _) => tag::div("foot")
            .child(tag::span("n").child(count(n)))
            .view(),
        (Length::Fine, Some(at)) => {
            let when = live.clock().get_untracked().at(at);
            tag::div("foot")
                .child(tag::span("").child((words.composer.draft_from)(&when)))
                .child(
                    tag::button("btn quiet small")
                        .attr("type", "button")
                        .on(ev::click, move |_| live.drafts().discard_draft())
                        .child(words.message.discard),
                )
                .view()
        }
        (Length::Fine, None) if nobody.with(|name| !name.is_empty()) => nobody_called(live).view(),
        (Length::Fine, None) if down.get() => tag::div("foot")
            .child(tag::span("").child(if ended.get() {
                words.composer.kept
            } else {
                words.composer.later
            }))
            .view(),
        _ => ().view(),
    })
}

/// A name after `@` is nobody's; another may be meant.
fn nobody_called(live: Live) -> View {
    let words = &live.ui().words.composer;
    let name = live.compose().nobody.get();
    let says = (words.nobody)(&format!("@{name}"));
    let meant = live.composer().meant(&name).map(|handle| {
        let call = (words.call_instead)(&format!("@{handle}"));
        tag::button("btn quiet small")
            .attr("type", "button")
            .on(ev::click, move |_| {
                live.composer().call_instead(&name, &handle);
            })
            .child(tag::bdi("").child(call))
    });
    tag::div("foot")
        .child(tag::span("").child(says))
        .child(meant)
        .view()
}

//! An open room: head, timeline, dock.

use leptos::{ev, prelude::*};
use protocol::{RoomId, RoomKind};

use super::{
    composer::composer, connection_banner::connection_banner, message_menu::message_menu,
    missed::missed, picker::picker, room_head::room_head, timeline::timeline, typing::typing,
    unsent::unsent_card,
};
use crate::{live::Live, ui::icon_small};
use view::{Part, View, derived, dynamic, many, tag};

/// The room.
pub(crate) fn room_pane(room: RoomId) -> View {
    let live = Live::here();
    let name = move || {
        live.open().with(|open| {
            open.as_ref()
                .map(|open| open.name.clone())
                .unwrap_or_default()
        })
    };
    tag::section("room")
        .attr("aria-label", name)
        .attr("inert", move || live.drawer())
        .child(room_head(room))
        .child(missed(live))
        .child(timeline(room))
        .child(
            tag::div("dock")
                .child(to_end(live))
                .child(connection_banner())
                .child(typing())
                .child(unsent_card(live, room))
                .child(writing(live)),
        )
        .child(message_menu(room))
        .child(picker())
        .view()
}

/// The composer; for whoever only reads the room, the way in; without scripts, a word about it.
fn writing(live: Live) -> View {
    let words = live.ui().words;
    let member = derived(move || {
        live.open().with(|open| {
            // Only into a public room there is a way.
            let open = open.as_ref()?;
            (open.member || open.kind == RoomKind::Public).then_some(open.member)
        })
    });
    dynamic(move || {
        match member.get() {
            Some(true) => many()
                .child(tag::p("no-js reading").child(words.common.needs_scripts))
                .child(composer())
                .view(),
            Some(false) => join(live).view(),
            None if live.driver().is_over() => many().view(),
            None => tag::p("reading").child(words.message.not_found).view(),
        }
        .view()
    })
}

fn join(live: Live) -> View {
    let words = &live.ui().words.room;
    let act = move |_| {
        if let Some(room) = live.open().get_untracked() {
            live.room_actions().join(room);
        }
    };
    tag::div("reading")
        .child(tag::span("").child(words.read_only))
        .child(
            tag::button("btn primary js-only")
                .attr("type", "button")
                .on(ev::click, act)
                .child(words.join),
        )
        .view()
}

/// The way to the newest message, when it is out of view.
fn to_end(live: Live) -> View {
    let words = &live.ui().words.room;
    dynamic(move || {
        (!live.timeline().at_end.get()).then(|| {
            let below = live.timeline().below.get();
            let says = if below > 0 {
                (words.jump)(below)
            } else {
                String::new()
            };
            let label = if below > 0 { None } else { Some(words.to_end) };
            tag::div("to-end").child(
                tag::button("btn small")
                    .attr("type", "button")
                    .attr("aria-label", label)
                    .attr("title", label)
                    .on(ev::click, move |_| live.scroll().to_end())
                    .child(icon_small("down"))
                    .child(says),
            )
        })
    })
}

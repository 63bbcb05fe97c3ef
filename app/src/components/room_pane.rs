//! An open room: head, timeline, dock.

use leptos::{ev, prelude::*};
use protocol::{ActKind, RoomId, RoomKind, rights::Right};

use super::{
    composer::composer, connection_banner::connection_banner, message_menu::message_menu,
    missed::missed, picker::picker, room_head::room_head, timeline::timeline, typing::typing,
    unsent::unsent_card,
};
use crate::{
    live::{Live, compose::ComposeMode},
    ui::icon_small,
};
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

/// What stands where one writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dock {
    Composer,
    /// Only the creator and admins write.
    ReadOnly,
    Archived,
    /// The first message of the thread was deleted.
    NoRoot,
    /// The way into a public room.
    Join,
}

/// None where there is nothing to write in and no way there.
fn dock(live: Live) -> Option<Dock> {
    let editing = matches!(live.compose().mode.get(), ComposeMode::Edit(_));
    let writes = live.rights().may(Right::Do(ActKind::Send));
    live.open().with(|open| {
        let open = open.as_ref()?;
        if open.archived && (open.member || open.kind == RoomKind::Public) {
            return Some(Dock::Archived);
        }
        if live.in_thread() && !editing && live.thread().is_root_gone() {
            return Some(Dock::NoRoot);
        }
        match (open.member, open.kind) {
            // One's own messages are edited there, too, where one says nothing new.
            (true, _) if writes || editing => Some(Dock::Composer),
            (true, _) => Some(Dock::ReadOnly),
            (false, RoomKind::Public) => Some(Dock::Join),
            _ => None,
        }
    })
}

/// The composer; for whoever only reads the room, the way in, or why there is none; without scripts, a word about it.
pub(super) fn writing(live: Live) -> View {
    let words = live.ui().words;
    let dock = derived(move || dock(live));
    dynamic(move || {
        match dock.get() {
            Some(Dock::Composer) => many()
                .child(tag::p("no-js reading").child(words.common.needs_scripts))
                .child(composer())
                .view(),
            Some(Dock::ReadOnly) => reading(words.room.only_admins_write),
            Some(Dock::Archived) => reading(words.room.archived),
            Some(Dock::NoRoot) => reading(words.threads.root_gone),
            Some(Dock::Join) => join(live).view(),
            None if live.driver().is_over() => many().view(),
            None => reading(words.message.not_found),
        }
        .view()
    })
}

fn reading(why: &'static str) -> View {
    tag::p("reading").child(why).view()
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
pub(super) fn to_end(live: Live) -> View {
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

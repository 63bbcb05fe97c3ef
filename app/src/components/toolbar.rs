//! The toolbar of the timeline: one, on the row in use.

use client::rows::RowKey;
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::{ActKind, RoomId};

use super::message_act::{may_open_thread, on_message, open_message_menu};
use crate::{keys::RowAct, live::Live, ports::SiblingStep, ui::icon};
use view::{Part, View, many, tag};

const THUMBS_UP: &str = "👍";

/// The toolbar of a row. Within it the arrows move, as everywhere in lists.
pub(crate) fn toolbar(room: RoomId, row: RowKey) -> View {
    let live = Live::here();
    let words = &live.ui().words.message;
    let reacts = live.rights().acts(ActKind::React);
    let id = format!("{}-tools", live.timeline().id(row));
    let list = id.clone();
    let walk = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => SiblingStep::By(1),
            "ArrowLeft" => SiblingStep::By(-1),
            _ => return,
        };
        event.prevent_default();
        live.ui()
            .browser(|browser| browser.step_focus(&list, "button", step));
    };
    tag::div("tools")
        .attr("id", id)
        .attr("role", "toolbar")
        .attr("aria-label", words.actions)
        .on(ev::keydown, walk)
        .child(move || reacts.get().then(|| answers(live, room, row)))
        .child(
            tag::button("icon-btn")
                .attr("type", "button")
                .attr("aria-label", words.more)
                .attr("title", words.more)
                .attr("aria-haspopup", "menu")
                .attr("tabindex", move || reacts.get().then_some("-1"))
                .on(ev::click, move |_| open_message_menu(live, row))
                .child(icon("more")),
        )
        .view()
}

/// What one may not do everywhere: a thumb, a reaction, a reply.
fn answers(live: Live, room: RoomId, row: RowKey) -> View {
    let words = &live.ui().words.message;
    let writes = live.rights().acts(ActKind::Send);
    let button = move |name: &'static str, says: &'static str, does: RowAct| {
        let act = move |_| {
            on_message(live, room, row, does);
        };
        tag::button("icon-btn")
            .attr("type", "button")
            .attr("aria-label", says)
            .attr("title", says)
            .attr("tabindex", "-1")
            .on(ev::click, act)
            .child(icon(name))
    };
    many()
        .child(
            tag::button("icon-btn")
                .attr("type", "button")
                .attr("aria-label", words.thumbs_up)
                .attr("title", words.thumbs_up)
                .on(ev::click, move |_| thumb(live, room, row))
                .child(tag::span("emoji").child(THUMBS_UP)),
        )
        .child(button("smile", words.react, RowAct::React))
        .child(move || {
            writes
                .get()
                .then(|| button("reply", words.reply, RowAct::Reply))
        })
        .child(move || {
            let message = live.view().message(row);
            let may = message.is_some_and(|message| may_open_thread(live, &message));
            let says = live.ui().words.threads.reply;
            may.then(|| button("thread", says, RowAct::Thread))
        })
        .view()
}

/// Gives a thumb, or takes it back.
fn thumb(live: Live, room: RoomId, row: RowKey) {
    let Some(message) = live.view().message(row) else {
        return;
    };
    let mine = message
        .reactions
        .iter()
        .any(|one| one.emoji == THUMBS_UP && one.mine);
    if let Some(seq) = message.seq {
        live.react(room, seq, THUMBS_UP, !mine);
    }
}

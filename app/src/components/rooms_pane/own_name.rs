//! One's own name at the foot of the rooms pane, and the way to the settings.

use leptos::prelude::*;
use protocol::PresenceState;

use crate::{
    components::avatar::{avatar_with, presence},
    live::Live,
    route::PagePath,
    ui::icon,
};
use view::{Part, View, tag};

/// Who one is, and the way to the settings.
pub(super) fn own_name(live: Live) -> View {
    let common = &live.ui().words.common;
    let settings = live.ui().words.rooms.settings;
    let me = live.me();
    tag::div("me")
        .child(move || {
            let me = me.get();
            avatar_with(
                me.id,
                &me.display_name,
                "lg",
                presence(PresenceState::Online),
            )
        })
        .child(
            tag::span("words")
                .child(tag::b("").child(tag::bdi("").child(move || me.get().display_name)))
                .child(
                    tag::small("")
                        .child(tag::span("up").child(common.online))
                        .child(tag::span("down").child(common.not_connected)),
                ),
        )
        .child(
            tag::a("icon-btn")
                .attr("href", PagePath::You.path())
                .attr("aria-label", settings)
                .attr("title", settings)
                .child(icon("sliders")),
        )
        .view()
}

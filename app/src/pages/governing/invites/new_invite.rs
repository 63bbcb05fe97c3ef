//! The form that makes an invite.

use protocol::RoomSummary;

use super::NEW;
use crate::{
    components::{
        choice::{labelled, option},
        dialogs::{INVITE_DAYS, INVITE_USES},
    },
    live::rooms::room_label,
    route::PagePath,
    ui::Ui,
};
use view::{Element, Part, View, many, tag};

/// The form, with these rooms to open.
pub(super) fn new_invite(rooms: &[RoomSummary]) -> View {
    let words = Ui::here().words;
    let (said, dialog) = (&words.governing, &words.dialog);
    let uses =
        INVITE_USES.map(|n| option(n.to_string(), (dialog.people_n)(n.into()), n == 10, None));
    let days = INVITE_DAYS.map(|n| option(n.to_string(), (dialog.days_n)(n), n == 7, None));
    let rooms: Vec<View> = rooms.iter().map(|room| room_choice(room).view()).collect();
    let opens = (!rooms.is_empty()).then(|| {
        tag::el("fieldset")
            .class("rooms-choice")
            .child(tag::el("legend").child(said.rooms))
            .child(rooms)
    });
    many()
        .child(tag::h2("").attr("id", NEW).child(said.new_invite))
        .child(
            tag::form("narrow")
                .attr("method", "post")
                .attr("action", PagePath::Invites.path())
                .child(
                    tag::div("pair")
                        .child(choice("uses", dialog.invite_uses, uses))
                        .child(choice("days", dialog.invite_until, days)),
                )
                .child(opens)
                .child(
                    tag::button("btn primary")
                        .attr("type", "submit")
                        .child(dialog.make_link),
                ),
        )
        .view()
}

fn choice<const N: usize>(name: &'static str, label: &'static str, options: [View; N]) -> View {
    let select = tag::select("input")
        .attr("name", name)
        .child(options.into_iter().collect::<Vec<_>>());
    labelled(name, label, select)
}

fn room_choice(room: &RoomSummary) -> Element {
    tag::label("choice")
        .child(
            tag::input("check")
                .attr("type", "checkbox")
                .attr("name", "rooms")
                .attr("value", room.id.to_string()),
        )
        .child(tag::span("").child(room_label(room)))
}

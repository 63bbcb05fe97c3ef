//! The head of the rooms pane: the server's name, and a menu of what one can make or find.

use leptos::{ev, prelude::*};
use protocol::rights::ServerRight;

use crate::{
    components::menu::{MenuItem, pop_menu},
    live::{Dialog, Live},
    ui::{icon, icon_as},
};
use view::{Part, View, derived, tag};

pub(super) fn pane_head(live: Live) -> View {
    let words = &live.ui().words.rooms;
    let may_invite = untrack(|| live.rights().may_on_server(ServerRight::Invite));
    let open = move |dialog| Callback::new(move |()| live.dialog().set(Some(dialog)));
    let unread = derived(move || {
        live.rooms()
            .with(|rooms| rooms.iter().any(|room| room.unread > 0))
    });
    let items = Signal::derive(move || {
        let mut items = vec![
            MenuItem::new("hash", words.browse, open(Dialog::Browse)),
            MenuItem::new(
                "plus",
                live.ui().words.dialog.new_room,
                open(Dialog::NewRoom),
            ),
            MenuItem::new("bubble", words.write_to, open(Dialog::NewDirect)),
        ];
        if may_invite {
            items.push(MenuItem::new(
                "link",
                live.ui().words.room.invite,
                open(Dialog::Invite),
            ));
        }
        if unread.get() {
            let read = Callback::new(move |()| live.room_actions().read_all());
            items.push(MenuItem::new("check", words.read_all, read));
        }
        items
    });
    tag::div("server")
        .child(icon_as("i logo", "logo"))
        .child(tag::span("server-name").child(live.ui().server.get_value()))
        .child(
            tag::button("icon-btn js-only")
                .attr("type", "button")
                .attr("aria-label", words.make)
                .attr("title", words.make)
                .attr("aria-haspopup", "menu")
                .on(ev::click, move |_| live.open_menu("make-menu"))
                .child(icon("plus")),
        )
        .child(pop_menu("make-menu", words.make, items))
        .view()
}

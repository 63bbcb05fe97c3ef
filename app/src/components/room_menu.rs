//! The menu of a room: what one may do with it.

use leptos::{ev, prelude::*};
use protocol::{
    PreferencesPatch, RoomKind, RoomPatch, RoomSummary,
    rights::{Right, ServerRight},
};

use super::menu::{MenuItem, pop_menu};
use crate::{
    live::{
        Dialog, Live,
        favourites::{favourites, moved},
    },
    ui::icon,
};
use view::{Part, View, derived, many, tag};

/// The button and its menu; nothing where one may do nothing.
pub(super) fn room_menu(live: Live) -> View {
    let words = live.ui().words;
    let items = Signal::derive(move || {
        live.open()
            .get()
            .map(|open| items(live, &open))
            .unwrap_or_default()
    });
    // The button stays what it is while what is offered changes: it may have the focus.
    let any = derived(move || items.with(|items: &Vec<MenuItem>| !items.is_empty()));
    many()
        .child(move || {
            any.get().then(|| {
                tag::button("icon-btn js-only")
                    .attr("type", "button")
                    .attr("aria-label", words.room.menu)
                    .attr("title", words.room.menu)
                    .attr("aria-haspopup", "menu")
                    .on(ev::click, move |_| live.open_menu("room-menu"))
                    .child(icon("more"))
            })
        })
        .child(pop_menu("room-menu", words.room.menu, items))
        .view()
}

/// What one may do with a room.
fn items(live: Live, room: &RoomSummary) -> Vec<MenuItem> {
    let words = &live.ui().words.room;
    let open = |dialog| Callback::new(move |()| live.dialog().set(Some(dialog)));
    let mut items = Vec::new();
    // A talk that nobody has begun is no room yet.
    if live.route().get().room().is_some() && live.rights().may(Right::Look) {
        let says = live.ui().words.pins.menu;
        items.push(MenuItem::new("pin", says, open(Dialog::Pins(room.id))));
    }
    if room.kind == RoomKind::Private && room.member {
        items.push(MenuItem::new(
            "people",
            words.add_people,
            open(Dialog::AddPeople(room.id)),
        ));
    }
    if room.kind != RoomKind::Direct && live.rights().may_on_server(ServerRight::Invite) {
        items.push(MenuItem::new("link", words.invite, open(Dialog::Invite)));
    }
    if room.member && live.rights().may(Right::Govern) {
        items.extend(governing(live, room));
    }
    if room.member {
        items.extend(preferring(live, room));
    }
    if room.member && room.kind != RoomKind::Direct {
        items.push(MenuItem::new("leave", words.leave, open(Dialog::Leave(room.id))).danger());
    }
    if room.member && live.rights().may(Right::Govern) {
        items
            .push(MenuItem::new("trash", words.delete, open(Dialog::DeleteRoom(room.id))).danger());
    }
    items
}

/// What one wants of a room for oneself.
fn preferring(live: Live, room: &RoomSummary) -> Vec<MenuItem> {
    let words = live.ui().words;
    let (id, acts) = (room.id, live.room_actions());
    let (muted, favourite) = (!room.muted, !room.favourite);
    let mute = move |()| {
        let patch = PreferencesPatch {
            muted: Some(muted),
            ..PreferencesPatch::default()
        };
        acts.prefer(id, &patch);
    };
    let (mute_icon, mute_says) = if room.muted {
        ("bell", words.room.unmute)
    } else {
        ("bell-off", words.room.mute)
    };
    let favour_says = if room.favourite {
        words.room.unfavour
    } else {
        words.room.favour
    };
    let mut items = Vec::new();
    if room.unread > 0 {
        let read = Callback::new(move |()| live.scroll().mark_read());
        items.push(MenuItem::new("check", words.missed.mark_read, read).key("Shift Esc"));
    }
    let favour = Callback::new(move |()| live.favourites().favour(id, favourite));
    items.push(MenuItem::new("star", favour_says, favour));
    // The room that is open changes with its own order; what happens in others does not draw an open menu anew.
    let listed = live.rooms().with_untracked(|rooms| favourites(rooms));
    for (up, icon, says) in [
        (true, "up", words.room.move_up),
        (false, "down", words.room.move_down),
    ] {
        if !moved(&listed, id, up).is_empty() {
            let act = Callback::new(move |()| live.favourites().shift(id, up));
            items.push(MenuItem::new(icon, says, act));
        }
    }
    let level = Callback::new(move |()| live.dialog().set(Some(Dialog::Level(id))));
    items.push(MenuItem::new("sliders", words.room.level, level));
    items.push(MenuItem::new(mute_icon, mute_says, Callback::new(mute)));
    items
}

/// What whoever governs a room changes of it.
fn governing(live: Live, room: &RoomSummary) -> [MenuItem; 4] {
    let words = &live.ui().words.room;
    let id = room.id;
    let open = |dialog| Callback::new(move |()| live.dialog().set(Some(dialog)));
    let set = |patch: RoomPatch| {
        Callback::new(move |()| {
            live.room_actions().set(id, &patch);
        })
    };
    let read_only = RoomPatch {
        read_only: Some(!room.read_only),
        ..RoomPatch::default()
    };
    let archived = RoomPatch {
        archived: Some(!room.archived),
        ..RoomPatch::default()
    };
    [
        MenuItem::new("edit", words.rename, open(Dialog::Rename(id))),
        MenuItem::new("edit", words.set_topic, open(Dialog::Topic(id))),
        if room.read_only {
            MenuItem::new("bubble", words.let_write, set(read_only))
        } else {
            MenuItem::new("lock", words.make_read_only, set(read_only))
        },
        if room.archived {
            MenuItem::new("again", words.unarchive, set(archived))
        } else {
            MenuItem::new("stop", words.archive, set(archived))
        },
    ]
}

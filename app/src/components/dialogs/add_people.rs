//! People who are brought into a private room.

use leptos::{ev, prelude::*};
use protocol::{RoomId, UserId, UserSummary};

use super::{
    harmless,
    people_finder::{find_field, finder, rows, who},
    title,
};
use crate::{
    live::{Live, rooms::room_label},
    text::isolated,
};
use view::{Part, View, many, tag};

/// Bring people into a private room.
pub(crate) fn add_people(room: RoomId) -> View {
    let live = Live::here();
    let words = live.ui().words;
    let label = live
        .open()
        .with_untracked(|open| open.as_ref().map(room_label).unwrap_or_default());
    let (found, typed, look) = finder(live);
    let inside = move |id: UserId| live.members().with(|members| members.ids.contains(&id));
    let row = move |user: UserSummary| {
        let (id, name) = (user.id, user.display_name.clone());
        let says = (words.dialog.add_named)(&isolated(&name));
        let add = move |_| {
            let added = (words.dialog.added)(&isolated(&name));
            live.room_actions().add_member(room, id, move |done| {
                if done {
                    live.announcements().toast(&added);
                    live.member_list().load_members(room);
                }
            });
        };
        tag::li("")
            .child(who(&user))
            .child(
                tag::button("btn small")
                    .attr("type", "button")
                    .attr("aria-label", says)
                    .on(ev::click, add)
                    .child(words.dialog.add),
            )
            .view()
    };
    many()
        .child(title((words.dialog.add_to)(&label)))
        .child(find_field(live, typed, look))
        .child(rows(live, found, typed, inside, row))
        .child(tag::div("ends").child(harmless(live, words.common.close)))
        .view()
}

//! A thread in the list of them: who began it, where, its first words, and how many replies.

use leptos::{ev, prelude::*};
use protocol::{RoomId, Seq, ThreadRow};

use crate::{
    components::avatar::avatar,
    keys::list_step,
    live::{Live, rooms::room_label},
    route::Route,
    text::{first_words, lang_of},
    ui::bdi,
};
use view::{Part, View, many, tag};

/// The id of the list.
pub(super) const LIST: &str = "threads-list";

/// Which thread it is.
pub(super) const fn key(row: &ThreadRow) -> (RoomId, Seq) {
    (row.thread.room, row.thread.root)
}

/// The id of its link.
pub(super) fn link_id(row: &ThreadRow) -> String {
    format!("thread-{}-{}", row.thread.room, row.thread.root)
}

/// The item.
pub(super) fn item(live: Live, row: &ThreadRow) -> View {
    let (room, root) = key(row);
    let (author, unread, n) = (row.message.by, row.thread.unread, row.thread.n);
    let words = live.ui().words;
    let last_at = row
        .message
        .replies
        .as_ref()
        .map_or(row.message.at, |it| it.last_at);
    let text = row.message.text.as_deref().map(first_words);
    let text = text.unwrap_or_else(|| words.message.deleted.to_owned());
    let go = move |event: ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        live.close_dialog();
        live.navigation().to_thread(room, root);
    };
    let walk = move |event: ev::KeyboardEvent| {
        if let Some(step) = list_step(&event.key()) {
            event.prevent_default();
            live.ui()
                .browser(|browser| browser.step_focus(LIST, "a", step));
        }
    };
    let name = live.rooms().with_untracked(|rooms| {
        let of = rooms.iter().find(|one| one.id == room);
        of.map(room_label).unwrap_or_default()
    });
    let person = live.people().person(author);
    let mark = person.clone();
    tag::li("")
        .child(
            tag::a("pin")
                .attr("id", link_id(row))
                .attr("href", Route::Thread(room, root, None).path())
                .on(ev::click, go)
                .on(ev::keydown, walk)
                .child(move || mark.with(|person| avatar(author, &person.name, "")))
                .child(
                    tag::span("from")
                        .child(tag::b("").child(move || person.with(|person| bdi(&person.name))))
                        .child(" ")
                        .child(tag::span("").child(bdi(&name))),
                )
                .child(" ")
                .child(tag::time("").child(move || live.clock().get().brief(last_at)))
                .child(" ")
                .child(
                    tag::span("says")
                        .attr("dir", "auto")
                        .attr("lang", lang_of(&text))
                        .child(text.clone()),
                )
                .child(" ")
                .child(tag::span("about").child((words.threads.replies)(n)).child(
                    (unread > 0).then(|| {
                        many()
                            .child(words.common.dot)
                            .child(tag::b("").child((words.rooms.unread)(unread)))
                            .view()
                    }),
                )),
        )
        .view()
}

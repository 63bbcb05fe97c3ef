//! From what the server rendered a page from to what is live of it.

use client::{RoomSnapshot, Snapshot};
use protocol::UserSummary;

use super::thread;
use crate::{
    boot::{BootPage, Chat},
    route::Route,
};

/// Where a page begins.
pub(super) fn route_of(page: &BootPage) -> Route {
    match page {
        BootPage::Room { chat, at } => chat
            .open
            .as_ref()
            .map_or(Route::Rooms, |open| Route::Room(open.id(), *at)),
        BootPage::List { list, .. } => Route::List(*list),
        BootPage::Thread { chat, at, .. } => {
            let open = chat.open.as_ref().and_then(|open| open.thread.as_ref());
            let root = open.and_then(|open| open.root.as_deref());
            let place = open.zip(root);
            place.map_or(Route::Rooms, |(open, root)| {
                Route::Thread(open.room, root.seq, *at)
            })
        }
        BootPage::People { chat } => chat
            .open
            .as_ref()
            .map_or(Route::Rooms, |open| Route::People(open.id())),
        BootPage::Rooms { .. } => Route::Rooms,
        #[cfg(not(feature = "hydrate"))]
        _ => Route::Rooms,
    }
}

/// What the session begins with.
pub(super) fn snapshot(me: &UserSummary, chat: &Chat, route: &Route) -> Snapshot {
    let around = match route {
        Route::Room(_, at) => *at,
        _ => None,
    };
    // A room that is only read is no room of one's own, but it is looked at.
    let read = chat
        .open
        .iter()
        .map(|open| &open.room)
        .filter(|open| chat.rooms.iter().all(|room| room.id != open.id));
    Snapshot {
        thread: thread::snapshot(chat, route),
        me: me.clone(),
        rooms: chat.rooms.iter().chain(read).cloned().collect(),
        users: chat.users.clone(),
        open: chat.open.as_ref().map(|open| RoomSnapshot {
            room: open.id(),
            messages: open.messages.clone(),
            notes: open.notes.clone(),
            quoted: open.quoted.clone(),
            last_seq: open.last_seq,
            more: open.more,
            more_after: open.more_after,
            around,
        }),
    }
}

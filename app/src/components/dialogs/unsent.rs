//! Unsent messages of a room that one is no longer in, and rooms to send them to instead.

use protocol::RoomId;

use super::{harmless, title};
use view::{Part, View, many, tag};

use crate::{
    components::unsent::{elsewhere as rooms, unsent_card},
    live::Live,
};

/// The words, with what can be done with them.
pub(crate) fn unsent(room: RoomId) -> View {
    let live = Live::here();
    let words = live.ui().words;
    many()
        .child(title(words.unsent.dialog.to_owned()))
        .child(unsent_card(live, room))
        .child(tag::div("ends").child(harmless(live, words.common.close)))
        .view()
}

/// Which room takes them instead.
pub(crate) fn elsewhere(room: RoomId) -> View {
    let live = Live::here();
    let words = live.ui().words;
    many()
        .child(title(words.unsent.elsewhere_title.to_owned()))
        .child(rooms(live, room))
        .child(tag::div("ends").child(harmless(live, words.common.cancel)))
        .view()
}

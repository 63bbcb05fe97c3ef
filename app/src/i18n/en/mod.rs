//! English. Straight quotes and apostrophes: where only a CJK font is installed, curly ones are drawn full width.

#[cfg(not(feature = "hydrate"))]
mod account;
mod common;
mod connection;
mod conversation;
mod dialogs;
#[cfg(not(feature = "hydrate"))]
mod governing;
mod rooms;
mod threads;
mod time;
mod wrong;

use super::words::{Words, number};

/// A number and what it counts: "1 person", "41 people".
fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

pub(super) static EN: Words = Words {
    common: common::COMMON,
    #[cfg(not(feature = "hydrate"))]
    auth: account::AUTH,
    wrong: wrong::WRONG,
    #[cfg(not(feature = "hydrate"))]
    form: account::FORM,
    rooms: rooms::ROOMS,
    room: rooms::ROOM,
    missed: conversation::MISSED,
    message: conversation::MESSAGE,
    pins: conversation::PINS,
    personal: conversation::PERSONAL,
    threads: threads::THREADS,
    composer: conversation::COMPOSER,
    unsent: conversation::UNSENT,
    link: connection::LINK,
    keys: dialogs::KEYS,
    dialog: dialogs::DIALOG,
    #[cfg(not(feature = "hydrate"))]
    settings: account::SETTINGS,
    #[cfg(not(feature = "hydrate"))]
    governing: governing::GOVERNING,
    time: time::TIME,
};

//! English words of the connection banner.

use super::counted;
use crate::i18n::words::{LinkWords, number};

pub(super) const LINK: LinkWords = LinkWords {
    connecting: ("Connecting…", "You can read and write already."),
    waiting: (
        "Connection lost.",
        |seconds| format!("Next try in {seconds} s."),
        "Messages wait here and go out once.",
    ),
    trying: ("Trying again…", |attempt, of| {
        format!("Try {attempt} of {of}.")
    }),
    quiet: (
        "Still no connection.",
        |seconds| format!("Next look in {seconds} s."),
        "We keep looking; your messages are kept.",
    ),
    offline: (
        "You are offline.",
        "We reconnect as soon as your network is back.",
    ),
    restarting: ("The server is being updated.", |seconds| {
        format!("Back in about {seconds} s.")
    }),
    signed_out: ("Signed out on this device.", |unsent| match unsent {
        0 => String::new(),
        1 => "One unsent message is kept for when you return.".to_owned(),
        2 => "Two unsent messages are kept for when you return.".to_owned(),
        n => format!(
            "{} unsent messages are kept for when you return.",
            number(n)
        ),
    }),
    outdated: (
        "This page is older than the server.",
        "Reload it; what you typed is kept.",
    ),
    banned: "You no longer have access to this server.",
    catching_up: ("Back. Catching up…", |done, total| {
        format!(
            "{} of {}.",
            number(done),
            counted(total, "message", "messages")
        )
    }),
    back: ("Back.", "Nothing was lost."),
    try_now: "Try now",
    reload: "Reload",
};

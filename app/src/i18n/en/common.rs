//! English words that are said at many places.

use crate::i18n::words::Common;

pub(super) const COMMON: Common = Common {
    close: "Close",
    cancel: "Cancel",
    try_again: "Try again",
    undo: "Undo",
    sign_in: "Sign in",
    online: "Online",
    away: "Away",
    offline: "Offline",
    not_connected: "Not connected",
    owner: "owner",
    admin: "admin",
    moderator: "moderator",
    failed: "That did not work. Nothing was changed; try again.",
    broken: "This page has stopped working. What you typed is kept; reload the page.",
    broken_unkept: "This page has stopped working. Copy what you typed, then reload the page.",
    needs_scripts: "Writing needs JavaScript. Reading, joining and signing in do not.",
    too_old: "This browser is too old to write here. Reading, joining and signing in work. Please update it: Chrome 123, Firefox 125, Safari 17.5 or newer will do.",
    missing_title: "Nothing is here",
    missing: "This page is gone, or not yours to read.",
    trouble_title: "The server could not show this page",
    trouble: "Nothing was changed. Wait a moment and try again.",
    foreign_title: "This did not come from here",
    foreign: |from, own| {
        format!(
            "The form came from {from}, but this server knows itself as {own}. Nothing was changed. If you run it: let the proxy in front pass on the Host header \
             (nginx: proxy_set_header Host $http_host), or set HUBBUB_PUBLIC_URL to the address that people visit."
        )
    },
    foreign_nowhere: "an address that the browser did not tell",
    to_rooms: "To the rooms",
    dot: " · ",
    comma: ", ",
    space: " ",
};

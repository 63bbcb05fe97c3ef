//! From a boot to a document, in two pieces: the browser loads the style while the rest is drawn.

use leptos::prelude::*;

use view::{Drawing, View};

use crate::{boot::Boot, shell};

/// A room with fifty messages has 56 KB.
const PAGE_BYTES: usize = 64 * 1024;

/// How the document begins, with its doctype; at once. [`rest`] follows it.
pub fn opening(boot: &Boot) -> String {
    let mut html = String::from("<!doctype html>");
    shell::opening(boot).html(&mut html);
    let open = html.trim_end_matches("</head></html>").len();
    html.truncate(open);
    html
}

/// The document from where [`opening`] ends, in one call and without waiting. `nonce` is the one of this response's
/// `Content-Security-Policy`.
pub fn rest(boot: &Boot, nonce: &str) -> String {
    let owner = Owner::new();
    let drawing = Drawing::new();
    // What the page reads while it is written, it reads as its owner's.
    let html = owner.with(|| {
        let (head, body): (View, View) = shell::rest(boot, nonce);
        let mut html = String::with_capacity(PAGE_BYTES);
        head.html(&mut html);
        html.push_str("</head>");
        body.html(&mut html);
        html.push_str("</html>");
        html
    });
    owner.cleanup();
    drop(drawing);
    html
}

/// The whole document.
pub fn render(boot: &Boot, nonce: &str) -> String {
    let opening = opening(boot);
    opening + &rest(boot, nonce)
}

//! From a boot to a document, in one call and without waiting.

use leptos::prelude::*;

use crate::{boot::Boot, shell::shell};

/// The whole document, with its doctype. `nonce` is the one of this response's `Content-Security-Policy`.
pub fn render(boot: Boot, nonce: &str) -> String {
    let owner = Owner::new();
    // What the page reads while it is written, it reads as its owner's.
    let html = owner.with(|| shell(boot, nonce).document());
    owner.cleanup();
    html
}

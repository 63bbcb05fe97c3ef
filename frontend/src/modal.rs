//! Modal dialogs: opened and closed, and the focus given back to where it was before.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{AddEventListenerOptions, Element, HtmlDialogElement};

use crate::{
    dom::{FRAMES, by_id, document, html, with_element},
    focus::{self, is_unfocused},
};

/// Calls `then` the next time that a dialog is closed.
pub(crate) fn once_closed(dialog: &Element, then: &JsValue) {
    let once = AddEventListenerOptions::new();
    once.set_once(true);
    // The name is the browser's own.
    let _ = dialog.add_event_listener_with_callback_and_add_event_listener_options(
        "close",
        then.unchecked_ref(),
        &once,
    );
}

/// Opens a dialog, once it is drawn.
pub(crate) fn show(id: &str) {
    let before = document().and_then(|document| document.active_element());
    with_element(id, FRAMES, move |element| {
        let Some(dialog) = element
            .dyn_ref::<HtmlDialogElement>()
            .filter(|dialog| !dialog.open())
        else {
            return;
        };
        focus::show_modal(dialog);
        // The browser gives the focus back to what had it. That may be gone, as a button that is there while one is at its row.
        let around = before
            .and_then(|before| before.closest("article, [id][tabindex]").ok().flatten())
            .map(|around| around.id());
        let closed = Closure::once_into_js(move || {
            if let Some(element) = around.filter(|_| is_unfocused()).and_then(|id| html(&id)) {
                // An element that cannot take the focus leaves it where it is.
                let _ = element.focus();
            }
        });
        once_closed(dialog, &closed);
    });
}

/// Closes a dialog.
pub(crate) fn close(id: &str) {
    if let Some(dialog) = by_id(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok())
    {
        focus::unmoved_by(|| dialog.close());
    }
}

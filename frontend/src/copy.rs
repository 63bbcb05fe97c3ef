//! The clipboard. Its own interface is there in secure contexts only; on plain http a selection is copied, as of old.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, HtmlTextAreaElement};

use crate::dom;

/// Copies a text; tells whether it did.
pub(crate) fn copy(text: String, done: Box<dyn FnOnce(bool)>) {
    spawn_local(async move { done(by_clipboard(&text).await || by_selection(&text)) });
}

/// Whether the text is on the clipboard.
async fn by_clipboard(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let navigator = window.navigator();
    let there = Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    there
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}

/// Selects the text in a field of its own and copies the selection. The focus is where it was then.
fn by_selection(text: &str) -> bool {
    let Some(document) = dom::document() else {
        return false;
    };
    // Behind an open dialog nothing can be selected.
    let place = document
        .query_selector("dialog:modal")
        .ok()
        .flatten()
        .or_else(|| document.body().map(Into::into));
    let field = document
        .create_element("textarea")
        .ok()
        .and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    let (Some(place), Some(field)) = (place, field) else {
        return false;
    };
    let before = document.active_element();
    field.set_class_name("sr");
    field.set_value(text);
    field.set_read_only(true);
    if place.append_child(&field).is_err() {
        return false;
    }
    field.select();
    let copy = Reflect::get(&document, &JsValue::from_str("execCommand"))
        .ok()
        .and_then(|copy| copy.dyn_into::<Function>().ok());
    let copied = copy
        .and_then(|copy| copy.call1(&document, &JsValue::from_str("copy")).ok())
        .is_some_and(|copied| copied.is_truthy());
    field.remove();
    if let Some(before) = before.and_then(|before| before.dyn_into::<HtmlElement>().ok()) {
        // It had it before.
        let _ = before.focus();
    }
    copied
}

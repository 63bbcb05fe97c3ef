//! Fields that take text: what is in them, how high they are, what is selected.

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventTarget, HtmlInputElement, HtmlTextAreaElement};

use crate::{
    dom::{FRAMES, by_id, html, supports, with_element},
    events::on_capture,
};

/// Makes a field as high as what is in it. The style sheet does where it can, and says how high it may be.
pub(crate) fn fit(id: &str) {
    if supports("field-sizing", "content") {
        return;
    }
    if let Some(field) = html(id) {
        // A style set by a script is none of those that the page's policy forbids; and it is one of the browser's own.
        let _ = field.style().set_property("block-size", "auto");
        let height = format!("{}px", field.scroll_height());
        let _ = field.style().set_property("block-size", &height);
    }
}

/// What is in a field; empty where there is none.
pub(crate) fn value(id: &str) -> String {
    let Some(element) = by_id(id) else {
        return String::new();
    };
    if let Some(field) = element.dyn_ref::<HtmlTextAreaElement>() {
        return field.value();
    }
    element
        .dyn_ref::<HtmlInputElement>()
        .map(HtmlInputElement::value)
        .unwrap_or_default()
}

/// Puts a text into a field.
pub(crate) fn set_value(id: &str, text: &str) {
    let Some(element) = by_id(id) else { return };
    if let Some(field) = element.dyn_ref::<HtmlTextAreaElement>() {
        if field.value() != text {
            field.set_value(text);
        }
    } else if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
        field.set_value(text);
    }
}

/// Selects all that is in a field.
pub(crate) fn select(id: &str) {
    with_element(id, FRAMES, |element| {
        // A field can have the focus.
        let _ = element.focus();
        if let Some(field) = element.dyn_ref::<HtmlTextAreaElement>() {
            field.select();
        } else if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
            field.select();
        }
    });
}

thread_local! {
    /// An input method composes: what it shows is not typed yet.
    static COMPOSING: Cell<bool> = const { Cell::new(false) };
}

/// Knows from now on when an input method composes.
pub(crate) fn listen(document: &EventTarget) {
    on_capture(document, "compositionstart", |_| COMPOSING.set(true));
    on_capture(document, "compositionend", |_| COMPOSING.set(false));
}

fn area(id: &str) -> Option<HtmlTextAreaElement> {
    by_id(id)?.dyn_into().ok()
}

/// Where the caret of a field is, in UTF-16 units; none while something is selected, or an input method composes.
pub(crate) fn caret(id: &str) -> Option<usize> {
    let field = area(id).filter(|_| !COMPOSING.get())?;
    let (start, end) = (field.selection_start().ok()??, field.selection_end().ok()??);
    (start == end).then_some(start as usize)
}

/// Puts a text in place of what is from one place of a field to another, in UTF-16 units, and the caret behind it.
pub(crate) fn replace(id: &str, from: usize, to: usize, text: &str) {
    if let (Some(field), Ok(from), Ok(to)) = (area(id), from.try_into(), to.try_into()) {
        // A range beyond the text ends with it.
        let _ = field.set_range_text_with_start_and_end_and_mode(text, from, to, "end");
    }
}

/// Puts a text where the caret of a field is, in place of what is selected.
pub(crate) fn insert(id: &str, text: &str) {
    let Some(field) = area(id) else { return };
    let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
    let at = |place: Result<Option<u32>, JsValue>| place.ok().flatten().unwrap_or(end);
    let (start, stop) = (at(field.selection_start()), at(field.selection_end()));
    // The range is the field's own.
    let _ = field.set_range_text_with_start_and_end_and_mode(text, start, stop, "end");
}

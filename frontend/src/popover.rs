//! Popovers: menus and the like, opened beside what was pressed. Where the style sheet cannot place them, this does.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use crate::dom::{by_id, document, html, supports};

/// Calls a method that `web-sys` does not know yet; a browser without it does nothing.
fn call(element: &Element, name: &str, argument: &JsValue) {
    let method = Reflect::get(element, &JsValue::from_str(name)).ok();
    if let Some(method) = method.and_then(|method| method.dyn_into::<Function>().ok()) {
        // Already open, or already closed: nothing to do.
        let _ = method.call1(element, argument);
    }
}

/// Opens a popover beside what has the focus: what was pressed. A tooltip stands beside the element before it, which it tells of.
pub(crate) fn show(id: &str) {
    let Some(popover) = html(id) else { return };
    let options = Object::new();
    let source = if popover.get_attribute("role").as_deref() == Some("tooltip") {
        popover.previous_element_sibling()
    } else {
        // What was pressed has the focus (`events.rs`), in every browser.
        document().and_then(|document| document.active_element())
    };
    if let Some(source) = &source {
        // A plain object takes every property.
        let _ = Reflect::set(&options, &JsValue::from_str("source"), source);
    }
    call(&popover, "showPopover", &options);
    if let Some(source) = source.filter(|_| !supports("position-area", "block-end")) {
        place_beside(&popover, &source);
    }
}

/// A length in whole pixels: the tables that write fractions are 15 KB of the module.
#[expect(clippy::cast_possible_truncation, reason = "a place in the window")]
fn px(length: f64) -> String {
    format!("{}px", length.round() as i32)
}

/// Where the style sheet cannot: under what was pressed, or over it, and inside the window.
fn place_beside(popover: &HtmlElement, source: &Element) {
    const GAP: f64 = 4.0;
    let (at, size) = (
        source.get_bounding_client_rect(),
        popover.get_bounding_client_rect(),
    );
    let root = document().and_then(|document| document.document_element());
    let window = |of: fn(&Element) -> i32| root.as_ref().map_or(0.0, |root| f64::from(of(root)));
    let (width, height) = (
        window(Element::client_width),
        window(Element::client_height),
    );
    let below = at.bottom() + GAP;
    let top = if below + size.height() > height {
        at.top() - GAP - size.height()
    } else {
        below
    };
    let within = |wanted: f64, space: f64| wanted.min(space - GAP).max(GAP);
    let left = within(at.right() - size.width(), width - size.width());
    let top = within(top, height - size.height());
    for (property, value) in [
        ("position-area", "none".to_owned()),
        ("inset", "auto".to_owned()),
        ("margin", "0".to_owned()),
        ("top", px(top)),
        ("left", px(left)),
    ] {
        // They are the browser's own, or it leaves them out.
        let _ = popover.style().set_property(property, &value);
    }
}

/// Closes a popover.
pub(crate) fn hide(id: &str) {
    if let Some(popover) = by_id(id) {
        call(&popover, "hidePopover", &JsValue::UNDEFINED);
    }
}

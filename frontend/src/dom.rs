//! Elements of the page: focus, dialogs, popovers, fields, scrolling.

use app::ports::{Layout, Place, Scroll};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AddEventListenerOptions, Document, Element, Event, HtmlDialogElement, HtmlElement,
    HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use crate::{
    focus::{self, is_unfocused},
    place,
};

/// How often an element that is not there yet is looked for again: the page is drawn within a few frames.
pub(crate) const FRAMES: u32 = 5;

pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

fn html(id: &str) -> Option<HtmlElement> {
    by_id(id)?.dyn_into().ok()
}

/// What follows the signals that change now has its turn first, and what follows from that; all before the page is drawn.
pub(crate) async fn drawn() {
    for _ in 0..2 {
        // Nothing is waited for but a turn.
        let _ = JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await;
    }
}

/// Does something with an element: now, as soon as it is drawn, or in one of the next frames.
pub(crate) fn with_element(id: &str, frames: u32, then: impl FnOnce(&HtmlElement) + 'static) {
    now_or_later(id.to_owned(), frames, Box::new(then));
}

fn now_or_later(id: String, frames: u32, then: Box<dyn FnOnce(&HtmlElement)>) {
    if let Some(element) = html(&id) {
        then(&element);
        return;
    }
    spawn_local(async move {
        drawn().await;
        in_frames(&id, frames, then);
    });
}

fn in_frames(id: &str, frames: u32, then: Box<dyn FnOnce(&HtmlElement)>) {
    if let Some(element) = html(id) {
        then(&element);
        return;
    }
    if frames == 0 {
        return;
    }
    let id = id.to_owned();
    let again = Closure::once_into_js(move || in_frames(&id, frames - 1, then));
    if let Some(window) = web_sys::window() {
        // A window that draws no frames shows no focus either.
        let _ = window.request_animation_frame(again.unchecked_ref());
    }
}

/// Tells the page's own script that the module has stopped (`scripts/start.js` of `app`).
pub(crate) fn tell_panic() {
    if let (Some(document), Ok(event)) = (document(), Event::new("hubbub-panic")) {
        // It is an event of the browser's own kind.
        let _ = document.dispatch_event(&event);
    }
}

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

/// Whether a media query holds.
pub(crate) fn matches(query: &str) -> bool {
    web_sys::window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|query| query.matches())
}

/// The widths of the style sheet (`shell.css`).
pub(crate) const TWO_PANES: &str = "(width >= 48rem)";
pub(crate) const THREE_PANES: &str = "(width >= 68.75rem)";

pub(crate) fn layout() -> Layout {
    if matches(THREE_PANES) {
        Layout::Three
    } else if matches(TWO_PANES) {
        Layout::Two
    } else {
        Layout::One
    }
}

/// Whether the style sheet can do something in this browser.
fn supports(property: &str, value: &str) -> bool {
    css::supports(property, value).unwrap_or_default()
}

mod css {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = CSS, catch)]
        pub(super) fn supports(property: &str, value: &str) -> Result<bool, JsValue>;
    }
}

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

pub(crate) fn reveal(id: &str) {
    with_element(id, FRAMES, |element| {
        // Messages stand out in the middle; anything else is only brought into view.
        let middle = element.closest(".log").ok().flatten().is_some();
        let block = if middle {
            ScrollLogicalPosition::Center
        } else {
            ScrollLogicalPosition::Nearest
        };
        into_view(element, block);
    });
}

pub(crate) fn reveal_below(id: &str) {
    with_element(id, FRAMES, |element| {
        into_view(element, ScrollLogicalPosition::Start);
    });
}

pub(crate) fn into_view(element: &HtmlElement, block: ScrollLogicalPosition) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(block);
    element.scroll_into_view_with_scroll_into_view_options(&options);
    place::moved(element);
}

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

/// What a person did to a field.
enum TypedField {
    Text(String, Option<(u32, u32)>),
    Checked(bool),
    Chosen(String),
}

/// What was typed into a field or chosen in it since it was drawn.
fn typed(field: &HtmlElement) -> Option<TypedField> {
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        let caret = caret(area.selection_start(), area.selection_end());
        return (!area.value().is_empty()).then(|| TypedField::Text(area.value(), caret));
    }
    if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        return Some(TypedField::Chosen(select.value()));
    }
    let input = field.dyn_ref::<HtmlInputElement>()?;
    if input.checked() != input.default_checked() {
        return Some(TypedField::Checked(input.checked()));
    }
    let caret = caret(input.selection_start(), input.selection_end());
    (input.value() != input.default_value()).then(|| TypedField::Text(input.value(), caret))
}

fn caret(
    start: Result<Option<u32>, JsValue>,
    end: Result<Option<u32>, JsValue>,
) -> Option<(u32, u32)> {
    Some((start.ok()??, end.ok()??))
}

fn type_again(field: &HtmlElement, typed: &TypedField) {
    match typed {
        TypedField::Text(text, caret) => {
            set_value(&field.id(), text);
            let (area, input) = (
                field.dyn_ref::<HtmlTextAreaElement>(),
                field.dyn_ref::<HtmlInputElement>(),
            );
            // A field without a caret has none to put back.
            let _ = match (area, input, caret) {
                (Some(area), _, Some((start, end))) => area.set_selection_range(*start, *end),
                (_, Some(input), Some((start, end))) => input.set_selection_range(*start, *end),
                _ => Ok(()),
            };
        }
        TypedField::Checked(on) => {
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                input.set_checked(*on);
            }
        }
        TypedField::Chosen(value) => {
            if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
                select.set_value(value);
            }
        }
    }
}

/// Remembers what was typed in an element, where the focus is, and how far lists are scrolled. All by the ids.
pub(crate) fn keep_typed(within: &str) -> Box<dyn FnOnce()> {
    let root = by_id(within);
    let inside = |selector| root.iter().flat_map(move |root| all(root, selector));
    let fields: Vec<(String, TypedField)> = inside("input[id], textarea[id], select[id]")
        .filter_map(|field| Some((field.id(), typed(&field)?)))
        .collect();
    let scrolled: Vec<(String, i32)> = inside("[id]")
        .filter(|one| one.scroll_top() != 0)
        .map(|one| (one.id(), one.scroll_top()))
        .collect();
    let focused = document()
        .and_then(|document| document.active_element())
        .map(|element| element.id())
        .filter(|id| !id.is_empty());
    Box::new(move || {
        for (id, typed) in fields {
            if let Some(field) = html(&id) {
                type_again(&field, &typed);
            }
        }
        for (id, top) in scrolled {
            if let Some(element) = by_id(&id) {
                element.set_scroll_top(top);
            }
        }
        if let Some(element) = focused.and_then(|id| html(&id)) {
            // It had it before.
            let _ = element.focus();
        }
    })
}

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

pub(crate) fn insert(id: &str, text: &str) {
    let field = by_id(id).and_then(|element| element.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(field) = field else { return };
    let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
    let at = |place: Result<Option<u32>, JsValue>| place.ok().flatten().unwrap_or(end);
    let (start, stop) = (at(field.selection_start()), at(field.selection_end()));
    // The range is the field's own.
    let _ = field.set_range_text_with_start_and_end_and_mode(text, start, stop, "end");
}

pub(crate) fn show_modal(id: &str) {
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

pub(crate) fn close_modal(id: &str) {
    if let Some(dialog) = by_id(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok())
    {
        focus::unmoved_by(|| dialog.close());
    }
}

/// Calls a method that `web-sys` does not know yet; a browser without it does nothing.
fn call(element: &Element, name: &str, argument: &JsValue) {
    let method = Reflect::get(element, &JsValue::from_str(name)).ok();
    if let Some(method) = method.and_then(|method| method.dyn_into::<Function>().ok()) {
        // Already open, or already closed: nothing to do.
        let _ = method.call1(element, argument);
    }
}

pub(crate) fn show_popover(id: &str) {
    let Some(popover) = html(id) else { return };
    let options = Object::new();
    // What was pressed has the focus (`events.rs`), in every browser.
    let source = document().and_then(|document| document.active_element());
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

pub(crate) fn hide_popover(id: &str) {
    if let Some(popover) = by_id(id) {
        call(&popover, "hidePopover", &JsValue::UNDEFINED);
    }
}

/// Whether any element matches.
pub(crate) fn finds(selector: &str) -> bool {
    // A selector that a browser does not know finds nothing in it.
    document().is_some_and(|document| {
        document
            .query_selector(selector)
            .is_ok_and(|found| found.is_some())
    })
}

/// The elements that match, in the order of the page.
pub(crate) fn all(within: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.get(at)?.dyn_into().ok())
        .collect()
}

pub(crate) fn scroll(id: &str) -> Option<Scroll> {
    let element = by_id(id)?;
    let (whole, view) = (
        f64::from(element.scroll_height()),
        f64::from(element.client_height()),
    );
    // It grows upwards: its newest end is 0, and what is older is negative.
    let below = -f64::from(element.scroll_top());
    Some(Scroll {
        above: whole - view - below,
        below,
        view,
    })
}

pub(crate) fn to_end(id: &str) {
    if let Some(element) = by_id(id) {
        element.set_scroll_top(0);
    }
}

pub(crate) fn place(id: &str, within: &str) -> Option<Place> {
    let (element, view) = (
        by_id(id)?.get_bounding_client_rect(),
        by_id(within)?.get_bounding_client_rect(),
    );
    Some(Place {
        top: element.top() - view.top(),
        bottom: element.bottom() - view.top(),
        view: view.height(),
    })
}

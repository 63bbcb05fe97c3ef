//! Elements of the page: focus, dialogs, popovers, fields, scrolling.

use app::ports::{Place, Scroll, Step};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    AddEventListenerOptions, Document, Element, Event, HtmlDialogElement, HtmlElement,
    HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

/// How often an element that is not there yet is looked for again: the page is drawn within a few frames.
const FRAMES: u32 = 5;

pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

fn html(id: &str) -> Option<HtmlElement> {
    by_id(id)?.dyn_into().ok()
}

/// Does something with an element, now or in one of the next frames.
fn with_element(id: &str, frames: u32, then: impl FnOnce(&HtmlElement) + 'static) {
    if let Some(element) = html(id) {
        then(&element);
        return;
    }
    if frames == 0 {
        return;
    }
    let id = id.to_owned();
    let again = Closure::once_into_js(move || with_element(&id, frames - 1, then));
    if let Some(window) = web_sys::window() {
        // A window that draws no frames shows no focus either.
        let _ = window.request_animation_frame(again.unchecked_ref());
    }
}

/// Gives an element the focus; behind an open dialog, where nothing can take it, once the dialog has closed.
fn focus_on(element: &HtmlElement) {
    let dialog = document()
        .and_then(|document| document.query_selector("dialog:modal").ok().flatten())
        .filter(|dialog| !dialog.contains(Some(element)));
    let Some(dialog) = dialog else {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
        return;
    };
    let element = element.clone();
    let closed = Closure::once_into_js(move || element.focus());
    let once = AddEventListenerOptions::new();
    once.set_once(true);
    // The browser has given the focus back to what had it before; what was to have it comes after that.
    let _ = dialog.add_event_listener_with_callback_and_add_event_listener_options(
        "close",
        closed.unchecked_ref(),
        &once,
    );
}

pub(crate) fn focus(id: &str) {
    with_element(id, FRAMES, focus_on);
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
        let options = ScrollIntoViewOptions::new();
        options.set_block(block);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    });
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

/// What was chosen before the page was alive is told now: a choice sends its form by itself.
pub(crate) fn tell_chosen() {
    let page = document().and_then(|document| document.document_element());
    for option in page
        .iter()
        .flat_map(|page| all(page, "option:checked:not([selected])"))
    {
        let select = option.closest("select").ok().flatten();
        if let (Some(select), Ok(event)) = (select, Event::new("change")) {
            // It is an event of the browser's own kind.
            let _ = select.dispatch_event(&event);
        }
    }
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

pub(crate) fn insert(id: &str, text: &str) {
    let field = by_id(id).and_then(|element| element.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(field) = field else { return };
    let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
    let at = |place: Result<Option<u32>, JsValue>| place.ok().flatten().unwrap_or(end);
    let (start, stop) = (at(field.selection_start()), at(field.selection_end()));
    // The range is the field's own.
    let _ = field.set_range_text_with_start_and_end_and_mode(text, start, stop, "end");
}

pub(crate) fn submit(id: &str) {
    if let Some(form) = by_id(id).and_then(|element| element.dyn_into::<HtmlFormElement>().ok()) {
        // A form that is not valid tells so itself.
        let _ = form.request_submit();
    }
}

pub(crate) fn show_modal(id: &str) {
    with_element(id, FRAMES, |element| {
        if let Some(dialog) = element
            .dyn_ref::<HtmlDialogElement>()
            .filter(|dialog| !dialog.open())
        {
            // It is in the page and closed: it opens.
            let _ = dialog.show_modal();
        }
    });
}

pub(crate) fn close_modal(id: &str) {
    if let Some(dialog) = by_id(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok())
    {
        dialog.close();
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
    let Some(popover) = by_id(id) else { return };
    let options = Object::new();
    if let Some(source) = document().and_then(|document| document.active_element()) {
        // A plain object takes every property.
        let _ = Reflect::set(&options, &JsValue::from_str("source"), &source);
    }
    call(&popover, "showPopover", &options);
}

pub(crate) fn hide_popover(id: &str) {
    if let Some(popover) = by_id(id) {
        call(&popover, "hidePopover", &JsValue::UNDEFINED);
    }
}

/// The elements that match, in the order of the page.
fn all(within: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.get(at)?.dyn_into().ok())
        .collect()
}

pub(crate) fn step_focus(list: &str, item: &str, step: Step) {
    let Some(list) = by_id(list) else { return };
    let items = all(&list, item);
    let Some(last) = items.len().checked_sub(1) else {
        return;
    };
    let focused = document().and_then(|document| document.active_element());
    let at = items
        .iter()
        .position(|item| item.contains(focused.as_deref()));
    let to = match (step, at) {
        (Step::First, _) => 0,
        (Step::Last, _) | (Step::By(_), None) => last,
        (Step::By(by), Some(at)) => at
            .saturating_add_signed(isize::try_from(by).unwrap_or_default())
            .min(last),
    };
    if let Some(item) = items.get(to) {
        focus_on(item);
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        item.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn is_shown(element: &Element) -> bool {
    let place = element.get_bounding_client_rect();
    place.width() > 0.0 && place.height() > 0.0
}

pub(crate) fn step_pane(panes: &[&str], forward: bool) {
    let shown: Vec<Element> = panes
        .iter()
        .filter_map(|id| by_id(id))
        .filter(is_shown)
        .collect();
    let focused = document().and_then(|document| document.active_element());
    let at = shown
        .iter()
        .position(|pane| pane.contains(focused.as_deref()));
    let count = shown.len();
    let to = match (at, forward) {
        (_, _) if count == 0 => return,
        (None, true) => 0,
        (None, false) => count - 1,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    };
    let Some(pane) = shown.get(to) else { return };
    let inside = ["[aria-current]", "a[href], button, [tabindex='0']"];
    let target = if pane.has_attribute("tabindex") || pane.is_instance_of::<HtmlTextAreaElement>() {
        pane.dyn_ref::<HtmlElement>().cloned()
    } else {
        inside
            .iter()
            .find_map(|selector| all(pane, selector).into_iter().find(|one| is_shown(one)))
    };
    if let Some(target) = target {
        focus_on(&target);
    }
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

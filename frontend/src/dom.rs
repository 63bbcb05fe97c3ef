//! Elements of the page: found by their ids, now or once they are drawn; where they stand, and how far they are scrolled.

use std::{cell::Cell, rc::Rc};

use app::ports::{ElementPlace, Layout, Scroll};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Document, Element, Event, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition,
    VisibilityState,
};

use crate::{clock::later, place};

/// How often an element that is not there yet is looked for again: the page is drawn within a few frames.
pub(crate) const FRAMES: u32 = 5;

pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The title of the document.
pub(crate) fn title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// The icon of the document, by its path.
pub(crate) fn icon(path: &str) {
    let link = document().and_then(|document| document.query_selector("link[rel=icon]").ok()?);
    if let Some(link) = link.filter(|link| link.get_attribute("href").as_deref() != Some(path)) {
        // It takes every value.
        drop(link.set_attribute("href", path));
    }
}

pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Takes an element away.
pub(crate) fn remove(id: &str) {
    if let Some(element) = by_id(id) {
        element.remove();
    }
}

pub(crate) fn html(id: &str) -> Option<HtmlElement> {
    by_id(id)?.dyn_into().ok()
}

/// What follows the signals that change now has its turn first, and what follows from that; all before the page is drawn.
pub(crate) async fn drawn() {
    for _ in 0..2 {
        // Nothing is waited for but a turn.
        let _ = JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await;
    }
}

/// How long a frame is waited for, in milliseconds: some windows draw none, and do not say that they are hidden.
const FRAME_MS: u64 = 100;

/// Does something right before the page is drawn next; now, if it is hidden.
pub(crate) fn before_paint(then: Box<dyn FnOnce()>) {
    let window = web_sys::window().filter(|_| {
        document().is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
    });
    let Some(window) = window else {
        return then();
    };
    let then = Rc::new(Cell::new(Some(then)));
    let first = {
        let then = then.clone();
        move || {
            if let Some(then) = then.take() {
                then();
            }
        }
    };
    let late = first.clone();
    // Where it is not taken the timer comes.
    let _ = window.request_animation_frame(Closure::once_into_js(first).unchecked_ref());
    later(FRAME_MS, late);
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
    tell("hubbub-panic");
}

/// Tells the page's own script (`scripts/start.js` of `app`) of something, by an event of the document.
pub(crate) fn tell(what: &str) {
    if let (Some(document), Ok(event)) = (document(), Event::new(what)) {
        // It is an event of the browser's own kind.
        let _ = document.dispatch_event(&event);
    }
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
pub(crate) fn supports(property: &str, value: &str) -> bool {
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

pub(crate) fn place(id: &str, within: &str) -> Option<ElementPlace> {
    let (element, view) = (
        by_id(id)?.get_bounding_client_rect(),
        by_id(within)?.get_bounding_client_rect(),
    );
    Some(ElementPlace {
        top: element.top() - view.top(),
        bottom: element.bottom() - view.top(),
        view: view.height(),
    })
}

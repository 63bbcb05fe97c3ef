//! Events of the page: links, keys, the way back, visibility, the network.

use std::cell::Cell;

use app::{Key, PageHandle};
use client::Input;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    ClipboardEvent, DataTransfer, Document, DragEvent, Element, Event, EventTarget, FocusOptions,
    HtmlAnchorElement, HtmlElement, KeyboardEvent, MouseEvent, VisibilityState,
};

use crate::{dom, drag, fields, swipe, web::Web};

/// Listens for as long as the page lives.
pub(crate) fn listen(page: PageHandle, web: &Web) {
    let (Some(window), Some(document)) = (web_sys::window(), dom::document()) else {
        return;
    };
    on(&document, "click", move |event| click(page, event));
    on(&document, "keydown", move |event| key(page, event));
    for (target, name) in [
        (document.as_ref(), "visibilitychange"),
        (window.as_ref(), "focus"),
        (window.as_ref(), "pagehide"),
    ] {
        let web = web.clone();
        on(target, name, move |_| seen(page, &web, name == "pagehide"));
    }
    for query in [dom::TWO_PANES, dom::THREE_PANES] {
        if let Ok(Some(query)) = window.match_media(query) {
            on(&query, "change", move |_| page.lay_out(dom::layout()));
        }
    }
    on(&window, "resize", |_| fields::fit("composer"));
    files(&document, page);
    fields::listen(&document);
    touches(&document);
    swipe::listen(page);
    drag::listen(page);
    let pages = web.clone();
    on(&window, "storage", move |_| {
        if let Some(storage) = pages.storage() {
            storage.look();
        }
    });
    on(&window, "online", move |_| page.input(Input::Online));
    on(&window, "offline", move |_| page.input(Input::Offline));
    on(&window, "popstate", move |_| went(page));
    // Taken out of the browser's cache of pages, this one is old: its socket is gone.
    on(&window, "pageshow", move |event| {
        if event
            .dyn_ref::<web_sys::PageTransitionEvent>()
            .is_some_and(web_sys::PageTransitionEvent::persisted)
        {
            page.input(Input::TryNow);
        }
    });
    if !window.navigator().on_line() {
        page.input(Input::Offline);
    }
}

pub(crate) fn on(target: &EventTarget, name: &str, then: impl FnMut(&Event) + 'static) {
    listen_to(target, name, false, Box::new(then));
}

/// Before whatever is inside the target.
pub(crate) fn on_capture(target: &EventTarget, name: &str, then: impl FnMut(&Event) + 'static) {
    listen_to(target, name, true, Box::new(then));
}

/// Boxed, so that the way from the browser's events into this program is in the module once and not once for each listener.
fn listen_to(target: &EventTarget, name: &str, capture: bool, mut then: Box<dyn FnMut(&Event)>) {
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| then(&event));
    // The names are the browser's own.
    let _ = target.add_event_listener_with_callback_and_bool(
        name,
        listener.as_ref().unchecked_ref(),
        capture,
    );
    listener.forget();
}

/// Files that are dropped on the page would be opened in its place; pasted ones would be nothing.
fn files(document: &Document, page: PageHandle) {
    let has = |transfer: Option<DataTransfer>| {
        transfer.is_some_and(|transfer| {
            (0..transfer.types().length())
                .any(|at| transfer.types().get(at).as_string().as_deref() == Some("Files"))
        })
    };
    for name in ["dragover", "drop"] {
        on(document, name, move |event| {
            let Some(drag) = event.dyn_ref::<DragEvent>() else {
                return;
            };
            if has(drag.data_transfer()) {
                event.prevent_default();
                if name == "drop" {
                    page.files();
                }
            }
        });
    }
    on(document, "paste", move |event| {
        let Some(paste) = event.dyn_ref::<ClipboardEvent>() else {
            return;
        };
        let text = paste
            .clipboard_data()
            .and_then(|data| data.get_data("text/plain").ok());
        if has(paste.clipboard_data()) && text.is_none_or(|text| text.is_empty()) {
            page.files();
        }
    });
}

thread_local! {
    /// A long press opened something under the finger: its release is no choice.
    static HELD: Cell<bool> = const { Cell::new(false) };
}

/// A long press did something: its release does nothing.
pub(crate) fn held() {
    HELD.set(true);
}

fn touches(document: &Document) {
    on_capture(document, "pointerdown", |_| HELD.set(false));
    // No tap comes of it then: neither a click on what opened, nor a mouse pressed beside it, which would close it.
    on_capture(document, "touchend", |event| {
        if HELD.replace(false) {
            event.prevent_default();
        }
    });
    on_capture(document, "click", |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let button = target
            .and_then(|target| target.closest("button[type=button]").ok().flatten())
            .and_then(|button| button.dyn_into::<HtmlElement>().ok());
        let focused = dom::document().and_then(|document| document.active_element());
        // Safari gives a button that is pressed no focus. Menus open beside what has it, and give it back there.
        if let Some(button) = button.filter(|button| !button.contains(focused.as_deref())) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // A button that cannot take it leaves it where it is.
            let _ = button.focus_with_options(&options);
        }
    });
}

fn seen(page: PageHandle, web: &Web, goes: bool) {
    let visible = dom::document()
        .is_some_and(|document| document.visibility_state() == VisibilityState::Visible);
    if visible && !goes {
        page.input(Input::Visible);
        if let Some(storage) = web.storage() {
            storage.look();
        }
    } else {
        page.input(Input::Hidden);
        if let Some(storage) = web.storage() {
            storage.write_journal();
        }
    }
}

/// The path that the browser shows.
fn path() -> String {
    web_sys::window().map_or_else(String::new, |window| {
        let location = window.location();
        location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
    })
}

/// A place that the server does not know of: it is gone to once the page lives.
pub(crate) fn arrive(page: PageHandle) {
    let path = path();
    if path.starts_with("/?to=") {
        page.went(&path, false);
    }
}

fn went(page: PageHandle) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let location = window.location();
    let inside = location.hash().is_ok_and(|hash| !hash.is_empty());
    if !page.went(&path(), inside) {
        // The address is of a page that the server draws.
        let _ = location.reload();
    }
}

/// A plain click on a link of this page.
fn click(page: PageHandle, event: &Event) {
    let Some(mouse) = event.dyn_ref::<MouseEvent>() else {
        return;
    };
    let plain = mouse.button() == 0
        && !mouse.ctrl_key()
        && !mouse.meta_key()
        && !mouse.shift_key()
        && !mouse.alt_key();
    if !plain || event.default_prevented() {
        return;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else {
        return;
    };
    let own = web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .is_some_and(|origin| link.origin() == origin);
    if own
        && link.target().is_empty()
        && link.hash().is_empty()
        && page.follow(&(link.pathname() + &link.search()))
    {
        event.prevent_default();
    }
}

fn key(page: PageHandle, event: &Event) {
    let Some(pressed) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector| {
        target
            .as_ref()
            .is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()))
    };
    let key = Key {
        name: pressed.key(),
        command: pressed.ctrl_key() || pressed.meta_key(),
        alt: pressed.alt_key(),
        shift: pressed.shift_key(),
        in_field: within("input, textarea, select"),
        in_popover: within("[popover]"),
        composing: pressed.is_composing() || pressed.key_code() == 229,
    };
    if page.key(&key) {
        event.prevent_default();
    }
}

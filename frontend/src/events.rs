//! What happens to the page: links, keys, the way back, visibility, the network.

use app::{Key, Page};
use client::Input;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Element, Event, EventTarget, HtmlAnchorElement, KeyboardEvent, MouseEvent, VisibilityState,
};

use crate::{dom, web::Web};

/// Listens for as long as the page lives.
pub(crate) fn listen(page: Page, web: &Web) {
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

fn on(target: &EventTarget, name: &str, then: impl FnMut(&Event) + 'static) {
    let mut then = then;
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| then(&event));
    // The names are the browser's own.
    let _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener.forget();
}

fn seen(page: Page, web: &Web, goes: bool) {
    let visible = dom::document()
        .is_some_and(|document| document.visibility_state() == VisibilityState::Visible);
    if visible && !goes {
        page.input(Input::Visible);
        if let Some(keeper) = web.keeper() {
            keeper.look();
        }
    } else {
        page.input(Input::Hidden);
        if let Some(keeper) = web.keeper() {
            keeper.write_journal();
        }
    }
}

fn went(page: Page) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let location = window.location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if !page.went(&path) {
        // The address is of a page that the server draws.
        let _ = location.reload();
    }
}

/// A plain click on a link of this page.
fn click(page: Page, event: &Event) {
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

fn key(page: Page, event: &Event) {
    let Some(pressed) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let in_field = target.is_some_and(|target| {
        target
            .matches("input, textarea, select")
            .unwrap_or_default()
    });
    let key = Key {
        name: pressed.key(),
        command: pressed.ctrl_key() || pressed.meta_key(),
        alt: pressed.alt_key(),
        shift: pressed.shift_key(),
        in_field,
        composing: pressed.is_composing() || pressed.key_code() == 229,
    };
    if page.key(&key) {
        event.prevent_default();
    }
}

//! The port itself.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use app::{
    Browser, Page,
    ports::{Answer, Draft, Layout, Place, Request, Scroll, Step},
};
use client::{Input, Now, OutboxEntry, rows::Zone};
use protocol::{ClientFrame, CloseCode, MessageId, UserId};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::{
    clock::{self, ZoneName},
    copy, dom, events, focus, http, order,
    outbox_storage::OutboxStorage,
    place,
    probe::Probe,
    socket::{Socket, send},
    store::Write,
};

/// The browser.
#[derive(Clone)]
pub(crate) struct Web(Rc<WebState>);

struct WebState {
    page: Cell<Option<Page>>,
    socket: Socket,
    probe: Probe,
    timer: Cell<Option<i32>>,
    /// Of a page with a live session.
    storage: OnceCell<Rc<OutboxStorage>>,
    renewed: Cell<bool>,
    /// The zone, as long as its name stays.
    zone: RefCell<Option<(ZoneName, Zone)>>,
}

impl Web {
    /// The browser, with no page yet.
    pub(crate) fn new() -> Self {
        Self(Rc::new(WebState {
            page: Cell::new(None),
            socket: Socket::default(),
            probe: Probe::default(),
            timer: Cell::new(None),
            storage: OnceCell::new(),
            renewed: Cell::new(false),
            zone: RefCell::new(None),
        }))
    }

    /// From now on, what happens is told to this page, and what it keeps is this person's, under this name; nobody's on the auth pages.
    pub(crate) fn attach(&self, page: Page, name: String, user: Option<UserId>) {
        self.0.page.set(Some(page));
        if page.is_live() {
            let web = self.clone();
            self.0.probe.listen(Rc::new(move |input| web.tell(input)));
        }
        if let Some(user) = user.filter(|_| page.is_live()) {
            // Set once: there is one page.
            let _ = self.0.storage.set(OutboxStorage::new(user, name, page));
        }
    }

    /// Who keeps what survives a reload, on a page that has something to keep.
    pub(crate) fn storage(&self) -> Option<&Rc<OutboxStorage>> {
        self.0.storage.get()
    }

    fn tell(&self, input: Input) {
        if let Some(page) = self.0.page.get() {
            page.input(input);
        }
    }

    /// The socket ended. One that was refused for want of an identity is tried once more with a renewed sign-in: the
    /// cookie of a page that was open for long is too old for a new socket.
    fn ended(&self, code: u16, reason: String) {
        let refused = code == CloseCode::Unauthorized.code() && !self.0.renewed.replace(true);
        if !refused {
            self.tell(Input::Closed { code, reason });
            return;
        }
        let web = self.clone();
        spawn_local(async move {
            let code = if http::renew().await { 1006 } else { code };
            web.tell(Input::Closed { code, reason });
        });
    }
}

impl Browser for Web {
    fn now(&self) -> Now {
        Now {
            mono_ms: clock::mono_ms(),
            wall_ms: clock::wall_ms(),
        }
    }

    fn random(&self) -> u64 {
        clock::random_bits()
    }

    fn zone(&self) -> Zone {
        let name = ZoneName::now();
        let mut known = self.0.zone.borrow_mut();
        match &*known {
            Some((of, zone)) if *of == name => zone.clone(),
            _ => known.insert((name, clock::zone())).1.clone(),
        }
    }

    fn hour12(&self) -> bool {
        clock::hour12()
    }

    fn connect(&self) {
        let web = self.clone();
        self.0.socket.open(
            &(Rc::new(move |input| match input {
                Input::Closed { code, reason } => web.ended(code, reason),
                Input::Frame(text) => {
                    web.0.renewed.set(false);
                    web.tell(Input::Frame(text));
                }
                other => web.tell(other),
            }) as Rc<dyn Fn(Input)>),
        );
    }

    fn probe(&self) {
        let web = self.clone();
        self.0.probe.ask(Rc::new(move |input| web.tell(input)));
    }

    fn disconnect(&self, code: u16, reason: &str) {
        self.0.socket.close(code, reason);
    }

    fn transmit(&self, frame: &ClientFrame) {
        let (Some(socket), Ok(text)) = (self.0.socket.handle(), serde_json::to_string(frame))
        else {
            return;
        };
        let kept = matches!(frame, ClientFrame::Command(_));
        match self.storage().filter(|_| kept) {
            Some(storage) => storage.transmit(socket, text),
            None => send(&socket, &text),
        }
    }

    fn wake_at(&self, mono_ms: u64) {
        if let (Some(window), Some(timer)) = (web_sys::window(), self.0.timer.take()) {
            window.clear_timeout_with_handle(timer);
        }
        let web = self.clone();
        let ms = mono_ms.saturating_sub(self.now().mono_ms);
        self.0.timer.set(clock::later(ms, move || {
            web.0.timer.set(None);
            web.tell(Input::Wake);
        }));
    }

    fn save(&self, entry: &OutboxEntry) {
        if let Some(storage) = self.storage() {
            storage.save(entry);
        }
    }

    fn forget(&self, id: MessageId) {
        if let Some(storage) = self.storage() {
            storage.write(Write::forget(id));
        }
    }

    fn save_draft(&self, draft: &Draft) {
        if let Some(storage) = self.storage() {
            storage.save_draft(draft);
        }
    }

    fn request(&self, request: Request, answer: Box<dyn FnOnce(Answer)>) {
        spawn_local(async move { answer(http::ask(&request).await) });
    }

    fn after(&self, ms: u64, then: Box<dyn FnOnce()>) {
        clock::later(ms, then);
    }

    fn address(&self, path: &str, replace: bool) {
        let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else {
            return;
        };
        // The path is one of this page's own.
        let _ = if replace {
            history.replace_state_with_url(&JsValue::NULL, "", Some(path))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(path))
        };
    }

    fn note(&self, note: Option<&str>) {
        if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
            let note = note.map_or(JsValue::NULL, JsValue::from_str);
            // Where a browser takes no more for a while, what it took last holds.
            let _ = history.replace_state(&note, "");
        }
    }

    fn noted(&self) -> Option<String> {
        let history = web_sys::window()?.history().ok()?;
        history.state().ok()?.as_string()
    }

    fn load(&self, path: &str) {
        if let Some(window) = web_sys::window() {
            let _ = window.location().assign(path);
        }
    }

    fn reload(&self) {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    }

    fn origin(&self) -> String {
        web_sys::window()
            .and_then(|window| window.location().origin().ok())
            .unwrap_or_default()
    }

    fn sorted(&self, lang: Option<&str>, names: &[String]) -> Vec<usize> {
        order::sorted(lang, names)
    }

    fn title(&self, title: &str) {
        if let Some(document) = dom::document() {
            document.set_title(title);
        }
    }

    fn href(&self, address: &str) -> Option<String> {
        web_sys::Url::new(address).ok().map(|url| url.href())
    }

    fn forget_boot(&self) {
        if let Some(boot) = dom::by_id("boot") {
            boot.remove();
        }
    }

    fn copy(&self, text: &str, done: Box<dyn FnOnce(bool)>) {
        let text = text.to_owned();
        spawn_local(async move {
            let written = copy::by_clipboard(&text).await || copy::by_selection(&text);
            done(written);
        });
    }

    fn attentive(&self) -> bool {
        dom::document()
            .is_some_and(|document| !document.hidden() && document.has_focus().unwrap_or_default())
    }

    fn layout(&self) -> Layout {
        dom::layout()
    }

    fn has_mouse(&self) -> bool {
        dom::matches("(hover: hover) and (pointer: fine)")
    }

    fn is_unfocused(&self) -> bool {
        focus::is_unfocused()
    }

    fn fit(&self, field: &str) {
        dom::fit(field);
    }

    fn keep_typed(&self, within: &str) -> Box<dyn FnOnce()> {
        dom::keep_typed(within)
    }

    fn value(&self, field: &str) -> String {
        dom::value(field)
    }

    fn set_value(&self, field: &str, text: &str) {
        dom::set_value(field, text);
    }

    fn select(&self, field: &str) {
        dom::select(field);
    }

    fn insert(&self, field: &str, text: &str) {
        dom::insert(field, text);
    }

    fn focus(&self, id: &str) {
        focus::focus(id);
    }

    fn focus_turn(&self) -> u32 {
        focus::turn()
    }

    fn focus_since(&self, turn: u32, id: &str) {
        focus::focus_since(turn, id);
    }

    fn step_focus(&self, list: &str, item: &str, step: Step) {
        focus::step_focus(list, item, step);
    }

    fn step_pane(&self, panes: &[&str], forward: bool) {
        focus::step_pane(panes, forward);
    }

    fn show_modal(&self, id: &str) {
        dom::show_modal(id);
    }

    fn close_modal(&self, id: &str) {
        dom::close_modal(id);
    }

    fn held(&self) {
        events::held();
    }

    fn finds(&self, selector: &str) -> bool {
        dom::finds(selector)
    }

    fn show_popover(&self, id: &str) {
        dom::show_popover(id);
    }

    fn hide_popover(&self, id: &str) {
        dom::hide_popover(id);
    }

    fn scroll(&self, id: &str) -> Option<Scroll> {
        dom::scroll(id)
    }

    fn to_end(&self, id: &str) {
        dom::to_end(id);
    }

    fn reveal(&self, id: &str) {
        dom::reveal(id);
    }

    fn reveal_below(&self, id: &str) {
        dom::reveal_below(id);
    }

    fn hold_place(&self, list: &str, end: bool) {
        place::hold(list, end);
    }

    fn hold_row(&self, list: &str, row: &str, down: f64) {
        place::hold_row(list, row, down);
    }

    fn has_left_end(&self, list: &str) -> bool {
        place::has_left_end(list)
    }

    fn put_row(&self, list: &str, row: &str, above: f64) {
        place::put_row(list, row, above);
    }

    fn in_view(&self, list: &str) -> Option<(String, String)> {
        place::in_view(list)
    }

    fn by_middle(&self, list: &str) -> Vec<(String, f64)> {
        place::by_middle(list)
    }

    fn place(&self, id: &str, within: &str) -> Option<Place> {
        dom::place(id, within)
    }
}

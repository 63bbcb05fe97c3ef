//! The browser behind its port (`app::Browser`): each effect of the session becomes a call of the web platform here.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use app::{
    Browser, PageHandle,
    ports::{Draft, ElementPlace, HttpAnswer, Layout, Request, Scroll, SiblingStep},
};
use client::{Input, Now, OutboxEntry, rows::Zone};
use protocol::{ClientFrame, CloseCode, MessageId, UserId};
use wasm_bindgen_futures::spawn_local;

use crate::{
    clock::{self, ZoneName},
    copy, dom, events, fields, focus, history, http, journal, modal, order,
    outbox_storage::OutboxStorage,
    place, popover,
    probe::ReadyProbe,
    socket::{Socket, send},
    store::StoreWrite,
    typed,
};

/// The browser.
#[derive(Clone)]
pub(crate) struct Web(Rc<WebState>);

struct WebState {
    page: Cell<Option<PageHandle>>,
    socket: Socket,
    probe: ReadyProbe,
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
            probe: ReadyProbe::default(),
            timer: Cell::new(None),
            storage: OnceCell::new(),
            renewed: Cell::new(false),
            zone: RefCell::new(None),
        }))
    }

    /// From now on, what happens is told to this page, and what it keeps is this person's, under this name.
    pub(crate) fn attach(&self, page: PageHandle, name: String, user: UserId) {
        self.0.page.set(Some(page));
        let web = self.clone();
        self.0.probe.listen(Rc::new(move |input| web.tell(input)));
        // Set once: there is one page.
        let _ = self.0.storage.set(OutboxStorage::new(user, name, page));
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

    fn minutes_in(&self, tz: &str) -> Option<i32> {
        clock::minutes_in(tz)
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
            storage.write(StoreWrite::forget(id));
        }
    }

    fn save_draft(&self, draft: &Draft) {
        if let Some(storage) = self.storage() {
            storage.save_draft(draft);
        }
    }

    fn request(&self, request: Request, answer: Box<dyn FnOnce(HttpAnswer)>) {
        spawn_local(async move { answer(http::ask(&request).await) });
    }

    fn fetch_text(&self, url: &str, then: Box<dyn FnOnce(Option<String>)>) {
        let url = url.to_owned();
        spawn_local(async move { then(http::text(&url).await) });
    }

    fn kept(&self, name: &str) -> Option<String> {
        journal::kept(name)
    }

    fn keep(&self, name: &str, value: &str) {
        journal::keep(name, value);
    }

    fn after(&self, ms: u64, then: Box<dyn FnOnce()>) {
        clock::later(ms, then);
    }

    fn before_paint(&self, then: Box<dyn FnOnce()>) {
        dom::before_paint(then);
    }

    fn address(&self, path: &str, replace: bool) {
        history::address(path, replace);
    }

    fn note(&self, note: Option<&str>) {
        history::note(note);
    }

    fn noted(&self) -> Option<String> {
        history::noted()
    }

    fn load(&self, path: &str) {
        history::load(path);
    }

    fn reload(&self) {
        history::reload();
    }

    fn origin(&self) -> String {
        history::origin()
    }

    fn sorted(&self, lang: Option<&str>, names: &[String]) -> Vec<usize> {
        order::sorted(lang, names)
    }

    fn title(&self, title: &str) {
        dom::title(title);
    }

    fn icon(&self, path: &str) {
        dom::icon(path);
    }

    fn href(&self, address: &str) -> Option<String> {
        web_sys::Url::new(address).ok().map(|url| url.href())
    }

    fn forget_boot(&self) {
        dom::remove("boot");
    }

    fn copy(&self, text: &str, done: Box<dyn FnOnce(bool)>) {
        copy::copy(text.to_owned(), done);
    }

    fn colour_code(&self) {
        dom::tell("hubbub-code");
    }

    fn attentive(&self) -> bool {
        focus::is_attentive()
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
        fields::fit(field);
    }

    fn keep_typed(&self, within: &str) -> Box<dyn FnOnce()> {
        typed::keep_typed(within)
    }

    fn value(&self, field: &str) -> String {
        fields::value(field)
    }

    fn set_value(&self, field: &str, text: &str) {
        fields::set_value(field, text);
    }

    fn select(&self, field: &str) {
        fields::select(field);
    }

    fn caret(&self, field: &str) -> Option<usize> {
        fields::caret(field)
    }

    fn replace(&self, field: &str, from: usize, to: usize, text: &str) {
        fields::replace(field, from, to, text);
    }

    fn insert(&self, field: &str, text: &str) {
        fields::insert(field, text);
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

    fn step_focus(&self, list: &str, item: &str, step: SiblingStep) {
        focus::step_focus(list, item, step);
    }

    fn step_pane(&self, panes: &[&str], forward: bool) {
        focus::step_pane(panes, forward);
    }

    fn show_modal(&self, id: &str) {
        modal::show(id);
    }

    fn close_modal(&self, id: &str) {
        modal::close(id);
    }

    fn held(&self) {
        events::held();
    }

    fn finds(&self, selector: &str) -> bool {
        dom::finds(selector)
    }

    fn show_popover(&self, id: &str) {
        popover::show(id);
    }

    fn hide_popover(&self, id: &str) {
        popover::hide(id);
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

    fn place(&self, id: &str, within: &str) -> Option<ElementPlace> {
        dom::place(id, within)
    }
}

//! The port itself.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use app::{
    Browser, Page,
    ports::{Answer, Draft, Place, Request, Scroll, Step},
};
use client::{Input, Now, OutboxEntry};
use js_sys::{Date, Uint8Array};
use protocol::{ClientFrame, CloseCode, MessageId, UserId};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::WebSocket;

use crate::{
    dom, http, locks,
    socket::Socket,
    store::{Kept, Store},
};

/// How long a write to storage may hold up what is sent after it: storage is for the day that something goes wrong, and
/// must not be what goes wrong.
const PATIENCE_MS: i32 = 1_000;

/// The browser.
#[derive(Clone)]
pub(crate) struct Web(Rc<Inner>);

struct Inner {
    user: Option<UserId>,
    page: Cell<Option<Page>>,
    socket: Socket,
    timer: Cell<Option<i32>>,
    store: RefCell<Option<Rc<Store>>>,
    /// The name of this page among the pages of the browser.
    name: String,
    queue: RefCell<VecDeque<Work>>,
    working: Cell<bool>,
    renewed: Cell<bool>,
}

/// What is done one after the other: nothing is sent before what it depends on is written.
enum Work {
    Save(Box<OutboxEntry>),
    Forget(MessageId),
    Draft(Draft),
    Transmit(WebSocket, String),
}

impl Web {
    /// For one person, or for nobody at the door.
    pub(crate) fn new(user: Option<UserId>) -> Self {
        Self(Rc::new(Inner {
            user,
            page: Cell::new(None),
            socket: Socket::default(),
            timer: Cell::new(None),
            store: RefCell::new(None),
            name: format!("{:016x}", random_bits()),
            queue: RefCell::new(VecDeque::new()),
            working: Cell::new(false),
            renewed: Cell::new(false),
        }))
    }

    /// From now on, what happens is told to this page.
    pub(crate) fn attach(&self, page: Page) {
        self.0.page.set(Some(page));
    }

    fn tell(&self, input: Input) {
        if let Some(page) = self.0.page.get() {
            page.input(input);
        }
    }

    /// What storage kept: the drafts, and what pages that are gone left unsent.
    pub(crate) async fn restore(&self) -> (Vec<OutboxEntry>, Vec<Draft>) {
        let live = self.0.page.get().is_some_and(Page::is_live);
        let Some(user) = self.0.user.filter(|_| live) else {
            return Default::default();
        };
        locks::hold_for_ever(&lock_name(&self.0.name));
        let Ok(store) = Store::open(user).await else {
            return Default::default();
        };
        let store = Rc::new(store);
        *self.0.store.borrow_mut() = Some(Rc::clone(&store));
        let mut mine = Vec::new();
        let mut waiting = Vec::<String>::new();
        for kept in store.outbox().await {
            if locks::is_free(&lock_name(&kept.page)).await {
                mine.push(self.take_over(&store, kept).await);
            } else if !waiting.contains(&kept.page) {
                waiting.push(kept.page);
            }
        }
        for page in waiting {
            self.inherit(Rc::clone(&store), page);
        }
        (mine, store.drafts().await)
    }

    /// Once another page is gone, what it left unsent is this one's.
    fn inherit(&self, store: Rc<Store>, page: String) {
        let web = self.clone();
        spawn_local(async move {
            locks::until_free(&lock_name(&page)).await;
            let mut left = Vec::new();
            for kept in store.outbox().await {
                if kept.page == page {
                    left.push(web.take_over(&store, kept).await);
                }
            }
            if let Some(page) = web.0.page.get().filter(|_| !left.is_empty()) {
                page.adopt(left);
            }
        });
    }

    async fn take_over(&self, store: &Store, kept: Kept) -> OutboxEntry {
        let kept = Kept {
            page: self.0.name.clone(),
            ..kept
        };
        // If it cannot be stamped, it is sent twice at worst, and its id makes that harmless.
        let _ = store.save(&kept).await;
        kept.entry
    }

    fn enqueue(&self, work: Work) {
        self.0.queue.borrow_mut().push_back(work);
        if self.0.working.replace(true) {
            return;
        }
        let web = self.clone();
        spawn_local(async move {
            loop {
                let next = web.0.queue.borrow_mut().pop_front();
                let Some(work) = next else { break };
                web.work(work).await;
            }
            web.0.working.set(false);
        });
    }

    async fn work(&self, work: Work) {
        let store = self.0.store.borrow().clone();
        match (work, store) {
            (Work::Transmit(socket, frame), _) => send(&socket, &frame),
            (_, None) => {}
            (Work::Save(entry), Some(store)) => {
                let kept = Kept {
                    page: self.0.name.clone(),
                    entry: *entry,
                };
                patiently(async move {
                    let _ = store.save(&kept).await;
                })
                .await;
            }
            (Work::Forget(id), Some(store)) => {
                let _ = store.forget(id).await;
            }
            (Work::Draft(draft), Some(store)) => {
                let _ = store.save_draft(&draft).await;
            }
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

fn lock_name(page: &str) -> String {
    format!("hubbub-page-{page}")
}

fn send(socket: &WebSocket, frame: &str) {
    // A socket that is closing takes nothing more; what was not acked goes out again over the next.
    let _ = socket.send_with_str(frame);
}

/// Waits for some work, but not for ever.
async fn patiently(work: impl Future<Output = ()> + 'static) {
    let (done, late) = (
        wasm_bindgen_futures::future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        }),
        js_sys::Promise::new(&mut |resolve, _| {
            set_timeout(PATIENCE_MS, &resolve);
        }),
    );
    let first = js_sys::Promise::race(&js_sys::Array::of2(&done, &late));
    let _ = JsFuture::from(first).await;
}

fn set_timeout(ms: i32, then: &js_sys::Function) -> Option<i32> {
    web_sys::window()?
        .set_timeout_with_callback_and_timeout_and_arguments_0(then, ms)
        .ok()
}

fn later(ms: u64, then: impl FnOnce() + 'static) -> Option<i32> {
    let then = Closure::once_into_js(then);
    set_timeout(i32::try_from(ms).unwrap_or(i32::MAX), then.unchecked_ref())
}

/// 64 bits from the browser's cryptographic source.
pub(crate) fn random_bits() -> u64 {
    let mut bytes = [0_u8; 8];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        let filled = Uint8Array::new_with_length(8);
        if crypto
            .get_random_values_with_array_buffer_view(&filled)
            .is_ok()
        {
            filled.copy_to(&mut bytes);
        }
    }
    u64::from_le_bytes(bytes)
}

/// The wall clock, in milliseconds since the epoch.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the browser's clock, where the page's time comes from"
)]
pub(crate) fn wall_ms() -> u64 {
    whole(Date::now())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a clock's milliseconds: positive, far below 2^53"
)]
fn whole(ms: f64) -> u64 {
    ms as u64
}

/// The zone at a time, in minutes east of UTC.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "milliseconds below 2^53; minutes of a day"
)]
pub(crate) fn tz_min_at(at_ms: u64) -> i32 {
    -(Date::new(&JsValue::from_f64(at_ms as f64)).get_timezone_offset() as i32)
}

impl Browser for Web {
    fn now(&self) -> Now {
        let mono = web_sys::window()
            .and_then(|window| window.performance())
            .map(|performance| performance.now());
        Now {
            mono_ms: whole(mono.unwrap_or_default()),
            wall_ms: wall_ms(),
        }
    }

    fn random(&self) -> u64 {
        random_bits()
    }

    fn tz_min(&self, at_ms: u64) -> i32 {
        tz_min_at(at_ms)
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

    fn disconnect(&self, code: u16, reason: &str) {
        self.0.socket.close(code, reason);
    }

    fn transmit(&self, frame: &ClientFrame) {
        let (Some(socket), Ok(text)) = (self.0.socket.handle(), serde_json::to_string(frame))
        else {
            return;
        };
        if self.0.working.get() {
            self.enqueue(Work::Transmit(socket, text));
        } else {
            send(&socket, &text);
        }
    }

    fn wake_at(&self, mono_ms: u64) {
        if let (Some(window), Some(timer)) = (web_sys::window(), self.0.timer.take()) {
            window.clear_timeout_with_handle(timer);
        }
        let web = self.clone();
        let ms = mono_ms.saturating_sub(self.now().mono_ms);
        self.0.timer.set(later(ms, move || {
            web.0.timer.set(None);
            web.tell(Input::Wake);
        }));
    }

    fn save(&self, entry: &OutboxEntry) {
        self.enqueue(Work::Save(Box::new(entry.clone())));
    }

    fn forget(&self, id: MessageId) {
        self.enqueue(Work::Forget(id));
    }

    fn save_draft(&self, draft: &Draft) {
        self.enqueue(Work::Draft(draft.clone()));
    }

    fn request(&self, request: Request, answer: Box<dyn FnOnce(Answer)>) {
        spawn_local(async move { answer(http::ask(&request).await) });
    }

    fn after(&self, ms: u64, then: Box<dyn FnOnce()>) {
        later(ms, then);
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

    fn title(&self, title: &str) {
        if let Some(document) = dom::document() {
            document.set_title(title);
        }
    }

    fn copy(&self, text: &str, done: Box<dyn FnOnce(bool)>) {
        let text = text.to_owned();
        spawn_local(async move {
            let written = match web_sys::window() {
                Some(window) => JsFuture::from(window.navigator().clipboard().write_text(&text))
                    .await
                    .is_ok(),
                None => false,
            };
            done(written);
        });
    }

    fn attentive(&self) -> bool {
        dom::document()
            .is_some_and(|document| !document.hidden() && document.has_focus().unwrap_or_default())
    }

    fn is_wide(&self) -> bool {
        let query = web_sys::window()
            .and_then(|window| window.match_media("(width >= 68.75rem)").ok().flatten());
        query.is_some_and(|query| query.matches())
    }

    fn submit(&self, form: &str) {
        dom::submit(form);
    }

    fn value(&self, field: &str) -> String {
        dom::value(field)
    }

    fn set_value(&self, field: &str, text: &str) {
        dom::set_value(field, text);
    }

    fn insert(&self, field: &str, text: &str) {
        dom::insert(field, text);
    }

    fn focus(&self, id: &str) {
        dom::focus(id);
    }

    fn step_focus(&self, list: &str, item: &str, step: Step) {
        dom::step_focus(list, item, step);
    }

    fn step_pane(&self, panes: &[&str], forward: bool) {
        dom::step_pane(panes, forward);
    }

    fn show_modal(&self, id: &str) {
        dom::show_modal(id);
    }

    fn close_modal(&self, id: &str) {
        dom::close_modal(id);
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

    fn place(&self, id: &str, within: &str) -> Option<Place> {
        dom::place(id, within)
    }
}

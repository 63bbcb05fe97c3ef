//! What is kept over reloads and crashes: written in order, before what is sent after it; taken over from pages that are gone.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use app::{Page, ports::Draft};
use client::OutboxEntry;
use protocol::UserId;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::WebSocket;

use crate::{
    clock, journal, locks, socket,
    store::{DRAFTS, Kept, OUTBOX, Store, Write},
};

/// How long the storage may hold up what is sent after it: storage is for the day that something goes wrong, and must not
/// be what goes wrong.
const PATIENCE_MS: i32 = 1_000;
/// How often a page looks for what others left, in milliseconds. Most go while another one is looked at, and that is told.
const LOOK_MS: u64 = 10_000;

/// The keeper of one person's outbox and drafts.
pub(crate) struct Keeper {
    user: UserId,
    /// The name of this page among the pages of the browser.
    name: String,
    page: Page,
    store: RefCell<Option<Rc<Store>>>,
    queue: RefCell<VecDeque<Work>>,
    working: Cell<bool>,
    /// What is not known to be written.
    unwritten: RefCell<Vec<Write>>,
    /// Whether some of it may stand in the journal.
    journaled: Cell<bool>,
    /// Pages that are waited for, or were taken over.
    known: RefCell<Vec<String>>,
}

/// What is kept: the outbox, and drafts.
type Kinds = (Vec<OutboxEntry>, Vec<Draft>);

/// What is done one after the other: nothing is sent before what it depends on is written.
enum Work {
    Write(Write),
    Transmit(WebSocket, String),
}

impl Keeper {
    /// The keeper of a page.
    pub(crate) fn new(user: UserId, page: Page) -> Rc<Self> {
        Rc::new(Self {
            user,
            name: format!("{:016x}", clock::random_bits()),
            page,
            store: RefCell::new(None),
            queue: RefCell::new(VecDeque::new()),
            working: Cell::new(false),
            unwritten: RefCell::new(Vec::new()),
            journaled: Cell::new(false),
            known: RefCell::new(Vec::new()),
        })
    }

    /// Keeps an entry of the outbox.
    pub(crate) fn save(self: &Rc<Self>, entry: &OutboxEntry) {
        self.write(Write::entry(&Kept {
            page: self.name.clone(),
            entry: entry.clone(),
        }));
    }

    /// Writes, after what is to be written before it.
    pub(crate) fn write(self: &Rc<Self>, write: Write) {
        let mut unwritten = self.unwritten.borrow_mut();
        unwritten.retain(|other| !write.replaces(other));
        unwritten.push(write.clone());
        drop(unwritten);
        self.enqueue(Work::Write(write));
    }

    /// Sends, after what is to be written before it.
    pub(crate) fn transmit(self: &Rc<Self>, to: WebSocket, frame: String) {
        if self.working.get() {
            self.enqueue(Work::Transmit(to, frame));
        } else {
            socket::send(&to, &frame);
        }
    }

    fn enqueue(self: &Rc<Self>, work: Work) {
        self.queue.borrow_mut().push_back(work);
        if self.working.replace(true) {
            return;
        }
        let keeper = Rc::clone(self);
        spawn_local(async move {
            loop {
                let next = keeper.queue.borrow_mut().pop_front();
                match next {
                    Some(Work::Transmit(to, frame)) => socket::send(&to, &frame),
                    Some(Work::Write(write)) => {
                        let keeper = Rc::clone(&keeper);
                        patiently(Box::pin(async move {
                            let written = keeper.try_write(&write).await;
                            keeper.wrote(&write, written);
                        }))
                        .await;
                    }
                    None => break,
                }
            }
            keeper.working.set(false);
        });
    }

    async fn try_write(&self, write: &Write) -> bool {
        let store = self.store.borrow().clone();
        match store {
            Some(store) => store.write(write).await,
            None => false,
        }
    }

    /// What is written, or was to be kept no longer, is done with. What could not be written stays for the journal.
    fn wrote(&self, write: &Write, written: bool) {
        if written || !write.keep {
            self.unwritten.borrow_mut().retain(|other| other != write);
            if self.journaled.get() {
                journal::remove(self.user, &self.name, write);
            }
        } else if write.store == OUTBOX {
            self.page.unkept();
        }
    }

    /// The page may go away at once: what is not known to be written is left for the next one.
    pub(crate) fn write_journal(&self) {
        for write in self.unwritten.borrow().iter() {
            self.journaled.set(true);
            journal::put(self.user, &self.name, write);
        }
    }

    /// What storage kept: the drafts, and what pages that are gone left unsent.
    pub(crate) async fn restore(self: &Rc<Self>) -> Kinds {
        locks::hold_for_ever(&lock_name(&self.name));
        let keeper = Rc::clone(self);
        patiently(Box::pin(async move {
            let store = Store::open(keeper.user).await.ok();
            *keeper.store.borrow_mut() = store.map(Rc::new);
        }))
        .await;
        let mut mine = Vec::new();
        for page in self.others().await {
            if let Some((outbox, _)) = self.take(&page, false).await {
                mine.extend(outbox);
                self.known.borrow_mut().push(page);
            }
        }
        // Those that live are waited for.
        self.watch();
        let mut drafts = self.drafts().await;
        for write in self.unwritten.borrow().iter() {
            if write.store == DRAFTS {
                drafts.extend(serde_json::from_str::<Draft>(&write.text));
            }
        }
        (mine, drafts)
    }

    async fn drafts(&self) -> Vec<Draft> {
        let store = self.store.borrow().clone();
        match store {
            Some(store) => store.drafts().await,
            None => Vec::new(),
        }
    }

    async fn outbox(&self) -> Vec<Kept> {
        let store = self.store.borrow().clone();
        match store {
            Some(store) => store.outbox().await,
            None => Vec::new(),
        }
    }

    fn watch(self: &Rc<Self>) {
        self.look();
        let keeper = Rc::clone(self);
        clock::later(LOOK_MS, move || keeper.watch());
    }

    /// Looks for what other pages have to send: once they are gone, this one does.
    pub(crate) fn look(self: &Rc<Self>) {
        // Where nothing tells whether a page is gone, only a page that begins takes over.
        if !locks::are_there() {
            return;
        }
        let keeper = Rc::clone(self);
        spawn_local(async move {
            for page in keeper.others().await {
                keeper.inherit(page);
            }
        });
    }

    fn inherit(self: &Rc<Self>, page: String) {
        let mut known = self.known.borrow_mut();
        if known.contains(&page) {
            return;
        }
        known.push(page.clone());
        let keeper = Rc::clone(self);
        spawn_local(async move {
            if let Some((outbox, drafts)) = keeper.take(&page, true).await {
                keeper.page.adopt(outbox, drafts);
            }
        });
    }

    /// Pages that have something to send or to write, and are not known.
    async fn others(&self) -> Vec<String> {
        let mut others = Vec::new();
        let left = journal::all(self.user).into_iter().map(|left| left.page);
        let outbox = self.outbox().await.into_iter().map(|kept| kept.page);
        for page in left.chain(outbox) {
            let known = page == self.name || self.known.borrow().contains(&page);
            if !known && !others.contains(&page) {
                others.push(page);
            }
        }
        others
    }

    /// Takes over what a page left: now, if that page is gone, or once it is. Under its lock, so that of several pages one
    /// does.
    async fn take(self: &Rc<Self>, page: &str, wait: bool) -> Option<Kinds> {
        let taken = Rc::new(RefCell::new(None));
        let (keeper, of, told) = (Rc::clone(self), page.to_owned(), Rc::clone(&taken));
        let work = async move {
            let left = keeper.take_over(&of).await;
            *told.borrow_mut() = Some(left);
        };
        locks::alone(&lock_name(page), wait, Box::pin(work)).await;
        taken.take()
    }

    async fn take_over(&self, page: &str) -> Kinds {
        let mut entries = self.outbox().await;
        entries.retain(|kept| kept.page == page);
        let drafts = self.drafts().await;
        let mut journal = journal::all(self.user);
        journal.retain(|left| left.page == page);
        let mut found = Vec::new();
        for left in &journal {
            // What is in the journal came after what is in the database, but for a draft that another page changed since.
            if left.write.store == OUTBOX {
                entries.retain(|kept| kept.entry.id.to_string() != left.write.key);
                match serde_json::from_str::<Kept>(&left.write.text) {
                    Ok(kept) => entries.push(kept),
                    Err(_) => self.write_now(left.write.clone()).await,
                }
            } else if let Ok(draft) = serde_json::from_str::<Draft>(&left.write.text) {
                let newer = |other: &Draft| other.room == draft.room && other.at > draft.at;
                if !drafts.iter().any(newer) {
                    self.write_now(Write::draft(&draft)).await;
                    found.push(draft);
                }
            }
        }
        let mut mine = Vec::new();
        for kept in entries {
            let kept = Kept {
                page: self.name.clone(),
                ..kept
            };
            self.write_now(Write::entry(&kept)).await;
            mine.push(kept.entry);
        }
        for left in &journal {
            journal::remove(self.user, page, &left.write);
        }
        (mine, found)
    }

    /// Writes what another page left. Where that cannot be, it stays in the journal, as this page's.
    async fn write_now(&self, write: Write) {
        if !self.try_write(&write).await && write.keep {
            journal::put(self.user, &self.name, &write);
            self.journaled.set(true);
            self.unwritten.borrow_mut().push(write);
        }
    }
}

fn lock_name(page: &str) -> String {
    format!("hubbub-page-{page}")
}

/// Waits for some work, but not for ever.
async fn patiently(work: locks::Work) {
    let (done, late) = (
        wasm_bindgen_futures::future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        }),
        js_sys::Promise::new(&mut |resolve, _| {
            clock::set_timeout(PATIENCE_MS, &resolve);
        }),
    );
    let first = js_sys::Promise::race(&js_sys::Array::of2(&done, &late));
    // Both only ever resolve.
    let _ = JsFuture::from(first).await;
}

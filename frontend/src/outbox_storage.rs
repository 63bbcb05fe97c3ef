//! The outbox and drafts in the browser's storage, kept over reloads and crashes: written in order, before what is sent after it; taken over from pages that are gone.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use app::{PageHandle, ports::Draft};
use client::{OutboxEntry, put};
use protocol::UserId;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::WebSocket;

use crate::{
    clock, journal, locks, socket,
    store::{BrowserStore, DRAFTS, Kept, KeptDraft, OUTBOX, StoreWrite, Written},
};

/// How long the storage may hold up what is sent after it: storage is for the day that something goes wrong, and must not
/// be what goes wrong.
const PATIENCE_MS: i32 = 1_000;
/// How often a page looks for what others left, in milliseconds. Most go while another one is looked at, and that is told.
const LOOK_MS: u64 = 10_000;
/// How long a page that went may take to come back, in milliseconds: a reload takes up its own again.
const GRACE_MS: i32 = 2_500;
/// How old a draft of another page must be to be taken where nothing tells whether that page lives.
const FORGOTTEN_MS: u64 = 12 * 3_600_000;

/// The storage of one person's outbox and drafts.
pub(crate) struct OutboxStorage {
    user: UserId,
    /// The name of this page among the pages of the browser: its tab's, the same after a reload. It holds the lock of that name.
    name: String,
    page: PageHandle,
    store: RefCell<Option<Rc<BrowserStore>>>,
    queue: RefCell<VecDeque<StorageWork>>,
    working: Cell<bool>,
    /// What is not known to be written.
    unwritten: RefCell<Vec<StoreWrite>>,
    /// Whether some of it may stand in the journal.
    journaled: Cell<bool>,
    /// Pages that are waited for, or were taken over.
    known: RefCell<Vec<String>>,
}

/// What is kept: the outbox, and drafts.
type Kinds = (Vec<OutboxEntry>, Vec<Draft>);

/// What is done one after the other: nothing is sent before what it depends on is written.
enum StorageWork {
    Write(StoreWrite),
    Transmit(WebSocket, String),
}

impl OutboxStorage {
    /// The storage of a page.
    pub(crate) fn new(user: UserId, name: String, page: PageHandle) -> Rc<Self> {
        Rc::new(Self {
            user,
            name,
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
        self.write(StoreWrite::entry(&Kept {
            page: self.name.clone(),
            entry: entry.clone(),
        }));
    }

    /// Keeps a draft of this page.
    pub(crate) fn save_draft(self: &Rc<Self>, draft: &Draft) {
        self.write(StoreWrite::draft(&self.name, draft));
    }

    /// Writes, after what is to be written before it.
    pub(crate) fn write(self: &Rc<Self>, write: StoreWrite) {
        let mut unwritten = self.unwritten.borrow_mut();
        unwritten.retain(|other| !write.replaces(other));
        unwritten.push(write.clone());
        drop(unwritten);
        self.enqueue(StorageWork::Write(write));
    }

    /// Sends, after what is to be written before it.
    pub(crate) fn transmit(self: &Rc<Self>, to: WebSocket, frame: String) {
        if self.working.get() {
            self.enqueue(StorageWork::Transmit(to, frame));
        } else {
            socket::send(&to, &frame);
        }
    }

    fn enqueue(self: &Rc<Self>, work: StorageWork) {
        self.queue.borrow_mut().push_back(work);
        if self.working.replace(true) {
            return;
        }
        let storage = Rc::clone(self);
        spawn_local(async move {
            loop {
                let next = storage.queue.borrow_mut().pop_front();
                match next {
                    Some(StorageWork::Transmit(to, frame)) => socket::send(&to, &frame),
                    Some(StorageWork::Write(write)) => {
                        let storage = Rc::clone(&storage);
                        patiently(Box::pin(async move {
                            let written = storage.try_write(&write).await;
                            storage.wrote(&write, written);
                        }))
                        .await;
                    }
                    None => break,
                }
            }
            storage.working.set(false);
        });
    }

    async fn try_write(&self, write: &StoreWrite) -> Written {
        let store = self.store.borrow().clone();
        match store {
            Some(store) => store.write(write).await,
            None => Written::No,
        }
    }

    /// What is written, or was to be kept no longer, is done with. What could not be written stays for the journal.
    fn wrote(&self, write: &StoreWrite, written: Written) {
        if written == Written::Yes || !write.keep {
            self.unwritten.borrow_mut().retain(|other| other != write);
            if self.journaled.get() {
                journal::remove(self.user, &self.name, write);
            }
        } else if write.store == OUTBOX {
            self.page.unkept(written == Written::Full);
        }
    }

    /// The page may go away at once: what is not known to be written is left for the next one.
    pub(crate) fn write_journal(&self) {
        for write in self.unwritten.borrow().iter() {
            self.journaled.set(true);
            journal::put(self.user, &self.name, write);
        }
    }

    /// What storage kept: what this page left when it was loaded again, and what pages that are gone left unsent.
    pub(crate) async fn restore(self: &Rc<Self>) -> Kinds {
        let storage = Rc::clone(self);
        patiently(Box::pin(async move {
            let store = BrowserStore::open(storage.user).await.ok();
            *storage.store.borrow_mut() = store.map(Rc::new);
        }))
        .await;
        let (mut outbox, mut drafts) = self.take_over(&self.name, true).await;
        // Drafts of other pages come a little later: a page that is being loaded again takes up its own.
        let with_drafts = !locks::are_there();
        for page in self.others().await {
            if let Some((entries, found)) = self.take(&page, with_drafts).await {
                outbox.extend(entries);
                drafts.extend(found);
            }
        }
        // Those that live are waited for.
        self.watch();
        (outbox, drafts)
    }

    async fn drafts(&self) -> Vec<KeptDraft> {
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
        let storage = Rc::clone(self);
        clock::later(LOOK_MS, move || storage.watch());
    }

    /// Looks for what other pages have to send: once they are gone, this one does.
    pub(crate) fn look(self: &Rc<Self>) {
        // Where nothing tells whether a page is gone, only a page that begins takes over.
        if !locks::are_there() {
            return;
        }
        let storage = Rc::clone(self);
        spawn_local(async move {
            for page in storage.others().await {
                storage.inherit(page);
            }
        });
    }

    /// Waits until a page is gone, and a little longer; then what it left is this page's.
    fn inherit(self: &Rc<Self>, page: String) {
        let mut known = self.known.borrow_mut();
        if known.contains(&page) {
            return;
        }
        known.push(page.clone());
        let storage = Rc::clone(self);
        spawn_local(async move {
            locks::alone(&lock_name(&page), true, Box::pin(async {})).await;
            sleep(GRACE_MS).await;
            // One after the other: what is taken over from one page is written here when the next is looked at.
            let turn = format!("hubbub-take-{}", storage.name);
            let work = async move {
                match storage.take(&page, true).await {
                    Some((outbox, drafts)) => storage.page.adopt(outbox, drafts),
                    // It came back.
                    None => storage.known.borrow_mut().retain(|other| *other != page),
                }
            };
            locks::alone(&turn, true, Box::pin(work)).await;
        });
    }

    /// Pages that have something to send or to write, and are not known; those whose drafts are the newest come first.
    async fn others(&self) -> Vec<String> {
        let mut drafts = Vec::new();
        for kept in self.drafts().await {
            put(&mut drafts, kept, |kept| std::cmp::Reverse(kept.draft().at));
        }
        let mut others = Vec::new();
        let left = journal::all(self.user).into_iter().map(|left| left.page);
        let outbox = self.outbox().await.into_iter().map(|kept| kept.page);
        let drafts = drafts.into_iter().map(|kept| kept.page);
        for page in left.chain(outbox).chain(drafts) {
            let known = page == self.name || self.known.borrow().contains(&page);
            if !known && !others.contains(&page) {
                others.push(page);
            }
        }
        others
    }

    /// Takes over what a page left, if that page is gone. Under its lock, so that of several pages one does.
    async fn take(self: &Rc<Self>, page: &str, with_drafts: bool) -> Option<Kinds> {
        let taken = Rc::new(RefCell::new(None));
        let (storage, of, told) = (Rc::clone(self), page.to_owned(), Rc::clone(&taken));
        let work = async move {
            let left = storage.take_over(&of, with_drafts).await;
            *told.borrow_mut() = Some(left);
        };
        locks::alone(&lock_name(page), false, Box::pin(work)).await;
        taken.take()
    }

    async fn take_over(&self, page: &str, with_drafts: bool) -> Kinds {
        let mut journal = journal::all(self.user);
        journal.retain(|left| left.page == page && (with_drafts || left.write.store == OUTBOX));
        let outbox = self.take_outbox(page, &journal).await;
        let drafts = if with_drafts {
            self.take_drafts(page, &journal).await
        } else {
            Vec::new()
        };
        for left in &journal {
            journal::remove(self.user, page, &left.write);
        }
        (outbox, drafts)
    }

    /// What is in the journal came after what is in the database.
    async fn take_outbox(&self, page: &str, journal: &[journal::Left]) -> Vec<OutboxEntry> {
        let mut entries = self.outbox().await;
        entries.retain(|kept| kept.page == page);
        for left in journal.iter().filter(|left| left.write.store == OUTBOX) {
            entries.retain(|kept| kept.entry.command.id.to_string() != left.write.key);
            match serde_json::from_str::<Kept>(&left.write.text) {
                Ok(kept) => entries.push(kept),
                Err(_) => self.write_now(left.write.clone()).await,
            }
        }
        let mut mine = Vec::new();
        for kept in entries {
            let kept = Kept {
                page: self.name.clone(),
                ..kept
            };
            self.write_now(StoreWrite::entry(&kept)).await;
            mine.push(kept.entry);
        }
        mine
    }

    /// One's own, or those of conversations in which nothing is written here. The others stay where they are, for another page.
    async fn take_drafts(&self, page: &str, journal: &[journal::Left]) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = self
            .drafts()
            .await
            .into_iter()
            .filter(|kept| kept.page == page)
            .map(|kept| kept.draft())
            .collect();
        for left in journal.iter().filter(|left| left.write.store == DRAFTS) {
            let Ok(kept) = serde_json::from_str::<KeptDraft>(&left.write.text) else {
                continue;
            };
            let draft = kept.draft();
            let of = draft.conversation();
            let same = |one: &Draft| one.conversation() == of;
            if !drafts.iter().any(|one| same(one) && one.at > draft.at) {
                drafts.retain(|one| !same(one));
                self.write_now(StoreWrite::draft(page, &draft)).await;
                drafts.push(draft);
            }
        }
        drafts.retain(|draft| !draft.text.is_empty());
        if page == self.name {
            return drafts;
        }
        let now_ms = clock::wall_ms();
        let forgotten =
            |draft: &Draft| locks::are_there() || now_ms.saturating_sub(draft.at) > FORGOTTEN_MS;
        drafts.retain(|draft| self.page.lacks_draft(draft) && forgotten(draft));
        for draft in &drafts {
            self.write_now(StoreWrite::draft(&self.name, draft)).await;
            let gone = Draft {
                text: String::new(),
                ..draft.clone()
            };
            self.write_now(StoreWrite::draft(page, &gone)).await;
        }
        drafts
    }

    /// Writes what another page left. Where that cannot be, it stays in the journal, as this page's.
    async fn write_now(&self, write: StoreWrite) {
        if self.try_write(&write).await != Written::Yes && write.keep {
            journal::put(self.user, &self.name, &write);
            self.journaled.set(true);
            self.unwritten.borrow_mut().push(write);
        }
    }
}

fn lock_name(page: &str) -> String {
    format!("hubbub-page-{page}")
}

async fn sleep(ms: i32) {
    let woken = js_sys::Promise::new(&mut |resolve, _| {
        clock::set_timeout(ms, &resolve);
    });
    // It only ever resolves.
    let _ = JsFuture::from(woken).await;
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

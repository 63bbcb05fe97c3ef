//! IndexedDB: the outbox and the drafts of one person. Each entry of the outbox and each draft is stamped with the page that it
//! is of, so that two pages of one browser do not send the same at the same time, or write over each other's drafts.

use app::ports::Draft;
use client::OutboxEntry;
use idb::{
    Database, DatabaseEvent, Factory, ObjectStoreParams, Query, TransactionMode, TransactionResult,
};
use protocol::{MessageId, Seq, UserId, reads};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

pub(crate) const OUTBOX: &str = "outbox";
pub(crate) const DRAFTS: &str = "drafts";
const VERSION: u32 = 1;

/// The storage of one person in this browser.
pub(crate) struct BrowserStore {
    database: Database,
}

/// An entry of the outbox and the page that sends it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Kept {
    pub(crate) page: String,
    pub(crate) entry: OutboxEntry,
}

reads!(Kept { page, entry });

/// A draft and the page that it is being written in.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct KeptDraft {
    /// Empty for those of versions whose pages shared one draft a room.
    pub(crate) page: String,
    /// Its room's number.
    room: u64,
    /// The first message of its thread; 0, as in what versions kept that had none of threads: it is the room's own.
    thread: Seq,
    text: String,
    at: u64,
}

reads!(KeptDraft { room, text, at } { page, thread });

impl KeptDraft {
    /// The draft itself.
    pub(crate) fn draft(&self) -> Draft {
        Draft {
            room: self.room,
            thread: self.thread,
            text: self.text.clone(),
            at: self.at,
        }
    }
}

/// How writing went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Yes,
    /// The browser gives the site no more space.
    Full,
    /// The browser's storage does not work.
    No,
}

/// Something to be written, or to be kept no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreWrite {
    pub(crate) store: &'static str,
    pub(crate) key: String,
    /// In JSON; empty for an entry that is forgotten.
    pub(crate) text: String,
    pub(crate) keep: bool,
}

impl StoreWrite {
    pub(crate) fn entry(kept: &Kept) -> Self {
        Self {
            store: OUTBOX,
            key: kept.entry.command.id.to_string(),
            text: serde_json::to_string(kept).unwrap_or_default(),
            keep: true,
        }
    }

    pub(crate) fn forget(id: MessageId) -> Self {
        Self {
            store: OUTBOX,
            key: id.to_string(),
            text: String::new(),
            keep: false,
        }
    }

    /// A draft of a page; an empty one is kept no longer.
    pub(crate) fn draft(page: &str, draft: &Draft) -> Self {
        let kept = KeptDraft {
            page: page.to_owned(),
            room: draft.room,
            thread: draft.thread,
            text: draft.text.clone(),
            at: draft.at,
        };
        Self {
            store: DRAFTS,
            key: draft_key(page, draft),
            text: serde_json::to_string(&kept).unwrap_or_default(),
            keep: !draft.text.is_empty(),
        }
    }

    /// Whether both are about the same thing.
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        self.store == other.store && self.key == other.key
    }
}

/// The key of a page's draft: `page/12` in a room, `page/12.351` in a thread of it.
fn draft_key(page: &str, draft: &Draft) -> String {
    let mut key = draft.room.to_string();
    if draft.thread != 0 {
        key = key + "." + &draft.thread.to_string();
    }
    if page.is_empty() {
        key
    } else {
        page.to_owned() + "/" + &key
    }
}

/// Why something could not be written.
fn why(error: &idb::Error) -> Written {
    let exception = match error {
        idb::Error::DomException(exception) => Some(exception),
        idb::Error::UpdateFailed(value) | idb::Error::AddFailed(value) => {
            value.dyn_ref::<DomException>()
        }
        _ => None,
    };
    if exception.is_some_and(|exception| exception.name() == "QuotaExceededError") {
        Written::Full
    } else {
        Written::No
    }
}

impl BrowserStore {
    /// Opens it; fails where the browser keeps nothing.
    pub(crate) async fn open(user: UserId) -> Result<Self, idb::Error> {
        let mut request = Factory::new()?.open(&format!("hubbub-{user}"), Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            let Ok(database) = event.database() else {
                return;
            };
            for name in [OUTBOX, DRAFTS] {
                // Made at the first visit; there is no other version yet.
                let _ = database.create_object_store(name, ObjectStoreParams::new());
            }
        });
        Ok(Self {
            database: request.await?,
        })
    }

    /// Writes, and says whether it was kept.
    pub(crate) async fn write(&self, write: &StoreWrite) -> Written {
        match self.try_write(write).await {
            Ok(()) => Written::Yes,
            Err(error) => why(&error),
        }
    }

    async fn try_write(&self, write: &StoreWrite) -> Result<(), idb::Error> {
        let transaction = self
            .database
            .transaction(&[write.store], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(write.store)?;
        let key = JsValue::from_str(&write.key);
        if write.keep {
            store
                .put(&JsValue::from_str(&write.text), Some(&key))?
                .await?;
        } else {
            store.delete(Query::Key(key))?.await?;
        }
        // A full storage may say so only here.
        match transaction.commit()?.await? {
            TransactionResult::Committed => Ok(()),
            TransactionResult::Aborted => Err(idb::Error::DomExceptionNotFound),
        }
    }

    pub(crate) async fn outbox(&self) -> Vec<Kept> {
        self.all(OUTBOX).await.unwrap_or_default()
    }

    pub(crate) async fn drafts(&self) -> Vec<KeptDraft> {
        self.all(DRAFTS).await.unwrap_or_default()
    }

    /// Everything in a store. What this build cannot read, an older or newer one wrote: it is left alone.
    async fn all<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, idb::Error> {
        let transaction = self
            .database
            .transaction(&[name], TransactionMode::ReadOnly)?;
        let values = transaction.object_store(name)?.get_all(None, None)?.await?;
        transaction.await?;
        let read = |value: JsValue| serde_json::from_str(&value.as_string()?).ok();
        Ok(values.into_iter().filter_map(read).collect())
    }
}

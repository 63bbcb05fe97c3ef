//! IndexedDB: the outbox and the drafts of one person. Each entry of the outbox is stamped with the page that sends it, so
//! that two pages of one browser do not send the same at the same time.

use app::ports::Draft;
use client::OutboxEntry;
use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, Query, TransactionMode};
use protocol::{MessageId, UserId};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

const OUTBOX: &str = "outbox";
const DRAFTS: &str = "drafts";
const VERSION: u32 = 1;

/// The storage of one person in this browser.
pub(crate) struct Store {
    database: Database,
}

/// An entry of the outbox and the page that sends it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) page: String,
    pub(crate) entry: OutboxEntry,
}

impl Store {
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

    pub(crate) async fn save(&self, kept: &Kept) -> Result<(), idb::Error> {
        self.put(OUTBOX, &kept.entry.id.to_string(), kept).await
    }

    pub(crate) async fn forget(&self, id: MessageId) -> Result<(), idb::Error> {
        self.remove(OUTBOX, &id.to_string()).await
    }

    pub(crate) async fn save_draft(&self, draft: &Draft) -> Result<(), idb::Error> {
        let key = draft.room.to_string();
        if draft.text.is_empty() {
            self.remove(DRAFTS, &key).await
        } else {
            self.put(DRAFTS, &key, draft).await
        }
    }

    pub(crate) async fn outbox(&self) -> Vec<Kept> {
        self.all(OUTBOX).await.unwrap_or_default()
    }

    pub(crate) async fn drafts(&self) -> Vec<Draft> {
        self.all(DRAFTS).await.unwrap_or_default()
    }

    async fn put(&self, name: &str, key: &str, value: &impl Serialize) -> Result<(), idb::Error> {
        let text = serde_json::to_string(value).unwrap_or_default();
        let transaction = self
            .database
            .transaction(&[name], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(name)?;
        store
            .put(&JsValue::from_str(&text), Some(&JsValue::from_str(key)))?
            .await?;
        transaction.commit()?.await?;
        Ok(())
    }

    async fn remove(&self, name: &str, key: &str) -> Result<(), idb::Error> {
        let transaction = self
            .database
            .transaction(&[name], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(name)?;
        store.delete(Query::Key(JsValue::from_str(key)))?.await?;
        transaction.commit()?.await?;
        Ok(())
    }

    /// Everything in a store. What this build cannot read, an older or newer one wrote: it is left alone.
    async fn all<T: for<'de> Deserialize<'de>>(&self, name: &str) -> Result<Vec<T>, idb::Error> {
        let transaction = self
            .database
            .transaction(&[name], TransactionMode::ReadOnly)?;
        let values = transaction.object_store(name)?.get_all(None, None)?.await?;
        transaction.await?;
        let read = |value: JsValue| serde_json::from_str(&value.as_string()?).ok();
        Ok(values.into_iter().filter_map(read).collect())
    }
}

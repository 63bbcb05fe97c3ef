//! The journal: what was not written to the database yet when the page went away. A page that goes has no time to wait
//! for the database; this storage is written at once. The next page takes it over.

use protocol::UserId;
use web_sys::Storage;

use crate::store::{DRAFTS, KeptDraft, OUTBOX, StoreWrite};

/// Something that a page left in the journal.
pub(crate) struct Left {
    /// The page.
    pub(crate) page: String,
    /// What it had to write. A draft's text tells whether it is to be kept.
    pub(crate) write: StoreWrite,
}

/// The storage that is written at once.
pub(crate) fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept under a name.
pub(crate) fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps something under a name.
pub(crate) fn keep(name: &str, value: &str) {
    if let Some(storage) = storage() {
        // Full or forbidden: what is remembered is a convenience.
        let _ = storage.set_item(name, value);
    }
}

fn prefix(user: UserId) -> String {
    format!("hubbub-journal/{user}/")
}

fn name(user: UserId, page: &str, write: &StoreWrite) -> String {
    // A draft's key in the database begins with its page.
    let key = write.key.rsplit('/').next().unwrap_or_default();
    prefix(user) + page + "/" + write.store + "/" + key
}

/// Writes something for the next page to find.
pub(crate) fn put(user: UserId, page: &str, write: &StoreWrite) {
    if let Some(storage) = storage() {
        // Full or forbidden: there is no other place left.
        let _ = storage.set_item(&name(user, page, write), &write.text);
    }
}

/// It is written where it belongs.
pub(crate) fn remove(user: UserId, page: &str, write: &StoreWrite) {
    if let Some(storage) = storage() {
        // What cannot be removed is taken over once more, which changes nothing.
        let _ = storage.remove_item(&name(user, page, write));
    }
}

/// All that pages of one person left.
pub(crate) fn all(user: UserId) -> Vec<Left> {
    let mut all = Vec::new();
    let Some(storage) = storage() else { return all };
    let prefix = prefix(user);
    for at in 0..storage.length().unwrap_or_default() {
        let Some(name) = storage.key(at).ok().flatten() else {
            continue;
        };
        let mut parts = name.strip_prefix(&prefix).unwrap_or_default().split('/');
        let (Some(page), Some(store), Some(key)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let text = storage.get_item(&name).ok().flatten().unwrap_or_default();
        let write = if store == DRAFTS {
            // The page's own script writes drafts too, without the page.
            let Ok(kept) = serde_json::from_str::<KeptDraft>(&text) else {
                continue;
            };
            StoreWrite::draft(page, &kept.draft())
        } else {
            StoreWrite {
                store: OUTBOX,
                key: key.to_owned(),
                keep: !text.is_empty(),
                text,
            }
        };
        all.push(Left {
            page: page.to_owned(),
            write,
        });
    }
    all
}

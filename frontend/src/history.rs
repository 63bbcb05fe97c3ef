//! The browser's history: the address of the page, and a note in each of its entries.

use wasm_bindgen::JsValue;
use web_sys::{History, Storage};

/// Where the newest note is kept once more: the path, the note before it and the note, a line each.
const NOTE: &str = "hubbub-note";

/// Shows another address, as a new entry of the history or in place of the present one. It has no note.
pub(crate) fn address(path: &str, replace: bool) {
    let Some(history) = history() else { return };
    // The path is one of this page's own.
    let _ = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(path))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(path))
    };
}

/// Notes something in the present entry, or with `None` takes the note away.
///
/// Chromium loses what is noted while the page is being loaded again. So the newest note is kept in the session's storage too.
pub(crate) fn note(note: Option<&str>) {
    let Some(history) = history() else { return };
    let before = state(&history);
    // A page that goes notes more than once.
    if before.as_deref() == note {
        return;
    }
    if let (Some(before), Some(storage), Some(path)) = (before, storage(), path()) {
        let kept = format!("{path}\n{before}\n{}", note.unwrap_or_default());
        // Without it the note of before holds.
        let _ = storage.set_item(NOTE, &kept);
    }
    let note = note.map_or(JsValue::NULL, JsValue::from_str);
    // Where a browser takes no more for a while, what it took last holds.
    let _ = history.replace_state(&note, "");
}

/// What was noted last in the present entry.
pub(crate) fn noted() -> Option<String> {
    let state = state(&history()?)?;
    match kept(&state) {
        Some(note) => Some(note).filter(|note| !note.is_empty()),
        None => Some(state),
    }
}

/// The note that followed this one in an entry of the same path, where it was the newest of all.
fn kept(before: &str) -> Option<String> {
    let kept = storage()?.get_item(NOTE).ok()??;
    let mut lines = kept.splitn(3, '\n');
    let same = lines.next() == path().as_deref() && lines.next() == Some(before);
    lines.next().filter(|_| same).map(str::to_owned)
}

fn state(history: &History) -> Option<String> {
    history.state().ok()?.as_string()
}

/// Loads another page.
pub(crate) fn load(path: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().assign(path);
    }
}

/// Loads this page anew.
pub(crate) fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

/// Where the page is from, such as `https://chat.example`.
pub(crate) fn origin() -> String {
    let window = web_sys::window();
    let origin = window.and_then(|window| window.location().origin().ok());
    origin.unwrap_or_default()
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn path() -> Option<String> {
    web_sys::window()?.location().pathname().ok()
}

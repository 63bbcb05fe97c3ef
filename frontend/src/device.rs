//! The stable random id of this browser. The page's own script makes it (`scripts/forms.js` of `app`), keeps it in the browser's
//! storage, and tells it to the server by a cookie.

use crate::clock::random_bits;

const DEVICE: &str = "hubbub-device";

/// The id; where there is no storage, one that is good for this page.
pub(crate) fn device() -> String {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    storage
        .and_then(|storage| storage.get_item(DEVICE).ok().flatten())
        .filter(|device| (16..=64).contains(&device.len()))
        .unwrap_or_else(|| format!("{:016x}{:016x}", random_bits(), random_bits()))
}

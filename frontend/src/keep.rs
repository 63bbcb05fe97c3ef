//! What the browser keeps of itself: the device's id, and cookies that tell the server about it.

use app::look::TZ_COOKIE;

use crate::clock::{ZoneName, random_bits};

const DEVICE: &str = "hubbub-device";
const DEVICE_COOKIE: &str = "hubbub_device";
const YEAR_S: u32 = 31_536_000;

/// The stable random id of this browser: made once, kept in its storage. Where there is no storage, good for this page.
pub(crate) fn device() -> String {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    let kept = storage
        .as_ref()
        .and_then(|storage| storage.get_item(DEVICE).ok().flatten());
    if let Some(device) = kept.filter(|device| (16..=64).contains(&device.len())) {
        return device;
    }
    let device = format!("{:016x}{:016x}", random_bits(), random_bits());
    if let Some(storage) = storage {
        // A full or forbidden storage: the next page makes another id.
        let _ = storage.set_item(DEVICE, &device);
    }
    device
}

/// Cookies for the next page that the server renders: the zone for its first paint, the device for a sign-in.
pub(crate) fn tell_server(device: &str) {
    cookie(TZ_COOKIE, &ZoneName::now().cookie());
    cookie(DEVICE_COOKIE, device);
}

fn cookie(name: &str, value: &str) {
    use wasm_bindgen::JsCast;
    let document = web_sys::window().and_then(|window| window.document());
    let Some(document) =
        document.and_then(|document| document.dyn_into::<web_sys::HtmlDocument>().ok())
    else {
        return;
    };
    // A browser that keeps no cookies has no sign-in either.
    let _ = document.set_cookie(&format!(
        "{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Lax"
    ));
}

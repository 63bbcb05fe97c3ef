//! The browser behind its port. It has no rules: those are in `client` and `app`.

use app::boot::Boot;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    if let Some(boot) = read_boot() {
        app::hydrate(boot);
    }
}

fn read_boot() -> Option<Boot> {
    let text = web_sys::window()?
        .document()?
        .get_element_by_id("boot")?
        .text_content()?;
    serde_json::from_str(&text).ok()
}

//! The browser behind its port: socket, timer, storage, events. It has no rules: those are in `client` and `app`. Wasm only.

mod clock;
mod dom;
mod events;
mod http;
mod journal;
mod keep;
mod keeper;
mod locks;
mod probe;
mod socket;
mod store;
mod web;

use std::rc::Rc;

use app::boot::Boot;
use wasm_bindgen::prelude::wasm_bindgen;

use web::Web;

/// Takes over the page that the server rendered. The page's own script calls it once the module is there; it ends when the
/// page has what storage kept, and so can do what it is asked.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    let Some(boot) = read_boot() else { return };
    let device = keep::device();
    keep::tell_server(&device);
    let user = boot.me.as_ref().map(|me| me.id);
    let web = Web::new();
    let page = app::hydrate(boot, &device, Rc::new(web.clone()));
    web.attach(page, user);
    events::listen(page, &web);
    dom::tell_chosen();
    let (outbox, drafts) = match web.keeper() {
        Some(keeper) => keeper.restore().await,
        None => Default::default(),
    };
    page.start(outbox, drafts);
}

fn read_boot() -> Option<Boot> {
    let text = dom::by_id("boot")?.text_content()?;
    serde_json::from_str(&text).ok()
}

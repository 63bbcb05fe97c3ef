//! The browser behind its port: socket, timer, storage, events. It has no rules: those are in `client` and `app`. Wasm only.

mod clock;
mod copy;
mod device;
mod dom;
mod drag;
mod events;
mod fields;
mod focus;
mod history;
mod http;
mod journal;
mod locks;
mod modal;
mod order;
mod outbox_storage;
mod place;
mod popover;
mod probe;
mod socket;
mod store;
mod swipe;
mod typed;
mod web;

use std::rc::Rc;

use app::{Browser, boot::Boot};
use protocol::UserId;
use wasm_bindgen::prelude::wasm_bindgen;

use web::Web;

/// Takes over the page that the server rendered. The page's own script calls it once the module is there, with the name of its
/// tab, whose lock it holds; it ends when the page has what storage kept, and so can do what it is asked.
#[wasm_bindgen]
pub async fn hydrate(name: String) {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        dom::tell_panic();
    }));
    let Some((boot, user)) = read_boot() else {
        // Without it there is nothing to draw from.
        dom::tell_panic();
        return;
    };
    let device = device::device();
    let web = Web::new();
    let browser: Rc<dyn Browser> = Rc::new(web.clone());
    let Some(page) = app::hydrate(boot, &device, &browser) else {
        return;
    };
    web.attach(page, name, user);
    events::listen(page, &web);
    let (outbox, drafts) = match web.storage() {
        Some(storage) => storage.restore().await,
        None => Default::default(),
    };
    page.start(outbox, drafts);
    events::arrive(page);
}

/// What the page was drawn from, and who looks at it.
fn read_boot() -> Option<(Boot, UserId)> {
    let text = dom::by_id("boot")?.text_content()?;
    let boot: Boot = serde_json::from_str(&text).ok()?;
    let user = boot.me.as_ref()?.id;
    Some((boot, user))
}

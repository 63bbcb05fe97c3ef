//! From the server's document to a living page.

use std::rc::Rc;

use any_spawner::Executor;
use leptos::prelude::*;

use view::{View, mount};

use crate::{
    app::{ROOT, app},
    boot::Boot,
    live::Live,
    page::PageHandle,
    ports::Browser,
    ui::Ui,
};

/// Takes over the page that the server rendered from `boot`; where something else stands there by now, draws it anew and keeps
/// what was typed. `device` is the stable random id of this browser.
/// None for a page that has no rooms: it is not taken over ([`crate::boot::BootPage::is_alive`]).
pub fn hydrate(boot: Boot, device: &str, browser: &Rc<dyn Browser>) -> Option<PageHandle> {
    // Effects run on the browser's queue. It fails where somebody set it before, which is as good.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let page = owner.with(|| {
        let ui = Ui::new(&boot);
        ui.run_in(Rc::clone(browser));
        Live::new(ui, &boot, device).map(|live| PageHandle::new(ui, live))
    })?;
    let draw = move || -> View {
        provide_context(page.ui());
        provide_context(page.live());
        app(&boot)
    };
    owner.with(|| mount(ROOT, draw, || browser.keep_typed(ROOT)));
    // The page lives as long as its document.
    Box::leak(Box::new(owner));
    Some(page)
}

//! From the server's document to a living page.

use std::rc::Rc;

use leptos::{mount::hydrate_body, prelude::*};

use crate::{app::app, boot::Boot, live::Live, page::Page, ports::Browser, ui::Ui};

/// Takes over the page that the server rendered from `boot`. `device` is the stable random id of this browser.
pub fn hydrate(boot: Boot, device: &str, browser: Rc<dyn Browser>) -> Page {
    let owner = Owner::new();
    let page = owner.with(|| {
        let ui = Ui::new(&boot);
        ui.run_in(browser);
        Page::new(ui, Live::new(ui, &boot, device))
    });
    // The page lives as long as its document.
    Box::leak(Box::new(owner));
    hydrate_body(move || {
        provide_context(page.ui());
        if let Some(live) = page.live() {
            provide_context(live);
        }
        app(boot)
    });
    page
}

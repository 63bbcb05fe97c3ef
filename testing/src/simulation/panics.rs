//! A task that panics takes only its connection down, and tokio says so to nobody: here it is noticed.

use std::{cell::RefCell, sync::Once};

thread_local! {
    /// What panicked on this thread, which runs a whole simulation.
    static PANICS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notices panics from now on, and forgets those of a run before.
pub fn watch() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.with_borrow_mut(|panics| panics.push(panic.to_string()));
            before(panic);
        }));
    });
    PANICS.take();
}

/// The first panic, if there was one.
pub fn first() -> Option<String> {
    PANICS.with_borrow(|panics| panics.first().cloned())
}

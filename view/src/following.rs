//! Effects that are forgotten by what they follow.

use leptos::{
    prelude::*,
    reactive::{
        effect::RenderEffect,
        graph::{AnySubscriber, Subscriber as _, ToAnySubscriber as _},
    },
};

/// An effect that draws, for as long as it is held. A signal keeps whoever read it until it changes, also those that are gone, with the
/// memory that they were in: in a list in which rows come and go, of a signal that hardly ever changes, that grew with each row. So each
/// takes itself off the lists of what it read.
pub(crate) struct LiveEffect<T: 'static>(RenderEffect<T>);

impl<T: 'static> LiveEffect<T> {
    /// Runs at once, and when a signal changes that it read.
    pub(super) fn new(run: impl FnMut(Option<T>) -> T + 'static) -> Self {
        Self(RenderEffect::new(run))
    }

    /// Looks at what it gave.
    pub(super) fn with_value_mut<U>(&self, look: impl FnOnce(&mut T) -> U) -> Option<U> {
        self.0.with_value_mut(look)
    }
}

impl<T: 'static> Drop for LiveEffect<T> {
    fn drop(&mut self) {
        forget(&self.0.to_any_subscriber());
    }
}

/// The same for what follows from signals, and for effects of the page: they live as long as their owner does.
pub(crate) fn forget_in_time(reader: AnySubscriber) {
    on_cleanup(move || forget(&reader));
}

/// What it read does not know it any more.
fn forget(reader: &AnySubscriber) {
    reader.clear_sources(reader);
}

//! Values that follow from signals, and effects.

use leptos::{prelude::Effect, reactive::graph::ToAnySubscriber as _};

use crate::following::forget_in_time;

#[cfg(not(feature = "ssr"))]
pub use browser::{Derived, derived};
#[cfg(feature = "ssr")]
pub use server::{Derived, Drawing, derived};

/// Runs once what is being drawn is in the page, and again when a signal changes that it read. Never on the server. In a box, so that
/// all are of one kind: each further kind of effect is 1.4 KB of the module.
pub fn watch(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    let effect = Effect::new(move |_: Option<()>| run());
    // Elsewhere no effect runs, nor is there one to ask.
    if cfg!(feature = "hydrate") {
        forget_in_time(effect.to_any_subscriber());
    }
}

/// In the browser: a memo, which tells when it changed.
#[cfg(not(feature = "ssr"))]
mod browser {
    use leptos::{
        prelude::{ArcMemo, Memo},
        reactive::graph::ToAnySubscriber as _,
    };

    use crate::following::forget_in_time;

    /// A value that follows from signals.
    pub type Derived<T> = Memo<T>;

    /// What follows from the signals that `from` reads.
    pub fn derived<T: PartialEq + Send + Sync + 'static>(
        from: impl Fn() -> T + Send + Sync + 'static,
    ) -> Derived<T> {
        let memo = ArcMemo::new(move |_| from());
        forget_in_time(memo.to_any_subscriber());
        Memo::from(memo)
    }
}

/// On the server, which draws a page once, on one thread, while no signal changes: looked at once, and kept until the page is
/// drawn. Memos and the graph between them were half of what drawing cost; a place among the values of all pages would be behind a
/// lock that all pages share.
#[cfg(feature = "ssr")]
mod server {
    use std::{any::Any, cell::RefCell, marker::PhantomData, panic::Location, rc::Rc};

    use leptos::prelude::{DefinedAt, ReadUntracked, Track};

    thread_local! {
        /// What the page that this thread is drawing has derived so far.
        static VALUES: RefCell<Vec<Rc<dyn Any>>> = const { RefCell::new(Vec::new()) };
    }

    /// A page that is being drawn: what it derives goes with it.
    #[derive(Default)]
    pub struct Drawing(());

    impl Drawing {
        /// Begins with nothing derived.
        pub const fn new() -> Self {
            Self(())
        }
    }

    impl Drop for Drawing {
        fn drop(&mut self) {
            // Taken out first: what they hold may ask for others while it goes.
            let mut values = VALUES.take();
            values.clear();
            VALUES.set(values);
        }
    }

    /// A value that follows from signals: its place among those of the page.
    pub struct Derived<T>(usize, PhantomData<fn() -> T>);

    impl<T> Clone for Derived<T> {
        fn clone(&self) -> Self {
            *self
        }
    }

    impl<T> Copy for Derived<T> {}

    /// What follows from the signals that `from` reads.
    pub fn derived<T: PartialEq + Send + Sync + 'static>(
        from: impl Fn() -> T + Send + Sync + 'static,
    ) -> Derived<T> {
        let value = Rc::new(from());
        VALUES.with_borrow_mut(|values| {
            values.push(value);
            Derived(values.len() - 1, PhantomData)
        })
    }

    impl<T> DefinedAt for Derived<T> {
        fn defined_at(&self) -> Option<&'static Location<'static>> {
            None
        }
    }

    impl<T> Track for Derived<T> {
        fn track(&self) {}
    }

    impl<T: 'static> ReadUntracked for Derived<T> {
        type Value = Rc<T>;

        fn try_read_untracked(&self) -> Option<Rc<T>> {
            let value = VALUES.with_borrow(|values| values.get(self.0).cloned())?;
            value.downcast().ok()
        }
    }
}

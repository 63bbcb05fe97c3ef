//! Values that follow from signals.

#[cfg(not(feature = "ssr"))]
pub(crate) use browser::{Derived, derived};
#[cfg(feature = "ssr")]
pub(crate) use server::{Derived, derived};

/// In the browser: a memo, which tells when it changed.
#[cfg(not(feature = "ssr"))]
mod browser {
    use leptos::prelude::Memo;

    /// A value that follows from signals.
    pub(crate) type Derived<T> = Memo<T>;

    /// What follows from the signals that `from` reads.
    pub(crate) fn derived<T: PartialEq + Send + Sync + 'static>(
        from: impl Fn() -> T + Send + Sync + 'static,
    ) -> Derived<T> {
        Memo::new(move |_| from())
    }
}

/// On the server, which draws a page once while no signal changes: looked at once. Memos and the graph between them were half of what
/// drawing cost.
#[cfg(feature = "ssr")]
mod server {
    use std::{panic::Location, sync::Arc};

    use leptos::{
        prelude::{DefinedAt, ReadUntracked, Track},
        reactive::owner::ArenaItem,
    };

    /// A value that follows from signals.
    pub(crate) struct Derived<T: Send + Sync + 'static>(ArenaItem<Arc<T>>);

    impl<T: Send + Sync> Clone for Derived<T> {
        fn clone(&self) -> Self {
            *self
        }
    }

    impl<T: Send + Sync> Copy for Derived<T> {}

    /// What follows from the signals that `from` reads.
    pub(crate) fn derived<T: PartialEq + Send + Sync + 'static>(
        from: impl Fn() -> T + Send + Sync + 'static,
    ) -> Derived<T> {
        Derived(ArenaItem::new_with_storage(Arc::new(from())))
    }

    impl<T: Send + Sync> DefinedAt for Derived<T> {
        fn defined_at(&self) -> Option<&'static Location<'static>> {
            None
        }
    }

    impl<T: Send + Sync> Track for Derived<T> {
        fn track(&self) {}
    }

    impl<T: Send + Sync> ReadUntracked for Derived<T> {
        type Value = Arc<T>;

        fn try_read_untracked(&self) -> Option<Arc<T>> {
            self.0.try_get_value()
        }
    }
}

//! Commands that have no answer yet.

mod entry;
mod overlay;
mod pace;
mod queue;

pub use entry::{Failure, OutboxEntry};
pub(crate) use overlay::overlay;
pub(crate) use queue::Outbox;

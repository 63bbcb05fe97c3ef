//! The outbox: commands of the person, from the moment they are given until the server has stored or refused them.

mod commands;
mod entry;
mod overlay;
mod pace;
mod queue;

pub use entry::{Failure, OutboxEntry};

pub(crate) use commands::Outbox;
pub(crate) use overlay::overlay;
pub(crate) use queue::CommandQueue;

//! The live session as a pure state machine: connecting, resuming, filling gaps, the outbox, the timeline, unread counts.
//!
//! [`Session::step`] takes one [`Input`] with the time and a source of randomness and returns [`Effect`]s for its driver
//! to carry out. There is no socket, no clock, no storage and no randomness in here, so the browser, the load generator
//! and the tests all run the very same session, and a test can live through a night in a millisecond.
//!
//! What the session promises is the contract's (`docs/protocol.md`, "The promises"): after any absence it ends with
//! exactly the room's log, what it cannot show yet it shows as a gap, and what was typed goes out once.

mod backoff;
mod config;
mod conversation;
mod ctx;
mod effect;
mod env;
mod input;
mod link;
mod outbox;
mod people;
mod requests;
mod room;
mod rooms;
pub mod rows;
mod session;
mod snapshot;
mod sorted;
mod view;

pub use config::SessionConfig;
pub use effect::{Change, Effect, Failed, Refused};
pub use env::{Now, Rng, Seeded};
pub use input::{Edge, InView, Input};
pub use link::{EndReason, Link};
pub use outbox::{Failure, OutboxEntry};
pub use session::Session;
pub use snapshot::{RoomSnapshot, Snapshot, ThreadSnapshot};
pub use sorted::put;
pub use view::{
    Above, Gap, Load, MessageView, NewMark, NoteKind, RoomView, SendState, Timeline, TimelineItem,
    TimelineNote, Window,
};

//! The WebSocket of the simulated people (RFC 6455): just enough of it, and fast. Frames are read where they lie in a buffer that
//! all connections share, and an event is known by its first bytes, because one core must keep up with millions of them a second.

mod frame;
mod scan;
mod upgrade;

pub use frame::{
    Broken, FrameHead, MAX_FRAME, OP_CLOSE, OP_PING, OP_PONG, OP_TEXT, close_of, write,
};
pub use scan::{ScannedFrame, said};
pub use upgrade::{TargetAddress, UpgradeAnswer, answer, request};

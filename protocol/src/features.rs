//! What a server understands beyond the first page of the contract, told in `welcome.features` (contract, "Connecting"). A client asks a
//! server that does not list it for nothing of it.

/// Pinned messages.
pub const PINS: &str = "pins";
/// Messages that one saves for oneself.
pub const SAVED: &str = "saved";
/// Threads.
pub const THREADS: &str = "threads";
/// Read positions with a generation, and "unread from here".
pub const UNREAD: &str = "unread";

/// All that this version understands.
pub const ALL: [&str; 4] = [PINS, SAVED, THREADS, UNREAD];

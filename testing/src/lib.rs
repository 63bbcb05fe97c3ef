//! What the server is tested with. Nothing of it ships.

pub mod memory;

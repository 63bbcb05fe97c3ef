//! Test support of the server. Nothing of it ships.

pub mod memory;

//! What only these tests can tell the harness.

/// The path of the server's binary. Cargo tells it to the tests of its own package, and to nobody else.
pub(crate) const HUBBUB: &str = env!("CARGO_BIN_EXE_hubbub");

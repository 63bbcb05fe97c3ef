//! The engine from the outside: what it finds in texts, and that it loses nothing of them.

mod addresses;
mod drawing;
mod handles;
mod mentions;

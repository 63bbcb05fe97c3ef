//! The engine from the outside: what it finds in texts, and that it loses nothing of them.

mod addresses;
mod any_text;
mod drawing;
mod flat;
mod handles;
mod markdown;
mod mentions;

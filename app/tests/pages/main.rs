//! Pages as the server renders them: what stands in them, what is escaped, what is never there.

#![cfg(feature = "ssr")]

mod door;
mod fixture;
mod room;
mod rules;

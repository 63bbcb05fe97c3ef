//! Thin edges over HTTP: they read, call a command, and write.

pub mod address;
pub mod api;
pub mod assets;
pub mod cookies;
pub mod extract;
pub mod health;
pub mod limit;
pub mod pages;
mod unhashed;

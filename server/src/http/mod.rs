//! Thin edges over HTTP: they read, call a command, and write.

pub mod address;
pub mod api;
pub mod assets;
mod coding;
pub mod cookies;
pub mod extract;
pub mod headers;
pub mod health;
pub(crate) mod host;
pub mod limit;
pub mod origin;
pub mod pages;
pub mod requests;
mod unhashed;

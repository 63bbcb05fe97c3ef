//! Thin edges over HTTP: they read, call a command, and write.

pub(crate) mod address;
pub(crate) mod api;
pub(crate) mod assets;
mod coding;
pub(crate) mod cookies;
pub(crate) mod extract;
pub(crate) mod headers;
pub(crate) mod health;
pub(crate) mod host;
pub(crate) mod limit;
pub(crate) mod origin;
pub(crate) mod pages;
pub(crate) mod requests;
mod unhashed;

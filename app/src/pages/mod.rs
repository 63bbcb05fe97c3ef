//! The pages. Those of signing in work as the server draws them: they are no part of the browser's module.

#[cfg(not(feature = "hydrate"))]
pub(crate) mod auth;
pub(crate) mod chat;
mod device_mark;
pub(crate) mod devices;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod first;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod governing;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod join;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod missing;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod reset;
pub(crate) mod settings;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod sign_in;
pub(crate) mod you;

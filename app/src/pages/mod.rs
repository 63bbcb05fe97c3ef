//! The pages. All but the rooms work as the server draws them: they are no part of the browser's module.

#[cfg(not(feature = "hydrate"))]
pub(crate) mod auth;
pub(crate) mod chat;
#[cfg(not(feature = "hydrate"))]
mod device_mark;
#[cfg(not(feature = "hydrate"))]
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
#[cfg(not(feature = "hydrate"))]
pub(crate) mod settings;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod sign_in;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod you;

//! The pages. Those of signing in work as the server draws them: they are no part of the browser's module.

#[cfg(not(feature = "hydrate"))]
pub(crate) mod auth;
pub(crate) mod chat;
pub(crate) mod devices;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod first;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod join;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod missing;
pub(crate) mod settings;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod sign_in;
pub(crate) mod you;

//! The pages. Those of the door work as the server draws them: they are no part of the browser's module.

pub(crate) mod desk;
pub(crate) mod devices;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod door;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod first;
pub(crate) mod hub;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod join;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod missing;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod sign_in;
pub(crate) mod you;

//! The pages.

pub(crate) mod desk;
pub(crate) mod devices;
pub(crate) mod door;
pub(crate) mod first;
pub(crate) mod hub;
pub(crate) mod join;
pub(crate) mod missing;
pub(crate) mod sign_in;
pub(crate) mod you;

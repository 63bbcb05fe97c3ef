//! The page. The server renders it (feature `ssr`), the browser takes it over (feature `hydrate`). It knows neither:
//! the server fills in a [`boot::Boot`], the browser stands behind a port.

#![expect(
    unreachable_pub,
    reason = "leptos's component macro writes some of its items `pub`"
)]

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!(
    "`ssr` and `hydrate` are two programs: build `server` and `frontend` apart, never with `--workspace`"
);

#[cfg(not(feature = "hydrate"))]
pub mod account;
mod app;
pub mod boot;
mod components;
#[cfg(not(feature = "hydrate"))]
pub mod form;
#[cfg(not(feature = "hydrate"))]
pub mod governing;
#[cfg(feature = "hydrate")]
mod hydrate;
pub mod i18n;
mod keys;
mod live;
pub mod look;
mod page;
mod pages;
pub mod ports;
mod ranking;
#[cfg(feature = "ssr")]
mod render;
pub mod route;
#[cfg(feature = "ssr")]
mod shell;
mod text;
mod ui;

#[cfg(feature = "hydrate")]
pub use hydrate::hydrate;
pub use page::{Key, PageHandle};
pub use ports::{Backend, Browser};
#[cfg(feature = "ssr")]
pub use render::{opening, render, rest};

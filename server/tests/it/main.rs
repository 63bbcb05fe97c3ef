//! The whole server on a free port, talked to as browsers and bots do, through the real `client`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so and ends"
)]

mod accounts;
mod allocations;
mod behind_a_message;
mod cache;
mod closing;
mod conversation;
mod cookies;
mod days;
mod faults;
mod frames;
mod governing;
mod governing_pages;
mod in_doubt;
mod latin;
mod links;
mod locked_out;
mod metrics;
mod migrate;
mod openapi;
mod operator;
mod pages;
mod postgres;
mod power;
mod preferences;
mod reading;
mod resume;
mod rooms;
mod saved;
mod settings;
mod sign_ins;
mod simulation;
mod store;
mod strangers;
mod support;
mod threads;
mod undoing;
mod unread;
mod verify;

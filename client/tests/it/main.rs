//! The session against a model of the server and a bad network, in virtual time.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what a test cannot do without may end it"
)]

mod acts;
mod changes;
mod check;
mod connection;
mod convergence;
mod house;
mod loading;
mod model;
mod newer;
mod outbox;
mod people;
mod races;
mod reading;
mod reconnecting;
mod seeded;
mod serving;
mod shut_out;
mod threads;
mod timeline;
mod world;

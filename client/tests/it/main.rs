//! The session against a model of the server and a bad network, in virtual time.

mod check;
mod convergence;
mod model;
mod world;

//! Errors that end a run.

use std::{io, path::PathBuf};

use thiserror::Error;

/// Why a run could not be done. What a run found wrong with the server is not one of these: it is in the result.
#[derive(Debug, Error)]
pub enum Fault {
    /// The address is none that a plain socket can be opened to.
    #[error(
        "{0:?} is no http:// address; point the load at the server itself, not at a proxy that speaks TLS"
    )]
    Address(String),
    /// Nobody answers there.
    #[error("no server answers at {url}: {why}")]
    NoServer {
        /// The URL.
        url: String,
        /// What the system says.
        why: String,
    },
    /// The server refused a call for now.
    #[error(
        "the server refuses {call}: rate_limited. A server under test needs its limits off: --send-per-s 0 --http-per-s-address 0 \
         --http-per-s-total 0 --sockets-per-user 0 --sockets-per-address 0 --signin-tries 0 (or the HUBBUB_ variables of these names)"
    )]
    RateLimited {
        /// Which call.
        call: String,
    },
    /// The server refused a call.
    #[error("the server refuses {call}: {status} {why}")]
    Refused {
        /// Which call.
        call: String,
        /// The status.
        status: u16,
        /// Its words.
        why: String,
    },
    /// A sign-in cannot be renewed.
    #[error(
        "the sign-ins of {0} are over, or of another server: make people again with `loadgen people`"
    )]
    SignedOut(PathBuf),
    /// Too few people.
    #[error(
        "{need} people are needed, {have} are there: make more with `loadgen people --count {need}`"
    )]
    TooFewPeople {
        /// How many the run needs.
        need: usize,
        /// How many there are.
        have: usize,
    },
    /// The system gives too few file descriptors.
    #[error(
        "{need} connections need as many file descriptors, the system allows {have}: raise it (`ulimit -n {need}`, limits.conf, LimitNOFILE)"
    )]
    Descriptors {
        /// How many the run needs.
        need: u64,
        /// The hard limit.
        have: u64,
    },
    /// The server did not let all in.
    #[error("{what}")]
    Opening {
        /// Who, and how the server ended it.
        what: String,
    },
    /// A file.
    #[error("{path}: {why}")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system or the parser says.
        why: String,
    },
    /// The system.
    #[error("{doing}: {why}")]
    System {
        /// What was being done.
        doing: &'static str,
        /// What it says.
        why: io::Error,
    },
    /// The settings do not fit.
    #[error("{0}")]
    Settings(String),
    /// The person at the keyboard ended it before anything was measured.
    #[error("stopped before anything was measured")]
    Stopped,
}

impl Fault {
    /// For `map_err`: a call of the system failed.
    pub fn system(doing: &'static str) -> impl Fn(io::Error) -> Self {
        move |why| Self::System { doing, why }
    }

    /// For `map_err`: a call of the system failed.
    pub fn errno(doing: &'static str) -> impl Fn(rustix::io::Errno) -> Self {
        move |why| Self::System {
            doing,
            why: why.into(),
        }
    }
}

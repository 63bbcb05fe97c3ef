//! A server to test against, and people who talk to it.

mod api;
mod disk;
mod house;
mod person;
mod process;
mod proxy;
mod raw;
mod recorder;
mod sender;
pub(crate) mod wire;

use std::time::Duration;

pub(crate) use api::{Api, described};
pub(crate) use disk::{Disk, Torn};
pub(crate) use house::{House, UNLIMITED, and};
pub(crate) use person::Person;
pub(crate) use process::Process;
pub(crate) use proxy::Proxy;
pub(crate) use raw::{Raw, close_code};
pub(crate) use recorder::Recorder;
pub(crate) use sender::Sender;

/// How long anything may take on a busy machine before a test says that it never happens.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// How often something is tried: as said, or many times that when `HUBBUB_SOAK` says how many (`make soak`).
pub(crate) fn scale(times: usize) -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no config; the soak is asked for by the one who runs them"
    )]
    let soak = std::env::var("HUBBUB_SOAK").ok();
    times
        * soak
            .and_then(|soak| soak.parse::<usize>().ok())
            .unwrap_or(1)
            .max(1)
}

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct horse";

/// Waits until `true_now` is, looking again at every wake of the runtime's timer.
pub(crate) async fn until(what: &str, mut true_now: impl FnMut() -> bool) {
    let looking = async {
        while !true_now() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let happened = tokio::time::timeout(PATIENCE, looking).await.is_ok();
    assert!(happened, "never happened: {what}");
}

/// A message id that no other test has.
pub(crate) fn id() -> protocol::MessageId {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    // 74 bits are the caller's: the process above, the number below.
    let bits = u128::from(std::process::id()) << 42 | u128::from(number);
    protocol::MessageId::mint(1_795_400_000_000, bits)
}

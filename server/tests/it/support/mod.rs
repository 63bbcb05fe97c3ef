//! A server to test against, and people who talk to it.

mod api;
mod house;
mod person;
mod process;
mod raw;
pub(crate) mod wire;

use std::time::Duration;

pub(crate) use api::Api;
pub(crate) use house::House;
pub(crate) use person::Person;
pub(crate) use process::Process;
pub(crate) use raw::{Raw, close_code};

/// How long anything may take on a busy machine before a test says that it never happens.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

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
    protocol::MessageId::mint(
        1_795_400_000_000,
        u128::from(number) << 64 | u128::from(std::process::id()),
    )
}

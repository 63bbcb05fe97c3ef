//! What several parts of the harness and many tests use: waiting, ids, the password.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use protocol::MessageId;

/// How long anything may take on a busy machine before a test says that it never happens.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often something is tried: as said, or many times that when `HUBBUB_SOAK` says how many (`make soak`).
pub fn scale(times: usize) -> usize {
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

/// The password of every account that a test makes.
pub const PASSWORD: &str = "correct horse";

/// Waits until `true_now` returns true, and panics with `what` when that takes longer than [`PATIENCE`].
pub async fn until(what: &str, mut true_now: impl FnMut() -> bool) {
    let looking = async {
        while !true_now() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let happened = tokio::time::timeout(PATIENCE, looking).await.is_ok();
    assert!(happened, "never happened: {what}");
}

/// A message id that no other call returns, in this process or another one.
pub fn id() -> MessageId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    // 74 bits are the caller's: the process above, the number below.
    let bits = u128::from(std::process::id()) << 42 | u128::from(number);
    MessageId::mint(1_795_400_000_000, bits)
}
